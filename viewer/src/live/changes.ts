// What others change: the catalogue, the panel and the networks concerned follow, without a reload and without a flash.
import { api } from "../api/client";
import type { Asset, ChangeEvent } from "../api/types";
import { layerOf } from "../layers/tree";
import type { Shell } from "../ui/shell";
import type { App } from "../ui/state";
import { follow } from "./stream";

const GATHER_MS = 120; // changes that come close together make one new picture

/** Follows the server; the answer asks it at once again, as after a new sign-in. */
export function followChanges(app: App, shell: Shell, cache: Map<string, Asset>): () => void {
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
  const line = follow({
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
    // whether the session has ended is asked of a route that says so
    onRefused: () => void api.me().catch(() => undefined),
  });
  return () => {
    line.again();
    reload(app.catalog.networks.map((n) => n.code), app.revision);
  };
}
