import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Catalog } from "../src/api/types";
import { camera, frames, get, hue, lookDown, middle, openBrowser, pixelOf, pixels, selected, settled, sharedCity, surveyed, watch, type City, type Watched } from "./city";

let city: City;
let browser: Browser;
let seen: Watched;
let bytes = 0;
let useful = 0; // bytes before the first picture that shows the ground and mains
let first = 0;

beforeAll(async () => {
  city = sharedCity();
  browser = await openBrowser();
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: "zh-CN" });
  seen = await watch(context);
  const cdp = await context.newCDPSession(seen.page);
  await cdp.send("Network.enable");
  cdp.on("Network.loadingFinished", (e) => { bytes += e.encodedDataLength; });
  await seen.page.goto(city.signIn);
  await seen.page.waitForFunction(() => window.__undercity?.firstPicture() ?? null);
  useful = bytes;
  await settled(seen.page);
  first = bytes;
  await seen.page.setViewportSize({ width: 1000, height: 640 }); // the pictures that follow need no more
});
afterAll(async () => {
  await browser?.close();
});

const rgb = (css: string): [number, number, number] => [1, 3, 5].map((i) => parseInt(css.slice(i, i + 2), 16)) as [number, number, number];
const isolate = async (code: string) => {
  if (await page().locator("#drawer .tree").count() === 0) await page().click("[data-tool=layers]");
  const row = page().locator(".tree li", { has: page().locator(".code", { hasText: new RegExp(`^${code}$`) }) });
  await row.hover();
  await row.locator(".only").click();
};
const page = () => seen.page;

describe("the first picture", () => {
  it("comes from this host alone, without an error, within 2.5 MB", () => {
    expect(seen.errors).toEqual([]);
    expect([...seen.hosts]).toEqual([new URL(city.url).host]);
    expect(first).toBeGreaterThan(100_000);
    expect(first).toBeLessThan(2.5 * 1024 * 1024);
    expect(useful, "what shows the ground and the mains comes first").toBeLessThanOrEqual(first);
    expect(useful).toBeGreaterThan(1e6); // the engine is in it
  });
  it("has tiles", () => {
    expect(seen.tiles.length).toBeGreaterThan(3);
  });
  it("takes the token out of the address", () => {
    expect(page().url()).not.toContain("signin");
  });
});

describe("the scene", () => {
  it.each(["JS", "RQ", "DL", "TX"])("shows %s in its colour and picks what is there", async (code) => {
    const catalog = await get<Catalog>(page(), "api/v1/catalog");
    const wanted = hue(rgb(catalog.networks.find((n) => n.code === code)?.colorDark ?? ""));
    await isolate(code);
    const [asset] = await surveyed(page(), code);
    await lookDown(page(), middle(asset), 9);
    const [x, y] = await pixelOf(page(), middle(asset));
    const near = (await pixels(page(), x, y, 5)).map(hue).filter(([h, s]) => s > 0.3 && Math.abs(((h - wanted[0] + 540) % 360) - 180) < 16);
    expect(near.length, `pixels in the hue of ${code} at ${asset.id}`).toBeGreaterThan(10);
    await page().mouse.click(x, y);
    await page().waitForSelector("#asset-id");
    expect(await selected(page())).toBe(asset.id);
    expect(await page().textContent("#asset-id")).toBe(asset.id);
    await page().keyboard.press("Escape");
  });

  it("does not show a hidden network", async () => {
    const [asset] = await surveyed(page(), "RQ");
    await isolate("JS");
    await lookDown(page(), middle(asset), 9);
    const [x, y] = await pixelOf(page(), middle(asset));
    const pink = (await pixels(page(), x, y, 5)).map(hue).filter(([h, s]) => s > 0.3 && h > 300 && h < 345);
    expect(pink.length).toBe(0);
    await page().click("#drawer .row.between .plain >> nth=0");
  });

  it("hides the ground in the pit", async () => {
    const [asset] = await surveyed(page(), "JS");
    const at = middle(asset);
    await isolate("JS");
    await page().locator("#ground-alpha").fill("100");
    await lookDown(page(), at, 30);
    const [x, y] = await pixelOf(page(), at);
    const blue = async () => (await pixels(page(), x, y, 6)).filter((c) => hue(c)[1] > 0.6 && c[2] > 150).length;
    expect(await blue(), "under an opaque ground").toBe(0);
    await page().click("[data-tool=cut]");
    await page().click("#cut-open");
    await settled(page());
    await lookDown(page(), at, 30);
    expect(await blue(), "in the pit").toBeGreaterThan(5);
    await page().locator("[data-field=depth]").fill("6");
    await page().keyboard.press("Tab");
    expect(page().url()).toBeTruthy();
    await page().click("#cut-close");
    await page().click("[data-tool=layers]");
    await page().locator("#ground-alpha").fill("24");
    await page().click("#drawer .row.between .plain >> nth=0");
  });

  it("flies where the search says", async () => {
    const { features } = await get<{ features: { properties: { name: string } }[] }>(page(), "api/v1/base/streets");
    const name = features[features.length - 1].properties.name;
    const { items } = await get<{ items: { lon: number; lat: number; label: string }[] }>(page(), `api/v1/search?limit=12&q=${encodeURIComponent(name)}`);
    await page().keyboard.press("Escape");
    await page().keyboard.press("/");
    await page().fill("#search", name);
    await page().waitForSelector("#found li.on");
    await page().keyboard.press("Enter");
    await settled(page());
    const [x, y] = await pixelOf(page(), [items[0].lon, items[0].lat, 10]);
    const box = await page().locator("#scene").boundingBox();
    expect(Math.abs(x - (box?.x ?? 0) - (box?.width ?? 0) / 2)).toBeLessThan((box?.width ?? 0) / 2);
    expect(Math.abs(y - (box?.y ?? 0) - (box?.height ?? 0) / 2)).toBeLessThan((box?.height ?? 0) / 2);
    const [asset] = await surveyed(page(), "DL");
    await page().keyboard.press("/");
    await page().fill("#search", asset.id);
    await page().waitForSelector("#found li.on");
    await page().keyboard.press("Enter");
    await page().waitForSelector("#asset-id");
    await settled(page());
    expect(await selected(page())).toBe(asset.id);
    await page().keyboard.press("Escape");
  });

  it.each([["above", false], ["below", true]] as const)("keeps the pivot on its pixel under orbit %s ground", async (_, dive) => {
    await page().focus("#scene");
    await page().keyboard.press("h");
    await settled(page());
    if (dive) {
      await page().keyboard.press("u");
      await settled(page());
      expect((await camera(page()))?.belowGround).toBe(true);
    }
    const box = await page().locator("#scene").boundingBox();
    const at = [(box?.x ?? 0) + (box?.width ?? 0) * 0.55, (box?.y ?? 0) + (box?.height ?? 0) * 0.55];
    await page().mouse.move(at[0], at[1]);
    const before = await camera(page());
    await page().mouse.down({ button: "right" });
    const cross = async () => {
      await frames(page(), 3);
      return page().evaluate(() => {
        const c = document.querySelector("circle.pivot");
        return c ? [Number(c.getAttribute("cx")), Number(c.getAttribute("cy"))] : null;
      });
    };
    let worst = 0;
    for (let i = 1; i <= 6; i++) {
      await page().mouse.move(at[0] + i * 40, at[1] + i * 6);
      const c = await cross();
      expect(c).not.toBeNull();
      worst = Math.max(worst, Math.hypot((c?.[0] ?? 0) + (box?.x ?? 0) - at[0], (c?.[1] ?? 0) + (box?.y ?? 0) - at[1]));
    }
    await page().mouse.up({ button: "right" });
    const after = await camera(page());
    expect(worst, "pixels the pivot wandered").toBeLessThan(2);
    expect(Math.abs((after?.heading ?? 0) - (before?.heading ?? 0)), "the camera did turn").toBeGreaterThan(5);
    expect(after?.belowGround).toBe(dive);
  });

  it("comes home from anywhere", async () => {
    await page().evaluate(() => window.__undercity?.setView({ lon: 0, lat: 0, height: 1e7, heading: 0, pitch: 80 }));
    await page().focus("#scene");
    await page().keyboard.press("h");
    await settled(page());
    const c = await camera(page());
    const catalog = await get<Catalog>(page(), "api/v1/catalog");
    const [w, s, e, n] = catalog.frame.extent as number[];
    expect((c?.lon ?? 0) > w - 0.01 && (c?.lon ?? 0) < e + 0.01 && (c?.lat ?? 0) > s - 0.01 && (c?.lat ?? 0) < n + 0.01).toBe(true);
  });

  it("restores the view from its link", async () => {
    const [asset] = await surveyed(page(), "RQ");
    await page().keyboard.press("/");
    await page().fill("#search", asset.id);
    await page().waitForSelector("#found li.on");
    await page().keyboard.press("Enter");
    await page().waitForSelector("#asset-id");
    await settled(page());
    await page().waitForFunction((id) => location.hash.includes(id), asset.id);
    const before = await camera(page());
    const other = await watch(page().context());
    await other.page.goto(page().url());
    await settled(other.page);
    await other.page.waitForSelector("#asset-id");
    const after = await camera(other.page);
    expect(await selected(other.page)).toBe(asset.id);
    expect(Math.abs((after?.lon ?? 0) - (before?.lon ?? 1))).toBeLessThan(1e-6);
    expect(Math.abs((after?.lat ?? 0) - (before?.lat ?? 1))).toBeLessThan(1e-6);
    expect(Math.abs((after?.heading ?? 0) - (before?.heading ?? 9))).toBeLessThan(0.1);
    expect(other.errors).toEqual([]);
    await other.page.close();
  });

  it("shows a change made elsewhere without a reload", async () => {
    const [asset] = await surveyed(page(), "RQ");
    const revision = await page().evaluate(() => window.__undercity?.revision() ?? 0);
    await page().evaluate(() => { (window as unknown as { stayed: boolean }).stayed = true; });
    await page().keyboard.press("/");
    await page().fill("#search", asset.id);
    await page().waitForSelector("#found li.on");
    await page().keyboard.press("Enter");
    await page().waitForSelector("#asset-id");
    // the public client's way: the same asset with another owner
    const made = await page().evaluate(async (id) => {
      const now = await (await fetch(`api/v1/assets/${id}`)).json();
      const answer = await fetch("api/v1/changes", {
        method: "POST", headers: { "Content-Type": "application/json", "X-Undercity": "1" },
        body: JSON.stringify({ changes: [{ op: "update", asset: { ...now, owner: "另一家燃气公司" }, version: now.version }], note: "e2e" }),
      });
      return { status: answer.status, body: await answer.text() };
    }, asset.id);
    expect(made.status, made.body).toBe(200);
    await page().waitForFunction((r) => (window.__undercity?.revision() ?? 0) > r, revision);
    await page().waitForFunction(() => document.querySelector("#panel")?.textContent?.includes("另一家燃气公司"));
    expect(await page().evaluate(() => (window as unknown as { stayed?: boolean }).stayed)).toBe(true);
    await settled(page());
    expect(seen.tiles.some((u) => u.includes("/RQ/"))).toBe(true);
  });

  it("has said no error to the end", () => {
    expect(seen.errors).toEqual([]);
    expect([...seen.hosts]).toEqual([new URL(city.url).host]);
  });
});
