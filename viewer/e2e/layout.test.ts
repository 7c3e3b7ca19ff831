import type { Browser, Page } from "playwright-core";
import type { Asset } from "../src/api/types";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { camera, get, openBrowser, settled, sharedCity, surveyed, watch } from "./city";

let browser: Browser;

beforeAll(async () => { browser = await openBrowser(); });
afterAll(async () => { await browser?.close(); });

/** Pairs of the page's parts that cover each other. */
async function overlaps(page: Page, parts: string[]): Promise<string[]> {
  return page.evaluate((names) => {
    const boxes = names.flatMap((n) => [...document.querySelectorAll(n)].map((e) => ({ n, r: e.getBoundingClientRect() }))).filter((b) => b.r.width > 0 && b.r.height > 0);
    const out: string[] = [];
    boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
      if (a.r.left < b.r.right - 1 && b.r.left < a.r.right - 1 && a.r.top < b.r.bottom - 1 && b.r.top < a.r.bottom - 1) out.push(`${a.n} × ${b.n}`);
    }));
    for (const b of boxes) if (b.r.right > innerWidth + 1 || b.r.bottom > innerHeight + 1 || b.r.left < -1) out.push(`${b.n} leaves the window`);
    return out;
  }, parts);
}

const whole = [".bar", ".rail", ".drawer", ".panel", "#scene", ".status"];

/** Every tool open in turn, in the language of the page. */
async function everyTool(page: Page, words: string): Promise<void> {
  expect(await overlaps(page, whole), words).toEqual([]);
  expect(await overlaps(page, [".brand", ".search", ".bar-end"]), words).toEqual([]);
  expect(await overlaps(page, [".pad", ".scale", ".waiting", ".depth-chip"]), words).toEqual([]);
  for (const tool of ["cut", "import", "objects", "help", "layers"]) {
    await page.click(`[data-tool=${tool}]`);
    expect(await overlaps(page, whole), `${words}, ${tool}`).toEqual([]);
  }
}

describe("layout", () => {
  it.each([[1366, 768], [390, 844]] as const)("has nothing overlapping at %i × %i in both languages; words and colours switch", async (width, height) => {
    const context = await browser.newContext({ viewport: { width, height }, locale: "zh-CN" });
    const w = await watch(context);
    await w.page.goto(sharedCity().signIn);
    await settled(w.page);
    expect(await w.page.textContent("#language")).toBe("English");
    await everyTool(w.page, "zh-CN");
    await w.page.click("[data-tool=layers]"); // closed, as it was found on a phone
    await w.page.click("#language");
    expect(await w.page.textContent("#language")).toBe("中文");
    await everyTool(w.page, "en");
    await w.page.click("#theme");
    expect(await w.page.getAttribute("html", "data-theme")).toBe("light");
    expect(w.errors).toEqual([]);
    await context.close();
  });

  it("shows a thing that an address names in the middle of what is free on a phone, and as a line in the symbol style", async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "zh-CN", reducedMotion: "reduce" });
    const w = await watch(context);
    await w.page.goto(sharedCity().signIn);
    await settled(w.page);
    const { items } = await get<{ items: Asset[] }>(w.page, "api/v1/assets?network=YS&kind=segment&limit=400");
    const swept = items.filter((a) => a.section?.shape === "rectangle" || a.section?.shape === "egg" || a.section?.shape === "arch")[0];
    await w.page.evaluate((id) => { location.hash = `s=${id}`; }, swept.id);
    await w.page.waitForFunction((id) => window.__undercity?.selected() === id, swept.id);
    await settled(w.page);
    const [p, q] = swept.geometry?.coordinates as number[][];
    const at = await w.page.evaluate(([lon, lat, h]) => window.__undercity?.project(lon, lat, h) ?? null, [0, 1, 2].map((i) => (p[i] + q[i]) / 2));
    const box = await w.page.locator("#scene").boundingBox();
    expect(at?.[0]).toBeCloseTo((box?.width ?? 0) / 2, 0);
    expect(at?.[1]).toBeCloseTo((box?.height ?? 0) / 2, 0);
    expect(box?.height).toBeLessThan(500);
    expect(await w.page.locator(".axis-sign").count()).toBe(0);
    await w.page.click("[data-tool=layers]");
    await w.page.click("[data-field=style-symbols]");
    await w.page.waitForSelector(".axis-sign", { state: "attached" });
    await w.page.click("[data-field=style-real]");
    await w.page.waitForSelector(".axis-sign", { state: "detached" });
    expect(w.errors).toEqual([]);
    await context.close();
  });

  it("has no word of a section's drawing cut off", async () => {
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: "en", reducedMotion: "reduce" });
    const w = await watch(context);
    await w.page.goto(`${sharedCity().signIn}`);
    await settled(w.page);
    const all: Asset[] = [];
    for (const kind of ["bridge", "tunnel", "gallery"]) all.push(...(await get<{ items: Asset[] }>(w.page, `api/v1/assets?kind=${kind}&limit=12`)).items);
    const { items } = await get<{ items: Asset[] }>(w.page, "api/v1/assets?network=YS&kind=segment&limit=800");
    const shapes = new Map(items.map((a) => [String(a.section?.shape ?? "unknown"), a]));
    const widths = new Map([...all, ...shapes.values()].map((a) => [`${a.kind} ${a.section?.shape} ${a.section?.width}`, a]));
    for (const a of widths.values()) {
      await w.page.evaluate((id) => { location.hash = `m=1&s=${id}`; }, a.id);
      await w.page.waitForSelector(`#panel h2:has-text("${a.id}")`);
      await w.page.waitForSelector(".section-drawing");
      const cut = await w.page.evaluate(() => {
        const box = document.querySelector(".section-drawing")?.getBoundingClientRect();
        return [...document.querySelectorAll(".section-drawing text")].filter((x) => {
          const r = x.getBoundingClientRect();
          return !box || r.left < box.left || r.right > box.right || r.top < box.top || r.bottom > box.bottom;
        }).map((x) => x.textContent);
      });
      expect(cut, `${a.id} ${a.kind} ${a.section?.shape}`).toEqual([]);
    }
    await context.close();
  });

  it.each([[1000, 640], [700, 600]] as const)("leaves every button over the picture within reach at %i × %i, whatever is open", async (width, height) => {
    const context = await browser.newContext({ viewport: { width, height }, locale: "en", reducedMotion: "reduce" });
    const w = await watch(context);
    await w.page.goto(sharedCity().signIn);
    await settled(w.page);
    const id = (await surveyed(w.page, "WS"))[0].id;
    const reach = (): Promise<string[]> => w.page.evaluate(() => [...document.querySelectorAll<HTMLElement>(".pad button, #colour-key")].filter((b) => {
      const r = b.getBoundingClientRect();
      return !b.contains(document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2));
    }).map((b) => b.title));
    await w.page.click("[data-tool=layers]");
    if (await w.page.locator("#colour-by").count() === 0) await w.page.click("[data-tool=layers]");
    await w.page.selectOption("#colour-by", "depth");
    await w.page.waitForSelector("#colour-key");
    expect(await reach(), "beside the drawer").toEqual([]);
    await w.page.evaluate((s) => { location.hash = `${location.hash.slice(1)}&s=${s}`; }, id);
    await w.page.waitForSelector("#panel h2:has-text('" + id + "')");
    expect(await reach(), "beside the panel").toEqual([]);
    await w.page.click(".tool-button.mode");
    await w.page.waitForSelector(".way.map:not(.away)");
    await settled(w.page);
    expect(await reach(), "on the map").toEqual([]);
    // the picture can be taken hold of right beside what is open
    const free = await w.page.evaluate(() => {
      const p = document.querySelector("#panel")?.getBoundingClientRect();
      return { x: (p?.left ?? innerWidth) - 90, y: 300 };
    });
    const before = await camera(w.page);
    await w.page.mouse.move(free.x, free.y);
    await w.page.mouse.down();
    await w.page.mouse.move(free.x - 60, free.y + 20, { steps: 4 });
    await w.page.mouse.up();
    await settled(w.page);
    expect((await camera(w.page))?.lon).not.toBe(before?.lon);
    await context.close();
  });
});
