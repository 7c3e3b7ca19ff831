// The page around the scene: bar, rail, drawer, panel, status; on a phone one sheet that holds them one at a time.
import { closeObjects, objectsPanel } from "../assets/objects";
import { assetPanel, copyLink } from "../assets/panel";
import { cutPanel } from "../cut/panel";
import { language, t, type Key } from "../i18n";
import { importPanel } from "../imports/panel";
import { layersPanel } from "../layers/panel";
import { searchBox } from "../search/box";
import type { Box } from "../scene/labels";
import { h, icon } from "./dom";
import { helpPanel } from "./help";
import { openOver } from "./over";
import { attachSheet } from "./sheet";
import { BOTH } from "./selection";
import type { App, Tool } from "./state";
import { openStatus } from "./status";

const tools: { tool: Tool; icon: string; label: Key; panel(app: App): HTMLElement }[] = [
  { tool: "layers", icon: "layers", label: "layers", panel: layersPanel }, { tool: "cut", icon: "cut", label: "cut", panel: cutPanel },
  { tool: "import", icon: "import", label: "import", panel: importPanel }, { tool: "objects", icon: "objects", label: "objects", panel: objectsPanel },
  { tool: "help", icon: "help", label: "help", panel: helpPanel },
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
  /** where controls stand over the scene, in its pixels */
  taken(): Box[];
}
export interface ShellActions { setLanguage(): void; setTheme(): void; signOut(): void; account(): void }

const head = (title: string, close: () => void) => h("div", { class: "head" }, h("h2", {}, title), h("button", { class: "plain square", "aria-label": t("close"), title: t("close"), onClick: close }, icon("close")));

export function openShell(root: HTMLElement, app: App, actions: ShellActions): Shell {
  const scene = h("div", { id: "scene", tabindex: "0", role: "application" });
  const credits = h("div", { class: "credits" });
  const bar = h("header", { class: "bar" });
  const rail = h("nav", { class: "rail" });
  const drawer = h("aside", { class: "drawer", id: "drawer" });
  const panel = h("aside", { class: "panel", id: "panel" });
  const status = openStatus(app);
  const over = openOver(app, () => stage);
  const grip = h("button", { class: "grip", "aria-label": "" });
  const stage = h("main", { class: "stage" }, scene, over.parts, credits);
  const shell = h("div", { class: "shell" }, bar, h("div", { class: "sheet" }, grip, rail, drawer, panel), stage, h("footer", { class: "status" }, status.parts));
  root.replaceChildren(shell);
  const setSheet = attachSheet(grip, shell, app);

  const drawBar = () => {
    bar.replaceChildren(
      h("div", { class: "brand" }, h("img", { src: "./icon.svg", alt: "", width: 24, height: 24 }), h("b", {}, t("title")), language() !== "en" && h("span", { class: "latin" }, "Undercity"), app.catalog.schematic && h("span", { class: "badge" }, t("schematic"))),
      searchBox(app),
      h("div", { class: "row bar-end" },
        h("button", { class: "plain", id: "language", lang: language() === "en" ? "zh-CN" : "en", title: t("languageHint"), onClick: actions.setLanguage }, t("language")),
        h("button", { class: "plain square", id: "theme", title: t("theme"), "aria-label": t("theme"), onClick: actions.setTheme }, icon(app.theme === "dark" ? "sun" : "moon")),
        h("button", { class: "plain account", id: "account", title: t("account"), "aria-label": t("account"), onClick: actions.account }, icon("person"), h("span", { class: "who" }, app.me.displayName || app.me.name)),
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
    const tool = tools.find((x) => x.tool === app.tool);
    if (app.tool !== "objects") closeObjects();
    if (!tool) return drawer.replaceChildren();
    const title = t(tool.tool === "help" ? "keysTitle" : tool.label);
    const scroll = h("div", { class: "scroll" }, tool.panel(app));
    drawer.setAttribute("aria-label", title);
    drawer.replaceChildren(head(title, () => app.open(null)), scroll);
    if (scroll.firstElementChild?.id === shown) scroll.scrollTop = top; // another page of the tool begins at its top
    if (focused) drawer.querySelector<HTMLElement>(`[data-field="${focused}"]`)?.focus({ preventScroll: true });
  };
  const drawPanel = () => {
    // beside the table there is room for the panel only in a wide window
    const open = app.selectedId !== null && !(app.tool !== null && window.innerWidth < BOTH);
    shell.dataset.panel = open ? "open" : "";
    if (!open) return panel.replaceChildren();
    panel.setAttribute("aria-label", t("attributes"));
    panel.replaceChildren(head(t("attributes"), () => void app.select(null)), h("div", { class: "scroll" }, assetPanel(app)));
  };
  const drawStatus = () => {
    status.draw();
    over.depth();
  };
  setInterval(drawStatus, 5000);
  return {
    scene, credits, root: shell,
    draw() {
      scene.setAttribute("aria-label", t("scene"));
      grip.setAttribute("aria-label", t("sheet"));
      setSheet(app.sheet);
      drawBar();
      drawDrawer();
      drawPanel();
      over.draw();
      drawStatus();
      over.compass();
    },
    drawer: drawDrawer, panel: drawPanel, status: drawStatus,
    compass: over.compass, progress: over.progress, tooltip: over.tooltip, taken: over.taken,
  };
}
