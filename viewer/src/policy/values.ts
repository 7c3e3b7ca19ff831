// Values of assets that are more secret than the asset they belong to.
import { t } from "../i18n";
import { h, icon } from "../ui/dom";
import { shifted, type Book } from "./book";
import { field, ladder } from "./widgets";
import { valueName } from "./words";

export function valuesTab(b: Book): HTMLElement {
  const fields = b.draft.fields;
  const graded = Object.keys(fields).sort();
  const rest = (b.saved?.values ?? []).filter((v) => !(v in fields));
  const add = (name: string) => {
    if (!name) return;
    fields[name] = "restricted";
    shifted(b, "values");
  };
  const attribute = h("input", { type: "text", id: "attribute-name", "aria-label": t("attributeName"), placeholder: t("attributeName"), maxlength: "200", onKeydown: (e: KeyboardEvent) => {
    if (e.key === "Enter" && attribute.value.trim()) add(`attributes.${attribute.value.trim()}`);
  } });
  return h("div", { class: "stack" }, h("p", { class: "hint" }, t("valuesLead")), graded.length === 0 && h("p", {}, t("noValues")),
    graded.map((name) => h("article", { class: "rights-card value-card" }, field(b, `/fields/${name}`, valueName(name), ladder(b, `/fields/${name}`, fields[name], (g) => { fields[name] = g; })),
      h("button", { class: "plain with-word", type: "button", onClick: () => {
        delete fields[name];
        shifted(b, "values");
      } }, icon("bin"), t("remove")))),
    h("div", { class: "chips-row" }, rest.map((v) => h("button", { class: "outlined", type: "button", "data-value": v, onClick: () => add(v) }, icon("plus"), valueName(v)))),
    h("div", { class: "row" }, attribute, h("button", { class: "outlined", type: "button", onClick: () => attribute.value.trim() && add(`attributes.${attribute.value.trim()}`) }, icon("plus"), t("add"))));
}
