// The live line: hello, changes, and the honest answer to "is it still live?". The server's heart beats each three seconds; a
// line that stays quiet for longer is lost, whatever the browser still believes. It reconnects by itself, slower each time.
import type { ChangeEvent } from "../api/types";
import { retryDelay } from "./delay";

export type LiveState = "connecting" | "live" | "lost";

/** Two heartbeats may be late before the line counts as lost, ms. */
export const QUIET_MS = 7000;
const LOOK_MS = 500;

export interface LiveOptions {
  url: string;
  onHello(revision: number): void;
  onChange(change: ChangeEvent): void;
  onState(state: LiveState, lastSeen: number): void;
  /** the server answered, and would not open the line */
  onRefused(): void;
}

export function follow(options: LiveOptions): { again(): void; close(): void } {
  let source: EventSource | null = null;
  let timer = 0;
  let attempt = 0;
  let lastSeen = Date.now();
  let asked = 0;
  let told: LiveState | null = null;
  const state = (s: LiveState) => {
    if (s === told) return;
    told = s;
    options.onState(s, lastSeen);
  };
  const seen = () => {
    lastSeen = Date.now();
    if (told === "live") return;
    attempt = 0;
    state("live");
  };
  const lose = () => {
    source?.close();
    source = null;
    state("lost");
    clearTimeout(timer);
    timer = setTimeout(open, retryDelay(attempt++)) as unknown as number;
  };
  function open(): void {
    source?.close();
    clearTimeout(timer);
    asked = Date.now();
    if (told === null) state("connecting");
    const mine = new EventSource(options.url);
    source = mine;
    mine.addEventListener("hello", (e) => {
      seen();
      options.onHello((JSON.parse((e as MessageEvent<string>).data) as { revision: number }).revision);
    });
    mine.addEventListener("ping", seen);
    mine.addEventListener("change", (e) => {
      seen();
      options.onChange(JSON.parse((e as MessageEvent<string>).data) as ChangeEvent);
    });
    mine.onerror = () => {
      if (mine !== source) return;
      const refused = mine.readyState === EventSource.CLOSED;
      lose();
      if (refused) options.onRefused();
    };
  }
  const look = setInterval(() => {
    if (source && Date.now() - Math.max(lastSeen, asked) > QUIET_MS) lose();
  }, LOOK_MS);
  // the device itself says that it has no network, or has one again
  const again = () => {
    attempt = 0;
    open();
  };
  addEventListener("offline", lose);
  addEventListener("online", again);
  open();
  return {
    again,
    close() {
      clearTimeout(timer);
      clearInterval(look);
      removeEventListener("offline", lose);
      removeEventListener("online", again);
      source?.close();
      source = null;
    },
  };
}
