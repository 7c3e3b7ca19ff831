// Forms: fields with the server's reason under the one it is about, and a button that waits.
import { Failure } from "../api/client";
import { t, type Key } from "../i18n";
import { h } from "./dom";

export interface Field { name: string; label: Key; value?: string; type?: string; hint?: string; required?: boolean; autocomplete?: string; options?: [string, string][]; max?: number }

type Control = HTMLInputElement | HTMLSelectElement;

export function field(f: Field): HTMLLabelElement {
  const control: Control = f.options
    ? h("select", { name: f.name }, f.options.map(([value, words]) => h("option", { value, selected: value === (f.value ?? "") }, words)))
    : h("input", { name: f.name, type: f.type ?? "text", value: f.value ?? "", required: f.required, autocomplete: f.autocomplete ?? "off", maxlength: f.max, spellcheck: "false", autocapitalize: "none" });
  return h("label", { class: "field", "data-for": f.name }, h("span", {}, t(f.label)), control, f.hint && h("small", { class: "hint" }, f.hint), h("small", { class: "error", role: "alert", hidden: true }));
}

export const reasonOf = (e: unknown): string => (e instanceof Error && e.message ? e.message : t("offline"));

export interface Form { el: HTMLFormElement; value(name: string): string; say(reason: string): void }

/** A form that hands over its values; what the server refuses stands under its field, and what is about none above the button. */
export function form(o: { id: string; parts: (HTMLElement | null)[]; submit: Key; run(f: Form): Promise<void>; others?: HTMLElement[] }): Form {
  const problem = h("p", { class: "error", role: "alert", hidden: true });
  const button = h("button", { class: "filled", type: "submit" }, t(o.submit));
  const el = h("form", { id: o.id, class: "stack people-form", novalidate: true }, o.parts, problem, h("div", { class: "row wrap" }, button, o.others ?? []));
  const control = (name: string) => el.elements.namedItem(name) as Control | null;
  const clear = () => {
    problem.hidden = true;
    for (const e of el.querySelectorAll<HTMLElement>(".field > .error")) e.hidden = true;
    for (const e of el.querySelectorAll("[aria-invalid]")) e.removeAttribute("aria-invalid");
  };
  const under = (name: string, reason: string) => {
    const note = el.querySelector<HTMLElement>(`[data-for="${CSS.escape(name)}"] > .error`);
    if (!note) return false;
    note.textContent = reason;
    note.hidden = false;
    control(name)?.setAttribute("aria-invalid", "true");
    return true;
  };
  const f: Form = {
    el,
    value: (name) => control(name)?.value ?? "",
    say(reason) {
      problem.textContent = reason;
      problem.hidden = false;
    },
  };
  el.addEventListener("submit", (e) => {
    e.preventDefault();
    if (button.disabled) return;
    clear();
    button.disabled = true;
    o.run(f).catch((err: unknown) => {
      const fields = (err instanceof Failure && err.problem?.errors) || [];
      const shown = fields.filter((x) => under((x.pointer ?? "").replace(/^\//, "").split("/")[0], x.detail ?? ""));
      if (shown.length === 0) f.say(reasonOf(err));
      el.querySelector<HTMLElement>("[aria-invalid]")?.focus();
    }).finally(() => { button.disabled = false; });
  });
  return f;
}

/** A secret that is shown this once, with a button to copy it. */
export function once(id: string, words: string, secret: string, done: () => void): HTMLElement {
  const box = h("input", { type: "text", readonly: true, value: secret, "aria-label": words, class: "secret", onFocus: (e: Event) => (e.target as HTMLInputElement).select() });
  const copy = h("button", { class: "filled", type: "button", onClick: () => {
    const copied = () => { copy.textContent = t("copiedIt"); };
    box.select();
    if (navigator.clipboard) void navigator.clipboard.writeText(secret).then(copied, () => undefined);
    else if (document.execCommand("copy")) copied();
  } }, t("copy"));
  return h("div", { class: "note once", id, role: "status" }, h("strong", {}, words), box, h("div", { class: "row" }, copy, h("button", { class: "outlined", type: "button", onClick: done }, t("done"))));
}
