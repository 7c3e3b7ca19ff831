// What an asset consists of, as words and figures; and an upright section of a manhole from what is known of it.
import type { Asset, Connection, Part } from "../api/types";
import { isKey, t, type Key } from "../i18n";
import { metres, millimetres } from "../i18n/format";

export const keyOf = (p: Pick<Part, "name" | "index">): string => `${p.name}.${p.index}`;

/** "Compartment 2 · 电力舱": numbered where there are several of a name. */
export function partName(p: Part, all: readonly Part[]): string {
  const word = isKey(`part.${p.name}`) ? t(`part.${p.name}` as Key) : p.name;
  const several = all.filter((x) => x.name === p.name).length > 1;
  const label = p.label === "in" || p.label === "out" ? t(`opening.${p.label}`) : p.label;
  return [several ? `${word} ${p.index + 1}` : word, label].filter(Boolean).join(" · ");
}

const length = (v: number): string => (v < 1 ? millimetres(v) : metres(v));

/** Its measures in one line; what is not known is not there. */
export function partMeasures(p: Part): string {
  const out: string[] = [];
  if (p.diameter !== undefined) out.push(`⌀ ${length(p.diameter)}`);
  else if (p.width !== undefined && p.height !== undefined) out.push(`${length(p.width)} × ${length(p.height)}`);
  else if (p.width !== undefined && p.length !== undefined) out.push(`${length(p.width)} × ${length(p.length)}`);
  else if (p.width !== undefined) out.push(length(p.width));
  if (p.area !== undefined && p.area >= 0.01) out.push(`${p.area.toFixed(2)}\u00a0m²`);
  if (p.count) out.push(`${p.count}\u00a0×`);
  if (p.use) out.push(isKey(`use.${p.use}`) ? t(`use.${p.use}` as Key) : p.use);
  return out.join(" · ");
}

/** An asset whose parts are worth a list: more than a pipe and its bore. */
export const worthListing = (parts: readonly Part[]): boolean => parts.some((p) => !["pipe", "bore"].includes(p.name)) && parts.length > 1;

export interface Stub {
  asset: string; side: -1 | 1; invert: number; size: number; assumed: boolean;
  /** how far it falls to the lowest way out, m; null where either is not known */
  drop: number | null;
}
export interface Upright {
  top: number; bottom: number; bottomKnown: boolean; wall: number; sizeKnown: boolean;
  layers: { name: string; high: number; low: number; width: number; above: number }[];
  lid: number;
  stubs: Stub[];
}

const round = (name: string) => !["lid", "floor", "slab", "rungs", "opening", "inside"].includes(name);
const sizeOf = (c: Connection): number => Number(c.section.diameter ?? c.section.height ?? 0);

/** What falls less than this is no drop, m: the fall within a manhole is 20 to 50 mm. */
export const DROP = 0.1;

/** The upright section of a manhole; null where there is nothing to draw. */
export function upright(a: Asset, parts: readonly Part[], connections: readonly Connection[]): Upright | null {
  const layers = parts.filter((p) => round(p.name));
  if (a.kind !== "chamber" || !layers.length) return null;
  const own = Number(a.section?.diameter ?? a.section?.width ?? 0);
  const width = (p: Part | undefined) => p?.diameter ?? p?.width ?? (own || 1);
  const structure = (a as { structure?: { chamber?: { wall?: number } } }).structure?.chamber;
  const lid = parts.find((p) => p.name === "lid");
  const outs = connections.filter((c) => c.end === "from" && c.invert !== null).map((c) => c.invert as number);
  const lowest = outs.length ? Math.min(...outs) : null;
  const inverts = (c: Connection): number => c.invert ?? c.drawn - sizeOf(c) / 2;
  return {
    top: Math.max(...layers.map((p) => p.high)), bottom: Math.min(...layers.map((p) => p.low)), bottomKnown: typeof a.bottom === "number",
    wall: structure?.wall ?? Number(a.section?.wall ?? 0), sizeKnown: own > 0, lid: lid?.diameter ?? lid?.width ?? Math.min(0.7, own || 0.7),
    layers: layers.map((p, i) => ({ name: p.name, high: p.high, low: p.low, width: p.name === "cone" ? width(layers[i + 1] ?? p) : width(p), above: p.name === "cone" ? width(layers[i - 1] ?? lid) : width(p) })),
    stubs: connections.map((c) => ({
      asset: c.asset, side: c.end === "to" ? -1 : 1, invert: inverts(c), size: sizeOf(c), assumed: c.assumed || c.invert === null,
      drop: c.end === "to" && c.invert !== null && lowest !== null && c.invert - lowest >= DROP ? c.invert - lowest : null,
    })),
  };
}
