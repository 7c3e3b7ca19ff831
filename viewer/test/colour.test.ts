import { describe, expect, it, vi } from "vitest";
import type { Catalog, Histogram } from "../src/api/types";
import { between, classesOf, colouringOf, OTHER_MATERIAL, ramp, unknownColor } from "../src/colour/classes";
import { labelOf } from "../src/colour/label";
import { setLanguage } from "../src/i18n";
import { layerOf, networkNamed } from "../src/layers/tree";
import { readLink, writeLink } from "../src/link/hash";

vi.stubGlobal("document", { documentElement: {} });

const words = ["DI", "PE", "CON", "STL", "PVC", "CI", "GRP", "AC", "BRK"].map((code) => ({ code, nameZh: `${code}管`, nameEn: code.toLowerCase() }));
const catalog = {
  materials: words, qualities: [{ code: "A", nameZh: "实测", nameEn: "exposed" }],
  networks: [{ code: "DL", parent: null, nameZh: "电力", nameEn: "electricity", members: ["DL", "LD"] }], subnetworks: [{ code: "LD", layer: "DL", nameZh: "路灯", nameEn: "street lighting" }],
} as unknown as Catalog;
const depth: Histogram = { by: "depth", revision: 1, total: 60, unknown: 10, classes: [{ to: 0.5, count: 5 }, { from: 0.5, to: 1, count: 30 }, { from: 1, count: 15 }] };

/** Relative luminance (WCAG 2.2). */
function light(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe("classes of a colouring", () => {
  it("rise evenly in lightness, and stand out from their ground", () => {
    for (const [theme, ground] of [["dark", "#0B1017"], ["light", "#F5F7F9"]] as const) {
      const all = ramp(7, theme).map(light);
      expect(all).toEqual([...all].sort((a, b) => a - b));
      for (const v of all) {
        const [a, b] = [v, light(ground)].sort((x, y) => y - x);
        expect((a + 0.05) / (b + 0.05)).toBeGreaterThan(theme === "dark" ? 2.5 : 1.35);
      }
    }
  });

  it("keep the unknown apart, in a place and colour of its own", () => {
    const c = colouringOf(depth, catalog, "dark", new Set([2]));
    expect(c.colors[0]).toBe(unknownColor.dark);
    expect(classesOf(depth, catalog, "dark").map((x) => x.place)).toEqual([1, 2, 3]);
    expect(c.limits).toEqual([-1e6, 0.5, 1]);
    expect(c.shown.map((s, i) => (s ? -1 : i)).filter((i) => i >= 0)).toEqual([2]);
    expect(new Set(c.colors.slice(0, 4)).size).toBe(4);
  });

  it("give a material the place that tiles give it, and only the commonest a colour of their own", () => {
    const h: Histogram = { by: "material", revision: 1, total: 100, unknown: 1, classes: [...words.map((w, i) => ({ code: w.code, count: 20 - i })), { code: "other", count: 3 }, ] };
    const rows = classesOf(h, catalog, "light");
    expect(rows[0].place).toBe(1);
    expect(rows.find((r) => r.code === "other")?.place).toBe(OTHER_MATERIAL);
    expect(new Set(rows.slice(0, 7).map((r) => r.color)).size).toBe(7);
    expect(rows[8].color).toBe(rows[9].color);
    expect(classesOf({ ...h, classes: [{ code: "DI", count: 0 }, { code: "PE", count: 1 }] }, catalog, "light").map((r) => r.code)).toEqual(["PE"]);
  });

  it("leave what is dragged over", () => {
    expect([...between([1, 2, 3, 4, 0], 3, 2)]).toEqual([1, 4, 0]);
    expect([...between([1, 2, 3], 1, 3)]).toEqual([]);
  });

  it("are said with their unit, and the unknown as unknown", () => {
    setLanguage("en");
    const say = (by: Parameters<typeof labelOf>[0], c: object) => labelOf(by, { place: 1, count: 0, color: "", ...c }, catalog).replaceAll("\u00a0", " ");
    expect(say("depth", { to: 0.5 })).toBe("< 0.5 m");
    expect(say("depth", { from: 5 })).toBe("≥ 5 m");
    expect(say("diameter", { from: 0, to: 0.1 })).toBe("< 100 mm");
    expect(say("age", { from: 1990, to: 2000 })).toBe("1990 – 1999");
    expect(say("quality", { code: "A" })).toBe("A exposed");
    expect(say("material", { code: "other" })).toBe("Other");
    expect(say("depth", { place: 0 })).toBe("Unknown");
    setLanguage("zh-CN");
    expect(say("depth", { place: 0 })).toBe("未知");
  });

  it("stand in the address", () => {
    expect(readLink(writeLink({ hidden: [], colour: { by: "age", hidden: [0, 3] } })).colour).toEqual({ by: "age", hidden: [0, 3] });
    expect(readLink("k=colour.1").colour).toBeUndefined();
    expect(readLink("k=age.x.99.2").colour).toEqual({ by: "age", hidden: [2] });
    expect(writeLink({ hidden: [], colour: { by: "network", hidden: [] } })).toBe("");
  });
});

describe("a network within a layer", () => {
  it("takes the layer's row and keeps its own name", () => {
    expect(layerOf(catalog.networks, "LD")?.code).toBe("DL");
    expect(networkNamed(catalog, "LD")?.nameEn).toBe("street lighting");
    expect(layerOf(catalog.networks, "DL")?.code).toBe("DL");
    expect(layerOf(catalog.networks, "??")).toBeUndefined();
  });
});
