import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { follow, QUIET_MS, type LiveState } from "../src/live/stream";

/** A line whose other end the test holds. */
class Line extends EventTarget {
  static readonly CLOSED = 2;
  static open: Line[] = [];
  readyState = 1;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) {
    super();
    Line.open.push(this);
  }
  close(): void { this.readyState = Line.CLOSED; }
  say(name: string, data = ""): void { this.dispatchEvent(Object.assign(new Event(name), { data })); }
}

const page = new EventTarget();
let states: [LiveState, number][];
let refused: number;
let line: ReturnType<typeof follow>;
const start = Date.UTC(2026, 10, 25, 14, 2, 0);
const last = () => states[states.length - 1];
const newest = () => Line.open[Line.open.length - 1];

beforeEach(() => {
  vi.useFakeTimers({ now: start });
  vi.stubGlobal("EventSource", Line);
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
  Line.open = [];
  states = [];
  refused = 0;
  line = follow({ url: "x", onHello: () => undefined, onChange: () => undefined, onState: (s, t) => states.push([s, t]), onRefused: () => refused++ });
});
afterEach(() => {
  line.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the live line", () => {
  it("is live as long as the heart beats, and lost with the time it was last heard when it stops", () => {
    newest().say("hello", '{"revision":1}');
    for (let i = 0; i < 10; i++) {
      vi.advanceTimersByTime(3000);
      newest().say("ping");
    }
    expect(last()[0]).toBe("live");
    vi.advanceTimersByTime(QUIET_MS + 1000);
    expect(last()).toEqual(["lost", start + 30_000]);
    expect(Line.open.length).toBe(1);
    vi.advanceTimersByTime(1500);
    expect(Line.open.length, "it asks again").toBe(2);
    newest().say("hello", '{"revision":1}');
    expect(last()[0]).toBe("live");
  });
  it("believes the device that has no network, and asks at once when it has one again", () => {
    newest().say("hello", '{"revision":1}');
    page.dispatchEvent(new Event("offline"));
    expect(last()).toEqual(["lost", start]);
    page.dispatchEvent(new Event("online"));
    expect(Line.open.length).toBe(2);
  });
  it("gives up a line that never answers", () => {
    vi.advanceTimersByTime(QUIET_MS + 1000);
    expect(last()[0]).toBe("lost");
  });
  it("says when the server refuses, and not when it cannot be reached", () => {
    newest().onerror?.();
    expect(refused).toBe(0);
    vi.advanceTimersByTime(1100);
    newest().readyState = Line.CLOSED;
    newest().onerror?.();
    expect(refused).toBe(1);
  });
});
