// The seam for tests: what a test may ask of the running page. Documented here and nowhere else relied upon.
import type { Frames } from "../scene/frames";
import type { View } from "../scene/view";
import type { App } from "./state";

export interface Seam {
  /** the scene is open */
  ready(): boolean;
  /** every shown network has what this view needs, and no flight is under way */
  tilesLoaded(): boolean;
  camera(): View | null;
  /** the asset a click at these pixels of the scene would select */
  pickAt(x: number, y: number): Promise<string | null>;
  /** pixel of the scene for a place; height in the vertical datum */
  project(lon: number, lat: number, height: number): [number, number] | null;
  selected(): string | null;
  revision(): number;
  /** when the ground and the mains of each network in the view stood on the screen for the first time, ms since the page began; null before */
  firstPicture(): number | null;
  /** what a frame costs: n are drawn at once, the counts are those of one */
  frames(n: number): Frames | null;
  setView(v: Omit<View, "belowGround">): void;
  flyTo(lon: number, lat: number, height: number, distance: number): void;
}

declare global {
  interface Window { __undercity?: Seam }
}

export function offerSeam(app: App): void {
  window.__undercity = {
    ready: () => app.city !== null,
    tilesLoaded: () => app.city !== null && !app.city.moving() && app.city.tilesLoaded(),
    camera: () => app.city?.view() ?? null,
    pickAt: async (x, y) => app.city?.pick(x, y) ?? null,
    project: (lon, lat, height) => app.city?.project(lon, lat, height) ?? null,
    selected: () => app.selectedId,
    revision: () => app.revision,
    firstPicture: () => app.city?.firstPicture() ?? null,
    frames: (n) => app.city?.frames(n) ?? null,
    setView: (v) => app.city?.setView(v),
    flyTo: (lon, lat, height, distance) => app.city?.flyToPosition(lon, lat, height, distance),
  };
}
