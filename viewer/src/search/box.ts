// One box for ids, roads, places and networks; arrows and Enter choose, and the camera flies there.
import { api } from "../api/client";
import type { Found } from "../api/types";
import { language, t } from "../i18n";
import { layerOf } from "../layers/tree";
import { h, icon } from "../ui/dom";
import type { App } from "../ui/state";

export function searchBox(app: App): HTMLElement {
  let timer = 0;
  let asked: AbortController | null = null;
  let items: Found[] = [];
  let at = 0;
  const list = h("ul", { class: "found", role: "listbox", id: "found", hidden: true });
  const input = h("input", { type: "search", id: "search", placeholder: t("search"), "aria-label": t("search"), autocomplete: "off", spellcheck: "false", role: "combobox", "aria-expanded": "false", "aria-controls": "found" });
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  };
  const go = (f: Found) => {
    close();
    input.value = language() === "en" ? f.labelEn || f.label : f.label;
    input.blur();
    if (f.type === "asset") return void app.select(f.id, true);
    if (f.bbox && (f.bbox[2] > f.bbox[0] || f.bbox[3] > f.bbox[1])) app.city?.flyToBox(f.bbox);
    else app.city?.flyToPosition(f.lon, f.lat, f.height, 80);
  };
  const show = (q: string) => {
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    list.replaceChildren(...(items.length ? items.map((f, i) => {
      const n = layerOf(app.catalog.networks, f.network);
      return h("li", { role: "option", "aria-selected": String(i === at), class: i === at ? "on" : "", onPointerdown: (e: Event) => { e.preventDefault(); go(f); } },
        h("span", { class: "swatch", style: `--c:${n ? (app.theme === "dark" ? n.colorDark : n.colorLight) : "var(--border)"}` }),
        h("span", { class: "grow" }, language() === "en" ? f.labelEn || f.label : f.label), h("span", { class: "second" }, f.detail));
    }) : [h("li", { class: "none" }, t("searchNone", { q }))]));
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    asked?.abort();
    const q = input.value.trim();
    if (!q) return close();
    timer = window.setTimeout(() => {
      asked = new AbortController();
      api.search(q, asked.signal).then((r) => {
        items = r.items ?? [];
        at = 0;
        if (document.activeElement === input) show(q);
      }).catch((e: unknown) => {
        if ((e instanceof DOMException && e.name === "AbortError") || asked?.signal.aborted || document.activeElement !== input) return;
        items = [];
        list.hidden = false;
        list.replaceChildren(h("li", { class: "none", role: "alert" }, t("failed", { reason: e instanceof Error && e.message ? e.message : t("offline") })));
      });
    }, 120);
  });
  input.addEventListener("keydown", (e) => {
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      at = (at + (e.key === "ArrowDown" ? 1 : -1) + items.length) % Math.max(1, items.length);
      show(input.value.trim());
    } else if (e.key === "Enter" && items[at]) go(items[at]);
    else if (e.key === "Escape") {
      close();
      input.blur();
    }
    e.stopPropagation();
  });
  input.addEventListener("blur", () => setTimeout(close, 100));
  return h("div", { class: "search" }, icon("search"), input, h("kbd", {}, "/"), list);
}
