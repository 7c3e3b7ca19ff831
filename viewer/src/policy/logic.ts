// What can be done to a policy while it is edited, and what has been done: nothing here touches the page.
import type { District, Grade, Grant, Grading, Policy } from "../api/types";

export const copyOf = <T>(v: T): T => JSON.parse(JSON.stringify(v)) as T;

type Bound = "grants" | "gradings" | "values" | "districts";
export interface Change { of: Bound; name: string; what: "added" | "removed" | "edited" | "order" }

/** Text in which the order of keys and what is empty do not count. */
function plain(v: unknown): string {
  if (Array.isArray(v)) return `[${v.map(plain).join()}]`;
  if (v === null || typeof v !== "object") return JSON.stringify(v) ?? "";
  const kept = Object.entries(v).filter(([, x]) => x !== undefined && x !== "" && !(Array.isArray(x) && x.length === 0));
  return `{${kept.sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, x]) => `${JSON.stringify(k)}:${plain(x)}`).join()}}`;
}

function listChanges<T>(of: Bound, was: T[], is: T[], nameOf: (v: T) => string): Change[] {
  const changes: Change[] = [];
  const before = new Map(was.map((v) => [nameOf(v), v]));
  const after = new Set(is.map(nameOf));
  for (const v of is) {
    const old = before.get(nameOf(v));
    if (!old) changes.push({ of, name: nameOf(v), what: "added" });
    else if (plain(old) !== plain(v)) changes.push({ of, name: nameOf(v), what: "edited" });
  }
  for (const v of was) if (!after.has(nameOf(v))) changes.push({ of, name: nameOf(v), what: "removed" });
  const order = (l: T[], other: Set<string>) => l.map(nameOf).filter((n) => other.has(n)).join("\n");
  if (order(was, after) !== order(is, new Set(before.keys()))) changes.push({ of, name: "", what: "order" });
  return changes;
}

/** What of a policy is not as it was. */
export function changesOf(was: Policy, is: Policy): Change[] {
  const fields = (p: Policy) => Object.entries(p.fields).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...listChanges("grants", was.grants, is.grants, (g) => g.id), ...listChanges("gradings", was.gradings, is.gradings, (g) => g.id),
    ...listChanges<[string, Grade]>("values", fields(was), fields(is), (f) => f[0]), ...listChanges("districts", was.districts, is.districts, (d) => d.name),
  ];
}

/** A name that no other has: "x", "x 2", "x 3" … */
export function unlike(name: string, taken: string[]): string {
  const base = name.replace(/ \d+$/, "");
  if (!taken.includes(name)) return name;
  for (let n = 2; ; n++) if (!taken.includes(`${base} ${n}`)) return `${base} ${n}`;
}

export const idsOf = (p: Policy): string[] => [...p.grants, ...p.gradings].map((g) => g.id);

export const blankGrant = (p: Policy): Grant => ({ id: unlike("grant", idsOf(p)), roles: [], actions: ["read"], secrecy: "internal" });
export const blankGrading = (p: Policy): Grading => ({ id: unlike("grading", idsOf(p)), secrecy: "restricted" });

/** What of a policy is bound to a district. */
export const usersOf = (p: Policy, district: string): (Grant | Grading)[] => [...p.grants, ...p.gradings].filter((g) => g.districts?.includes(district));

/** Gives a district another name, also where it is used. */
export function rename(p: Policy, district: District, to: string): void {
  for (const g of usersOf(p, district.name)) g.districts = g.districts?.map((d) => (d === district.name ? to : d));
  district.name = to;
}

/** Adds a value to a list or takes it out; a list that is empty is none. */
export function toggled(list: string[] | undefined, value: string, on: boolean): string[] | undefined {
  const rest = (list ?? []).filter((v) => v !== value);
  const next = on ? [...rest, value] : rest;
  return next.length ? next : undefined;
}

/** Reads a policy from the text of a copy; throws with a reason. */
export function parsePolicy(text: string): Policy {
  const v = JSON.parse(text) as Partial<Policy> | { policy?: Partial<Policy> } | null;
  const p = (v && "policy" in v && v.policy ? v.policy : v) as Partial<Policy> | null;
  if (!p || !Array.isArray(p.grants)) throw new Error("grants");
  for (const k of ["gradings", "districts"] as const) if (p[k] !== undefined && !Array.isArray(p[k])) throw new Error(k);
  const objects = [...p.grants, ...(p.gradings ?? []), ...(p.districts ?? [])] as unknown[];
  if (!objects.every((o) => o !== null && typeof o === "object" && !Array.isArray(o))) throw new Error("grants, gradings, districts");
  const fields = p.fields ?? {};
  if (typeof fields !== "object" || Array.isArray(fields)) throw new Error("fields");
  return { grants: p.grants.map((g) => ({ ...g, actions: Array.isArray(g.actions) ? g.actions : [] })), gradings: p.gradings ?? [], fields, districts: p.districts ?? [] };
}

/** Values of all lists of one kind, for suggestions. */
export const said = (p: Policy, key: "users" | "units" | "owners"): string[] =>
  [...new Set([...p.grants, ...p.gradings].flatMap((g) => ((g as Grant)[key] ?? []) as string[]))];
