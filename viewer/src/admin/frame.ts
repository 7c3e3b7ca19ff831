// The frame of the pages about people and the installation: one's own account, users, units, and what others add. It lies over the city, which stays as it is.
//
// A page is added by one line in `pages`: its id, icon, name, the right it needs (none: everybody signed in), and its module, which is fetched when it is
// opened. `open` gets the frame and answers the page's element; `frame.redraw()` draws the page anew, as after a change of language. A page keeps its drafts
// in its own module, so that they outlive that. What it shows it fetches itself.
import "./admin.css";
import { api } from "../api/client";
import type { Me } from "../api/types";
import { language, setLanguage, t, type Key } from "../i18n";
import { h, icon } from "../ui/dom";
import { reasonOf } from "../ui/form";
import { store, type App } from "../ui/state";

export interface Frame {
  app: App;
  me: Me;
  /** what the rest of the page knows of the user follows */
  setMe(me: Me): void;
  redraw(): void;
  /** lets the city be seen and used for a while, as to draw on it, and comes back */
  away(on: boolean): void;
  close(): void;
}
export type OpenPage = (frame: Frame) => HTMLElement;

interface PageLine { id: string; icon: string; name: Key; right?: string; module: () => Promise<{ open: OpenPage }> }

const pages: PageLine[] = [
  { id: "me", icon: "person", name: "mine", module: () => import("../account/profile") },
  { id: "users", icon: "people", name: "usersPage", right: "users", module: () => import("../users/page") },
  { id: "units", icon: "unit", name: "unitsPage", right: "users", module: () => import("../units/page") },
  { id: "rights", icon: "shield", name: "rights", right: "policy", module: () => import("../policy/page") },
  { id: "audit", icon: "log", name: "auditPage", right: "audit", module: () => import("../audit/page") },
];

export interface FrameOptions { app: App; setMe(me: Me): void; languageChanged(): void; closed(): void }

/** Opens the frame over a page, which cannot be used meanwhile. */
export function openFrame(page: HTMLElement, o: FrameOptions, first = "me"): Frame {
  const before = document.activeElement;
  const nav = h("nav", { class: "admin-nav" });
  const body = h("div", { class: "admin-body", tabindex: "-1" });
  const head = h("header", { class: "admin-head" });
  const over = h("div", { class: "admin", role: "dialog", "aria-modal": "true" }, head, h("div", { class: "admin-main" }, nav, body));
  let current = first;
  let asked = 0;

  const frame: Frame = {
    app: o.app,
    me: o.app.me,
    setMe(me) {
      frame.me = me;
      o.setMe(me);
    },
    redraw: () => draw(),
    away(on) {
      over.hidden = on;
      page.inert = !on;
    },
    close() {
      document.removeEventListener("keydown", escape, true);
      over.remove();
      page.inert = false;
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
      o.closed();
    },
  };
  const draw = () => {
    over.setAttribute("aria-label", t("accountAndAdmin"));
    head.replaceChildren(h("h1", {}, t("accountAndAdmin")),
      h("div", { class: "row" },
        h("button", { class: "plain", id: "admin-language", lang: language() === "en" ? "zh-CN" : "en", title: t("languageHint"), onClick: () => {
          setLanguage(language() === "en" ? "zh-CN" : "en");
          store("undercity.language", language());
          o.languageChanged();
          draw();
        } }, t("language")),
        h("button", { class: "outlined", id: "admin-sign-out", onClick: () => void api.signOut().catch(() => undefined).finally(() => location.reload()) }, icon("out"), t("signOut")),
        h("button", { class: "plain square", id: "admin-close", "aria-label": t("close"), title: t("close"), onClick: frame.close }, icon("close"))));
    const open = pages.filter((p) => !p.right || frame.me.rights.includes(p.right));
    nav.setAttribute("aria-label", t("accountAndAdmin"));
    nav.replaceChildren(...open.map((p) => h("button", { class: p.id === current ? "on" : "", "aria-current": p.id === current ? "page" : undefined, "data-page": p.id, onClick: () => {
      current = p.id;
      draw();
      body.scrollTop = 0;
      body.focus({ preventScroll: true });
    } }, icon(p.icon), h("span", {}, t(p.name)))));
    const mine = ++asked;
    (open.find((p) => p.id === current) ?? open[0]).module().then((m) => {
      if (mine !== asked) return;
      const top = body.scrollTop;
      body.replaceChildren(m.open(frame));
      body.scrollTop = top;
    }, (e: unknown) => body.replaceChildren(h("p", { class: "error", role: "alert" }, t("failed", { reason: reasonOf(e) }))));
  };
  const escape = (e: KeyboardEvent) => {
    if (!over.isConnected || over.hidden || document.querySelector(".door-over")) return;
    if (e.key === "Escape") frame.close();
    else if (over.contains(e.target as Node) || e.target === document.body) e.stopPropagation(); // the keys of the scene rest
    else return;
    if (e.key === "Escape") e.stopPropagation();
  };
  document.addEventListener("keydown", escape, true);
  page.inert = true;
  document.body.append(over);
  draw();
  head.querySelector<HTMLElement>("#admin-close")?.focus();
  return frame;
}
