// Axes over the picture: in the symbol style a gallery or a sewer that is no round pipe is a line of its network's colour, as pipes are.
import type { Lens, Pixel } from "./lens";
import type { Terrain } from "./terrain";
import { mix, type Vec3 } from "./vector";
import type { DepthRange } from "./view";

export interface Axis { axis: readonly Vec3[]; color: string; assumed: boolean }

const FAR = 1e5; // pixels beyond the picture that a path still takes

/** One path a colour, dashed where the place or the size is assumed; a piece whose middle lies outside the depths shown is left out. */
export function drawAxes(list: readonly Axis[], l: Pick<Lens, "segment">, t: Pick<Terrain, "z">, depths: DepthRange): string {
  const paths = new Map<string, string>();
  const put = ([x, y]: Pixel) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  for (const { axis, color, assumed } of list) {
    const key = `${color}${assumed ? " assumed" : ""}`;
    for (let i = 0; i + 1 < axis.length; i++) {
      const m = mix(axis[i], axis[i + 1], 0.5);
      const deep = t.z(m[0], m[1]) - m[2];
      if ((depths.from > 0 && deep < depths.from) || (depths.to !== null && deep > depths.to)) continue;
      const s = l.segment(axis[i], axis[i + 1]);
      if (!s || s.some((p) => Math.abs(p[0]) > FAR || Math.abs(p[1]) > FAR)) continue;
      paths.set(key, `${paths.get(key) ?? ""}M${put(s[0])}L${put(s[1])}`);
    }
  }
  return [...paths].map(([key, path]) => {
    const [color, assumed] = key.split(" ");
    return `<path class="axis-sign${assumed ? " assumed" : ""}" style="stroke:${color}" d="${path}"/>`;
  }).join("");
}
