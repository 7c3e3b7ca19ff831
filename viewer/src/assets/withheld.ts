// What is there and not for the eyes of who looks: said in words beside a lock, and never as if it were unknown.
import { t } from "../i18n";
import { count } from "../i18n/format";
import { h, icon } from "../ui/dom";

/** In the place of a value that is withheld. */
export const lock = (): HTMLElement => h("span", { class: "lock" }, icon("lock"), t("withheldValue"));

/** How many more there are; null where nothing is withheld. */
export function withheldNote(n: number | undefined): HTMLElement | null {
  return n ? h("p", { class: "withheld-note" }, icon("lock"), t("withheldMore", { n: count(n) })) : null;
}

/** Which part of the city is withheld, in percent that is never rounded to nothing or to all; null where nothing is. */
export function withheldShare(withheld: number | undefined, shown: number): string | null {
  if (!withheld) return null;
  const part = (100 * withheld) / (withheld + shown);
  return part < 1 ? "< 1" : part > 99 && shown > 0 ? "> 99" : String(Math.round(part));
}
