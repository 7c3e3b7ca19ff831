// What is drawn over the picture in crisp lines: outline, drop lines and ground shadow of the selected asset, the depth pole, the
// pivot's cross, the pit's handles, street names. It is redrawn with each frame and never covers a click except on a handle.
import type { Lens, Pixel } from "./lens";
import { pitAxes, pitCorners } from "./pit-math";
import type { Terrain } from "./terrain";
import type { Pit } from "./view";
import { add, cross, length, normalize, scale, sub, type Vec3 } from "./vector";

export interface Marked { axis: Vec3[]; radius: number; point: boolean; color: string; label: string }
export interface StreetName { text: string; at: Vec3; along: Vec3; rank: number }
export type Handle = "move" | "east" | "west" | "north" | "south" | "depth";

export interface Drawn {
  lens: Lens; terrain: Terrain;
  marked: Marked | null;
  hovered: Marked | null;
  pole: Vec3 | null;
  pivot: Vec3 | null;
  pit: { pit: Pit; center: Vec3 } | null;
  streets: StreetName[];
  diving: boolean;
  words: { ground: string };
}

const NS = "http://www.w3.org/2000/svg";
const d = (points: Pixel[]) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
const line = (s: [Pixel, Pixel] | null) => (s ? d(s) : "");
const escape = (s: string) => s.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] ?? c);
const minus = (n: number) => (n === 0 ? "0" : `−${n}`);

function outline(m: Marked, l: Lens, cls: string): string {
  if (m.point || m.axis.length < 2) {
    const at = m.axis[0] && l.project(m.axis[0]);
    if (!at) return "";
    const r = Math.max(9, m.radius / (l.depth(m.axis[0]) * l.pixel) + 4);
    return `<circle class="${cls}" cx="${at[0].toFixed(1)}" cy="${at[1].toFixed(1)}" r="${Math.min(r, 400).toFixed(1)}"/>`;
  }
  let path = "";
  for (let i = 0; i + 1 < m.axis.length; i++) {
    const [a, b] = [m.axis[i], m.axis[i + 1]];
    const along = normalize(sub(b, a));
    const edge = (p: Vec3, sign: number): Vec3 => {
      const side = normalize(cross(along, sub(p, l.pose.position)));
      return add(p, scale(side, sign * Math.max(m.radius * 1.02, Math.abs(l.depth(p)) * l.pixel * 3.2)));
    };
    path += line(l.segment(edge(a, 1), edge(b, 1))) + line(l.segment(edge(a, -1), edge(b, -1)));
    if (i === 0) path += line(l.segment(edge(a, 1), edge(a, -1)));
    if (i + 2 === m.axis.length) path += line(l.segment(edge(b, 1), edge(b, -1)));
  }
  return `<path class="${cls}" d="${path}"/>`;
}

function shadow(m: Marked, l: Lens, t: Terrain): string {
  let ground = "";
  let drops = "";
  const onGround = (p: Vec3): Vec3 => [p[0], p[1], t.z(p[0], p[1])];
  const points: Vec3[] = [];
  for (let i = 0; i < m.axis.length; i++) {
    points.push(m.axis[i]);
    const next = m.axis[i + 1];
    if (!next) continue;
    const steps = Math.min(12, Math.floor(length(sub(next, m.axis[i])) / 10));
    for (let k = 1; k < steps; k++) points.push(add(m.axis[i], scale(sub(next, m.axis[i]), k / steps)));
  }
  points.forEach((p, i) => {
    const g = onGround(p);
    if (i > 0) ground += line(l.segment(onGround(points[i - 1]), g));
    drops += line(l.segment(p, g));
  });
  return `<path class="shadow" style="stroke:${m.color}" d="${ground}"/><path class="drop" style="stroke:${m.color}" d="${drops}"/>`;
}

function pole(at: Vec3, l: Lens, t: Terrain, word: string): string {
  const top: Vec3 = [at[0], at[1], t.z(at[0], at[1])];
  const away = l.depth(top);
  if (away < 0.5) return "";
  const gap = 1 / (away * l.pixel); // pixels a metre takes
  const every = gap > 16 ? 1 : gap > 5 ? 5 : 0;
  if (!every) return "";
  const deep = every === 1 ? 6 : 20;
  let path = line(l.segment(top, [top[0], top[1], top[2] - deep]));
  let text = "";
  for (let k = 0; k <= deep; k += every) {
    const p = l.project([top[0], top[1], top[2] - k]);
    if (!p) continue;
    const w = k % 5 === 0 ? 12 : 8;
    path += d([[p[0] - w, p[1]], [p[0] + w, p[1]]]);
    text += `<text x="${(p[0] - w - 6).toFixed(1)}" y="${(p[1] + 4).toFixed(1)}">${k === 0 ? escape(word) + " 0" : `${minus(k)} m`}</text>`;
  }
  return `<g class="pole"><path d="${path}"/>${text}</g>`;
}

function handles(p: { pit: Pit; center: Vec3 }, l: Lens): string {
  const [u, v] = pitAxes(p.pit);
  const { pit, center } = p;
  const at: [Handle, Vec3][] = [
    ["east", add(center, scale(u, pit.width / 2))], ["west", add(center, scale(u, -pit.width / 2))],
    ["north", add(center, scale(v, pit.length / 2))], ["south", add(center, scale(v, -pit.length / 2))],
    ["move", center], ["depth", add(center, [0, 0, -pit.depth])],
  ];
  const corners = pitCorners(pit, center);
  let out = `<path class="brim" d="${corners.map((c, i) => line(l.segment(c, corners[(i + 1) % 4]))).join("")}"/>`;
  const stem = l.segment(center, add(center, [0, 0, -pit.depth]));
  if (stem) out += `<path class="stem" d="${d(stem)}"/>`;
  for (const [name, where] of at) {
    const x = l.project(where);
    if (!x) continue;
    const glyph = name === "move" ? "M-5 0H5M0 -5V5" : name === "depth" ? "M0 -5V5M-3 2L0 5L3 2" : "M-3 -3L3 3M-3 3L3 -3";
    out += `<g class="handle" data-handle="${name}" transform="translate(${x[0].toFixed(1)} ${x[1].toFixed(1)})"><circle class="hit" r="22"/><circle class="knob" r="${name === "move" || name === "depth" ? 10 : 8}"/>${name === "move" || name === "depth" ? `<path d="${glyph}"/>` : ""}</g>`;
  }
  return out;
}

function names(streets: StreetName[], l: Lens, reach: number): string {
  const taken: [number, number, number, number][] = [];
  let out = "";
  let count = 0;
  const ready = streets
    .map((s) => ({ s, away: l.depth(s.at), p: l.project(s.at), q: l.project(add(s.at, scale(s.along, 10))) }))
    .filter((x) => x.p && x.q && x.away > 4 && x.away < reach)
    .sort((a, b) => a.s.rank - b.s.rank || a.away - b.away);
  for (const { s, p, q } of ready) {
    if (!p || !q || count >= 40) continue;
    if (p[0] < 40 || p[1] < 24 || p[0] > l.width - 40 || p[1] > l.height - 24) continue;
    const width = [...s.text].reduce((w, c) => w + (c.charCodeAt(0) > 255 ? 12.5 : 6.6), 0);
    if (Math.hypot(q[0] - p[0], q[1] - p[1]) * 14 < width) continue;
    let angle = (Math.atan2(q[1] - p[1], q[0] - p[0]) * 180) / Math.PI;
    if (angle > 90) angle -= 180;
    if (angle < -90) angle += 180;
    const r = (angle * Math.PI) / 180;
    const [hw, hh] = [(Math.abs(Math.cos(r)) * width + Math.abs(Math.sin(r)) * 16) / 2 + 8, (Math.abs(Math.sin(r)) * width + Math.abs(Math.cos(r)) * 16) / 2 + 6];
    const box: [number, number, number, number] = [p[0] - hw, p[1] - hh, p[0] + hw, p[1] + hh];
    if (taken.some((b) => box[0] < b[2] && b[0] < box[2] && box[1] < b[3] && b[1] < box[3])) continue;
    taken.push(box);
    count++;
    out += `<text class="street" transform="translate(${p[0].toFixed(1)} ${p[1].toFixed(1)}) rotate(${angle.toFixed(1)})" dy="4">${escape(s.text)}</text>`;
  }
  return out;
}

export interface Overlay { svg: SVGSVGElement; draw(s: Drawn): void }

export function openOverlay(container: HTMLElement): Overlay {
  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("class", "overlay");
  svg.setAttribute("aria-hidden", "true");
  container.append(svg);
  const under = svg.appendChild(document.createElementNS(NS, "g"));
  const grips = svg.appendChild(document.createElementNS(NS, "g"));
  return {
    svg,
    draw(s) {
      const l = s.lens;
      let out = names(s.streets, l, s.diving ? 90 : 2600);
      if (s.pole) out += pole(s.pole, l, s.terrain, s.words.ground);
      if (s.hovered) out += outline(s.hovered, l, "hovered");
      if (s.marked) out += shadow(s.marked, l, s.terrain) + outline(s.marked, l, "outline-under") + outline(s.marked, l, "outline");
      const x = s.pivot && l.project(s.pivot);
      if (x) out += `<path class="pivot" d="M${x[0] - 9} ${x[1]}h18M${x[0]} ${x[1] - 9}v18"/><circle class="pivot" cx="${x[0]}" cy="${x[1]}" r="4"/>`;
      under.innerHTML = out;
      // while a grip is held its element must stay, so only its place changes
      const grip = s.pit ? handles(s.pit, l) : "";
      if (grip !== grips.innerHTML) grips.innerHTML = grip;
    },
  };
}
