// Who people are: one's own account, users and units.
import { call, send } from "./client";
import type { Me } from "./types";

export interface Unit { code: string; name: string; kind: string; phone: string; users: number }
export interface Session { id: string; created: string; lastUsed: string; ends: string; idleSeconds: number; address: string; userAgent: string; current: boolean }
export interface Token { id: string; name: string; start: string; scopes: string[]; created: string | null; lastUsed: string | null; ends: string | null; token?: string }
export interface User {
  name: string; displayName: string; role: string; unit: string | null; disabled: boolean; hasPassword: boolean; mustChange: boolean; created: string; signedIn: string | null;
  link?: { url: string; ends: string | null };
}
export interface Page<T> { items: T[]; next?: string }

/** What a user is beside name, role and rights. */
export interface Person { displayName: string; unit: Unit | null; hasPassword: boolean; mustChange: boolean; session: Session | null }

export const roles = ["contractor", "planner", "operator", "admin"] as const;
export const unitKinds = ["owner", "operator", "contractor", "authority", "other"] as const;

const of = (name: string) => `/users/${encodeURIComponent(name)}`;

export const people = {
  changeMe: (change: { displayName?: string; password?: string; oldPassword?: string }) => send<Me>("PUT", "/me", change),
  sessions: () => call<Page<Session>>("/sessions"),
  endSession: (id: string) => send<void>("DELETE", `/sessions/${encodeURIComponent(id)}`),
  endOthers: () => send<void>("DELETE", "/sessions"),
  tokens: () => call<Page<Token>>("/tokens"),
  makeToken: (t: { name: string; days: number; scopes: string[] }) => send<Token>("POST", "/tokens", t),
  endToken: (id: string) => send<void>("DELETE", `/tokens/${encodeURIComponent(id)}`),
  users: (q: string, cursor = "") => call<Page<User>>(`/users?limit=100&q=${encodeURIComponent(q)}&cursor=${encodeURIComponent(cursor)}`),
  addUser: (u: { name: string; displayName: string; role: string; unit: string }) => send<User>("POST", "/users", u),
  changeUser: (name: string, change: { displayName?: string; role?: string; unit?: string; disabled?: boolean }) => send<User>("PUT", of(name), change),
  removeUser: (name: string) => send<void>("DELETE", of(name)),
  newLink: (name: string) => send<User>("POST", `${of(name)}/link`),
  userSessions: (name: string) => call<Page<Session>>(`${of(name)}/sessions`),
  endUserSessions: (name: string) => send<void>("DELETE", `${of(name)}/sessions`),
  userTokens: (name: string) => call<Page<Token>>(`${of(name)}/tokens`),
  units: () => call<Page<Unit>>("/units"),
  addUnit: (u: { code: string; name: string; kind: string; phone: string }) => send<Unit>("POST", "/units", u),
  changeUnit: (code: string, u: { name: string; kind: string; phone: string }) => send<Unit>("PUT", `/units/${encodeURIComponent(code)}`, u),
  removeUnit: (code: string) => send<void>("DELETE", `/units/${encodeURIComponent(code)}`),
};
