// The audit log: an administrator sees what was done and that the log is whole, finds it by object, and goes from an entry to the object in the city.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, sharedCity, watch, type City } from "./city";

let city: City;
let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  city = sharedCity();
  browser = await openBrowser();
  const context = await browser.newContext({ viewport: { width: 1100, height: 620 }, locale: "zh-CN", reducedMotion: "reduce", acceptDownloads: true });
  await context.route(/\/(mvt|3dtiles)\//, (r) => r.fulfill({ status: 204 }));
  ({ page, errors } = await watch(context));
  await page.goto(city.signIn.replace("#", "#m=1&"));
  await page.waitForSelector("#account");
});
afterAll(async () => {
  await browser?.close();
});

describe("the audit log", () => {
  it("is verified, and shows what was taken out", async () => {
    const id = await page.evaluate(async () => {
      const list = await (await fetch("api/v1/assets?network=JS&kind=segment&limit=1")).json() as { items: { id: string }[] };
      await fetch(`api/v1/assets/${encodeURIComponent(list.items[0].id)}/model.glb`);
      return list.items[0].id;
    });
    await page.click("#account");
    await page.click("[data-page=audit]");
    await page.waitForSelector("#audit-state.ok");
    expect(await page.innerText("#audit-state strong")).toMatch(/^已校验至第 [\d,]+ 条$/);
    await page.selectOption("#audit [name=action]", "export");
    await page.fill("#audit [name=target]", id);
    await page.waitForFunction((want) => {
      const rows = [...document.querySelectorAll("#audit tr[data-entry]")];
      return rows.length > 0 && rows.every((r) => r.querySelector(".on")?.textContent?.startsWith(want) && r.querySelector(".what")?.textContent === "导出");
    }, id);
    await page.click("#audit tr[data-entry]");
    expect(await page.innerText("#audit-entry")).toContain("glb");
    const [file] = await Promise.all([page.waitForEvent("download"), page.click("#audit-table")]);
    expect(file.suggestedFilename()).toMatch(/^audit-\d+\.csv$/);
    await page.click(`[data-show="${id}"]`);
    await page.waitForSelector(".admin", { state: "detached" });
    await page.waitForFunction((want) => new URLSearchParams(location.hash.slice(1)).get("s") === want, id);
    expect(errors).toEqual([]);
  });
});
