// Grants and gradings as cards: a sentence that says what it means, and behind "Edit" the fields that make it so.
import { OWN_UNIT, type Grant, type Grading } from "../api/types";
import { gradeBadge } from "../assets/grade";
import { named, t, type Key } from "../i18n";
import { h, icon, toast } from "../ui/dom";
import { shifted, type Book } from "./book";
import { blankGrading, blankGrant, copyOf, idsOf, said, unlike } from "./logic";
import { at } from "./places";
import { chips, field, ladder, names, swatch, text, type Choice } from "./widgets";
import { actionName, grantSentence, gradingSentence, networkName, ofAssets, ownerName, roleName } from "./words";

const colourOf = (b: Book, code: string): string => {
  const n = b.app.catalog.networks.find((x) => x.code === code || x.members.includes(code));
  return n ? (b.app.theme === "dark" ? n.colorDark : n.colorLight) : "var(--border)";
};

/** Networks: those that are drawn first, the finer ones behind a line. */
function networks(b: Book, pointer: string, g: Grant | Grading): HTMLElement {
  const choice = (code: string, label: string): Choice => ({ value: code, label, color: colourOf(b, code), title: code });
  const set = (v: string[] | undefined) => { g.networks = v; };
  const { networks: top, subnetworks: finer = [] } = b.app.catalog;
  const unknown = (g.networks ?? []).filter((c) => !top.some((n) => n.code === c) && !finer.some((n) => n.code === c));
  const first = [...top].sort((x, y) => Number(y.count > 0) - Number(x.count > 0)).map((n) => choice(n.code, named(n)));
  return h("div", { class: "stack tight" }, chips(b, pointer, [...first, ...unknown.map((c) => choice(c, c))], () => g.networks, set),
    finer.length > 0 && h("details", { open: finer.some((n) => g.networks?.includes(n.code)) }, h("summary", {}, t("subnets", { n: finer.length })), chips(b, pointer, finer.map((n) => choice(n.code, named(n))), () => g.networks, set)));
}

const hint = (key: Key) => h("p", { class: "hint" }, t(key));

function over(b: Book, at: string, g: Grant | Grading): HTMLElement[] {
  const districts = [...new Set([...b.draft.districts.map((d) => d.name), ...(g.districts ?? [])])];
  const owners = (v: string[] | undefined) => { g.owners = v; };
  return [
    field(b, `${at}/networks`, t("networks"), networks(b, `${at}/networks`, g), hint("allWhenNone")),
    ...(districts.length ? [field(b, `${at}/districts`, t("districts"), chips(b, `${at}/districts`, districts.map((d) => ({ value: d, label: d })), () => g.districts, (v) => { g.districts = v; }), hint("allWhenNone"))] : []),
    field(b, `${at}/owners`, t("owners"),
      "actions" in g && chips(b, `${at}/owners`, [{ value: OWN_UNIT, label: t("ownUnit") }], () => g.owners, owners),
      names(b, `${at}/owners`, t("owners"), [...new Set([...b.units.map((u) => u.name), ...said(b.draft, "owners")])].filter((o) => o !== OWN_UNIT), () => g.owners?.filter((o) => o !== OWN_UNIT), (v) => owners([...(g.owners?.includes(OWN_UNIT) ? [OWN_UNIT] : []), ...(v ?? [])])), hint("allWhenNone")),
  ];
}

function grantForm(b: Book, at: string, g: Grant): HTMLElement {
  const roles = b.saved?.roles ?? [];
  const actions = b.saved?.actions ?? [];
  const deeds = (label: Key, list: string[]) => h("div", { class: "stack tight" }, h("span", { class: "hint" }, t(label)),
    chips(b, `${at}/actions`, list.map((a) => ({ value: a, label: actionName(a) })), () => g.actions, (v) => { g.actions = actions.filter((a) => v?.includes(a)); }));
  const accounts = b.accounts.map((a) => a.name);
  return h("div", { class: "rights-form" },
    h("h4", {}, t("whoIs")),
    field(b, `${at}/roles`, t("roles"), chips(b, `${at}/roles`, roles.map((r) => ({ value: r, label: roleName(r) })), () => g.roles, (v) => { g.roles = v; })),
    field(b, `${at}/users`, t("users"), names(b, `${at}/users`, t("users"), [...new Set([...accounts, ...said(b.draft, "users")])], () => g.users, (v) => { g.users = v; })),
    field(b, `${at}/units`, t("units"), names(b, `${at}/units`, t("units"), [...new Set([...b.units.map((u) => u.code), ...said(b.draft, "units")])], () => g.units, (v) => { g.units = v; }), hint("onlyWhenNone")),
    h("h4", {}, t("whatMay")),
    field(b, `${at}/actions`, "", deeds("ofAssets", actions.filter((a) => ofAssets.includes(a))), deeds("ofSystem", actions.filter((a) => !ofAssets.includes(a)))),
    h("h4", {}, t("overWhat")), ...over(b, at, g),
    h("h4", {}, t("upToGrade")), field(b, `${at}/secrecy`, "", ladder(b, `${at}/secrecy`, g.secrecy, (s) => { g.secrecy = s; })),
    naming(b, at, g));
}

function gradingForm(b: Book, at: string, g: Grading): HTMLElement {
  return h("div", { class: "rights-form" },
    h("h4", {}, t("overWhat")), ...over(b, at, g),
    field(b, `${at}/kinds`, t("kinds"), chips(b, `${at}/kinds`, b.app.catalog.kinds.map((k) => ({ value: k.code, label: named(k) })), () => g.kinds, (v) => { g.kinds = v; }), hint("allWhenNone")),
    h("h4", {}, t("countsAs")), field(b, `${at}/secrecy`, "", ladder(b, `${at}/secrecy`, g.secrecy, (s) => { g.secrecy = s; })),
    naming(b, at, g));
}

const naming = (b: Book, at: string, g: Grant | Grading) => h("div", { class: "two" },
  text(b, `${at}/id`, t("rename"), g.id, (v) => { g.id = v; }), text(b, `${at}/note`, t("note"), g.note ?? "", (v) => { g.note = v || undefined; }));

interface Kind<T extends Grant | Grading> { list: "grants" | "gradings"; items(b: Book): T[]; sentence(b: Book, g: T): string; form(b: Book, at: string, g: T): HTMLElement; blank(b: Book): T }
const grantsKind: Kind<Grant> = { list: "grants", items: (b) => b.draft.grants, sentence: (b, g) => grantSentence(b.app.catalog, g), form: grantForm, blank: (b) => blankGrant(b.draft) };
const gradingsKind: Kind<Grading> = { list: "gradings", items: (b) => b.draft.gradings, sentence: (b, g) => gradingSentence(b.app.catalog, g), form: gradingForm, blank: (b) => blankGrading(b.draft) };

function card<T extends Grant | Grading>(b: Book, k: Kind<T>, i: number): HTMLElement {
  const items = k.items(b);
  const g = items[i];
  const pointer = `/${k.list}/${i}`;
  const open = b.open === i;
  const tool = (name: string, label: Key, run: () => void) => h("button", { class: "plain with-word", type: "button", "data-field": `${pointer}/${label}`, onClick: run }, icon(name), t(label));
  const insert = (at: number, v: T) => {
    items.splice(at, 0, v);
    b.open = at;
    shifted(b, k.list);
  };
  const drop = () => {
    items.splice(i, 1);
    b.open = null;
    shifted(b, k.list);
    toast(t("takenOut", { name: g.id }));
  };
  return h("article", { class: open ? "rights-card open" : at(b.wrongs, pointer).length ? "rights-card bad" : "rights-card", "data-card": pointer },
    h("div", { class: "card-head" }, h("div", { class: "card-words" }, h("p", { class: "sentence" }, k.sentence(b, g)), marks(b, g)),
      h("div", { class: "card-tools" }, tool(open ? "tick" : "edit", open ? "fold" : "edit", () => {
        b.open = open ? null : i;
        b.draw();
      }), tool("copy", "copyOf", () => insert(i + 1, { ...copyOf(g), id: unlike(g.id, idsOf(b.draft)) })), tool("bin", "remove", drop))),
    open && k.form(b, pointer, g));
}

/** What a card says at a glance: networks by their colours, the grade, its name. */
function marks(b: Book, g: Grant | Grading): HTMLElement {
  return h("div", { class: "marks" }, gradeBadge(g.secrecy),
    (g.networks ?? []).map((n) => h("span", { class: "mark" }, swatch(colourOf(b, n)), networkName(b.app.catalog, n))),
    (g.districts ?? []).map((d) => h("span", { class: "mark" }, icon("draw"), d)), (g.owners ?? []).map((o) => h("span", { class: "mark" }, ownerName(o))),
    h("span", { class: "second" }, [g.id, g.note].filter(Boolean).join(" · ")));
}

function list<T extends Grant | Grading>(b: Book, k: Kind<T>, lead: HTMLElement | null, add: Key): HTMLElement {
  return h("div", { class: "stack" }, lead, k.items(b).map((_, i) => card(b, k, i)),
    h("button", { class: "outlined", type: "button", id: `add-${k.list}`, onClick: () => {
      k.items(b).push(k.blank(b));
      b.open = k.items(b).length - 1;
      shifted(b, k.list);
    } }, icon("plus"), t(add)));
}

export const grantsTab = (b: Book): HTMLElement => list(b, grantsKind, null, "addGrant");
export const gradingsTab = (b: Book): HTMLElement => list(b, gradingsKind, h("p", { class: "hint" }, t(b.draft.gradings.length ? "gradingsLead" : "noGradings")), "addGrading");

/** The sentence of the open card follows its fields. */
export function softCard(b: Book): void {
  if (typeof b.open !== "number" || (b.tab !== "grants" && b.tab !== "gradings")) return;
  const box = document.querySelector(`[data-card="/${b.tab}/${b.open}"] .card-words`);
  const g = b.tab === "grants" ? b.draft.grants[b.open] : b.draft.gradings[b.open];
  if (box && g) box.replaceChildren(h("p", { class: "sentence" }, "actions" in g ? grantSentence(b.app.catalog, g) : gradingSentence(b.app.catalog, g)), marks(b, g));
}
