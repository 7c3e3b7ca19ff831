// Tokens for programs: made, shown this once, listed by their beginning, revoked.
import { fetched, section } from "../admin/list";
import { people, type Token } from "../api/people";
import type { Me } from "../api/types";
import { t, type Key } from "../i18n";
import { time } from "../i18n/format";
import { h, toast } from "../ui/dom";
import { field, form, once, reasonOf } from "../ui/form";

export function tokens(me: Me): HTMLElement {
  const shown = h("div", {});
  const row = (k: Token) => h("li", { "data-token": k.id },
    h("div", { class: "grow" }, h("span", {}, k.name || t("unnamed"), " ", h("code", { class: "second" }, k.start && `${k.start}…`)),
      h("small", {}, [k.lastUsed ? t("lastUsed", { t: time(k.lastUsed) }) : t("neverUsed"), k.ends ? t("endsOn", { t: time(k.ends).slice(0, 10) }) : t("noEnd"), k.scopes.map((s) => t(`right.${s}` as Key)).join(" · ")].filter(Boolean).join(" · "))),
    h("button", { class: "outlined danger", onClick: () => void people.endToken(k.id).then(() => {
      toast(t("revoked"));
      return list.again();
    }).catch((e: unknown) => toast(t("failed", { reason: reasonOf(e) }), true)) }, t("revoke")));
  const list = fetched(people.tokens, ({ items }) => [items.length ? h("ul", { class: "rows" }, items.map(row)) : h("p", { class: "hint" }, t("noTokens"))]);
  const scopes = h("fieldset", { class: "scopes", "data-for": "scopes" }, h("legend", {}, `${t("tokenScopes")} (${t("allRights")})`), me.rights.map((r) => h("label", { class: "check" }, h("input", { type: "checkbox", name: "scope", value: r }), t(`right.${r}` as Key))), h("small", { class: "error", role: "alert", hidden: true }));
  const lives: [string, string][] = [7, 30, 90, 365].map((n) => [String(n), t("days", { n })]);
  if (me.role === "admin") lives.push(["0", t("endless")]);
  const f = form({
    id: "new-token", submit: "makeToken", parts: [field({ name: "name", label: "tokenName", max: 80 }), field({ name: "days", label: "tokenDays", options: lives, value: "90" }), scopes],
    async run(f) {
      const made = await people.makeToken({ name: f.value("name").trim(), days: Number(f.value("days")), scopes: [...scopes.querySelectorAll<HTMLInputElement>("input:checked")].map((i) => i.value) });
      shown.replaceChildren(once("token-once", t("tokenOnce"), made.token ?? "", () => shown.replaceChildren()));
      f.el.reset();
      await list.again();
    },
  });
  const el = section(t("myTokens"), h("p", { class: "hint" }, t("tokensHint")), shown, list.el, f.el);
  el.classList.add("wide");
  el.id = "tokens";
  return el;
}
