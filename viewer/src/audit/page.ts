// The audit log: what was done, filtered, with the state of its chain; an entry shows its details beside the list, and the objects of it in the city.
import "./audit.css";
import type { Frame } from "../admin/frame";
import { fetched } from "../admin/list";
import { audit, type Entry, type Verdict } from "../api/audit";
import { t, type Key } from "../i18n";
import { clock, count, time } from "../i18n/format";
import { h, icon, toast } from "../ui/dom";
import { reasonOf } from "../ui/form";
import { actionName, actions, details, isAsset, outcome, queryOf, spans, targetName, type Filters } from "./logic";

const draft: { filters: Filters; open: number | null; verdict: Verdict | null } = { filters: { action: "", user: "", target: "", span: "week", from: "", to: "" }, open: null, verdict: null };

const WAIT_MS = 300;

export function open(frame: Frame): HTMLElement {
  let items: Entry[] = [];
  let query = "";
  const beside = h("div", { class: "beside" });
  const el = h("div", { class: "page beside", id: "audit" });
  const table = h("a", { class: "outlined button", id: "audit-table", download: "" }, icon("download"), t("auditTable"));
  const select = (number: number | null) => {
    draft.open = number;
    const e = items.find((x) => x.number === number);
    el.classList.toggle("open", e !== undefined);
    beside.replaceChildren(...(e ? [card(e, frame, () => select(null))] : []));
    for (const row of el.querySelectorAll("tr[data-entry]")) row.classList.toggle("on", row.getAttribute("data-entry") === String(number));
  };
  const rows = h("tbody");
  const more = (next: string | undefined): HTMLElement | null => next
    ? h("button", { class: "outlined", id: "audit-more", onClick: (e: Event) => {
      const button = e.currentTarget as HTMLButtonElement;
      button.disabled = true;
      audit.page(query, next).then((page) => {
        items.push(...page.items);
        rows.append(...page.items.map((x) => rowOf(x, select)));
        const after = more(page.next);
        if (after) button.replaceWith(after);
        else button.remove();
      }, (err: unknown) => {
        button.disabled = false;
        toast(t("failed", { reason: reasonOf(err) }), true);
      });
    } }, t("olderEntries"))
    : null;
  const list = fetched(() => {
    query = queryOf(draft.filters, Date.now());
    table.href = audit.tableUrl(query);
    return audit.page(query);
  }, (page) => {
    items = page.items;
    rows.replaceChildren(...items.map((e) => rowOf(e, select)));
    queueMicrotask(() => select(draft.open));
    if (items.length === 0) return [h("p", { class: "hint" }, t("noEntries"))];
    const column = (key: Key, cls: string) => h("th", { class: cls, scope: "col" }, t(key));
    return [h("table", { class: "audit-table" }, h("thead", {}, h("tr", {}, column("atTime", "time"), column("whoDid", "by"), column("whatDid", "what"), column("onWhat", "on"), column("howEnded", "how"))), rows), more(page.next)];
  });
  el.append(h("section", { class: "card" },
    h("div", { class: "row between wrap" }, h("div", {}, h("h2", {}, t("auditPage")), h("p", { class: "second" }, t("auditLead"))), table),
    chain(), filters(() => void list.again()), list.el), beside);
  return el;
}

function rowOf(e: Entry, select: (number: number) => void): HTMLElement {
  const at = time(e.time);
  const o = outcome(e);
  const first = e.targets[0];
  const others = e.targets.length - 1 + (e.more ?? 0);
  return h("tr", { "data-entry": String(e.number), tabindex: "0", onClick: () => select(e.number), onKeydown: (k: KeyboardEvent) => {
    if (k.key !== "Enter" && k.key !== " ") return;
    k.preventDefault();
    select(e.number);
  } },
  h("td", { class: "time" }, at.slice(11), h("small", {}, at.slice(0, 10))),
  h("td", { class: "by" }, e.user.replace(/^local:/, "") || t("nobody"), h("small", {}, whence(e))),
  h("td", { class: "what" }, actionName(e.action)),
  h("td", { class: "on" }, first === undefined ? "" : targetName(first), others > 0 && h("small", {}, t("moreTargets", { n: count(others) }))),
  h("td", { class: "how" }, h("span", { class: `pill ${o.tone}` }, o.words)));
}

const whence = (e: Entry): string => (e.user.startsWith("local:") ? t("commandLine") : [e.role && t(`role.${e.role}` as Key), e.address].filter(Boolean).join(" · "));

/** Whether the log still says what was written. */
function chain(): HTMLElement {
  const el = h("div", { class: "audit-state", id: "audit-state", role: "status" });
  const draw = () => {
    const v = draft.verdict;
    el.className = `audit-state ${v === null ? "" : v.ok ? "ok" : "bad"}`;
    const number = v?.head.split(":")[0] ?? "0";
    el.replaceChildren(...(v === null ? [h("span", { class: "second" }, t("chainLooking"))] : [
      h("div", { class: "grow" }, h("strong", {}, v.ok ? t("chainOk", { n: count(Number(number)) }) : t("chainBad")),
        h("small", {}, v.ok ? `${t("chainAt", { t: clock(new Date(v.time).getTime()) })} · ${t("headHint")}` : v.sentence)),
      h("button", { class: "plain", id: "audit-head", title: v.head, onClick: () => void navigator.clipboard.writeText(v.head).then(() => toast(t("copiedIt")), (e: unknown) => toast(reasonOf(e))) }, t("copyHead")),
      h("button", { class: "outlined", id: "audit-verify", onClick: look }, t("verifyAgain"))]));
  };
  const look = () => {
    draft.verdict = null;
    draw();
    audit.verify().then((v) => {
      draft.verdict = v;
      draw();
    }, (e: unknown) => el.replaceChildren(h("span", { class: "error" }, t("failed", { reason: reasonOf(e) })), h("button", { class: "outlined", onClick: look }, t("retry"))));
  };
  if (draft.verdict) draw();
  else look();
  return el;
}

function filters(changed: () => void): HTMLElement {
  const f = draft.filters;
  let timer = 0;
  const text = (key: "user" | "target", label: Key) => h("input", { type: "search", value: f[key], placeholder: t(label), "aria-label": t(label), name: key, autocomplete: "off", spellcheck: "false", onInput: (e: Event) => {
    f[key] = (e.target as HTMLInputElement).value;
    clearTimeout(timer);
    timer = window.setTimeout(changed, WAIT_MS);
  } });
  const date = (key: "from" | "to", label: Key) => h("input", { type: "datetime-local", value: f[key], "aria-label": t(label), title: t(label), name: key, onChange: (e: Event) => {
    f[key] = (e.target as HTMLInputElement).value;
    changed();
  } });
  const own = [date("from", "spanFrom"), date("to", "spanTo")];
  const hide = () => {
    for (const d of own) d.hidden = f.span !== "own";
  };
  const choice = (key: "action" | "span", label: Key, options: [string, string][]) => h("select", { name: key, "aria-label": t(label), onChange: (e: Event) => {
    f[key] = (e.target as HTMLSelectElement).value;
    hide();
    changed();
  } }, options.map(([value, words]) => h("option", { value, selected: value === f[key] }, words)));
  hide();
  return h("div", { class: "audit-filters" },
    choice("action", "whatDid", [["", t("anyAction")], ...actions.map((a): [string, string] => [a, actionName(a)])]),
    choice("span", "timeSpan", spans.map((s): [string, string] => [s, t(`span.${s}`)])), text("user", "byUser"), text("target", "byObject"), ...own);
}

function card(e: Entry, frame: Frame, close: () => void): HTMLElement {
  const show = (id: string) => {
    frame.close();
    // the address leads there, and keeps map or scene
    const now = new URLSearchParams(location.hash.slice(1));
    location.hash = `s=${encodeURIComponent(id)}${now.get("m") === "1" ? "&m=1" : ""}`;
  };
  const o = outcome(e);
  const facts: [string, string | HTMLElement][] = [
    [t("atTime"), time(e.time)], [t("whoDid"), [e.user || t("nobody"), whence(e)].filter(Boolean).join(" · ")], [t("howEnded"), o.words + (e.status ? ` (${e.status})` : "")], [t("route"), e.route],
    ...details(e), ...(e.begun ? [[t("began"), String(e.begun)] as [string, string]] : []), [t("hash"), h("span", { class: "audit-hash" }, e.hash)],
  ];
  return h("section", { class: "card", id: "audit-entry" },
    h("div", { class: "row between" }, h("h2", {}, `${actionName(e.action)} · ${t("entry", { n: count(e.number) })}`), h("button", { class: "plain square", "aria-label": t("close"), title: t("close"), onClick: close }, icon("close"))),
    e.targets.length > 0 && h("ul", { class: "audit-targets" }, e.targets.map((id) => h("li", {}, h("span", {}, targetName(id)),
      isAsset(e.action, id) && h("button", { class: "plain", "data-show": id, title: t("showInCity"), "aria-label": `${t("showInCity")}: ${id}`, onClick: () => show(id) }, icon("fly")))), e.more ? h("li", { class: "second" }, t("moreTargets", { n: count(e.more) })) : null),
    h("dl", { class: "facts" }, facts.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]).flat()));
}
