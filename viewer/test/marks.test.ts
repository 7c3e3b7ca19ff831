import { describe, expect, it } from "vitest";
import { lens } from "../src/scene/lens";
import type { Asset } from "../src/api/types";
import { boxAbout, markOf } from "../src/scene/marks";
import { handles } from "../src/scene/overlay";
import type { Place } from "../src/scene/place";
import type { Pose } from "../src/scene/motion";
import type { Pit } from "../src/scene/view";

describe("the box about an axis", () => {
  it("has its middle in the middle of a line, and of an area whose rim ends where it begins", () => {
    expect(boxAbout([[0, 0, -2], [30, 40, -2]])).toEqual({ middle: [15, 20, -2], size: 50 });
    expect(boxAbout([[0, 0, 1], [60, 0, 1], [60, 80, 1], [0, 80, 1], [0, 0, 1]])).toEqual({ middle: [30, 40, 1], size: 100 });
  });
});

describe("the mark of a line without length", () => {
  const place = { frame: { local: (lon: number, lat: number, h: number) => [lon, lat, h] }, terrain: {}, reference: 0 } as unknown as Place;
  const line = (...coordinates: number[][]) => markOf({ id: "a", kind: "segment", geometry: { type: "LineString", coordinates } } as unknown as Asset, "#fff", place);
  it("is that of a point", () => {
    expect(line([1, 2, 3], [1, 2, 3])).toMatchObject({ axis: [[1, 2, 3]], point: true });
    expect(line([1, 2, 3], [1, 2, 4])).toMatchObject({ axis: [[1, 2, 3], [1, 2, 4]], point: false });
  });
});

describe("the pit's handles", () => {
  const pit: Pit = { lon: 0, lat: 0, width: 18, length: 26, depth: 4.5, turn: 0 };
  const names = (pose: Pose, flat = false) => [...handles({ pit, center: [0, 0, 0] }, lens(pose, 1000, 700, 1), flat).matchAll(/data-handle="(\w+)"/g)].map((m) => m[1]);
  const aslant: Pose = { position: [0, -40, 40], direction: [0, -Math.SQRT1_2 * -1, -Math.SQRT1_2], up: [0, Math.SQRT1_2, Math.SQRT1_2] };
  const above: Pose = { position: [0, 0, 50], direction: [0, 0.001, -1], up: [0, 1, 0.001] };
  it("are six aslant", () => expect(names(aslant)).toEqual(["east", "west", "north", "south", "move", "depth"]));
  it("from above leave out the floor's, which would lie on the middle's", () => expect(names(above)).toEqual(["east", "west", "north", "south", "move"]));
  it("have none for the floor on the map", () => expect(names(aslant, true)).not.toContain("depth"));
});
