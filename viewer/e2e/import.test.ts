// A survey handed over in the browser: refused rows with their places, another try, and the new pipes without a reload.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Catalog } from "../src/api/types";
import { get, openBrowser, settled, sharedCity, until, watch, type City, type Watched } from "./city";

let city: City;
let browser: Browser;
let seen: Watched;
const page = () => seen.page;

beforeAll(async () => {
  city = sharedCity();
  browser = await openBrowser();
  seen = await watch(await browser.newContext({ viewport: { width: 1000, height: 640 }, locale: "zh-CN" }));
  await page().goto(city.signIn);
  await settled(page());
});
afterAll(async () => {
  await browser?.close();
});

/** Survey tables near the middle of the city: three points, and lines between those named. */
async function tables(lines: string): Promise<{ name: string; mimeType: string; buffer: Buffer }[]> {
  const { frame } = await get<Catalog>(page(), "api/v1/catalog");
  // EPSG:4490, where X is the latitude
  const [lon, lat] = frame.center as number[];
  const at = (i: number) => `${(lat + i * 2e-4).toFixed(8)},${(lon + i * 1e-4).toFixed(8)}`;
  const file = (name: string, text: string) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  return [
    file("GYPOINT.csv", `物探点号,X坐标,Y坐标,地面高程\n${[1, 2, 3].map((i) => `E2E${i},${at(i)},12.5`).join("\n")}\n`),
    file("GYLINE.csv", `起点点号,终点点号,起点埋深,终点埋深,管径,材质\n${lines}`),
  ];
}
const bad = "E2E1,E2E2,1.2,1.3,DN300,钢\nE2E2,E2E77,1.3,1.3,DN300,钢\n";
const state = () => page().locator("#import-run").getAttribute("data-state");
const ended = () => page().waitForFunction(() => ["done", "failed"].includes(document.querySelector("#import-run")?.getAttribute("data-state") ?? ""));

describe("handing over a survey", () => {
  it("asks for the CRS where the files name none, and keeps them", async () => {
    await page().click("[data-tool=import]");
    await page().setInputFiles("#import-files", await tables(bad));
    await page().click("#import-start");
    await ended();
    expect(await state()).toBe("failed");
    expect(await page().locator("#import-run .error").innerText()).toMatch(/CRS|坐标系/);
    await page().click("#import-back");
    expect(await page().locator("#import-form .files li").count()).toBe(2);
  });
  it("names each refused row with its place, and changes nothing", async () => {
    const before = await get<Catalog>(page(), "api/v1/catalog");
    await page().fill("#import-form [name=crs]", "EPSG:4490");
    await page().click("#import-start");
    await ended();
    expect(await state()).toBe("failed");
    const row = page().locator("#import-run .refused li");
    expect(await row.count()).toBe(1);
    const text = await row.innerText();
    for (const part of ["GYLINE.csv", "3", "终点点号", "E2E77"]) expect(text).toContain(part);
    expect((await get<Catalog>(page(), "api/v1/catalog")).revision).toBe(before.revision);
    const report = page().locator("#import-run a[download]");
    const csv = await page().evaluate(async (u) => (await fetch(u)).text(), await report.getAttribute("href") ?? "");
    expect(csv).toMatch(/^file,line,field,value,reason\nGYLINE\.csv,3,终点点号,E2E77,/);
  });
  it("imports the other rows, flies there and shows them without a reload", async () => {
    const before = seen.tiles.length;
    await page().click("#import-others");
    await page().waitForFunction(() => document.querySelector("#import-run")?.getAttribute("data-state") === "done");
    expect(await page().locator("#import-run .sum.bad b").innerText()).toBe("1");
    await until(page(), async () => ((await (await fetch("api/v1/assets?q=e2e1")).json()) as { items: unknown[] }).items.length > 0, null);
    await settled(page());
    expect(seen.tiles.slice(before).some((u) => u.includes("/GY/"))).toBe(true);
    expect(seen.errors).toEqual([]);
  });
  it("says of a binary what it is not", async () => {
    await page().click("#import-again");
    await page().setInputFiles("#import-files", [{ name: "survey.xlsx", mimeType: "application/octet-stream", buffer: Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 7919) >> 3 & 255)) }]);
    await page().click("#import-start");
    await ended();
    expect(await page().locator("#import-run .error").innerText()).toContain("survey.xlsx");
  });
});
