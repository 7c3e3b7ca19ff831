// The scene as a table: what the view shows, nearest first, for those who do not or cannot use the picture.
import { api } from "../api/client";
import type { Asset } from "../api/types";
import { named, t } from "../i18n";
import { metres, roundMetres, span } from "../i18n/format";
import { h } from "../ui/dom";
import type { App } from "../ui/state";

function placed(app: App, a: Asset): { a: Asset; away: number; bearing: number } | null {
  const v = app.view;
  const c = a.geometry?.coordinates as unknown;
  if (!v || !Array.isArray(c)) return null;
  const p = (typeof c[0] === "number" ? c : (c as number[][])[Math.floor(c.length / 2)]) as number[];
  const x = (p[0] - v.lon) * 111_320 * Math.cos((v.lat * Math.PI) / 180);
  const y = (p[1] - v.lat) * 110_900;
  return { a, away: Math.hypot(x, y), bearing: (Math.atan2(x, y) * 180) / Math.PI };
}

export function objectsPanel(app: App): HTMLElement {
  const box = h("div", { class: "stack" }, h("p", { class: "hint" }, t("objectsHint")), h("p", { class: "hint" }, t("loading")));
  const area = app.city?.bboxInView();
  const sides = [t("northLetter"), t("east"), t("south"), t("west")];
  const none = () => box.replaceChildren(h("p", { class: "hint" }, t("objectsNone")));
  if (!area) {
    none();
    return box;
  }
  api.assetsIn(area, 500).then(({ items }) => {
    const list = items.map((a) => placed(app, a)).filter((x) => x !== null).filter((x) => app.city?.visible(x.a.network) ?? true).sort((a, b) => a.away - b.away).slice(0, 100);
    if (!list.length) return none();
    box.replaceChildren(h("p", { class: "hint" }, t("objectsHint")), h("table", { class: "objects" },
      h("thead", {}, h("tr", {}, h("th", {}, t("id")), h("th", { class: "num" }, t("distance")), h("th", { class: "num" }, t("cover")))),
      h("tbody", {}, list.map(({ a, away, bearing }) => {
        const n = app.catalog.networks.find((x) => x.code === a.network);
        const cover = span(a.cover);
        return h("tr", { class: a.id === app.selectedId ? "on" : "" }, h("td", {}, h("button", { class: "link", title: n ? named(n) : a.network, onClick: () => void app.select(a.id) },
          h("span", { class: "swatch", style: `--c:${n ? (app.theme === "dark" ? n.colorDark : n.colorLight) : "#999"}` }), a.id)),
          h("td", { class: "num" }, `${roundMetres(away)} ${sides[Math.round((bearing + 360) / 90) % 4]}`), h("td", { class: "num" }, cover ? metres(cover[0]) : "—"));
      }))));
  }).catch((e: Error) => box.replaceChildren(h("p", { class: "error" }, t("failed", { reason: e.message || t("offline") }))));
  return box;
}
