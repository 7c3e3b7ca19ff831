// What an entry of the audit log says, in the page's words.
import type { Entry } from "../api/audit";
import { isKey, t, type Key } from "../i18n";

/** The actions that one can filter by, in the order in which they are offered. */
export const actions = ["signIn", "signOut", "change", "import", "imported", "export", "read", "enquiry", "refused", "policy", "user", "unit", "token", "session", "account", "anchor"] as const;

export function actionName(action: string): string {
  const key = `did.${action}`;
  return isKey(key) ? t(key) : action;
}

export type Tone = "good" | "bad" | "warn" | "";

/** How an action ended; one of which only the beginning is known may have been broken off. */
export function outcome(e: Pick<Entry, "status" | "action">): { tone: Tone; words: string } {
  if (e.status === 0) return { tone: "warn", words: t("outcome.open") };
  if (e.status < 400) return { tone: "", words: t("outcome.done") };
  const key: Key = e.status === 401 || e.status === 403 || e.status === 429 ? "outcome.refused" : e.status >= 500 ? "outcome.failed" : "outcome.invalid";
  return { tone: key === "outcome.failed" ? "warn" : "bad", words: t(key) };
}

/** A target that lies in the city: the id of an asset. Tiles, users and imports are named as well. */
export const isAsset = (action: string, target: string): boolean =>
  (action === "read" || action === "export" || action === "change" || action === "enquiry" || action === "why") && /^[A-Z]{2,}-[^/+#\s]+$/.test(target);

/** 3dtiles/JS/content/5/1/2.glb is the tile 5/1/2 of JS. */
export function targetName(target: string): string {
  const tile = /^\/3dtiles\/([^/]+)\/content\/(\d+)\/(\d+)\/(\d+)\.glb/.exec(target);
  if (tile) return t("tileOf", { network: tile[1], tile: tile.slice(2).join("/") });
  const map = /^\/mvt\/(\d+\/\d+\/\d+)\.mvt/.exec(target);
  return map ? t("mapTile", { tile: map[1] }) : target;
}

export interface Filters { action: string; user: string; target: string; span: string; from: string; to: string }
export const spans = ["hour", "day", "week", "month", "all", "own"] as const;
const hours: Record<string, number> = { hour: 1, day: 24, week: 168, month: 720 };

/** The filters as the server takes them; now in milliseconds. */
export function queryOf(f: Filters, now: number): string {
  const q = new URLSearchParams();
  for (const k of ["action", "user", "target"] as const) if (f[k].trim()) q.set(k, f[k].trim());
  const at = (s: string) => {
    const d = new Date(s);
    return Number.isNaN(d.getTime()) ? "" : d.toISOString();
  };
  const from = f.span === "own" ? at(f.from) : hours[f.span] ? new Date(now - hours[f.span] * 3_600_000).toISOString() : "";
  const to = f.span === "own" ? at(f.to) : "";
  if (from) q.set("from", from);
  if (to) q.set("to", to);
  return q.toString();
}

/** The details of an entry as pairs of a name and a value, without what is empty. */
export function details(e: Entry): [string, string][] {
  return Object.entries(e.detail ?? {}).flatMap(([key, v]): [string, string][] => {
    const text = Array.isArray(v) ? v.join(", ") : typeof v === "object" && v !== null ? JSON.stringify(v) : String(v ?? "");
    const name = `detail.${key}`;
    return text === "" ? [] : [[isKey(name) ? t(name) : key, text]];
  });
}
