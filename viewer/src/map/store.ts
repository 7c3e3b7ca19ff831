// The tiles at hand: fetched as the view needs them, nearest to the middle first, kept while there is room, and fetched anew when the city changed.
import { bundle, makeTile, type Choice, type Tile } from "./tile";
import { COARSEST, type TileKey } from "./sheet";

const AT_ONCE = 6;
const KEPT = 160;

interface Held { key: TileKey; tile: Tile | null; stale: boolean; used: number; failed: number; fetching: AbortController | null }

export interface Store {
  /** asks for what is needed and lets go of what is not */
  need(keys: TileKey[]): void;
  get(key: TileKey): Tile | null;
  /** the finest tile at hand above a key */
  above(key: TileKey): { key: TileKey; tile: Tile } | null;
  /** what is at hand may have changed */
  outdate(): void;
  /** nothing that was fetched is shown any more */
  forget(): void;
  /** gathers lines anew: another choice is shown */
  regather(): void;
  pending(): { done: number; total: number };
}

const name = (k: TileKey) => `${k.z}/${k.x}/${k.y}`;

export function openStore(root: string, choice: Choice, changed: () => void, refused: (url: string) => void): Store {
  const held = new Map<string, Held>();
  let needed: TileKey[] = [];
  let clock = 0;
  let running = 0;

  const wants = (h: Held) => (!h.tile || h.stale) && !h.fetching && performance.now() > h.failed;
  function pump(): void {
    for (const k of needed) {
      if (running >= AT_ONCE) return;
      const h = held.get(name(k));
      if (h && wants(h)) void load(h);
    }
  }
  async function load(h: Held): Promise<void> {
    const stop = new AbortController();
    const url = `${root}/${name(h.key)}.mvt`;
    h.fetching = stop;
    h.stale = false;
    running++;
    try {
      const answer = await fetch(url, { signal: stop.signal, credentials: "same-origin" });
      if (!answer.ok) throw answer.status;
      h.tile = makeTile(answer.status === 204 ? new ArrayBuffer(0) : await answer.arrayBuffer(), choice);
    } catch (e) {
      if (!stop.signal.aborted) {
        const held = e === 403 || e === 429;
        const pause = held ? 60_000 : 5000; // then it is asked for again
        h.failed = performance.now() + pause;
        if (held) refused(url);
        setTimeout(pump, pause + 100);
      }
    }
    h.fetching = null;
    running--;
    changed();
    pump();
  }
  function forget(): void {
    if (held.size <= KEPT) return;
    const old = [...held.entries()].filter(([, h]) => h.used < clock).sort((a, b) => a[1].used - b[1].used);
    for (const [k, h] of old.slice(0, held.size - KEPT)) {
      h.fetching?.abort();
      held.delete(k);
    }
  }
  return {
    need(keys) {
      clock++;
      needed = keys;
      for (const key of keys) {
        const h = held.get(name(key));
        if (h) h.used = clock;
        else held.set(name(key), { key, tile: null, stale: false, used: clock, failed: 0, fetching: null });
      }
      for (const h of held.values()) if (h.used < clock && !h.tile && h.fetching) h.fetching.abort();
      for (const [k, h] of held) if (h.used < clock && !h.tile && !h.fetching) held.delete(k);
      forget();
      pump();
    },
    get: (key) => held.get(name(key))?.tile ?? null,
    above(key) {
      for (let { z, x, y } = key; z > COARSEST;) {
        [z, x, y] = [z - 1, x >> 1, y >> 1];
        const h = held.get(name({ z, x, y }));
        if (h?.tile) {
          h.used = clock;
          return { key: { z, x, y }, tile: h.tile };
        }
      }
      return null;
    },
    outdate() {
      for (const h of held.values()) {
        if (h.fetching) h.fetching.abort();
        h.stale = true;
        h.failed = 0;
      }
      pump();
    },
    forget() {
      for (const h of held.values()) h.fetching?.abort();
      held.clear();
    },
    regather() {
      for (const h of held.values()) if (h.tile) h.tile.bundles = bundle(h.tile.features, choice);
    },
    pending() {
      const open = needed.filter((k) => {
        const h = held.get(name(k));
        return !h || ((!h.tile || h.stale || h.fetching !== null) && h.failed === 0);
      }).length;
      return { done: needed.length - open, total: needed.length };
    },
  };
}
