// From an asset's record to what is marked in the scene: its axis, how thick it is, its colour.
import type { Asset } from "../api/types";
import type { Place } from "./place";
import { length, mix, sub, type Vec3 } from "./vector";

export interface Marked {
  axis: Vec3[];
  /** half the outer size, m */
  radius: number;
  /** half the height of the section, m */
  tall: number;
  point: boolean; color: string; label: string;
}

/** Whether what is assumed of an asset shows in its drawing: its place, its size or its length. */
export const isDashed = (assumed: readonly string[]): boolean => assumed.some((k) => ["geometry", "position", "diameter", "length"].includes(k));

function positions(a: Asset): number[][] {
  const c = a.geometry?.coordinates;
  if (!Array.isArray(c)) return [];
  if (typeof c[0] === "number") return [c as number[]];
  const first = (c as unknown[])[0];
  if (Array.isArray(first) && typeof first[0] === "number") return c as number[][];
  return (c as number[][][]).flat();
}

/** Where a mark's pole stands and a dive goes: the middle of its axis. */
export function middleOf(axis: readonly Vec3[]): Vec3 {
  const lengths = axis.slice(1).map((p, i) => length(sub(p, axis[i])));
  let rest = lengths.reduce((a, b) => a + b, 0) / 2;
  for (const [i, l] of lengths.entries()) {
    if (rest <= l && l > 0) return mix(axis[i], axis[i + 1], rest / l);
    rest -= l;
  }
  return axis[axis.length - 1];
}

/** Middle and diagonal of the box about some points: where one looks so that the whole is seen, m. */
export function boxAbout(points: readonly Vec3[]): { middle: Vec3; size: number } {
  const of = (pick: (...v: number[]) => number): Vec3 => [pick(...points.map((p) => p[0])), pick(...points.map((p) => p[1])), pick(...points.map((p) => p[2]))];
  const [low, high] = [of(Math.min), of(Math.max)];
  return { middle: mix(low, high, 0.5), size: length(sub(high, low)) };
}

/** The mark of an asset; null where it has no place. */
export function markOf(a: Asset, color: string, { frame, terrain, reference }: Place): Marked | null {
  const axis = positions(a).map(([lon, lat, h]) => frame.local(lon, lat, h ?? terrain.height(lon, lat) ?? reference));
  if (!axis.length) return null;
  if (axis.every((p) => length(sub(p, axis[0])) < 1e-3)) axis.length = 1; // a line without length is marked as a point
  const s = a.section ?? {};
  const wide = Math.max(Number(s.outerDiameter ?? s.diameter ?? 0), Number(s.width ?? 0), Number(s.height ?? 0)) || 0.2;
  const tall = Number(s.height ?? 0) || wide;
  return { axis, radius: wide / 2, tall: tall / 2, point: axis.length < 2, color, label: a.id };
}
