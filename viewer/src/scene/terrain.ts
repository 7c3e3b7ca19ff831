// The ground's surface as numbers: height under a place, and where a line of sight meets it.
import type { GroundGrid } from "../api/types";
import type { LocalFrame } from "./geodesy";
import { add, scale, type Vec3 } from "./vector";

export interface Terrain {
  known: boolean;
  /** ground height in the vertical datum, null where unknown */
  height(lon: number, lat: number): number | null;
  /** local z of the ground at local x, y; where it is unknown, that of the city's reference height */
  z(x: number, y: number): number;
  /** first meeting of the ray with the surface, from above or below; null when it never does */
  hit(origin: Vec3, direction: Vec3): Vec3 | null;
}

export function sampleGrid(g: GroundGrid, lon: number, lat: number): number | null {
  if (g.cols < 2 || g.rows < 2) return null;
  const x = ((lon - g.west) / (g.east - g.west)) * (g.cols - 1);
  const y = ((lat - g.south) / (g.north - g.south)) * (g.rows - 1);
  if (!(x >= 0 && y >= 0 && x <= g.cols - 1 && y <= g.rows - 1)) return null;
  const i = Math.min(g.cols - 2, Math.floor(x));
  const j = Math.min(g.rows - 2, Math.floor(y));
  const [fx, fy] = [x - i, y - j];
  let sum = 0;
  let weight = 0;
  for (const [di, dj, w] of [[0, 0, (1 - fx) * (1 - fy)], [1, 0, fx * (1 - fy)], [0, 1, (1 - fx) * fy], [1, 1, fx * fy]]) {
    const h = g.heights[(j + dj) * g.cols + i + di];
    if (h === null || h === undefined) continue;
    sum += h * w;
    weight += w;
  }
  return weight > 1e-9 ? sum / weight : null;
}

export function terrain(g: GroundGrid, frame: LocalFrame, reference: number): Terrain {
  const known = g.heights.filter((h): h is number => h !== null);
  const low = known.length ? known.reduce((a, b) => Math.min(a, b)) : reference;
  const high = known.length ? known.reduce((a, b) => Math.max(a, b)) : reference;
  const nearest = (lon: number, lat: number) =>
    sampleGrid(g, Math.min(g.east, Math.max(g.west, lon)), Math.min(g.north, Math.max(g.south, lat))) ?? reference;
  const z = (x: number, y: number): number => {
    const [lon, lat, h0] = frame.position([x, y, reference]);
    return reference + (nearest(lon, lat) - h0);
  };
  return {
    known: known.length > 0,
    height: (lon, lat) => sampleGrid(g, lon, lat),
    z,
    hit(origin, direction) {
      const above = (p: Vec3) => p[2] - z(p[0], p[1]);
      const inside = above(origin) < 0;
      // the surface sags below the tangent plane with distance, so the lower bound leaves room for that
      const far = 40_000;
      const floor = low - 60;
      const ceiling = high + 5;
      let from = 0;
      let to = far;
      if (direction[2] < -1e-6) {
        from = Math.max(0, (ceiling - origin[2]) / direction[2]);
        to = Math.min(far, (floor - origin[2]) / direction[2]);
      } else if (!inside && origin[2] > ceiling) return null;
      if (to <= from) return null;
      const steps = 96;
      let last = from;
      for (let i = 1; i <= steps; i++) {
        const t = from + (to - from) * (i / steps) ** 2;
        if (above(add(origin, scale(direction, t))) < 0 !== inside) {
          let [a, b] = [last, t];
          for (let k = 0; k < 40; k++) {
            const m = (a + b) / 2;
            if (above(add(origin, scale(direction, m))) < 0 !== inside) b = m;
            else a = m;
          }
          return add(origin, scale(direction, b));
        }
        last = t;
      }
      return null;
    },
  };
}
