// Longitude, latitude, height ↔ earth-centred ↔ local metres (east, north, up) about the city's centre. Heights of the city are
// in its vertical datum; `separation` lifts them to the ellipsoid for display and nowhere else.
import { add, dot, scale, sub, type Vec3 } from "./vector";

const A = 6378137;
const F = 1 / 298.257223563;
const E2 = F * (2 - F);
const RAD = Math.PI / 180;

export function toEcef(lon: number, lat: number, height: number): Vec3 {
  const s = Math.sin(lat * RAD);
  const c = Math.cos(lat * RAD);
  const n = A / Math.sqrt(1 - E2 * s * s);
  return [(n + height) * c * Math.cos(lon * RAD), (n + height) * c * Math.sin(lon * RAD), (n * (1 - E2) + height) * s];
}

/** Inverse of toEcef by fixed-point steps; below 0.1 mm within 100 km of the surface. */
export function fromEcef(p: Vec3): [number, number, number] {
  const r = Math.hypot(p[0], p[1]);
  let lat = Math.atan2(p[2], r * (1 - E2));
  let h = 0;
  for (let i = 0; i < 6; i++) {
    const s = Math.sin(lat);
    const n = A / Math.sqrt(1 - E2 * s * s);
    h = r * Math.cos(lat) + p[2] * s - A * Math.sqrt(1 - E2 * s * s);
    lat = Math.atan2(p[2], r * (1 - (E2 * n) / (n + h)));
  }
  return [Math.atan2(p[1], p[0]) / RAD, lat / RAD, h];
}

export interface LocalFrame {
  origin: Vec3; east: Vec3; north: Vec3; up: Vec3;
  separation: number;
  /** local metres of a position whose height is in the vertical datum */
  local(lon: number, lat: number, height: number): Vec3;
  /** longitude, latitude, height in the vertical datum of a local position */
  position(p: Vec3): [number, number, number];
  ecef(p: Vec3): Vec3;
  direction(d: Vec3): Vec3;
  fromEcef(p: Vec3): Vec3;
  directionFromEcef(d: Vec3): Vec3;
}

export function localFrame(lon: number, lat: number, separation: number): LocalFrame {
  const origin = toEcef(lon, lat, separation);
  const [sl, cl, sp, cp] = [Math.sin(lon * RAD), Math.cos(lon * RAD), Math.sin(lat * RAD), Math.cos(lat * RAD)];
  const east: Vec3 = [-sl, cl, 0];
  const north: Vec3 = [-sp * cl, -sp * sl, cp];
  const up: Vec3 = [cp * cl, cp * sl, sp];
  const direction = (d: Vec3): Vec3 => add(add(scale(east, d[0]), scale(north, d[1])), scale(up, d[2]));
  const directionFromEcef = (d: Vec3): Vec3 => [dot(east, d), dot(north, d), dot(up, d)];
  const ecef = (p: Vec3) => add(origin, direction(p));
  const back = (p: Vec3) => directionFromEcef(sub(p, origin));
  return {
    origin, east, north, up, separation, direction, directionFromEcef, ecef, fromEcef: back,
    local: (x, y, h) => back(toEcef(x, y, h + separation)),
    position: (p) => {
      const [x, y, h] = fromEcef(ecef(p));
      return [x, y, h - separation];
    },
  };
}
