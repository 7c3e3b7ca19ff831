// Rights: an administrator edits them, somebody else's open page follows at once, and it can be asked why.
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Asset, PolicyState, Policy } from "../src/api/types";
import { command, middle, openBrowser, pixelOf, settled, sharedCity, surveyed, until, watch, type Watched } from "./city";

let browser: Browser;
let admin: Watched & { context: BrowserContext };
let other: Watched & { context: BrowserContext };

async function open(address: string, token?: string): Promise<Watched & { context: BrowserContext }> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: "en", reducedMotion: "reduce" });
  if (token) await context.request.post(`${sharedCity().url}api/v1/session`, { data: { token }, headers: { "X-Undercity": "1" } });
  const w = await watch(context);
  w.page.setDefaultTimeout(30_000);
  await w.page.goto(address);
  await settled(w.page);
  return { ...w, context };
}

/** Keeps a policy without the page, as another administrator would. */
async function put(change: (p: Policy) => void): Promise<number> {
  const url = `${sharedCity().url}api/v1/policy`;
  const s = await (await admin.context.request.get(url)).json() as PolicyState;
  change(s.policy);
  return (await admin.context.request.put(url, { data: { version: s.version, policy: s.policy }, headers: { "X-Undercity": "1" } })).status();
}

beforeAll(async () => {
  const { url, signIn, data } = sharedCity();
  browser = await openBrowser();
  command("user", "add", "digger", "--role", "contractor", "--data", data);
  const token = command("user", "token", "digger", "--data", data);
  admin = await open(`${signIn}&m=1`);
  await admin.page.goto(`${url}#m=1`);
  other = await open(`${url}#m=1`, token);
});
afterAll(async () => {
  await put((p) => {
    p.grants[3] = { id: "contractors", roles: ["contractor"], actions: ["read", "export"], secrecy: "internal" };
    p.fields = {};
    p.districts = [];
  });
  await browser?.close();
});

const layer = (page: Page, code: string) => page.locator(".layer", { hasText: code });

describe("rights", () => {
  it("that are edited and saved hold on the open page of somebody else, and can be asked why", async () => {
    const { page } = admin;
    const gas = (await surveyed(page, "RQ"))[0];
    const water = (await surveyed(other.page, "JS"))[0];
    await other.page.evaluate((id) => { location.hash = `m=1&s=${id}`; }, gas.id);
    await other.page.waitForSelector("#asset-grade");
    expect(await other.page.locator("#set-grade, #asset-why").count(), "a contractor gives no rights").toBe(0);
    expect(await other.page.locator("#asset-model").count()).toBe(1);

    await page.click("#account");
    await page.click("[data-page=rights]");
    await page.click('[data-field="/grants/3/edit"]');
    for (const code of ["JS", "WS"]) await page.check(`[data-field="/grants/3/networks/${code}"]`);
    await page.uncheck('[data-field="/grants/3/actions/export"]');
    expect(await page.innerText('[data-card="/grants/3"] .sentence')).toBe("Contractors may see water supply and sewage, up to internal.");
    expect(await page.innerText(".unsaved")).toMatch(/Not saved: 1\s+grant "contractors" changed/);
    await page.click("#policy-save");
    await page.waitForSelector('.unsaved[data-changes="0"]');

    await other.page.waitForFunction(() => window.__undercity?.selected() === null); // the gas pipe that was selected is none of theirs any more
    await other.page.click("[data-tool=layers]");
    await layer(other.page, "RQ").waitFor({ state: "detached" });
    expect(await layer(other.page, "JS").count()).toBe(1);
    expect(await other.page.innerText(".withheld-note")).toMatch(/^[\d,]+ more are withheld from you/);
    await settled(other.page);
    const hits = async (p: Page, a: Asset) => {
      await p.evaluate(([lon, lat]) => window.__undercity?.setView({ lon, lat, height: 60, heading: 0, pitch: -90 }), middle(a));
      await settled(p);
      const [x, y] = await pixelOf(p, middle(a));
      const box = await p.locator("#scene").boundingBox();
      return p.evaluate(async ([u, v]) => (await window.__undercity?.pickAt(u, v)) ?? "", [x - (box?.x ?? 0), y - (box?.y ?? 0)]);
    };
    expect(await hits(other.page, gas)).not.toMatch(/^RQ/);
    expect(await hits(other.page, water)).toMatch(/^(JS|WS)/);
    await other.page.evaluate((id) => { location.hash = `m=1&s=${id}`; }, water.id);
    await other.page.waitForSelector("#asset-grade");
    expect(await other.page.locator("#asset-model").count(), "no export, no model").toBe(0);

    await page.click("[data-tab=why]");
    await page.selectOption("#why-user", "digger");
    await page.fill("#why-asset", gas.id);
    await page.click("#why-ask");
    expect(await page.innerText("#why-answer .verdict")).toBe(`No: digger may not see ${gas.id}.`);
    expect(await page.innerText('[data-grant="contractors"]')).toMatch(/is about other networks/);
    expect(await page.innerText('[data-grant="operators"]')).toMatch(/is not for this user/);
    expect(other.errors.filter((e) => !/404/.test(e))).toEqual([]);
  });

  it("refuses a district that crosses itself beside its field, and lets nobody overwrite what another has saved", async () => {
    const { page } = admin;
    await page.click("[data-tab=districts]");
    await page.click("#draw-district");
    const box = await page.locator("#scene").boundingBox();
    if (!box) throw new Error("no stage");
    for (const [x, y] of [[0.3, 0.4], [0.8, 0.8], [0.8, 0.4], [0.3, 0.7]]) await page.mouse.click(box.x + box.width * x, box.y + box.height * y);
    await page.waitForSelector('[data-corner="0.0.3"]');
    await page.click("#draw-done");
    await page.click("#policy-save");
    expect(await page.innerText('[data-card="/districts/0"] [data-wrong="/districts/0/geometry"]')).toMatch(/crosses or touches itself at \d+\.\d+, \d+\.\d+/);
    expect(await page.locator(".district-plan .cross").count()).toBe(1);
    // the corner that makes it cross is drawn over to where it should be
    await page.click('[data-field="/districts/0/editBorder"]');
    await page.waitForSelector('[data-corner="0.0.3"]');
    await settled(page);
    const pull = async (from: string, to: string) => {
      const [a, b] = await Promise.all([from, to].map((k) => page.locator(`[data-corner="${k}"] .knob`).boundingBox()));
      await page.mouse.move((a?.x ?? 0) + 7, (a?.y ?? 0) + 7);
      await page.mouse.down();
      await page.mouse.move((b?.x ?? 0) + 7, (b?.y ?? 0) - 40, { steps: 3 });
      await page.mouse.up();
    };
    await pull("0.0.1", "0.0.2");
    await page.click("#draw-done");
    expect(await page.locator("[data-wrong]").count(), "what was mended is no longer said").toBe(0);

    expect(await put((p) => { p.grants[3].note = "by another"; })).toBe(200);
    await page.click("#policy-save");
    expect(await page.innerText("#policy-conflict")).toMatch(/demo saved version \d+/);
    await page.click("#load-theirs");
    expect(await page.innerText(".unsaved")).toBe("Everything is saved.");
    await page.click("[data-tab=grants]");
    expect(await page.innerText('[data-card="/grants/3"] .marks')).toMatch(/by another/);
    await page.click("#admin-close");
  });

  it("lets a grade be set, and tells what is withheld from what is unknown", async () => {
    const water = (await surveyed(other.page, "JS"))[0];
    await other.page.evaluate((id) => { location.hash = `m=1&s=${id}`; }, water.id);
    expect(await put((p) => { p.fields = { owner: "restricted" }; })).toBe(200);
    await other.page.waitForSelector('[data-withheld="owner"]');
    expect(await other.page.innerText('[data-withheld="owner"]')).toBe("not for your eyes");
    await admin.page.evaluate((id) => { location.hash = `m=1&s=${id}`; }, water.id);
    await admin.page.selectOption("#set-grade", "secret");
    await admin.page.waitForFunction(() => document.querySelector('#asset-grade .grade')?.getAttribute("data-grade") === "secret");
    await until(other.page, async (id) => {
      const r = await fetch(`api/v1/assets/${id}`);
      await r.text(); // a body that nobody reads never ends
      return r.status === 404;
    }, water.id);
    await admin.page.click("#asset-why");
    await admin.page.waitForSelector("#why-answer");
    expect(await admin.page.inputValue("#why-asset")).toBe(water.id);
    expect(await admin.page.innerText("#why-answer")).toMatch(/Its grade is secret, marked on the asset itself/);
    await admin.page.click("#admin-close");
    await admin.page.selectOption("#set-grade", "");
    await admin.page.waitForFunction(() => document.querySelector('#asset-grade .grade')?.getAttribute("data-grade") === "internal");
  });
});
