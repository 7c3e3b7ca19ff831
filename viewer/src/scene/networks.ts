// The networks as tilesets, one each: painted in the theme's colour, ghosted outside the pit, hatched where assumed, and
// swapped for a newer revision without a flash.
import {
  Cartesian2, Cartesian3, Cesium3DTileset, Color, CustomShader, LightingModel, Matrix4, UniformType, VaryingType, type Scene,
} from "@cesium/engine";
import { cuts, depthRangeShader, groundShader, limits, type GroundTexture } from "./depth-range";
import type { DepthRange, Pit } from "./view";

// A unit cylinder's normal is as long as the pipe's radius once its instance is placed; from this a pipe far away is widened to
// what a screen can show, so that mains stay lines instead of crumbling into dots.
const vertexShader = `${groundShader}
void vertexMain(VertexInput vsInput, inout czm_modelVertexOutput vsOutput) {
#ifdef HAS_NORMALS
  vec3 n = vsInput.attributes.normalMC;
  float size = length(n);
  float unit = max(length(czm_modelView[0].xyz), 1e-9);
  float away = max(0.1, -(czm_modelView * vec4(vsOutput.positionMC, 1.0)).z);
  float wanted = u_pixel * away * u_thin;
  float lack = (wanted - size * unit) / unit;
  if (lack > 0.0 && size > 1e-6 && size * unit < 12.0) vsOutput.positionMC += n / size * lack;
#endif
  vec3 q = (u_local * (czm_modelView * vec4(vsOutput.positionMC, 1.0))).xyz;
  v_deep = groundAt(q.xy) - q.z;
}`;
const fragmentShader = `${depthRangeShader}
void fragmentMain(FragmentInput fsInput, inout czm_modelMaterial material) {
  vec3 p = fsInput.attributes.positionEC;
  float away = length(p);
  if (outOfDepth(p)) discard;
  vec2 xy = gl_FragCoord.xy / u_dots;
#ifdef HAS_ROUGHNESS_FACTOR
  float rough = u_roughnessFactor;
#else
  float rough = 1.0; // what a material without the factor has
#endif
  bool stripe = rough > 0.97 && mod(xy.x + xy.y, 8.0) < 3.0;
  // what stands above the ground is a veil of points: one looks through it at what lies below
  if (u_veil > 0.0 ? mod(floor(gl_FragCoord.x) + floor(gl_FragCoord.y), 2.0) < 0.5 : stripe) discard;
  if (away < u_near && mod(floor(xy.x) + floor(xy.y), 2.0) < 0.5) discard;
#ifdef HAS_NORMALS
  vec3 n = normalize(fsInput.attributes.normalEC);
#else
  vec3 n = normalize(cross(dFdx(p), dFdy(p)));
#endif
  vec3 v = normalize(-p);
  if (dot(n, v) < 0.0) n = -n;
  float sky = 0.5 + 0.5 * dot(n, u_up);
  float lamp = max(0.0, dot(n, normalize(v + u_up * 0.55)));
  float gloss = pow(max(0.0, dot(n, normalize(v + normalize(u_up * 0.9 + v * 0.4)))), 36.0);
  vec3 color = u_color * (0.30 + 0.26 * sky + 0.56 * lamp) + vec3(gloss * u_gloss);
  // further into the background the deeper it lies, so that one reads depth without a number
  color = mix(color, u_back, u_dusk * u_duskPart * smoothstep(1.0, 10.0, v_deep));
  if (u_veil > 0.0) color = mix(color, u_back, stripe ? 0.75 : u_veil);
  // where the limits of depth cut a thing open, its inside is one flat darker face, as if it were solid
  if (!gl_FrontFacing && u_cut > 0.0) color = u_color * 0.42;
  if (u_pitSize.x > 0.0) {
    vec3 q = (u_pit * vec4(p, 1.0)).xyz;
    vec2 d = abs(q.xy) - u_pitSize.xy;
    if (max(d.x, d.y) > 0.0) color = mix(color, u_back, u_ghost);
  }
  float mist = smoothstep(u_fog.x, u_fog.y, away) * 0.88;
  material.diffuse = czm_srgbToLinear(mix(color, u_back, mist));
  material.emissive = vec3(0.0);
  material.alpha = 1.0;
}`;

const VEIL = 0.35; // how far what stands above the ground goes into the background

interface Layer { code: string; color: string; shader: CustomShader; tileset: Cesium3DTileset | null; coming: Cesium3DTileset | null; wanted: number; visible: boolean }

export interface Networks {
  load(code: string, color: string, revision: number): Promise<void>;
  paint(colors: Map<string, string>, background: string, light: boolean): void;
  setVisible(code: string, visible: boolean): void;
  setDim(amount: number): void;
  setPit(pit: Pit | null, fromEcef: Matrix4): void;
  /** which depths below the ground are drawn and picked */
  setDepths(range: DepthRange): void;
  setFog(near: number, far: number): void;
  /** how much of the dusk of depth is shown, 0 to 1: less where the eye itself is below */
  setDusk(part: number): void;
  setNear(metres: number): void;
  loaded(): boolean;
  pending(): { done: number; total: number };
}

const rgb = (css: string) => {
  const c = Color.fromCssColorString(css);
  return new Cartesian3(c.red, c.green, c.blue);
};

function shaderFor(color: string, ground: GroundTexture, veil: number): CustomShader {
  return new CustomShader({
    lightingModel: LightingModel.UNLIT,
    vertexShaderText: vertexShader,
    fragmentShaderText: fragmentShader,
    uniforms: {
      u_color: { type: UniformType.VEC3, value: rgb(color) },
      u_back: { type: UniformType.VEC3, value: new Cartesian3(0, 0, 0) },
      u_up: { type: UniformType.VEC3, value: new Cartesian3(0, 1, 0) },
      u_pit: { type: UniformType.MAT4, value: Matrix4.IDENTITY.clone() },
      u_pitSize: { type: UniformType.VEC3, value: new Cartesian3(0, 0, 0) },
      u_fog: { type: UniformType.VEC2, value: new Cartesian2(2000, 9000) },
      u_ghost: { type: UniformType.FLOAT, value: 0.74 },
      u_gloss: { type: UniformType.FLOAT, value: 0.2 },
      u_pixel: { type: UniformType.FLOAT, value: 0.001 },
      u_thin: { type: UniformType.FLOAT, value: 1.15 },
      u_near: { type: UniformType.FLOAT, value: 0 },
      u_dots: { type: UniformType.FLOAT, value: 1 },
      u_ground: { type: UniformType.SAMPLER_2D, value: ground.texture },
      u_groundBox: { type: UniformType.VEC4, value: ground.box },
      u_groundHeights: { type: UniformType.VEC2, value: ground.heights },
      u_local: { type: UniformType.MAT4, value: Matrix4.IDENTITY.clone() },
      u_depths: { type: UniformType.VEC2, value: limits({ from: 0, to: null }) },
      u_cut: { type: UniformType.FLOAT, value: 0 },
      u_veil: { type: UniformType.FLOAT, value: veil },
      u_duskPart: { type: UniformType.FLOAT, value: 1 },
      u_dusk: { type: UniformType.FLOAT, value: 0.4 },
    },
    varyings: { v_deep: VaryingType.FLOAT },
  });
}

export function addNetworks(scene: Scene, base: string, ground: GroundTexture, veiled: (code: string) => boolean): Networks {
  const layers = new Map<string, Layer>();
  let pit: Pit | null = null;
  let pitMatrix = Matrix4.IDENTITY;
  let up = new Cartesian3();
  let depths: DepthRange = { from: 0, to: null };
  const scratch = new Matrix4();
  const local = new Matrix4();
  const each = (name: string, value: unknown) => layers.forEach((l) => l.shader.setUniform(name, value as Cartesian3));

  scene.preRender.addEventListener(() => {
    const camera = scene.camera;
    Matrix4.multiplyByPointAsVector(camera.viewMatrix, Cartesian3.normalize(camera.positionWC, up), up);
    const frustum = camera.frustum as { fovy?: number };
    each("u_up", up);
    each("u_pixel", (2 * Math.tan((frustum.fovy ?? 1) / 2)) / Math.max(1, scene.drawingBufferHeight));
    each("u_dots", scene.drawingBufferHeight / Math.max(1, scene.canvas.clientHeight));
    each("u_local", Matrix4.multiply(ground.toLocal, camera.inverseViewMatrix, local));
    if (pit) each("u_pit", Matrix4.multiply(pitMatrix, camera.inverseViewMatrix, scratch));
  });

  const open = async (layer: Layer, revision: number): Promise<void> => {
    layer.wanted = revision;
    const tileset = await Cesium3DTileset.fromUrl(`${base}/${layer.code}/tileset.json?v=${revision}`, {
      enableCollision: false, maximumScreenSpaceError: 1, cacheBytes: 128 << 20, dynamicScreenSpaceError: false,
      skipLevelOfDetail: false, preloadFlightDestinations: false, foveatedScreenSpaceError: false, cullRequestsWhileMoving: false,
    });
    if (layer.wanted !== revision) {
      tileset.destroy();
      return;
    }
    tileset.customShader = layer.shader;
    tileset.show = layer.visible;
    tileset.backFaceCulling = !cuts(depths);
    // the frame after the last tile: what is said of the waiting ends with the picture
    tileset.allTilesLoaded.addEventListener(() => scene.requestRender());
    if (layer.coming) scene.primitives.remove(layer.coming);
    layer.coming = tileset;
    scene.primitives.add(tileset);
    const swap = () => {
      if (layer.coming !== tileset) return;
      if (layer.tileset) scene.primitives.remove(layer.tileset);
      layer.tileset = tileset;
      layer.coming = null;
      scene.requestRender();
    };
    // the old one stays until the new one stands complete
    if (layer.tileset && layer.visible) tileset.initialTilesLoaded.addEventListener(swap);
    else swap();
    scene.requestRender();
  };

  return {
    async load(code, color, revision) {
      let layer = layers.get(code);
      if (!layer) {
        layer = { code, color, shader: shaderFor(color, ground, veiled(code) ? VEIL : 0), tileset: null, coming: null, wanted: 0, visible: true };
        layer.shader.setUniform("u_depths", limits(depths));
        layer.shader.setUniform("u_cut", cuts(depths) ? 1 : 0);
        layers.set(code, layer);
      }
      await open(layer, revision);
    },
    paint(colors, background, light) {
      layers.forEach((l) => {
        l.color = colors.get(l.code) ?? l.color;
        l.shader.setUniform("u_color", rgb(l.color));
        l.shader.setUniform("u_gloss", light ? 0.1 : 0.2);
        l.shader.setUniform("u_dusk", light ? 0.36 : 0.4);
      });
      each("u_back", rgb(background));
    },
    setVisible(code, visible) {
      const l = layers.get(code);
      if (!l) return;
      l.visible = visible;
      if (l.tileset) l.tileset.show = visible;
      if (l.coming) l.coming.show = visible;
    },
    setDim(amount) { each("u_ghost", amount); },
    setPit(p, fromEcef) {
      pit = p;
      pitMatrix = fromEcef;
      each("u_pitSize", p ? new Cartesian3(p.width / 2, p.length / 2, p.depth) : new Cartesian3(0, 0, 0));
    },
    setDepths(range) {
      depths = range;
      each("u_depths", limits(range));
      each("u_cut", cuts(range) ? 1 : 0);
      layers.forEach((l) => [l.tileset, l.coming].forEach((t) => { if (t) t.backFaceCulling = !cuts(range); }));
    },
    setFog(near, far) { each("u_fog", new Cartesian2(near, far)); },
    setDusk(part) { each("u_duskPart", part); },
    setNear(metres) { each("u_near", metres); },
    loaded() {
      return [...layers.values()].every((l) => !l.visible || (l.tileset !== null && l.coming === null && l.tileset.tilesLoaded));
    },
    pending() {
      const all = [...layers.values()].filter((l) => l.visible);
      return { done: all.filter((l) => l.tileset?.tilesLoaded).length, total: all.length };
    },
  };
}

