// Signs for what stands on the lines, as survey drawings have them: valve, hydrant, gully, manhole, cabinet, pump.
import type { Asset } from "../api/types";

export type Sign = "valve" | "hydrant" | "gully" | "manhole" | "cabinet" | "pump";

const words: [RegExp, Sign][] = [[/消防栓|消火栓|hydrant/i, "hydrant"], [/阀|valve|gate/i, "valve"], [/篦|雨水口|gully|inlet/i, "gully"], [/泵|pump/i, "pump"],
  [/箱|柜|cabinet/i, "cabinet"], [/井|人孔|手孔|manhole|chamber/i, "manhole"]];

/** The sign of an asset, null for a plain point of a line. */
export function signOf(a: Asset): Sign | null {
  const said = `${(a as { appurtenance?: string }).appurtenance ?? ""} ${(a as { feature?: string }).feature ?? ""}`;
  return words.find(([w]) => w.test(said))?.[1] ?? (a.kind === "chamber" ? "manhole" : null);
}

/** The kinds that are swept along an axis as a whole. */
export const sweptKinds = ["gallery", "tunnel", "bridge"];

const plain = ["circle", "cable", "unknown", undefined];

/** Whether a line is drawn along its axis in the symbol style: what is no straight round pipe or cable. */
export function hasAxisSign(a: Asset): boolean {
  if (a.kind !== "segment") return sweptKinds.includes(a.kind);
  const { coordinates } = a.geometry ?? {};
  return !plain.includes((a.section as { shape?: string } | null | undefined)?.shape) || (Array.isArray(coordinates) && coordinates.length > 2);
}

/** Paths within a square from −7 to 7; filled where the sign is a body. */
export const signPaths: Record<Sign, string> = {
  valve: "M-7 -4.5L7 4.5V-4.5L-7 4.5Z", hydrant: "M0 -6a6 6 0 1 0 0.01 0ZM-6 0H6M0 -6V6", gully: "M-6 -4H6V4H-6ZM-2 -4V4M2 -4V4",
  manhole: "M0 -5.5a5.5 5.5 0 1 0 0.01 0ZM-3 0H3", cabinet: "M-5.5 -5.5H5.5V5.5H-5.5ZM-5.5 -5.5L5.5 5.5", pump: "M0 -6a6 6 0 1 0 0.01 0ZM-4.2 4.2L6 0L-4.2 -4.2",
};
