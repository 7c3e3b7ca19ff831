import { describe, expect, it } from "vitest";
import type { Asset } from "../src/api/types";
import { drawAxes } from "../src/scene/axes";
import { openRoom } from "../src/scene/labels";
import { lens } from "../src/scene/lens";
import { look } from "../src/scene/motion";
import { isDashed } from "../src/scene/marks";
import { handles, wordsOf } from "../src/scene/overlay";
import type { Terrain } from "../src/scene/terrain";
import type { Pit } from "../src/scene/view";
import { hasAxisSign } from "../src/symbols/signs";

const flat = { z: () => 0 } as unknown as Terrain;
const eye = lens(look([0, -16, 14], 0, -45), 1000, 700, 1);

describe("the pole in a pit", () => {
  const pit: Pit = { lon: 0, lat: 0, width: 18, length: 20, depth: 5, turn: 0 };
  const at = { pit, center: [0, 0, 0] as [number, number, number] };
  const street = { text: "海湾路", at: [-5, -3, 0] as [number, number, number], along: [1, 0, 0] as [number, number, number], rank: 0 };
  const drawn = (dug: boolean) => wordsOf({ pit: dug ? at : null, marked: null, pole: [3, 2, -2], terrain: flat, signs: [], streets: [street], diving: false, words: { ground: "地面", metres: String } }, eye, openRoom([], 1000, 700));

  it("keeps its metres, and is the only word there", () => {
    for (const m of ["地面 0", "−1 m", "−2 m", "−3 m", "−4 m"]) expect(drawn(true)).toContain(m);
    expect(drawn(true)).not.toContain("海湾路");
    expect(drawn(false)).toContain("海湾路");
  });
  it("leaves the handles free", () => {
    const grips = [...handles(at, eye).matchAll(/translate\(([\d.-]+) ([\d.-]+)\)/g)].map((m) => [Number(m[1]), Number(m[2])]);
    expect(grips).toHaveLength(6);
    for (let x = -8; x <= 8; x++) for (let y = -9; y <= 9; y++) {
      const out = wordsOf({ pit: at, marked: null, pole: [x, y, -2], terrain: flat, signs: [], streets: [], diving: false, words: { ground: "地面", metres: String } }, eye, openRoom([], 1000, 700));
      for (const [, anchor, u, v, word] of out.matchAll(/text-anchor="(\w+)" x="([\d.]+)" y="([\d.]+)">([^<]+)</g)) {
        const wide = 6 * word.length;
        const left = Number(u) - (anchor === "end" ? wide : anchor === "middle" ? wide / 2 : 0);
        for (const [gx, gy] of grips) expect(gx > left - 8 && gx < left + wide + 8 && Math.abs(Number(v) - 4 - gy) < 12, `${word} at ${x}, ${y}`).toBe(false);
      }
    }
  });
});

describe("axes in the symbol style", () => {
  const a = (z: number, color: string, assumed = false) => ({ axis: [[-5, 0, z], [0, 0, z], [5, 0, z]] as [number, number, number][], color, assumed });
  it("are one path a colour, of what lies in the depths shown", () => {
    const list = [a(-2, "#f00"), a(-6, "#0f0"), a(-7, "#0f0")];
    const all = drawAxes(list, eye, flat, { from: 0, to: null });
    expect(all.match(/<path/g)).toHaveLength(2);
    expect(all.match(/M/g)).toHaveLength(6);
    expect(drawAxes(list, eye, flat, { from: 3, to: 6.5 }).match(/M/g)).toHaveLength(2);
    expect(drawAxes(list, eye, flat, { from: 0, to: 1 })).toBe("");
  });
  it("are dashed where place, size or length is assumed, and only there", () => {
    const drawn = drawAxes([a(-2, "#f00"), a(-3, "#f00", true)], eye, flat, { from: 0, to: null });
    expect([...drawn.matchAll(/class="([^"]*)"/g)].map((m) => m[1])).toEqual(["axis-sign", "axis-sign assumed"]);
    expect([["cover"], ["outerDiameter", "material"], ["diameter"], ["geometry"], ["position"], ["length"]].map(isDashed)).toEqual([false, false, true, true, true, true]);
  });
  it("are drawn of what is no straight round pipe", () => {
    const asset = (kind: string, shape: string, points: number) => ({ kind, section: { shape }, geometry: { type: "LineString", coordinates: Array(points).fill([0, 0, 0]) } }) as unknown as Asset;
    expect(hasAxisSign(asset("segment", "circle", 2))).toBe(false);
    expect(hasAxisSign(asset("segment", "circle", 3))).toBe(true);
    expect(hasAxisSign(asset("segment", "egg", 2))).toBe(true);
    expect(hasAxisSign(asset("tunnel", "circle", 2))).toBe(true);
    expect(hasAxisSign(asset("zone", "rectangle", 5))).toBe(false);
  });
});
