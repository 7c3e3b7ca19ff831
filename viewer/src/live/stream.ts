// The live line: hello, changes, and the honest answer to "is it still live?". It reconnects by itself, slower each time.
import type { ChangeEvent } from "../api/types";
import { retryDelay } from "./delay";

export type LiveState = "connecting" | "live" | "lost";

export interface LiveOptions {
  url: string;
  onHello(revision: number): void;
  onChange(change: ChangeEvent): void;
  onState(state: LiveState, since: number): void;
}

export function follow(options: LiveOptions): { close(): void } {
  let source: EventSource | null = null;
  let timer = 0;
  let attempt = 0;
  let closed = false;
  let lastSeen = Date.now();
  const state = (s: LiveState) => options.onState(s, lastSeen);

  const open = () => {
    if (closed) return;
    state(attempt === 0 ? "connecting" : "lost");
    source = new EventSource(options.url);
    source.addEventListener("hello", (e) => {
      attempt = 0;
      lastSeen = Date.now();
      state("live");
      options.onHello((JSON.parse((e as MessageEvent<string>).data) as { revision: number }).revision);
    });
    source.addEventListener("change", (e) => {
      lastSeen = Date.now();
      options.onChange(JSON.parse((e as MessageEvent<string>).data) as ChangeEvent);
    });
    source.onerror = () => {
      source?.close();
      state("lost");
      timer = window.setTimeout(open, retryDelay(attempt++));
    };
  };
  open();
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      source?.close();
    },
  };
}
