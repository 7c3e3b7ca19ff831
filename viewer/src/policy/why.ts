// Why may somebody do something with an asset, or why not: grant by grant, in words.
import { api } from "../api/client";
import { t } from "../i18n";
import { gradeBadge } from "../assets/grade";
import { h, icon } from "../ui/dom";
import { changes, reason, type Book } from "./book";
import { actionName, failingWords, fromWords, gradeName, grantSentence, listed, roleName, valueName, verdict } from "./words";

async function ask(b: Book): Promise<void> {
  const q = b.question;
  q.answer = null;
  q.error = "";
  if (!q.asset.trim()) q.error = t("askWants");
  else {
    try {
      q.answer = await api.why(q.user.trim(), q.action, q.asset.trim());
    } catch (e) {
      q.error = reason(e);
    }
  }
  b.draw();
}

function answer(b: Book): HTMLElement | null {
  const { answer: w, action } = b.question;
  const p = b.saved?.policy;
  if (!w || !p) return null;
  return h("section", { class: "stack", id: "why-answer", "data-allowed": String(w.allowed) },
    h("p", { class: w.allowed ? "verdict yes" : "verdict no", role: "status" }, icon(w.allowed ? "tick" : "cross"), verdict(w, action)),
    h("p", { class: "row wrap" }, gradeBadge(w.grade), t("gradeOf", { grade: gradeName(w.grade), from: fromWords(w) })),
    w.withheld.length > 0 && h("p", { class: "withheld-note" }, icon("lock"), t("hiddenValues", { list: listed(w.withheld.map(valueName)) })),
    h("ol", { class: "tried" }, w.grants.map((g) => {
      const grant = p.grants.find((x) => x.id === g.id);
      return h("li", { class: g.holds ? "yes" : "no", "data-grant": g.id }, icon(g.holds ? "tick" : "cross"), h("div", {}, h("strong", {}, g.id), " ", h("span", {}, g.holds ? t("holds") : failingWords(g, w, p.grants)),
        grant && h("p", { class: "hint" }, grantSentence(b.app.catalog, grant))));
    })));
}

export function whyTab(b: Book): HTMLElement {
  const q = b.question;
  const known = b.accounts.length > 0;
  const chosen = (value: string, text: string, now: string) => h("option", { value, selected: value === now }, text);
  const title = (a: Book["accounts"][number]) => `${a.displayName || a.name} (${[a.displayName ? a.name : "", roleName(a.role), a.unit].filter(Boolean).join(", ")})`;
  const user = known
    ? h("select", { id: "why-user", onChange: (e: Event) => { q.user = (e.target as HTMLSelectElement).value; } }, chosen("", t("askPublic"), q.user), b.accounts.map((a) => chosen(a.name, title(a), q.user)))
    : h("input", { type: "text", id: "why-user", value: q.user, placeholder: t("askPublic"), autocomplete: "off", onInput: (e: Event) => { q.user = (e.target as HTMLInputElement).value; } });
  const hints = h("datalist", { id: "why-found" });
  let timer = 0;
  const asset = h("input", { type: "text", id: "why-asset", value: q.asset, autocomplete: "off", spellcheck: "false", onInput: () => {
    q.asset = asset.value;
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (asset.value.trim()) void api.search(asset.value.trim(), new AbortController().signal).then((r) => hints.replaceChildren(...r.items.filter((f) => f.type === "asset").map((f) => h("option", { value: f.id }, f.detail))), () => undefined);
    }, 200);
  } });
  asset.setAttribute("list", "why-found");
  const selected = b.app.selectedId;
  return h("div", { class: "stack" },
    h("form", { class: "why-form", onSubmit: (e: Event) => {
      e.preventDefault();
      void ask(b);
    } },
    h("label", { class: "field" }, h("span", {}, t("askUser")), user),
    h("label", { class: "field" }, h("span", {}, t("askAction")), h("select", { id: "why-action", onChange: (e: Event) => { q.action = (e.target as HTMLSelectElement).value; } }, (b.saved?.actions ?? []).map((a) => chosen(a, actionName(a), q.action)))),
    h("label", { class: "field" }, h("span", {}, t("askAsset")), asset, hints),
    h("div", { class: "row" }, h("button", { class: "filled", type: "submit", id: "why-ask" }, t("ask")),
      selected !== null && h("button", { class: "outlined", type: "button", id: "why-selected", onClick: () => {
        q.asset = selected;
        void ask(b);
      } }, t("askSelected")))),
    changes(b).length > 0 && h("p", { class: "hint" }, t("savedRules")),
    q.error && h("p", { class: "error", role: "alert" }, q.error), answer(b));
}

/** Asks about an asset from elsewhere. */
export function askAbout(b: Book, id: string): void {
  b.tab = "why";
  b.question.asset = id;
  void ask(b);
}
