// A layer's row held down shows that layer alone; let go, the others come back.
import type { App } from "../ui/state";

const HOLD_MS = 350;

export function holdToIsolate(app: App, mine: (code: string) => boolean, row: HTMLElement): HTMLElement {
  let timer = 0;
  let before: Map<string, boolean> | null = null;
  const end = () => {
    clearTimeout(timer);
    if (!before) return;
    before.forEach((on, code) => app.city?.setVisible(code, on));
    before = null;
    row.classList.remove("held");
    // letting go is no click: the box stays as it was
    const swallow = (e: Event) => {
      e.preventDefault();
      e.stopPropagation();
    };
    row.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => row.removeEventListener("click", swallow, { capture: true }), 60);
  };
  row.addEventListener("pointerdown", (e) => {
    if (e.button !== 0) return;
    timer = window.setTimeout(() => {
      const city = app.city;
      if (!city) return;
      before = new Map(app.catalog.networks.map((n) => [n.code, city.visible(n.code)]));
      for (const n of app.catalog.networks) city.setVisible(n.code, mine(n.code));
      row.classList.add("held");
    }, HOLD_MS);
  });
  row.addEventListener("pointerup", end);
  row.addEventListener("pointerleave", end);
  row.addEventListener("pointercancel", end);
  row.addEventListener("contextmenu", (e) => { if (before) e.preventDefault(); });
  return row;
}
