// A vector tile as the map keeps it: lines gathered by how they are drawn, points and areas one by one, and everything once more for the pointer.
import { isDashed } from "../scene/marks";
import { VectorTile } from "@mapbox/vector-tile";
import Pbf from "pbf";

export const EXTENT = 4096;

/** One asset in one tile. */
export interface Feature {
  /** empty for a run of many */
  id: string;
  layer: string; kind: string; symbol: string;
  /** metres; 0 where the tile does not say */
  width: number;
  /** least cover, m, null where it is not known */
  cover: number | null;
  /** clear width, m; year; null where they are not known */
  diameter: number | null; installed: number | null;
  /** codes of the catalogue, empty where they are not known */
  material: string; quality: string;
  assumed: boolean;
  area: boolean;
  /** x and y in units of the tile, part by part */
  parts: Float32Array[];
  /** min x, min y, max x, max y */
  box: [number, number, number, number];
}

/** Lines that are drawn alike; color is that of the class, null is that of the layer. */
export interface Bundle { layer: string; color: string | null; width: number; dashed: boolean; path: Path2D }

/** What is shown, and in which colour where that is not the layer's. */
export interface Choice { shown(f: Feature): boolean; color(f: Feature): string | null }
export interface StreetBundle { class: string; width: number; path: Path2D }

export interface Tile { features: Feature[]; streets: StreetBundle[]; bundles: Map<string, Bundle[]> }

const text = (v: unknown): string => (typeof v === "string" ? v : "");
const number = (v: unknown): number | null => (typeof v === "number" ? v : null);

function partsOf(geometry: { x: number; y: number }[][]): Float32Array[] {
  return geometry.map((part) => {
    const out = new Float32Array(part.length * 2);
    part.forEach((p, i) => { out[2 * i] = p.x; out[2 * i + 1] = p.y; });
    return out;
  });
}

export function boxOf(parts: Float32Array[]): Feature["box"] {
  const b: Feature["box"] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const p of parts) {
    for (let i = 0; i < p.length; i += 2) {
      b[0] = Math.min(b[0], p[i]);
      b[1] = Math.min(b[1], p[i + 1]);
      b[2] = Math.max(b[2], p[i]);
      b[3] = Math.max(b[3], p[i + 1]);
    }
  }
  return b;
}

export function trace(path: Path2D, parts: Float32Array[], closed = false): void {
  for (const p of parts) {
    path.moveTo(p[0], p[1]);
    for (let i = 2; i < p.length; i += 2) path.lineTo(p[i], p[i + 1]);
    if (closed) path.closePath();
  }
}

/** Widths that look the same are drawn at once: to 10 cm below 2 m, to half a metre above. */
export const widthClass = (w: number): number => (w < 2 ? Math.ceil(w * 10) / 10 : Math.ceil(w * 2) / 2);

export function readTile(bytes: ArrayBuffer): { features: Feature[]; streets: { class: string; width: number; parts: Float32Array[] }[] } {
  const out: ReturnType<typeof readTile> = { features: [], streets: [] };
  if (!bytes.byteLength) return out;
  const tile = new VectorTile(new Pbf(new Uint8Array(bytes)));
  for (const [name, layer] of Object.entries(tile.layers)) {
    for (let i = 0; i < layer.length; i++) {
      const f = layer.feature(i);
      const p = f.properties;
      const parts = partsOf(f.loadGeometry());
      if (name === "street") {
        out.streets.push({ class: text(p.class), width: number(p.width) ?? 0, parts });
        continue;
      }
      out.features.push({
        id: text(p.id), layer: text(p.layer), kind: text(p.kind) || name, symbol: text(p.symbol), width: number(p.width) ?? 0, cover: number(p.cover),
        diameter: number(p.diameter), installed: number(p.installed), material: text(p.material), quality: text(p.quality),
        assumed: isDashed(text(p.assumed).split(",")), area: f.type === 3, parts, box: boxOf(parts),
      });
    }
  }
  return out;
}

/** Gathers what is drawn alike, of what is chosen. */
export function bundle(features: Feature[], { shown, color }: Choice): Map<string, Bundle[]> {
  const all = new Map<string, Bundle>();
  const byLayer = new Map<string, Bundle[]>();
  for (const f of features) {
    if (f.area || f.kind === "node" || f.kind === "chamber" || !shown(f)) continue;
    const width = widthClass(f.width);
    const own = color(f);
    const key = `${f.layer} ${width} ${f.assumed} ${own}`;
    let b = all.get(key);
    if (!b) {
      b = { layer: f.layer, color: own, width, dashed: f.assumed, path: new Path2D() };
      all.set(key, b);
      const list = byLayer.get(f.layer);
      if (list) list.push(b);
      else byLayer.set(f.layer, [b]);
    }
    trace(b.path, f.parts);
  }
  return byLayer;
}

export function makeTile(bytes: ArrayBuffer, choice: Choice): Tile {
  const { features, streets } = readTile(bytes);
  const roads = new Map<string, StreetBundle>();
  for (const s of streets) {
    const key = `${s.class} ${s.width}`;
    let b = roads.get(key);
    if (!b) roads.set(key, (b = { class: s.class, width: s.width, path: new Path2D() }));
    trace(b.path, s.parts);
  }
  return { features, streets: [...roads.values()], bundles: bundle(features, choice) };
}
