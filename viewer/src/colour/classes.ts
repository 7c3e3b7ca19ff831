// What things are coloured by: classes in their order with a colour each, the unknown apart, and which of them are shown.
import type { Catalog, Histogram } from "../api/types";
import type { Theme } from "../scene/palette";

export type By = "network" | "depth" | "diameter" | "age" | "material" | "quality";
export const ways: By[] = ["network", "depth", "diameter", "age", "material", "quality"];

/** What the scene needs to know: place 0 of the colours is for the unknown. */
export interface Colouring {
  by: Exclude<By, "network">;
  /** numbers: from each limit to below the next; none for words */
  limits: number[];
  colors: string[];
  shown: boolean[];
}

/** One row of the legend. */
export interface Class { place: number; code?: string; from?: number; to?: number; count: number; color: string }

// Viridis (van der Walt and Smith, 2015), whose lightness rises evenly: it reads without hue and in print. Only the part that stands out from the ground.
const viridis = ["#440154", "#482878", "#3E4A89", "#31688E", "#26828E", "#1F9E89", "#35B779", "#6DCD59", "#B4DE2C", "#FDE725"];
const part: Record<Theme, [number, number]> = { dark: [2.6, 9], light: [0, 7.4] };
// Okabe and Ito (2008), told apart with every kind of colour blindness; yellow and black are left out, which one of the grounds would swallow.
const words: Record<Theme, string[]> = {
  dark: ["#56B4E9", "#E69F00", "#2FCB9B", "#F0A3CF", "#FF7E3D", "#F4E86A", "#9DB3FF"],
  light: ["#0072B2", "#B86E00", "#007E5D", "#B0538A", "#C24A00", "#5E5A00", "#3A3F9E"],
};
export const unknownColor: Record<Theme, string> = { dark: "#7C8794", light: "#8B95A0" };
const rest: Record<Theme, string> = { dark: "#C9D1D9", light: "#4B5560" };

const mix = (a: string, b: string, t: number): string =>
  `#${[1, 3, 5].map((i) => Math.round(parseInt(a.slice(i, i + 2), 16) * (1 - t) + parseInt(b.slice(i, i + 2), 16) * t).toString(16).padStart(2, "0")).join("")}`;

/** n colours from dark to bright. */
export function ramp(n: number, theme: Theme): string[] {
  const [from, to] = part[theme];
  return Array.from({ length: n }, (_, i) => {
    const at = n === 1 ? to : from + ((to - from) * i) / (n - 1);
    const k = Math.min(viridis.length - 2, Math.floor(at));
    return mix(viridis[k], viridis[k + 1], at - k);
  });
}

/** The place of a class in the tiles' own numbers: of a material one more than its place in the catalogue. */
export const OTHER_MATERIAL = 63;
export function materialPlace(code: string | undefined, catalog: Catalog): number {
  const at = catalog.materials.findIndex((m) => m.code === code);
  return at < 0 ? OTHER_MATERIAL : Math.min(OTHER_MATERIAL, at + 1);
}
const placeOf = (by: By, i: number, code: string | undefined, catalog: Catalog): number => (by === "material" ? materialPlace(code, catalog) : i + 1);

/** The legend: classes in order with their colours; words that occur most get a colour of their own, the others share one. */
export function classesOf(h: Histogram, catalog: Catalog, theme: Theme): Class[] {
  const by = h.by as By;
  const all = h.classes.map((c, i) => ({ ...c, place: placeOf(by, i, c.code, catalog), color: "" }));
  if (by === "material") {
    const most = [...all].filter((c) => c.count > 0).sort((a, b) => b.count - a.count).slice(0, words[theme].length);
    for (const c of all) c.color = words[theme][most.indexOf(c)] ?? rest[theme];
    return all.filter((c) => c.count > 0).sort((a, b) => b.count - a.count);
  }
  // deep, old, wide and badly located are bright: what wants looking at
  const colors = ramp(all.length, theme);
  if (by === "age") colors.reverse();
  all.forEach((c, i) => { c.color = colors[i]; });
  return all;
}

const SIZE = 64;

export function colouringOf(h: Histogram, catalog: Catalog, theme: Theme, hidden: ReadonlySet<number>): Colouring {
  const colors = Array<string>(SIZE).fill(rest[theme]);
  colors[0] = unknownColor[theme];
  for (const c of classesOf({ ...h, classes: h.classes.map((x) => ({ ...x })) }, catalog, theme)) colors[c.place] = c.color;
  const limits = h.classes.every((c) => c.code !== undefined) ? [] : h.classes.map((c) => c.from ?? -1e6);
  return { by: h.by as Colouring["by"], limits, colors, shown: colors.map((_, i) => !hidden.has(i)) };
}

/** What dragging from one row to another leaves shown: only the rows between them. */
export function between(rows: readonly number[], from: number, to: number): Set<number> {
  const [a, b] = [rows.indexOf(from), rows.indexOf(to)].sort((x, y) => x - y);
  return new Set(rows.filter((_, i) => i < a || i > b));
}
