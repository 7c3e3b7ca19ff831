// What lies under a pixel: a pipe, the ground, the floor of the pit; and how far the eye looks.
import { Cartesian2, type Cesium3DTileFeature, type Scene } from "@cesium/engine";
import type { Eye } from "./camera";
import type { PitBox } from "./pit";
import { throughPit } from "./pit-math";
import type { Place } from "./place";
import type { Surface } from "./surface";
import { add, length, scale, sub, type Vec3 } from "./vector";
import type { Pit } from "./view";

export interface SightInput { scene: Scene; eye: Eye; place: Place; surface: Surface; pitBox: PitBox; pit(): Pit | null }

export interface Sight {
  /** the ground, or the pit's floor or wall, under a pixel */
  surfaceAt(x: number, y: number): Vec3 | null;
  /** what is drawn there, by the picture's own depth */
  solidAt(x: number, y: number): Vec3 | null;
  /** something to hold on to under every pixel: a pipe, else the ground, else a point ahead */
  under(x: number, y: number): Vec3;
  pick(x: number, y: number, touch?: boolean): string | null;
  /** all that lies under a pixel, nearest first */
  pickAll(x: number, y: number, touch: boolean): string[];
  /** where the middle of the picture meets the city */
  focus(): Vec3;
}

const REACH = { mouse: 7, touch: 12 }; // pixels

const idOf = (thing: unknown): string | null => {
  const feature = thing as Partial<Cesium3DTileFeature> | undefined;
  if (!feature || typeof feature.getProperty !== "function") return null;
  const id: unknown = feature.getProperty("id");
  return typeof id === "string" ? id : null;
};

export function openSight({ scene, eye, place, surface, pitBox, pit }: SightInput): Sight {
  const { frame, terrain, size } = place;
  const away = (p: Vec3) => length(sub(p, eye.pose().position));

  /** with a pit open, what is only ghosted is not picked */
  const reachable = (x: number, y: number) => {
    const [p, c] = [pit(), pitBox.center()];
    return !p || !c || throughPit(eye.pose().position, eye.lens().ray(x, y), p, c) !== null;
  };
  function throughGround<T>(look: () => T): T {
    surface.setShown(false);
    try {
      return look();
    } finally {
      surface.setShown(true);
    }
  }
  const sight: Sight = {
    surfaceAt(x, y) {
      const ray = eye.lens().ray(x, y);
      const hit = terrain.hit(eye.pose().position, ray);
      const [p, c] = [pit(), pitBox.center()];
      const box = p && c && throughPit(eye.pose().position, ray, p, c);
      return box ? add(eye.pose().position, scale(ray, box[1])) : hit;
    },
    solidAt(x, y) {
      if (!scene.pickPositionSupported) return null;
      const p = scene.pickPosition(new Cartesian2(x, y));
      if (!p) return null;
      const q = frame.fromEcef([p.x, p.y, p.z]);
      return away(q) < size * 4 && q.every(Number.isFinite) ? q : null;
    },
    under(x, y) {
      const solid = sight.solidAt(x, y);
      const ground = sight.surfaceAt(x, y);
      // only what is really below this pixel counts: the depth of a far background must not throw the pivot away
      if (solid && (!ground || away(solid) < away(ground) * 3 + 30)) return solid;
      if (ground && away(ground) < size * 3) return ground;
      return add(eye.pose().position, scale(eye.lens().ray(x, y), eye.diving() ? 15 : 120));
    },
    pick(x, y, touch = false) {
      if (!reachable(x, y)) return null;
      const n = touch ? REACH.touch : REACH.mouse;
      const at = new Cartesian2(x, y);
      return throughGround(() => idOf(scene.pick(at, 1, 1)) ?? idOf(scene.pick(at, n, n)));
    },
    pickAll(x, y, touch) {
      if (!reachable(x, y)) return [];
      const n = touch ? REACH.touch : REACH.mouse;
      const found = throughGround(() => scene.drillPick(new Cartesian2(x, y), 8, n, n) as unknown[]);
      return [...new Set(found.map(idOf).filter((id) => id !== null))];
    },
    focus() {
      const l = eye.lens();
      return sight.surfaceAt(l.width / 2, l.height / 2) ?? add(eye.pose().position, scale(eye.pose().direction, eye.diving() ? 15 : 60));
    },
  };
  return sight;
}
