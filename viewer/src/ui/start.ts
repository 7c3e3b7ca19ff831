// From the door to the living city: sign in, read the catalogue, open the scene, follow what changes.
import { api } from "../api/client";
import type { Asset, Catalog, ChangeEvent, GroundGrid, Me, Streets } from "../api/types";
import { followPit } from "../cut/panel";
import { language, named, setLanguage, t, type Language } from "../i18n";
import { nominal } from "../i18n/format";
import { readLink, writeLink } from "../link/hash";
import { follow } from "../live/stream";
import type { City } from "../scene/city";
import type { Theme } from "../scene/palette";
import { attachKeys } from "./keys";
import { h, toast } from "./dom";
import { offerSeam } from "./seam";
import { openShell, type Shell } from "./shell";
import { enter } from "./signin";
import { narrow, store, stored, type App } from "./state";

const noStreets: Streets = { type: "FeatureCollection", features: [] };
const noGround: GroundGrid = { source: "none", west: 0, south: 0, east: 0, north: 0, cols: 0, rows: 0, heights: [], revision: 0 };
// drawer and panel stand beside each other only where half of the window stays for the scene
const BOTH = 1472;

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
  // the scene's code is fetched while the door is still being answered
  const code = import("../scene/city");
  const me = await enter(root);
  root.replaceChildren(h("div", { class: "skeleton", role: "status" }, t("loading")));
  try {
    const [catalog, ground, streets] = await Promise.all([api.catalog(), api.ground().catch(() => noGround), api.streets().catch(() => noStreets)]);
    await run(root, { me, catalog, ground, streets, theme, link, open: (await code).openCity });
  } catch (e) {
    const reason = e instanceof Error && e.message ? e.message : t("offline");
    root.replaceChildren(h("main", { class: "door" }, h("div", { class: "stack" }, h("p", { class: "error", role: "alert" }, t("failed", { reason })), h("button", { class: "filled", onClick: () => location.reload() }, t("retry")))));
  }
}

interface Begin { me: Me; catalog: Catalog; ground: GroundGrid; streets: Streets; theme: Theme; link: ReturnType<typeof readLink>; open: typeof import("../scene/city").openCity }

async function run(root: HTMLElement, b: Begin): Promise<void> {
  let asked = 0;
  const cache = new Map<string, Asset>();
  const app: App = {
    me: b.me, catalog: b.catalog, ground: b.ground, city: null, theme: b.theme, tool: narrow() ? null : "layers", selected: null, selectedId: null, tab: "attributes",
    revision: b.catalog.revision, live: { state: "connecting", seen: Date.now(), changed: 0 }, view: null, aboveGround: 0, scaleBar: { metres: 100, pixels: 100 }, pointed: null, sheet: "peek",
    async select(id, fly = false) {
      const mine = ++asked;
      if (id === null) {
        app.selected = null;
        app.selectedId = null;
        app.city?.select(null);
        if (narrow() && app.tool === null) app.sheet = "peek";
        shell.draw();
        return remember();
      }
      app.selectedId = id;
      if (window.innerWidth < BOTH || narrow()) app.tool = null;
      if (narrow() && app.sheet === "peek") app.sheet = "half";
      if (app.selected?.id !== id) app.selected = null;
      shell.draw();
      try {
        const a = await api.asset(id);
        if (mine !== asked) return;
        cache.set(id, a);
        app.selected = a;
        app.city?.select(a);
        if (fly) app.city?.flyToAsset(a);
      } catch (e) {
        if (mine !== asked) return;
        toast(t("failed", { reason: e instanceof Error && e.message ? e.message : t("offline") }));
        app.selectedId = null;
        app.city?.select(null);
      }
      shell.panel();
      remember();
    },
    open(tool) {
      app.tool = tool;
      if (tool && window.innerWidth < BOTH && app.selectedId) {
        asked++;
        app.selected = null;
        app.selectedId = null;
        app.city?.select(null);
      }
      if (narrow()) app.sheet = tool ? "half" : "peek";
      shell.draw();
    },
    redraw: () => { shell.drawer(); remember(); },
    redrawPanel: () => shell.panel(),
    async refreshCatalog() {
      const next = await api.catalog();
      const appeared = next.networks.filter((n) => n.count > 0 && !app.catalog.networks.some((o) => o.code === n.code && o.count > 0));
      const moved = !app.catalog.frame.center && next.frame.center;
      app.catalog = next;
      app.revision = Math.max(app.revision, next.revision);
      // the first survey decides where the city is, so the scene starts anew there
      if (moved) return location.reload();
      for (const n of appeared) void app.city?.load(n.code, next.revision);
      shell.drawer();
      shell.status();
    },
  };
  const shell: Shell = openShell(root, app, {
    setLanguage() {
      setLanguage(language() === "en" ? "zh-CN" : "en");
      store("undercity.language", language());
      document.title = `${t("title")} · Undercity`;
      app.city?.relabel();
      shell.draw();
    },
    setTheme() {
      app.theme = app.theme === "dark" ? "light" : "dark";
      store("undercity.theme", app.theme);
      document.documentElement.dataset.theme = app.theme;
      app.city?.setTheme(app.theme);
      if (app.selected) app.city?.select(app.selected);
      shell.draw();
    },
    signOut: () => void api.signOut().finally(() => location.reload()),
  });
  document.title = `${t("title")} · Undercity`;
  shell.draw();

  let timer = 0;
  function remember(): void {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (!app.city) return;
      history.replaceState(null, "", `#${writeLink({
        view: app.city.view(), selected: app.selectedId ?? undefined, pit: app.city.pit() ?? undefined, alpha: app.city.groundAlpha(),
        hidden: app.catalog.networks.filter((n) => !app.city?.visible(n.code)).map((n) => n.code),
      })}`);
    }, 250);
  }

  if (!document.createElement("canvas").getContext("webgl2")) {
    shell.scene.replaceChildren(h("p", { class: "note middle" }, t("noWebgl")));
  } else {
    app.city = b.open({
      container: shell.scene, credits: shell.credits, catalog: b.catalog, ground: b.ground, streets: b.streets, theme: b.theme,
      words: () => ({ ground: t("polePoint"), street: (zh, en) => (language() === "en" ? en || zh : zh || en) }),
      listener: {
        click: (id) => void app.select(id),
        fly: (id) => void app.select(id, true),
        hover: (id, x, y) => void hover(id, x, y),
        point: (p) => { app.pointed = p; shell.status(); },
        view: (v, above, bar) => {
          app.view = v;
          app.aboveGround = above;
          app.scaleBar = bar;
          shell.compass();
          shell.status();
          remember();
        },
        pit: (p) => { followPit(p); remember(); },
        progress: (done, total) => shell.progress(done, total),
      },
    });
    restore(app.city);
    for (const n of b.catalog.networks) if (n.count > 0) app.city.load(n.code, b.catalog.revision).catch((e: Error) => toast(t("failed", { reason: e.message }), true));
    shell.draw();
  }
  let pointed = "";
  async function hover(id: string | null, x: number, y: number): Promise<void> {
    pointed = id ?? "";
    shell.scene.style.cursor = id ? "pointer" : "";
    if (!id) return shell.tooltip(null, "", 0, 0);
    const code = id.split("-")[0];
    const n = app.catalog.networks.find((k) => k.code === code);
    const color = n ? (app.theme === "dark" ? n.colorDark : n.colorLight) : "";
    shell.tooltip([id, n && named(n)].filter(Boolean).join(" · "), color, x, y);
    const a = cache.get(id) ?? await api.asset(id).catch(() => null);
    if (!a || pointed !== id) return;
    cache.set(id, a);
    const size = a.section?.diameter;
    shell.tooltip([id, n && named(n), a.material, typeof size === "number" ? nominal(size) : null, a.road].filter(Boolean).join(" · "), color, x, y);
  }
  function restore(city: City): void {
    if (b.link.alpha !== undefined) city.setGroundAlpha(b.link.alpha);
    if (b.link.view) city.setView(b.link.view);
    if (b.link.pit) city.setPit(b.link.pit);
    for (const code of b.link.hidden) city.setVisible(code, false);
    if (b.link.selected) void app.select(b.link.selected);
  }
  window.addEventListener("hashchange", () => {
    const next = readLink(location.hash);
    if (!app.city) return;
    if (next.view) app.city.setView(next.view);
    app.city.setPit(next.pit ?? null);
    for (const n of app.catalog.networks) app.city.setVisible(n.code, !next.hidden.includes(n.code));
    if ((next.selected ?? null) !== app.selectedId) void app.select(next.selected ?? null);
    shell.draw();
  });

  // ── what others change
  const due = new Set<string>();
  let dueTimer = 0;
  function reload(networks: string[], revision: number): void {
    networks.forEach((n) => due.add(n));
    clearTimeout(dueTimer);
    dueTimer = window.setTimeout(() => {
      // a layer above a changed one may hold it too
      const codes = app.catalog.networks.filter((n) => n.count > 0 && due.has(n.code)).map((n) => n.code);
      due.clear();
      for (const code of codes) app.city?.load(code, revision).catch(() => undefined);
    }, 120);
  }
  const changed = async (c: ChangeEvent) => {
    app.revision = Math.max(app.revision, c.revision);
    app.live.changed = Date.now();
    c.assets.forEach((id) => cache.delete(id));
    shell.status();
    await app.refreshCatalog().catch(() => undefined);
    reload(c.networks?.length ? c.networks : [...new Set(c.assets.map((id) => id.split("-")[0]))], c.revision);
    if (app.selectedId && c.assets.includes(app.selectedId)) void app.select(app.selectedId);
  };
  follow({
    url: api.streamUrl(),
    onHello: (revision) => {
      // what changed while the line was down is not known, so every network is asked for anew
      if (revision > app.revision) void changed({ revision, assets: [], networks: app.catalog.networks.map((n) => n.code) });
    },
    onChange: (c) => void changed(c),
    onState: (state, seen) => {
      app.live.state = state;
      app.live.seen = seen;
      shell.status();
    },
  });
  attachKeys(app, shell);
  offerSeam(app);
  let wide = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth === wide) return;
    wide = window.innerWidth;
    if (wide < BOTH && app.selectedId) app.tool = null;
    shell.draw();
  });
}
