// How sure places are: an envelope about each line in view, as wide and high as it was located exactly. What is not known has none, and is counted.
import { api } from "../api/client";
import type { Asset } from "../api/types";
import { t } from "../i18n";
import { count } from "../i18n/format";
import type { Accuracy } from "../scene/envelope";
import { h } from "../ui/dom";
import type { App } from "../ui/state";

export const MOST = 150; // envelopes drawn at once
const ASKED = 600;
const STILL_MS = 450;
const lines = new Set(["segment", "gallery", "tunnel"]);

let on = false;
let asked = 0;
let timer = 0;
let follower: (() => void) | null = null;
let words = "";

export const accuracyOf = (a: Asset): Accuracy => ({ horizontal: a.quality?.horizontal ?? null, vertical: a.quality?.vertical ?? null });
const known = (a: Asset) => accuracyOf(a).horizontal !== null || accuracyOf(a).vertical !== null;

/** Which of the assets get an envelope, and how many lines have none because their accuracy is not known. */
export function split(list: readonly Asset[], shown: (a: Asset) => boolean): { drawn: Asset[]; unknown: number; left: number } {
  const seen = list.filter((a) => lines.has(a.kind) && shown(a));
  const sure = seen.filter(known);
  return { drawn: sure.slice(0, MOST), unknown: seen.length - sure.length, left: Math.max(0, sure.length - MOST) };
}

async function draw(app: App, tell: () => void): Promise<void> {
  const mine = ++asked;
  const box = on ? app.city?.bboxInView() : null;
  if (!box) {
    words = "";
    app.city?.setEnvelopes([]);
    return tell();
  }
  const { items, next } = await api.assetsIn(box, ASKED);
  if (mine !== asked) return;
  const s = split(items, (a) => app.city?.visible(a.network) ?? true);
  app.city?.setEnvelopes(s.drawn);
  words = t("envelopesDrawn", { n: count(s.drawn.length), unknown: count(s.unknown) }) + (next || s.left ? ` ${t("envelopesMore")}` : "");
  tell();
}

export function envelopeField(app: App): HTMLElement {
  const said = h("p", { class: "hint", id: "envelopes-said" }, words);
  const tell = () => { said.textContent = words; };
  const again = () => void draw(app, tell).catch(() => undefined);
  if (follower) app.followers.delete(follower);
  follower = () => {
    if (!on) return;
    clearTimeout(timer);
    timer = window.setTimeout(again, STILL_MS);
  };
  app.followers.add(follower);
  return h("div", { class: "stack tight" }, h("label", { class: "check" }, h("input", { type: "checkbox", id: "envelopes", checked: on, onChange: (e: Event) => {
    on = (e.target as HTMLInputElement).checked;
    again();
  } }), t("envelopes")), said);
}
