// Fields of the page: chips to choose from, lists to type into, the ladder of grades; each with what is wrong beside it.
import { grades, type Grade } from "../api/types";
import { t } from "../i18n";
import { h, icon } from "../ui/dom";
import { touched, type Book } from "./book";
import { toggled } from "./logic";
import { at } from "./places";
import { gradeName } from "./words";

export interface Choice { value: string; label: string; color?: string; title?: string }

/** What the server said of a field. */
export const wrong = (b: Book, pointer: string): HTMLElement | null => {
  const list = at(b.wrongs, pointer);
  return list.length ? h("p", { class: "error", role: "alert", "data-wrong": pointer }, list.join("; ")) : null;
};

/** The draft was changed in a field: what was said of it goes. */
function changed(b: Book, pointer: string): void {
  for (const e of document.querySelectorAll(`[data-wrong="${CSS.escape(pointer)}"]`)) e.remove();
  touched(b, pointer);
}

export const field = (b: Book, pointer: string, label: string, ...content: (HTMLElement | null | false)[]): HTMLElement =>
  h("div", { class: "rights-field", "data-pointer": pointer }, h("span", { class: "label" }, label), ...content, wrong(b, pointer));

/** A text; set writes it into the draft. */
export function text(b: Book, pointer: string, label: string, value: string, set: (v: string) => void): HTMLElement {
  return field(b, pointer, label, h("input", { type: "text", value, "data-field": pointer, "aria-label": label, maxlength: "300", onInput: (e: Event) => {
    set((e.target as HTMLInputElement).value);
    changed(b, pointer);
  } }));
}

/** Chips of which any number may be on. */
export function chips(b: Book, pointer: string, choices: Choice[], list: () => string[] | undefined, set: (v: string[] | undefined) => void): HTMLElement {
  return h("div", { class: "chips-row" }, choices.map((c) => h("label", { class: "choice", title: c.title ?? "" },
    h("input", { type: "checkbox", checked: (list() ?? []).includes(c.value), "data-field": `${pointer}/${c.value}`, onChange: (e: Event) => {
      set(toggled(list(), c.value, (e.target as HTMLInputElement).checked));
      changed(b, pointer);
    } }), c.color && swatch(c.color), h("span", {}, c.label))));
}

export function swatch(color: string): HTMLElement {
  const el = h("i", { class: "dot" });
  el.style.background = color;
  return el;
}

/** A list of names that are typed, with what is known as suggestions. */
export function names(b: Book, pointer: string, label: string, suggestions: string[], list: () => string[] | undefined, set: (v: string[] | undefined) => void): HTMLElement {
  const box = h("div", { class: "chips-row" });
  const hints = h("datalist", { id: `hint${pointer.replaceAll("/", "-")}` });
  const draw = (focus: boolean) => {
    const input = h("input", { type: "text", class: "add-name", "data-field": pointer, "aria-label": `${label}: ${t("addTo")}`, placeholder: t("typeAndEnter"), maxlength: "300", autocomplete: "off", onKeydown: (e: KeyboardEvent) => {
      if (e.key !== "Enter") return;
      e.preventDefault();
      add(true);
    }, onBlur: () => add(false) });
    input.setAttribute("list", hints.id);
    const add = (again: boolean) => {
      const v = input.value.trim();
      if (!v) return;
      input.value = "";
      set(toggled(list(), v, true));
      changed(b, pointer);
      draw(again);
    };
    hints.replaceChildren(...suggestions.filter((s) => !(list() ?? []).includes(s)).map((s) => h("option", { value: s })));
    box.replaceChildren(...(list() ?? []).map((v) => h("span", { class: "token" }, v, h("button", { class: "plain", type: "button", "aria-label": `${t("remove")}: ${v}`, onClick: () => {
      set(toggled(list(), v, false));
      changed(b, pointer);
      draw(true);
    } }, icon("close")))), input, hints);
    if (focus) input.focus();
  };
  draw(false);
  return box;
}

/** The grades as a ladder: all up to the chosen one are lit. */
export function ladder(b: Book, pointer: string, value: Grade, set: (g: Grade) => void): HTMLElement {
  const box = h("div", { class: "ladder", role: "radiogroup", "aria-label": t("secrecy") });
  const light = (to: Grade) => box.querySelectorAll("label").forEach((l, i) => l.classList.toggle("on", i <= grades.indexOf(to)));
  box.append(...grades.map((g) => h("label", { "data-grade": g }, h("input", { type: "radio", name: `grade${pointer}`, value: g, checked: g === value, "data-field": `${pointer}/${g}`, onChange: () => {
    set(g);
    light(g);
    changed(b, pointer);
  } }), h("span", {}, gradeName(g)))));
  light(value);
  return box;
}
