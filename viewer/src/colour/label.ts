// The words for a class: a range in its unit, a material, a quality.
import type { Catalog } from "../api/types";
import { named, t } from "../i18n";
import type { By, Class } from "./classes";

const NBSP = "\u00a0";

export function labelOf(by: By, c: Class, catalog: Catalog): string {
  if (c.place === 0) return t("unknownClass");
  if (by === "material") {
    const m = catalog.materials.find((x) => x.code === c.code);
    return m ? named(m) : t("otherMaterials");
  }
  if (by === "quality") {
    const q = catalog.qualities.find((x) => x.code === c.code);
    return q ? `${c.code}${NBSP}${named(q)}` : (c.code ?? "");
  }
  const show = (v: number) => (by === "age" ? String(v) : by === "diameter" ? String(Math.round(v * 1000)) : String(v));
  const unit = by === "age" ? "" : by === "diameter" ? `${NBSP}mm` : `${NBSP}m`;
  const from = c.from === undefined || (by === "diameter" && c.from === 0) ? null : c.from;
  if (from === null && c.to !== undefined) return by === "age" ? t("before", { year: show(c.to) }) : `<${NBSP}${show(c.to)}${unit}`;
  if (from !== null && c.to === undefined) return by === "age" ? t("since", { year: show(from) }) : `≥${NBSP}${show(from)}${unit}`;
  if (from === null || c.to === undefined) return t("all");
  return `${show(from)}${NBSP}–${NBSP}${by === "age" ? c.to - 1 : show(c.to)}${unit}`;
}
