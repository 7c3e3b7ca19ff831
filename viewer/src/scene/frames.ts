// What a frame costs, in counts: for measuring where no GPU tells it.
import type { CesiumWidget, Scene } from "@cesium/engine";
import type { Networks } from "./networks";

export interface Frames { calls: number; triangles: number; tiles: number; megabytes: number; frame: number }

interface Counter { __drawn?: { calls: number; triangles: number } }

/** Draws n frames at once; frame is how long each holds the main thread, ms: choosing tiles, commands and handing them over, not the drawing of a GPU. */
export function measureFrames(scene: Scene, widget: CesiumWidget, networks: Networks, n: number): Frames {
  const counter = (window as Counter).__drawn ?? { calls: 0, triangles: 0 };
  const from = { ...counter, at: performance.now() };
  for (let i = 0; i < n; i++) {
    scene.requestRender();
    widget.render();
  }
  const frame = (performance.now() - from.at) / n;
  return { calls: Math.round((counter.calls - from.calls) / n), triangles: Math.round((counter.triangles - from.triangles) / n), ...networks.held(), frame };
}
