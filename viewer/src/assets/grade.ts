// How secret an asset is: by a mark of its own or by the policy, and the control to set it for who may change it.
import { api, Failure } from "../api/client";
import { grades, type Asset, type Grade } from "../api/types";
import { t } from "../i18n";
import { h, icon, toast } from "../ui/dom";
import type { App } from "../ui/state";

export const gradeWord = (g: Grade): string => t(`grade.${g}`);
export const gradeBadge = (g: Grade): HTMLElement => h("span", { class: "grade", "data-grade": g }, icon(g === "public" ? "shield" : "lock"), gradeWord(g));

/** Sets the grade in the version that was read; when another was stored meanwhile that is read, and nothing is changed. */
async function setGrade(app: App, a: Asset, to: Grade | ""): Promise<void> {
  try {
    await api.change({ ...a, secrecy: to as Grade }, t("gradeNote", { grade: to ? gradeWord(to) : t("byPolicy") }));
    toast(t("gradeSet", { id: a.id }));
  } catch (e) {
    const moved = e instanceof Failure && e.status === 409;
    toast(moved ? t("gradeMoved", { id: a.id }) : t("failed", { reason: e instanceof Error && e.message ? e.message : t("offline") }), !moved);
  }
  if (app.selectedId === a.id) await app.select(a.id, false, true);
}

export function gradeCell(app: App, a: Asset): HTMLElement {
  const own = a.secrecy ?? null;
  const badge = a.grade && h("span", { class: "grade-line" }, gradeBadge(a.grade), h("span", { class: "second" }, t(own ? "ownGrade" : "byPolicy")));
  if (!app.me.rights.includes("change")) return h("div", { id: "asset-grade" }, badge);
  const select = h("select", { id: "set-grade", "aria-label": t("setGrade"), onChange: () => {
    select.disabled = true;
    void setGrade(app, a, select.value as Grade | "");
  } }, h("option", { value: "", selected: own === null }, own === null && a.grade ? `${t("byPolicy")} (${gradeWord(a.grade)})` : t("byPolicy")),
  grades.map((g) => h("option", { value: g, selected: own === g }, gradeWord(g))));
  return h("div", { class: "stack tight", id: "asset-grade" }, badge, select);
}
