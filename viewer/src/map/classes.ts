// Colours by class on the map: what the scene's shading does with the tiles' numbers, with the words and numbers of vector tiles.
import type { Catalog } from "../api/types";
import { materialPlace, type Colouring } from "../colour/classes";
import type { Feature } from "./tile";

const lines = new Set(["segment", "gallery", "tunnel", "bridge"]);

/** The place of a feature's class; 0 where it is not known. */
export function placeOfFeature(f: Feature, c: Colouring, catalog: Catalog): number {
  const among = (v: number | null) => (v === null ? 0 : c.limits.filter((l) => v >= l).length);
  switch (c.by) {
    case "depth": return among(f.cover);
    case "diameter": return among(f.diameter);
    case "age": return among(f.installed);
    case "material": return f.material ? materialPlace(f.material, catalog) : 0;
    case "quality": return catalog.qualities.findIndex((q) => q.code === f.quality) + 1;
  }
}

export interface Classed { color: string | null; shown: boolean }

/** A feature's own colour and whether the filter leaves it; null is the colour of its network. Of a run of many no class is known: it stays, in grey. */
export function classed(f: Feature, c: Colouring | null, catalog: Catalog, run: string): Classed {
  if (!c) return { color: null, shown: true };
  if (!f.id) return { color: run, shown: true };
  const place = placeOfFeature(f, c, catalog);
  // as in the scene: points and areas do not stand in the histogram, so the unknown ones go with the first filter
  const shown = lines.has(f.kind) || place > 0 ? c.shown[place] !== false : c.shown.every(Boolean);
  return { color: c.colors[place] ?? c.colors[0], shown };
}
