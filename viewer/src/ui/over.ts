// What stands over the scene: the pad of camera buttons, the compass, the scale, how deep one is, what is being fetched, the tooltip.
import { t, type Key } from "../i18n";
import { clock, roundMetres } from "../i18n/format";
import type { Box } from "../scene/labels";
import { h, icon } from "./dom";
import type { App } from "./state";

export interface Over {
  parts: HTMLElement[];
  draw(): void;
  compass(): void;
  depth(): void;
  progress(done: number, total: number): void;
  tooltip(text: string | null, color: string, x: number, y: number): void;
  /** where controls stand, in pixels of the stage */
  taken(): Box[];
}

const MEASURE_MS = 300; // boxes are read from the page no oftener than this

export function openOver(app: App, stage: () => HTMLElement): Over {
  const box = h("div", { class: "over" });
  const tip = h("div", { class: "tip", hidden: true });
  const needle = h("span", { class: "needle" });
  const scaleBar = h("div", { class: "scale" });
  const depthChip = h("div", { class: "depth-chip", role: "status", hidden: true });
  const rangeChip = h("div", { class: "range-chip", role: "status", hidden: true });
  const lostChip = h("div", { class: "lost-chip", role: "status", hidden: true });
  const flatChip = h("div", { class: "flat-chip", role: "status", hidden: true });
  const waiting = h("div", { class: "waiting", role: "status", hidden: true });
  let told = false;
  let measured: { at: number; boxes: Box[] } = { at: -MEASURE_MS, boxes: [] };

  const button = (name: string, label: Key, run: () => void, extra = "") => h("button", { class: `tool-button ${extra}`, title: t(label), "aria-label": t(label), onClick: run }, icon(name));
  const draw = () => {
    const below = app.city?.diving() ?? false;
    const flat = app.city?.flat ?? false;
    box.replaceChildren(
      h("div", { class: "pad", role: "toolbar", "aria-label": t("tools") },
        h("button", { class: "tool-button compass", title: t("compass"), "aria-label": t("compass"), onClick: () => app.city?.north() }, needle),
        button("plus", "zoomIn", () => app.city?.zoomBy(0.6)), button("minus", "zoomOut", () => app.city?.zoomBy(1.6)),
        button("home", "home", () => app.city?.home()),
        !flat && [button("top", "top", () => app.city?.top()),
          button(below ? "surface" : "dive", below ? "surface" : "dive", () => void app.city?.dive(), below ? "on dive" : "dive")],
        app.changeMode && button(flat ? "space" : "map", flat ? "toScene" : "toMap", () => void app.changeMode?.(), "mode")),
      h("div", { class: "chips" }, depthChip, rangeChip, lostChip, flatChip), waiting, scaleBar);
    // without WebGL there is nothing to change over to, and one is told why
    flatChip.hidden = !flat || app.changeMode !== null || told;
    flatChip.replaceChildren(h("span", {}, t("noWebgl")), h("button", { class: "plain", "aria-label": t("close"), onClick: () => { told = true; draw(); } }, icon("close")));
    measured.at = -MEASURE_MS;
  };
  return {
    parts: [box, tip],
    draw,
    compass() {
      needle.style.transform = `rotate(${-(app.view?.heading ?? 0)}deg)`;
      scaleBar.style.width = `${Math.round(app.scaleBar.pixels)}px`;
      scaleBar.textContent = app.scaleBar.metres >= 1000 ? `${app.scaleBar.metres / 1000}\u00a0km` : `${app.scaleBar.metres}\u00a0m`;
      const dive = box.querySelector(".dive");
      if (dive && dive.classList.contains("on") !== (app.city?.diving() ?? false)) draw();
    },
    depth() {
      const z = app.aboveGround;
      depthChip.hidden = z >= 0;
      if (z < 0) depthChip.textContent = t("below", { d: roundMetres(-z) });
      lostChip.hidden = app.live.state !== "lost";
      if (!lostChip.hidden) lostChip.textContent = t("lost", { t: clock(app.live.seen) });
      const r = app.city?.depths() ?? { from: 0, to: null };
      rangeChip.hidden = r.from <= 0 && r.to === null;
      rangeChip.textContent = t("depthShown", { from: roundMetres(r.from), to: r.to === null ? "∞" : roundMetres(r.to) });
    },
    progress(done, total) {
      waiting.hidden = done >= total;
      waiting.replaceChildren(h("span", {}, t("loadingTiles", { done, total })), h("i", { style: `width:${total ? (done / total) * 100 : 0}%` }));
    },
    tooltip(text, color, x, y) {
      tip.hidden = !text;
      if (!text) return;
      tip.textContent = text;
      tip.style.setProperty("--c", color);
      tip.style.left = `${Math.max(4, Math.min(stage().clientWidth - tip.offsetWidth - 8, x + 14))}px`;
      tip.style.top = `${y < 44 ? y + 18 : y - 38}px`;
    },
    taken() {
      const now = performance.now();
      if (now - measured.at < MEASURE_MS) return measured.boxes;
      const s = stage().getBoundingClientRect();
      const beside = [".drawer", ".panel", "#colour-key"].flatMap((n) => document.querySelector<HTMLElement>(n) ?? []);
      const boxes = [...box.querySelectorAll<HTMLElement>(".pad, .depth-chip, .range-chip, .lost-chip, .flat-chip, .waiting, .scale"), ...beside]
        .map((e) => e.getBoundingClientRect()).filter((r) => r.width > 0)
        .map((r): Box => [r.left - s.left - 6, r.top - s.top - 6, r.right - s.left + 6, r.bottom - s.top + 6]);
      measured = { at: now, boxes };
      return boxes;
    },
  };
}
