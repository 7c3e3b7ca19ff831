// The eye: its pose, its flights, and whether it is above or below the ground.
import { Cartesian3, type Scene } from "@cesium/engine";
import { lens as makeLens, type Lens } from "./lens";
import { beside, type Bar } from "./obstacles";
import { allowed, angles, between, keep, look, step, type Pose } from "./motion";
import type { Place } from "./place";
import { clamp, type Vec3 } from "./vector";
import type { View } from "./view";

const FLIGHT_MS = 1200;
const WIDE = (58 * Math.PI) / 180; // field of view along the longer side
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export interface Eye {
  pose(): Pose;
  lens(): Lens;
  view(): View;
  aboveGround(): number;
  diving(): boolean;
  flying(): boolean;
  stop(): void;
  /** stands at the pose as it is */
  apply(next: Pose): void;
  /** takes a turn about a pivot if it stays where a camera may be */
  turn(next: Pose): void;
  /** slides as far as a camera may go */
  slide(next: Pose): void;
  /** puts the eye down at a pose, above or below the ground */
  put(next: Pose, dive: boolean): void;
  fly(to: Pose, dive?: boolean): void;
  /** what the eye keeps away from below ground */
  avoid(bars: readonly Bar[]): void;
}

export function openEye(scene: Scene, container: HTMLElement, place: Place, moved: () => void): Eye {
  const { frame, terrain, bounds } = place;
  let pose: Pose = look([0, 0, 100], 0, -45);
  let diving = false;
  let bars: readonly Bar[] = [];
  let flight: { stop(): void } | null = null;
  const cartesian = (p: Vec3) => new Cartesian3(p[0], p[1], p[2]);
  const aboveGround = () => pose.position[2] - terrain.z(pose.position[0], pose.position[1]);

  const eye: Eye = {
    pose: () => pose,
    lens() {
      const [w, h] = [Math.max(1, container.clientWidth), Math.max(1, container.clientHeight)];
      return makeLens(pose, w, h, w > h ? 2 * Math.atan(Math.tan(WIDE / 2) / (w / h)) : WIDE);
    },
    view() {
      const [lon, lat, height] = frame.position(pose.position);
      const a = angles(pose);
      return { lon, lat, height, heading: a.heading, pitch: a.pitch, belowGround: aboveGround() < 0 };
    },
    aboveGround,
    diving: () => diving,
    flying: () => flight !== null,
    stop: () => flight?.stop(),
    apply(next) {
      pose = next;
      scene.camera.setView({ destination: cartesian(frame.ecef(pose.position)), orientation: { direction: cartesian(frame.direction(pose.direction)), up: cartesian(frame.direction(pose.up)) } });
      const frustum = scene.camera.frustum as { fov?: number };
      if (frustum.fov !== undefined) frustum.fov = WIDE;
      moved();
    },
    turn: (next) => eye.apply(step(pose, next, bounds, diving)),
    slide(next) {
      const kept = allowed(next, bounds, diving) ? next : keep(next, bounds, diving);
      const free = diving ? beside(bars, kept.position) : kept.position;
      // between bars that leave no room the eye stays where it is
      if (free) eye.apply({ ...kept, position: free });
    },
    avoid(next) { bars = next; },
    put(next, dive) {
      flight?.stop();
      diving = dive;
      eye.apply(keep(next, bounds, diving));
    },
    fly(to, dive = false) {
      flight?.stop();
      const from = pose;
      const changes = diving !== dive;
      diving = dive;
      const goal = keep(to, bounds, diving);
      if (calm()) return eye.apply(goal);
      const start = performance.now();
      let id = 0;
      const tick = () => {
        const t = clamp((performance.now() - start) / FLIGHT_MS, 0, 1);
        const p = between(from, goal, t);
        eye.apply(t < 1 ? (changes ? p : keep(p, bounds, diving)) : goal);
        if (t < 1) id = requestAnimationFrame(tick);
        else flight = null;
      };
      flight = { stop: () => { cancelAnimationFrame(id); flight = null; } };
      tick();
    },
  };
  return eye;
}
