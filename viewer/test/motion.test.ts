import { describe, expect, it } from "vitest";
import { localFrame, toEcef, fromEcef } from "../src/scene/geodesy";
import { lens } from "../src/scene/lens";
import { allowed, angles, between, drag, facing, keep, look, orbit, zoom, type Bounds } from "../src/scene/motion";
import { throughPit } from "../src/scene/pit-math";
import { sampleGrid, terrain } from "../src/scene/terrain";
import { add, length, scale, sub, type Vec3 } from "../src/scene/vector";

const FOV = 0.7;
const bounds: Bounds = { center: [0, 0, 0], radius: 1000, ceiling: 800, ground: () => 0 };

describe("orbit", () => {
  it.each([["above", 40, -30, false], ["below", -4, 10, true]] as const)("keeps the pivot on its pixel %s ground", (_, z, pitch, below) => {
    const pose = look([3, -20, z], 15, pitch);
    const pivot: Vec3 = add(pose.position, scale(lens(pose, 1000, 700, FOV).ray(640, 250), 22));
    for (const [yaw, tilt] of [[0.3, 0.1], [-0.8, -0.05], [1.2, 0.2]]) {
      const p = lens(orbit(pose, pivot, yaw, tilt, below), 1000, 700, FOV).project(pivot);
      expect(p?.[0]).toBeCloseTo(640, 6);
      expect(p?.[1]).toBeCloseTo(250, 6);
    }
  });
  it("has no roll and never looks over its head", () => {
    let pose = look([0, 0, 50], 0, -30);
    for (let i = 0; i < 200; i++) pose = orbit(pose, [0, 40, 0], 0.1, 0.3, false);
    expect(angles(pose).pitch).toBeGreaterThan(-90);
    expect(pose.up[2]).toBeGreaterThanOrEqual(0);
    expect(Math.abs(pose.direction[0] * pose.up[1] - pose.direction[1] * pose.up[0])).toBeLessThan(1e-9);
  });
});

describe("pan and zoom", () => {
  it("brings the grabbed point back under the cursor", () => {
    const pose = look([0, 0, 60], 40, -35);
    const l = lens(pose, 1000, 700, FOV);
    const grabbed = add(pose.position, scale(l.ray(400, 420), 60 / -l.ray(400, 420)[2]));
    const moved = drag(pose, grabbed, l.ray(520, 380), true);
    const p = lens(moved, 1000, 700, FOV).project(grabbed);
    expect(p?.[0]).toBeCloseTo(520, 6);
    expect(p?.[1]).toBeCloseTo(380, 6);
    expect(moved.position[2]).toBeCloseTo(60, 9);
  });
  it("zooms to the cursor and stops before the target", () => {
    const pose = look([0, 0, 60], 0, -45);
    const target: Vec3 = [5, 50, 0];
    const before = lens(pose, 1000, 700, FOV).project(target);
    const after = lens(zoom(pose, target, 0.3, 2), 1000, 700, FOV).project(target);
    expect(after?.[0]).toBeCloseTo(before?.[0] ?? 0, 6);
    expect(length(sub(zoom(pose, target, 1e-9, 2).position, target))).toBeCloseTo(2, 9);
  });
});

describe("limits", () => {
  it.each([[[5000, 0, 100], false], [[0, 0, 1e9], false], [[0, 0, -5], false], [[0, 0, 5], true]] as [Vec3, boolean][])("brings %j back (below: %s)", (position, below) => {
    const p = keep(look(position, 0, -20), bounds, below);
    expect(allowed(p, { ...bounds, radius: 1000.001 }, below)).toBe(true);
  });
  it("flies from pose to pose the short way round", () => {
    const [a, b] = [facing([0, 0, 0], 350, -30, 50), facing([0, 0, 0], 10, -30, 50)];
    const h = angles(between(a, b, 0.5)).heading;
    expect(Math.min(h, 360 - h)).toBeLessThan(1);
    expect(length(sub(between(a, b, 1).position, b.position))).toBeLessThan(1e-9);
  });
});

describe("places", () => {
  it("goes to earth-centred metres and back", () => {
    for (const [lon, lat, h] of [[122.12, 37.51, 3.2], [-71, -33, 500], [0, 89.9, -20]]) {
      const [x, y, z] = fromEcef(toEcef(lon, lat, h));
      expect(x).toBeCloseTo(lon, 10);
      expect(y).toBeCloseTo(lat, 10);
      expect(z).toBeCloseTo(h, 4);
    }
  });
  it("lifts by the separation for display alone", () => {
    const f = localFrame(122, 37, 12.5);
    expect(f.local(122, 37, 3)[2]).toBeCloseTo(3, 6);
    expect(f.position(f.local(122.003, 37.002, 4.25))[2]).toBeCloseTo(4.25, 4);
  });
});

describe("ground", () => {
  const grid = { source: "survey" as const, west: 122, south: 37, east: 122.002, north: 37.002, cols: 3, rows: 3, heights: [0, 1, 2, 0, 1, 2, 0, 1, null], revision: 1 };
  it("is bilinear, and unknown outside", () => {
    expect(sampleGrid(grid, 122.0005, 37.0005)).toBeCloseTo(0.5, 9);
    expect(sampleGrid(grid, 121.9, 37)).toBeNull();
  });
  it("is met by a line of sight from above and from below", () => {
    const f = localFrame(122.001, 37.001, 0);
    const t = terrain(grid, f, 1);
    for (const [o, d] of [[[0, 0, 50], [0, 0.1, -1]], [[0, 0, -20], [0.1, 0, 1]]] as [Vec3, Vec3][]) {
      const hit = t.hit(o, d);
      expect(hit).not.toBeNull();
      if (hit) expect(hit[2]).toBeCloseTo(t.z(hit[0], hit[1]), 4);
    }
    expect(t.hit([0, 0, 50], [0, 0, 1])).toBeNull();
  });
});

describe("pit", () => {
  const pit = { lon: 0, lat: 0, width: 10, length: 20, depth: 4, turn: 30 };
  it("is hit from above and missed beside", () => {
    expect(throughPit([0, 0, 20], [0, 0, -1], pit, [0, 0, 0])?.[1]).toBeCloseTo(24, 9);
    expect(throughPit([30, 0, 20], [0, 0, -1], pit, [0, 0, 0])).toBeNull();
  });
  it("turns clockwise from north", () => {
    const along: Vec3 = [Math.sin(Math.PI / 6) * 9, Math.cos(Math.PI / 6) * 9, 20];
    expect(throughPit(along, [0, 0, -1], pit, [0, 0, 0])).not.toBeNull();
    expect(throughPit([-along[0], along[1], 20], [0, 0, -1], pit, [0, 0, 0])).toBeNull();
  });
});
