// The audit log: what was done, and whether the log still says so.
import { call } from "./client";

export interface Entry {
  number: number; time: string; user: string; role?: string; address?: string; action: string; route: string; targets: string[]; more?: number; status: number; begun?: number;
  detail?: Record<string, unknown>; hash: string;
}
export interface Verdict { ok: boolean; fault?: string; number?: number; sentence: string; entries: number; head: string; time: string }

export const audit = {
  page: (query: string, cursor = "") => call<{ items: Entry[]; next?: string }>(`/audit?limit=100&${query}&cursor=${cursor}`),
  verify: () => call<Verdict>("/audit/verify"),
  tableUrl: (query: string) => `api/v1/audit/export.csv?${query}`,
};
