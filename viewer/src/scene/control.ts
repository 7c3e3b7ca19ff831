// Hands on the camera: mouse, touch and wheel become moves about a pivot that keeps its pixel for the whole gesture.
import type { Vec3 } from "./vector";

export interface Grip {
  /** what lies under the pixel: a pipe, else the ground, else a point ahead */
  under(x: number, y: number): Vec3;
  pan(grabbed: Vec3, x: number, y: number): void;
  orbit(pivot: Vec3, dx: number, dy: number): void;
  zoom(target: Vec3, factor: number): void;
  pivot(p: Vec3 | null): void;
  tap(x: number, y: number, touch: boolean): void;
  doubleTap(x: number, y: number): void;
  hover(x: number, y: number): void;
  leave(): void;
  stopFlight(): void;
}

const SLOP = { mouse: 4, touch: 10 };

interface Finger { x: number; y: number; startX: number; startY: number }

export function attachControl(element: HTMLElement, grip: Grip): () => void {
  const fingers = new Map<number, Finger>();
  let mode: "none" | "pan" | "orbit" | "pinch" = "none";
  let anchor: Vec3 | null = null;
  let moved = false;
  let pinch = { span: 1, x: 0, y: 0, angle: 0 };
  let wheelTarget: { at: number; x: number; y: number; point: Vec3 } | null = null;
  let lastTap = { at: 0, x: 0, y: 0 };

  const place = (e: PointerEvent | WheelEvent | MouseEvent): [number, number] => {
    const r = element.getBoundingClientRect();
    return [e.clientX - r.left, e.clientY - r.top];
  };
  const middle = () => {
    const [a, b] = [...fingers.values()];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, span: Math.max(8, Math.hypot(a.x - b.x, a.y - b.y)), angle: Math.atan2(b.y - a.y, b.x - a.x) };
  };

  const down = (e: PointerEvent) => {
    const [x, y] = place(e);
    element.focus({ preventScroll: true });
    element.setPointerCapture(e.pointerId);
    grip.stopFlight();
    fingers.set(e.pointerId, { x, y, startX: x, startY: y });
    if (fingers.size === 1) {
      moved = false;
      mode = e.button === 2 || e.button === 1 || e.ctrlKey || e.shiftKey ? "orbit" : "pan";
      anchor = grip.under(x, y);
    } else if (fingers.size === 2) {
      mode = "pinch";
      moved = true;
      pinch = middle();
      anchor = grip.under(pinch.x, pinch.y);
      grip.pivot(anchor);
    }
  };
  const move = (e: PointerEvent) => {
    const [x, y] = place(e);
    const f = fingers.get(e.pointerId);
    if (!f) {
      if (e.pointerType !== "touch") grip.hover(x, y);
      return;
    }
    const [dx, dy] = [x - f.x, y - f.y];
    f.x = x;
    f.y = y;
    if (!anchor) return;
    if (mode === "pinch" && fingers.size === 2) {
      const now = middle();
      grip.zoom(anchor, pinch.span / now.span);
      const swing = Math.atan2(Math.sin(now.angle - pinch.angle), Math.cos(now.angle - pinch.angle));
      grip.orbit(anchor, swing * 180, now.y - pinch.y);
      pinch = now;
      return;
    }
    if (!moved) {
      if (Math.hypot(x - f.startX, y - f.startY) < (e.pointerType === "touch" ? SLOP.touch : SLOP.mouse)) return;
      moved = true;
      grip.pivot(anchor);
    }
    if (mode === "orbit") grip.orbit(anchor, dx, dy);
    else if (mode === "pan") grip.pan(anchor, x, y);
  };
  const upHandler = (e: PointerEvent) => {
    const f = fingers.get(e.pointerId);
    fingers.delete(e.pointerId);
    if (!f) return;
    if (fingers.size === 1) {
      const [rest] = [...fingers.values()];
      mode = "pan";
      anchor = grip.under(rest.x, rest.y);
      return;
    }
    if (fingers.size > 1) return;
    grip.pivot(null);
    if (!moved && e.type === "pointerup" && mode !== "none" && e.button !== 2) {
      const now = performance.now();
      const double = now - lastTap.at < 350 && Math.hypot(f.x - lastTap.x, f.y - lastTap.y) < 12;
      lastTap = { at: double ? 0 : now, x: f.x, y: f.y };
      if (double) grip.doubleTap(f.x, f.y);
      else grip.tap(f.x, f.y, e.pointerType === "touch");
    }
    mode = "none";
    anchor = null;
  };
  const wheel = (e: WheelEvent) => {
    e.preventDefault();
    grip.stopFlight();
    const [x, y] = place(e);
    const now = performance.now();
    // one target a run of the wheel: the point under the cursor does not wander while it turns
    if (!wheelTarget || now - wheelTarget.at > 400 || Math.hypot(x - wheelTarget.x, y - wheelTarget.y) > 4) {
      wheelTarget = { at: now, x, y, point: grip.under(x, y) };
    }
    wheelTarget.at = now;
    const lines = e.deltaMode === 1 ? e.deltaY * 33 : e.deltaMode === 2 ? e.deltaY * 400 : e.deltaY;
    grip.zoom(wheelTarget.point, Math.exp(Math.max(-240, Math.min(240, lines)) * 0.0016));
  };
  const menu = (e: Event) => e.preventDefault();
  const leave = () => grip.leave();
  element.addEventListener("pointerdown", down);
  element.addEventListener("pointermove", move);
  element.addEventListener("pointerup", upHandler);
  element.addEventListener("pointercancel", upHandler);
  element.addEventListener("pointerleave", leave);
  element.addEventListener("wheel", wheel, { passive: false });
  element.addEventListener("contextmenu", menu);
  return () => {
    element.removeEventListener("pointerdown", down);
    element.removeEventListener("pointermove", move);
    element.removeEventListener("pointerup", upHandler);
    element.removeEventListener("pointercancel", upHandler);
    element.removeEventListener("pointerleave", leave);
    element.removeEventListener("wheel", wheel);
    element.removeEventListener("contextmenu", menu);
  };
}
