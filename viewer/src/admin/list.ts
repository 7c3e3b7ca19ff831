// What the pages share: a section with its name, and something that is fetched before it is shown.
import { t } from "../i18n";
import { h } from "../ui/dom";
import { reasonOf } from "../ui/form";

type Child = Node | string | null | false | undefined;

export const section = (title: string, ...children: (Child | Child[])[]): HTMLElement => h("section", { class: "card" }, h("h2", {}, title), children.flat());

/** An element that holds what is fetched, once it is there; again() fetches it anew, and leaves the old one until then. */
export function fetched<T>(get: () => Promise<T>, show: (value: T) => (Child | Child[])[]): { el: HTMLElement; again(): Promise<void> } {
  const el = h("div", { class: "stack" }, h("p", { class: "second" }, t("loading")));
  let asked = 0;
  const again = async () => {
    const mine = ++asked;
    try {
      const value = await get();
      if (mine === asked) el.replaceChildren(...show(value).flat().filter((c): c is Node | string => Boolean(c)));
    } catch (e) {
      if (mine === asked) el.replaceChildren(h("p", { class: "error", role: "alert" }, t("failed", { reason: reasonOf(e) })), h("button", { class: "outlined", onClick: () => void again() }, t("retry")));
    }
  };
  void again();
  return { el, again };
}
