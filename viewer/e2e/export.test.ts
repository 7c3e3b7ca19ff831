// An exported city without the server that made it: unpacked, behind a plain server of files, in plain CesiumJS.
import { execFileSync } from "node:child_process";
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { inflateRawSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openBrowser } from "./city";
import type { Plain } from "./plain/main";

const dir = mkdtempSync(join(tmpdir(), "undercity-export-"));
const missing: string[] = [];
let server: Server;
let browser: Browser;
let errors: string[];
let page: Page;

/** Unpacks a ZIP by its central directory. */
function unpack(file: string, to: string): string[] {
  const b = readFileSync(file);
  const end = b.lastIndexOf(Buffer.from("PK\x05\x06"));
  const names: string[] = [];
  for (let i = 0, at = b.readUInt32LE(end + 16); i < b.readUInt16LE(end + 10); i++) {
    const [method, size, n, extra, comment, local] = [b.readUInt16LE(at + 10), b.readUInt32LE(at + 20), b.readUInt16LE(at + 28), b.readUInt16LE(at + 30), b.readUInt16LE(at + 32), b.readUInt32LE(at + 42)];
    const name = b.toString("utf8", at + 46, at + 46 + n);
    const from = local + 30 + b.readUInt16LE(local + 26) + b.readUInt16LE(local + 28);
    const data = b.subarray(from, from + size);
    mkdirSync(dirname(join(to, name)), { recursive: true });
    writeFileSync(join(to, name), method === 8 ? inflateRawSync(data) : data);
    names.push(name);
    at += 46 + n + extra + comment;
  }
  return names;
}

/** Files and nothing else: no headers but their type, as any server of files sends them. */
function serve(root: string): Promise<Server> {
  const types: Record<string, string> = { html: "text/html", js: "text/javascript", json: "application/json", wasm: "application/wasm" };
  const s = createServer((req, res) => {
    const name = normalize(decodeURIComponent(new URL(req.url ?? "/", "http://x").pathname));
    const file = join(root, name === "/" ? "index.html" : name);
    try {
      if (!statSync(file).isFile()) throw new Error("a folder");
      res.setHeader("Content-Type", types[file.split(".").pop() ?? ""] ?? "application/octet-stream");
      createReadStream(file).pipe(res);
    } catch {
      if (name !== "/favicon.ico") missing.push(name);
      res.writeHead(name === "/favicon.ico" ? 204 : 404).end();
    }
  });
  return new Promise((resolve) => s.listen(0, "127.0.0.1", () => resolve(s)));
}

beforeAll(async () => {
  const binary = process.env.UNDERCITY_BIN ?? "";
  mkdirSync(join(dir, "data"));
  execFileSync(binary, ["generate", join(dir, "c.gpkg"), "--segments", "1500", "--seed", "7"]);
  renameSync(join(dir, "c.gpkg"), join(dir, "data/twin.gpkg"));
  execFileSync(binary, ["export", join(dir, "city.3tz"), "--data", join(dir, "data")]);
  const site = join(dir, "site");
  await build({ configFile: join(import.meta.dirname, "../vite.config.ts"), root: join(import.meta.dirname, "plain"), logLevel: "error", build: { outDir: site, emptyOutDir: true } });
  expect(unpack(join(dir, "city.3tz"), join(site, "city")).at(-1)).toBe("@3dtilesIndex1@");
  server = await serve(site);
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 900, height: 600 } });
  errors = [];
  page.on("console", (m) => { if (m.type() === "error") errors.push(m.text()); });
  page.on("pageerror", (e) => errors.push(String(e)));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction("window.seen?.done || window.seen?.failed.length > 0", null, { timeout: 60_000, polling: 100 });
});
afterAll(async () => {
  await browser?.close();
  await new Promise((r) => (server ? server.close(r) : r(null)));
  rmSync(dir, { recursive: true, force: true });
});

it("loads every network without an error", async () => {
  expect(errors).toEqual([]);
  expect(missing).toEqual([]);
  const { failed, tiles } = await page.evaluate(() => { const s = (window as Window & { seen?: Plain }).seen; return { failed: s?.failed, tiles: s?.tiles }; });
  expect(failed).toEqual([]);
  expect(tiles).toBeGreaterThan(8);
});

it("picks an asset by its ID", async () => {
  const ids: string[] = [];
  for (let y = 150; y < 450 && ids.length < 3; y += 25) for (let x = 250; x < 650 && ids.length < 3; x += 25) {
    const id = await page.evaluate(([px, py]) => (window as Window & { seen?: Plain }).seen?.pick(px, py) ?? null, [x, y]);
    if (id && !ids.includes(id)) ids.push(id);
  }
  expect(ids.length).toBe(3);
  for (const id of ids) expect(id).toMatch(/^[A-Z]{2}-\S+$/);
});
