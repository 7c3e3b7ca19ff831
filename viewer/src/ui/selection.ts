// One asset is selected, or none: the panel, the mark in the scene and the link follow it.
import { api } from "../api/client";
import type { Asset } from "../api/types";
import { t } from "../i18n";
import { forgetParts } from "../parts/panel";
import { toast } from "./dom";
import type { Shell } from "./shell";
import { narrow, type App } from "./state";

/** Drawer and panel stand beside each other only where half of the window stays for the scene. */
export const BOTH = 1472;

export interface Selection { select(id: string | null, fly?: boolean, beside?: boolean): Promise<void>; drop(): void }

export function openSelection(app: App, shell: () => Shell, cache: Map<string, Asset>, remember: () => void): Selection {
  let asked = 0;
  const drop = () => {
    asked++;
    forgetParts(app);
    app.selected = null;
    app.selectedId = null;
    app.city?.select(null);
  };
  return {
    drop,
    async select(id, fly = false, beside = false) {
      if (id === null) {
        drop();
        if (narrow() && app.tool === null) app.sheet = "peek";
        shell().draw();
        return remember();
      }
      const mine = ++asked;
      if (app.selectedId !== id) forgetParts(app);
      app.selectedId = id;
      if (!beside) {
        if (window.innerWidth < BOTH || narrow()) app.tool = null;
        if (narrow() && app.sheet === "peek") app.sheet = "half";
      }
      if (app.selected?.id !== id) app.selected = null;
      if (beside) {
        shell().panel();
        for (const f of app.followers) f();
      } else shell().draw();
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
      shell().panel();
      remember();
    },
  };
}
