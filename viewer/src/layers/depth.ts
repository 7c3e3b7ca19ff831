// Looking through by depth: two sliders and two keys that say from how deep to how deep below the ground one sees.
import { t } from "../i18n";
import { roundMetres } from "../i18n/format";
import type { DepthRange } from "../scene/view";
import { h } from "../ui/dom";
import type { App } from "../ui/state";

export const DEPTH_STEP = 0.5;
const LEAST = 0.5; // metres that always stay between the two limits

/** How deep the sliders reach, m: what the city holds, in whole fives between 10 and 60. */
export function deepest(heightRange: [number, number] | null): number {
  if (!heightRange) return 20;
  return Math.min(60, Math.max(10, Math.ceil((heightRange[1] - heightRange[0]) / 5) * 5));
}

/** The range with one limit moved; the other gives way only as far as it must. At the end of the slider there is no limit. */
export function moved(r: DepthRange, which: "from" | "to", metres: number, most: number): DepthRange {
  const v = Math.min(most, Math.max(0, metres));
  if (which === "from") {
    const from = Math.min(v, most - LEAST);
    return { from, to: r.to === null ? null : Math.max(r.to, from + LEAST) };
  }
  if (v >= most) return { ...r, to: null };
  const to = Math.max(v, LEAST);
  return { from: Math.min(r.from, to - LEAST), to };
}

/** Moves the lower limit, as the keys do. */
export function deepen(app: App, by: number): void {
  const city = app.city;
  if (!city) return;
  const most = deepest(app.catalog.frame.heightRange);
  city.setDepths(moved(city.depths(), "to", (city.depths().to ?? most) + by, most));
  app.remember();
  for (const draw of drawn) draw();
}

const drawn = new Set<() => void>();

export function depthFields(app: App): HTMLElement {
  const most = deepest(app.catalog.frame.heightRange);
  const now = () => app.city?.depths() ?? { from: 0, to: null };
  const field = (which: "from" | "to") => {
    const out = h("output", {});
    const input = h("input", { type: "range", min: "0", max: String(most), step: String(DEPTH_STEP), "data-field": `depth-${which}`, "aria-label": t(which === "from" ? "depthFrom" : "depthTo"), onInput: () => {
      app.city?.setDepths(moved(now(), which, Number(input.value), most));
      app.remember();
      draw();
    } });
    return { out, input, which, row: h("label", { class: "field" }, h("span", { class: "row between" }, h("span", {}, t(which === "from" ? "depthFrom" : "depthTo")), out), input) };
  };
  const fields = [field("from"), field("to")];
  const draw = () => {
    const r = now();
    for (const { which, input, out } of fields) {
      const v = r[which] ?? most;
      input.value = String(v);
      out.textContent = (which === "from" ? v <= 0 : r.to === null) ? t("noLimit") : roundMetres(v);
      input.setAttribute("aria-valuetext", out.textContent);
    }
  };
  drawn.clear(); // one such panel at a time
  drawn.add(draw);
  draw();
  return h("div", { class: "stack tight", id: "depth-seen" }, fields.map((f) => f.row));
}
