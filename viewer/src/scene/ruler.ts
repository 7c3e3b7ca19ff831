// The ruler of depth at the pointer: thin, from the ground down to the thing under it.
import type { Lens } from "./lens";
import { escape } from "./labels";
import type { Terrain } from "./terrain";
import type { Vec3 } from "./vector";

const LEAST = 0.05; // metres below the ground

export function ruler(p: Vec3, l: Lens, t: Terrain, show: (metres: number) => string): string {
  const top: Vec3 = [p[0], p[1], t.z(p[0], p[1])];
  const depth = top[2] - p[2];
  const s = depth > LEAST ? l.segment(top, p) : null;
  if (!s) return "";
  const long = Math.hypot(s[1][0] - s[0][0], s[1][1] - s[0][1]);
  let d = `M${s[0].map((v) => v.toFixed(1)).join(" ")}L${s[1].map((v) => v.toFixed(1)).join(" ")}`;
  const every = long / depth > 9 ? 1 : long / depth > 1.8 ? 5 : 0;
  const tick = (z: number, w: number) => {
    const q = l.project([p[0], p[1], z]);
    if (q) d += `M${(q[0] - w).toFixed(1)} ${q[1].toFixed(1)}h${2 * w}`;
  };
  tick(top[2], 5);
  tick(p[2], 4);
  if (every) for (let k = every; k < depth; k += every) tick(top[2] - k, k % 5 ? 2 : 4);
  const [x, y] = s[0];
  const word = escape(show(depth));
  return `<g class="ruler"><path class="ruler-under" d="${d}"/><path d="${d}"/><text x="${(x + 8).toFixed(1)}" y="${(y - 4).toFixed(1)}">${word}</text></g>`;
}
