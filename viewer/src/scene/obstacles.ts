// What stands in the way below ground: pipes and chambers as round bars, and how much room is left beside them.
import type { Asset } from "../api/types";
import { markOf } from "./marks";
import { facing, type Pose } from "./motion";
import type { Place } from "./place";
import { add, clamp, dot, length, normalize, scale, sub, type Vec3 } from "./vector";

/** A bar from a to b. */
export interface Bar { a: Vec3; b: Vec3; radius: number }

/** Nearest that the eye comes to a bar, m. */
export const ROOM = 0.5;
/** What is wider may be entered: galleries, tunnels, chambers of people's size. */
const ENTERED = 1.2;

function nearestOn({ a, b }: Bar, p: Vec3): Vec3 {
  const d = sub(b, a);
  const l = dot(d, d);
  return l < 1e-9 ? a : add(a, scale(d, clamp(dot(sub(p, a), d) / l, 0, 1)));
}

/** Free room about a place, m; negative inside a bar. */
export function clearance(bars: readonly Bar[], p: Vec3): number {
  let least = Infinity;
  for (const bar of bars) least = Math.min(least, length(sub(p, nearestOn(bar, p))) - bar.radius);
  return least;
}

/** The place itself, or the nearest one beside the bars in its way; null between bars that leave no room. */
export function beside(bars: readonly Bar[], p: Vec3): Vec3 | null {
  let at = p;
  for (let i = 0; i < 8; i++) {
    const bar = bars.find((x) => x.radius < ENTERED && length(sub(at, nearestOn(x, at))) - x.radius < ROOM);
    if (!bar) return at;
    const n = nearestOn(bar, at);
    const away = sub(at, n);
    const out: Vec3 = length(away) > 1e-6 ? normalize(away) : [0, 0, -1];
    at = add(n, scale(out, bar.radius + ROOM + 0.01));
  }
  return null;
}

export function barsOf(assets: readonly Asset[], place: Place): Bar[] {
  return assets.flatMap((a): Bar[] => {
    const m = a.kind === "bridge" || a.kind === "zone" ? null : markOf(a, "", place);
    if (!m) return [];
    if (!m.point) return m.axis.slice(1).map((b, i) => ({ a: m.axis[i], b, radius: m.radius }));
    const [x, y, z] = m.axis[0];
    const top = place.terrain.z(x, y);
    return [{ a: [x, y, Math.max(top, z)], b: [x, y, Math.min(top - 0.5, z)], radius: Math.max(0.3, m.radius) }];
  });
}

/** How freely a pose looks: the way to the first bar ahead, m, over the middle of the picture. */
function view(bars: readonly Bar[], p: Pose): number {
  const side = normalize([p.direction[1], -p.direction[0], 0]);
  let sum = 0;
  for (const [u, v] of [[0, 0], [-0.25, 0], [0.25, 0], [0, 0.15], [0, -0.15]]) {
    const ray = normalize(add(p.direction, add(scale(side, u), [0, 0, v])));
    let t = 0;
    // as far as the room reaches, then again: never through a bar
    for (let i = 0; i < 24 && t < 12; i++) {
      const free = clearance(bars, add(p.position, scale(ray, t)));
      if (free < 0.05) break;
      t += Math.min(4, free);
    }
    sum += Math.min(t, 12);
  }
  return sum / 5;
}

/** Where to dive to see a place: near the way one looks already, with room about the eye and no bar right before it. */
export function freeDive(bars: readonly Bar[], target: Vec3, heading: number, ground: (x: number, y: number) => number): Pose {
  const usual = facing(target, heading, 12, 13);
  if (!bars.length) return usual;
  let best = { score: -Infinity, pose: usual };
  for (let k = 0; k < 12; k++) {
    const turn = (k % 2 ? 1 : -1) * Math.ceil(k / 2) * 30;
    for (const [pitch, away] of [[12, 13], [6, 13], [12, 9], [0, 11], [-6, 12]]) {
      const pose = facing(target, heading + turn, pitch, away);
      const deep = ground(pose.position[0], pose.position[1]) - pose.position[2];
      const room = clearance(bars, pose.position);
      if (room < ROOM + 0.2 || deep < 0.6) continue;
      const score = view(bars, pose) + Math.min(room, 2.5) * 2 - Math.abs(turn) / 40 - Math.abs(pitch - 12) / 12;
      if (score > best.score) best = { score, pose };
    }
  }
  return best.pose;
}
