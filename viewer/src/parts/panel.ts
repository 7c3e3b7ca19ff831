// The parts of the selected asset: a drawing of its section, a list whose rows mark the part in the scene, and the part that was picked.
import { api } from "../api/client";
import type { Asset, Connection, LeftOut, Part, SectionProfile } from "../api/types";
import { t } from "../i18n";
import { count, elevation, metres } from "../i18n/format";
import { h } from "../ui/dom";
import type { App } from "../ui/state";
import { crossSection, manholeSection } from "./drawing";
import { keyOf, partMeasures, partName, worthListing } from "./logic";

interface Known { id: string; version: number; parts: Part[]; connections: Connection[]; section: SectionProfile[]; leftOut: LeftOut; more: boolean }
let known: Known | null = null;
let chosen: string | null = null; // key of the part
let coming: Promise<Known | null> | null = null;

function load(a: Asset): Promise<Known | null> {
  if (known?.id === a.id && known.version === a.version) return Promise.resolve(known);
  if (known?.id !== a.id) chosen = null;
  known = null;
  const asked = api.parts(a.id).then((x) => {
    if (coming !== asked) return null;
    known = { id: a.id, version: a.version, parts: x.items, connections: x.connections ?? [], section: x.section ?? [], leftOut: x.leftOut ?? {}, more: !!x.next };
    return known;
  });
  coming = asked;
  return asked;
}

function mark(app: App, p: Part | null): void {
  app.city?.markPart(p?.edges ?? null);
}

/** Chooses a part of the selected asset; null is the whole. */
export function choosePart(app: App, key: string | null): void {
  chosen = key;
  mark(app, known?.parts.find((p) => keyOf(p) === key) ?? null);
  app.redrawPanel();
}

/** The part chosen now, for the way back by Escape. */
export const chosenPart = (): string | null => chosen;

/** No asset is selected any more, or another. */
export function forgetParts(app: App): void {
  chosen = null;
  known = null;
  coming = null;
  mark(app, null);
}

/** Picks the part under a pixel of the scene; false where the asset has none worth picking. */
export async function pickPart(app: App, x: number, y: number): Promise<boolean> {
  const a = app.selected;
  const at = app.city?.placeAt(x, y);
  if (!a || !at) return false;
  const k = await load(a);
  if (!k || !worthListing(k.parts)) return false;
  const { items } = await api.partAt(a.id, at);
  if (!items.length || app.selected !== a) return false;
  choosePart(app, keyOf(items[0]));
  return true;
}

/** A click on the asset that is selected already takes its part there; false where it has none, and the click is for what lies below. */
export function pickInside(app: App, id: string, x: number, y: number): boolean {
  if (app.selected?.id !== id || known?.id !== id || !worthListing(known.parts)) return false;
  void pickPart(app, x, y).catch(() => undefined);
  return true;
}

/** "DL-… › Compartment 2" above the attributes. */
function crumb(app: App, a: Asset, k: Known): HTMLElement | null {
  const p = k.parts.find((x) => keyOf(x) === chosen);
  return p ? h("nav", { id: "part-crumb", "aria-label": t("parts") }, h("button", { class: "link", onClick: () => choosePart(app, null) }, a.id), h("span", {}, "›"), h("b", {}, partName(p, k.parts))) : null;
}

function details(p: Part): HTMLElement {
  const rows: [string, string][] = [[t("measures"), partMeasures(p) || `— ${t("unknown")}`], [t("topHeight"), elevation(p.high)], [t("lowHeight"), elevation(p.low)]];
  if (p.invert !== undefined) rows.push([t("invert"), elevation(p.invert)]);
  if (p.chainage !== undefined) rows.push([t("chainage"), metres(p.chainage)]);
  rows.push([t("volume"), `${p.volume.toFixed(p.volume < 10 ? 2 : 0)}\u00a0m³`]);
  return h("dl", { id: "part-details" }, rows.flatMap(([k, v]) => [h("dt", {}, k), h("dd", {}, v)]));
}

function list(app: App, k: Known): HTMLElement {
  return h("ul", { class: "parts", id: "parts" }, k.parts.map((p) => h("li", {}, h("button", {
    class: keyOf(p) === chosen ? "on" : "", "data-part": keyOf(p), "aria-pressed": String(keyOf(p) === chosen),
    onClick: () => choosePart(app, keyOf(p) === chosen ? null : keyOf(p)),
    onPointerenter: () => mark(app, p), onFocus: () => mark(app, p),
    onPointerleave: () => mark(app, k.parts.find((x) => keyOf(x) === chosen) ?? null), onBlur: () => mark(app, k.parts.find((x) => keyOf(x) === chosen) ?? null),
  }, h("span", {}, partName(p, k.parts)), h("span", { class: "second" }, partMeasures(p))))));
}

/** What is not drawn or not listed, so that nobody takes it for all. */
function leftOut(k: Known): HTMLElement | null {
  const { parts = 0, profiles = 0, openings = 0 } = k.leftOut;
  const words = [openings > 0 && t("left.openings", { n: count(openings) }), parts > 0 && t("left.parts", { n: count(parts) }), profiles > 0 && t("left.profiles", { n: count(profiles) }),
    k.more && t("left.more", { n: count(k.parts.length) })].filter((w) => typeof w === "string");
  return words.length ? h("ul", { class: "note", id: "left-out" }, words.map((w) => h("li", {}, w))) : null;
}

export function partsSection(app: App, a: Asset): HTMLElement {
  const box = h("section", { id: "parts-section", class: "stack tight" });
  const draw = (k: Known | null) => {
    if (!k) return;
    const svg = a.kind === "chamber" ? manholeSection(a, k.parts, k.connections, chosen) : crossSection(a, k.section, k.parts, chosen);
    svg?.addEventListener("click", (e) => {
      const key = (e.target as Element).getAttribute("data-part");
      if (key) choosePart(app, key === chosen ? null : key);
    });
    const p = k.parts.find((x) => keyOf(x) === chosen);
    box.replaceChildren(...[leftOut(k), crumb(app, a, k), p && details(p), svg, worthListing(k.parts) && h("h4", {}, t("parts")), worthListing(k.parts) && list(app, k)].filter((x) => x instanceof Node));
  };
  if (known?.id === a.id && known.version === a.version) draw(known);
  else load(a).then(draw, (e: Error) => box.replaceChildren(h("p", { class: "error" }, t("failed", { reason: e.message || t("offline") }))));
  return box;
}
