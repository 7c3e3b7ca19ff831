// A picture of each shape, drawn from its model and held against one that was looked at. UNDERCITY_UPDATE=1 writes the pictures anew: look at them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Catalog } from "../src/api/types";
import { get, openBrowser, startCity, until, watch } from "./city";
import { compare, draw, triangles } from "./draw";
import { shapes, type Shape } from "./shapes";

const pictures = join(import.meta.dirname, "pictures");
let city: Awaited<ReturnType<typeof startCity>>;
let browser: Browser;
let page: Page;
let list: Shape[] = [];

beforeAll(async () => {
  city = await startCity(200);
  browser = await openBrowser();
  page = (await watch(await browser.newContext())).page;
  await page.goto(city.signIn);
  await until(page, async () => !location.hash.includes("signin") && (await fetch("api/v1/me")).ok, null); // the address is cleared first
  const { frame } = await get<Catalog>(page, "api/v1/catalog");
  await page.goto(`${city.url}api/v1/catalog`); // no scene beside the pictures
  const [lon, lat] = frame.center as number[];
  list = shapes(lon, lat);
  const answer = await page.evaluate(async (assets) => {
    const r = await fetch("/api/v1/changes", {
      method: "POST", headers: { "Content-Type": "application/json", "X-Undercity": "1" },
      body: JSON.stringify({ changes: assets.map((asset) => ({ op: "create", asset })), note: "e2e" }),
    });
    return { status: r.status, body: await r.text() };
  }, list.map((s) => s.asset));
  expect(answer.status, answer.body).toBe(200);
});
afterAll(async () => {
  await browser?.close();
  await city?.stop();
});

describe("the shapes", () => {
  it.each(shapes(0, 0).map((s) => s.id))("%s looks as it did", async (id) => {
    const s = list.find((x) => x.id === id) as Shape;
    const b64 = await page.evaluate(async (path) => {
      const bytes = new Uint8Array(await (await fetch(path)).arrayBuffer());
      let text = "";
      for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
      return btoa(text);
    }, `/api/v1/assets/${id}/model.glb`);
    const now = await draw(page, triangles(Buffer.from(b64, "base64")), s);
    const file = join(pictures, `${id.replace(/^..-E2E-/, "")}.png`);
    if (process.env.UNDERCITY_UPDATE) {
      mkdirSync(pictures, { recursive: true });
      writeFileSync(file, now);
    }
    expect(existsSync(file), `${file} is missing: UNDERCITY_UPDATE=1 writes it`).toBe(true);
    const d = await compare(page, now, readFileSync(file));
    expect(d.filled, "share of the picture that shows something").toBeGreaterThan(0.05);
    if (!s.cut) expect(d.red, "share of faces turned inside out").toBeLessThan(0.001);
    expect(d.share, "share of pixels that differ").toBeLessThan(0.01);
  });
});
