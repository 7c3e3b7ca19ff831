// Districts: a plan of all of them, and one row each with its size, where it is used, and what can be done with it.
import { api } from "../api/client";
import type { Area, District, Street } from "../api/types";
import { t } from "../i18n";
import { h, icon, toast } from "../ui/dom";
import { shifted, touched, type Book } from "./book";
import { areaOf, boxOf, closed, cornersOf, fromGeojson, openRings, polygonsOf } from "./area";
import { drawOn, km2, type Corners } from "./draw";
import { rename, unlike, usersOf } from "./logic";
import { at, crossing } from "./places";
import { wrong } from "./widgets";
import { listed, quoted } from "./words";

export const MOST = 4 << 20; // bytes of a file
const WIDE = 640;
const NS = "http://www.w3.org/2000/svg";
let streets: Promise<Street[]> | null = null;

const el = (tag: string, parent: Element, attributes: Record<string, string>, text = "") => {
  const e = document.createElementNS(NS, tag);
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
  if (text) e.textContent = text;
  parent.append(e);
  return e;
};

/** All districts over the streets of the city; where a border crosses itself stands a cross. */
function plan(b: Book): Element {
  const extent = b.app.catalog.frame.extent;
  const areas: Area[] = b.draft.districts.map((d) => d.geometry);
  const all = boxOf([...areas, ...(extent ? [{ type: "Polygon", coordinates: [[[extent[0], extent[1]], [extent[2], extent[3]]]] } as Area] : [])]) ?? [0, 0, 1, 1];
  const flat = Math.cos((((all[1] + all[3]) / 2) * Math.PI) / 180);
  const [w, hgt] = [(all[2] - all[0]) * flat || 1e-6, all[3] - all[1] || 1e-6];
  const scale = Math.min(WIDE / w, 320 / hgt);
  const x = (lon: number) => 12 + (lon - all[0]) * flat * scale;
  const y = (lat: number) => 12 + (all[3] - lat) * scale;
  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("viewBox", `0 0 ${(w * scale + 24).toFixed(0)} ${(hgt * scale + 24).toFixed(0)}`);
  svg.setAttribute("class", "district-plan");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", t("districts"));
  const roads = el("path", svg, { class: "roads" });
  streets ??= api.streets().then((s) => s.features, () => []);
  void streets.then((list) => roads.setAttribute("d", list.map((f) => f.geometry.coordinates.map((c, i) => `${i ? "L" : "M"}${x(c[0]).toFixed(1)} ${y(c[1]).toFixed(1)}`).join("")).join("")));
  b.draft.districts.forEach((d, i) => {
    const bad = at(b.wrongs, `/districts/${i}/geometry`);
    const rings = polygonsOf(d.geometry).flat();
    el("path", svg, { class: bad.length ? "border bad" : "border", "fill-rule": "evenodd", d: rings.map((r) => `${r.map((c, k) => `${k ? "L" : "M"}${x(c[0]).toFixed(1)} ${y(c[1]).toFixed(1)}`).join("")}Z`).join("") });
    const box = boxOf([d.geometry]);
    if (box) el("text", svg, { x: x((box[0] + box[2]) / 2).toFixed(1), y: y((box[1] + box[3]) / 2).toFixed(1) }, d.name);
    for (const p of bad.map(crossing)) if (p) el("path", svg, { class: "cross", d: `M${x(p[0]) - 6} ${y(p[1]) - 6}l12 12m0 -12l-12 12` });
  });
  return svg;
}

/** Lets go of the page while something is drawn on the ground, and takes it up again. */
function away(b: Book, name: string, mode: "new" | "edit" | "show", corners: Corners, done: (c: Corners) => void): void {
  b.away(true);
  drawOn(b.app, { name, corners, mode, done(c) {
    b.away(false);
    if (c) done(c);
    b.draw();
    document.querySelector<HTMLElement>("#rights-page .tab.on")?.focus();
  } });
}

function row(b: Book, d: District, i: number): HTMLElement {
  const pointer = `/districts/${i}`;
  const users = usersOf(b.draft, d.name);
  const tool = (name: string, label: "show" | "editBorder" | "remove", run: () => void) => h("button", { class: "plain with-word", type: "button", "data-field": `${pointer}/${label}`, onClick: run }, icon(name), t(label));
  const words = h("span", { class: "second" }, [t("area", { a: km2(areaOf(d.geometry)) }), t("corners", { n: cornersOf(d.geometry) }), users.length ? t("usedBy", { n: users.length }) : t("notUsed")].join(" · "));
  return h("article", { class: at(b.wrongs, pointer).length ? "rights-card bad" : "rights-card", "data-card": pointer },
    h("div", { class: "card-head" }, h("div", { class: "card-words" },
      h("input", { type: "text", class: "district-name", value: d.name, "aria-label": t("rename"), "data-field": `${pointer}/name`, maxlength: "300", onInput: (e: Event) => {
        rename(b.draft, d, (e.target as HTMLInputElement).value);
        touched(b, `${pointer}/name`);
      } }), words),
    h("div", { class: "card-tools" }, tool("fly", "show", () => away(b, d.name, "show", openRings(d.geometry), () => undefined)),
      tool("draw", "editBorder", () => away(b, d.name, "edit", openRings(d.geometry), (c) => {
        d.geometry = closed(c);
        touched(b, `${pointer}/geometry`);
      })),
      tool("bin", "remove", () => {
        if (users.length) return toast(t("inUse", { name: d.name, by: listed(users.map((g) => quoted(g.id))) }));
        b.draft.districts.splice(i, 1);
        shifted(b, "districts");
      }))),
    wrong(b, `${pointer}/name`), wrong(b, `${pointer}/geometry`));
}

async function read(b: Book, input: HTMLInputElement): Promise<void> {
  const file = input.files?.[0];
  input.value = "";
  if (!file) return;
  if (file.size > MOST) return toast(t("tooBig", { file: file.name }));
  const taken = () => b.draft.districts.map((d) => d.name);
  let found: District[] = [];
  try {
    found = fromGeojson(await file.text(), (n) => t("newDistrict", { n }));
  } catch { /* told below */ }
  if (!found.length) return toast(t("notGeojson", { file: file.name }), true);
  for (const d of found) b.draft.districts.push({ ...d, name: unlike(d.name, taken()) });
  toast(t("loaded", { n: found.length }));
  shifted(b, "districts");
}

export function districtsTab(b: Book): HTMLElement {
  const list = b.draft.districts;
  const file = h("input", { type: "file", accept: ".geojson,.json,application/geo+json", class: "hidden-file", id: "district-file", "aria-label": t("loadGeojson"), onChange: (e: Event) => void read(b, e.target as HTMLInputElement) });
  return h("div", { class: "stack" }, h("p", { class: "hint" }, t(list.length ? "districtsLead" : "noDistricts")),
    b.app.catalog.frame.extent && plan(b) as unknown as HTMLElement,
    list.map((d, i) => row(b, d, i)), wrong(b, "/districts") && null,
    h("div", { class: "row wrap" },
      h("button", { class: "outlined", type: "button", id: "draw-district", onClick: () => {
        const name = unlike(t("newDistrict", { n: list.length + 1 }), list.map((d) => d.name));
        away(b, name, "new", [], (c) => {
          list.push({ name, geometry: closed(c) });
          shifted(b, "districts");
        });
      } }, icon("draw"), t("drawDistrict")),
      h("label", { class: "outlined file-button" }, icon("upload"), t("loadGeojson"), file)));
}
