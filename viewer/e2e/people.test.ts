// People come in: by an address that works once and asks for a password, by name and password, not by a wrong one; administrators make and end that.
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, sharedCity, watch, type City } from "./city";

const words = "yellow bridge 7 kettles";
const name = `e2e.${process.pid}`;
let city: City;
let browser: Browser;
let admin: Page;
let user: { context: BrowserContext; page: Page; errors: string[] };
let link = "";

/** A browser of its own, on a flat map without tiles, which is soon there. */
async function visit(address: string, locale: string): Promise<typeof user> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 520 }, locale, reducedMotion: "reduce" });
  await context.route(/\/(mvt|3dtiles)\//, (r) => r.fulfill({ status: 204 }));
  const w = await watch(context);
  await w.page.goto(address.replace("#", "#m=1&"));
  return { context, page: w.page, errors: w.errors };
}
const secret = (address: string) => new URLSearchParams(new URL(address).hash.slice(1)).get("signin");
const post = async (by: unknown) => (await fetch(`${city.url}api/v1/session`, { method: "POST", body: JSON.stringify(by), headers: { "Content-Type": "application/json" } })).status;
const door = async (password: string) => {
  await user.page.fill("[name=name]", name);
  await user.page.fill("[name=password]", password);
  await user.page.click("#sign-in");
};

beforeAll(async () => {
  city = sharedCity();
  browser = await openBrowser();
  admin = (await visit(city.signIn, "zh-CN")).page;
});
afterAll(async () => {
  await browser?.close();
});

describe("people", () => {
  it("are added with an address that is shown once", async () => {
    await admin.click("#account");
    await admin.click("[data-page=users]");
    await admin.click("#add-user");
    await admin.fill("#new-user [name=name]", "a b");
    await admin.click("#new-user [type=submit]");
    await admin.waitForSelector("#new-user [data-for=name] > .error:not([hidden])");
    expect(await admin.innerText("#new-user [data-for=name] > .error")).toMatch(/用户名/);
    await admin.fill("#new-user [name=name]", name);
    await admin.fill("#new-user [name=displayName]", "王芳");
    await admin.click("#new-user [type=submit]");
    link = await admin.inputValue("#link-once .secret");
    expect(link).toMatch(/#signin=/);
    await admin.click("#link-once .outlined");
    await admin.waitForSelector("#link-once", { state: "detached" });
    expect(await admin.innerText(`[data-user="${name}"] .pill`)).toBe("尚未设置密码");
  });
  it("set a password of their own first", async () => {
    user = await visit(link, "en");
    await user.page.fill("#set-password [name=password]", "short");
    await user.page.fill("#set-password [name=again]", "short");
    await user.page.click("#set-password [type=submit]");
    await user.page.waitForSelector("[data-for=password] > .error:not([hidden])");
    expect(await user.page.innerText("[data-for=password] > .error")).toContain("at least 12");
    await user.page.fill("#set-password [name=password]", words);
    await user.page.click("#set-password [type=submit]");
    expect(await user.page.innerText("#set-password p.error")).toContain("not the same");
    await user.page.fill("#set-password [name=again]", words);
    await user.page.click("#set-password [type=submit]");
    await user.page.waitForSelector("#account");
    expect(await user.page.innerText("#account")).toContain("王芳");
    expect(user.page.url()).not.toContain("signin");
    await user.page.click("#account");
    await user.page.waitForSelector("#sessions .pill.good");
    expect(await user.page.locator("[data-page]").count()).toBe(1); // no pages for administrators
  });
  it("come in once by an address, and by name and password ever after", async () => {
    await user.page.click("#admin-sign-out");
    await user.page.waitForSelector("#door-form");
    await user.page.goto("about:blank");
    await user.page.goto(link.replace("#", "#m=1&"));
    await user.page.waitForSelector("p.error:not(:empty)");
    await door("not the right words");
    await user.page.waitForFunction(() => document.querySelector("p.error")?.textContent?.includes("the name or the password"));
    expect(await user.page.inputValue("[name=name]")).toBe(name);
    await door(words);
    await user.page.waitForSelector("#account");
    expect([await post({ token: secret(city.once) }), await post({ token: secret(city.once) })]).toEqual([200, 401]);
  });
  it("are asked again when an administrator has ended their session, and see what they saw", async () => {
    await admin.click(`[data-user="${name}"] .row-open`);
    await admin.click("#end-sessions");
    await user.page.fill("#search", "JS-0002");
    await user.page.waitForSelector(".door-over #door-form");
    await door(words);
    await user.page.waitForSelector(".door-over", { state: "detached" });
    await user.page.fill("#search", "JS-0001");
    await user.page.waitForSelector("#found li.on");
  });
  it("make and revoke tokens, and wait after too many wrong passwords", async () => {
    await user.page.click("#account");
    await user.page.fill("#new-token [name=name]", "QGIS");
    await user.page.check("#new-token [value=read]");
    await user.page.click("#new-token [type=submit]");
    const token = await user.page.inputValue("#token-once .secret");
    const ask = async (path: string) => (await fetch(`${city.url}api/v1/${path}`, { headers: { Authorization: `Bearer ${token}` } })).status;
    expect([await ask("catalog"), await ask("tokens")]).toEqual([200, 403]);
    await user.page.click("[data-token] .danger");
    await user.page.waitForSelector("[data-token]", { state: "detached" });
    expect(await ask("catalog")).toBe(401);
    await user.page.click("#admin-sign-out");
    await user.page.waitForSelector("#door-form");
    for (let i = 0; i < 6; i++) await post({ name: "nobody", password: `wrong words ${i}` });
    const error = () => user.page.locator("p.error").innerText();
    for (let i = 0; i < 8 && !(await error()).includes("Try again in"); i++) {
      await user.page.evaluate(() => document.querySelector("#door-form")?.setAttribute("data-old", "")); // it is drawn anew with the answer
      await door("wrong words");
      await user.page.waitForSelector("#door-form:not([data-old])");
      await user.page.waitForFunction(() => document.querySelector("p.error")?.textContent);
    }
    expect(await error()).toMatch(/Try again in \d+ s/);
    expect(await user.page.isDisabled("#sign-in")).toBe(true);
  });
});
