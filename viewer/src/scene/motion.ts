// How the camera moves, as plain arithmetic in local metres: everything turns or slides about a point that keeps its pixel.
import { add, clamp, cross, dot, length, mix, normalize, rotate, scale, sub, type Vec3 } from "./vector";

export interface Pose { position: Vec3; direction: Vec3; up: Vec3 }

export interface Bounds {
  /** half width of where the camera may be, about the centre, m */
  center: Vec3; radius: number;
  /** highest the camera may rise above the ground, m */
  ceiling: number;
  ground(x: number, y: number): number;
}

export const CLEARANCE = 0.5;
const UP: Vec3 = [0, 0, 1];
const RAD = Math.PI / 180;

export const right = (p: Pose): Vec3 => normalize(cross(p.direction, p.up));

/** A pose without roll that looks along heading (clockwise from north) and pitch (negative is down), degrees. */
export function look(position: Vec3, heading: number, pitch: number): Pose {
  const h = heading * RAD;
  const p = clamp(pitch, -89.9, 89.9) * RAD;
  const direction: Vec3 = [Math.sin(h) * Math.cos(p), Math.cos(h) * Math.cos(p), Math.sin(p)];
  const side: Vec3 = [Math.cos(h), -Math.sin(h), 0];
  return { position, direction, up: normalize(cross(side, direction)) };
}

export function angles(p: Pose): { heading: number; pitch: number } {
  const side = right(p);
  const heading = Math.atan2(-side[1], side[0]) / RAD;
  return { heading: (heading + 360) % 360, pitch: Math.asin(clamp(p.direction[2], -1, 1)) / RAD };
}

/** Pose at `distance` from target, seen along heading and pitch. */
export function facing(target: Vec3, heading: number, pitch: number, distance: number): Pose {
  const p = look(target, heading, pitch);
  return { ...p, position: sub(target, scale(p.direction, distance)) };
}

function turn(p: Pose, pivot: Vec3, axis: Vec3, angle: number): Pose {
  return {
    position: add(pivot, rotate(sub(p.position, pivot), axis, angle)),
    direction: rotate(p.direction, axis, angle),
    up: rotate(p.up, axis, angle),
  };
}

/** Turns the camera rigidly about the pivot, so the pivot keeps its pixel; yaw and tilt in radians. */
export function orbit(p: Pose, pivot: Vec3, yaw: number, tilt: number, below: boolean): Pose {
  const turned = turn(p, pivot, UP, -yaw);
  const { pitch } = angles(turned);
  const wanted = clamp(pitch - tilt / RAD, -89.5, below ? 75 : -2);
  // a pose already beyond the limit may stay, but not go further
  const to = pitch > -2 && !below ? Math.min(wanted, pitch) : wanted;
  return turn(turned, pivot, right(turned), (to - pitch) * RAD);
}

/** Slides the camera so that the grabbed point lies under the ray again; level above ground, in the view's plane when it sees no level. */
export function drag(p: Pose, grabbed: Vec3, ray: Vec3, level: boolean): Pose {
  const normal: Vec3 = level && Math.abs(ray[2]) > 0.04 ? UP : p.direction;
  const along = dot(ray, normal);
  if (Math.abs(along) < 1e-6) return p;
  const t = dot(sub(grabbed, p.position), normal) / along;
  if (t <= 0) return p;
  const move = sub(grabbed, add(p.position, scale(ray, t)));
  const reach = Math.max(4 * length(sub(grabbed, p.position)), 10);
  const l = length(move);
  return { ...p, position: add(p.position, l > reach ? scale(move, reach / l) : move) };
}

/** Comes nearer to (factor < 1) or away from the target along the line to it, so that the target keeps its pixel. */
export function zoom(p: Pose, target: Vec3, factor: number, nearest: number): Pose {
  const away = sub(p.position, target);
  const d = length(away);
  if (d < 1e-6) return p;
  const to = factor < 1 ? Math.min(d, Math.max(nearest, d * factor)) : d * factor;
  return { ...p, position: add(target, scale(away, to / d)) };
}

/** Whether the pose lies where a camera may be. */
export function allowed(p: Pose, b: Bounds, below: boolean): boolean {
  const ground = b.ground(p.position[0], p.position[1]);
  const z = p.position[2] - ground;
  const flat = Math.hypot(p.position[0] - b.center[0], p.position[1] - b.center[1]);
  if (flat > b.radius || z > b.ceiling) return false;
  return below ? z <= -0.3 && z >= -80 : z >= CLEARANCE;
}

/** The nearest allowed pose: moved, never turned. */
export function keep(p: Pose, b: Bounds, below: boolean): Pose {
  let [x, y, z] = p.position;
  const [dx, dy] = [x - b.center[0], y - b.center[1]];
  const flat = Math.hypot(dx, dy);
  if (flat > b.radius) [x, y] = [b.center[0] + (dx * b.radius) / flat, b.center[1] + (dy * b.radius) / flat];
  const ground = b.ground(x, y);
  z = below ? clamp(z, ground - 80, ground - 0.3) : clamp(z, ground + CLEARANCE, ground + b.ceiling);
  return { ...p, position: [x, y, z] };
}

/** Takes the step from a to b, or as much of its turn as stays allowed: a rigid turn that leaves the room is not taken. */
export function step(a: Pose, b: Pose, bounds: Bounds, below: boolean): Pose {
  return allowed(b, bounds, below) || !allowed(a, bounds, below) ? b : a;
}

/** Between two poses, t from 0 to 1, rising in the middle of a long way so that one sees where one goes. */
export function between(a: Pose, b: Pose, t: number): Pose {
  const s = t * t * (3 - 2 * t);
  const from = angles(a);
  const to = angles(b);
  const swing = ((to.heading - from.heading + 540) % 360) - 180;
  const way = length(sub(b.position, a.position));
  const lift = way > 150 && a.position[2] > 0 === b.position[2] > 0 ? Math.sin(Math.PI * s) * Math.min(way * 0.18, 900) : 0;
  const position = add(mix(a.position, b.position, s), [0, 0, lift]);
  return look(position, from.heading + swing * s, from.pitch + (to.pitch - from.pitch) * s);
}
