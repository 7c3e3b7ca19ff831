import { describe, expect, it, vi } from "vitest";
import type { Asset, Connection, Part } from "../src/api/types";
import { setLanguage } from "../src/i18n";
import { apart } from "../src/parts/drawing";
import { partMeasures, partName, upright, worthListing } from "../src/parts/logic";
import { halves, hull } from "../src/scene/envelope";
import { signOf } from "../src/symbols/signs";
import { MOST, split } from "../src/uncertainty/panel";

vi.stubGlobal("document", { documentElement: {} });

const part = (name: string, index: number, more: Partial<Part> = {}): Part => ({ name, index, low: 0, high: 1, volume: 1, middle: [0, 0, 0], ...more });
const pipe = (asset: string, end: "from" | "to", invert: number | null, more: Partial<Connection> = {}): Connection =>
  ({ asset, network: "WS", end, invert, crown: null, drawn: 2, bearing: 0, section: { diameter: 0.3 }, assumed: invert === null, material: null, ...more });
const manhole = { id: "WS-M", kind: "chamber", bottom: 0.5, section: { diameter: 1.2, wall: 0.24 }, assumed: [] } as unknown as Asset;
const inside = [part("lid", 0, { high: 4, low: 3.9, diameter: 0.7 }), part("slab", 0), part("shaft", 0, { high: 4, low: 2, diameter: 0.7 }), part("cone", 1, { high: 2, low: 1.5 }), part("chamber", 2, { high: 1.5, low: 0.5, diameter: 1.2 }), part("floor", 0)];

describe("parts", () => {
  it("are named and measured, and numbered only where there are several", () => {
    setLanguage("en");
    const all = [part("compartment", 0, { label: "电力舱" }), part("compartment", 1), part("shell", 0, { container: true })];
    expect(partName(all[0], all)).toBe("Compartment 1 · 电力舱");
    expect(partName(all[2], all)).toBe("Shell");
    expect(partMeasures(part("duct", 0, { diameter: 0.11, use: "DL" })).replaceAll("\u00a0", " ")).toBe("⌀ 110 mm · DL");
    expect(partMeasures(part("compartment", 0, { width: 2.4, height: 3, area: 7.2 })).replaceAll("\u00a0", " ")).toBe("2.40 m × 3.00 m · 7.20 m²");
    expect(partMeasures(part("shell", 0))).toBe("");
    expect(worthListing([part("bore", 0), part("pipe", 0)])).toBe(false);
    expect(worthListing(all)).toBe(true);
  });
});

describe("the upright section of a manhole", () => {
  it("stands on its layers, and sees a drop as a drop", () => {
    const u = upright(manhole, inside, [pipe("WS-A", "to", 2.0), pipe("WS-B", "to", 0.65), pipe("WS-C", "from", 0.6), pipe("WS-D", "to", null)]);
    expect(u?.layers.map((l) => [l.name, l.width, l.above])).toEqual([["shaft", 0.7, 0.7], ["cone", 1.2, 0.7], ["chamber", 1.2, 1.2]]);
    expect([u?.top, u?.bottom, u?.bottomKnown, u?.wall, u?.lid]).toEqual([4, 0.5, true, 0.24, 0.7]);
    expect(u?.stubs.map((s) => [s.asset, s.side, s.drop === null ? null : Number(s.drop.toFixed(2)), s.assumed])).toEqual([["WS-A", -1, 1.4, false], ["WS-B", -1, null, false], ["WS-C", 1, null, false], ["WS-D", -1, null, true]]);
    expect(u?.stubs[3].invert).toBeCloseTo(1.85); // where it is drawn, and marked as assumed
  });
  it("says what it does not know, and draws no drop to an unknown way out", () => {
    const u = upright({ ...manhole, bottom: null, section: null } as Asset, inside, [pipe("WS-A", "to", 2), pipe("WS-C", "from", null)]);
    expect([u?.bottomKnown, u?.sizeKnown, u?.stubs[0].drop]).toEqual([false, false, null]);
    expect(upright({ ...manhole, kind: "segment" } as Asset, inside, [])).toBeNull();
  });
  it("keeps its words apart in the order of their wishes", () => {
    expect(apart([30, 10, 12], 26)).toEqual([62, 10, 36]);
  });
});

describe("how sure a place is", () => {
  it("has no envelope where it is not known, and never one of 0", () => {
    expect(halves(0.2, 0.1, { horizontal: null, vertical: null })).toBeNull();
    expect(halves(0.2, 0.1, { horizontal: 0.3, vertical: null })).toEqual([0.5, 0.1]);
    const line = (id: string, horizontal: number | null, kind = "segment") => ({ id, kind, network: "JS", quality: { horizontal, vertical: null } }) as unknown as Asset;
    const s = split([line("a", 0.2), line("b", null), line("c", 0.1, "node"), ...Array.from({ length: MOST + 4 }, (_, i) => line(String(i), 0.1))], (a) => a.id !== "0");
    expect([s.drawn.length, s.unknown, s.left]).toEqual([MOST, 1, 4]);
  });
  it("is outlined by its hull", () => {
    const ring = hull([[0, 0], [4, 0], [4, 3], [0, 3], [2, 1], [4, 1.5]]);
    expect(ring.map((p) => p.join()).sort()).toEqual(["0,0", "0,3", "4,0", "4,3"]);
  });
});

describe("signs", () => {
  it("follow the words of surveys", () => {
    const of = (appurtenance: string, kind = "node") => signOf({ kind, appurtenance } as unknown as Asset);
    expect(["阀门井", "消防栓", "雨水篦", "检查井", "接线箱", "泵站", "直线点"].map((w) => of(w))).toEqual(["valve", "hydrant", "gully", "manhole", "cabinet", "pump", null]);
    expect(of("", "chamber")).toBe("manhole");
  });
});
