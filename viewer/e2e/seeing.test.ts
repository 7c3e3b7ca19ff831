import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { camera, lookDown, middle, openBrowser, pixelOf, selected, settled, sharedCity, surveyed, watch, type City, type Watched } from "./city";

let city: City;
let browser: Browser;
let context: BrowserContext;
let seen: Watched;
const page = () => seen.page;

beforeAll(async () => {
  city = sharedCity();
  browser = await openBrowser();
  context = await browser.newContext({ viewport: { width: 1000, height: 640 }, locale: "en", reducedMotion: "reduce" });
  seen = await watch(context);
});
afterAll(async () => {
  await browser?.close();
});

const picked = async (p: number[]) => {
  const [x, y] = await pixelOf(page(), p);
  const box = await page().locator("#scene").boundingBox();
  return page().evaluate(([u, v]) => window.__undercity?.pickAt(u, v) ?? null, [x - (box?.x ?? 0), y - (box?.y ?? 0)]);
};

describe("the door", () => {
  it("says why a wrong token is not accepted, and takes the printed address", async () => {
    await page().goto(city.url);
    await page().click("#door-other");
    await page().fill("form input", "not-a-token");
    await page().keyboard.press("Enter");
    await page().waitForSelector("form p.error:not(:empty)");
    expect(await page().locator("form input").count()).toBe(1);
    await page().goto("about:blank");
    await page().goto(city.signIn);
    await settled(page());
    seen.errors.length = 0; // the browser reports the two refusals above
  });
});

describe("depths shown", () => {
  it("hides what is shallower from the eye and from the pick, by slider and by key", async () => {
    const [asset] = await surveyed(page(), "JS");
    const at = middle(asset);
    await lookDown(page(), at, 9);
    expect(await picked(at)).toBe(asset.id);
    if (await page().locator("#depth-seen").count() === 0) await page().click("[data-tool=layers]");
    await page().locator("[data-field=depth-from]").fill("7");
    await settled(page());
    expect(await picked(at)).not.toBe(asset.id);
    expect(await page().textContent(".range-chip")).toContain("7.0");
    await page().waitForFunction(() => location.hash.includes("d=7.0,"));
    await page().locator("[data-field=depth-from]").fill("0");
    await settled(page());
    expect(await picked(at)).toBe(asset.id);
    // the lower limit by its keys, until what lies deeper than half a metre is gone
    await page().focus("#scene");
    for (let i = 0; i < 125; i++) await page().keyboard.press("[");
    await settled(page());
    expect(await page().locator("[data-field=depth-to]").inputValue()).toBe("0.5");
    expect(await picked(at)).not.toBe(asset.id);
    for (let i = 0; i < 125; i++) await page().keyboard.press("]");
    await settled(page());
    expect(await picked(at)).toBe(asset.id);
    expect(await page().locator(".range-chip").isVisible()).toBe(false);
  });

  it("shows one layer alone while its row is held, and leaves its box alone", async () => {
    const [asset] = await surveyed(page(), "JS");
    const at = middle(asset);
    await lookDown(page(), at, 9);
    const row = page().locator(".layer", { has: page().locator(".code", { hasText: /^RQ$/ }) });
    await row.hover();
    await page().mouse.down();
    await page().waitForSelector(".layer.held");
    expect(await picked(at)).not.toBe(asset.id);
    await page().mouse.up();
    expect(await picked(at)).toBe(asset.id);
    expect(await row.locator("input").isChecked()).toBe(true);
  });
});

describe("objects in view", () => {
  it("drives the scene by the keyboard and follows the view", async () => {
    await page().focus("#scene");
    await page().keyboard.press("h");
    await settled(page());
    await page().keyboard.press("4");
    await page().waitForSelector("#objects-panel tr[data-id]");
    const ids = () => page().locator("#objects-panel tr[data-id]").evaluateAll((rows) => rows.map((r) => (r as HTMLElement).dataset.id));
    const before = await ids();
    expect(before.length).toBeGreaterThan(3);
    await page().locator("#objects-panel tr[data-id] button").first().focus();
    await page().keyboard.press("ArrowDown");
    await page().keyboard.press("Enter");
    await page().waitForSelector("#objects-panel tr.on");
    expect(await selected(page())).toBe(before[1]);
    await page().waitForSelector("svg .outline");
    // elsewhere other things are near
    const away = (await surveyed(page(), "DL"))[0];
    await lookDown(page(), middle(away), 12);
    await page().waitForFunction((old) => document.querySelector<HTMLElement>("#objects-panel tr[data-id]")?.dataset.id !== old, before[0]);
    await page().keyboard.press("Escape");
    expect(await selected(page())).toBeNull();
  });
});

describe("words in the scene", () => {
  it("never meet each other or a control, above ground and below", async () => {
    for (const key of ["h", "u"]) {
      await page().focus("#scene");
      await page().keyboard.press(key);
      await settled(page());
      const bad = await page().evaluate(() => {
        const boxes = [...document.querySelectorAll(".pole text, .pad, .scale, .depth-chip, .waiting")].map((e) => e.getBoundingClientRect()).filter((r) => r.width > 0);
        let meets = 0;
        boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => { if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) meets++; }));
        return { meets, words: document.querySelectorAll(".overlay text").length, waiting: document.querySelector<HTMLElement>(".waiting")?.hidden };
      });
      expect(bad.meets).toBe(0);
      expect(bad.words).toBeGreaterThan(0);
      expect(bad.words).toBeLessThanOrEqual(40);
      expect(bad.waiting, "the bar of waiting ends with the picture").toBe(true);
    }
    expect((await camera(page()))?.belowGround).toBe(true);
    expect(await page().locator(".pole text").count(), "the pole is seen below ground").toBeGreaterThan(2);
  });
});

describe("without a signal", () => {
  it("says so in the status line and in the search, and comes back by itself", async () => {
    const live = page().locator(".live");
    expect(await live.getAttribute("data-state")).toBe("live");
    await context.setOffline(true);
    await page().waitForSelector(".live[data-state=lost]");
    expect(await live.innerText()).toMatch(/last seen \d\d:\d\d:\d\d/);
    await page().keyboard.press("/");
    await page().fill("#search", "JS-0001");
    await page().waitForSelector("#found [role=alert]");
    await context.setOffline(false);
    await page().waitForSelector(".live[data-state=live]");
  });
});

describe("when the session ends", () => {
  it("asks for the token over the page, and leaves the view as it is", async () => {
    await page().keyboard.press("Escape");
    const before = await camera(page());
    await page().evaluate(() => fetch("api/v1/session", { method: "DELETE", headers: { "X-Undercity": "1" } }));
    await page().keyboard.press("/");
    await page().fill("#search", "JS-0002");
    await page().click(".door-over #door-other");
    await page().fill(".door-over [name=token]", "not-a-token-at-all");
    await page().keyboard.press("Enter");
    await page().waitForSelector(".door-over p.error:not(:empty)");
    await page().fill(".door-over [name=token]", new URL(city.signIn).hash.replace("#signin=", ""));
    await page().keyboard.press("Enter");
    await page().waitForSelector(".door-over", { state: "detached" });
    await settled(page());
    expect(await camera(page())).toEqual(before);
    await page().fill("#search", "JS-0001");
    await page().waitForSelector("#found li.on");
  });
});
