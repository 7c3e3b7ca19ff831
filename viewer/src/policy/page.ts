// The page of rights: tabs over one draft, what is not saved yet, and what the server said of it.
import "./policy.css";
import { t } from "../i18n";
import { time } from "../i18n/format";
import { h, icon, toast } from "../ui/dom";
import type { Frame } from "../admin/frame";
import { backupTab } from "./backup";
import { changes, keepMine, load, openBook, save, take, type Book } from "./book";
import { gradingsTab, grantsTab, softCard } from "./cards";
import { districtsTab } from "./districts";
import { homeless, placeOf, type Tab } from "./places";
import { valuesTab } from "./values";
import { takeAsked } from "./open";
import { askAbout, whyTab } from "./why";
import { changeWords } from "./words";

const tabs: { tab: Tab; count?: (b: Book) => number; body(b: Book): HTMLElement }[] = [
  { tab: "grants", count: (b) => b.draft.grants.length, body: grantsTab }, { tab: "gradings", count: (b) => b.draft.gradings.length, body: gradingsTab },
  { tab: "values", count: (b) => Object.keys(b.draft.fields).length, body: valuesTab }, { tab: "districts", count: (b) => b.draft.districts.length, body: districtsTab },
  { tab: "why", body: whyTab }, { tab: "backup", body: backupTab },
];

let book: Book | null = null; // the draft outlives the page

// nobody leaves unsaved changes behind without being asked
addEventListener("beforeunload", (e) => { if (book && changes(book).length) e.preventDefault(); });

const when = (iso: string | undefined) => (iso ? time(iso) : "—");

function notices(b: Book): (HTMLElement | null | false)[] {
  const lost = homeless(b.wrongs, b.draft);
  return [
    b.theirs && h("div", { class: "notice", role: "alert", id: "policy-conflict" }, h("p", {}, t("conflict", { who: b.theirs.author || t("unknownUnit"), n: b.theirs.version, at: when(b.theirs.time) })),
      h("div", { class: "row wrap" }, h("button", { class: "filled", type: "button", id: "load-theirs", onClick: () => {
        if (b.theirs) take(b, b.theirs);
        b.draw();
      } }, t("loadTheirs")), h("button", { class: "outlined", type: "button", id: "keep-mine", onClick: () => keepMine(b) }, t("keepMine")))),
    b.problem !== "" && h("div", { class: "notice bad", role: "alert", id: "policy-problem" }, h("p", {}, b.problem), lost.length > 0 && h("ul", {}, lost.map((w) => h("li", {}, w.detail)))),
  ];
}

function build(b: Book): HTMLElement {
  const head = h("header", { class: "rights-head" });
  const bar = h("div", { class: "tabs", role: "tablist" });
  const body = h("div", { class: "rights-body", role: "tabpanel" });
  const list = h("div", { class: "grow unsaved", role: "status" });
  const discard = h("button", { class: "outlined", type: "button", id: "policy-discard", onClick: () => {
    if (b.saved) take(b, b.saved);
    toast(t("discarded"));
    b.draw();
  } });
  const keep = h("button", { class: "filled", type: "button", id: "policy-save", onClick: () => void save(b) });
  const told = h("div", { class: "stack notices" });
  const foot = h("footer", { class: "rights-foot" }, list, discard, keep);
  const page = h("div", { class: "rights-page", id: "rights-page" }, head, bar, body, foot);
  const drawBar = () => bar.replaceChildren(...tabs.map((x) => {
    const n = x.count?.(b);
    const wrong = b.wrongs.filter((w) => placeOf(w.pointer)?.tab === x.tab).length;
    return h("button", { role: "tab", type: "button", class: b.tab === x.tab ? "tab on" : "tab", "aria-selected": String(b.tab === x.tab), "data-tab": x.tab, onClick: () => {
      b.tab = x.tab;
      b.open = null;
      b.draw();
    } }, t(x.tab), n !== undefined && h("span", { class: "second" }, ` ${n}`), wrong > 0 && h("span", { class: "wrong-count", title: t("errorsFound", { n: wrong }) }, String(wrong)));
  }));
  b.soft = () => {
    const all = changes(b);
    list.dataset.changes = String(all.length);
    list.replaceChildren(all.length ? h("strong", {}, t("unsaved", { n: all.length })) : t("allSaved"), ...(all.length ? [h("ul", {}, all.slice(0, 6).map((c) => h("li", {}, changeWords(c))), all.length > 6 && h("li", {}, "…"))] : []));
    discard.textContent = t("discard");
    keep.textContent = t("save");
    discard.disabled = all.length === 0 || b.busy;
    keep.disabled = all.length === 0 || b.busy || b.theirs !== null;
    told.replaceChildren(...notices(b).filter((n) => n instanceof HTMLElement));
    drawBar();
    softCard(b);
  };
  b.draw = () => {
    const s = b.saved;
    const focused = body.contains(document.activeElement) ? document.activeElement?.getAttribute("data-field") : null;
    head.replaceChildren(h("div", { class: "grow" }, h("h2", {}, icon("shield"), t("rights")), h("p", { class: "hint" }, t("rightsLead"))),
      h("span", { class: "second version" }, s ? (s.version ? t("versionOf", { n: s.version, who: s.author || t("unknownUnit"), at: when(s.time) }) : t("versionOwn")) : ""));
    const top = body.dataset.tab === b.tab ? body.scrollTop : 0;
    body.dataset.tab = b.tab;
    body.replaceChildren(h("div", { class: "rights-column stack" }, told, s ? tabs.find((x) => x.tab === b.tab)?.body(b) : !b.problem && h("p", { class: "hint" }, t("loading"))));
    body.scrollTop = top;
    b.soft();
    const bad = body.querySelector<HTMLElement>("[data-wrong]");
    if (bad) bad.scrollIntoView({ block: "center" });
    if (focused) body.querySelector<HTMLElement>(`[data-field="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  };
  return page;
}

/** The page in the frame; what was asked about elsewhere is answered at once. */
export function open(frame: Frame): HTMLElement {
  book = book?.app === frame.app ? book : openBook(frame.app);
  const b = book;
  b.away = (on) => frame.away(on);
  const page = build(b);
  b.draw();
  const ask = takeAsked();
  void load(b).then(() => { if (ask && b.saved) askAbout(b, ask); });
  return page;
}
