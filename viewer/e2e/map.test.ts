// The flat map: there and back without losing anything, what a click takes, and the whole page without WebGL.
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { camera, get, hue, middle, openBrowser, pixelOf, pixels, selected, settled, sharedCity, surveyed, watch, type City } from "./city";
import type { Asset } from "../src/api/types";

let city: City;
let browser: Browser;
let cookies: Awaited<ReturnType<BrowserContext["cookies"]>> = [];

beforeAll(async () => {
  city = sharedCity();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
});

async function open(b: Browser, width: number, height: number, locale: string, hash = "", touch = false) {
  const context = await b.newContext({ viewport: { width, height }, locale, hasTouch: touch, reducedMotion: "reduce" });
  const w = await watch(context);
  if (cookies.length) await context.addCookies(cookies);
  await w.page.goto(cookies.length ? `${city.url}${hash}` : city.signIn);
  await settled(w.page);
  if (!cookies.length) {
    cookies = await context.cookies();
    if (hash) {
      await w.page.goto(`${city.url}${hash}`);
      await settled(w.page);
    }
  }
  return { ...w, context };
}
const isMap = (page: Page) => page.locator(".way.map:not(.away) canvas.map").count().then((n) => n === 1);
const toMap = async (page: Page) => {
  await page.locator("#scene").focus();
  await page.keyboard.press("p");
  await page.waitForSelector(".way.map:not(.away)");
  await settled(page);
};
const center = async (page: Page) => {
  const box = await get<{ frame: { extent: number[] } }>(page, "api/v1/catalog").then((c) => c.frame.extent);
  return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
};

describe("the flat map", () => {
  it("is there and back at the press of a key, with place, selection, layers, pit, words and colours", async () => {
    const { page, errors, hosts, context } = await open(browser, 1366, 768, "en");
    const pipe = (await surveyed(page, "WS"))[0];
    await page.evaluate((p) => window.__undercity?.flyTo(p[0], p[1], p[2], 90), middle(pipe));
    await settled(page);
    await page.click("[data-tool=cut]");
    await page.click("#cut-open");
    await settled(page);
    await page.click("[data-tool=layers]");
    await page.locator(".layer", { hasText: "RQ" }).locator("input").uncheck();
    await page.waitForFunction(() => /x=[A-Z.]*RQ/.test(location.hash)); // the address is written when all has stood for a moment
    await page.evaluate((id) => { location.hash = `${location.hash.slice(1)}&s=${id}`; }, pipe.id);
    await page.waitForFunction((id) => window.__undercity?.selected() === id, pipe.id);
    await page.evaluate((p) => window.__undercity?.flyTo(p[0], p[1], p[2], 90), middle(pipe));
    await settled(page);
    const before = await camera(page);
    const requests: string[] = [];
    page.on("request", (r) => requests.push(r.url()));

    await toMap(page);
    expect(requests.some((u) => u.includes("/mvt/"))).toBe(true);
    expect(await selected(page)).toBe(pipe.id);
    const [x, y] = await pixelOf(page, middle(pipe));
    const stage = await page.locator("#scene").boundingBox();
    if (!stage) throw new Error("no stage");
    // the scene looked at the pipe's middle; on the map it is in the middle, too, but for what its depth shifts it in a slanting view
    const depth = Number((pipe.ground as number[])[0]) - middle(pipe)[2];
    const perMetre = stage.width / (90 * 2 * Math.tan((29 * Math.PI) / 180));
    const shift = (depth / Math.tan((-(before?.pitch ?? -45) * Math.PI) / 180)) * perMetre;
    expect(Math.hypot(x - stage.x - stage.width / 2, y - stage.y - stage.height / 2)).toBeLessThan(shift + 50);
    await page.waitForFunction(() => location.hash.includes("m=1"));
    expect(await page.evaluate(() => location.hash), "a layer hidden in the scene is hidden on the map").toMatch(/x=[A-Z.]*RQ/);

    await page.locator("#scene").focus();
    await page.keyboard.press("p");
    await page.waitForSelector(".way.scene:not(.away)");
    await settled(page);
    const after = await camera(page);
    expect(await selected(page)).toBe(pipe.id);
    for (const k of ["lon", "lat", "height", "heading", "pitch"] as const) expect(Math.abs((after?.[k] ?? 0) - (before?.[k] ?? 0)), k).toBeLessThan(k === "lon" || k === "lat" ? 1e-6 : 0.05);
    await page.waitForFunction(() => !location.hash.includes("m=1"));
    const hash = await page.evaluate(() => location.hash);
    expect(hash).toMatch(/p=/);
    expect(hash).toMatch(/x=[A-Z.]*RQ/);

    // moved on the map, the scene looks there
    await toMap(page);
    await page.evaluate(() => { const v = window.__undercity?.camera(); if (v) window.__undercity?.setView({ ...v, lon: v.lon + 0.002 }); });
    await settled(page);
    const onMap = await camera(page);
    await page.click(".tool-button.mode");
    await page.waitForSelector(".way.scene:not(.away)");
    await settled(page);
    const inSpace = await camera(page);
    expect(Math.abs((inSpace?.lon ?? 0) - (onMap?.lon ?? 0))).toBeLessThan(0.002);
    expect(Math.abs((inSpace?.lon ?? 0) - (before?.lon ?? 0))).toBeGreaterThan(0.0008);
    expect(errors).toEqual([]);
    expect([...hosts]).toEqual([new URL(city.url).host]);
    await context.close();
  });

  it("shows networks in their colours, and a click takes the right asset", async () => {
    const { page, errors, context } = await open(browser, 1366, 768, "zh-CN", "#m=1");
    expect(await isMap(page)).toBe(true);
    for (const [network, low, high] of [["JS", 195, 225], ["RQ", 310, 340]] as const) {
      // one that lies alone
      const all = (await surveyed(page, network)).slice(0, 30);
      let checked = 0;
      for (const a of all) {
        const p = middle(a);
        await page.evaluate(([lon, lat]) => window.__undercity?.setView({ lon, lat, height: 60, heading: 0, pitch: -90 }), p);
        await settled(page);
        const [x, y] = await pixelOf(page, p);
        const box = await page.locator("#scene").boundingBox();
        const picked = await page.evaluate(([u, v]) => window.__undercity?.pickAt(u, v) ?? null, [x - (box?.x ?? 0), y - (box?.y ?? 0)]);
        if (picked !== a.id) continue; // another lies over it in plan; the map takes the nearest
        const seen = (await pixels(page, x, y, 2)).map(hue).filter(([h, s]) => s > 0.35 && h >= low && h <= high);
        expect(seen.length, `${a.id} in its colour`).toBeGreaterThan(3);
        await page.mouse.click(x, y);
        await page.waitForFunction((id) => window.__undercity?.selected() === id, a.id);
        await page.waitForSelector(`#panel h2:has-text("${a.id}")`);
        checked++;
        if (checked === 2) break;
      }
      expect(checked, network).toBe(2);
    }
    expect(errors).toEqual([]);
    await context.close();
  });

  it("pans, zooms to the pointer, and moves by keys", async () => {
    const { page, errors, context } = await open(browser, 1366, 768, "en", "#m=1");
    const c = await center(page);
    await page.evaluate(([lon, lat]) => window.__undercity?.setView({ lon, lat, height: 400, heading: 0, pitch: -90 }), c);
    await settled(page);
    const box = await page.locator("#scene").boundingBox();
    if (!box) throw new Error("no stage");
    const [x, y] = [box.x + 300, box.y + 200];
    const place = async () => page.evaluate(([lon, lat]) => window.__undercity?.project(lon, lat, 0) ?? [0, 0], c);
    const at = await place();
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 60, y - 40, { steps: 4 });
    await page.mouse.up();
    const moved = await place();
    expect([Math.round(moved[0] - at[0]), Math.round(moved[1] - at[1])]).toEqual([60, -40]);
    // the middle of the city is put under the pointer and stays there
    await page.mouse.move(box.x + moved[0], box.y + moved[1]);
    await page.mouse.wheel(0, -480);
    await settled(page);
    const zoomed = await place();
    expect(Math.hypot(zoomed[0] - moved[0], zoomed[1] - moved[1])).toBeLessThan(1.5);
    const high = (await camera(page))?.height ?? 0;
    await page.locator("#scene").focus();
    await page.keyboard.press("+");
    await settled(page);
    expect((await camera(page))?.height ?? 0).toBeLessThan(high);
    const from = await place();
    await page.keyboard.press("ArrowRight");
    expect((await place())[0]).toBeLessThan(from[0] - 50);
    expect(errors).toEqual([]);
    await context.close();
  });

  it("colours by class with the scene's legend, and what is filtered out is neither drawn nor taken", async () => {
    const { page, errors, context } = await open(browser, 1366, 768, "en", "#m=1");
    const pipe = (await surveyed(page, "JS")).find((a) => a.section?.diameter && a.quality) as Asset;
    await page.evaluate(([lon, lat]) => window.__undercity?.setView({ lon, lat, height: 40, heading: 0, pitch: -90 }), middle(pipe));
    await settled(page);
    const taken = async () => {
      const [x, y] = await pixelOf(page, middle(pipe));
      const box = await page.locator("#scene").boundingBox();
      return page.evaluate(([u, v]) => window.__undercity?.pickAt(u, v) ?? null, [x - (box?.x ?? 0), y - (box?.y ?? 0)]);
    };
    const hueHere = async () => hue((await pixels(page, ...(await pixelOf(page, middle(pipe))), 1))[4]);
    const blue = (await hueHere())[0];
    expect(await taken()).toBe(pipe.id);
    for (const by of ["diameter", "depth", "quality", "material", "age"]) {
      await page.selectOption("#colour-by", by);
      await page.waitForSelector("#colour-key");
      await settled(page);
      const seen = await pixels(page, ...(await pixelOf(page, middle(pipe))), 1);
      const keys = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>("#colour-key .swatches i")].map((i) => getComputedStyle(i).borderTopColor.match(/\d+/g)?.map(Number) ?? []));
      expect(keys.some((k) => k.every((v, i) => Math.abs(v - seen[4][i]) < 6)), `${by}: ${seen[4]} is in the legend`).toBe(true);
    }
    await page.selectOption("#colour-by", "diameter");
    await page.waitForSelector(".bin");
    await settled(page);
    expect(Math.abs((await hueHere())[0] - blue)).toBeGreaterThan(4);
    const h = await get<{ classes: { from?: number; to?: number }[] }>(page, "api/v1/histogram?by=diameter");
    const own = h.classes.findIndex((c) => (pipe.section?.diameter ?? 0) >= (c.from ?? 0) && (pipe.section?.diameter ?? 0) < (c.to ?? Infinity)) + 1;
    await page.click(`.bin[data-place="${own}"]`);
    await settled(page);
    expect(await taken()).not.toBe(pipe.id);
    await page.click("[data-field=unfilter]");
    await page.selectOption("#colour-by", "network");
    await settled(page);
    expect(await taken()).toBe(pipe.id);
    expect(errors).toEqual([]);
    await context.close();
  });

  it("has the style of symbols and the room in which things may lie", async () => {
    const { page, errors, context } = await open(browser, 1366, 768, "en", "#m=1");
    const pipe = (await surveyed(page, "WS")).find((a) => (a.quality?.horizontal ?? 0) > 0.05) as Asset;
    await page.evaluate(([lon, lat]) => window.__undercity?.setView({ lon, lat, height: 25, heading: 0, pitch: -90 }), middle(pipe));
    await settled(page);
    const [x, y] = await pixelOf(page, middle(pipe));
    const plain = await pixels(page, x, y, 30);
    await page.click("#envelopes");
    await page.waitForFunction(() => (document.querySelector("#envelopes-said")?.textContent ?? "").length > 0);
    await settled(page);
    const roomy = await pixels(page, x, y, 30);
    const changed = (a: typeof plain, b: typeof plain) => a.filter((p, i) => p.some((v, k) => Math.abs(v - b[i][k]) > 8)).length;
    expect(changed(plain, roomy)).toBeGreaterThan(100);
    await page.click("#envelopes");
    await settled(page);
    expect(changed(plain, await pixels(page, x, y, 30))).toBeLessThan(20);
    await page.click("[data-field=style-symbols]");
    await page.waitForSelector(".way.map .overlay .sign");
    await settled(page);
    expect(changed(plain, await pixels(page, x, y, 30)), "the pipe is as wide as a sign").toBeGreaterThan(100);
    await page.click("[data-field=style-real]");
    await page.waitForFunction(() => document.querySelector(".way.map .overlay .sign") === null);
    expect(errors).toEqual([]);
    await context.close();
  });

  it("has a pit to take hold of: the middle moves it, a side moves its wall", async () => {
    const { page, errors, context } = await open(browser, 1366, 768, "en", "#m=1");
    const c = await center(page);
    await page.evaluate(([lon, lat]) => window.__undercity?.setView({ lon, lat, height: 80, heading: 0, pitch: -90 }), c);
    await settled(page);
    await page.click("[data-tool=cut]");
    await page.click("#cut-open");
    await page.waitForSelector(".way.map .handle");
    expect(await page.locator(".way.map [data-handle=depth]").count(), "nothing to see of the depth from above").toBe(0);
    const pull = async (handle: string, dx: number, dy: number) => {
      await page.locator("#scene").focus();
      const at = await page.locator(`.way.map [data-handle=${handle}] .knob`).boundingBox();
      if (!at) throw new Error(handle);
      await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2);
      await page.mouse.down();
      await page.mouse.move(at.x + at.width / 2 + dx, at.y + at.height / 2 + dy, { steps: 5 });
      await page.mouse.up();
      await settled(page);
    };
    const pit = () => page.evaluate(() => [...document.querySelectorAll<HTMLInputElement>("#drawer input")].map((i) => Number(i.value)));
    const knob = () => page.locator(".way.map [data-handle=move] .knob").boundingBox();
    const [before, from, eye] = [await pit(), await knob(), await camera(page)];
    await pull("move", 60, -30);
    const to = await knob();
    expect([Math.round((to?.x ?? 0) - (from?.x ?? 0)), Math.round((to?.y ?? 0) - (from?.y ?? 0))]).toEqual([60, -30]);
    expect(await pit()).toEqual(before);
    const east = await page.locator(".way.map [data-handle=east] .knob").boundingBox();
    const out = [(east?.x ?? 0) - (to?.x ?? 0), (east?.y ?? 0) - (to?.y ?? 0)].map((v) => v / 4);
    await pull("east", out[0], out[1]);
    const after = await pit();
    expect(after[0]).toBeGreaterThan(before[0] * 1.05);
    expect(after.slice(1)).toEqual(before.slice(1));
    expect(await camera(page), "the map itself stays").toEqual(eye);
    expect(errors).toEqual([]);
    await context.close();
  });

  it("follows a change without a reload", async () => {
    const { page, context } = await open(browser, 1366, 768, "en", "#m=1");
    const pipe = (await surveyed(page, "JS"))[1];
    await page.evaluate(([lon, lat]) => window.__undercity?.setView({ lon, lat, height: 60, heading: 0, pitch: -90 }), middle(pipe));
    await settled(page);
    const asked = page.waitForResponse((r) => r.url().includes("/mvt/") && r.status() === 200);
    const status = await page.evaluate(async (id) => {
      const a = await (await fetch(`api/v1/assets/${id}`)).json() as Asset;
      const r = await fetch("api/v1/changes", { method: "POST", headers: { "Content-Type": "application/json", "X-Undercity": "1" }, body: JSON.stringify({ changes: [{ op: "update", asset: { ...a, status: "abandoned" }, version: a.version }], note: "t" }) });
      await r.text(); // a body that nobody reads never ends
      return r.status;
    }, pipe.id);
    expect(status).toBe(200);
    await asked;
    await settled(page);
    await context.close();
  });

  it.each([[1366, 768, "zh-CN"], [390, 844, "en"]] as const)("is the whole page without WebGL at %i × %i in %s", async (width, height, locale) => {
    const flat = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-3d-apis"] });
    try {
      const scene: string[] = [];
      const { page, errors, context } = await open(flat, width, height, locale, "", width < 500);
      page.on("request", (r) => { if (/\/city-[^/]*\.js|cesium/.test(r.url())) scene.push(r.url()); });
      await page.reload();
      await settled(page);
      expect(await page.evaluate(() => document.createElement("canvas").getContext("webgl2"))).toBeNull();
      expect(await isMap(page)).toBe(true);
      expect(scene, "the scene's code is not fetched").toEqual([]);
      expect(await page.locator(".tool-button.mode").count()).toBe(0);
      expect(await page.locator(".flat-chip").isVisible(), "it is said why there is no scene").toBe(true);
      const words = await page.locator(".flat-chip").innerText();
      expect(words).toMatch(locale === "en" ? /flat map/ : /平面地图/);
      // nothing over anything, nothing beside the window
      const overlap = await page.evaluate(() => {
        const parts = [...document.querySelectorAll(".pad, .scale, .flat-chip")].map((e) => e.getBoundingClientRect()).filter((r) => r.width);
        return parts.some((a, i) => a.right > innerWidth + 1 || parts.slice(i + 1).some((b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1));
      });
      expect(overlap).toBe(false);
      // search, attributes, layers, import
      const id = (await surveyed(page, "JS"))[0].id;
      await page.fill("#search", id);
      await page.waitForSelector(".found li[role=option], .found li");
      await page.keyboard.press("Enter");
      await page.waitForFunction((want) => window.__undercity?.selected() === want, id);
      await page.waitForSelector(`#panel h2:has-text("${id}")`);
      await settled(page);
      await page.click("[data-tool=import]");
      expect(await page.locator("#drawer .drop").count()).toBe(1);
      await page.click("[data-tool=layers]");
      await page.locator(".layer", { hasText: "JS" }).locator("input").uncheck();
      await page.waitForFunction(() => /x=[A-Z.]*JS/.test(location.hash));
      expect(errors.filter((e) => !/WebGL/i.test(e))).toEqual([]);
      await context.close();
    } finally {
      await flat.close();
    }
  });
});
