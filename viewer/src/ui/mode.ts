// Two ways to look at the city: the scene in space and the flat map. One is before the eye at a time; place, selection, layers, depths and pit go along
// when one changes over.
import type { City, CityInput } from "../scene/city";
import type { View } from "../scene/view";
import { metresPerPixel, sheetOf, viewOf, type Sheet } from "../map/sheet";
import { h } from "./dom";
import type { App } from "./state";

export type Mode = "scene" | "map";
/** What opens each of the two; without WebGL 2 there is no scene. */
export interface Openers { scene: (() => Promise<(input: CityInput) => City>) | null; map: () => Promise<(input: CityInput) => City> }

export const hasWebgl = (): boolean => {
  try { return document.createElement("canvas").getContext("webgl2") !== null; } catch { return false; }
};

/** state is of what was loaded: revision and class of rights */
interface Side { city: City; box: HTMLElement; state: string; view: string }

export interface Modes { open(mode: Mode): Promise<void>; change(): Promise<void>; readonly both: boolean }

export function openModes(app: App, stage: HTMLElement, openers: Openers, input: (box: HTMLElement, mode: Mode) => CityInput, opened: (city: City, first: boolean) => void): Modes {
  const sides: Partial<Record<Mode, Side>> = {};
  let left: { view: View; sheet: Sheet } | null = null; // where the scene was left, and what the map showed then
  let busy = false;
  const now = () => `${app.revision} ${app.me.view}`;

  async function side(mode: Mode): Promise<Side> {
    const have = sides[mode];
    if (have) return have;
    const open = await (mode === "scene" && openers.scene ? openers.scene() : openers.map());
    const box = h("div", { class: `way ${mode}` });
    stage.append(box);
    return (sides[mode] = { city: open(input(box, mode)), box, state: now(), view: app.me.view });
  }
  function show(mode: Mode): void {
    for (const [name, s] of Object.entries(sides)) s.box.classList.toggle("away", name !== mode);
    app.mode = mode;
  }
  function carry(from: City, to: City): void {
    const size = { width: Math.max(1, stage.clientWidth), height: Math.max(1, stage.clientHeight) };
    const view = from.view();
    // the ground where one looks: the height of the eye less what it stands above it
    const ground = view.height - app.aboveGround;
    if (to.flat) {
      to.setView(view);
      left = { view, sheet: sheetOf(to.view(), to.view().height - app.aboveGround, size) };
    } else {
      const now = sheetOf(view, ground, size);
      const same = left && Math.hypot(now.x - left.sheet.x, now.y - left.sheet.y) * 4e7 < 0.3 * metresPerPixel(now) && Math.abs(now.zoom - left.sheet.zoom) < 1e-3;
      if (left && same) to.setView(left.view);
      else to.setView(viewOf(now, ground, size, left?.view.heading ?? 0, left && left.view.pitch < -20 ? left.view.pitch : -50));
    }
    for (const n of app.catalog.networks) if (to.visible(n.code) !== from.visible(n.code)) to.setVisible(n.code, from.visible(n.code));
    to.setDepths(from.depths());
    to.setPit(from.pit());
    to.setGroundAlpha(from.groundAlpha());
    to.setTheme(app.theme);
    to.relabel();
    to.select(app.selected);
  }
  const modes: Modes = {
    both: openers.scene !== null,
    async open(mode) {
      if (busy || (mode === "scene" && !openers.scene)) return;
      busy = true;
      stage.setAttribute("aria-busy", "true");
      try {
        const from = app.city;
        const first = !sides[mode];
        const s = await side(mode);
        if (from && from !== s.city) carry(from, s.city);
        app.city = s.city;
        show(mode);
        if (s.view !== app.me.view) s.city.forget();
        if (first || s.state !== now()) opened(s.city, first);
        s.state = now();
        s.view = app.me.view;
        s.city.render();
      } finally {
        busy = false;
        stage.removeAttribute("aria-busy");
      }
    },
    change: () => modes.open(app.mode === "map" ? "scene" : "map"),
  };
  return modes;
}
