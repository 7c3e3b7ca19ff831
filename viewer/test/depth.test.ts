import { describe, expect, it } from "vitest";
import { deepest, moved } from "../src/layers/depth";
import { readLink, writeLink } from "../src/link/hash";

describe("depth shown", () => {
  it.each([
    ["hides from above", { from: 0, to: null }, "from", 3, { from: 3, to: null }],
    ["hides from below", { from: 0, to: null }, "to", 6, { from: 0, to: 6 }],
    ["loses its limit at the end of the slider", { from: 2, to: 6 }, "to", 20, { from: 2, to: null }],
    ["pushes the lower limit down", { from: 0, to: 2 }, "from", 5, { from: 5, to: 5.5 }],
    ["pushes the upper limit up", { from: 5, to: 8 }, "to", 3, { from: 2.5, to: 3 }],
    ["keeps something shown at the top", { from: 0, to: 1 }, "to", -4, { from: 0, to: 0.5 }],
    ["keeps something shown at the bottom", { from: 0, to: null }, "from", 99, { from: 19.5, to: null }],
  ] as const)("%s", (_, start, which, metres, want) => {
    expect(moved(start, which, metres, 20)).toEqual(want);
  });
  it("reaches as deep as the city", () => {
    expect(deepest(null)).toBe(20);
    expect(deepest([-3, 10])).toBe(15);
    expect(deepest([9, 10])).toBe(10);
    expect(deepest([-900, 10])).toBe(60);
  });
  it.each([{ from: 1.5, to: 6 }, { from: 2, to: null }, { from: 0, to: 4 }])("is kept by a link: %o", (depths) => {
    expect(readLink(writeLink({ hidden: [], depths })).depths).toEqual(depths);
  });
  it.each(["d=5,2", "d=-1,3", "d=a,b", "d=,4", "d=1,1e9", "d=3"])("is not taken from %s unless it makes sense", (link) => {
    const got = readLink(link).depths;
    expect(got === undefined || (got.from === 3 && got.to === null)).toBe(true);
  });
  it("leaves a link alone where nothing is hidden", () => {
    expect(writeLink({ hidden: [], depths: { from: 0, to: null } })).not.toContain("d=");
  });
});
