// From the door to the living city: sign in, read the catalogue, hand over to the page.
import { api } from "../api/client";
import type { GroundGrid, Streets } from "../api/types";
import { setLanguage, t, type Language } from "../i18n";
import { readLink } from "../link/hash";
import type { Theme } from "../scene/palette";
import { h } from "./dom";
import { run } from "./run";
import { enter } from "../account/signin";
import { hasWebgl, type Openers } from "./mode";
import { stored } from "./state";

const noStreets: Streets = { type: "FeatureCollection", features: [] };
const noGround: GroundGrid = { source: "none", west: 0, south: 0, east: 0, north: 0, cols: 0, rows: 0, heights: [], revision: 0 };

function firstLanguage(): Language {
  const kept = stored("undercity.language");
  if (kept === "en" || kept === "zh-CN") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

export async function start(root: HTMLElement): Promise<void> {
  setLanguage(firstLanguage());
  const theme: Theme = stored("undercity.theme") === "light" ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  const link = readLink(location.hash);
  // the code of what is looked at first is fetched while the door is still being answered, the other's when it is asked for
  const openers: Openers = { scene: hasWebgl() ? () => import("../scene/city").then((m) => m.openCity) : null, map: () => import("../map/map").then((m) => m.openMap) };
  const code = (openers.scene && !link.map ? openers.scene : openers.map)();
  const me = await enter(root);
  root.replaceChildren(h("div", { class: "skeleton", role: "status" }, t("loading")));
  try {
    const [catalog, ground, streets] = await Promise.all([api.catalog(), api.ground().catch(() => noGround), api.streets().catch(() => noStreets)]);
    await code;
    run(root, { me, catalog, ground, streets, theme, link, openers });
  } catch (e) {
    const reason = e instanceof Error && e.message ? e.message : t("offline");
    root.replaceChildren(h("main", { class: "skeleton" }, h("div", { class: "stack" }, h("p", { class: "error", role: "alert" }, t("failed", { reason })), h("button", { class: "filled", onClick: () => location.reload() }, t("retry")))));
  }
}
