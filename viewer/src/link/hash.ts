// The address holds what one looks at: camera, selection, layers, pit. Language and theme stay with the reader.
import { ways, type By } from "../colour/classes";
import type { DepthRange, Pit, View } from "../scene/view";

export interface LinkState { view?: Omit<View, "belowGround">; selected?: string; hidden: string[]; pit?: Pit; alpha?: number; colour?: { by: By; hidden: number[] }; depths?: DepthRange; map?: boolean }

const numbers = (s: string | null, n: number): number[] | null => {
  const list = s?.split(",").map(Number) ?? [];
  return list.length === n && list.every(Number.isFinite) ? list : null;
};

export function writeLink(s: LinkState): string {
  const p = new URLSearchParams();
  if (s.view) p.set("c", [s.view.lon.toFixed(7), s.view.lat.toFixed(7), s.view.height.toFixed(2), s.view.heading.toFixed(2), s.view.pitch.toFixed(2)].join(","));
  if (s.selected) p.set("s", s.selected);
  if (s.hidden.length) p.set("x", s.hidden.join("."));
  if (s.alpha !== undefined) p.set("g", s.alpha.toFixed(2));
  if (s.depths && (s.depths.from > 0 || s.depths.to !== null)) p.set("d", `${s.depths.from.toFixed(1)},${s.depths.to === null ? "" : s.depths.to.toFixed(1)}`);
  if (s.colour && s.colour.by !== "network") p.set("k", [s.colour.by, ...s.colour.hidden].join("."));
  if (s.map) p.set("m", "1");
  if (s.pit) p.set("p", [s.pit.lon.toFixed(7), s.pit.lat.toFixed(7), s.pit.width.toFixed(2), s.pit.length.toFixed(2), s.pit.depth.toFixed(2), s.pit.turn.toFixed(1)].join(","));
  return p.toString().replaceAll("%2C", ",");
}

export function readLink(hash: string): LinkState {
  const p = new URLSearchParams(hash.replace(/^#/, ""));
  const out: LinkState = { hidden: (p.get("x") ?? "").split(".").filter(Boolean) };
  const c = numbers(p.get("c"), 5);
  if (c && Math.abs(c[0]) <= 180 && Math.abs(c[1]) <= 90) out.view = { lon: c[0], lat: c[1], height: c[2], heading: c[3], pitch: c[4] };
  const s = p.get("s");
  if (s) out.selected = s;
  const g = numbers(p.get("g"), 1);
  if (g && g[0] >= 0 && g[0] <= 1) out.alpha = g[0];
  const [from, to = null] = (p.get("d") ?? "").split(",").map((x) => (x === "" ? null : Number(x)));
  if (typeof from === "number" && from >= 0 && from <= 1000 && (to === null || (typeof to === "number" && to > from && to <= 1000))) out.depths = { from, to };
  const [by, ...places] = (p.get("k") ?? "").split(".");
  if (ways.includes(by as By)) out.colour = { by: by as By, hidden: places.map(Number).filter((n) => Number.isInteger(n) && n >= 0 && n < 64) };
  if (p.get("m") === "1") out.map = true;
  const q = numbers(p.get("p"), 6);
  if (q && q[2] > 0 && q[3] > 0 && q[4] > 0) out.pit = { lon: q[0], lat: q[1], width: q[2], length: q[3], depth: q[4], turn: q[5] };
  return out;
}

/** The token of a printed sign-in address, if this is one. */
export const signInToken = (hash: string): string | null => new URLSearchParams(hash.replace(/^#/, "")).get("signin");
