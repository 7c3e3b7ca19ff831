// The units that users belong to.
import { fetched } from "../admin/list";
import { people, unitKinds, type Unit } from "../api/people";
import { t, type Key } from "../i18n";
import { h, icon, toast } from "../ui/dom";
import { field, form, reasonOf } from "../ui/form";

const NEW = ""; // no unit's code
const draft: { open: string | null } = { open: null };

export function open(): HTMLElement {
  let items: Unit[] = [];
  const beside = h("div", { class: "beside" });
  const el = h("div", { class: "page beside", id: "units" });
  const show = (code: string | null) => {
    draft.open = code;
    void list.again();
  };
  const drawBeside = () => {
    const unit = items.find((u) => u.code === draft.open);
    el.classList.toggle("open", draft.open === NEW || unit !== undefined);
    beside.replaceChildren(...(draft.open === NEW || unit ? [card(unit ?? null, show)] : []));
  };
  const row = (u: Unit) => h("li", { class: u.code === draft.open ? "on" : "", "data-unit": u.code }, h("button", { class: "row-open", onClick: () => show(u.code) },
    h("span", { class: "grow" }, h("span", {}, u.name), h("small", {}, [u.code, t(`unit.${u.kind}` as Key), u.phone].filter(Boolean).join(" · "))),
    h("span", { class: "pill" }, t("unitUsers", { n: u.users }))));
  const list = fetched(people.units, (page) => {
    items = page.items;
    drawBeside();
    return [items.length ? h("ul", { class: "rows" }, items.map(row)) : h("p", { class: "hint" }, t("noUnits"))];
  });
  el.append(h("section", { class: "card" }, h("div", { class: "row between wrap" }, h("h2", {}, t("unitsPage")), h("button", { class: "filled", id: "add-unit", onClick: () => {
    draft.open = NEW;
    drawBeside();
    beside.querySelector("input")?.focus();
  } }, icon("plus"), t("addUnit"))), list.el), beside);
  return el;
}

function card(u: Unit | null, show: (code: string | null) => void): HTMLElement {
  const f = form({
    id: "unit-form", submit: u ? "save" : "add",
    parts: [u ? h("p", { class: "hint" }, `${t("unitCode")}: ${u.code}. ${t("codeStays")}`) : field({ name: "code", label: "unitCode", required: true, max: 40 }),
      field({ name: "name", label: "unitName", value: u?.name, required: true, max: 120 }),
      field({ name: "kind", label: "unitKind", value: u?.kind ?? "owner", options: unitKinds.map((k) => [k, t(`unit.${k}` as Key)]) }),
      field({ name: "phone", label: "phone", value: u?.phone, type: "tel", max: 60 })],
    others: u && u.users === 0 ? [h("button", { class: "outlined danger", type: "button", id: "remove-unit", onClick: () => void people.removeUnit(u.code).then(() => {
      toast(t("removed"));
      show(null);
    }).catch((e: unknown) => toast(t("failed", { reason: reasonOf(e) }), true)) }, t("removeUser"))] : [],
    async run(f) {
      const unit = { name: f.value("name").trim(), kind: f.value("kind"), phone: f.value("phone").trim() };
      if (u) await people.changeUnit(u.code, unit);
      else await people.addUnit({ code: f.value("code").trim(), ...unit });
      toast(t(u ? "saved" : "unitAdded"));
      show(u ? u.code : null);
    },
  });
  return h("section", { class: "card" }, h("div", { class: "row between" }, h("h2", {}, t(u ? "changeUnit" : "addUnit")), h("button", { class: "plain square", "aria-label": t("close"), title: t("close"), onClick: () => show(null) }, icon("close"))), f.el);
}
