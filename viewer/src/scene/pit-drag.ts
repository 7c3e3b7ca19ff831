// The pit by its handles: a side moves its wall, the middle moves the whole, the lowest one its floor.
import type { Handle } from "./overlay";
import { pitAxes } from "./pit-math";
import type { Place } from "./place";
import { add, clamp, dot, scale, sub, type Vec3 } from "./vector";
import type { Pit } from "./view";

export interface PitDragInput {
  svg: SVGSVGElement; container: HTMLElement; place: Place;
  pit(): Pit | null;
  /** the pit's middle on the ground */
  center(): Vec3 | null;
  /** where a pixel of the container lies on the level through c; null beyond the horizon */
  onLevel(x: number, y: number, c: Vec3): Vec3 | null;
  /** metres upright at c that a pixel covers */
  upright(c: Vec3): number;
  change(next: Pit): void;
}

/** The pit after a handle was drawn by m metres on the ground; the opposite wall stays. */
function drawn(start: Pit, handle: Exclude<Handle, "depth">, center: Vec3, m: Vec3, place: Place): Pit {
  const [u, v] = pitAxes(start);
  const [du, dv] = [dot(m, u), dot(m, v)];
  const grow = { east: [du, 0, 1, 0], west: [-du, 0, -1, 0], north: [0, dv, 0, 1], south: [0, -dv, 0, -1], move: [0, 0, 0, 0] }[handle];
  const width = clamp(start.width + grow[0], 2, 200);
  const long = clamp(start.length + grow[1], 2, 200);
  const at = handle === "move" ? add(center, m) : add(center, add(scale(u, (grow[2] * (width - start.width)) / 2), scale(v, (grow[3] * (long - start.length)) / 2)));
  const [lon, lat] = place.frame.position(at);
  return { ...start, lon, lat, width, length: long };
}

export function attachPitDrag({ svg, container, place, pit, center, onLevel, upright, change }: PitDragInput): void {
  svg.addEventListener("pointerdown", (e) => {
    const handle = (e.target as Element).closest<SVGGElement>("[data-handle]")?.dataset.handle as Handle | undefined;
    const now = pit();
    const c = center();
    if (!handle || !now || !c) return;
    e.preventDefault();
    e.stopPropagation();
    const start = { ...now };
    const box = container.getBoundingClientRect();
    const at = (ev: PointerEvent) => onLevel(ev.clientX - box.left, ev.clientY - box.top, c);
    const from = at(e);
    const y0 = e.clientY;
    const drags = (ev: PointerEvent) => {
      if (handle === "depth") return change({ ...start, depth: start.depth + (ev.clientY - y0) * upright(c) });
      const p = at(ev);
      if (p && from) change(drawn(start, handle, c, sub(p, from), place));
    };
    const done = () => {
      window.removeEventListener("pointermove", drags);
      window.removeEventListener("pointerup", done);
      window.removeEventListener("pointercancel", done);
    };
    window.addEventListener("pointermove", drags);
    window.addEventListener("pointerup", done);
    window.addEventListener("pointercancel", done);
  });
}
