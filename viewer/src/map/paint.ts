// Draws the sheet: ground, streets, areas, tunnels and galleries, pipes, what stands at their ends, the pit, the selected asset.
import { palettes, type Theme } from "../scene/palette";
import type { Pit } from "../scene/view";
import { metresPerPixel, pixelOf, scaleOf, worldOf, type Sheet, type Size, type TileKey } from "./sheet";
import { EXTENT, trace, type Feature, type Tile } from "./tile";

export interface Placed { key: TileKey; tile: Tile; /** part of the picture that it fills, where that is not all of it */ only: TileKey | null }
export interface Marked { lines: [number, number][][]; point: boolean; area: boolean; width: number; color: string }
/** An asset with the room in which it may lie: its width and the accuracy to each side, m. */
export interface Room { lines: [number, number][][]; point: boolean; width: number; accuracy: number; color: string }
export interface Picture {
  sheet: Sheet; size: Size; theme: Theme; tiles: Placed[];
  /** of a feature or a bundle of them */
  color(of: { layer: string; color?: string | null }): string;
  visible(layer: string): boolean;
  shown(f: Feature): boolean;
  own(f: Feature): string | null;
  /** lines of one width and small points, whatever their size */
  symbols: boolean;
  envelopes: Room[];
  marked: Marked | null;
  pit: Pit | null;
}

const LEAST_LINE = 1.5; // pixels

const SYMBOL_LINE = 3.4; // pixels

/** Pixels that a feature is wide, as it is or in symbols. */
export function pixelsWide(kind: string, metres: number, perMetre: number, symbols = false): number {
  if (symbols) return kind === "node" ? 4 : kind === "chamber" ? 7 : SYMBOL_LINE;
  if (kind === "node") return Math.max(4, metres * perMetre);
  if (kind === "chamber") return Math.max(7, metres * perMetre);
  return Math.max(LEAST_LINE, metres * perMetre);
}

/** Placement of a tile: pixels a unit, and where its corner is. */
export function placement(s: Sheet, size: Size, key: TileKey): { unit: number; left: number; top: number } {
  const n = 2 ** key.z;
  const [left, top] = pixelOf(s, size, key.x / n, key.y / n);
  return { unit: scaleOf(s.zoom) / n / EXTENT, left, top };
}

export function paint(c: CanvasRenderingContext2D, p: Picture): void {
  const ratio = c.canvas.width / p.size.width;
  const colors = palettes[p.theme];
  const perMetre = 1 / metresPerPixel(p.sheet);
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.fillStyle = colors.ground;
  c.fillRect(0, 0, p.size.width, p.size.height);
  c.lineJoin = c.lineCap = "round";

  const each = (draw: (t: Tile, unit: number) => void, clip = false) => {
    for (const { key, tile, only } of p.tiles) {
      const { unit, left, top } = placement(p.sheet, p.size, key);
      c.save();
      c.setTransform(ratio, 0, 0, ratio, 0, 0);
      if (only || clip) {
        const o = placement(p.sheet, p.size, only ?? key);
        c.beginPath();
        c.rect(o.left, o.top, o.unit * EXTENT, o.unit * EXTENT);
        c.clip();
      }
      c.setTransform(ratio * unit, 0, 0, ratio * unit, ratio * left, ratio * top);
      draw(tile, unit);
      c.restore();
    }
  };
  streets(c, p, each, perMetre);
  each((t, unit) => areas(c, p, t, unit), true);
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (p.pit) floor(c, p, p.pit);
  envelopes(c, p, perMetre);
  each((t, unit) => lines(c, p, t, unit, perMetre, true), true);
  each((t, unit) => lines(c, p, t, unit, perMetre, false));
  each((t, unit) => points(c, p, t, unit, perMetre));
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (p.pit) ghost(c, p, p.pit);
  if (p.marked) outline(c, p, p.marked, perMetre);
}

type Each = (draw: (t: Tile, unit: number) => void, clip?: boolean) => void;

function streets(c: CanvasRenderingContext2D, p: Picture, each: Each, perMetre: number): void {
  const colors = palettes[p.theme];
  const least: Record<string, number> = { main: 3, secondary: 2 };
  for (const casing of [true, false]) {
    each((t, unit) => {
      for (const s of t.streets) {
        const wide = Math.max(least[s.class] ?? 1.2, (s.width || 7) * perMetre);
        if (casing && wide < 4) continue;
        c.strokeStyle = casing ? colors.kerb : colors.street;
        c.globalAlpha = casing ? 0.45 : 1;
        c.lineWidth = (casing ? wide + 1.6 : wide) / unit;
        c.stroke(s.path);
      }
    });
  }
}

function areas(c: CanvasRenderingContext2D, p: Picture, t: Tile, unit: number): void {
  for (const f of t.features) {
    if (!f.area || !p.visible(f.layer) || !p.shown(f)) continue;
    const path = new Path2D();
    trace(path, f.parts, true);
    c.fillStyle = c.strokeStyle = p.color({ layer: f.layer, color: p.own(f) });
    c.globalAlpha = 0.22;
    c.fill(path);
    c.globalAlpha = 0.9;
    c.lineWidth = 1.5 / unit;
    c.setLineDash(f.assumed ? [6 / unit, 4 / unit] : []);
    c.stroke(path);
  }
}

/** Wide things below (with a rim, so that what runs inside is seen), pipes above. */
function lines(c: CanvasRenderingContext2D, p: Picture, t: Tile, unit: number, perMetre: number, wide: boolean): void {
  for (const [layer, list] of t.bundles) {
    if (!p.visible(layer)) continue;
    for (const b of list) {
      const color = p.color(b);
      const hollow = b.width >= 2.5;
      if (hollow !== wide) continue;
      const px = pixelsWide("segment", b.width, perMetre, p.symbols);
      c.strokeStyle = color;
      c.setLineDash(b.dashed ? [Math.max(5, px * 1.6) / unit, Math.max(4, px * 1.4) / unit] : []);
      c.lineCap = b.dashed || hollow ? "butt" : "round";
      if (hollow && px > 5) {
        c.globalAlpha = 0.28;
        c.lineWidth = px / unit;
        c.stroke(b.path);
        c.globalAlpha = 1;
        c.lineWidth = 1.5 / unit;
        c.stroke(b.path);
        continue;
      }
      c.globalAlpha = 1;
      c.lineWidth = px / unit;
      c.stroke(b.path);
    }
  }
  c.setLineDash([]);
  c.lineCap = "round";
}

function points(c: CanvasRenderingContext2D, p: Picture, t: Tile, unit: number, perMetre: number): void {
  const back = palettes[p.theme].background;
  for (const kind of ["node", "chamber"]) {
    for (const f of t.features) {
      if (f.kind !== kind || !p.visible(f.layer) || !p.shown(f)) continue;
      const [x, y] = f.parts[0];
      const r = pixelsWide(f.kind, f.width, perMetre, p.symbols) / 2 / unit;
      c.fillStyle = c.strokeStyle = p.color({ layer: f.layer, color: p.own(f) });
      c.globalAlpha = 1;
      c.beginPath();
      if (kind === "chamber") {
        c.arc(x, y, r, 0, 2 * Math.PI);
        c.fillStyle = back;
        c.fill();
        c.lineWidth = 1.6 / unit;
        c.setLineDash(f.assumed ? [3 / unit, 2 / unit] : []);
        c.stroke();
        c.setLineDash([]);
      } else if (f.symbol.includes("valve") || f.symbol === "gate" || f.symbol === "blow_off") {
        const s = Math.max(5 / unit, r);
        c.moveTo(x - s, y - 0.7 * s);
        c.lineTo(x + s, y + 0.7 * s);
        c.lineTo(x + s, y - 0.7 * s);
        c.lineTo(x - s, y + 0.7 * s);
        c.closePath();
        c.fill();
      } else if (f.symbol === "hydrant") {
        c.arc(x, y, 5 / unit, 0, 2 * Math.PI);
        c.fill();
        c.fillStyle = back;
        c.beginPath();
        c.arc(x, y, 2 / unit, 0, 2 * Math.PI);
        c.fill();
      } else if (f.symbol === "gully" || f.symbol === "cabinet" || f.symbol === "station") {
        c.fillRect(x - 4 / unit, y - 3 / unit, 8 / unit, 6 / unit);
      } else {
        c.arc(x, y, Math.min(r, 4 / unit), 0, 2 * Math.PI);
        c.fill();
      }
    }
  }
}

/** Corners of a pit, degrees. */
export function pitCorners(pit: Pit): [number, number][] {
  const a = (pit.turn * Math.PI) / 180;
  return [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([u, v]) => {
    const [x, y] = [(u * pit.width) / 2, (v * pit.length) / 2];
    const [e, n] = [x * Math.cos(a) + y * Math.sin(a), -x * Math.sin(a) + y * Math.cos(a)];
    return [pit.lon + e / (111_319.49 * Math.cos((pit.lat * Math.PI) / 180)), pit.lat + n / 110_950];
  });
}

function mouth(c: CanvasRenderingContext2D, p: Picture, pit: Pit): void {
  pitCorners(pit).forEach(([lon, lat], i) => c[i ? "lineTo" : "moveTo"](...pixelOf(p.sheet, p.size, ...worldOf(lon, lat))));
  c.closePath();
}

/** The pit's floor, below what lies in it. */
function floor(c: CanvasRenderingContext2D, p: Picture, pit: Pit): void {
  c.beginPath();
  mouth(c, p, pit);
  c.globalAlpha = 1;
  c.fillStyle = palettes[p.theme].floor;
  c.fill();
}

/** Bright inside, ghosted outside, as in the scene. */
function ghost(c: CanvasRenderingContext2D, p: Picture, pit: Pit): void {
  const colors = palettes[p.theme];
  c.beginPath();
  c.rect(0, 0, p.size.width, p.size.height);
  mouth(c, p, pit);
  c.globalAlpha = 0.6;
  c.fillStyle = colors.ground;
  c.fill("evenodd");
  c.beginPath();
  mouth(c, p, pit);
  c.globalAlpha = 1;
  c.strokeStyle = colors.metre;
  c.lineWidth = 2;
  c.stroke();
}

function envelopes(c: CanvasRenderingContext2D, p: Picture, perMetre: number): void {
  c.lineCap = "round";
  for (const e of p.envelopes) {
    const wide = (e.width + 2 * e.accuracy) * perMetre;
    c.strokeStyle = c.fillStyle = e.color;
    c.globalAlpha = 0.22;
    c.lineWidth = wide;
    c.beginPath();
    if (e.point) {
      c.arc(...pixelOf(p.sheet, p.size, ...worldOf(...e.lines[0][0])), wide / 2, 0, 2 * Math.PI);
      c.fill();
      continue;
    }
    for (const part of e.lines) part.forEach(([lon, lat], i) => c[i ? "lineTo" : "moveTo"](...pixelOf(p.sheet, p.size, ...worldOf(lon, lat))));
    c.stroke();
  }
  c.globalAlpha = 1;
}

function outline(c: CanvasRenderingContext2D, p: Picture, m: Marked, perMetre: number): void {
  const [line, halo] = p.theme === "dark" ? ["#FFFFFF", "#0B1017"] : ["#14202B", "#F5F7F9"];
  const wide = pixelsWide("segment", m.width, perMetre, p.symbols);
  const path = new Path2D();
  for (const part of m.lines) part.forEach(([lon, lat], i) => path[i ? "lineTo" : "moveTo"](...pixelOf(p.sheet, p.size, ...worldOf(lon, lat))));
  c.globalAlpha = 1;
  if (m.point) {
    const [x, y] = pixelOf(p.sheet, p.size, ...worldOf(...m.lines[0][0]));
    for (const [color, w] of [[halo, 5], [line, 2.2]] as const) {
      c.beginPath();
      c.arc(x, y, Math.max(9, wide / 2 + 4), 0, 2 * Math.PI);
      c.strokeStyle = color;
      c.lineWidth = w;
      c.stroke();
    }
    return;
  }
  if (m.area) path.closePath();
  const around: [string, number][] = m.area ? [[halo, 5], [line, 2.2]] : [[halo, wide + 10], [line, wide + 6], [m.color, wide + 1]];
  c.lineCap = "round";
  for (const [color, w] of around) {
    c.strokeStyle = color;
    c.lineWidth = w;
    c.stroke(path);
  }
}
