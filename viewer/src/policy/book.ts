// The policy on the desk: what is saved, what is being written, what the server said of it. It outlives the page, so that nobody loses a draft.
import { api, Failure } from "../api/client";
import { people, type Unit, type User } from "../api/people";
import type { Policy, PolicyState, Why } from "../api/types";
import { t } from "../i18n";
import { toast } from "../ui/dom";
import type { App } from "../ui/state";
import { changesOf, copyOf, type Change } from "./logic";
import { homeless, placeOf, without, wrongsOf, type Tab, type Wrong } from "./places";

export interface Question { user: string; action: string; asset: string; answer: Why | null; error: string }

export interface Book {
  app: App;
  /** as it was read; null before */
  saved: PolicyState | null;
  draft: Policy;
  wrongs: Wrong[];
  /** what could not be read or saved, in a sentence */
  problem: string;
  /** what somebody else saved meanwhile */
  theirs: PolicyState | null;
  tab: Tab;
  open: number | string | null;
  accounts: User[];
  units: Unit[];
  question: Question;
  busy: boolean;
  /** hides the page while something is drawn on the ground */
  away(on: boolean): void;
  /** draws everything anew */
  draw(): void;
  /** says what follows from the draft, and leaves the fields as they are */
  soft(): void;
}

export const openBook = (app: App): Book => ({
  app, saved: null, draft: { grants: [], gradings: [], fields: {}, districts: [] }, wrongs: [], problem: "", theirs: null, tab: "grants", open: null, accounts: [], units: [],
  question: { user: "", action: "read", asset: "", answer: null, error: "" }, busy: false, away: () => undefined, draw: () => undefined, soft: () => undefined,
});

export const changes = (b: Book): Change[] => (b.saved ? changesOf(b.saved.policy, b.draft) : []);
export const reason = (e: unknown): string => (e instanceof Error && e.message ? e.message : t("offline"));

/** Keeps what is still true of what the server said. */
function left(b: Book, wrongs: Wrong[]): void {
  if (b.wrongs.length && !wrongs.length) b.problem = "";
  b.wrongs = wrongs;
}

/** The draft was changed at a pointer: what was said of that place is no longer true. */
export function touched(b: Book, pointer: string): void {
  left(b, without(b.wrongs, pointer));
  b.soft();
}

/** Entries came or went: pointers into their list name others now. */
export function shifted(b: Book, list: Tab): void {
  left(b, b.wrongs.filter((w) => placeOf(w.pointer)?.tab !== list));
  b.draw();
}

export function take(b: Book, s: PolicyState): void {
  b.saved = s;
  b.draft = copyOf(s.policy);
  b.wrongs = [];
  b.problem = "";
  b.theirs = null;
  b.open = null;
}

const MOST = 1000; // users that are offered

/** All users, as far as they are so many that one still chooses from a list; none without the right to see them. */
async function everybody(): Promise<User[]> {
  const all: User[] = [];
  let cursor: string | undefined = "";
  while (cursor !== undefined && all.length < MOST) {
    const page: { items: User[]; next?: string } | null = await people.users("", cursor).catch(() => null);
    all.push(...(page?.items ?? []));
    cursor = page?.next;
  }
  return all;
}

export async function load(b: Book): Promise<void> {
  try {
    const [s, users, units] = await Promise.all([api.policy(), everybody(), people.units().then((r) => r.items, () => [])]);
    b.accounts = users;
    b.units = units;
    // a draft that was begun stays, and what is saved now is held against it when it is saved
    if (!b.saved || changes(b).length === 0) take(b, s);
    else if (s.version !== b.saved.version) b.theirs = s;
  } catch (e) {
    b.problem = t("rightsMissing", { reason: reason(e) });
  }
  b.draw();
}

async function refused(b: Book, e: unknown): Promise<void> {
  if (e instanceof Failure && e.status === 409) {
    b.theirs = await api.policy().catch(() => null);
    b.problem = b.theirs ? "" : reason(e);
    return;
  }
  b.wrongs = e instanceof Failure ? wrongsOf(e.problem?.errors) : [];
  // what stands beside its field need not be said above it too
  b.problem = b.wrongs.length > homeless(b.wrongs, b.draft).length ? t("errorsFound", { n: b.wrongs.length }) : reason(e);
  const first = b.wrongs.map((w) => placeOf(w.pointer)).find((p) => p?.entry !== null && p !== null);
  if (first) {
    b.tab = first.tab;
    b.open = first.entry;
  }
}

/** Saves in the place of the version that was read; true when it holds. */
export async function save(b: Book): Promise<boolean> {
  if (!b.saved || b.busy) return false;
  b.busy = true;
  b.soft();
  let done = false;
  try {
    const { version } = await api.putPolicy(b.saved.version, b.draft);
    take(b, { ...b.saved, version, author: b.app.me.name, time: new Date().toISOString(), policy: copyOf(b.draft) });
    toast(t("policySaved", { n: version }));
    done = true;
  } catch (e) {
    await refused(b, e);
  }
  b.busy = false;
  b.draw();
  return done;
}

/** Goes on with the draft on top of what somebody else saved. */
export function keepMine(b: Book): void {
  if (b.theirs) b.saved = b.theirs;
  b.theirs = null;
  b.draw();
}
