// A border drawn on the ground, on the map and in the scene alike: clicks set corners, corners and the dots between them can be dragged.
import { t } from "../i18n";
import { sampleGrid } from "../scene/terrain";
import { h, icon } from "../ui/dom";
import type { App } from "../ui/state";
import { areaOf, boxOf, closed } from "./area";

export type Corners = [number, number][][][]; // polygons of rings of corners, longitude and latitude
export interface Drawing { name: string; corners: Corners; mode: "new" | "edit" | "show"; done(corners: Corners | null): void }

const NS = "http://www.w3.org/2000/svg";
const made = (tag: string, parent: Element, attributes: Record<string, string>) => {
  const el = document.createElementNS(NS, tag);
  for (const [k, v] of Object.entries(attributes)) el.setAttribute(k, v);
  parent.append(el);
  return el;
};

/** Puts a border before the eye until it is done with. */
export function drawOn(app: App, d: Drawing): void {
  const scene = document.getElementById("scene");
  if (!scene) return d.done(null);
  const corners = d.corners.map((p) => p.map((r) => r.map((c): [number, number] => [...c])));
  if (d.mode === "new" && !corners.length) corners.push([[]]);
  const svg = made("svg", scene, { class: "district-draw" }) as SVGSVGElement;
  const shape = made("path", svg, { class: "district-shape" });
  const grips = made("g", svg, {});
  const area = h("b", {});
  const finish = h("button", { class: "filled", type: "button", id: "draw-done", onClick: () => end(d.mode === "show" ? null : corners) }, icon("tick"), t(d.mode === "show" ? "backToRights" : "drawDone"));
  const last = h("button", { class: "outlined", type: "button", id: "draw-last", "aria-label": t("drawLast"), onClick: () => {
    corners[0][0].pop();
    drawn = "";
  } }, icon("undo"), h("span", {}, t("drawLast")));
  const bar = h("div", { class: "draw-bar", role: "toolbar", "aria-label": d.name },
    h("div", { class: "grow" }, h("strong", {}, d.name), " · ", area, d.mode !== "show" && h("p", { class: "hint" }, t(d.mode === "new" ? "drawHint" : "drawEdit"))),
    d.mode === "new" && last, d.mode !== "show" && h("button", { class: "outlined", type: "button", id: "draw-cancel", onClick: () => end(null) }, t("cancel")), finish);
  scene.parentElement?.append(bar);
  const keys = (e: KeyboardEvent) => {
    if (e.key !== "Escape" && !(e.key === "Enter" && !(e.target instanceof HTMLButtonElement))) return;
    e.stopPropagation();
    e.preventDefault();
    if (e.key === "Escape") end(null);
    else if (!finish.disabled) finish.click();
  };
  document.addEventListener("keydown", keys, true);
  let drawn = "";
  let frame = 0;
  const height = (lon: number, lat: number) => sampleGrid(app.ground, lon, lat) ?? app.catalog.frame.center?.[2] ?? 0;
  const pixel = ([lon, lat]: [number, number]) => app.city?.project(lon, lat, height(lon, lat)) ?? null;
  const each = (f: (ring: [number, number][], p: number, r: number) => void) => corners.forEach((polygon, p) => polygon.forEach((ring, r) => f(ring, p, r)));
  function draw(): void {
    frame = requestAnimationFrame(draw);
    let path = "";
    const dots: { at: [number, number]; key: string; between: boolean }[] = [];
    each((ring, p, r) => {
      const at = ring.map(pixel);
      at.forEach((q, i) => {
        const before = at[i - 1];
        if (q) path += `${i && before ? "L" : "M"}${q[0].toFixed(1)} ${q[1].toFixed(1)}`;
        if (q) dots.push({ at: q, key: `${p}.${r}.${i}`, between: false });
        const next = at[(i + 1) % at.length];
        if (q && next && at.length > 2) dots.push({ at: [(q[0] + next[0]) / 2, (q[1] + next[1]) / 2], key: `${p}.${r}.${i}`, between: true });
      });
      if (ring.length > 2 && at.every(Boolean)) path += "Z";
    });
    if (path === drawn) return;
    drawn = path;
    shape.setAttribute("d", path);
    const n = corners.flat(2).length;
    area.textContent = n > 2 ? t("area", { a: km2(areaOf(closed(corners))) }) : "";
    finish.disabled = d.mode !== "show" && corners.some((p) => p.some((r) => r.length < 3));
    last.disabled = n === 0;
    if (held === null && d.mode !== "show") grips.replaceChildren(...dots.map((g) => grip(g)));
    else for (const g of dots) if (!g.between && g.key === held) grips.querySelector(`[data-corner="${held}"]`)?.setAttribute("transform", `translate(${g.at[0]} ${g.at[1]})`);
  }
  let held: string | null = null;
  const ringOf = (key: string): [[number, number][], number] => {
    const [p, r, i] = key.split(".").map(Number);
    return [corners[p][r], i];
  };
  function grip(g: { at: [number, number]; key: string; between: boolean }): Element {
    const el = document.createElementNS(NS, "g");
    el.setAttribute("class", g.between ? "corner-grip between" : "corner-grip");
    el.setAttribute(g.between ? "data-between" : "data-corner", g.key);
    el.setAttribute("transform", `translate(${g.at[0]} ${g.at[1]})`);
    made("circle", el, { class: "reach", r: "14" });
    made("circle", el, { class: "knob", r: g.between ? "4" : "7" });
    el.addEventListener("pointerdown", (e) => take(e as PointerEvent, g, el));
    if (!g.between) el.addEventListener("dblclick", () => {
      const [ring, i] = ringOf(g.key);
      if (ring.length > 3) ring.splice(i, 1);
      drawn = "";
    });
    return el;
  }
  function take(e: PointerEvent, g: { key: string; between: boolean }, el: Element): void {
    e.preventDefault();
    e.stopPropagation();
    const box = (scene as HTMLElement).getBoundingClientRect();
    let key = g.key;
    let begun = !g.between;
    held = key;
    const move = (ev: PointerEvent) => {
      const at = app.city?.groundAt(ev.clientX - box.left, ev.clientY - box.top);
      if (!at) return;
      const [ring, i] = ringOf(g.key);
      if (!begun) {
        ring.splice(i + 1, 0, at);
        const [p, r] = g.key.split(".");
        held = key = `${p}.${r}.${i + 1}`;
        begun = true;
        grips.replaceChildren(el); // the others stand at places that are no longer theirs
        el.setAttribute("data-corner", key);
        el.setAttribute("class", "corner-grip");
      }
      const [now, k] = ringOf(key);
      now[k] = at;
    };
    const up = () => {
      held = null;
      drawn = "";
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", up);
      removeEventListener("pointercancel", up);
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", up);
    addEventListener("pointercancel", up);
  }
  function end(result: Corners | null): void {
    cancelAnimationFrame(frame);
    document.removeEventListener("keydown", keys, true);
    svg.remove();
    bar.remove();
    app.tapped = null;
    d.done(result);
  }
  app.tapped = (x, y) => {
    const at = d.mode === "new" ? app.city?.groundAt(x, y) : null;
    if (at) corners[0][0].push(at);
  };
  const box = corners.flat(2).length ? boxOf([closed(corners)]) : null;
  if (box) app.city?.flyToBox(box);
  draw();
  scene.focus({ preventScroll: true });
}

/** Square kilometres with as many digits as tell something. */
export const km2 = (a: number): string => (a >= 100 ? Math.round(a).toLocaleString("en-US") : a >= 0.01 ? a.toFixed(a < 1 ? 3 : 2) : String(Number(a.toPrecision(2))));
