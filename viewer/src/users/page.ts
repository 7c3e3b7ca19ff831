// The users of the installation: found by name or unit, added with an address that works once, changed beside the list.
import { fetched } from "../admin/list";
import type { Frame } from "../admin/frame";
import { people, type Unit, type User } from "../api/people";
import { t, type Key } from "../i18n";
import { time } from "../i18n/format";
import { h, icon } from "../ui/dom";
import { userCard, newUser } from "./card";

// what is looked for and who is open outlive a change of language
const draft: { q: string; open: string | null; link: { name: string; url: string; ends: string | null } | null } = { q: "", open: null, link: null };
export const NEW = "+"; // no user's name

const state = (u: User): [string, Key] => (u.disabled ? ["bad", "stateDisabled"] : u.hasPassword ? ["good", "stateActive"] : u.mustChange ? ["warn", "stateWaiting"] : ["", "stateToken"]);

export function open(frame: Frame): HTMLElement {
  let items: User[] = [];
  let next: string | undefined;
  let units: Unit[] = [];
  let wait = 0;
  const beside = h("div", { class: "beside" });
  const el = h("div", { class: "page beside", id: "users" });

  const drawBeside = () => {
    const user = items.find((u) => u.name === draft.open);
    el.classList.toggle("open", draft.open !== null && (draft.open === NEW || user !== undefined));
    const context = { frame, units, link: draft.link, setLink: (l: typeof draft.link) => { draft.link = l; }, show: (name: string | null) => { draft.open = name; void list.again(); }, refresh: () => list.again() };
    beside.replaceChildren(...(draft.open === NEW ? [newUser(context)] : user ? [userCard(user, context)] : []));
  };
  const row = (u: User) => {
    const [kind, words] = state(u);
    return h("li", { class: u.name === draft.open ? "on" : "", "data-user": u.name }, h("button", { class: "row-open", onClick: () => {
      draft.open = u.name;
      draft.link = null;
      void list.again();
    } },
    h("span", { class: "face", "aria-hidden": "true" }, [...(u.displayName || u.name)][0]?.toUpperCase() ?? ""),
    h("span", { class: "grow" }, h("span", {}, u.displayName || u.name), h("small", {}, [u.displayName && u.name, t(`role.${u.role}` as Key), u.unit, `${t("lastSignIn")} ${u.signedIn ? time(u.signedIn).slice(0, 16) : t("never")}`].filter(Boolean).join(" · "))),
    h("span", { class: `pill ${kind}` }, t(words))));
  };
  const list = fetched(async () => {
    const [page, all] = await Promise.all([people.users(draft.q), people.units()]);
    ({ items, next } = page);
    units = all.items;
  }, () => {
    drawBeside();
    return [items.length ? h("ul", { class: "rows" }, items.map(row)) : h("p", { class: "hint" }, t("noUsers")),
      next && h("button", { class: "outlined", onClick: () => void people.users(draft.q, next).then((page) => {
        items = [...items, ...page.items];
        next = page.next;
        list.el.querySelector(".rows")?.replaceChildren(...items.map(row));
        if (!next) list.el.querySelector(":scope > button")?.remove();
      }) }, t("usersMore"))];
  });
  const search = h("input", { type: "search", id: "find-users", value: draft.q, placeholder: t("findUsers"), "aria-label": t("findUsers"), onInput: (e: Event) => {
    draft.q = (e.target as HTMLInputElement).value.trim();
    clearTimeout(wait);
    wait = window.setTimeout(() => void list.again(), 200);
  } });
  el.append(h("section", { class: "card" }, h("h2", {}, t("usersPage")), h("div", { class: "toolbar" }, search, h("button", { class: "filled", id: "add-user", onClick: () => {
    draft.open = NEW;
    draft.link = null;
    drawBeside();
    beside.querySelector("input")?.focus();
  } }, icon("plus"), t("addUser"))), list.el), beside);
  return el;
}
