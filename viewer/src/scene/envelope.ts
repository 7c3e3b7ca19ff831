// The room in which an asset may really lie, by the accuracy it was located with: a tube about its axis, as a translucent shape over the picture.
import type { Lens, Pixel } from "./lens";
import type { Marked } from "./marks";
import { add, cross, normalize, scale, sub, type Vec3 } from "./vector";

/** Metres at 95 %; null is not known. */
export interface Accuracy { horizontal: number | null; vertical: number | null }
export interface Envelope { mark: Pick<Marked, "axis" | "radius" | "tall" | "color">; accuracy: Accuracy }

const AROUND = 14; // directions about the axis

/** Points of the pixels' convex hull, counter-clockwise (Andrew, 1979). */
export function hull(points: Pixel[]): Pixel[] {
  const p = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  if (p.length < 3) return p;
  const turn = (o: Pixel, a: Pixel, b: Pixel) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
  const half = (list: Pixel[]) => {
    const out: Pixel[] = [];
    for (const q of list) {
      while (out.length > 1 && turn(out[out.length - 2], out[out.length - 1], q) <= 0) out.pop();
      out.push(q);
    }
    out.pop();
    return out;
  };
  return [...half(p), ...half(p.reverse())];
}

/** Half width and half height of the envelope, m; null where nothing is known. What is known in one direction only is drawn in that direction only. */
export function halves(radius: number, tall: number, a: Accuracy): [number, number] | null {
  if (a.horizontal === null && a.vertical === null) return null;
  return [radius + (a.horizontal ?? 0), tall + (a.vertical ?? 0)];
}

function shape(e: Envelope, l: Lens): string {
  const size = halves(e.mark.radius, e.mark.tall, e.accuracy);
  if (!size) return "";
  const { axis } = e.mark;
  const pieces: [Vec3, Vec3][] = axis.length < 2 ? [[axis[0], axis[0]]] : axis.slice(1).map((b, i) => [axis[i], b]);
  let d = "";
  for (const [a, b] of pieces) {
    const along = normalize(sub(b, a));
    const flat = Math.hypot(along[0], along[1]) > 1e-3;
    const side: Vec3 = flat ? normalize(cross(along, [0, 0, 1])) : [1, 0, 0];
    const up: Vec3 = flat && axis.length > 1 ? normalize(cross(side, along)) : [0, 0, 1];
    const pixels: Pixel[] = [];
    if (axis.length < 2) {
      for (let k = 0; k < AROUND; k++) for (const up of [-size[1], size[1]]) {
        const q = l.project(add(a, [Math.cos((2 * Math.PI * k) / AROUND) * size[0], Math.sin((2 * Math.PI * k) / AROUND) * size[0], up]));
        if (q) pixels.push(q);
      }
    } else for (let k = 0; k < AROUND; k++) {
      const t = (2 * Math.PI * k) / AROUND;
      const off = add(scale(side, Math.cos(t) * size[0]), scale(up, Math.sin(t) * size[1]));
      // beyond its ends a line is as uncertain as beside it
      const s = l.segment(add(a, add(off, scale(along, -size[0] * 0.5))), add(b, add(off, scale(along, size[0] * 0.5))));
      if (s) pixels.push(...s);
    }
    const ring = hull(pixels.filter((p) => Math.abs(p[0]) < 2e4 && Math.abs(p[1]) < 2e4));
    if (ring.length > 2) d += ring.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("") + "Z";
  }
  return d;
}

/** Envelopes of some assets, one shape each; those known in one direction only are dashed. */
export const envelopes = (list: readonly Envelope[], l: Lens): string => list.map((e) => {
  const d = shape(e, l);
  const half = e.accuracy.horizontal === null || e.accuracy.vertical === null;
  return d && `<path class="envelope${half ? " half" : ""}${e.mark.axis.length > 2 ? " many" : ""}" style="fill:${e.mark.color};stroke:${e.mark.color}" d="${d}"/>`;
}).join("");
