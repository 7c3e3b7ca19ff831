import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, settled, startCity, watch, type City } from "./city";

let city: City;
let browser: Browser;

beforeAll(async () => {
  city = await startCity(500);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await city?.stop();
});

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

describe("layout", () => {
  it.each([[1366, 768, "zh-CN"], [1366, 768, "en"], [390, 844, "zh-CN"], [390, 844, "en"]] as const)("has nothing overlapping at %i × %i in %s; words and colours switch", async (width, height, locale) => {
    const context = await browser.newContext({ viewport: { width, height }, locale });
    const w = await watch(context);
    const token = new URL(city.signIn).hash.replace("#signin=", "");
    // the printed address signs in once; later contexts carry the first one's cookie
    if (cookies.length) await context.addCookies(cookies);
    await w.page.goto(cookies.length ? city.url : `${city.url}#signin=${token}`);
    await settled(w.page);
    cookies = await context.cookies();
    expect(await overlaps(w.page, [".bar", ".rail", ".drawer", ".panel", "#scene", ".status"])).toEqual([]);
    expect(await overlaps(w.page, [".brand", ".search", ".bar-end"])).toEqual([]);
    expect(await overlaps(w.page, [".pad", ".scale", ".waiting", ".depth-chip"])).toEqual([]);
    for (const tool of ["cut", "import", "help", "layers"]) {
      await w.page.click(`[data-tool=${tool}]`);
      expect(await overlaps(w.page, [".bar", ".rail", ".drawer", ".panel", "#scene", ".status"]), tool).toEqual([]);
    }
    const before = await w.page.textContent("#language");
    await w.page.click("#language");
    expect(await w.page.textContent("#language")).not.toBe(before);
    await w.page.click("#theme");
    expect(await w.page.getAttribute("html", "data-theme")).toBe("light");
    expect(w.errors).toEqual([]);
    await context.close();
  });
});

let cookies: Awaited<ReturnType<Awaited<ReturnType<Browser["newContext"]>>["cookies"]>> = [];
