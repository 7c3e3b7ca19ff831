// The living page: the app's state, the scene with its listener, and everything that follows the two.
import { metres } from "../i18n/format";
import { pickInside } from "../parts/panel";
import { setSymbols, symbols } from "../symbols/panel";
import { recolour } from "../colour/panel";
import { api, onSignedOut } from "../api/client";
import type { Asset, Catalog, GroundGrid, Me, Streets } from "../api/types";
import { followPit } from "../cut/panel";
import { language, setLanguage, t } from "../i18n";
import type { LinkState } from "../link/hash";
import { followAddress, openRemember, restore } from "../link/follow";
import { followChanges } from "../live/changes";
import type { Theme } from "../scene/palette";
import { watchRefusals } from "../live/refused";
import { toast } from "./dom";
import { openHover } from "./hover";
import { openModes, type Mode, type Openers } from "./mode";
import { attachKeys } from "./keys";
import { offerSeam } from "./seam";
import { BOTH, openSelection } from "./selection";
import { openShell, type Shell } from "./shell";
import { enterAgain } from "../account/signin";
import { lying, narrow, store, type App } from "./state";

export interface Begin { me: Me; catalog: Catalog; ground: GroundGrid; streets: Streets; theme: Theme; link: LinkState; openers: Openers }

export function run(root: HTMLElement, b: Begin): void {
  const cache = new Map<string, Asset>();
  const app: App = {
    me: b.me, catalog: b.catalog, ground: b.ground, city: null, theme: b.theme, mode: "scene", changeMode: null, tool: lying() ? null : "layers", selected: null, selectedId: null, tab: "attributes",
    revision: b.catalog.revision, live: { state: "connecting", seen: Date.now(), changed: 0 }, view: null, aboveGround: 0, scaleBar: { metres: 100, pixels: 100 }, pointed: null, sheet: "peek",
    select: (id, fly, beside) => selection.select(id, fly, beside),
    followers: new Set(), tapped: null,
    open(tool, keep = false) {
      app.tool = tool;
      if (!keep && tool && window.innerWidth < BOTH && app.selectedId) selection.drop();
      if (narrow()) app.sheet = tool || app.selectedId ? "half" : "peek";
      shell.draw();
    },
    redraw: () => { shell.drawer(); shell.status(); remember(); },
    redrawPanel: () => shell.panel(),
    remember: () => {
      shell.status();
      remember();
      for (const f of app.followers) f();
    },
    refreshCatalog: () => refreshCatalog(app, shell),
    // the pages about people are fetched when somebody asks for them
    openPage: (page) => void import("../admin/frame").then((m) => m.openFrame(root, {
      app, languageChanged: words, closed: () => shell.draw(),
      setMe(me) { app.me = me; },
    }, page), (e: Error) => toast(t("failed", { reason: e.message }), true)),
  };
  const remember = openRemember(app);
  const selection = openSelection(app, () => shell, cache, remember);
  const words = () => {
    document.title = `${t("title")} · Undercity`;
    app.city?.relabel();
    shell.draw();
  };
  const shell: Shell = openShell(root, app, {
    setLanguage() {
      setLanguage(language() === "en" ? "zh-CN" : "en");
      store("undercity.language", language());
      words();
    },
    setTheme() {
      app.theme = app.theme === "dark" ? "light" : "dark";
      store("undercity.theme", app.theme);
      document.documentElement.dataset.theme = app.theme;
      app.city?.setTheme(app.theme);
      recolour(app);
      if (app.selected) app.city?.select(app.selected);
      shell.draw();
    },
    account: () => app.openPage(),
    signOut: () => void api.signOut().catch(() => undefined).finally(() => location.reload()),
  });
  document.title = `${t("title")} · Undercity`;
  shell.draw();
  openScene(app, shell, b, cache);
  followAddress(app, shell.draw);
  const again = followChanges(app, shell, cache);
  let asking = false;
  onSignedOut(() => {
    if (asking) return;
    asking = true;
    void enterAgain(root).then((me) => {
      asking = false;
      again(me);
    });
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

function openScene(app: App, shell: Shell, b: Begin, cache: Map<string, Asset>): void {
  const hover = openHover(app, shell, cache);
  // each of the two speaks only while it is the one before the eye
  const mine = (mode: Mode, f: () => void) => { if (app.mode === mode || !app.city) f(); };
  const refusals = watchRefusals((sentence) => toast(sentence, true));
  const modes = openModes(app, shell.scene, b.openers, (container, mode) => ({
    container, credits: shell.credits, catalog: app.catalog, ground: b.ground, streets: b.streets, theme: app.theme, taken: shell.taken,
    assetsIn: (box) => Promise.race([api.assetsIn(box, 1000).then((r) => r.items).catch(() => null), new Promise<null>((r) => setTimeout(() => r(null), 1500))]),
    words: () => ({ ground: t("polePoint"), metres, street: (zh, en) => (language() === "en" ? en || zh : zh || en) }),
    listener: {
      click(id) {
        const at = app.city?.lastTap();
        if (app.tapped && at) app.tapped(at.x, at.y);
        else void app.select(id);
      },
      inside: (id, x, y) => !app.tapped && pickInside(app, id, x, y),
      fly: (id) => { if (!app.tapped) void app.select(id, true); },
      hover: (id, x, y) => void hover(id, x, y),
      point: (p) => { app.pointed = p; shell.status(); },
      view: (v, above, bar) => mine(mode, () => {
        app.view = v;
        app.aboveGround = above;
        app.scaleBar = bar;
        shell.compass();
        app.remember();
      }),
      pit: (p) => { followPit(p); app.remember(); },
      progress: (done, total) => mine(mode, () => shell.progress(done, total)),
      refused: refusals.look,
    },
  }), (city) => {
    // what the catalog has now, which may be less than when the page began
    for (const n of app.catalog.networks) if (n.count > 0) city.load(n.code, app.revision).catch((e: Error) => toast(t("failed", { reason: e.message }), true));
  });
  const failed = (e: unknown) => toast(t("failed", { reason: e instanceof Error && e.message ? e.message : t("offline") }), true);
  app.changeMode = modes.both ? () => modes.change().then(() => { recolour(app); setSymbols(app, symbols()); shell.draw(); app.remember(); }, failed) : null;
  app.mode = b.link.map || !modes.both ? "map" : "scene";
  void modes.open(app.mode).then(() => {
    restore(app, b.link);
    shell.draw();
  }, failed);
}

async function refreshCatalog(app: App, shell: Shell): Promise<void> {
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
}
