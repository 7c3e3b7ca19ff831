// The pit by figures: what the handles in the scene do, for a keyboard.
import { t, type Key } from "../i18n";
import { h } from "../ui/dom";
import type { App } from "../ui/state";
import type { Pit } from "../scene/view";

const fields: { key: keyof Pit; label: Key; unit: string; min: number; max: number; step: number }[] = [
  { key: "width", label: "width", unit: "m", min: 2, max: 200, step: 0.5 },
  { key: "length", label: "length", unit: "m", min: 2, max: 200, step: 0.5 },
  { key: "depth", label: "depth", unit: "m", min: 0.5, max: 30, step: 0.25 },
  { key: "turn", label: "turn", unit: "°", min: -90, max: 90, step: 1 },
];

export function cutPanel(app: App): HTMLElement {
  const city = app.city;
  const pit = city?.pit() ?? null;
  const change = (next: Pit | null, redraw: boolean) => {
    city?.setPit(next);
    if (redraw) app.redraw();
  };
  const look = () => {
    const p = city?.pit();
    if (p && city) city.flyToPosition(p.lon, p.lat, null, Math.max(p.width, p.length) * 1.15 + p.depth * 2);
  };
  return h("div", { class: "stack", id: "cut-panel" },
    h("p", { class: "hint" }, t("cutHint")),
    !pit && h("button", { class: "filled", id: "cut-open", onClick: () => {
      if (!city) return;
      change(city.newPit(), true);
      look();
    } }, t("cutOpen")),
    pit && fields.map((f) => h("label", { class: "field" }, h("span", {}, `${t(f.label)}, ${f.unit}`),
      h("input", { type: "number", "data-field": f.key, min: String(f.min), max: String(f.max), step: String(f.step), value: String(Math.round(pit[f.key] * 100) / 100), onChange: (e: Event) => {
        const v = Number((e.target as HTMLInputElement).value);
        const now = city?.pit();
        if (now && Number.isFinite(v)) change({ ...now, [f.key]: Math.min(f.max, Math.max(f.min, v)) }, true);
      } }))),
    pit && h("div", { class: "row wrap" },
      h("button", { class: "outlined", onClick: look }, t("cutFly")),
      h("button", { class: "outlined", id: "cut-close", onClick: () => change(null, true) }, t("cutClose"))));
}

/** Figures follow the handles without losing the field one types in. */
export function followPit(pit: Pit): void {
  for (const input of document.querySelectorAll<HTMLInputElement>("#cut-panel [data-field]")) {
    if (document.activeElement !== input) input.value = String(Math.round(pit[input.dataset.field as keyof Pit] * 100) / 100);
  }
}
