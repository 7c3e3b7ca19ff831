// Words in the scene: the depth pole's metres and the names of streets. At most 40, none on another, none under a control.
import type { Lens, Pixel } from "./lens";
import type { Terrain } from "./terrain";
import { add, scale, type Vec3 } from "./vector";

export interface StreetName { text: string; at: Vec3; along: Vec3; rank: number }
/** left, top, right, bottom in pixels */
export type Box = readonly [number, number, number, number];

export const MOST_LABELS = 40;
const MARGIN = 6;
const APART = 240; // pixels between two names of one street

export const escape = (s: string): string => s.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] ?? c);
const minus = (n: number) => (n === 0 ? "0" : `−${n}`);
const at = ([x, y]: Pixel) => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** Width of a word at 12 px: a Han character is as wide as the letter is high. */
export const wordWidth = (text: string): number => [...text].reduce((w, c) => w + (c.charCodeAt(0) > 255 ? 12.5 : 6.8), 0);

export const meets = (a: Box, b: Box): boolean => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

/** Keeps the room on the picture: what is taken is not given again. */
export interface Room {
  free(box: Box): boolean;
  /** as free, of what is no label and not counted as one */
  clear(box: Box): boolean;
  /** a label's boxes */
  take(...boxes: Box[]): void;
  /** room that is no label's */
  block(box: Box): void;
  count(): number;
}

export function openRoom(taken: readonly Box[], width: number, height: number): Room {
  const boxes = [...taken];
  let count = 0;
  return {
    free: (b) => count < MOST_LABELS && b[0] >= 2 && b[1] >= 2 && b[2] <= width - 2 && b[3] <= height - 2 && !boxes.some((o) => meets(o, b)),
    clear: (b) => !boxes.some((o) => meets(o, b)),
    take(...b) {
      boxes.push(...b);
      count++;
    },
    block: (b) => void boxes.push(b),
    count: () => count,
  };
}

/** The pole at a place: a tick each metre (or five), 0 at the ground, its words on the side that has room for them. */
export function pole(place: Vec3, l: Lens, t: Terrain, word: string, room: Room): string {
  const top: Vec3 = [place[0], place[1], t.z(place[0], place[1])];
  const away = l.depth(top);
  if (away < 0.5) return "";
  const gap = 1 / (away * l.pixel); // pixels a metre takes
  const every = gap > 16 ? 1 : gap > 5 ? 5 : 0;
  if (!every) return "";
  const deep = every === 1 ? Math.max(6, Math.ceil(top[2] - place[2]) + 2) : 20;
  const shaft = l.segment(top, [top[0], top[1], top[2] - deep]);
  if (!shaft) return "";
  const ticks: { p: Pixel; w: number; text: string }[] = [];
  for (let k = 0; k <= deep; k += every) {
    const p = l.project([top[0], top[1], top[2] - k]);
    if (p) ticks.push({ p, w: k % 5 === 0 ? 12 : 8, text: k === 0 ? `${word} 0` : `${minus(k)} m` });
  }
  const boxOf = ({ p, w, text }: (typeof ticks)[number], side: number): Box => {
    const wide = wordWidth(text);
    // above the pole, moved in from the edge of the picture
    if (side === 0) {
      const left = Math.min(l.width - wide - 4, Math.max(4, p[0] - wide / 2));
      return [left, p[1] - 24, left + wide, p[1] - 8];
    }
    const x = p[0] + side * (w + 6);
    return [side < 0 ? x - wide : x, p[1] - 8, side < 0 ? x : x + wide, p[1] + 8];
  };
  // words go left, unless more of them have room on the right
  const fits = (side: number) => ticks.filter((k) => room.free(boxOf(k, side))).length;
  const side = fits(-1) >= fits(1) ? -1 : 1;
  let path = `M${at(shaft[0])}L${at(shaft[1])}`;
  let text = "";
  for (const k of ticks) {
    path += `M${at([k.p[0] - k.w, k.p[1]])}L${at([k.p[0] + k.w, k.p[1]])}`;
    // the ground's own word is the one that the others are read from, so it also goes above the pole, or into the edge
    const to = (k === ticks[0] ? [side, -side, 0] : [side]).find((s) => room.free(boxOf(k, s)));
    if (to === undefined) continue;
    const box = boxOf(k, to);
    room.take(box);
    const [anchor, x] = to === 0 ? ["middle", (box[0] + box[2]) / 2] : to < 0 ? ["end", box[2]] : ["start", box[0]];
    text += `<text text-anchor="${anchor}" x="${x.toFixed(1)}" y="${(box[1] + 12).toFixed(1)}">${escape(k.text)}</text>`;
  }
  const xs = ticks.map((k) => k.p[0]);
  const ys = ticks.map((k) => k.p[1]);
  if (ticks.length) room.block([Math.min(...xs) - 14, Math.min(...ys) - 6, Math.max(...xs) + 14, Math.max(...ys) + 6]);
  return `<g class="pole"><path class="shaft-under" d="${path}"/><path d="${path}"/>${text}</g>`;
}

/** The boxes a turned word covers, one a character or so: a slanting name leaves the corners of its frame to others. */
export function boxesOf([x, y]: Pixel, angle: number, width: number): Box[] {
  const n = Math.max(1, Math.round(width / 13));
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const r = 8 + MARGIN / 2;
  return Array.from({ length: n }, (_, i) => {
    const d = ((i + 0.5) / n - 0.5) * width;
    return [x + c * d - r, y + s * d - r, x + c * d + r, y + s * d + r] as const;
  });
}

/** Names along their streets, big streets and near ones first; a name takes at most so many free metres. */
export function names(streets: readonly StreetName[], l: Pick<Lens, "project" | "depth">, reach: number, room: Room, free = 140): string {
  let out = "";
  const ready = streets.flatMap((s) => {
    const [p, q, away] = [l.project(s.at), l.project(add(s.at, scale(s.along, 10))), l.depth(s.at)];
    return p && q && away > 4 && away < reach ? [{ s, p, q, away }] : [];
  }).sort((a, b) => a.s.rank - b.s.rank || a.away - b.away);
  const placed = new Map<string, Pixel[]>();
  for (const { s, p, q } of ready) {
    if (room.count() >= MOST_LABELS) break;
    const width = wordWidth(s.text);
    if (Math.hypot(q[0] - p[0], q[1] - p[1]) * (free / 10) < width) continue;
    let angle = Math.atan2(q[1] - p[1], q[0] - p[0]);
    if (angle > Math.PI / 2) angle -= Math.PI;
    if (angle < -Math.PI / 2) angle += Math.PI;
    const boxes = boxesOf(p, angle, width);
    // far away the names of one street would stand in a row
    if (placed.get(s.text)?.some(([x, y]) => Math.hypot(x - p[0], y - p[1]) < APART)) continue;
    if (!boxes.every((b) => room.free(b))) continue;
    placed.set(s.text, [...(placed.get(s.text) ?? []), p]);
    room.take(...boxes);
    out += `<g class="street" transform="translate(${at(p)}) rotate(${((angle * 180) / Math.PI).toFixed(1)})"><rect x="${(-width / 2 - 5).toFixed(1)}" y="-9" width="${(width + 10).toFixed(1)}" height="18" rx="4"/><text dy="4">${escape(s.text)}</text></g>`;
  }
  return out;
}
