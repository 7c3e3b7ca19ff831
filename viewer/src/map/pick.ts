// What lies under the pointer: nearest first, what is pointed at squarely before what is merely near.
import type { Feature } from "./tile";

/** Distance of a point from a line of pairs, in the line's own units. */
export function distanceTo(parts: Float32Array[], x: number, y: number): number {
  let best = Infinity;
  for (const p of parts) {
    if (p.length === 2) best = Math.min(best, Math.hypot(p[0] - x, p[1] - y));
    for (let i = 2; i < p.length; i += 2) {
      const [ax, ay, dx, dy] = [p[i - 2], p[i - 1], p[i] - p[i - 2], p[i + 1] - p[i - 1]];
      const l = dx * dx + dy * dy;
      const t = l > 0 ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / l)) : 0;
      best = Math.min(best, Math.hypot(x - ax - t * dx, y - ay - t * dy));
    }
  }
  return best;
}

export function inside(parts: Float32Array[], x: number, y: number): boolean {
  let odd = false;
  for (const p of parts) {
    for (let i = 0, j = p.length - 2; i < p.length; j = i, i += 2) {
      if (p[i + 1] > y !== p[j + 1] > y && x < p[i] + ((y - p[i + 1]) * (p[j] - p[i])) / (p[j + 1] - p[i + 1])) odd = !odd;
    }
  }
  return odd;
}

export interface Hit { id: string; away: number; rank: number }

const ranks: Record<string, number> = { node: 0, chamber: 1, segment: 2, gallery: 3, tunnel: 4, bridge: 5, solid: 6, zone: 7 };

/** Hits among features at x, y in units of their tile; perPixel is units a pixel, half how many pixels a feature is drawn to each side. */
export function hits(features: Feature[], x: number, y: number, perPixel: number, reach: number, half: (f: Feature) => number, shown: (f: Feature) => boolean): Hit[] {
  const out: Hit[] = [];
  for (const f of features) {
    if (!f.id) continue;
    const side = half(f);
    const r = (side + reach) * perPixel;
    if (x < f.box[0] - r || y < f.box[1] - r || x > f.box[2] + r || y > f.box[3] + r || !shown(f)) continue;
    const away = f.area && inside(f.parts, x, y) ? 0 : Math.max(0, distanceTo(f.parts, x, y) / perPixel - side);
    if (away <= reach) out.push({ id: f.id, away, rank: ranks[f.kind] ?? 2 });
  }
  return out;
}

/** IDs in the order in which a click goes through them. */
export function inOrder(list: Hit[]): string[] {
  const sorted = [...list].sort((a, b) => Math.round(a.away) - Math.round(b.away) || a.rank - b.rank || a.away - b.away || (a.id < b.id ? -1 : 1));
  return [...new Set(sorted.map((h) => h.id))];
}
