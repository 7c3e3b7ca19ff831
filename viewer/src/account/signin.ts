// The door: name and password, or a token; nothing at all when a sign-in address was opened. Whoever has no password of their own yet sets one here first.
import "./door.css";
import { api, Failure, LOCKED } from "../api/client";
import type { Me } from "../api/types";
import { language, setLanguage, t, type Key } from "../i18n";
import { signInToken } from "../link/hash";
import { h, icon } from "../ui/dom";
import { field, reasonOf } from "../ui/form";
import { store } from "../ui/state";
import { passwordForm } from "./password";
import { waitWords } from "./wait";

/** Who is here: by the address's token, by the session's cookie, or by asking. */
export async function enter(root: HTMLElement): Promise<Me> {
  const token = signInToken(location.hash);
  let refused = "";
  if (token) {
    history.replaceState(null, "", location.pathname + location.search);
    try {
      return await settle(root, await api.signIn({ token }));
    } catch (e) {
      refused = t("refusedSignIn", { reason: reasonOf(e) });
    }
  }
  try {
    return await settle(root, await api.me());
  } catch (e) {
    if (!refused && (!(e instanceof Failure) || e.status !== 401)) refused = reasonOf(e);
  }
  return settle(root, await ask(root, null, refused));
}

/** Asks again over a page whose session has ended; the page stays as it is behind the door. */
export async function enterAgain(page: HTMLElement): Promise<Me> {
  const before = document.activeElement;
  const over = h("div", { class: "door-over", role: "dialog", "aria-modal": "true", "aria-label": t("signIn") });
  page.inert = true;
  document.body.append(over);
  // the session may still be there, and wait for a password
  const me = await settle(over, await api.me().catch(() => ask(over, "sessionEnded2", "")));
  over.remove();
  page.inert = false;
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return me;
}

/** Draws the page around what is asked, anew in the other language when that is chosen. */
function doorway(root: HTMLElement, body: () => HTMLElement): () => void {
  const draw = () => {
    root.replaceChildren(h("main", { class: "door" },
      h("div", { class: "door-picture", "aria-hidden": "true" }),
      h("section", { class: "door-side" },
        h("header", { class: "door-head" }, h("img", { src: "./icon.svg", alt: "", width: 44, height: 44 }), h("div", {}, h("h1", {}, t("title"), language() !== "en" && h("small", {}, "Undercity")), h("p", { class: "second" }, t("signInLead")))),
        body(),
        h("button", { class: "plain door-language", type: "button", lang: language() === "en" ? "zh-CN" : "en", title: t("languageHint"), onClick: () => {
          setLanguage(language() === "en" ? "zh-CN" : "en");
          store("undercity.language", language());
          draw();
        } }, t("language")))));
    root.querySelector<HTMLInputElement>("input:not(.unseen):placeholder-shown, input:not(.unseen)")?.focus();
  };
  draw();
  return draw;
}

function settle(root: HTMLElement, me: Me): Promise<Me> | Me {
  if (!me.mustChange) return me;
  return new Promise((resolve) => {
    doorway(root, () => h("div", { class: "door-body" }, h("h2", {}, t("setPasswordTitle")), h("p", { class: "second" }, t("setPasswordLead", { name: me.displayName || me.name })), passwordForm(me, resolve),
      h("button", { class: "plain", type: "button", onClick: () => void api.signOut().catch(() => undefined).finally(() => location.reload()) }, t("signOut"))));
  });
}

function ask(root: HTMLElement, hint: Key | null, refused: string): Promise<Me> {
  return new Promise((resolve) => {
    let byToken = false;
    let problem = refused;
    let name = "";
    let until = 0; // ms, when the next password may be tried
    let ticking = 0;
    const draw = doorway(root, () => {
      clearInterval(ticking);
      const error = h("p", { class: "error", role: "alert" }, problem);
      const button = h("button", { class: "filled", type: "submit", id: "sign-in" }, t("signIn"));
      const tick = () => {
        const left = until - Date.now();
        button.disabled = left > 0 && !byToken;
        if (left > 0 && !byToken) error.textContent = t("lockedFor", { t: waitWords(left / 1000) });
        else if (until) {
          until = 0;
          clearInterval(ticking);
          error.textContent = "";
        }
      };
      if (until) {
        ticking = window.setInterval(tick, 500);
        tick();
      }
      const el = h("form", { id: "door-form", class: "stack", onSubmit: (e: Event) => void submit(e) },
        byToken ? field({ name: "token", label: "token", type: "password", required: true, autocomplete: "off", hint: t("tokenHint") })
          : [field({ name: "name", label: "userName", value: name, required: true, autocomplete: "username" }), passwordField()],
        error, button);
      const value = (n: string) => (el.elements.namedItem(n) as HTMLInputElement).value;
      const submit = async (e: Event) => {
        e.preventDefault();
        if (button.disabled) return;
        button.disabled = true;
        name = byToken ? name : value("name").trim();
        try {
          resolve(await api.signIn(byToken ? { token: tokenOf(value("token")) } : { name, password: value("password") }));
          clearInterval(ticking);
        } catch (err) {
          const locked = err instanceof Failure && err.problem?.type === LOCKED;
          if (locked) until = Date.now() + err.wait * 1000;
          problem = locked ? "" : t("refusedSignIn", { reason: reasonOf(err) });
          draw();
          if (!byToken && name) root.querySelector<HTMLInputElement>("[name=password]")?.focus();
        }
      };
      return h("div", { class: "door-body" }, hint && h("p", { class: "note" }, t(hint)), el, !byToken && h("p", { class: "hint" }, t("passwordHint")),
        h("button", { class: "link", type: "button", id: "door-other", onClick: () => {
          byToken = !byToken;
          problem = "";
          draw();
        } }, t(byToken ? "byPassword" : "byToken")));
    });
  });
}

/** The token of what was pasted: it alone, or a whole sign-in address. */
export const tokenOf = (pasted: string): string => signInToken(pasted.includes("#") ? pasted.slice(pasted.indexOf("#")).trim() : "") ?? pasted.trim();

function passwordField(): HTMLElement {
  const label = field({ name: "password", label: "password", type: "password", required: true, autocomplete: "current-password" });
  const input = label.querySelector("input") as HTMLInputElement;
  const eye = h("button", { class: "plain square eye", type: "button", "aria-label": t("showPassword"), title: t("showPassword"), "aria-pressed": "false", onClick: () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    eye.setAttribute("aria-pressed", String(shown));
  } }, icon("eye"));
  return h("div", { class: "with-eye" }, label, eye);
}
