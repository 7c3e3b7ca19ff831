// Gestures on the map: drag, wheel, two fingers, click, double click, resting pointer.
import { clampZoom, worldAt, zoomAbout, type Sheet, type Size } from "./sheet";

export interface Hands {
  sheet(): Sheet; size(): Size;
  move(next: Sheet): void;
  tap(x: number, y: number, touch: boolean): void;
  double(x: number, y: number): void;
  hover(x: number, y: number): void;
  leave(): void;
}

const SLACK = 4; // pixels that a click may wander
const HOVER_MS = 80;

export function attachHands(el: HTMLElement, h: Hands): void {
  const down = new Map<number, { x: number; y: number }>();
  let start: { x: number; y: number; moved: boolean } | null = null;
  let timer = 0;
  const at = (e: PointerEvent | WheelEvent | MouseEvent) => {
    const r = el.getBoundingClientRect();
    return { x: e.clientX - r.left, y: e.clientY - r.top };
  };
  el.addEventListener("pointerdown", (e) => {
    if (e.pointerType === "mouse" && e.button !== 0) return;
    el.setPointerCapture(e.pointerId);
    down.set(e.pointerId, at(e));
    start = down.size === 1 ? { ...at(e), moved: false } : start && { ...start, moved: true };
    clearTimeout(timer);
    h.leave();
  });
  el.addEventListener("pointermove", (e) => {
    const p = at(e);
    const last = down.get(e.pointerId);
    if (!last) {
      clearTimeout(timer);
      if (down.size === 0) timer = window.setTimeout(() => h.hover(p.x, p.y), HOVER_MS);
      return;
    }
    if (start && !start.moved) {
      if (Math.hypot(p.x - start.x, p.y - start.y) < SLACK) return;
      start.moved = true;
    }
    const s = h.sheet();
    if (down.size === 1) {
      const [x, y] = worldAt(s, h.size(), h.size().width / 2 - (p.x - last.x), h.size().height / 2 - (p.y - last.y));
      h.move({ ...s, x, y });
    } else {
      const other = [...down.entries()].find(([id]) => id !== e.pointerId)?.[1];
      if (other) {
        const factor = Math.hypot(p.x - other.x, p.y - other.y) / Math.max(1, Math.hypot(last.x - other.x, last.y - other.y));
        const [mx, my] = [(last.x + other.x) / 2, (last.y + other.y) / 2];
        const zoomed = zoomAbout(s, h.size(), mx, my, s.zoom + Math.log2(factor));
        const [x, y] = worldAt(zoomed, h.size(), h.size().width / 2 - (p.x - last.x) / 2, h.size().height / 2 - (p.y - last.y) / 2);
        h.move({ ...zoomed, x, y });
      }
    }
    down.set(e.pointerId, p);
  });
  const up = (e: PointerEvent, ended: boolean) => {
    if (!down.delete(e.pointerId) || down.size) return;
    const s = start;
    start = null;
    if (ended && s && !s.moved) h.tap(s.x, s.y, e.pointerType !== "mouse");
  };
  el.addEventListener("pointerup", (e) => up(e, true));
  el.addEventListener("pointercancel", (e) => up(e, false));
  el.addEventListener("pointerleave", () => {
    clearTimeout(timer);
    h.leave();
  });
  el.addEventListener("wheel", (e) => {
    e.preventDefault();
    const p = at(e);
    const lines = e.deltaMode === 1 ? e.deltaY * 30 : e.deltaY;
    h.move(zoomAbout(h.sheet(), h.size(), p.x, p.y, clampZoom(h.sheet().zoom - Math.max(-240, Math.min(240, lines)) / 240)));
  }, { passive: false });
  el.addEventListener("dblclick", (e) => {
    const p = at(e);
    h.double(p.x, p.y);
  });
}
