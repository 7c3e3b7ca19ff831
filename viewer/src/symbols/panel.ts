// Real shape or symbols: as things are, or lines of one width with signs, which are read from afar.
import { api } from "../api/client";
import { t } from "../i18n";
import { h } from "../ui/dom";
import type { App } from "../ui/state";
import { signOf } from "./signs";

const STILL_MS = 350;
const WIDEST = 2500; // metres of view across in which signs are shown; beyond they would be a carpet
let on = false;
let asked = 0;
let timer = 0;
let following = false;

export const symbols = (): boolean => on;

function across([w, s, e, n]: number[]): number {
  return Math.hypot((e - w) * 111_320 * Math.cos((s * Math.PI) / 180), (n - s) * 110_900);
}

async function signs(app: App): Promise<void> {
  const mine = ++asked;
  const box = on ? app.city?.bboxInView() : null;
  if (!box || across(box) > WIDEST) return app.city?.setSigns([]);
  const lists = await Promise.all(["chamber", "node"].map((kind) => api.assetsIn(box, 1000, kind)));
  if (mine !== asked) return;
  app.city?.setSigns(lists.flatMap((l) => l.items).flatMap((a) => {
    const sign = app.city?.visible(a.network) ? signOf(a) : null;
    return sign ? [{ asset: a, sign }] : [];
  }));
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
  return h("div", { class: "tabs", role: "group", "aria-label": t("style") }, choice(false), choice(true));
}
