import { describe, expect, it } from "vitest";
import { lens } from "../src/scene/lens";
import { boxesOf, meets, MOST_LABELS, names, openRoom, pole, type Box, type StreetName } from "../src/scene/labels";
import { look } from "../src/scene/motion";
import type { Terrain } from "../src/scene/terrain";

const above = lens(look([0, 0, 60], 0, -89), 1000, 700, 1);
const flat: Terrain = { known: true, height: () => 0, z: () => 0, hit: () => null };
const words = (svg: string) => [...svg.matchAll(/class="street" transform="translate\(([-\d.]+) ([-\d.]+)\) rotate\(([-\d.]+)\)"><rect x="([-\d.]+)"/g)]
  .map((m) => ({ at: [Number(m[1]), Number(m[2])] as [number, number], angle: (Number(m[3]) * Math.PI) / 180, width: -2 * Number(m[4]) - 10 }));

function crowd(n: number): StreetName[] {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  return Array.from({ length: n }, (_, i) => {
    const a = random() * 7;
    return { text: i % 2 ? "海湾路" : "Harbour Road", at: [random() * 90 - 45, random() * 70 - 35, 0] as const, along: [Math.cos(a), Math.sin(a), 0] as const, rank: i % 3 };
  });
}

describe("labels", () => {
  it("are at most forty, and none meets another", () => {
    const got = words(names(crowd(3000), above, 500, openRoom([], 1000, 700)));
    expect(got.length).toBeGreaterThan(8);
    expect(got.length).toBeLessThanOrEqual(MOST_LABELS);
    got.forEach((a, i) => got.slice(i + 1).forEach((b) => {
      const both = boxesOf(a.at, a.angle, a.width).some((x) => boxesOf(b.at, b.angle, b.width).some((y) => meets([x[0] + 1, x[1] + 1, x[2] - 1, x[3] - 1], y)));
      expect(both, `${a.at} ${b.at}`).toBe(false);
    }));
  });
  it("stay out from under controls", () => {
    const control: Box = [600, 0, 1000, 700];
    const got = words(names(crowd(400), above, 500, openRoom([control], 1000, 700)));
    expect(got.length).toBeGreaterThan(0);
    for (const w of got) for (const b of boxesOf(w.at, w.angle, w.width)) expect(meets(b, control)).toBe(false);
  });
  it("of streets give way to those of the pole, which go where there is room", () => {
    const view = lens(look([0, -30, 8], 0, -15), 1000, 700, 1);
    const left = pole([0, 0, -2], view, flat, "地面", openRoom([], 1000, 700));
    expect(left).toContain('text-anchor="end"');
    const room = openRoom([[0, 0, 495, 700]], 1000, 700);
    const right = pole([0, 0, -2], view, flat, "地面", room);
    expect(right).toContain('text-anchor="start"');
    expect(right).toContain("地面 0");
    const ground = view.project([0, 0, 0]) as [number, number];
    const at: StreetName = { text: "海湾路", at: [0, 0, 0], along: [1, 0, 0], rank: 0 };
    expect(ground[0]).toBeCloseTo(500, 0);
    expect(names([at], view, 500, room)).toBe("");
    expect(names([at], view, 500, openRoom([], 1000, 700))).toContain("海湾路");
  });
});
