// The flat map's camera as plain arithmetic: a place in the middle, a scale, north up. Web Mercator, tiles drawn 512 pixels wide.
import type { View } from "../scene/view";

export const TILE = 512;
const AROUND_EQUATOR = 40_075_016.686; // metres, WGS 84
const RAD = Math.PI / 180;
const HALF_WIDE = Math.tan((58 * RAD) / 2); // of the scene's field of view along the longer side
export const LEAST_ZOOM = 3;
export const MOST_ZOOM = 22;

/** x and y of the middle, the world being 1 wide; zoom 0 shows it in 512 pixels. */
export interface Sheet { x: number; y: number; zoom: number }
export interface Size { width: number; height: number }

export function worldOf(lon: number, lat: number): [number, number] {
  const s = Math.sin(Math.max(-85, Math.min(85, lat)) * RAD);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)];
}

export function degreesOf(x: number, y: number): [number, number] {
  return [(x - 0.5) * 360, Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) / RAD];
}

export const scaleOf = (zoom: number): number => TILE * 2 ** zoom;

/** Metres on the ground that a pixel covers in the middle. */
export function metresPerPixel(s: Sheet): number {
  return (AROUND_EQUATOR * Math.cos(degreesOf(s.x, s.y)[1] * RAD)) / scaleOf(s.zoom);
}

export function zoomFor(metres: number, lat: number): number {
  return clampZoom(Math.log2((AROUND_EQUATOR * Math.cos(lat * RAD)) / (TILE * metres)));
}

export const clampZoom = (z: number): number => Math.max(LEAST_ZOOM, Math.min(MOST_ZOOM, z));

export function pixelOf(s: Sheet, size: Size, x: number, y: number): [number, number] {
  const k = scaleOf(s.zoom);
  return [size.width / 2 + (x - s.x) * k, size.height / 2 + (y - s.y) * k];
}

export function worldAt(s: Sheet, size: Size, px: number, py: number): [number, number] {
  const k = scaleOf(s.zoom);
  return [s.x + (px - size.width / 2) / k, s.y + (py - size.height / 2) / k];
}

/** Another zoom with the world's point under a pixel staying there. */
export function zoomAbout(s: Sheet, size: Size, px: number, py: number, zoom: number): Sheet {
  const [x, y] = worldAt(s, size, px, py);
  const k = scaleOf(clampZoom(zoom));
  return { x: x - (px - size.width / 2) / k, y: y - (py - size.height / 2) / k, zoom: clampZoom(zoom) };
}

/** The sheet that shows a box of degrees with a margin of pixels. */
export function sheetFor(box: readonly number[], size: Size, margin: number, most: number): Sheet {
  const [a, b] = [worldOf(box[0], box[3]), worldOf(box[2], box[1])];
  const [w, h] = [Math.max(64, size.width - 2 * margin), Math.max(64, size.height - 2 * margin)];
  const zoom = Math.log2(Math.min(w / Math.max(1e-12, b[0] - a[0]), h / Math.max(1e-12, b[1] - a[1])) / TILE);
  return { x: (a[0] + b[0]) / 2, y: (a[1] + b[1]) / 2, zoom: Math.min(most, clampZoom(zoom)) };
}

/** How far away an eye of the scene is when a pixel covers so many metres, m. */
export const awayFor = (metres: number, size: Size): number => (metres * Math.max(size.width, size.height)) / (2 * HALF_WIDE);
const metresFor = (away: number, size: Size): number => (away * 2 * HALF_WIDE) / Math.max(size.width, size.height);

const step = (lon: number, lat: number, heading: number, metres: number): [number, number] => [
  lon + (Math.sin(heading * RAD) * metres) / (111_319.49 * Math.cos(lat * RAD)),
  lat + (Math.cos(heading * RAD) * metres) / 110_950,
];

/** The sheet that shows what an eye of the scene looks at, as large; ground is the height there. Below the ground it is what lies above the eye. */
export function sheetOf(v: Omit<View, "belowGround">, ground: number, size: Size): Sheet {
  const above = v.height - ground;
  const pitch = Math.max(12, Math.min(90, -v.pitch));
  const away = above > 1 && v.pitch < 0 ? above / Math.sin(pitch * RAD) : 60;
  const ahead = above > 1 && v.pitch < 0 ? away * Math.cos(pitch * RAD) : 0;
  const [lon, lat] = step(v.lon, v.lat, v.heading, ahead);
  const [x, y] = worldOf(lon, lat);
  return { x, y, zoom: zoomFor(metresFor(away, size), lat) };
}

/** The eye that looks at the middle of the sheet under a heading and a pitch, as large. */
export function viewOf(s: Sheet, ground: number, size: Size, heading = 0, pitch = -90): View {
  const [lon, lat] = degreesOf(s.x, s.y);
  const down = Math.max(12, Math.min(90, -pitch));
  const away = awayFor(metresPerPixel(s), size);
  const [elon, elat] = step(lon, lat, heading, -away * Math.cos(down * RAD));
  return { lon: elon, lat: elat, height: ground + away * Math.sin(down * RAD), heading, pitch: -down, belowGround: false };
}

export interface TileKey { z: number; x: number; y: number }
export const FINEST = 18;
export const COARSEST = 8;

/** The first zoom at which every asset stands for itself, and from which a picture holds few enough of those tiles. */
const SINGLE = 14;
const SINGLE_FROM = 12;

/** The tiles that a sheet needs, those in the middle first; single asks for assets one by one, as far out as that can be. */
export function tilesFor(s: Sheet, size: Size, single = false): TileKey[] {
  const least = single && s.zoom >= SINGLE_FROM ? SINGLE : COARSEST;
  const z = Math.max(least, Math.min(FINEST, Math.round(s.zoom)));
  const n = 2 ** z;
  const [x0, y0] = worldAt(s, size, 0, 0);
  const [x1, y1] = worldAt(s, size, size.width, size.height);
  const out: TileKey[] = [];
  const cut = (v: number) => Math.max(0, Math.min(n - 1, Math.floor(v * n)));
  for (let y = cut(y0); y <= cut(y1); y++) for (let x = cut(x0); x <= cut(x1); x++) out.push({ z, x, y });
  const away = (t: TileKey) => Math.hypot((t.x + 0.5) / n - s.x, (t.y + 0.5) / n - s.y);
  return out.sort((a, b) => away(a) - away(b)).slice(0, 120);
}
