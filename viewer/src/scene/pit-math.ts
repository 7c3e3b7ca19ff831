// The pit as a box in local metres: its axes, its corners, and what a line of sight meets in it.
import { add, clamp, dot, sub, type Vec3 } from "./vector";
import type { Pit } from "./view";

/** Unit axes of the pit in local metres: across, along, up. */
export function pitAxes(pit: Pit): [Vec3, Vec3] {
  const r = (pit.turn * Math.PI) / 180;
  return [[Math.cos(r), -Math.sin(r), 0], [Math.sin(r), Math.cos(r), 0]];
}

/** Where the ray is inside the box, as distances along it; null when it misses. */
export function throughPit(origin: Vec3, ray: Vec3, pit: Pit, center: Vec3): [number, number] | null {
  const [u, v] = pitAxes(pit);
  const o = sub(origin, center);
  let [from, to] = [0, Infinity];
  const slabs: [number, number, number, number][] = [
    [dot(o, u), dot(ray, u), -pit.width / 2, pit.width / 2],
    [dot(o, v), dot(ray, v), -pit.length / 2, pit.length / 2],
    [o[2], ray[2], -pit.depth, 0.6],
  ];
  for (const [p, d, low, high] of slabs) {
    if (Math.abs(d) < 1e-9) {
      if (p < low || p > high) return null;
      continue;
    }
    const [a, b] = [(low - p) / d, (high - p) / d];
    from = Math.max(from, Math.min(a, b));
    to = Math.min(to, Math.max(a, b));
  }
  return from <= to ? [from, to] : null;
}

/** Corners of the pit on the ground, in local metres. */
export function pitCorners(pit: Pit, center: Vec3): Vec3[] {
  const [u, v] = pitAxes(pit);
  return ([[-1, -1], [1, -1], [1, 1], [-1, 1]] as const).map(([a, b]) =>
    add(center, [u[0] * a * pit.width / 2 + v[0] * b * pit.length / 2, u[1] * a * pit.width / 2 + v[1] * b * pit.length / 2, 0]));
}

/** A pit within its bounds: sides 2 to 200 m, depth 0.5 to 30 m, bearing −90 to 90°. */
export function sensible(p: Pit): Pit {
  return {
    ...p, width: clamp(p.width, 2, 200), length: clamp(p.length, 2, 200), depth: clamp(p.depth, 0.5, 30),
    turn: ((((p.turn + 90) % 180) + 180) % 180) - 90,
  };
}
