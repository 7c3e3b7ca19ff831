// Which depths below the ground are drawn: the ground as a texture that the networks' shading asks, so that what is hidden is
// neither seen nor picked.
import { Cartesian2, Cartesian4, Matrix4, PixelFormat, TextureMagnificationFilter, TextureMinificationFilter, TextureUniform } from "@cesium/engine";
import type { Place } from "./place";
import type { DepthRange } from "./view";

const CELLS = 160; // a side; 20 m a cell in a city of 3 km
const NO_LIMIT = 1e6;

export interface GroundTexture {
  texture: TextureUniform;
  /** west and south edge in local metres, then cells a metre east and north */
  box: Cartesian4;
  /** lowest height in the texture and the span to the highest, local metres */
  heights: Cartesian2;
  /** from earth-centred to local metres */
  toLocal: Matrix4;
}

/** The ground's local height, 24 bits in red, green and blue. */
export function groundTexture({ frame, terrain, middle, size }: Place): GroundTexture {
  const half = size * 0.75;
  const [west, south] = [middle[0] - half, middle[1] - half];
  const gap = (2 * half) / (CELLS - 1);
  const z = new Float64Array(CELLS * CELLS);
  for (let j = 0; j < CELLS; j++) for (let i = 0; i < CELLS; i++) z[j * CELLS + i] = terrain.z(west + i * gap, south + j * gap);
  const low = z.reduce((a, b) => Math.min(a, b), Infinity);
  const span = Math.max(1, z.reduce((a, b) => Math.max(a, b), -Infinity) - low);
  const bytes = new Uint8Array(CELLS * CELLS * 4);
  z.forEach((h, k) => {
    const v = Math.round(((h - low) / span) * 0xffffff);
    bytes.set([v >> 16, (v >> 8) & 255, v & 255, 255], k * 4);
  });
  const world = new Matrix4();
  [frame.direction([1, 0, 0]), frame.direction([0, 1, 0]), frame.direction([0, 0, 1]), frame.ecef([0, 0, 0])]
    .forEach((c, i) => Matrix4.setColumn(world, i, new Cartesian4(c[0], c[1], c[2], i === 3 ? 1 : 0), world));
  return {
    texture: new TextureUniform({
      typedArray: bytes, width: CELLS, height: CELLS, pixelFormat: PixelFormat.RGBA, repeat: false,
      minificationFilter: TextureMinificationFilter.NEAREST, magnificationFilter: TextureMagnificationFilter.NEAREST,
    }),
    box: new Cartesian4(west, south, 1 / gap, 1 / gap), heights: new Cartesian2(low, span),
    toLocal: Matrix4.inverseTransformation(world, new Matrix4()),
  };
}

/** For the shading: depths from and to, with no limit as a depth that nothing has. */
export const limits = (r: DepthRange): Cartesian2 => new Cartesian2(r.from > 0 ? r.from : -NO_LIMIT, r.to ?? NO_LIMIT);

/** Whether the limits cut anything. */
export const cuts = (r: DepthRange): boolean => r.from > 0 || r.to !== null;

/** The height of the ground at a place in local metres. */
export const groundShader = `
float groundAt(vec2 p) {
  vec2 c = clamp((p - u_groundBox.xy) * u_groundBox.zw, vec2(0.0), vec2(${CELLS - 1}.0));
  ivec2 i = ivec2(min(c, vec2(${CELLS - 2}.0)));
  vec2 f = c - vec2(i);
  vec3 w = vec3(16711680.0, 65280.0, 255.0) / 16777215.0;
  float a = dot(texelFetch(u_ground, i, 0).rgb, w);
  float b = dot(texelFetch(u_ground, i + ivec2(1, 0), 0).rgb, w);
  float d = dot(texelFetch(u_ground, i + ivec2(0, 1), 0).rgb, w);
  float e = dot(texelFetch(u_ground, i + ivec2(1, 1), 0).rgb, w);
  return u_groundHeights.x + u_groundHeights.y * mix(mix(a, b, f.x), mix(d, e, f.x), f.y);
}`;

/** Asks within fragmentMain, where p is in eye coordinates. */
export const depthRangeShader = `${groundShader}
bool outOfDepth(vec3 eye) {
  if (u_depths.x < -1e5 && u_depths.y > 1e5) return false;
  vec3 q = (u_local * vec4(eye, 1.0)).xyz;
  float depth = groundAt(q.xy) - q.z;
  return depth < u_depths.x || depth > u_depths.y;
}`;
