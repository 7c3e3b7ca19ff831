// The built binary with a city of its own, and a browser that looks at it. UNDERCITY_BIN names the binary, CHROMIUM the browser.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type BrowserServer, type Page, type Request } from "playwright-core";
import { inject } from "vitest";
import type { Asset } from "../src/api/types";
import type { Seam } from "../src/ui/seam";

/** signIn signs in as often as it is opened, by a token; once is the printed address, which does that one time; data is the folder of its store, for
 *  the command line. */
export interface City { url: string; signIn: string; once: string; token: string; data: string }

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const s = createServer();
    s.once("error", reject);
    s.listen(0, "127.0.0.1", () => {
      const { port } = s.address() as AddressInfo;
      s.close(() => resolve(port));
    });
  });
}

export async function startCity(segments: number): Promise<City & { stop(): Promise<void> }> {
  const binary = process.env.UNDERCITY_BIN;
  if (!binary || !existsSync(binary)) throw new Error(`UNDERCITY_BIN must name the built binary (go build -tags viewer); it is ${binary ?? "not set"}`);
  const data = mkdtempSync(join(tmpdir(), "undercity-e2e-"));
  const port = await freePort();
  const tokenFile = join(data, "token");
  const child: ChildProcess = spawn(binary, ["demo", "--listen", `127.0.0.1:${port}`, "--segments", String(segments), "--seed", "7", "--data", data, "--token-file", tokenFile], { stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr?.on("data", (b: Buffer) => { errors += b.toString(); });
  const once = await new Promise<string>((resolve, reject) => {
    let out = "";
    const late = setTimeout(() => reject(new Error(`no sign-in address after 120 s: ${errors}`)), 120_000);
    child.stdout?.on("data", (b: Buffer) => {
      out += b.toString();
      const found = /http:\/\/\S+#signin=\S+/.exec(out);
      if (found) {
        clearTimeout(late);
        resolve(found[0]);
      }
    });
    child.once("exit", (code) => reject(new Error(`undercity demo ended with ${code}: ${errors}`)));
  });
  const token = readFileSync(tokenFile, "utf8").trim();
  return {
    url: `http://127.0.0.1:${port}/`, signIn: `http://127.0.0.1:${port}/#signin=${token}`, once, token, data,
    async stop() {
      const gone = new Promise((r) => child.once("exit", r));
      child.kill("SIGTERM");
      await gone;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** What a command of the binary prints. */
export const command = (...words: string[]): string => execFileSync(process.env.UNDERCITY_BIN ?? "undercity", words, { encoding: "utf8" }).trim();

/** The city that all files look at; each signs in anew. */
export const sharedCity = (): City => inject("city");
/** A line to the one browser; closing it leaves the browser open. */
export const openBrowser = (): Promise<Browser> => chromium.connect(inject("browser"));

export function launch(): Promise<BrowserServer> {
  return chromium.launchServer({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist", "--no-sandbox", "--disable-dev-shm-usage"],
  });
}

const PATIENCE = 120_000; // ms; a busy machine draws one picture in a second

export interface Watched { page: Page; errors: string[]; hosts: Set<string>; tiles: string[] }

export async function watch(context: BrowserContext): Promise<Watched> {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  count(page);
  const w: Watched = { page, errors: [], hosts: new Set(), tiles: [] };
  page.on("console", (m) => { if (m.type() === "error") w.errors.push(m.text()); });
  page.on("pageerror", (e) => w.errors.push(String(e)));
  page.on("request", (r) => { if (/^https?:/.test(r.url())) w.hosts.add(new URL(r.url()).host); });
  page.on("response", (r) => { if (r.url().includes(".glb") && r.ok()) w.tiles.push(r.url()); });
  return w;
}

type Seen = Window & { __undercity?: Seam };

/** What each page has asked for and not got; the stream of events never ends and does not count. */
const asked = new WeakMap<Page, { open: Set<Request>; begun: number }>();

function count(page: Page): void {
  const a = { open: new Set<Request>(), begun: 0 };
  asked.set(page, a);
  page.on("request", (r) => {
    if (r.isNavigationRequest() && r.frame() === page.mainFrame()) a.open.clear();
    if (r.resourceType() === "eventsource") return;
    a.open.add(r);
    a.begun++;
  });
  for (const end of ["requestfinished", "requestfailed"] as const) page.on(end as "requestfinished", (r) => a.open.delete(r));
}

/** Waits until the scene stands still and complete: nothing is awaited, and that stays so over some pictures. */
export async function settled(page: Page): Promise<void> {
  const a = asked.get(page);
  const late = Date.now() + PATIENCE;
  for (;;) {
    await frames(page, 3); // what was just asked for is under way
    const begun = a?.begun;
    await page.waitForFunction(() => {
      const u = (window as Seen).__undercity;
      return u?.ready() === true && u.tilesLoaded();
    }, null, { polling: 50 });
    const before = await camera(page);
    await frames(page, 3); // what was loaded is drawn
    const still = JSON.stringify(await camera(page)) === JSON.stringify(before);
    if (still && a?.begun === begun && !a?.open.size) return;
    if (Date.now() > late) throw new Error(`the scene does not come to rest; awaited: ${[...a?.open ?? []].map((r) => r.url()).join(", ") || "nothing"}`);
  }
}

/** Waits until the page answers yes. What has to ask the server cannot be a waitForFunction: that takes a promise for a yes. */
export async function until<T>(page: Page, what: (arg: T) => Promise<boolean>, arg: T): Promise<void> {
  const late = Date.now() + PATIENCE;
  const asks = what as unknown as (arg: unknown) => Promise<boolean>;
  while (!await page.evaluate(asks, arg)) {
    if (Date.now() > late) throw new Error(`the page does not come to ${String(what)}`);
    await page.waitForTimeout(100);
  }
}

/** Waits for some pictures of the page, however long they take. */
export const frames = (page: Page, n: number): Promise<void> => page.evaluate((count) => new Promise<void>((done) => {
  const next = (k: number): unknown => (k === 0 ? done() : requestAnimationFrame(() => next(k - 1)));
  next(count);
}), n);

export const camera = (page: Page) => page.evaluate(() => (window as Seen).__undercity?.camera() ?? null);
export const selected = (page: Page) => page.evaluate(() => (window as Seen).__undercity?.selected() ?? null);

/** Looks straight down (or so) on a place from a height above it. */
export async function lookDown(page: Page, p: number[], above: number): Promise<void> {
  await page.evaluate(([lon, lat, h]) => (window as Seen).__undercity?.setView({ lon, lat, height: h, heading: 0, pitch: -88 }), [p[0], p[1], p[2] + above]);
  await settled(page);
}

/** Page pixel of a place. */
export async function pixelOf(page: Page, p: number[]): Promise<[number, number]> {
  const at = await page.evaluate(([lon, lat, h]) => (window as Seen).__undercity?.project(lon, lat, h) ?? null, p);
  const box = await page.locator("#scene").boundingBox();
  if (!at || !box) throw new Error(`not before the eye: ${p.join(", ")}`);
  return [at[0] + box.x, at[1] + box.y];
}

export async function get<T>(page: Page, path: string): Promise<T> {
  return page.evaluate(async (p) => (await fetch(p)).json(), path) as Promise<T>;
}

/** Straight, wholly surveyed segments of a network, thick ones first. */
export async function surveyed(page: Page, network: string): Promise<Asset[]> {
  const { items } = await get<{ items: Asset[] }>(page, `api/v1/assets?network=${network}&kind=segment&limit=400`);
  const size = (a: Asset) => Number(a.section?.outerDiameter ?? a.section?.diameter ?? a.section?.width ?? 0);
  return items
    .filter((a) => a.geometry?.type === "LineString" && (a.geometry.coordinates as number[][]).length === 2 && a.assumed.length === 0 && size(a) > 0.05)
    .sort((a, b) => size(b) - size(a));
}

export function middle(a: Asset): number[] {
  const [p, q] = a.geometry?.coordinates as number[][];
  return [0, 1, 2].map((i) => (p[i] + q[i]) / 2);
}

/** Colours of the pixels around a point of the page, as they are on the screen. */
export async function pixels(page: Page, x: number, y: number, reach: number): Promise<[number, number, number][]> {
  const png = await page.screenshot({ clip: { x: Math.max(0, Math.round(x) - reach), y: Math.max(0, Math.round(y) - reach), width: 2 * reach + 1, height: 2 * reach + 1 } });
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(image.width, image.height);
    const g = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
    g.drawImage(image, 0, 0);
    const d = g.getImageData(0, 0, image.width, image.height).data;
    const out: [number, number, number][] = [];
    for (let i = 0; i < d.length; i += 4) out.push([d[i], d[i + 1], d[i + 2]]);
    return out;
  }, png.toString("base64"));
}

/** Hue in degrees and saturation 0..1. */
export function hue([r, g, b]: [number, number, number]): [number, number] {
  const max = Math.max(r, g, b);
  const d = max - Math.min(r, g, b);
  if (d === 0) return [0, 0];
  const h = max === r ? ((g - b) / d + 6) % 6 : max === g ? (b - r) / d + 2 : (r - g) / d + 4;
  return [h * 60, d / max];
}
