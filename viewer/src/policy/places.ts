// Where on the page an error of the server belongs: JSON pointers to tabs, entries and fields.
import type { Policy } from "../api/types";

export interface Wrong { pointer: string; detail: string }
export type Tab = "grants" | "gradings" | "values" | "districts" | "why" | "backup";

const tabs: Record<string, Tab> = { grants: "grants", gradings: "gradings", fields: "values", districts: "districts" };
export const unescape = (part: string): string => part.replaceAll("~1", "/").replaceAll("~0", "~");

/** The errors of a refused PUT /policy, by pointers into the policy. */
export const wrongsOf = (errors: { pointer?: string; detail?: string }[] | undefined): Wrong[] =>
  (errors ?? []).map((e) => ({ pointer: (e.pointer ?? "").replace(/^\/policy(?=\/|$)/, ""), detail: e.detail ?? "" }));

/** Tab, entry and field that a pointer names; field is "" for the entry itself, entry null for all of them. */
export function placeOf(pointer: string): { tab: Tab; entry: number | string | null; field: string } | null {
  const [, part = "", entry, field = ""] = pointer.split("/").map(unescape);
  const tab = tabs[part];
  if (!tab) return null;
  if (entry === undefined) return { tab, entry: null, field: "" };
  // the name of a value may hold a slash of its own
  if (tab === "values") return { tab, entry: unescape(pointer.split("/").slice(2).join("/")), field: "" };
  return { tab, entry: Number(entry), field };
}

/** What is said beside a field: errors at its pointer or below it. */
export const at = (wrongs: Wrong[], pointer: string): string[] =>
  [...new Set(wrongs.filter((w) => w.pointer === pointer || w.pointer.startsWith(`${pointer}/`)).map((w) => w.detail))];

/** Errors that no field shows: of whole lists, or of what the page does not know. */
export function homeless(wrongs: Wrong[], p: Policy): Wrong[] {
  const known: Partial<Record<Tab, string[]>> = {
    grants: ["id", "roles", "users", "units", "actions", "networks", "districts", "owners", "secrecy"],
    gradings: ["id", "networks", "kinds", "districts", "owners", "secrecy"], districts: ["name", "geometry"],
  };
  const size: Partial<Record<Tab, number>> = { grants: p.grants.length, gradings: p.gradings.length, districts: p.districts.length };
  return wrongs.filter((w) => {
    const place = placeOf(w.pointer);
    if (!place || place.entry === null) return true;
    if (place.tab === "values") return !(String(place.entry) in p.fields);
    return !known[place.tab]?.includes(place.field) || Number(place.entry) >= (size[place.tab] ?? 0);
  });
}

/** Errors after something was mended: those of the field go, and after an entry went or came those of its list. */
export const without = (wrongs: Wrong[], pointer: string): Wrong[] => wrongs.filter((w) => w.pointer !== pointer && !w.pointer.startsWith(`${pointer}/`));

/** Longitude and latitude that a sentence about a border names, where it crosses itself. */
export function crossing(detail: string): [number, number] | null {
  const m = /(-?\d+\.\d{4,}), (-?\d+\.\d{4,})/.exec(detail);
  return m && [Number(m[1]), Number(m[2])];
}
