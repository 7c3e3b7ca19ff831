import { describe, expect, it } from "vitest";
import type { Asset } from "../src/api/types";
import { depthOf, placed, withinDepth } from "../src/assets/objects";

const asset = (coordinates: unknown, more: Partial<Asset> = {}): Asset =>
  ({ id: "JS-1", kind: "segment", network: "JS", name: "", owner: "", status: "", geometry: { type: "LineString", coordinates }, assumed: [], version: 1, ...more }) as Asset;

describe("objects in view", () => {
  it("has the depth of the axis where it lies least deep", () => {
    expect(depthOf(asset([[0, 0, 8], [0, 1, 7]], { ground: [10, 10.5] }))).toBe(2);
    expect(depthOf(asset([0, 0, 8], { ground: 9.5 }))).toBe(1.5);
  });
  it("does not take unknown for nothing", () => {
    expect(depthOf(asset([[0, 0, null], [0, 1, 7]], { ground: [10, null] }))).toBeNull();
    expect(depthOf(asset([[0, 0, 8]], {}))).toBeNull();
    expect(withinDepth({ a: asset([]), away: 0, bearing: 0, depth: null }, { from: 5, to: 6 })).toBe(true);
  });
  it.each([["north", [122, 37.001], 0], ["east", [122.001, 37], 90], ["south", [122, 36.999], 180], ["west", [121.999, 37], 270]] as const)("has its bearing: %s", (_, at, bearing) => {
    const p = placed({ lon: 122, lat: 37 }, asset([...at, 1]));
    expect(p?.bearing).toBeCloseTo(bearing, 3);
    expect(p?.away).toBeGreaterThan(80);
    expect(p?.away).toBeLessThan(112);
  });
  it("measures to the nearest vertex", () => {
    expect(placed({ lon: 122, lat: 37 }, asset([[122.01, 37, 0], [122.0001, 37, 0]]))?.away).toBeLessThan(10);
  });
  it.each([[1, { from: 0, to: null }, true], [1, { from: 2, to: null }, false], [3, { from: 2, to: 4 }, true], [5, { from: 0, to: 4 }, false]] as const)("at %d m under %o: %s", (depth, range, shown) => {
    expect(withinDepth({ a: asset([]), away: 0, bearing: 0, depth }, range)).toBe(shown);
  });
});
