// The door to the server: one function a call, errors as Failure with the server's own sentence.
import type { Asset, Catalog, Connection, Found, GroundGrid, Histogram, HistoryItem, ImportRun, LeftOut, Me, Part, Policy, PolicyState, Problem, SectionProfile, Streets, Why } from "./types";

export class Failure extends Error {
  constructor(readonly status: number, message: string, readonly problem: Problem | null, /** seconds to wait, where the server says so */ readonly wait = 0) {
    super(message);
  }
}

const root = "api/v1";

/** Types of problems that the page acts on. */
export const MUST_CHANGE = "urn:undercity:mustChange";
export const LOCKED = "urn:undercity:locked";

let signedOut: (() => void) | null = null;
/** Called when the server no longer knows who asks: the session has ended while the page was open. */
export function onSignedOut(ask: () => void): void {
  signedOut = ask;
}

export async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  const headers = new Headers(init.headers);
  headers.set("Accept", "application/json");
  headers.set("Accept-Language", document.documentElement.lang || "en");
  // a cookie alone must not be enough to change something
  if (init.method && init.method !== "GET") headers.set("X-Undercity", "1");
  let answer: Response;
  try {
    answer = await fetch(`${root}${path}`, { ...init, headers, credentials: "same-origin" });
  } catch {
    throw new Failure(0, "", null);
  }
  if (answer.status === 204) return undefined as T;
  const body: unknown = await answer.json().catch(() => null);
  if (!answer.ok) {
    const problem = body as Problem | null;
    if ((answer.status === 401 && path !== "/session") || (answer.status === 403 && problem?.type === MUST_CHANGE)) signedOut?.();
    throw new Failure(answer.status, problem?.detail || problem?.title || `HTTP ${answer.status}`, problem, Number(answer.headers.get("Retry-After")) || 0);
  }
  return body as T;
}

/** A call with a JSON body. */
export const send = <T>(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<T> =>
  call<T>(path, body === undefined ? { method } : { method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });

export const api = {
  me: () => call<Me>("/me"),
  signIn: (by: { token: string } | { name: string; password: string }) => send<Me>("POST", "/session", by),
  signOut: () => call<void>("/session", { method: "DELETE" }),
  catalog: () => call<Catalog>("/catalog"),
  ground: () => call<GroundGrid>("/base/ground"),
  streets: () => call<Streets>("/base/streets"),
  search: (q: string, signal: AbortSignal) => call<{ items: Found[] }>(`/search?limit=12&q=${encodeURIComponent(q)}`, { signal }),
  asset: (id: string) => call<Asset>(`/assets/${encodeURIComponent(id)}`),
  history: (id: string) => call<{ items: HistoryItem[]; withheld?: number }>(`/assets/${encodeURIComponent(id)}/history`),
  modelUrl: (id: string) => `${root}/assets/${encodeURIComponent(id)}/model.glb`,
  parts: (id: string) => call<{ items: Part[]; connections?: Connection[]; section?: SectionProfile[]; leftOut?: LeftOut; next?: string }>(`/assets/${encodeURIComponent(id)}/parts`),
  partAt: (id: string, at: number[]) => call<{ items: Part[] }>(`/assets/${encodeURIComponent(id)}/parts?at=${at.map((v, i) => v.toFixed(i < 2 ? 8 : 3)).join(",")}`),
  histogram: (by: string, box?: number[]) => call<Histogram>(`/histogram?by=${by}${box ? `&bbox=${box.map((v) => v.toFixed(6)).join(",")}` : ""}`),
  assetsIn: (box: number[], limit: number, kind?: string) => call<{ items: Asset[]; next?: string; withheld?: number }>(`/assets?bbox=${box.join(",")}&limit=${limit}${kind ? `&kind=${kind}` : ""}`),
  startImport: (form: FormData) => call<{ id: string; url: string }>("/imports", { method: "POST", body: form }),
  importRun: (id: string) => call<ImportRun>(`/imports/${encodeURIComponent(id)}`),
  reportUrl: (id: string) => `${root}/imports/${encodeURIComponent(id)}/report.csv`,
  eventsUrl: (id: string) => `${root}/imports/${encodeURIComponent(id)}/events`,
  /** one asset as it is to be, with the version that was read */
  change: (asset: Asset, note: string) => send<{ revision: number }>("POST", "/changes", { changes: [{ op: "update", asset, version: asset.version }], note }),
  policy: () => call<PolicyState>("/policy"),
  putPolicy: (version: number, policy: Policy) => send<{ version: number }>("PUT", "/policy", { version, policy }),
  why: (user: string, action: string, asset: string) => send<Why>("POST", "/policy/why", { user, action, asset }),
  streamUrl: () => `${root}/stream`,
};
