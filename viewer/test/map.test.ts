import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { distanceTo, hits, inOrder, inside } from "../src/map/pick";
import { degreesOf, metresPerPixel, pixelOf, sheetFor, sheetOf, tilesFor, viewOf, worldAt, worldOf, zoomAbout, type Sheet } from "../src/map/sheet";
import { pitCorners } from "../src/map/paint";
import type { Catalog } from "../src/api/types";
import type { Colouring } from "../src/colour/classes";
import { classed, placeOfFeature } from "../src/map/classes";
import { readTile, widthClass, type Feature } from "../src/map/tile";

const size = { width: 1000, height: 700 };
const here: Sheet = { ...at(122.12, 37.51), zoom: 17.3 };

function at(lon: number, lat: number): { x: number; y: number } {
  const [x, y] = worldOf(lon, lat);
  return { x, y };
}

describe("the sheet", () => {
  it("goes to the world and back", () => {
    for (const [lon, lat] of [[122.12, 37.51], [-0.1, 51.5], [151.2, -33.9], [0, 0]]) {
      const [a, b] = degreesOf(...worldOf(lon, lat));
      expect(a).toBeCloseTo(lon, 9);
      expect(b).toBeCloseTo(lat, 9);
    }
    expect(worldOf(0, 0)).toEqual([0.5, 0.5]);
    expect(worldOf(180, 85.0511287)[0]).toBe(1);
  });
  it("keeps the place under the pointer when it zooms", () => {
    const before = worldAt(here, size, 130, 610);
    const next = zoomAbout(here, size, 130, 610, 19);
    const after = worldAt(next, size, 130, 610);
    expect(after[0]).toBeCloseTo(before[0], 12);
    expect(after[1]).toBeCloseTo(before[1], 12);
    expect(pixelOf(next, size, ...before).map(Math.round)).toEqual([130, 610]);
  });
  it("shows a whole box", () => {
    const box = [122.1, 37.5, 122.14, 37.53];
    const s = sheetFor(box, size, 40, 22);
    for (const [lon, lat] of [[box[0], box[1]], [box[2], box[3]]]) {
      const [x, y] = pixelOf(s, size, ...worldOf(lon, lat));
      expect(x).toBeGreaterThanOrEqual(39.9);
      expect(x).toBeLessThanOrEqual(960.1);
      expect(y).toBeGreaterThanOrEqual(39.9);
      expect(y).toBeLessThanOrEqual(660.1);
    }
  });
  it("asks for the tiles it shows, the middle first", () => {
    const keys = tilesFor(here, size);
    expect(keys[0].z).toBe(17);
    const [cx, cy] = [Math.floor(here.x * 2 ** 17), Math.floor(here.y * 2 ** 17)];
    expect(keys[0]).toEqual({ z: 17, x: cx, y: cy });
    for (const [px, py] of [[0, 0], [999, 0], [0, 699], [999, 699]]) {
      const [x, y] = worldAt(here, size, px, py).map((v) => Math.floor(v * 2 ** 17));
      expect(keys).toContainEqual({ z: 17, x, y });
    }
    expect(tilesFor({ ...here, zoom: 22 }, size)[0].z).toBe(18);
    expect(tilesFor({ ...here, zoom: 3 }, size)[0].z).toBe(8);
  });
  it("asks for assets one by one from as far out as that can be", () => {
    expect(tilesFor({ ...here, zoom: 12.4 }, size)[0].z).toBe(12);
    const single = tilesFor({ ...here, zoom: 12.4 }, size, true);
    expect(single[0].z).toBe(14);
    expect(single.length).toBeLessThan(120); // the whole picture
    expect(tilesFor({ ...here, zoom: 11 }, size, true)[0].z).toBe(11);
    expect(tilesFor({ ...here, zoom: 17 }, size, true)[0].z).toBe(17);
  });
  it.each([[0, -90], [0, -50], [135, -34], [300, -70]])("looks at the same place from space at heading %i, pitch %i, as large", (heading, pitch) => {
    const v = viewOf(here, 12, size, heading, pitch);
    const back = sheetOf(v, 12, size);
    const metres = Math.hypot(back.x - here.x, back.y - here.y) * 40_075_016 * Math.cos((37.51 * Math.PI) / 180);
    expect(metres).toBeLessThan(2 * metresPerPixel(here));
    expect(back.zoom).toBeCloseTo(here.zoom, 3);
  });
  it("shows what lies above an eye below the ground", () => {
    const s = sheetOf({ lon: 122.12, lat: 37.51, height: 3, heading: 40, pitch: 12 }, 5, size);
    expect(degreesOf(s.x, s.y)[0]).toBeCloseTo(122.12, 9);
    expect(metresPerPixel(s)).toBeLessThan(0.2);
  });
});

const line = (id: string, kind: string, ...xy: number[]): Feature => {
  const parts = [Float32Array.from(xy)];
  const xs = xy.filter((_, i) => i % 2 === 0);
  const ys = xy.filter((_, i) => i % 2 === 1);
  return { id, layer: "JS", kind, symbol: "", width: 0.3, cover: 1, diameter: 0.3, installed: 1998, material: "CON", quality: "B", assumed: false, area: kind === "zone", parts, box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] };
};

describe("classes on the map", () => {
  const catalog = { materials: [{ code: "UNK" }, { code: "CON" }], qualities: [{ code: "A" }, { code: "B" }] } as unknown as Catalog;
  const by = (b: Colouring["by"], limits: number[] = [], hidden: number[] = []): Colouring => ({ by: b, limits, colors: Array.from({ length: 64 }, (_, i) => `#${i}`), shown: Array.from({ length: 64 }, (_, i) => !hidden.includes(i)) });
  const pipe = line("A", "segment", 0, 0, 9, 0);
  it.each([[by("depth", [-1e6, 0.5, 1, 2]), 3], [by("diameter", [0, 0.3, 0.5]), 2], [by("age", [1900, 1990, 2000]), 2], [by("material"), 2], [by("quality"), 2]] as const)("have the place that the scene gives them: %#", (c, place) => {
    expect(placeOfFeature(pipe, c, catalog)).toBe(place);
    expect(classed(pipe, c, catalog, "run")).toEqual({ color: `#${place}`, shown: true });
    expect(classed(pipe, { ...c, shown: c.shown.map((_, i) => i !== place) }, catalog, "run").shown).toBe(false);
    expect(placeOfFeature({ ...pipe, cover: null, diameter: null, installed: null, material: "", quality: "" }, c, catalog)).toBe(0);
  });
  it("of what is no line go with the first filter where they are not known; runs of many stay, in a colour that is no class's", () => {
    const point = { ...line("N", "node", 5, 5), diameter: null };
    expect(classed(point, by("diameter", [0]), catalog, "run")).toEqual({ color: "#0", shown: true });
    expect(classed(point, by("diameter", [0], [1]), catalog, "run").shown).toBe(false);
    expect(classed({ ...pipe, diameter: null }, by("diameter", [0], [1]), catalog, "run").shown).toBe(true);
    expect(classed(line("", "segment", 0, 0, 9, 0), by("diameter", [0], [0, 1]), catalog, "run")).toEqual({ color: "run", shown: true });
    expect(classed(pipe, null, catalog, "run")).toEqual({ color: null, shown: true });
  });
});

describe("the pointer", () => {
  it("measures from lines", () => {
    expect(distanceTo([Float32Array.from([0, 0, 10, 0])], 5, 3)).toBe(3);
    expect(distanceTo([Float32Array.from([0, 0, 10, 0])], 14, 3)).toBe(5);
    expect(distanceTo([Float32Array.from([2, 2])], 5, 6)).toBe(5);
    expect(inside([Float32Array.from([0, 0, 10, 0, 10, 10, 0, 10])], 5, 5)).toBe(true);
    expect(inside([Float32Array.from([0, 0, 10, 0, 10, 10, 0, 10])], 15, 5)).toBe(false);
  });
  it("takes what is nearest, points before the lines they end, areas last, and nothing beyond seven pixels", () => {
    const all = [line("Z", "zone", 0, 0, 100, 0, 100, 100, 0, 100), line("A", "segment", 0, 50, 100, 50), line("B", "segment", 0, 54, 100, 54), line("N", "node", 50, 50)];
    const pick = (x: number, y: number, perPixel = 1) => inOrder(hits(all, x, y, perPixel, 7, (f) => (f.area ? 0 : 1), () => true));
    expect(pick(50, 50)).toEqual(["N", "A", "Z", "B"]);
    expect(pick(20, 55)[0]).toBe("B");
    expect(pick(20, 61)).toEqual(["Z", "B"]);
    expect(pick(20, 63)).toEqual(["Z"]);
    expect(pick(150, 50)).toEqual([]);
    expect(pick(150, 50, 10)).toContain("A"); // ten units a pixel: only five pixels away
  });
  it("does not take what is hidden, nor runs of many", () => {
    const all = [line("A", "segment", 0, 0, 9, 0), line("", "segment", 0, 0, 9, 0)];
    expect(hits(all, 5, 0, 1, 7, () => 1, () => false)).toEqual([]);
    expect(hits(all, 5, 0, 1, 7, () => 1, () => true).map((x) => x.id)).toEqual(["A"]);
  });
});

describe("a tile", () => {
  it("is read as the server wrote it", () => {
    const b = readFileSync(new URL("./tile.mvt", import.meta.url));
    const { features, streets } = readTile(b.buffer.slice(b.byteOffset, b.byteOffset + b.byteLength) as ArrayBuffer);
    expect(streets.length).toBeGreaterThan(0);
    const byId = new Map(features.map((f) => [f.id, f]));
    expect(byId.size).toBe(features.length);
    for (const f of features) {
      expect(f.id.split("-")[0], f.id).toMatch(/^[A-Z]{2}$/);
      expect(f.layer).toMatch(/^[A-Z]{2}$/);
      expect(f.parts.length).toBeGreaterThan(0);
      if (f.kind === "segment") expect(f.width).toBeGreaterThan(0);
      for (const v of f.box) expect(Math.abs(v - 2048)).toBeLessThan(2048 + 700);
    }
    expect(features.some((f) => f.kind === "chamber") && features.some((f) => f.kind === "segment")).toBe(true);
    expect(readTile(new ArrayBuffer(0))).toEqual({ features: [], streets: [] });
  });
  it("draws like widths alike, and never thinner than they are", () => {
    expect(widthClass(0.11)).toBe(0.2);
    expect(widthClass(0.3)).toBe(0.3);
    expect(widthClass(6.3)).toBe(6.5);
  });
});

describe("the pit on the map", () => {
  it("stands where it is, as large as it is, turned from north", () => {
    const corners = pitCorners({ lon: 122, lat: 37.5, width: 10, length: 40, depth: 3, turn: 90 });
    const metres = corners.map(([lon, lat]) => [(lon - 122) * 111_319.49 * Math.cos((37.5 * Math.PI) / 180), (lat - 37.5) * 110_950]);
    for (const [e, n] of metres) expect([Math.abs(e), Math.abs(n)].map(Math.round)).toEqual([20, 5]);
  });
});
