// Signs over the picture where things stand, as many as there is room for, near ones first.
import { signPaths, type Sign } from "../symbols/signs";
import type { Box, Room } from "./labels";
import type { Lens } from "./lens";
import type { Vec3 } from "./vector";

export interface Placed { at: Vec3; sign: Sign; color: string }

const MOST = 220;
const HALF = 8; // pixels

export function drawSigns(list: readonly Placed[], l: Pick<Lens, "project" | "depth" | "width" | "height">, room: Room): string {
  const ready = list.flatMap((s) => {
    const p = l.project(s.at);
    return p && p[0] > HALF && p[1] > HALF && p[0] < l.width - HALF && p[1] < l.height - HALF ? [{ s, p, away: l.depth(s.at) }] : [];
  }).sort((a, b) => a.away - b.away);
  let out = "";
  let n = 0;
  for (const { s, p } of ready) {
    const box: Box = [p[0] - HALF, p[1] - HALF, p[0] + HALF, p[1] + HALF];
    if (n >= MOST || !room.clear(box)) continue;
    room.block(box);
    n++;
    out += `<g class="sign" style="--c:${s.color}" transform="translate(${p[0].toFixed(1)} ${p[1].toFixed(1)})"><circle r="9"/><path d="${signPaths[s.sign]}"/></g>`;
  }
  return out;
}
