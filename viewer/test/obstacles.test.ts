import { describe, expect, it } from "vitest";
import { facing } from "../src/scene/motion";
import { barsOf, beside, clearance, freeDive, ROOM, type Bar } from "../src/scene/obstacles";
import type { Place } from "../src/scene/place";
import type { Asset } from "../src/api/types";
import type { Vec3 } from "../src/scene/vector";

let seed = 11;
const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
const bar = (): Bar => {
  const p = (): Vec3 => [random() * 50 - 25, random() * 50 - 25, -0.8 - random() * 4];
  return { a: p(), b: p(), radius: 0.05 + random() * 0.6 };
};

describe("room below ground", () => {
  it("is measured as a walk along every bar measures it", () => {
    for (let i = 0; i < 50; i++) {
      const bars = Array.from({ length: 6 }, bar);
      const p: Vec3 = [random() * 40 - 20, random() * 40 - 20, -random() * 6];
      let least = Infinity;
      for (const b of bars) for (let t = 0; t <= 2000; t++) {
        const q = [0, 1, 2].map((k) => b.a[k] + ((b.b[k] - b.a[k]) * t) / 2000 - p[k]);
        least = Math.min(least, Math.hypot(...q) - b.radius);
      }
      expect(clearance(bars, p)).toBeLessThan(least + 1e-9);
      expect(clearance(bars, p)).toBeGreaterThan(least - 0.03);
    }
  });
  it("is kept: the eye is put beside what it would enter, or stays", () => {
    let moved = 0;
    for (let i = 0; i < 300; i++) {
      const bars = Array.from({ length: 40 }, bar);
      const on = bars[0];
      const p: Vec3 = [0, 1, 2].map((k) => (on.a[k] + on.b[k]) / 2 + random() * 0.2) as unknown as Vec3;
      const q = beside(bars, p);
      if (!q) continue;
      moved++;
      expect(clearance(bars, q)).toBeGreaterThan(ROOM - 0.02);
    }
    expect(moved).toBeGreaterThan(200);
  });
  it("lets one into a tunnel", () => {
    const tunnel: Bar = { a: [-50, 0, -12], b: [50, 0, -12], radius: 5 };
    expect(beside([tunnel], [0, 0, -12])).toEqual([0, 0, -12]);
  });
  it("is looked for by a dive: not before a wall of pipes, and with the target ahead", () => {
    const target: Vec3 = [0, 0, -2];
    const usual = facing(target, 0, 12, 13);
    // a large main right before the eye of the usual dive, across its way
    const main: Bar = { a: [-30, usual.position[1] + 1.3, usual.position[2] + 0.3], b: [30, usual.position[1] + 1.3, usual.position[2] + 0.3], radius: 0.7 };
    const pose = freeDive([main], target, 0, () => 0);
    expect(clearance([main], pose.position)).toBeGreaterThan(2);
    const way = [0, 1, 2].map((k) => target[k] - pose.position[k]);
    const l = Math.hypot(...way);
    expect([0, 1, 2].reduce((s, k) => s + (way[k] / l) * pose.direction[k], 0)).toBeGreaterThan(0.999);
    expect(freeDive([], target, 0, () => 0)).toEqual(usual);
  });
  it("knows pipes as they run and chambers from the ground to their floor", () => {
    const place = { frame: { local: (x: number, y: number, z: number) => [x, y, z] }, terrain: { z: () => 1, height: () => 1 }, reference: 0 } as unknown as Place;
    const assets = [
      { id: "A", kind: "segment", geometry: { type: "LineString", coordinates: [[0, 0, -1], [9, 0, -1], [9, 9, -2]] }, section: { outerDiameter: 0.6 } },
      { id: "B", kind: "chamber", geometry: { type: "Point", coordinates: [5, 5, -3] }, section: { width: 1.2 } },
      { id: "C", kind: "bridge", geometry: { type: "LineString", coordinates: [[0, 0, 5], [9, 0, 5]] }, section: { width: 12 } },
    ] as unknown as Asset[];
    expect(barsOf(assets, place)).toEqual([
      { a: [0, 0, -1], b: [9, 0, -1], radius: 0.3 }, { a: [9, 0, -1], b: [9, 9, -2], radius: 0.3 },
      { a: [5, 5, 1], b: [5, 5, -3], radius: 0.6 },
    ]);
  });
});
