import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, settled, sharedCity, watch } from "./city";

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
});
