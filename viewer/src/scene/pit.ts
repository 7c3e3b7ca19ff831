// The pit: a box cut into the ground with walls, a line each metre, and a floor, so that what lies in it is seen bright.
import { Color, Matrix4, Cartesian4, type Primitive, type Scene } from "@cesium/engine";
import type { LocalFrame } from "./geodesy";
import { emptyMesh, meshPrimitive, shading } from "./mesh";
import type { ScenePalette } from "./palette";
import type { Terrain } from "./terrain";
import { pitAxes } from "./pit-math";
import type { Vec3 } from "./vector";
import type { Pit } from "./view";



const source = `
in vec3 v_mark; in vec3 v_eye;
float stripe(float v, float wide) { float w = fwidth(v); return (1.0 - smoothstep(wide * 0.3, wide * 0.3 + 0.8, abs(fract(v - 0.5) - 0.5) / max(w, 1e-6))) * (1.0 - smoothstep(0.1, 0.4, w)); }
czm_material czm_getMaterial(czm_materialInput i) {
  czm_material m = czm_getDefaultMaterial(i);
  vec3 base = v_mark.x < 0.5 ? wallColor.rgb : floorColor.rgb;
  float ink = v_mark.x < 0.5 ? stripe(i.st.y, 1.2) * 0.55 : max(max(stripe(i.st.x, 1.0), stripe(i.st.y, 1.0)) * 0.07, max(stripe(i.st.x / 5.0, 1.0), stripe(i.st.y / 5.0, 1.0)) * 0.22);
  if (v_mark.x < 0.5) base *= 1.0 - 0.22 * clamp(i.st.y / max(v_mark.z, 0.1), 0.0, 1.0);
  float rim = v_mark.x < 0.5 ? 1.0 - smoothstep(1.5, 2.8, i.st.y / max(fwidth(i.st.y), 1e-6)) : 0.0;
  m.diffuse = mix(base * v_mark.y, metreColor.rgb, max(ink, rim));
  m.alpha = 1.0;
  return m;
}`;

export interface PitBox {
  set(pit: Pit | null): void;
  paint(p: ScenePalette): void;
  /** local centre at the ground; null without a pit */
  center(): Vec3 | null;
  /** where the pit's own metres start, from earth-centred coordinates */
  fromEcef(): Matrix4;
}

export function addPit(scene: Scene, frame: LocalFrame, terrain: Terrain): PitBox {
  let primitive: Primitive | null = null;
  let center: Vec3 | null = null;
  let matrix = Matrix4.IDENTITY.clone();
  const material = shading("UndercityPit", { wallColor: Color.BLACK, floorColor: Color.BLACK, metreColor: Color.BLACK }, source);
  material.destroy = () => undefined; // one shading for every pit that is dug
  const build = (pit: Pit): void => {
    const [x, y] = frame.local(pit.lon, pit.lat, 0);
    const at: Vec3 = [x, y, terrain.z(x, y)];
    center = at;
    const [u, v] = pitAxes(pit);
    const mesh = emptyMesh();
    const point = (a: number, b: number): Vec3 => [at[0] + u[0] * a + v[0] * b, at[1] + u[1] * a + v[1] * b, 0];
    const push = (p: Vec3, s: number, t: number, mark: Vec3) => {
      mesh.positions.push(...frame.ecef(p));
      mesh.st.push(s, t);
      mesh.mark.push(...mark);
      return mesh.st.length / 2 - 1;
    };
    const bottom = at[2] - pit.depth;
    const [w, l] = [pit.width / 2, pit.length / 2];
    const corners: [number, number][] = [[-w, -l], [w, -l], [w, l], [-w, l]];
    corners.forEach((from, k) => {
      const to = corners[(k + 1) % 4];
      const steps = Math.max(2, Math.min(40, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / 2)));
      const light = [0.82, 0.95, 1.12, 1.0][k];
      for (let i = 0; i <= steps; i++) {
        const [a, b] = [from[0] + ((to[0] - from[0]) * i) / steps, from[1] + ((to[1] - from[1]) * i) / steps];
        const p = point(a, b);
        const top = terrain.z(p[0], p[1]);
        const along = (Math.hypot(to[0] - from[0], to[1] - from[1]) * i) / steps;
        push([p[0], p[1], top], along, 0, [0, light, pit.depth]);
        const low = push([p[0], p[1], Math.min(bottom, top)], along, Math.max(0, top - bottom), [0, light, pit.depth]);
        if (i > 0) mesh.indices.push(low - 3, low - 1, low, low - 3, low, low - 2); // seen from within only
      }
    });
    const f = corners.map(([a, b]) => {
      const p = point(a, b);
      return push([p[0], p[1], bottom], a + 100, b + 100, [1, 1, pit.depth]);
    });
    mesh.indices.push(f[0], f[1], f[2], f[0], f[2], f[3]);
    primitive = meshPrimitive(mesh, material, { solid: true, inner: true });
    scene.primitives.add(primitive);
    const columns = [frame.direction(u), frame.direction(v), frame.direction([0, 0, 1]), frame.ecef(at)];
    const world = new Matrix4();
    columns.forEach((c, i) => Matrix4.setColumn(world, i, new Cartesian4(c[0], c[1], c[2], i === 3 ? 1 : 0), world));
    matrix = Matrix4.inverseTransformation(world, new Matrix4());
  };
  return {
    set(pit) {
      if (primitive) scene.primitives.remove(primitive);
      primitive = null;
      center = null;
      if (pit) build(pit);
    },
    paint(p) {
      const u = material.uniforms as Record<string, unknown>;
      u.wallColor = Color.fromCssColorString(p.wall);
      u.floorColor = Color.fromCssColorString(p.floor);
      u.metreColor = Color.fromCssColorString(p.metre);
    },
    center: () => center,
    fromEcef: () => matrix,
  };
}
