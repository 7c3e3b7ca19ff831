// Districts as geometry: area, box, corners, and reading them from GeoJSON.
import type { Area, District, Ring } from "../api/types";

const EARTH = 6_371_007.2; // metres: the sphere of equal area (IUGG authalic radius)

/** Polygons of rings, whichever of the two it is. What is not there counts as none. */
export function polygonsOf(a: Area | undefined): Ring[][] {
  if (!a || !Array.isArray(a.coordinates)) return [];
  const all = (a.type === "Polygon" ? [a.coordinates] : a.coordinates) as unknown[];
  const places = (r: unknown) => (Array.isArray(r) ? r.filter((p) => Array.isArray(p) && Number.isFinite(p[0]) && Number.isFinite(p[1])) : []) as unknown as Ring;
  return all.filter(Array.isArray).map((p) => (p as unknown[]).map(places));
}

/** Signed area of a ring on the sphere, m² (Chamberlain and Duquette, JPL 07-03). */
function ringArea(r: Ring): number {
  let sum = 0;
  const k = Math.PI / 180;
  for (let i = 0; i < r.length; i++) {
    const [p, q] = [r[i], r[(i + 1) % r.length]];
    sum += (q[0] - p[0]) * k * (2 + Math.sin(p[1] * k) + Math.sin(q[1] * k));
  }
  return (sum * EARTH * EARTH) / 2;
}

/** Area in km²; holes do not count. */
export const areaOf = (a: Area | undefined): number =>
  polygonsOf(a).reduce((sum, rings) => sum + rings.reduce((s, r, i) => s + (i ? -1 : 1) * Math.abs(ringArea(r)), 0), 0) / 1e6;

const open = (r: Ring): Ring => (r.length > 1 && r[0][0] === r[r.length - 1][0] && r[0][1] === r[r.length - 1][1] ? r.slice(0, -1) : r);
export const cornersOf = (a: Area | undefined): number => polygonsOf(a).flat().reduce((n, r) => n + open(r).length, 0);

/** Rings without the corner that closes them, for the hand that moves corners. */
export const openRings = (a: Area | undefined): [number, number][][][] => polygonsOf(a).map((p) => p.map((r) => open(r).map((c): [number, number] => [c[0], c[1]])));

/** The area of open rings, closed as GeoJSON wants it, to a centimetre. */
export function closed(polygons: [number, number][][][]): Area {
  const ring = (r: [number, number][]): Ring => {
    const list = r.map(([x, y]): [number, number] => [Number(x.toFixed(7)), Number(y.toFixed(7))]);
    return list.length ? [...list, [...list[0]]] : [];
  };
  const all = polygons.map((p) => p.map(ring));
  return all.length === 1 ? { type: "Polygon", coordinates: all[0] } : { type: "MultiPolygon", coordinates: all };
}

/** West, south, east, north of areas; null where there is none. */
export function boxOf(areas: Area[]): [number, number, number, number] | null {
  const all = areas.flatMap((a) => polygonsOf(a).flat(2)) as unknown as [number, number][];
  if (!all.length) return null;
  const [x, y] = [all.map((p) => p[0]), all.map((p) => p[1])];
  return [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)];
}

interface Json { type?: string; geometry?: Json | null; features?: Json[]; geometries?: Json[]; properties?: Record<string, unknown> | null; coordinates?: unknown }

/** Districts of a GeoJSON text: each feature with a polygon, by its name; none where there is no polygon. */
export function fromGeojson(text: string, nameFor: (n: number) => string): District[] {
  const found: District[] = [];
  const take = (g: Json | null | undefined, name: string) => {
    if (!g) return;
    if (g.type === "GeometryCollection") return (g.geometries ?? []).forEach((x) => take(x, name));
    if (g.type !== "Polygon" && g.type !== "MultiPolygon") return;
    const flat = openRings({ type: g.type, coordinates: g.coordinates } as Area).filter((p) => p.some((r) => r.length));
    if (flat.length) found.push({ name: name || nameFor(found.length + 1), geometry: closed(flat) });
  };
  const walk = (j: Json | null | undefined) => {
    if (j?.type === "FeatureCollection") (j.features ?? []).forEach(walk);
    else if (j?.type === "Feature") take(j.geometry, String(j.properties?.name ?? j.properties?.NAME ?? j.properties?.["名称"] ?? ""));
    else take(j, "");
  };
  walk(JSON.parse(text) as Json | null);
  return found;
}
