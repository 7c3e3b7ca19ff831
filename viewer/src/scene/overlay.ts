// What is drawn over the picture in crisp lines: outline, drop lines and ground shadow of the selected asset, the depth pole, the
// pivot's cross, the pit's handles, street names. It is redrawn with each frame and never covers a click except on a handle.
import { names, openRoom, pole, type Box, type Room, type StreetName } from "./labels";
import { envelopes, type Envelope } from "./envelope";
import type { Lens, Pixel } from "./lens";
import { ruler } from "./ruler";
import { drawAxes, type Axis } from "./axes";
import { drawSigns, type Placed } from "./signs";
import type { Marked } from "./marks";
import { pitAxes, pitCorners } from "./pit-math";
import type { Terrain } from "./terrain";
import type { DepthRange, Pit } from "./view";
import { add, cross, length, normalize, scale, sub, type Vec3 } from "./vector";

export type Handle = "move" | "east" | "west" | "north" | "south" | "depth";

export interface Drawn {
  lens: Lens; terrain: Terrain;
  marked: Marked | null;
  /** edges of the part of the marked asset that is chosen or pointed at */
  part: [Vec3, Vec3][] | null;
  envelopes: readonly Envelope[];
  signs: readonly Placed[];
  /** lines of the symbol style, in the depths shown */
  axes: readonly Axis[];
  depths: DepthRange;
  /** what the pointer rests on below the ground */
  ruler: Vec3 | null;
  pole: Vec3 | null;
  pivot: Vec3 | null;
  pit: { pit: Pit; center: Vec3 } | null;
  streets: StreetName[];
  diving: boolean;
  words: { ground: string; metres(v: number): string };
  /** where controls stand over the picture */
  taken: readonly Box[];
}

const GRIP = 12; // pixels about a handle that no word takes
const NS = "http://www.w3.org/2000/svg";
const d = (points: Pixel[]) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
const line = (s: [Pixel, Pixel] | null) => (s ? d(s) : "");

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

/** Where the pit is gripped: each handle's pixel; from straight above its floor has none. */
function gripsOf({ pit, center }: { pit: Pit; center: Vec3 }, l: Pick<Lens, "project">, flat: boolean): [Handle, Pixel][] {
  const [u, v] = pitAxes(pit);
  const at: [Handle, Vec3][] = [
    ["east", add(center, scale(u, pit.width / 2))], ["west", add(center, scale(u, -pit.width / 2))],
    ["north", add(center, scale(v, pit.length / 2))], ["south", add(center, scale(v, -pit.length / 2))],
    ["move", center],
  ];
  if (!flat) at.push(["depth", add(center, [0, 0, -pit.depth])]);
  const middle = l.project(center);
  return at.flatMap(([name, where]): [Handle, Pixel][] => {
    const x = l.project(where);
    // seen from above the floor's handle would lie on that which moves the pit, and neither could be taken
    return !x || (name === "depth" && middle && Math.hypot(x[0] - middle[0], x[1] - middle[1]) < 28) ? [] : [[name, x]];
  });
}

/** The pit's brim and its handles. */
export function handles(p: { pit: Pit; center: Vec3 }, l: Pick<Lens, "project" | "segment">, flat = false): string {
  const { pit, center } = p;
  const corners = pitCorners(pit, center);
  let out = `<path class="brim" d="${corners.map((c, i) => line(l.segment(c, corners[(i + 1) % 4]))).join("")}"/>`;
  const stem = flat ? null : l.segment(center, add(center, [0, 0, -pit.depth]));
  if (stem) out += `<path class="stem" d="${d(stem)}"/>`;
  for (const [name, x] of gripsOf(p, l, flat)) {
    const glyph = name === "move" ? "M-5 0H5M0 -5V5" : name === "depth" ? "M0 -5V5M-3 2L0 5L3 2" : "M-3 -3L3 3M-3 3L3 -3";
    out += `<g class="handle" data-handle="${name}" transform="translate(${x[0].toFixed(1)} ${x[1].toFixed(1)})"><circle class="hit" r="22"/><circle class="knob" r="${name === "move" || name === "depth" ? 10 : 8}"/>${name === "move" || name === "depth" ? `<path d="${glyph}"/>` : ""}</g>`;
  }
  return out;
}

/** Where the pit's opening and its handles lie: no word there but the pole's. */
function pitBoxes(p: { pit: Pit; center: Vec3 }, l: Lens): Box[] {
  const at = pitCorners(p.pit, p.center).flatMap((c) => [c, add(c, [0, 0, -p.pit.depth])]).map((c) => l.project(c)).filter((x) => x !== null);
  const [xs, ys] = [at.map((x) => x[0]), at.map((x) => x[1])];
  return at.length < 2 ? [] : [[Math.min(...xs) - 12, Math.min(...ys) - 12, Math.max(...xs) + 12, Math.max(...ys) + 12]];
}

/** A chain of boxes along the selected, so that no word hides it. */
function markBoxes(m: Marked, l: Lens): Box[] {
  const out: Box[] = [];
  for (let i = 0; i < m.axis.length; i++) {
    const s = l.segment(m.axis[i], m.axis[i + 1] ?? m.axis[i]);
    if (!s) continue;
    const n = Math.min(60, Math.ceil(Math.hypot(s[1][0] - s[0][0], s[1][1] - s[0][1]) / 14));
    for (let k = 0; k <= n; k++) {
      const [x, y] = [0, 1].map((a) => s[0][a] + ((s[1][a] - s[0][a]) * k) / Math.max(1, n));
      out.push([x - 7, y - 7, x + 7, y + 7]);
    }
  }
  return out;
}

/** Signs, names and the pole. The pole may stand in the pit, beside its handles, where nothing else is written. */
export function wordsOf(s: Pick<Drawn, "pit" | "marked" | "pole" | "terrain" | "signs" | "streets" | "diving" | "words">, l: Lens, room: Room): string {
  if (s.pit) for (const [, [x, y]] of gripsOf(s.pit, l, false)) room.block([x - GRIP, y - GRIP, x + GRIP, y + GRIP]);
  if (s.marked) for (const box of markBoxes(s.marked, l)) room.block(box);
  const own = s.pole ? pole(s.pole, l, s.terrain, s.words.ground, room) : "";
  if (s.pit) for (const box of pitBoxes(s.pit, l)) room.block(box);
  return drawSigns(s.signs, l, room) + names(s.streets, l, s.diving ? 90 : 2600, room) + own;
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
      const room = openRoom(s.taken, l.width, l.height);
      let out = drawAxes(s.axes, l, s.terrain, s.depths) + envelopes(s.envelopes, l) + wordsOf(s, l, room);
      if (s.marked) out += shadow(s.marked, l, s.terrain) + outline(s.marked, l, "outline-under") + outline(s.marked, l, "outline");
      if (s.ruler) out += ruler(s.ruler, l, s.terrain, s.words.metres);
      if (s.part) {
        const edges = s.part.map(([a, b]) => line(l.segment(a, b))).join("");
        out += `<path class="part-under" d="${edges}"/><path class="part" d="${edges}"/>`;
      }
      const x = s.pivot && l.project(s.pivot);
      if (x) out += `<path class="pivot" d="M${x[0] - 9} ${x[1]}h18M${x[0]} ${x[1] - 9}v18"/><circle class="pivot" cx="${x[0]}" cy="${x[1]}" r="4"/>`;
      under.innerHTML = out;
      // while a grip is held its element must stay, so only its place changes
      const grip = s.pit ? handles(s.pit, l) : "";
      if (grip !== grips.innerHTML) grips.innerHTML = grip;
    },
  };
}
