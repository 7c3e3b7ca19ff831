// The ground one looks through: its surface, a 5/20 m grid and the streets, drawn in one pass, with the pit cut out of it.
import { Cartesian2, Cartesian4, Color, type Material, type Scene } from "@cesium/engine";
import type { GroundGrid, Streets } from "../api/types";
import type { LocalFrame } from "./geodesy";
import { emptyMesh, meshPrimitive, shading, type MeshData } from "./mesh";
import type { ScenePalette } from "./palette";
import type { Pit } from "./view";
import type { Terrain } from "./terrain";

const source = `
in vec3 v_mark; in vec3 v_eye;
float line(vec2 p, float gap, float wide) {
  vec2 u = p / gap; vec2 w = fwidth(u);
  vec2 g = abs(fract(u - 0.5) - 0.5) / max(w, vec2(1e-6));
  return (1.0 - smoothstep(wide * 0.3, wide * 0.3 + 0.8, min(g.x, g.y))) * (1.0 - smoothstep(0.06, 0.3, max(w.x, w.y)));
}
czm_material czm_getMaterial(czm_materialInput i) {
  czm_material m = czm_getDefaultMaterial(i);
  vec2 p = i.st;
  vec2 q = vec2(dot(p - pitAt.xy, pitAxis.xy), dot(p - pitAt.xy, vec2(-pitAxis.y, pitAxis.x)));
  if (pitAt.z > 0.0 && abs(q.x) < pitAt.z && abs(q.y) < pitAt.w) discard;
  vec2 e = (reach.zw - abs(p - reach.xy)) / 90.0;
  float far = length(v_eye);
  float edge = clamp(min(e.x, e.y), 0.0, 1.0) * (1.0 - smoothstep(fog.x, fog.y, far) * 0.9);
  if (v_mark.x < 0.5) {
    float fine = line(p, 5.0, 1.0) * (1.0 - smoothstep(60.0, 240.0, far));
    float coarse = line(p, 20.0, 1.2) * (1.0 - smoothstep(250.0, 900.0, far));
    float wide = line(p, 100.0, 1.0) * smoothstep(250.0, 900.0, far) * 0.8;
    // a pool of light where one looks, and a band of haze before the horizon
    float near = 1.0 - smoothstep(fog.x * 0.15, fog.x * 0.9, far);
    float haze = smoothstep(fog.x * 0.5, fog.y * 0.8, far);
    vec3 ground = mix(fill.rgb, streetColor.rgb, 0.35 * near + 0.5 * haze);
    vec3 c = mix(ground, gridColor.rgb, fine * 0.7);
    c = mix(c, strongColor.rgb, max(coarse, wide) * (1.0 - haze * 0.7));
    float a = max(max(alpha, haze * 0.5), max(fine * 0.3, max(coarse, wide) * 0.5));
    m.diffuse = c; m.alpha = a * edge;
  } else {
    float across = abs(v_mark.y);
    float rim = 1.0 - smoothstep(1.0, 2.0, (1.0 - across) / max(fwidth(v_mark.y), 1e-5));
    float middle = v_mark.z > 0.5 ? (1.0 - smoothstep(0.5, 1.5, across / max(fwidth(v_mark.y), 1e-5))) * step(0.5, fract(v_st_along() / 6.0)) * 0.5 : 0.0;
    // the kerb: a line at the edge, and the strip of the pavement within it
    float pavement = smoothstep(0.78, 0.80, across) * (1.0 - smoothstep(120.0, 400.0, far));
    float mark = max(rim * 0.85, middle) * (1.0 - smoothstep(500.0, 2600.0, far) * 0.75);
    m.diffuse = mix(mix(streetColor.rgb, kerbColor.rgb, pavement * 0.25), kerbColor.rgb, mark);
    m.alpha = max(max(alpha * 0.85, 0.16) + pavement * 0.06, mark) * edge;
  }
  return m;
}`.replaceAll("v_st_along()", "v_mark.z");

export interface Surface {
  paint(p: ScenePalette): void;
  setAlpha(alpha: number): void;
  cut(pit: Pit | null, x: number, y: number): void;
  setFog(near: number, far: number): void;
  /** the ground would hide from picking what it only veils */
  setShown(shown: boolean): void;
}

function groundMesh(g: GroundGrid, frame: LocalFrame, t: Terrain, extent: [number, number, number, number]): MeshData {
  const mesh = emptyMesh();
  const flat = g.cols < 2 || !t.known;
  const [w, s, e, n] = flat ? extent : [g.west, g.south, g.east, g.north];
  const [cols, rows] = flat ? [24, 24] : [g.cols, g.rows];
  const known: boolean[] = [];
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < cols; i++) {
      const lon = w + ((e - w) * i) / (cols - 1);
      const lat = s + ((n - s) * j) / (rows - 1);
      const [x, y] = frame.local(lon, lat, 0);
      const p: [number, number, number] = [x, y, t.z(x, y)];
      mesh.positions.push(...frame.ecef(p));
      mesh.st.push(p[0], p[1]);
      mesh.mark.push(0, 0, 0);
      known.push(flat || g.heights[j * cols + i] !== null);
    }
  }
  for (let j = 0; j + 1 < rows; j++) {
    for (let i = 0; i + 1 < cols; i++) {
      const a = j * cols + i;
      if (!(known[a] && known[a + 1] && known[a + cols] && known[a + cols + 1])) continue;
      mesh.indices.push(a, a + 1, a + cols + 1, a, a + cols + 1, a + cols);
    }
  }
  return mesh;
}

function addStreets(mesh: MeshData, streets: Streets, frame: LocalFrame, t: Terrain): void {
  for (const street of streets.features) {
    const points: [number, number][] = [];
    const line = street.geometry.coordinates.map(([lon, lat]) => frame.local(lon, lat, 0));
    for (let k = 0; k + 1 < line.length; k++) {
      const steps = Math.max(1, Math.ceil(Math.hypot(line[k + 1][0] - line[k][0], line[k + 1][1] - line[k][1]) / 15));
      for (let i = k === 0 ? 0 : 1; i <= steps; i++) {
        points.push([line[k][0] + ((line[k + 1][0] - line[k][0]) * i) / steps, line[k][1] + ((line[k + 1][1] - line[k][1]) * i) / steps]);
      }
    }
    if (points.length < 2) continue;
    const half = Math.max(street.properties.width || 8, 3) / 2;
    let along = 1;
    for (let i = 0; i < points.length; i++) {
      const a = points[Math.max(0, i - 1)];
      const b = points[Math.min(points.length - 1, i + 1)];
      const l = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
      const normal = [-(b[1] - a[1]) / l, (b[0] - a[0]) / l];
      if (i > 0) along += Math.hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]);
      for (const side of [-1, 1]) {
        const [x, y] = [points[i][0] + normal[0] * half * side, points[i][1] + normal[1] * half * side];
        mesh.positions.push(...frame.ecef([x, y, t.z(x, y)]));
        mesh.st.push(x, y);
        mesh.mark.push(1, side, street.properties.class === "branch" ? 0 : along);
      }
      if (i > 0) {
        const v = mesh.st.length / 2 - 4;
        mesh.indices.push(v, v + 1, v + 3, v, v + 3, v + 2);
      }
    }
  }
}

export interface SurfaceInput {
  grid: GroundGrid; streets: Streets; frame: LocalFrame; terrain: Terrain;
  /** west, south, east, north in degrees: how far to draw where no height is known */
  extent: [number, number, number, number];
}

export function addSurface(scene: Scene, input: SurfaceInput): Surface {
  const mesh = groundMesh(input.grid, input.frame, input.terrain, input.extent);
  const [xs, ys] = [mesh.st.filter((_, i) => i % 2 === 0), mesh.st.filter((_, i) => i % 2 === 1)];
  const span = (v: number[]) => v.reduce(([a, b], x) => [Math.min(a, x), Math.max(b, x)], [Infinity, -Infinity]);
  const [[x0, x1], [y0, y1]] = [span(xs), span(ys)];
  addStreets(mesh, input.streets, input.frame, input.terrain);
  const material: Material = shading("UndercityGround", {
    alpha: 0.8,
    fill: Color.BLACK, gridColor: Color.BLACK, strongColor: Color.BLACK, streetColor: Color.BLACK, kerbColor: Color.BLACK,
    pitAt: new Cartesian4(0, 0, 0, 0), pitAxis: new Cartesian2(1, 0),
    reach: new Cartesian4((x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / 2, (y1 - y0) / 2), fog: new Cartesian2(2000, 9000),
  }, source);
  const primitive = meshPrimitive(mesh, material, { solid: false, inner: false });
  scene.primitives.add(primitive);
  const u = material.uniforms as Record<string, unknown>;
  return {
    paint(p) {
      u.fill = Color.fromCssColorString(p.ground);
      u.gridColor = Color.fromCssColorString(p.grid);
      u.strongColor = Color.fromCssColorString(p.strong);
      u.streetColor = Color.fromCssColorString(p.street);
      u.kerbColor = Color.fromCssColorString(p.kerb);
    },
    setAlpha(alpha) { u.alpha = alpha; },
    cut(pit, x, y) {
      u.pitAt = new Cartesian4(x, y, pit ? pit.width / 2 : 0, pit ? pit.length / 2 : 0);
      const r = pit ? (pit.turn * Math.PI) / 180 : 0;
      u.pitAxis = new Cartesian2(Math.cos(r), -Math.sin(r));
    },
    setFog(near, far) { u.fog = new Cartesian2(near, far); },
    setShown(shown) { primitive.show = shown; },
  };
}
