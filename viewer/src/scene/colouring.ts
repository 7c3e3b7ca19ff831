// Colours by what the tiles' property tables say, in the shading itself: another colouring or filter is a few uniforms and no tile is touched.
import { Cartesian4, Color, PixelFormat, TextureMagnificationFilter, TextureMinificationFilter, TextureUniform } from "@cesium/engine";
import type { Colouring } from "../colour/classes";

const SIZE = 64; // colours
const FAR = 1e9; // a limit that nothing reaches

const ways: Record<Colouring["by"], number> = { depth: 1, diameter: 2, age: 3, material: 4, quality: 5 };

/** The colours as a row of dots; what is hidden has no opacity. */
export function paletteTexture(c: Pick<Colouring, "colors" | "shown">): TextureUniform {
  const bytes = new Uint8Array(SIZE * 4);
  for (let i = 0; i < SIZE; i++) {
    const k = Color.fromCssColorString(c.colors[i] ?? "#888888");
    bytes.set([k.red * 255, k.green * 255, k.blue * 255, c.shown[i] === false ? 0 : 255], i * 4);
  }
  return new TextureUniform({
    typedArray: bytes, width: SIZE, height: 1, pixelFormat: PixelFormat.RGBA, repeat: false,
    minificationFilter: TextureMinificationFilter.NEAREST, magnificationFilter: TextureMagnificationFilter.NEAREST,
  });
}

/** Uniforms of a colouring. */
export function colouringUniforms(c: Colouring) {
  const l = (i: number) => c.limits[i] ?? FAR;
  return {
    u_by: ways[c.by], u_palette: paletteTexture(c),
    u_limitsA: new Cartesian4(l(0), l(1), l(2), l(3)), u_limitsB: new Cartesian4(l(4), l(5), l(6), l(7)),
    u_filtered: c.shown.every(Boolean) ? 0 : 1,
  };
}

// Kinds by their numbers (twin/kind.go): 1 node and 2 chamber are points, 6 zone and 7 solid are areas; their class is rarely known and does not stand in
// the histogram, so they are grey while nothing is filtered and go with the first filter.
/** The class's colour in fragmentMain: the shader gets the columns that are named here in full, and no others. */
export const classOfFragment = `classColor(fsInput.metadata.cover, fsInput.metadata.diameter, int(fsInput.metadata.installed), int(fsInput.metadata.material), int(fsInput.metadata.quality), int(fsInput.metadata.kind))`;

export const colouringShader = `
int placeOf(float v) {
  vec4 a = step(u_limitsA, vec4(v));
  vec4 b = step(u_limitsB, vec4(v));
  return int(dot(a, vec4(1.0)) + dot(b, vec4(1.0)) + 0.5);
}
vec4 classColor(float cover, float diameter, int installed, int material, int quality, int kind) {
  int place = 0;
  if (cover > 327.675) cover -= 655.36; // the engine (26.3) reads the column's 16 bits without their sign
  if (u_by == 1) place = cover < -300.0 ? 0 : placeOf(cover);
  else if (u_by == 2) place = diameter > 65.53 ? 0 : placeOf(diameter);
  else if (u_by == 3) place = installed == 0 ? 0 : placeOf(float(installed));
  else if (u_by == 4) place = min(material, ${SIZE - 1});
  else if (u_by == 5) place = quality;
  bool line = kind == 0 || (kind >= 3 && kind <= 5);
  vec4 c = texelFetch(u_palette, ivec2(place, 0), 0);
  if (!line && place == 0) c.a = u_filtered > 0 ? 0.0 : 1.0;
  return c;
}`;
