// The page around the scene: bar, rail, drawer, panel, status; on a phone one sheet that holds them one at a time.
import { assetPanel, copyLink } from "../assets/panel";
import { objectsPanel } from "../assets/objects";
import { cutPanel } from "../cut/panel";
import { importPanel } from "../imports/panel";
import { layersPanel } from "../layers/panel";
import { searchBox } from "../search/box";
import { ageOf, elevation, lonLat, metres, roundMetres, time } from "../i18n/format";
import { language, t, type Key } from "../i18n";
import { h, icon } from "./dom";
import { narrow, type App, type Tool } from "./state";

const tools: { tool: Tool; icon: string; label: Key }[] = [
  { tool: "layers", icon: "layers", label: "layers" }, { tool: "cut", icon: "cut", label: "cut" }, { tool: "import", icon: "import", label: "import" },
  { tool: "objects", icon: "objects", label: "objects" }, { tool: "help", icon: "help", label: "help" },
];
export const toolKeys: Tool[] = tools.map((x) => x.tool);

export interface Shell {
  scene: HTMLElement; credits: HTMLElement; root: HTMLElement;
  /** words, colours and contents anew */
  draw(): void;
  drawer(): void;
  panel(): void;
  status(): void;
  compass(): void;
  progress(done: number, total: number): void;
  tooltip(text: string | null, color: string, x: number, y: number): void;
}
export interface ShellActions { setLanguage(): void; setTheme(): void; signOut(): void }

function helpPanel(): HTMLElement {
  const keys: [string, Key][] = [["/", "k.search"], ["1 – 5", "k.tools"], ["H", "k.home"], ["N", "k.north"], ["T", "k.top"], ["U", "k.dive"], ["← ↑ → ↓", "k.pan"], ["+ −", "k.zoom"], ["L", "k.next"], ["[ ]", "k.ground"], ["Esc", "k.esc"], ["?", "k.help"]];
  return h("div", { class: "stack" }, h("dl", { class: "keys" }, keys.flatMap(([k, w]) => [h("dt", {}, h("kbd", {}, k)), h("dd", {}, t(w))])),
    h("ul", { class: "gestures" }, (["g.pan", "g.orbit", "g.zoom", "g.click", "g.double"] as Key[]).map((k) => h("li", {}, t(k)))));
}

export function openShell(root: HTMLElement, app: App, actions: ShellActions): Shell {
  const scene = h("div", { id: "scene", tabindex: "0", role: "application" });
  const credits = h("div", { class: "credits" });
  const bar = h("header", { class: "bar" });
  const rail = h("nav", { class: "rail" });
  const drawer = h("aside", { class: "drawer", id: "drawer" });
  const panel = h("aside", { class: "panel", id: "panel" });
  const status = h("footer", { class: "status" });
  const overScene = h("div", { class: "over" });
  const grip = h("button", { class: "grip", "aria-label": "" });
  const tip = h("div", { class: "tip", hidden: true });
  const stage = h("main", { class: "stage" }, scene, overScene, tip, credits);
  const sheet = h("div", { class: "sheet" }, grip, rail, drawer, panel);
  root.replaceChildren(h("div", { class: "shell" }, bar, sheet, stage, status));
  const shell = root.firstElementChild as HTMLElement;

  const setSheet = (to: App["sheet"]) => {
    app.sheet = to;
    shell.dataset.sheet = to;
  };
  grip.addEventListener("click", () => setSheet(app.sheet === "peek" ? "half" : app.sheet === "half" ? "full" : "peek"));
  let swipe = 0;
  grip.addEventListener("pointerdown", (e) => { swipe = e.clientY; });
  grip.addEventListener("pointerup", (e) => {
    const way = e.clientY - swipe;
    if (Math.abs(way) < 30) return;
    const order: App["sheet"][] = ["peek", "half", "full"];
    setSheet(order[Math.max(0, Math.min(2, order.indexOf(app.sheet) + (way < 0 ? 1 : -1)))]);
    grip.addEventListener("click", (c) => c.stopImmediatePropagation(), { once: true, capture: true });
  });

  const button = (name: string, label: Key, run: () => void, extra = "") => h("button", { class: `tool-button ${extra}`, title: t(label), "aria-label": t(label), onClick: run }, icon(name));
  const head = (title: string, close: () => void) => h("div", { class: "head" }, h("h2", {}, title), h("button", { class: "plain square", "aria-label": t("close"), title: t("close"), onClick: close }, icon("close")));

  const needle = h("span", { class: "needle" });
  const scaleBar = h("div", { class: "scale" });
  const depthChip = h("div", { class: "depth-chip", role: "status", hidden: true });
  const waiting = h("div", { class: "waiting", role: "status" });
  const pointerText = h("span", { class: "pointer" });
  const cameraText = h("span", { class: "camera" });
  const datumText = h("span", { class: "datum" });
  const liveText = h("span", { class: "live", role: "status" });

  const drawBar = () => {
    bar.replaceChildren(
      h("div", { class: "brand" }, h("img", { src: "./icon.svg", alt: "", width: 24, height: 24 }), h("b", {}, t("title")), language() !== "en" && h("span", { class: "latin" }, "Undercity"), app.catalog.schematic && h("span", { class: "badge" }, t("schematic"))),
      searchBox(app),
      h("div", { class: "row bar-end" },
        h("button", { class: "plain", id: "language", lang: language() === "en" ? "zh-CN" : "en", title: t("languageHint"), onClick: actions.setLanguage }, t("language")),
        h("button", { class: "plain square", id: "theme", title: t("theme"), "aria-label": t("theme"), onClick: actions.setTheme }, icon(app.theme === "dark" ? "sun" : "moon")),
        h("span", { class: "who second" }, app.me.name),
        h("button", { class: "plain square sign-out", title: t("signOut"), "aria-label": t("signOut"), onClick: actions.signOut }, icon("out"))));
  };
  const drawRail = () => {
    rail.setAttribute("aria-label", t("tools"));
    rail.replaceChildren(...tools.map((x) => h("button", { class: app.tool === x.tool ? "on" : "", "aria-pressed": String(app.tool === x.tool), "data-tool": x.tool, onClick: () => app.open(app.tool === x.tool ? null : x.tool) }, icon(x.icon), h("span", {}, t(x.label)))),
      h("button", { class: "link-tool", onClick: () => void copyLink() }, icon("link"), h("span", {}, t("link"))));
  };
  const drawDrawer = () => {
    shell.dataset.tool = app.tool ?? "";
    drawRail();
    const before = drawer.querySelector(".scroll");
    const top = before?.scrollTop ?? 0;
    const shown = before?.firstElementChild?.id;
    const focused = drawer.contains(document.activeElement) ? document.activeElement?.getAttribute("data-field") : null;
    if (!app.tool) return drawer.replaceChildren();
    const content = { layers: () => layersPanel(app), cut: () => cutPanel(app), import: () => importPanel(app), objects: () => objectsPanel(app), help: helpPanel }[app.tool]();
    const title = t(app.tool === "help" ? "keysTitle" : app.tool);
    const scroll = h("div", { class: "scroll" }, content);
    drawer.setAttribute("aria-label", title);
    drawer.replaceChildren(head(title, () => app.open(null)), scroll);
    if (scroll.firstElementChild?.id === shown) scroll.scrollTop = top; // another page of the tool begins at its top
    if (focused) drawer.querySelector<HTMLElement>(`[data-field="${focused}"]`)?.focus();
  };
  const drawPanel = () => {
    const open = app.selectedId !== null && !(narrow() && app.tool !== null);
    shell.dataset.panel = open ? "open" : "";
    if (!open) return panel.replaceChildren();
    panel.setAttribute("aria-label", t("attributes"));
    panel.replaceChildren(head(t("attributes"), () => void app.select(null)), h("div", { class: "scroll" }, assetPanel(app)));
  };
  const age = (since: number) => {
    const a = ageOf(Date.now() - since);
    return a ? t("age", { t: t(`ago_${a.unit}`, { n: a.n }) }) : t("now");
  };
  const drawStatus = () => {
    const p = app.pointed;
    pointerText.replaceChildren(...(p ? [
      h("span", {}, lonLat(p.lon, p.lat)), h("span", {}, `${t("groundAt")} ${p.ground === null ? "—" : elevation(p.ground)}`),
      h("span", {}, `${t("depthAt")} ${p.depth === null ? "—" : metres(p.depth)}`)] : [h("span", {}, `${t("pointer")} —`)]));
    const z = app.aboveGround;
    cameraText.textContent = `${t("camera")} ${z < 0 ? t("below", { d: roundMetres(-z) }) : t("above", { d: roundMetres(z) })}`;
    datumText.textContent = app.catalog.frame.verticalDatum || t("datumUnknown");
    datumText.title = `${t("datum")}: ${datumText.textContent} · ${app.catalog.frame.crs} ${app.catalog.frame.name}`;
    liveText.dataset.state = app.live.state;
    liveText.replaceChildren(h("i", {}), [
      app.live.state === "live" ? t("live") : app.live.state === "lost" ? t("lost", { t: time(new Date(app.live.seen).toISOString()).slice(11) }) : t("connecting"),
      app.live.state === "live" && app.live.changed ? age(app.live.changed) : "", t("revision", { n: app.revision })].filter(Boolean).join(" · "));
    depthChip.hidden = z >= 0;
    if (z < 0) depthChip.textContent = t("below", { d: roundMetres(-z) });
  };
  const drawOver = () => {
    const below = app.city?.diving() ?? false;
    overScene.replaceChildren(
      h("div", { class: "pad", role: "toolbar", "aria-label": t("tools") },
        h("button", { class: "tool-button compass", title: t("compass"), "aria-label": t("compass"), onClick: () => app.city?.north() }, needle),
        button("plus", "zoomIn", () => app.city?.zoomBy(0.6)), button("minus", "zoomOut", () => app.city?.zoomBy(1.6)),
        button("home", "home", () => app.city?.home()), button("top", "top", () => app.city?.top()),
        button(below ? "surface" : "dive", below ? "surface" : "dive", () => app.city?.dive(), below ? "on dive" : "dive")),
      depthChip, waiting, scaleBar);
  };
  const drawCompass = () => {
    needle.style.transform = `rotate(${-(app.view?.heading ?? 0)}deg)`;
    scaleBar.style.width = `${Math.round(app.scaleBar.pixels)}px`;
    scaleBar.textContent = app.scaleBar.metres >= 1000 ? `${app.scaleBar.metres / 1000}\u00a0km` : `${app.scaleBar.metres}\u00a0m`;
    const diveButton = overScene.querySelector(".dive");
    if (diveButton && diveButton.classList.contains("on") !== (app.city?.diving() ?? false)) drawOver();
  };
  const self: Shell = {
    scene, credits, root: shell,
    draw() {
      scene.setAttribute("aria-label", t("scene"));
      grip.setAttribute("aria-label", t("sheet"));
      setSheet(app.sheet);
      drawBar();
      drawDrawer();
      drawPanel();
      status.replaceChildren(pointerText, cameraText, datumText, liveText);
      drawOver();
      drawStatus();
      drawCompass();
    },
    drawer: drawDrawer,
    panel: drawPanel,
    status: drawStatus,
    compass: drawCompass,
    progress(done, total) {
      waiting.hidden = done >= total;
      waiting.replaceChildren(h("span", {}, t("loadingTiles", { done, total })), h("i", { style: `width:${total ? (done / total) * 100 : 0}%` }));
    },
    tooltip(text, color, x, y) {
      tip.hidden = !text;
      if (!text) return;
      tip.textContent = text;
      tip.style.setProperty("--c", color);
      const w = stage.clientWidth;
      tip.style.left = `${Math.min(w - tip.offsetWidth - 8, x + 14)}px`;
      tip.style.top = `${Math.max(4, y - 34)}px`;
    },
  };
  setInterval(drawStatus, 5000);
  return self;
}
