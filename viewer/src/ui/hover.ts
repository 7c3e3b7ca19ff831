// The words beside the pointer: which asset it rests on, at once by its number, then with what the server knows.
import { api } from "../api/client";
import type { Asset } from "../api/types";
import { named } from "../i18n";
import { nominal } from "../i18n/format";
import { layerOf } from "../layers/tree";
import type { Shell } from "./shell";
import type { App } from "./state";

export function openHover(app: App, shell: Shell, cache: Map<string, Asset>): (id: string | null, x: number, y: number) => Promise<void> {
  let pointed = "";
  return async (id, x, y) => {
    pointed = id ?? "";
    shell.scene.style.cursor = id ? "pointer" : "";
    if (!id) return shell.tooltip(null, "", 0, 0);
    const n = layerOf(app.catalog.networks, id.split("-")[0]);
    const color = n ? (app.theme === "dark" ? n.colorDark : n.colorLight) : "";
    const words = (...more: (string | null | undefined)[]) => [id, n && named(n), ...more].filter(Boolean).join(" · ");
    shell.tooltip(words(), color, x, y);
    const a = cache.get(id) ?? await api.asset(id).catch(() => null);
    if (!a || pointed !== id) return;
    cache.set(id, a);
    const size = a.section?.diameter;
    shell.tooltip(words(a.material, typeof size === "number" ? nominal(size) : null, a.road), color, x, y);
  };
}
