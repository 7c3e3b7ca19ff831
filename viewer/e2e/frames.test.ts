// What a frame of a large city costs, counted: UNDERCITY_FRAMES names the folder of a store (undercity generate FOLDER/twin.gpkg --segments 1000000).
// Without it nothing is run. The main thread's time is that of the scene with its commands handed over; the drawing itself, by a GPU or by none, is apart.
import { spawn } from "node:child_process";
import { afterAll, describe, it } from "vitest";
import { openBrowser, settled, watch } from "./city";

const data = process.env.UNDERCITY_FRAMES;
const port = 28900 + (process.pid % 90);
const url = `http://127.0.0.1:${port}/`;
const server = data ? spawn(process.env.UNDERCITY_BIN as string, ["demo", "--listen", `127.0.0.1:${port}`, "--data", data], { stdio: ["ignore", "pipe", "inherit"] }) : null;
const signIn = new Promise<string>((resolve) => server?.stdout?.on("data", (b: Buffer) => {
  const found = /http:\/\/\S+#signin=\S+/.exec(b.toString());
  if (found) resolve(found[0]);
}));
const browser = data ? await openBrowser() : null;

afterAll(async () => {
  await browser?.close();
  server?.kill("SIGTERM");
});

describe.skipIf(!data)("frames", () => {
  it("are counted at home, below ground, in the street and from afar", { timeout: 600_000 }, async () => {
    if (!browser) return;
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: "en", reducedMotion: "reduce" });
    const seen = await watch(context);
    const { page } = seen;
    // draw calls and triangles as WebGL gets them, and bytes as they come
    await page.addInitScript(() => {
      const w = window as unknown as { __drawn: { calls: number; triangles: number } };
      w.__drawn = { calls: 0, triangles: 0 };
      const note = (mode: number, count: number, times: number) => {
        w.__drawn.calls++;
        if (mode === 4) w.__drawn.triangles += (count / 3) * times;
      };
      const gl = WebGL2RenderingContext.prototype;
      const { drawElements, drawArrays, drawElementsInstanced, drawArraysInstanced } = gl;
      gl.drawElements = function (mode, count, ...rest) { note(mode, count, 1); drawElements.call(this, mode, count, ...rest); };
      gl.drawArrays = function (mode, first, count) { note(mode, count, 1); drawArrays.call(this, mode, first, count); };
      gl.drawElementsInstanced = function (mode, count, type, offset, times) { note(mode, count, times); drawElementsInstanced.call(this, mode, count, type, offset, times); };
      gl.drawArraysInstanced = function (mode, first, count, times) { note(mode, count, times); drawArraysInstanced.call(this, mode, first, count, times); };
    });
    let bytes = 0;
    const cdp = await context.newCDPSession(page);
    await cdp.send("Network.enable");
    cdp.on("Network.loadingFinished", (e) => { bytes += e.encodedDataLength; });
    await page.goto(await signIn);
    await page.waitForFunction(() => window.__undercity?.firstPicture() ?? null, null, { timeout: 120_000 });
    console.log(`first useful picture: ${(bytes / 1e6).toFixed(2)} MB fetched before it`);
    const measure = async (name: string) => {
      await settled(page).catch(() => console.log(`${name}: not complete`));
      const f = await page.evaluate(() => window.__undercity?.frames(3));
      console.log(`${name}: ${f?.calls} draw calls, ${Math.round((f?.triangles ?? 0) / 1000)}k triangles, ${f?.tiles} tiles of ${f?.megabytes.toFixed(1)} MB in memory, ${(bytes / 1e6).toFixed(2)} MB fetched so far, ${f?.frame.toFixed(0)} ms of the main thread a frame`);
    };
    await measure("home");
    const v = await page.evaluate(() => window.__undercity?.camera() ?? null);
    if (!v) throw new Error("no camera");
    await page.focus("#scene");
    await page.keyboard.press("u");
    await page.waitForTimeout(2500);
    await measure("dive");
    await page.keyboard.press("h");
    await page.waitForTimeout(1500);
    const low = { ...v, height: v.height - v.height * 0.75, pitch: -12 };
    await page.evaluate((to) => window.__undercity?.setView(to), low);
    await page.waitForTimeout(1000);
    await measure("street level");
    await page.evaluate((to) => window.__undercity?.setView(to), { ...v, height: v.height + 2500, pitch: -60 });
    await page.waitForTimeout(1000);
    await measure("from afar");
    console.log(url, seen.errors.length, "errors");
  });
});
