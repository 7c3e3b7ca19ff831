// Colour by: what the lines are coloured by, the legend as a histogram, and its bars as a filter. What is filtered out is neither drawn nor picked.
import { api } from "../api/client";
import type { Histogram } from "../api/types";
import { t, type Key } from "../i18n";
import { count } from "../i18n/format";
import type { App } from "../ui/state";
import { h } from "../ui/dom";
import { between, classesOf, colouringOf, unknownColor, ways, type By, type Class } from "./classes";
import { labelOf } from "./label";

const STILL_MS = 450;
const state = { by: "network" as By, hidden: new Set<number>(), scope: "city" as "city" | "view", counts: null as Histogram | null };
let asked = 0;
let timer = 0;
let follower: (() => void) | null = null;

/** For the address: what is coloured by, and which classes are hidden. */
export const colourState = (): { by: By; hidden: number[] } => ({ by: state.by, hidden: [...state.hidden] });

function paint(app: App): void {
  app.city?.setColouring(state.by === "network" || !state.counts ? null : colouringOf(state.counts, app.catalog, app.theme, state.hidden));
  key(app);
}

/** Colours anew, as after another theme. */
export const recolour = (app: App): void => paint(app);

async function ask(app: App): Promise<void> {
  const mine = ++asked;
  if (state.by === "network") {
    state.counts = null;
    return;
  }
  const box = state.scope === "view" ? app.city?.bboxInView() : undefined;
  const counts = await api.histogram(state.by, box ?? undefined);
  if (mine === asked) state.counts = counts;
}

export async function colourBy(app: App, by: By, hidden: Iterable<number> = []): Promise<void> {
  state.by = by;
  state.hidden = new Set(hidden);
  try {
    await ask(app);
  } catch {
    state.by = "network";
  }
  paint(app);
  app.remember();
  app.redraw();
}

function rowsOf(app: App): Class[] {
  const c = state.counts;
  if (!c) return [];
  return [...classesOf({ ...c, classes: c.classes.map((x) => ({ ...x })) }, app.catalog, app.theme), { place: 0, count: c.unknown, color: unknownColor[app.theme] }];
}

/** A small key over the picture while things have other colours than those of their networks; a press opens the layers. */
function key(app: App): void {
  document.getElementById("colour-key")?.remove();
  const stage = document.querySelector(".stage");
  const rows = rowsOf(app);
  if (state.by === "network" || !rows.length || !stage) return;
  const known = rows.slice(0, -1);
  // materials that share a colour share a swatch, unless the filter tells them apart
  const seen = new Set<string>();
  const swatches = rows.filter((r) => {
    const look = `${r.color} ${r.place === 0} ${state.hidden.has(r.place)}`;
    return !seen.has(look) && seen.add(look);
  });
  stage.append(h("button", { id: "colour-key", title: t("colourBy"), onClick: () => app.open("layers") }, h("b", {}, t(`by.${state.by}` as Key)),
    h("span", { class: "swatches" }, swatches.map((r) => h("i", { class: state.hidden.has(r.place) ? "off" : r.place === 0 ? "unknown" : "", style: `--c:${r.color}`, title: labelOf(state.by, r, app.catalog) }))),
    state.by !== "material" && h("span", { class: "ends" }, h("span", {}, labelOf(state.by, known[0], app.catalog)), h("span", {}, labelOf(state.by, known[known.length - 1], app.catalog))),
    state.hidden.size > 0 && h("em", {}, t("filtered"))));
}

function set(app: App, hidden: Set<number>): void {
  state.hidden = hidden;
  paint(app);
  app.remember();
}

/** The bars. A press hides or shows a class, a drag with the mouse leaves only the classes dragged over. */
function bars(app: App, rows: Class[], redraw: () => void): HTMLElement {
  const most = Math.max(1, ...rows.map((r) => r.count));
  const places = rows.map((r) => r.place);
  let from: number | null = null;
  let to: number | null = null;
  const list = h("div", { class: "bins", role: "group", "aria-label": t("colourBy") }, rows.map((r) => {
    const on = !state.hidden.has(r.place);
    return h("button", { class: `bin${on ? "" : " off"}${r.place === 0 ? " unknown" : ""}`, role: "checkbox", "aria-checked": String(on), "data-place": r.place, "data-field": `bin-${r.place}`,
      title: state.counts?.total ? `${((r.count / state.counts.total) * 100).toFixed(1)} %` : "", onClick: (e: MouseEvent) => {
        if (e.detail > 0 && from !== to) return; // the end of a drag
        const next = new Set(state.hidden);
        if (!next.delete(r.place)) next.add(r.place);
        set(app, next);
        redraw();
      } },
    h("i", { class: "chip", style: `--c:${r.color}` }), h("span", { class: "grow" }, labelOf(state.by, r, app.catalog)),
    h("span", { class: "amount" }, h("i", { style: `--c:${r.color};width:${r.count ? Math.max(1.5, (r.count / most) * 100) : 0}%` })), h("span", { class: "num" }, count(r.count)));
  }));
  const over = (e: PointerEvent): number | null => {
    const b = document.elementFromPoint(e.clientX, e.clientY)?.closest<HTMLElement>(".bin");
    return b && list.contains(b) ? Number(b.dataset.place) : null;
  };
  list.addEventListener("pointerdown", (e) => {
    from = to = e.pointerType === "mouse" && e.button === 0 ? over(e) : null;
  });
  list.addEventListener("pointermove", (e) => {
    if (from === null) return;
    to = over(e) ?? to;
    const out = between(places, from, to as number);
    for (const b of list.querySelectorAll<HTMLElement>(".bin")) b.classList.toggle("brushed", from !== to && !out.has(Number(b.dataset.place)));
  });
  list.addEventListener("pointerup", () => {
    if (from === null || to === null || from === to) return;
    set(app, between(places, from, to));
    setTimeout(redraw);
  });
  return list;
}

export function colourPanel(app: App): HTMLElement {
  const box = h("div", { class: "stack tight", id: "colour" });
  const draw = () => {
    const rows = rowsOf(app);
    const c = state.counts;
    const scope = (s: typeof state.scope) => h("button", { class: state.scope === s ? "tab on" : "tab", "aria-pressed": String(state.scope === s), "data-field": `scope-${s}`, onClick: () => {
      state.scope = s;
      void ask(app).then(draw, () => undefined);
    } }, t(s === "city" ? "wholeCity" : "inView"));
    const focused = box.contains(document.activeElement) ? document.activeElement?.getAttribute("data-field") : null;
    box.replaceChildren(...[
      h("select", { id: "colour-by", "data-field": "colour-by", "aria-label": t("colourBy"), onChange: (e: Event) => void colourBy(app, (e.target as HTMLSelectElement).value as By) },
        ways.map((w) => h("option", { value: w, selected: w === state.by }, t(`by.${w}` as Key)))),
      c && h("div", { class: "row between" }, h("div", { class: "tabs" }, scope("city"), scope("view")),
        h("button", { class: "plain", disabled: state.hidden.size === 0, "data-field": "unfilter", onClick: () => { set(app, new Set()); draw(); } }, t("showAll"))),
      c && bars(app, rows, draw),
      c && h("p", { class: "hint", id: "colour-sum" }, t("linesCounted", { n: count(c.total), unknown: count(c.unknown) })),
    ].filter((x) => x instanceof Node));
    if (focused) box.querySelector<HTMLElement>(`[data-field="${focused}"]`)?.focus({ preventScroll: true });
  };
  if (follower) app.followers.delete(follower);
  follower = () => {
    if (state.by === "network" || !box.isConnected || (state.scope === "city" && state.counts?.revision === app.revision)) return;
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(app).then(draw, () => undefined), STILL_MS);
  };
  app.followers.add(follower);
  draw();
  return box;
}
