// The networks as tilesets, one each: painted in the theme's colour, ghosted outside the pit, hatched where assumed, and
// swapped for a newer revision without a flash.
import {
  Cartesian2, Cartesian3, Cartesian4, Cesium3DTileset, Color, CustomShader, LightingModel, Matrix4, UniformType, VaryingType, type Scene,
} from "@cesium/engine";
import type { Colouring } from "../colour/classes";
import { classOfFragment, colouringShader, colouringUniforms, paletteTexture } from "./colouring";
import { cuts, depthRangeShader, groundShader, limits, type GroundTexture } from "./depth-range";
import { hasInstanceTransform, instanceTransform } from "./engine-parts";
import { allowInstancedMetadata } from "./instanced-metadata";
import type { DepthRange, Pit } from "./view";

// A unit cylinder's normal is as long as the pipe's radius once its instance is placed; from this a pipe far away is widened to
// what a screen can show, so that mains stay lines instead of crumbling into dots.
// Symbols: a line that is an instance goes onto its own axis, which is the instance's x, as wide as the sign of a line, be it wider or narrower in truth;
// what was swept along a bent axis has lost that, so its body is a veil about the axis that is drawn over the picture.
const symbolLines = hasInstanceTransform() ? `  int kind = int(vsInput.metadata.kind);
  if (u_symbol > 0.5 && (kind == 0 || kind >= 3 && kind <= 5)) {
    float sign = u_pixel * u_dots * away * u_symbol / unit;
#ifdef HAS_INSTANCING
    mat4 put = ${instanceTransform}();
    vec3 sizes = vec3(length(put[0].xyz), length(put[1].xyz), length(put[2].xyz));
    float most = max(sizes.x, max(sizes.y, sizes.z));
    if (most - min(sizes.x, min(sizes.y, sizes.z)) > 0.004 * most) {
      mat4 back = inverse(put);
      vec3 off = mat3(put) * vec3(0.0, (mat3(back) * n).yz);
      vsOutput.positionMC = (put * vec4((back * vec4(vsOutput.positionMC, 1.0)).x, 0.0, 0.0, 1.0)).xyz;
      if (length(off) > 1e-6) vsOutput.positionMC += normalize(off) * sign;
      drawn = false;
    } else if (abs(size - 1.0) > 0.004) {
      lack = sign - size;
      drawn = true;
    }
#else
    v_swept = 1.0;
#endif
  }` : "";

const vertexShader = (classed: boolean) => `${groundShader}
void vertexMain(VertexInput vsInput, inout czm_modelVertexOutput vsOutput) {
  v_swept = 0.0;
#ifdef HAS_NORMALS
  vec3 n = vsInput.attributes.normalMC;
  float size = length(n);
  float unit = max(length(czm_modelView[0].xyz), 1e-9);
  float away = max(0.1, -(czm_modelView * vec4(vsOutput.positionMC, 1.0)).z);
  float wanted = u_pixel * away * u_thin;
  float lack = (wanted - size * unit) / unit;
  bool drawn = lack > 0.0;
${classed ? symbolLines : ""}
  if (drawn && size > 1e-6 && size * unit < 12.0) vsOutput.positionMC += n / size * lack;
#endif
  vec3 q = (u_local * (czm_modelView * vec4(vsOutput.positionMC, 1.0))).xyz;
  v_deep = groundAt(q.xy) - q.z;
}`;
const fragmentShader = (classed: boolean) => `${depthRangeShader}${classed ? colouringShader : ""}
void fragmentMain(FragmentInput fsInput, inout czm_modelMaterial material) {
  vec3 p = fsInput.attributes.positionEC;
  float away = length(p);
  if (outOfDepth(p)) discard;
  vec3 base = u_color;
${classed ? `  vec4 own = ${classOfFragment};\n  if (u_by > 0 && own.a < 0.5) discard;\n  if (u_by > 0) base = own.rgb;` : ""}
  vec2 xy = gl_FragCoord.xy / u_dots;
#ifdef HAS_ROUGHNESS_FACTOR
  float rough = u_roughnessFactor;
#else
  float rough = 1.0; // what a material without the factor has
#endif
  bool stripe = rough > 0.97 && mod(xy.x + xy.y, 8.0) < 3.0;
  // what stands above the ground is a veil of points: one looks through it at what lies below
  if (u_veil > 0.0 ? mod(floor(gl_FragCoord.x) + floor(gl_FragCoord.y), 2.0) < 0.5 : stripe) discard;
${classed ? "  if (u_by == 0 && v_swept > 0.5 && mod(floor(xy.x), 2.0) + mod(floor(xy.y), 2.0) > 0.5) discard;" : ""}
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
  // never beyond full light: a channel cut off would shift the hue, and the hue says which network it is
  vec3 color = base * min(1.0, 0.30 + 0.26 * sky + 0.56 * lamp);
  color += (1.0 - color) * gloss * u_gloss;
#ifdef HAS_NORMALS
  // edges: what turns away is darker, so that pipes that cross stand out before each other; thin lines keep their colour
  float edge = 1.0 - abs(dot(n, v));
  color *= 1.0 - 0.55 * u_edge * smoothstep(0.62, 1.0, edge) * (1.0 - smoothstep(60.0, 260.0, away));
#endif
  if (u_symbol > 0.5) color = base * (0.72 + 0.28 * sky);
${classed ? "  if (u_by == 0 && v_swept > 0.5) color = mix(color, u_back, 0.45);" : ""}
  // further into the background the deeper it lies, so that one reads depth without a number
${classed ? "" : "  color = mix(color, u_back, u_dusk * u_duskPart * smoothstep(1.0, 10.0, v_deep));"}
  if (u_veil > 0.0) color = mix(color, u_back, stripe ? 0.75 : u_veil);
  // where the limits of depth cut a thing open, its inside is one flat darker face, as if it were solid
  if (!gl_FrontFacing && u_cut > 0.0) color = base * 0.42;
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

interface Layer { code: string; color: string; shaders: CustomShader[]; tileset: Cesium3DTileset | null; coming: Cesium3DTileset | null; wanted: number; visible: boolean; seen: boolean }

export interface Networks {
  load(code: string, color: string, revision: number): Promise<void>;
  /** takes every network off the picture and out of memory */
  forget(): void;
  paint(colors: Map<string, string>, background: string, light: boolean): void;
  setVisible(code: string, visible: boolean): void;
  setDim(amount: number): void;
  setPit(pit: Pit | null, fromEcef: Matrix4): void;
  /** which depths below the ground are drawn and picked */
  setDepths(range: DepthRange): void;
  /** colours by class; null is each network in its own colour */
  setColouring(c: Colouring | null): void;
  /** half the width of every line in pixels of the page; 0 is real shape */
  setSymbols(halfWidth: number): void;
  setFog(near: number, far: number): void;
  /** how much of the dusk of depth is shown, 0 to 1: less where the eye itself is below */
  setDusk(part: number): void;
  setNear(metres: number): void;
  loaded(): boolean;
  /** whether each network that has something in the view has been drawn, its mains at least */
  seen(): boolean;
  /** tiles in memory and their size */
  held(): { tiles: number; megabytes: number };
  pending(): { done: number; total: number };
}

const rgb = (css: string) => {
  const c = Color.fromCssColorString(css);
  return new Cartesian3(c.red, c.green, c.blue);
};

/** A layer's shading: its own colour, or classed by the property tables. */
function shaderFor(color: string, ground: GroundTexture, veil: number, classed: boolean): CustomShader {
  return new CustomShader({
    lightingModel: LightingModel.UNLIT,
    vertexShaderText: vertexShader(classed),
    fragmentShaderText: fragmentShader(classed),
    uniforms: {
      u_color: { type: UniformType.VEC3, value: rgb(color) },
      u_back: { type: UniformType.VEC3, value: new Cartesian3(0, 0, 0) },
      u_up: { type: UniformType.VEC3, value: new Cartesian3(0, 1, 0) },
      u_pit: { type: UniformType.MAT4, value: Matrix4.IDENTITY.clone() },
      u_pitSize: { type: UniformType.VEC3, value: new Cartesian3(0, 0, 0) },
      u_fog: { type: UniformType.VEC2, value: new Cartesian2(2000, 9000) },
      u_ghost: { type: UniformType.FLOAT, value: 0.74 },
      u_edge: { type: UniformType.FLOAT, value: 1 },
      u_gloss: { type: UniformType.FLOAT, value: 0.2 },
      u_pixel: { type: UniformType.FLOAT, value: 0.001 },
      u_thin: { type: UniformType.FLOAT, value: 1.15 },
      u_symbol: { type: UniformType.FLOAT, value: 0 },
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
      ...(classed ? {
        u_by: { type: UniformType.INT, value: 0 }, u_filtered: { type: UniformType.INT, value: 0 },
        u_limitsA: { type: UniformType.VEC4, value: new Cartesian4() }, u_limitsB: { type: UniformType.VEC4, value: new Cartesian4() },
        u_palette: { type: UniformType.SAMPLER_2D, value: paletteTexture({ colors: [], shown: [] }) },
      } : {}),
    },
    varyings: { v_deep: VaryingType.FLOAT, v_swept: VaryingType.FLOAT },
  });
}

export function addNetworks(scene: Scene, base: string, ground: GroundTexture, veiled: (code: string) => boolean, refused: (url: string) => void): Networks {
  allowInstancedMetadata();
  const layers = new Map<string, Layer>();
  let pit: Pit | null = null;
  let pitMatrix = Matrix4.IDENTITY;
  let up = new Cartesian3();
  let depths: DepthRange = { from: 0, to: null };
  let colouring: Colouring | null = null;
  let symbol = 0;
  const shading = (l: Layer) => l.shaders[colouring || symbol > 0 ? 1 : 0];
  const shadeAll = () => layers.forEach((l) => {
    for (const t of [l.tileset, l.coming]) if (t && t.customShader !== shading(l)) t.customShader = shading(l);
  });
  const tell = (l: Layer) => {
    if (!colouring) l.shaders[1].setUniform("u_by", 0);
    else for (const [name, value] of Object.entries(colouringUniforms(colouring))) l.shaders[1].setUniform(name, value);
  };
  const scratch = new Matrix4();
  const local = new Matrix4();
  const each = (name: string, value: unknown) => layers.forEach((l) => l.shaders.forEach((s) => s.setUniform(name, value as Cartesian3)));

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
    tileset.customShader = shading(layer);
    tileset.show = layer.visible;
    tileset.backFaceCulling = !cuts(depths);
    // the frame after the last tile: what is said of the waiting ends with the picture
    tileset.allTilesLoaded.addEventListener(() => scene.requestRender());
    const forget = tileset.tileVisible.addEventListener(() => {
      layer.seen = true;
      forget();
    });
    tileset.tileFailed.addEventListener((e: { url: string }) => refused(e.url));
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
        const veil = veiled(code) ? VEIL : 0;
        layer = { code, color, shaders: [shaderFor(color, ground, veil, false), shaderFor(color, ground, veil, true)], tileset: null, coming: null, wanted: 0, visible: true, seen: false };
        for (const s of layer.shaders) s.setUniform("u_depths", limits(depths));
        for (const s of layer.shaders) s.setUniform("u_symbol", symbol);
        for (const s of layer.shaders) s.setUniform("u_cut", cuts(depths) ? 1 : 0);
        tell(layer);
        layers.set(code, layer);
      }
      await open(layer, revision);
    },
    forget() {
      for (const l of layers.values()) {
        for (const t of [l.tileset, l.coming]) if (t) scene.primitives.remove(t);
        l.tileset = null;
        l.coming = null;
        l.wanted = -1; // what is still on its way is not taken
      }
      scene.requestRender();
    },
    paint(colors, background, light) {
      layers.forEach((l) => {
        l.color = colors.get(l.code) ?? l.color;
        for (const s of l.shaders) {
          s.setUniform("u_color", rgb(l.color));
          s.setUniform("u_gloss", light ? 0.1 : 0.2);
          s.setUniform("u_dusk", light ? 0.36 : 0.4);
        }
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
    setColouring(c) {
      colouring = c;
      layers.forEach(tell);
      shadeAll();
    },
    setSymbols(halfWidth) {
      symbol = halfWidth;
      each("u_symbol", halfWidth);
      shadeAll();
    },
    setFog(near, far) { each("u_fog", new Cartesian2(near, far)); },
    setDusk(part) { each("u_duskPart", part); },
    setNear(metres) { each("u_near", metres); },
    held() {
      const all = [...layers.values()].flatMap((l) => (l.tileset ? [l.tileset] : []));
      const tiles = (t: Cesium3DTileset) => (t as unknown as { statistics: { numberOfTilesWithContentReady: number } }).statistics.numberOfTilesWithContentReady;
      return { tiles: all.reduce((n, t) => n + tiles(t), 0), megabytes: all.reduce((n, t) => n + t.totalMemoryUsageInBytes, 0) / 2 ** 20 };
    },
    loaded() {
      return [...layers.values()].every((l) => !l.visible || (l.tileset !== null && l.coming === null && l.tileset.tilesLoaded));
    },
    seen() {
      const all = [...layers.values()].filter((l) => l.visible);
      return all.length > 0 && all.every((l) => l.tileset !== null && (l.seen || l.tileset.tilesLoaded));
    },
    pending() {
      const all = [...layers.values()].filter((l) => l.visible);
      return { done: all.filter((l) => l.tileset?.tilesLoaded).length, total: all.length };
    },
  };
}

