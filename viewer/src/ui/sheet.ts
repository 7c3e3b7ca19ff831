// The phone's one sheet: a tap or a swipe on its grip moves it between peek, half and full.
import type { App } from "./state";

const order: App["sheet"][] = ["peek", "half", "full"];

export function attachSheet(grip: HTMLElement, shell: HTMLElement, app: App): (to: App["sheet"]) => void {
  const set = (to: App["sheet"]) => {
    app.sheet = to;
    shell.dataset.sheet = to;
  };
  let from = 0;
  let swiped = false;
  grip.addEventListener("pointerdown", (e) => {
    from = e.clientY;
    swiped = false;
    grip.setPointerCapture(e.pointerId);
  });
  grip.addEventListener("pointerup", (e) => {
    const way = e.clientY - from;
    if (Math.abs(way) < 30) return;
    swiped = true;
    set(order[Math.max(0, Math.min(2, order.indexOf(app.sheet) + (way < 0 ? 1 : -1)))]);
  });
  grip.addEventListener("click", () => {
    if (!swiped) set(app.sheet === "peek" ? "half" : app.sheet === "half" ? "full" : "peek");
    swiped = false;
  });
  return set;
}
