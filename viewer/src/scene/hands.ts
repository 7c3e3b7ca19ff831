// Gestures on the scene: what a drag, a wheel, a tap and a resting pointer do to the eye and tell the page.
import type { Listener } from "./city";
import type { Eye } from "./camera";
import { attachControl } from "./control";
import { allowed, drag, orbit, zoom } from "./motion";
import type { Place } from "./place";
import type { Sight } from "./sight";
import { clamp, type Vec3 } from "./vector";

export interface HandsInput {
  container: HTMLElement; eye: Eye; sight: Sight; place: Place; listener: Listener;
  pivot(p: Vec3 | null): void;
  flyTo(target: Vec3, distance: number): void;
  /** what the pointer rests on below the ground */
  ruler(p: Vec3 | null): void;
}

/** A click at the same place within this time takes what lies below the last one. */
const AGAIN = { pixels: 6, ms: 8000 };
const HOVER_MS = 80;
/** How long after a click the picture still gives way to what the click opened, and how far from the edge, in pixels. */
const KEEP_MS = 3000;
const EDGE = 60;

export function attachHands({ container, eye, sight, place, listener, pivot, flyTo, ruler }: HandsInput) {
  let hoverTimer = 0;
  // in pixels of the page: the scene itself moves when the panel beside it opens
  let last = { x: -99, y: -99, ids: [] as string[], at: -AGAIN.ms, held: null as Vec3 | null, inside: false };
  const corner = (): [number, number] => {
    const r = container.getBoundingClientRect();
    return [r.left, r.top];
  };
  const forget = () => {
    clearTimeout(hoverTimer);
    listener.hover(null, 0, 0);
    ruler(null);
  };
  function tap(x: number, y: number, touch: boolean): void {
    const [left, top] = corner();
    // the same place on the page and in the city: where the view went elsewhere meanwhile, it is another click
    const held = last.held && eye.lens().project(last.held);
    const stays = held && Math.hypot(held[0] - x, held[1] - y) < 2 * AGAIN.pixels;
    const again = stays && Math.hypot(x + left - last.x, y + top - last.y) < AGAIN.pixels && performance.now() - last.at < AGAIN.ms;
    if (again && last.ids.length > 0) {
      // of something made of parts the second click takes the part, the third what lies below
      if (!last.inside && listener.inside(last.ids[0], x, y)) {
        last.inside = true;
        return;
      }
      if (last.ids.length === 1) {
        // the first is one of them, also when the picture has moved by a pixel or two since
        last.ids = [last.ids[0], ...sight.pickAll(x, y, touch).filter((id) => id !== last.ids[0])];
      }
      last.ids.push(last.ids.shift() as string);
      last.at = performance.now();
      return listener.click(last.ids[0], true);
    }
    const id = sight.pick(x, y, touch);
    last = { x: x + left, y: y + top, ids: id ? [id] : [], at: performance.now(), held: id ? sight.under(x, y) : null, inside: false };
    if (id && listener.inside(id, x, y)) {
      last.inside = true;
      return;
    }
    listener.click(id, false);
  }
  function rest(x: number, y: number): void {
    const id = eye.flying() ? null : sight.pick(x, y);
    listener.hover(id, x, y);
    const solid = id ? sight.solidAt(x, y) : null;
    ruler(solid);
    const p = solid ?? sight.surfaceAt(x, y);
    if (!p) return listener.point(null);
    const [lon, lat, h] = place.frame.position(p);
    const g = place.terrain.height(lon, lat);
    listener.point({ lon, lat, ground: g, depth: solid && g !== null ? g - h : null });
  }
  attachControl(container, {
    under: sight.under,
    pan: (grabbed, x, y) => {
      forget();
      eye.slide(drag(eye.pose(), grabbed, eye.lens().ray(x, y), Math.abs(eye.pose().direction[2]) > 0.12 || !eye.diving()));
    },
    orbit: (p, dx, dy) => {
      forget();
      const k = Math.PI / Math.max(500, container.clientHeight) / 1.1;
      const turned = (tilt: number) => orbit(eye.pose(), p, dx * k, tilt * k, eye.diving());
      const room = (q: ReturnType<Eye["pose"]>) => allowed(q, place.bounds, eye.diving());
      const next = turned(dy);
      eye.turn(!room(next) && room(eye.pose()) ? turned(0) : next);
    },
    zoom: (target, factor) => {
      forget();
      eye.slide(zoom(eye.pose(), target, factor, eye.diving() ? 1.2 : 2.5));
    },
    pivot,
    tap,
    doubleTap: (x, y) => {
      const id = sight.pick(x, y);
      if (id) listener.fly(id);
      else flyTo(sight.under(x, y), 40);
    },
    hover: (x, y) => {
      clearTimeout(hoverTimer);
      hoverTimer = window.setTimeout(() => rest(x, y), HOVER_MS);
    },
    leave: () => {
      forget();
      listener.point(null);
    },
    stopFlight: eye.stop,
  });
  return {
    lastTap: (): { x: number; y: number } => ({ x: last.x - corner()[0], y: last.y - corner()[1] }),
    /** after the scene got another size: what was just clicked stays under the pointer, or comes out from under the panel */
    keepTapped(): void {
      if (!last.held || performance.now() - last.at > KEEP_MS || eye.flying()) return;
      const [left, top] = corner();
      const x = clamp(last.x - left, EDGE, Math.max(EDGE, container.clientWidth - EDGE));
      const y = clamp(last.y - top, EDGE, Math.max(EDGE, container.clientHeight - EDGE));
      eye.slide(drag(eye.pose(), last.held, eye.lens().ray(x, y), !eye.diving()));
    },
  };
}
