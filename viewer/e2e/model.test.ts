// The model of the selected object, as a file.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { get, openBrowser, settled, sharedCity, watch, type Watched } from "./city";

let browser: Browser;
let seen: Watched;

beforeAll(async () => {
  browser = await openBrowser();
  seen = await watch(await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "zh-CN", acceptDownloads: true }));
  await seen.page.goto(sharedCity().signIn);
  await settled(seen.page);
});
afterAll(async () => {
  await browser?.close();
});

it("comes with the object's name", async () => {
  const { page } = seen;
  const { items: [asset] } = await get<{ items: { id: string }[] }>(page, "api/v1/assets?kind=segment&network=WS&limit=1");
  await page.goto(`${sharedCity().url}#s=${encodeURIComponent(asset.id)}`);
  await page.reload();
  await page.waitForSelector("#asset-model");
  expect(await page.textContent("#asset-model")).toBe("三维模型");
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator("#asset-model").click()]);
  expect(file.suggestedFilename()).toBe(`${asset.id}.glb`);
  const chunks: Buffer[] = [];
  for await (const c of await file.createReadStream()) chunks.push(c as Buffer);
  const b = Buffer.concat(chunks);
  expect(b.toString("latin1", 0, 4)).toBe("glTF");
  const doc = JSON.parse(b.toString("utf8", 20, 20 + b.readUInt32LE(12))) as { nodes: { name: string; extras: { network: string; georeference: { crs: string } } }[]; extensionsUsed?: string[] };
  expect(doc.nodes[0].name).toBe(asset.id);
  expect(doc.nodes[0].extras).toMatchObject({ network: "WS", georeference: { crs: "EPSG:4550" } });
  expect(doc.extensionsUsed).toBeUndefined();
  expect(seen.errors).toEqual([]);
});
