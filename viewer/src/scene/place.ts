// Where the city lies: its local frame, the ground under it, and how far the camera may go from its middle.
import type { Catalog, GroundGrid } from "../api/types";
import { localFrame, type LocalFrame } from "./geodesy";
import type { Bounds } from "./motion";
import { terrain as makeTerrain, type Terrain } from "./terrain";
import type { Vec3 } from "./vector";

export interface Place {
  frame: LocalFrame; terrain: Terrain;
  /** west, south, east, north in degrees */
  extent: [number, number, number, number];
  /** height that stands for the ground where it is not known, m */
  reference: number;
  middle: Vec3;
  /** diagonal of the extent, m */
  size: number;
  bounds: Bounds;
}

const AROUND = 0.004; // degrees shown about a city that has no extent yet

export function placeOf(catalog: Catalog, ground: GroundGrid): Place {
  const f = catalog.frame;
  const center = f.center ?? [122.12, 37.51, 0];
  const frame = localFrame(center[0], center[1], f.separation);
  const terrain = makeTerrain(ground, frame, center[2]);
  const extent = f.extent ?? [center[0] - AROUND, center[1] - AROUND, center[0] + AROUND, center[1] + AROUND];
  const sw = frame.local(extent[0], extent[1], center[2]);
  const ne = frame.local(extent[2], extent[3], center[2]);
  const [x, y] = [(sw[0] + ne[0]) / 2, (sw[1] + ne[1]) / 2];
  const middle: Vec3 = [x, y, terrain.z(x, y)];
  const size = Math.max(120, Math.hypot(ne[0] - sw[0], ne[1] - sw[1]));
  return {
    frame, terrain, extent: extent as Place["extent"], reference: center[2], middle, size,
    bounds: { center: middle, radius: size * 1.1 + 300, ceiling: size * 1.8 + 400, ground: (u, v) => terrain.z(u, v) },
  };
}
