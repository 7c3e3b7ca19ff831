// The scene as a table: what the view shows, nearest first, for those who do not or cannot use the picture. It follows the view,
// and a row marks its asset in the scene; a second press opens what is known of it.
import { api } from "../api/client";
import type { Asset } from "../api/types";
import { named, t } from "../i18n";
import { metres, roundMetres } from "../i18n/format";
import { withheldNote } from "./withheld";
import { layerOf } from "../layers/tree";
import type { DepthRange, View } from "../scene/view";
import { h } from "../ui/dom";
import type { App } from "../ui/state";

export interface Placed { a: Asset; away: number; bearing: number; depth: number | null }

const MOST = 100;
const ASKED = 500;
const STILL_MS = 450; // the view must stand so long before the table asks anew

const vertices = (a: Asset): (number | null)[][] => {
  const c = a.geometry?.coordinates;
  if (!Array.isArray(c) || !c.length) return [];
  if (!Array.isArray(c[0])) return [c as (number | null)[]];
  return Array.isArray((c[0] as unknown[])[0]) ? (c as (number | null)[][][]).flat() : (c as (number | null)[][]);
};

/** Least depth of the axis below the ground, m; null where either is unknown. */
export function depthOf(a: Asset): number | null {
  const ground = Array.isArray(a.ground) ? a.ground : [a.ground ?? null];
  const known = vertices(a).map((p, i) => [ground[Math.min(i, ground.length - 1)], p[2]]).filter((p): p is [number, number] => typeof p[0] === "number" && typeof p[1] === "number");
  return known.length ? Math.min(...known.map(([g, z]) => g - z)) : null;
}

/** Distance over ground, m, bearing in degrees clockwise from north, and depth of what lies nearest of the asset. */
export function placed(v: Pick<View, "lon" | "lat">, a: Asset): Placed | null {
  let best: [number, number] | null = null;
  for (const p of vertices(a)) {
    if (typeof p[0] !== "number" || typeof p[1] !== "number") continue;
    const at: [number, number] = [(p[0] - v.lon) * 111_320 * Math.cos((v.lat * Math.PI) / 180), (p[1] - v.lat) * 110_900];
    if (!best || Math.hypot(...at) < Math.hypot(...best)) best = at;
  }
  return best && { a, away: Math.hypot(...best), bearing: ((Math.atan2(best[0], best[1]) * 180) / Math.PI + 360) % 360, depth: depthOf(a) };
}

/** What is not hidden by depth; what has no known depth stays in the list. */
export const withinDepth = (p: Placed, r: DepthRange): boolean => p.depth === null || ((r.from <= 0 || p.depth >= r.from) && (r.to === null || p.depth <= r.to));

let stop = (): void => undefined;

export function objectsPanel(app: App): HTMLElement {
  stop();
  const hint = h("p", { class: "hint" }, t("objectsHint"));
  const body = h("div", {}, h("p", { class: "hint" }, t("loading")));
  const box = h("div", { class: "stack", id: "objects-panel" }, hint, body);
  let asked = 0;
  let timer = 0;
  const row = ({ a, away, bearing, depth }: Placed): HTMLElement => {
    const n = layerOf(app.catalog.networks, a.network);
    const assumed = (a.assumed ?? []).some((k) => k.startsWith("geometry") || k.startsWith("ground"));
    const press = () => {
      if (app.selectedId === a.id) return app.open(null, true);
      void app.select(a.id, false, true);
    };
    return h("tr", { "data-id": a.id }, h("td", {}, h("button", { class: "link", title: n ? named(n) : a.network, onClick: press },
      h("span", { class: "swatch", style: `--c:${n ? (app.theme === "dark" ? n.colorDark : n.colorLight) : "var(--border)"}` }), a.id)),
      h("td", { class: "num" }, roundMetres(away)), h("td", { class: "num" }, `${Math.round(bearing) % 360}°`),
      h("td", { class: "num", title: depth === null ? t("unknownDepth") : "" }, depth === null ? "—" : `${assumed ? "▨ " : ""}${metres(depth)}`));
  };
  const mark = () => {
    for (const r of body.querySelectorAll<HTMLElement>("tr[data-id]")) {
      r.classList.toggle("on", r.dataset.id === app.selectedId);
      if (r.dataset.id === app.selectedId) r.setAttribute("aria-current", "true");
      else r.removeAttribute("aria-current");
    }
  };
  const ask = async (): Promise<void> => {
    const mine = ++asked;
    const area = app.city?.bboxInView();
    const v = app.view;
    try {
      const answer = area ? await api.assetsIn(area, ASKED) : { items: [] };
      const { items } = answer;
      if (mine !== asked) return;
      const depths = app.city?.depths() ?? { from: 0, to: null };
      const list = (v ? items.map((a) => placed(v, a)) : []).filter((x) => x !== null)
        .filter((x) => (app.city?.visible(x.a.network) ?? true) && withinDepth(x, depths)).sort((a, b) => a.away - b.away).slice(0, MOST);
      const focused = body.contains(document.activeElement) ? document.activeElement?.closest<HTMLElement>("tr")?.dataset.id : null;
      const more = withheldNote(answer.withheld);
      if (!list.length) return body.replaceChildren(h("p", { class: "hint" }, t("objectsNone")), more ?? "");
      body.replaceChildren(more ?? "", h("table", { class: "objects" },
        h("thead", {}, h("tr", {}, h("th", {}, t("id")), h("th", { class: "num" }, t("distance")), h("th", { class: "num" }, t("bearing")), h("th", { class: "num" }, t("depth")))),
        h("tbody", {}, list.map(row))));
      mark();
      if (focused) body.querySelector<HTMLElement>(`tr[data-id="${CSS.escape(focused)}"] button`)?.focus({ preventScroll: true });
    } catch (e) {
      if (mine === asked) body.replaceChildren(h("p", { class: "error" }, t("failed", { reason: e instanceof Error && e.message ? e.message : t("offline") })));
    }
  };
  body.addEventListener("keydown", (e) => {
    if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
    e.preventDefault();
    const all = [...body.querySelectorAll<HTMLElement>("tr button")];
    const i = all.indexOf(document.activeElement as HTMLElement);
    all[Math.max(0, Math.min(all.length - 1, i + (e.key === "ArrowDown" ? 1 : -1)))]?.focus();
  });
  const viewed = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), STILL_MS);
  };
  app.followers.add(viewed);
  app.followers.add(mark);
  stop = () => {
    clearTimeout(timer);
    asked++;
    app.followers.delete(viewed);
    app.followers.delete(mark);
  };
  void ask();
  return box;
}

/** The table is closed: it no longer follows the view. */
export const closeObjects = (): void => stop();
