// What the page knows while it is open, and who wants to hear when that changes.
import type { Asset, Catalog, GroundGrid, Me } from "../api/types";
import type { LiveState } from "../live/stream";
import type { City, Pointed } from "../scene/city";
import type { Theme } from "../scene/palette";
import type { View } from "../scene/view";
import type { Mode } from "./mode";

export type Tool = "layers" | "cut" | "import" | "objects" | "help";

export interface App {
  me: Me; catalog: Catalog; ground: GroundGrid; city: City | null;
  theme: Theme;
  mode: Mode;
  /** changes between the scene and the map; null where there is only one of them */
  changeMode: (() => Promise<void>) | null;
  tool: Tool | null;
  selected: Asset | null;
  selectedId: string | null;
  tab: "attributes" | "history";
  revision: number;
  live: { state: LiveState; seen: number; changed: number };
  view: View | null; aboveGround: number; scaleBar: { metres: number; pixels: number };
  pointed: Pointed | null;
  sheet: "peek" | "half" | "full";
  /** marks and opens an asset; beside marks it only, and leaves the drawer as it is */
  select(id: string | null, fly?: boolean, beside?: boolean): Promise<void>;
  /** opens a tool; keep leaves the selected asset selected */
  open(tool: Tool | null, keep?: boolean): void;
  /** takes what is clicked in the scene, in its pixels, while something is drawn there */
  tapped: ((x: number, y: number) => void) | null;
  /** called when the view, or what it hides, has changed */
  followers: Set<() => void>;
  redraw(): void;
  redrawPanel(): void;
  /** the address and the status line follow; the drawer stays as it is */
  remember(): void;
  refreshCatalog(): Promise<void>;
  /** opens the pages about people and the installation, at one of them */
  openPage(page?: string): void;
}

const read = (k: string) => {
  try { return localStorage.getItem(k); } catch { return null; }
};
export const stored = read;
export function store(key: string, value: string): void {
  try { localStorage.setItem(key, value); } catch { /* a private window keeps nothing, and need not */ }
}

export const narrow = (): boolean => matchMedia("(max-width: 640px)").matches;
/** Whether drawer and panel lie over the scene instead of beside it. */
export const lying = (): boolean => matchMedia("(max-width: 831px)").matches;
