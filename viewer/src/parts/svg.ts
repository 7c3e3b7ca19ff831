// A drawing to scale, in metres with up upwards, as an SVG with measures in its own pixels.
import { escape } from "../scene/labels";

const NS = "http://www.w3.org/2000/svg";
export type Point = readonly [number, number];

export interface Sheet {
  /** pixel of a place in metres */
  at(p: Point): Point;
  scale: number;
  path(points: readonly Point[], close?: boolean): string;
  text(p: Point, words: string, anchor?: "start" | "middle" | "end", cls?: string): string;
  /** a measure between two places, moved aside by so many pixels */
  across(a: Point, b: Point, aside: number, words: string, cls?: string): string;
  upwards(a: Point, b: Point, aside: number, words: string, cls?: string): string;
  finish(body: string, label: string): SVGSVGElement;
}

/** A sheet for what lies between two corners, in metres. */
export function sheet(low: Point, high: Point, width: number, most: number, margin: { left: number; right: number; top: number; bottom: number }): Sheet {
  const [w, h] = [Math.max(1e-3, high[0] - low[0]), Math.max(1e-3, high[1] - low[1])];
  const scale = Math.min((width - margin.left - margin.right) / w, (most - margin.top - margin.bottom) / h);
  const height = h * scale + margin.top + margin.bottom;
  const x0 = margin.left + (width - margin.left - margin.right - w * scale) / 2;
  const at = ([x, y]: Point): Point => [x0 + (x - low[0]) * scale, margin.top + (high[1] - y) * scale];
  const f = (v: number) => v.toFixed(1);
  const line = (a: Point, b: Point) => `M${f(a[0])} ${f(a[1])}L${f(b[0])} ${f(b[1])}`;
  const s: Sheet = {
    at, scale,
    path: (points, close = true) => points.map((p, i) => { const [x, y] = at(p); return `${i ? "L" : "M"}${f(x)} ${f(y)}`; }).join("") + (close ? "Z" : ""),
    text: (p, words, anchor = "middle", cls = "") => `<text class="${cls}" x="${f(p[0])}" y="${f(p[1])}" text-anchor="${anchor}">${escape(words)}</text>`,
    across(a, b, aside, words, cls = "") {
      const [p, q] = [at(a), at(b)];
      const y = (aside > 0 ? Math.max(p[1], q[1]) : Math.min(p[1], q[1])) + aside;
      return `<path class="dim ${cls}" d="${line([p[0], y], [q[0], y])}${line([p[0], y - 4], [p[0], y + 4])}${line([q[0], y - 4], [q[0], y + 4])}"/>` + s.text([(p[0] + q[0]) / 2, aside > 0 ? y + 13 : y - 5], words, "middle", cls);
    },
    upwards(a, b, aside, words, cls = "") {
      const [p, q] = [at(a), at(b)];
      const x = (aside > 0 ? Math.max(p[0], q[0]) : Math.min(p[0], q[0])) + aside;
      return `<path class="dim ${cls}" d="${line([x, p[1]], [x, q[1]])}${line([x - 4, p[1]], [x + 4, p[1]])}${line([x - 4, q[1]], [x + 4, q[1]])}"/>` + s.text([x + (aside > 0 ? 6 : -6), (p[1] + q[1]) / 2 + 4], words, aside > 0 ? "start" : "end", cls);
    },
    finish(body, label) {
      const svg = document.createElementNS(NS, "svg");
      svg.setAttribute("viewBox", `0 0 ${width} ${f(height)}`);
      svg.setAttribute("class", "section-drawing");
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", label);
      svg.innerHTML = `<defs><pattern id="wall-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V5" class="hatch-line"/></pattern></defs>${body}`;
      return svg;
    },
  };
  return s;
}
