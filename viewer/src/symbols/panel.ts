// Real shape or symbols: as things are, or lines of one width with signs, which are read from afar.
import { api } from "../api/client";
import { t, type Key } from "../i18n";
import { h } from "../ui/dom";
import type { App } from "../ui/state";
import { hasAxisSign, signOf, sweptKinds } from "./signs";

const STILL_MS = 350;
const WIDEST = 2500; // metres of view across in which signs are shown; beyond they would be a carpet
const WIDEST_AXES = 600; // of segments: farther away a body is no wider than the line
let on = false;
let asked = 0;
let timer = 0;
let following = false;
let limits: Key | null = null; // what of the symbols is not shown in this view

function say(next: Key | null): void {
  limits = next;
  const hint = document.getElementById("symbol-limits");
  if (hint) hint.textContent = hintOf();
}

const hintOf = (): string => (on && limits ? t(limits) : "");

export const symbols = (): boolean => on;

function across([w, s, e, n]: number[]): number {
  return Math.hypot((e - w) * 111_320 * Math.cos((s * Math.PI) / 180), (n - s) * 110_900);
}

async function signs(app: App): Promise<void> {
  const mine = ++asked;
  const city = app.city;
  const box = on ? city?.bboxInView() : null;
  if (!city || !box || across(box) > WIDEST) {
    say(on && box ? "symbolsFar" : null);
    city?.setSigns([]);
    return city?.setAxes([]);
  }
  const kinds = ["chamber", "node", ...sweptKinds, ...(across(box) <= WIDEST_AXES ? ["segment"] : [])];
  const lists = await Promise.all(kinds.map((kind) => api.assetsIn(box, 1000, kind)));
  if (mine !== asked) return;
  say(lists.some((l) => l.next) ? "symbolsMany" : across(box) > WIDEST_AXES ? "symbolsNear" : null);
  const all = lists.flatMap((l) => l.items).filter((a) => city.visible(a.network));
  city.setSigns(all.flatMap((a) => {
    const sign = a.kind === "chamber" || a.kind === "node" ? signOf(a) : null;
    return sign ? [{ asset: a, sign }] : [];
  }));
  city.setAxes(all.filter(hasAxisSign));
}

export function setSymbols(app: App, next: boolean): void {
  on = next;
  app.city?.setSymbols(on);
  if (!following) {
    following = true;
    app.followers.add(() => {
      if (!on) return;
      clearTimeout(timer);
      timer = window.setTimeout(() => void signs(app).catch(() => undefined), STILL_MS);
    });
  }
  void signs(app).catch(() => undefined);
  app.remember();
}

export function styleField(app: App): HTMLElement {
  const choice = (value: boolean) => h("button", { class: on === value ? "tab on" : "tab", "aria-pressed": String(on === value), "data-field": `style-${value ? "symbols" : "real"}`, onClick: () => {
    setSymbols(app, value);
    app.redraw();
  } }, t(value ? "symbolStyle" : "realShape"));
  return h("div", { class: "stack tight" }, h("div", { class: "tabs", role: "group", "aria-label": t("style") }, choice(false), choice(true)),
    h("p", { class: "hint", id: "symbol-limits", role: "status" }, hintOf()));
}
