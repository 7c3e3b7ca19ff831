// Everything known about one asset, what is assumed and why, and what is not known.
import { api } from "../api/client";
import type { Asset, Catalog, Named } from "../api/types";
import { isKey, named, t, type Key } from "../i18n";
import { about, elevation, metres, millimetres, nominal, span, time } from "../i18n/format";
import { layerOf, networkNamed } from "../layers/tree";
import { partsSection } from "../parts/panel";
import { askWhoSees } from "../policy/open";
import { h, icon, toast } from "../ui/dom";
import type { App } from "../ui/state";
import { gradeCell } from "./grade";
import { lock, withheldNote } from "./withheld";

type Cell = Node | string | null;

const label = (list: Named[], code: string | undefined): string | null => {
  if (!code) return null;
  const n = list.find((x) => x.code === code);
  return n ? named(n) : code;
};

export function lengthOf(a: Asset): number | null {
  if (a.geometry?.type !== "LineString") return null;
  const c = a.geometry.coordinates as number[][];
  let sum = 0;
  for (let i = 1; i < c.length; i++) {
    const k = Math.PI / 180;
    const x = (c[i][0] - c[i - 1][0]) * k * 6378137 * Math.cos(c[i][1] * k);
    const y = (c[i][1] - c[i - 1][1]) * k * 6371000;
    sum += Math.hypot(x, y, (c[i][2] ?? 0) - (c[i - 1][2] ?? 0));
  }
  return sum;
}

export function assumedWord(key: string): string {
  const base = key.replace(/\..*$/, "").replace(/^section$/, "section");
  const tail = key.split(".").pop() ?? key;
  for (const k of [`assumed.${key}`, `assumed.${tail}`, `assumed.${base}`]) if (isKey(k)) return t(k);
  return key;
}

/** Why a value is assumed, and the rule that it rests on: its source, and whether somebody has confirmed it. */
export function assumedReason(catalog: Catalog, a: Asset, key: string): string {
  const base = key.split(".")[0];
  const rule = layerOf(catalog.networks, a.network)?.standardCover;
  if ((base === "geometry" || base === "cover") && rule && rule.value > 0) {
    return t("reason.cover", { value: metres(rule.value), source: rule.source, state: t(rule.confirmed ? "confirmed" : "notConfirmed") });
  }
  const k = `reason.${base}`;
  return isKey(k) ? t(k) : t("assumedReason");
}

function range(values: Asset["cover"], show: (v: number) => string): string | null {
  const s = span(values);
  if (!s) return null;
  return s[1] - s[0] < 0.005 ? show(s[0]) : `${show(s[0])} – ${show(s[1])}`;
}

/** The name in Asset.withheld of what a row shows. */
const withheldAs: Partial<Record<Key, string>> = { name: "name", owner: "owner", road: "road", material: "material", installed: "installed", from: "from", to: "to", inside: "in", validFrom: "validity", validTo: "validity" };

function rows(app: App, a: Asset): { title: Key; cells: [Key, Cell, boolean?][] }[] {
  const { catalog } = app;
  const net = networkNamed(catalog, a.network);
  const s = a.section ?? {};
  const q = a.quality ?? {};
  const link = (id: string | undefined): Cell => (id ? h("button", { class: "link", onClick: () => void app.select(id, true) }, id) : null);
  const cover = span(a.cover);
  const drawn = a.geometry?.type === "LineString" ? (a.geometry.coordinates as (number | null)[][]).map((c) => c[2] ?? null) : a.geometry?.type === "Point" ? [(a.geometry.coordinates as number[])[2] ?? null] : null;
  const is = (...k: string[]) => k.some((x) => (a.assumed ?? []).some((y) => y === x || y.endsWith(`.${x}`) || y.startsWith(`${x}.`)));
  const linear = a.geometry?.type === "LineString";
  const size = typeof s.width === "number" && typeof s.height === "number" ? `${millimetres(s.width)} × ${millimetres(s.height)}` : null;
  const hides = (name: string) => (a.withheld ?? []).includes(name);
  return [
    { title: "object", cells: [
      ...(a.name || hides("name") ? [["name", a.name || null] as [Key, Cell]] : []),
      ["network", net ? `${a.network} ${named(net)}` : a.network], ["kind", label(catalog.kinds, a.kind)], ["status", label(catalog.statuses, a.status)],
      ["owner", a.owner || null], ["road", a.road || null], ["material", label(catalog.materials, a.material), is("material")],
      ["shape", label(catalog.shapes, s.shape)],
      size ? ["section", size, is("section")] : ["diameter", typeof s.diameter === "number" ? nominal(s.diameter) : null, is("diameter")],
      ["outerDiameter", typeof s.outerDiameter === "number" ? millimetres(s.outerDiameter) : null, is("outerDiameter")],
      ...(a.grade ? [["secrecy", gradeCell(app, a)] as [Key, Cell]] : []),
    ] },
    { title: "depthGroup", cells: [
      ["cover", cover ? (cover[1] - cover[0] < 0.005 ? about(cover[0], q.vertical) : `${metres(cover[0])} – ${about(cover[1], q.vertical)}`) : null, is("cover")],
      ["groundHeight", range(a.ground, elevation), is("ground")],
      [a.kind === "segment" ? "invert" : "bottom", a.kind === "segment" ? range(a.invert, elevation) : typeof a.bottom === "number" ? elevation(a.bottom) : range(a.invert, elevation), is("invert", "bottom")],
      ["axisHeight", range(drawn, elevation), is("geometry", "geometry.height")],
      ...(linear ? [["lengthOf", lengthOf(a) === null ? null : metres(lengthOf(a) as number)] as [Key, Cell]] : []),
    ] },
    { title: "quality", cells: [
      ["quality", label(catalog.qualities, q.level)],
      ["horizontal", typeof q.horizontal === "number" ? `± ${metres(q.horizontal)}` : null], ["vertical", typeof q.vertical === "number" ? `± ${metres(q.vertical)}` : null],
      ...(a.qualitySource || q.source ? [["qualitySource", a.qualitySource || q.source || null] as [Key, Cell]] : []),
    ] },
    { title: "place", cells: [
      ...(linear || a.from || a.to || hides("from") || hides("to") ? [["from", link(a.from)], ["to", link(a.to)]] as [Key, Cell][] : []),
      ...(a.in || hides("in") ? [["inside", link(a.in)] as [Key, Cell]] : []),
      ["installed", a.installed || null], ["sourceNumber", a.sourceNumber || null],
    ] },
    { title: "record", cells: [
      ["version", String(a.version)], ["recorded", a.recorded ? time(a.recorded) : null],
      ...(a.validFrom || hides("validity") ? [["validFrom", a.validFrom ? time(a.validFrom) : null] as [Key, Cell]] : []), ...(a.validTo || hides("validity") ? [["validTo", a.validTo ? time(a.validTo) : null] as [Key, Cell]] : []),
    ] },
  ];
}

function attributes(app: App, a: Asset): HTMLElement {
  const depthKeys: Key[] = ["cover", "groundHeight", "invert", "axisHeight", "bottom"];
  const withheld = a.withheld ?? [];
  const hides = (name: string | undefined) => name !== undefined && withheld.includes(name);
  const extra: [string, unknown][] = [...Object.entries(a.attributes ?? {}), ...withheld.filter((k) => k.startsWith("attributes.")).map((k): [string, unknown] => [k.slice("attributes.".length), lock()])];
  return h("div", { class: "stack" },
    partsSection(app, a),
    (a.flags ?? []).length > 0 && h("ul", { class: "note", id: "flags" }, (a.flags ?? []).map((f) => h("li", {}, isKey(`flag.${f}`) ? t(`flag.${f}` as Key) : f))),
    (a.assumed ?? []).length > 0 && h("div", { class: "assumed", id: "assumed" }, h("strong", {}, `▨ ${t("assumedTitle")}`),
      h("ul", {}, a.assumed.map((k) => h("li", {}, t("assumedText", { field: assumedWord(k), reason: assumedReason(app.catalog, a, k) }))))),
    rows(app, a).map((group) => h("section", {}, h("h4", {}, t(group.title)),
      h("dl", {}, group.cells.map(([key, cell, assumed]) => [
        h("dt", {}, t(key)),
        hides(withheldAs[key]) ? h("dd", { class: "is-withheld", "data-withheld": key }, lock()) : h("dd", { class: assumed ? "is-assumed" : cell === null ? "is-unknown" : "" }, assumed && h("span", { title: t("assumedReason") }, "▨ "),
          cell === null ? `— ${t(depthKeys.includes(key) ? "unknownDepth" : "unknown")}` : cell)]).flat()))),
    a.kind !== "node" && typeof a.quality?.horizontal !== "number" && typeof a.quality?.vertical !== "number" && h("p", { class: "hint", id: "no-envelope" }, t("envelopeUnknown")),
    hides("attributes") && h("section", {}, h("h4", {}, t("more2")), lock()),
    extra.length > 0 && h("section", {}, h("h4", {}, t("more2")), h("dl", {}, extra.flatMap(([k, v]) => [h("dt", {}, k), h("dd", {}, v instanceof Node ? v : v === null ? "—" : typeof v === "object" ? JSON.stringify(v) : String(v))]))));
}

function history(a: Asset): HTMLElement {
  const box = h("div", { class: "stack" }, h("p", { class: "hint" }, t("loading")));
  api.history(a.id).then(({ items, withheld }) => {
    box.replaceChildren(withheldNote(withheld) ?? "", ...(items.length ? [h("ol", { class: "history" }, items.map((i) => h("li", {},
      h("strong", {}, `${isKey(`op.${i.op}`) ? t(`op.${i.op}` as Key) : i.op} · ${t("version")} ${i.version}`),
      h("span", {}, `${time(i.time)} · ${t("rev", { n: i.revision })}`), h("span", {}, [i.author, i.note].filter(Boolean).join(" · ")))))] : [h("p", { class: "hint" }, t("historyNone"))]));
  }).catch((e: Error) => box.replaceChildren(h("p", { class: "error" }, t("failed", { reason: e.message || t("offline") }))));
  return box;
}

export async function copyLink(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    toast(t("copied"));
  } catch {
    toast(t("copyFailed"));
  }
}

export function assetPanel(app: App): HTMLElement {
  const a = app.selected;
  if (!a) return h("div", { class: "stack" }, h("p", { class: "hint" }, t("loading")));
  const net = layerOf(app.catalog.networks, a.network);
  const own = networkNamed(app.catalog, a.network);
  const s = a.section ?? {};
  const line = [own ? named(own) : a.network, label(app.catalog.kinds, a.kind), a.material, typeof s.diameter === "number" ? nominal(s.diameter) : null].filter(Boolean).join(" · ");
  const tab = (key: App["tab"]) => h("button", { role: "tab", class: app.tab === key ? "tab on" : "tab", "aria-selected": String(app.tab === key), onClick: () => {
    app.tab = key;
    app.redrawPanel();
  } }, t(key));
  return h("div", { class: "stack" },
    h("div", { class: "asset-head" }, h("h2", { id: "asset-id", style: `--c:${net ? (app.theme === "dark" ? net.colorDark : net.colorLight) : "#999"}` }, a.id),
      a.name ? h("p", {}, a.name) : null, h("p", { class: "second" }, line)),
    h("div", { class: "actions" },
      h("button", { class: "outlined", onClick: () => app.city?.flyToAsset(a) }, icon("fly"), t("fly")),
      h("button", { class: "outlined", onClick: () => { const id = app.city?.next(); if (id) void app.select(id); } }, icon("next"), t("next")),
      h("button", { class: "outlined", onClick: () => void copyLink() }, icon("link"), t("copyLink")),
      app.me.rights.includes("policy") && h("button", { class: "outlined", id: "asset-why", onClick: () => askWhoSees(app, a.id) }, icon("shield"), t("whoSees")),
      app.me.rights.includes("export") && h("a", { class: "outlined", id: "asset-model", href: api.modelUrl(a.id), download: `${a.id}.glb`, title: t("modelHint") }, icon("download"), t("model"))),
    h("div", { class: "tabs", role: "tablist" }, tab("attributes"), tab("history")),
    app.tab === "attributes" ? attributes(app, a) : history(a));
}
