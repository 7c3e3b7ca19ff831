// What others change: the catalogue, the panel and the networks concerned follow, without a reload and without a flash.
import { api, Failure } from "../api/client";
import { recolour } from "../colour/panel";
import type { Asset, ChangeEvent, Me } from "../api/types";
import { t } from "../i18n";
import { layerOf } from "../layers/tree";
import type { Shell } from "../ui/shell";
import type { App } from "../ui/state";
import { toast } from "../ui/dom";
import { follow } from "./stream";
import { sameView } from "./view";

const GATHER_MS = 120; // changes that come close together make one new picture

/** Follows the server; the answer asks it at once again, as after a new sign-in of somebody. */
export function followChanges(app: App, shell: Shell, cache: Map<string, Asset>): (me: Me) => void {
  const due = new Set<string>();
  let timer = 0;
  const reload = (networks: string[], revision: number) => {
    networks.forEach((n) => due.add(layerOf(app.catalog.networks, n)?.code ?? n));
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      const codes = app.catalog.networks.filter((n) => n.count > 0 && due.has(n.code)).map((n) => n.code);
      due.clear();
      for (const code of codes) app.city?.load(code, revision).catch(() => undefined);
    }, GATHER_MS);
  };
  const changed = async (c: ChangeEvent) => {
    app.revision = Math.max(app.revision, c.revision);
    app.live.changed = Date.now();
    c.assets.forEach((id) => cache.delete(id));
    shell.status();
    await app.refreshCatalog().catch(() => undefined);
    reload(c.networks?.length ? c.networks : [...new Set(c.assets.map((id) => layerOf(app.catalog.networks, id.split("-")[0])?.code ?? ""))], c.revision);
    if (app.selectedId && c.assets.includes(app.selectedId)) void app.select(app.selectedId);
  };
  /** who is here may do and see something else than before: nothing that was read stays */
  const reread = async (me: Me) => {
    app.me = me;
    cache.clear();
    app.city?.forget();
    await app.refreshCatalog();
    for (const n of app.catalog.networks) if (n.count > 0) app.city?.load(n.code, app.revision).catch(() => undefined);
    recolour(app);
    if (app.selectedId) void app.select(app.selectedId, false, true);
    shell.draw();
    app.remember();
  };
  const known = async (me: Me) => {
    if (sameView(app.me, me)) {
      app.me = me;
      return;
    }
    await reread(me);
    toast(t("rightsChanged"));
  };
  // a line that was down may have been cut because the rights changed; without the right to look at anything the page begins anew
  const ask = () => void api.me().then(known).catch((e: unknown) => { if (e instanceof Failure && e.status === 403) location.reload(); });
  let first = true;
  const line = follow({
    url: api.streamUrl(),
    onHello: (revision) => {
      if (!first) ask();
      first = false;
      // what changed while the line was down is not known, so every network is asked for anew
      if (revision > app.revision) void changed({ revision, assets: [], networks: app.catalog.networks.map((n) => n.code) });
    },
    onChange: (c) => void changed(c),
    onState: (state, seen) => {
      app.live.state = state;
      app.live.seen = seen;
      shell.status();
    },
    // whether the session has ended is asked of a route that says so
    onRefused: ask,
  });
  return (me) => {
    if (sameView(app.me, me)) reload(app.catalog.networks.map((n) => n.code), app.revision);
    else void reread(me).catch(() => undefined);
    app.me = me;
    shell.draw();
    line.again();
  };
}
