// The door: one field for the token, or none at all when the printed address was opened.
import { api, Failure } from "../api/client";
import type { Me } from "../api/types";
import { signInToken } from "../link/hash";
import { language, setLanguage, t, type Key } from "../i18n";
import { h } from "./dom";
import { store } from "./state";

/** Who is here: by the address's token, by the session's cookie, or by asking. */
export async function enter(root: HTMLElement): Promise<Me> {
  const token = signInToken(location.hash);
  let refused = "";
  if (token) {
    history.replaceState(null, "", location.pathname + location.search);
    try {
      return await api.signIn(token);
    } catch (e) {
      refused = e instanceof Error ? e.message : "";
    }
  }
  if (!refused) {
    try {
      return await api.me();
    } catch (e) {
      if (!(e instanceof Failure) || e.status !== 401) refused = e instanceof Error ? e.message || t("offline") : t("offline");
    }
  }
  return ask(root, "signInHint", refused);
}

/** Asks again over a page whose session has ended; the page stays as it is behind the door. */
export async function enterAgain(page: HTMLElement): Promise<Me> {
  const before = document.activeElement;
  const over = h("div", { class: "door-over", role: "dialog", "aria-modal": "true", "aria-label": t("signIn") });
  page.inert = true;
  document.body.append(over);
  const me = await ask(over, "sessionEnded", "");
  over.remove();
  page.inert = false;
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return me;
}

function ask(root: HTMLElement, hint: Key, refused: string): Promise<Me> {
  return new Promise((resolve) => {
    let problem = refused;
    const draw = () => {
      const input = h("input", { type: "password", id: "token", name: "token", autocomplete: "current-password", required: true });
      const submit = async (e: Event) => {
        e.preventDefault();
        try {
          resolve(await api.signIn(input.value.trim()));
        } catch (err) {
          problem = err instanceof Error && err.message ? err.message : t("offline");
          draw();
        }
      };
      root.replaceChildren(h("main", { class: "door" }, h("form", { onSubmit: (e: Event) => void submit(e) },
        h("img", { src: "./icon.svg", alt: "", width: 44, height: 44 }), h("h1", {}, t("title"), language() !== "en" && h("small", {}, "Undercity")),
        h("p", { class: "hint" }, t(hint)), h("label", { class: "field" }, h("span", {}, t("token")), input),
        problem && h("p", { class: "error", role: "alert" }, t("signInFailed", { reason: problem })),
        h("button", { class: "filled", type: "submit" }, t("signIn")),
        h("button", { class: "plain", type: "button", title: t("languageHint"), onClick: () => {
          setLanguage(language() === "en" ? "zh-CN" : "en");
          store("undercity.language", language());
          draw();
        } }, t("language")))));
      input.focus();
    };
    draw();
  });
}
