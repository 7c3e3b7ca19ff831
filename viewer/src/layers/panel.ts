// The layer tree: every network with its standard colour, its two-letter code, its count, and whether it is shown.
import { colourPanel } from "../colour/panel";
import { named, t } from "../i18n";
import { count } from "../i18n/format";
import type { Key } from "../i18n";
import { h, icon } from "../ui/dom";
import type { App } from "../ui/state";
import { depthFields } from "./depth";
import { styleField } from "../symbols/panel";
import { envelopeField } from "../uncertainty/panel";
import { holdToIsolate } from "./hold";
import { withheldNote } from "../assets/withheld";
import { tree } from "./tree";

export function layersPanel(app: App): HTMLElement {
  const city = app.city;
  const rows = tree(app.catalog.networks);
  const shown = (code: string) => city?.visible(code) ?? true;
  const family = (code: string) => rows.filter((r) => r.network.code === code || r.network.parent === code).map((r) => r.network.code);
  const set = (test: (code: string) => boolean) => {
    for (const r of rows) city?.setVisible(r.network.code, test(r.network.code));
    app.redraw();
  };
  const total = rows.reduce((sum, r) => sum + r.network.count, 0);
  const list = rows.filter((r) => total === 0 || r.network.count > 0 || rows.some((x) => x.network.parent === r.network.code && x.network.count > 0));
  const full = (code: string) => family(code).reduce((sum, c) => sum + (rows.find((r) => r.network.code === c)?.network.count ?? 0), 0);
  return h("div", { class: "stack" },
    h("div", { class: "row between" },
      h("h3", {}, t("networks")),
      h("div", { class: "row" },
        h("button", { class: "plain", onClick: () => set(() => true) }, t("all")),
        h("button", { class: "plain", onClick: () => set(() => false) }, t("none")))),
    total === 0 && h("div", { class: "note" }, h("strong", {}, t("empty")), h("p", {}, t("emptyHint")),
      h("button", { class: "filled", onClick: () => app.open("import") }, t("import"))),
    withheldNote(app.catalog.withheld),
    h("ul", { class: "tree" }, list.map(({ network: n, depth }) =>
      h("li", { style: `padding-left:${depth * 20}px` },
        holdToIsolate(app, (c) => family(n.code).includes(c), h("label", { class: "layer", title: t("holdHint") },
          h("input", { type: "checkbox", checked: shown(n.code), onChange: (e: Event) => {
            for (const c of family(n.code)) city?.setVisible(c, (e.target as HTMLInputElement).checked);
            app.redraw();
          } }),
          h("span", { class: "swatch", style: `--c:${app.theme === "dark" ? n.colorDark : n.colorLight}` }),
          h("span", { class: "code" }, n.code),
          h("span", { class: "grow" }, named(n)),
          !!n.withheld && h("span", { class: "some-withheld", title: t("withheldMore", { n: count(n.withheld) }) }, icon("lock")),
          h("span", { class: "count" }, count(depth === 0 ? full(n.code) : n.count)))),
        h("button", { class: "plain only", title: t("isolate"), "aria-label": `${t("isolate")}: ${named(n)}`, onClick: () => set((c) => family(n.code).includes(c) || c === n.parent) }, t("isolate"))))),
    total > 0 && [h("h3", {}, t("colourBy")), colourPanel(app), h("h3", {}, t("style")), styleField(app), envelopeField(app)],
    h("h3", {}, t("depthSeen")),
    depthFields(app),
    h("h3", {}, t("ground")),
    h("label", { class: "field" }, h("span", { class: "row between" }, h("span", {}, t("groundOpacity")), h("output", { id: "alpha-out" }, `${Math.round((city?.groundAlpha() ?? 0) * 100)} %`)),
      h("input", { type: "range", id: "ground-alpha", min: "0", max: "100", step: "1", value: String(Math.round((city?.groundAlpha() ?? 0) * 100)), "aria-label": t("groundOpacity"), onInput: (e: Event) => {
        const v = Number((e.target as HTMLInputElement).value);
        city?.setGroundAlpha(v / 100);
        const out = document.getElementById("alpha-out");
        if (out) out.textContent = `${v} %`;
      } })),
    h("p", { class: "hint" }, t("groundHint")),
    h("p", { class: "hint" }, app.ground.source === "none" ? t("groundUnknown") : t("groundKnown", { source: t(`source.${app.ground.source}` as Key) })));
}
