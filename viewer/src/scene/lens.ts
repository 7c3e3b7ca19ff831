// From local metres to pixels and back, as the eye stands now.
import type { Pose } from "./motion";
import { right } from "./motion";
import { add, cross, dot, mix, normalize, scale, sub, type Vec3 } from "./vector";

export type Pixel = [number, number];

export interface Lens {
  pose: Pose; width: number; height: number;
  /** half the field of view's tangent, vertically */
  tan: number;
  /** metres a pixel covers at distance 1 m */
  pixel: number;
  project(p: Vec3): Pixel | null;
  /** the part of a line that lies before the eye */
  segment(a: Vec3, b: Vec3): [Pixel, Pixel] | null;
  ray(x: number, y: number): Vec3;
  depth(p: Vec3): number;
}

const NEAR = 0.1;

export function lens(pose: Pose, width: number, height: number, fovy: number): Lens {
  const tan = Math.tan(fovy / 2);
  const side = right(pose);
  const up = normalize(cross(side, pose.direction));
  const depth = (p: Vec3) => dot(sub(p, pose.position), pose.direction);
  const flat = (p: Vec3): Pixel => {
    const d = sub(p, pose.position);
    const z = dot(d, pose.direction);
    const f = height / 2 / tan / z;
    return [width / 2 + dot(d, side) * f, height / 2 - dot(d, up) * f];
  };
  return {
    pose, width, height, tan, depth, pixel: (2 * tan) / height,
    project: (p) => (depth(p) > NEAR ? flat(p) : null),
    segment(a, b) {
      const [da, db] = [depth(a), depth(b)];
      if (da <= NEAR && db <= NEAR) return null;
      const from = da > NEAR ? a : mix(a, b, (NEAR - da) / (db - da) + 1e-6);
      const to = db > NEAR ? b : mix(b, a, (NEAR - db) / (da - db) + 1e-6);
      return [flat(from), flat(to)];
    },
    ray(x, y) {
      const u = ((x - width / 2) / (height / 2)) * tan;
      const v = ((height / 2 - y) / (height / 2)) * tan;
      return normalize(add(pose.direction, add(scale(side, u), scale(up, v))));
    },
  };
}
