import { describe, expect, it } from "vitest";
import { dictionaries } from "../src/i18n";
import { about, ageOf, elevation, lonLat, metres, nominal, span } from "../src/i18n/format";
import { tree } from "../src/layers/tree";
import { readLink, signInToken, writeLink } from "../src/link/hash";
import { retryDelay } from "../src/live/delay";

describe("words", () => {
  const [en, zh] = [dictionaries.en, dictionaries["zh-CN"]];
  it("are complete in both languages", () => {
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
    for (const d of [en, zh]) for (const [k, v] of Object.entries(d)) expect(v, k).not.toBe("");
  });
  it("name the same places for values", () => {
    const slots = (s: string) => [...s.matchAll(/\{\w+\}/g)].map((m) => m[0]).sort();
    for (const k of Object.keys(en) as (keyof typeof en)[]) expect(slots(zh[k]), k).toEqual(slots(en[k]));
  });
  it("are Chinese where they should be", () => {
    for (const [k, v] of Object.entries(zh)) if (k !== "language" && k !== "languageHint" && k !== "assumedText") expect(v, k).toMatch(/\p{Script=Han}|^\W*$/u);
  });
});

describe("numbers", () => {
  it.each([[metres(1.2), "1.20\u00a0m"], [metres(-0.5), "−0.50\u00a0m"], [metres(1234), "1.23\u00a0km"], [elevation(3.2), "3.200\u00a0m"], [nominal(0.3), "DN\u00a0300"], [about(1.2, 0.3), "1.20\u00a0m ± 0.30"], [about(1.2, null), "1.20\u00a0m"], [lonLat(-0.5, 37.51), "0.50000°W 37.51000°N"]])("%s", (is, should) => expect(is).toBe(should));
  it("keep unknown apart from zero", () => {
    expect(span([null, 0, 2])).toEqual([0, 2]);
    expect(span([null, null])).toBeNull();
    expect(span(undefined)).toBeNull();
  });
  it("tell an age", () => {
    expect(ageOf(2000)).toBeNull();
    expect(ageOf(61_000)).toEqual({ unit: "m", n: 1 });
  });
});

describe("links", () => {
  it("hold the whole view", () => {
    const state = { view: { lon: 122.1234567, lat: 37.5, height: 12.25, heading: 350.5, pitch: -30 }, selected: "JS-人民路~2", hidden: ["JS", "RQ"], alpha: 0.4, pit: { lon: 122, lat: 37, width: 8, length: 20, depth: 3.5, turn: -12 } };
    expect(readLink(`#${writeLink(state)}`)).toEqual(state);
  });
  it.each(["", "#c=1,2", "#c=a,b,c,d,e", "#p=1,2,0,0,0,0", "#g=7", "#%%%"])("survive %j", (hash) => {
    expect(readLink(hash)).toEqual({ hidden: [] });
  });
  it("carry a sign-in token or none", () => {
    expect(signInToken("#signin=abc")).toBe("abc");
    expect(signInToken("#c=1")).toBeNull();
  });
});

describe("the live line", () => {
  it("asks again ever slower, and at least each half minute", () => {
    expect([0, 1, 2, 9].map(retryDelay)).toEqual([1000, 2000, 4000, 30_000]);
  });
});

describe("the tree", () => {
  const n = (code: string, parent: string | null) => ({ code, parent }) as Parameters<typeof tree>[0][number];
  it("puts a network under its parent, and on top where the parent is missing", () => {
    expect(tree([n("PS", null), n("JS", null), n("YS", "PS"), n("ZS", "XX")]).map((r) => `${r.network.code}${r.depth}`)).toEqual(["PS0", "YS1", "JS0", "ZS0"]);
  });
});
