// A new password, twice, with its rule and its length as one types. The same form stands at the first sign-in and in the profile.
import { people } from "../api/people";
import type { Me } from "../api/types";
import { t } from "../i18n";
import { h } from "../ui/dom";
import { field, form } from "../ui/form";

export const LEAST = 12;

/** Characters as the server counts them. */
export const lengthOf = (password: string): number => [...password.normalize("NFC")].length;

export function passwordForm(me: { name: string; hasPassword: boolean }, done: (me: Me) => void): HTMLFormElement {
  const rule = h("p", { class: "hint" }, t("passwordRule"));
  const meter = h("p", { class: "hint length", role: "status" });
  const bar = h("i");
  const f = form({
    id: "set-password", submit: "setPassword",
    parts: [
      // whose password it is, for those who keep passwords
      h("input", { class: "unseen", name: "username", type: "text", value: me.name, autocomplete: "username", tabindex: "-1", "aria-hidden": "true", readonly: true }),
      me.hasPassword ? field({ name: "oldPassword", label: "oldPassword", type: "password", required: true, autocomplete: "current-password" }) : null,
      field({ name: "password", label: "newPassword", type: "password", required: true, autocomplete: "new-password" }),
      h("div", { class: "meter" }, bar), meter, rule,
      field({ name: "again", label: "newPasswordAgain", type: "password", required: true, autocomplete: "new-password" }),
    ],
    async run(form) {
      if (form.value("password") !== form.value("again")) return form.say(t("notTheSame"));
      done(await people.changeMe({ password: form.value("password"), ...(me.hasPassword ? { oldPassword: form.value("oldPassword") } : {}) }));
    },
  });
  const show = () => {
    const n = lengthOf(f.value("password"));
    meter.textContent = n === 0 ? "\u00a0" : n < LEAST ? t("charactersSoFar", { n }) : t("enough", { n });
    bar.style.width = `${Math.min(100, (n / LEAST) * 100)}%`;
    bar.classList.toggle("good", n >= LEAST);
  };
  f.el.addEventListener("input", show);
  show();
  return f.el;
}
