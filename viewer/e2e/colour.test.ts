// Parts of an asset, colours by class and their filter, as a person uses them.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Asset, Histogram, Part } from "../src/api/types";
import { get, hue, lookDown, middle, openBrowser, pixelOf, pixels, selected, settled, sharedCity, surveyed, watch, type City, type Watched } from "./city";

let city: City;
let browser: Browser;
let seen: Watched;
const page = () => seen.page;

beforeAll(async () => {
  city = sharedCity();
  browser = await openBrowser();
  seen = await watch(await browser.newContext({ viewport: { width: 1000, height: 640 }, locale: "en", reducedMotion: "reduce" }));
  await page().goto(city.signIn);
  await settled(page());
});
afterAll(async () => {
  await browser?.close();
});

const picked = async (p: number[]) => {
  const [x, y] = await pixelOf(page(), p);
  const box = await page().locator("#scene").boundingBox();
  return page().evaluate(([u, v]) => window.__undercity?.pickAt(u, v) ?? null, [x - (box?.x ?? 0), y - (box?.y ?? 0)]);
};

describe("colour by", () => {
  it("shows classes of the tiles' own numbers, and hides what is filtered out from the eye and from the pick", async () => {
    const [asset] = (await surveyed(page(), "JS")).filter((a) => a.section?.diameter);
    const at = middle(asset);
    await lookDown(page(), at, 9);
    const [x, y] = await pixelOf(page(), at);
    const before = hue((await pixels(page(), x, y, 1))[4]);
    if (await page().locator("#colour-by").count() === 0) await page().click("[data-tool=layers]");
    await page().selectOption("#colour-by", "diameter");
    await page().waitForSelector(".bin");
    const h = await get<Histogram>(page(), "api/v1/histogram?by=diameter");
    expect((await page().locator(".bin .num").allTextContents()).map((n) => Number(n.replace(/,/g, "")))).toEqual([...h.classes.map((c) => c.count), h.unknown]);
    await settled(page());
    const own = h.classes.findIndex((c) => (asset.section?.diameter ?? 0) >= (c.from ?? 0) && (asset.section?.diameter ?? 0) < (c.to ?? Infinity)) + 1;
    expect(own).toBeGreaterThan(0);
    const [x2, y2] = await pixelOf(page(), at);
    const after = hue((await pixels(page(), x2, y2, 1))[4]);
    expect(Math.abs(after[0] - before[0])).toBeGreaterThan(4); // the blue of water is no colour of the ramp
    await page().click(`.bin[data-place="${own}"]`);
    await settled(page());
    expect(await picked(at)).not.toBe(asset.id);
    await page().waitForFunction((k) => location.hash.includes(k), `k=diameter.${own}`);
    await page().click("[data-field=unfilter]");
    await settled(page());
    expect(await picked(at)).toBe(asset.id);
    await page().selectOption("#colour-by", "network");
    await page().waitForFunction(() => document.querySelector("#colour-key") === null);
  });
});

describe("parts", () => {
  it("are taken by a second click, marked in the scene and left by Escape", async () => {
    const { items } = await get<{ items: Asset[] }>(page(), "api/v1/assets?kind=gallery&limit=10");
    const gallery = items[0];
    const at = middle(gallery);
    const { items: parts } = await get<{ items: Part[] }>(page(), `api/v1/assets/${gallery.id}/parts`);
    const rooms = parts.filter((p) => p.name === "compartment");
    expect(rooms.length).toBeGreaterThan(1);
    await page().evaluate((id) => { location.hash = `s=${id}`; }, gallery.id);
    await page().waitForSelector("#parts [data-part]");
    await lookDown(page(), [at[0], at[1], at[2]], 30);
    expect(await picked(at)).toBe(gallery.id);
    await page().mouse.click(...(await pixelOf(page(), at)));
    await page().waitForSelector("#part-crumb");
    expect(await selected(page())).toBe(gallery.id);
    expect(await page().textContent("#part-crumb")).toContain("›");
    await page().waitForSelector(".overlay path.part", { state: "attached" });
    expect(await page().locator(".overlay path.part").count()).toBe(1);
    await page().click(`#parts [data-part="compartment.${rooms.length - 1}"]`);
    await page().waitForFunction((n) => document.querySelector("#part-crumb b")?.textContent?.includes(String(n)), rooms.length);
    expect(await page().locator(".section-drawing .clear.on").count()).toBe(1);
    await page().focus("#scene");
    await page().keyboard.press("Escape");
    expect(await page().locator("#part-crumb").count()).toBe(0);
    expect(await selected(page())).toBe(gallery.id);
    expect(seen.errors).toEqual([]);
  });
});
