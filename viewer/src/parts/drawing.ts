// The cross-section of a line and the upright section of a manhole, drawn to scale with their measures. What is assumed is dashed and marked ▨.
import type { Asset, Connection, Part, SectionProfile } from "../api/types";
import { t } from "../i18n";
import { elevation, metres, millimetres } from "../i18n/format";
import { keyOf, upright, type Upright } from "./logic";
import { sheet, type Point, type Sheet } from "./svg";

const WIDTH = 312; // of the panel's column, pixels
const short = (v: number): string => (v < 1.995 ? millimetres(v) : metres(v));
const loop = (l: readonly { x: number; y: number }[]): Point[] => l.map((p) => [p.x, p.y]);
const within = (a: Asset, ...keys: string[]) => (a.assumed ?? []).some((k) => keys.some((x) => k === x || k.startsWith(`${x}.`) || k.endsWith(`.${x}`)));

function bounds(points: readonly Point[]): [Point, Point] {
  const [xs, ys] = [points.map((p) => p[0]), points.map((p) => p[1])];
  return [[Math.min(...xs), Math.min(...ys)], [Math.max(...xs), Math.max(...ys)]];
}

/** What lies in the walls: the parts that a cross-section cuts, in the order of its clear spaces. */
const spaces = (parts: readonly Part[]) => parts.filter((p) => ["compartment", "duct", "bore", "tube"].includes(p.name));

export function crossSection(a: Asset, profiles: readonly SectionProfile[], parts: readonly Part[], marked: string | null): SVGSVGElement | null {
  if (!profiles.length) return null;
  const [low, high] = bounds(profiles.flatMap((p) => loop(p.outer)));
  const s = a.section ?? {};
  const known = typeof s.diameter === "number" || typeof s.width === "number" || typeof s.height === "number" || a.kind === "bridge";
  const assumed = !known || within(a, "section", "diameter", "width", "height");
  const wall = typeof s.wall === "number" ? s.wall : null;
  const v = sheet(low, high, WIDTH, 230, { left: 46, right: 78, top: 14, bottom: 46 });
  const cls = assumed ? "assumed-line" : "";
  const sign = assumed ? "▨ " : "";
  let body = "";
  const rooms = spaces(parts);
  let n = 0;
  for (const p of profiles) {
    body += `<path class="wall ${cls}" fill-rule="evenodd" d="${[p.outer, ...p.bores].map((l) => v.path(loop(l))).join("")}"/>`;
    if (!p.bores.length) body = body.replace('class="wall', 'class="wall whole');
    for (const b of p.bores) {
      const room = rooms[n++];
      const on = room && keyOf(room) === marked;
      body += `<path class="clear ${cls}${on ? " on" : ""}" data-part="${room ? keyOf(room) : ""}" d="${v.path(loop(b))}"/>`;
      body += label(v, loop(b), room);
    }
  }
  const clear = profiles.length === 1 && profiles[0].bores.length === 1 ? bounds(loop(profiles[0].bores[0])) : null;
  const round = typeof s.diameter === "number";
  const [cl, ch] = clear ?? [low, high];
  body += v.across([cl[0], low[1]], [ch[0], low[1]], 12, `${sign}${round || assumed && !known ? "⌀ " : ""}${short(ch[0] - cl[0])}`, cls);
  if (!round && ch[1] - cl[1] > 0) body += v.upwards([high[0], cl[1]], [high[0], ch[1]], 12, `${sign}${short(ch[1] - cl[1])}`, cls);
  if (clear && wall) body += v.across([ch[0], high[1]], [high[0], high[1]], -4, "", "") + v.text([v.at(high)[0] + 8, v.at(high)[1] + 2], `${t("wall")} ${short(wall)}`, "start");
  const svg = v.finish(body, t("sectionDrawing"));
  return svg;
}

function label(v: Sheet, l: readonly Point[], room: Part | undefined): string {
  const [low, high] = bounds(l);
  const words = room?.label ?? (room?.use || "");
  const width = (high[0] - low[0]) * v.scale;
  const c = v.at([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2]);
  if (!words || width < 26) return "";
  const most = Math.max(2, Math.floor(width / 11));
  return v.text([c[0], c[1] + 4], words.length > most ? `${words.slice(0, most - 1)}…` : words);
}

/** Keeps words apart: each as near to its wish as those before it allow. */
export function apart(wishes: readonly number[], gap: number): number[] {
  const order = wishes.map((_, i) => i).sort((i, j) => wishes[i] - wishes[j]);
  const out = [...wishes];
  let last = -Infinity;
  for (const i of order) {
    out[i] = Math.max(wishes[i], last + gap);
    last = out[i];
  }
  return out;
}

export function manholeSection(a: Asset, parts: readonly Part[], connections: readonly Connection[], marked: string | null): SVGSVGElement | null {
  const u = upright(a, parts, connections);
  if (!u) return null;
  const widest = Math.max(u.lid, ...u.layers.map((l) => l.width));
  const half = widest / 2 + u.wall;
  const low = Math.min(u.bottom, ...u.stubs.map((x) => x.invert)) - u.wall;
  const reach = Math.max(0.35 * (u.top - low), half * 0.7, 0.3);
  const v = sheet([-half - reach, low], [half + reach, u.top], WIDTH, 330, { left: 62, right: 62, top: 26, bottom: 30 });
  return v.finish(ground(v, u, half + reach) + body(v, u, marked) + stubs(v, u, half, reach) + heights(v, u, half), t("uprightDrawing"));
}

const ground = (v: Sheet, u: Upright, x: number): string => `<path class="ground-line" d="${v.path([[-x, u.top], [x, u.top]], false)}"/>` + v.text([v.at([-x, u.top])[0], v.at([-x, u.top])[1] - 6], elevation(u.top), "start");

function body(v: Sheet, u: Upright, marked: string | null): string {
  let out = "";
  u.layers.forEach((l, i) => {
    const [top, foot] = [l.above / 2, l.width / 2];
    const cls = `${u.sizeKnown ? "" : " assumed-line"}${marked === `${l.name}.${i}` ? " on" : ""}`;
    const w = Math.max(u.wall, 2.5 / v.scale);
    for (const s of [-1, 1]) out += `<path class="wall${u.wall > 0 ? "" : " whole"}${u.sizeKnown ? "" : " assumed-line"}" d="${v.path([[s * top, l.high], [s * (top + w), l.high], [s * (foot + w), l.low], [s * foot, l.low]])}"/>`;
    out += `<path class="clear${cls}" d="${v.path([[-top, l.high], [top, l.high], [foot, l.low], [-foot, l.low]])}"/>`;
    const above = i > 0 ? u.layers[i - 1].width / 2 : u.lid / 2;
    if (top > above + 0.01) for (const s of [-1, 1]) out += `<path class="wall${u.wall > 0 ? "" : " whole"}" d="${v.path([[s * above, l.high], [s * (top + w), l.high], [s * (top + w), l.high - w], [s * above, l.high - w]])}"/>`;
  });
  const last = u.layers[u.layers.length - 1];
  const slab = Math.max(u.wall, 2.5 / v.scale);
  out += `<path class="wall${u.wall > 0 ? "" : " whole"}${u.bottomKnown ? "" : " assumed-line"}" d="${v.path([[-last.width / 2 - u.wall, u.bottom], [last.width / 2 + u.wall, u.bottom], [last.width / 2 + u.wall, u.bottom - slab], [-last.width / 2 - u.wall, u.bottom - slab]])}"/>`;
  const rise = 3 / v.scale;
  return out + `<path class="lid" d="${v.path([[-u.lid / 2, u.top + rise], [u.lid / 2, u.top + rise], [u.lid / 2, u.top - rise], [-u.lid / 2, u.top - rise]])}"/>`;
}

/** Pipes at their inverts: what comes in at the left, what goes out at the right; a drop is measured down to the way out. */
function stubs(v: Sheet, u: Upright, half: number, reach: number): string {
  let out = "";
  let drop = ""; // over the pipes; of several the first
  for (const side of [-1, 1] as const) {
    const list = u.stubs.filter((x) => x.side === side);
    const y = apart(list.map((x) => v.at([0, x.invert])[1] + 4), 26);
    list.forEach((x, i) => {
      const cls = x.assumed ? " assumed-line" : "";
      const size = Math.max(x.size, 3 / v.scale);
      const [near, far] = [side * (half - u.wall - 0.02), side * (half + reach * 0.72)];
      out += `<path class="stub${cls}" d="${v.path([[near, x.invert], [far, x.invert], [far, x.invert + size], [near, x.invert + size]])}"/>`;
      const at: Point = [v.at([side * (half + reach), 0])[0] + side * 4, y[i]];
      const anchor = side < 0 ? "end" : "start";
      out += v.text([at[0], at[1] - 6], x.assumed ? `▨ ${t("unknown")}` : elevation(x.invert), anchor, cls);
      out += v.text([at[0], at[1] + 7], x.asset.length > 11 ? `…${x.asset.slice(-10)}` : x.asset, anchor, "id");
      if (x.drop !== null && !drop) {
        const p = v.at([side * half * 0.55, x.invert]);
        const q = v.at([side * half * 0.55, x.invert - x.drop]);
        drop = `<path class="drop-line" d="M${p[0]} ${p[1]}V${q[1]}m-3 -5l3 5l3 -5"/>` + v.text([p[0] + 5, (p[1] + q[1]) / 2 + 4], `↓ ${metres(x.drop)}`, "start", "drop-word");
      }
    });
  }
  return out + drop;
}

function heights(v: Sheet, u: Upright, half: number): string {
  const last = u.layers[u.layers.length - 1];
  const foot = v.at([0, u.bottom]);
  const cls = u.sizeKnown ? "" : "assumed-line";
  return v.across([-last.width / 2, u.bottom - u.wall], [last.width / 2, u.bottom - u.wall], 8, `${u.sizeKnown ? "" : "▨ "}${short(last.width)}`, cls)
    + v.text([foot[0] - (last.width / 2 + u.wall) * v.scale - 8, foot[1] + 20], u.bottomKnown ? elevation(u.bottom) : `▨ ${t("bottomUnknown")}`, "end", u.bottomKnown ? "" : "assumed-line")
    + v.upwards([half, u.top], [half, u.bottom], 6, `${u.bottomKnown ? "" : "▨ "}${metres(u.top - u.bottom)}`, u.bottomKnown ? "" : "assumed-line");
}
