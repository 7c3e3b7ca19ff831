// Where the eye goes by a key, a button or a search: home, north, top, below, to a place, to an asset.
import type { Asset } from "../api/types";
import type { Eye } from "./camera";
import { boxAbout, middleOf, type Marked } from "./marks";
import { angles, facing, orbit, zoom } from "./motion";
import { barsOf, freeDive, type Bar } from "./obstacles";
import type { Place } from "./place";
import type { Sight } from "./sight";
import { heart } from "./street-names";
import type { StreetName } from "./labels";
import { add, clamp, length, sub, type Vec3 } from "./vector";

export interface TravelInput {
  eye: Eye; sight: Sight; place: Place; streets(): StreetName[]; marked(): Marked | null;
  /** what lies within a box of degrees; null when nobody answers in time */
  assetsIn(box: number[]): Promise<Asset[] | null>;
  /** told where the eye dives to, and what stands in its way there */
  dived(at: Vec3, bars: Bar[]): void;
}

const AROUND = 45; // metres about a dive in which what stands in the way is known

export function openTravel({ eye, sight, place, streets, marked, assetsIn, dived }: TravelInput) {
  const { frame, terrain, reference, size } = place;
  const away = (t: Vec3) => length(sub(t, eye.pose().position));
  let asking = 0;
  async function barsAbout(p: Vec3): Promise<Bar[]> {
    const [w, s] = frame.position([p[0] - AROUND, p[1] - AROUND, p[2]]);
    const [e, n] = frame.position([p[0] + AROUND, p[1] + AROUND, p[2]]);
    return barsOf((await assetsIn([w, s, e, n])) ?? [], place);
  }
  const travel = {
    /** a dive waits to hear what stands in its way */
    waiting: () => asking > 0,
    home(animate = true): void {
      // without streets nothing says where the heart is, so the whole is shown
      const to = streets().length ? facing(heart(streets(), place), 28, -34, clamp(size * 0.09, 60, 130)) : facing(place.middle, 0, -55, size);
      if (animate) eye.fly(to);
      else eye.put(to, false);
    },
    north(): void {
      const t = sight.focus();
      eye.fly(facing(t, 0, angles(eye.pose()).pitch, away(t)), eye.diving());
    },
    top(): void {
      const t = sight.focus();
      eye.fly(facing(t, angles(eye.pose()).heading, -89, Math.max(20, away(t))), false);
    },
    async dive(): Promise<void> {
      const m = marked();
      const t = m ? middleOf(m.axis) : sight.focus();
      const { heading } = angles(eye.pose());
      const ground = terrain.z(t[0], t[1]);
      if (eye.diving()) return eye.fly(facing([t[0], t[1], ground], heading, -40, 60), false);
      const floor: Vec3 = [t[0], t[1], ground - 2];
      const from = eye.pose();
      asking++;
      const bars = await barsAbout(floor).finally(() => { asking--; });
      if (eye.pose() !== from) return; // somebody went elsewhere meanwhile
      dived(floor, bars);
      eye.fly(freeDive(bars, floor, heading, terrain.z), true);
    },
    /** a step of the arrow keys; turning goes about the point in the middle of the picture */
    nudge(dx: number, dy: number, turning: boolean): void {
      eye.stop();
      const t = sight.focus();
      if (turning) return eye.turn(orbit(eye.pose(), t, dx * 0.12, dy * 0.12, eye.diving()));
      const step = Math.max(4, away(t) * 0.12);
      const a = (angles(eye.pose()).heading * Math.PI) / 180;
      const way: Vec3 = [(Math.cos(a) * dx - Math.sin(a) * dy) * step, (-Math.sin(a) * dx - Math.cos(a) * dy) * step, 0];
      eye.slide({ ...eye.pose(), position: add(eye.pose().position, way) });
    },
    zoomBy(factor: number): void {
      eye.stop();
      eye.slide(zoom(eye.pose(), sight.focus(), factor, 2.5));
    },
    flyTo(target: Vec3, distance: number): void {
      const a = angles(eye.pose());
      eye.fly(facing(target, a.heading, clamp(a.pitch, -60, -32), distance), false);
    },
    flyToPosition(lon: number, lat: number, height: number | null, distance: number): void {
      travel.flyTo(frame.local(lon, lat, height ?? terrain.height(lon, lat) ?? reference), distance);
    },
    flyToBox(box: readonly number[]): void {
      const [a, b] = [frame.local(box[0], box[1], reference), frame.local(box[2], box[3], reference)];
      const [x, y] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
      travel.flyTo([x, y, terrain.z(x, y)], clamp(Math.hypot(b[0] - a[0], b[1] - a[1]) * 1.1, 30, size * 1.2));
    },
    /** to a line or the rim of an area so that the whole of it is seen */
    flyAlong(axis: Vec3[]): void {
      const { middle, size: wide } = boxAbout(axis);
      travel.flyTo(middle, clamp(wide * 0.9 + 14, 18, 240));
    },
    /** west, south, east, north of what the picture shows; null when it shows no ground */
    bboxInView(): number[] | null {
      const { width: w, height: h } = eye.lens();
      const all = [[0, 0], [w, 0], [0, h], [w, h], [w / 2, h / 2], [w / 2, h * 0.25]].map(([x, y]) => sight.surfaceAt(x, y)).filter((p) => p !== null).map((p) => frame.position(p));
      if (all.length < 2) return null;
      const [lon, lat] = [all.map((p) => p[0]), all.map((p) => p[1])];
      return [Math.min(...lon), Math.min(...lat), Math.max(...lon), Math.max(...lat)];
    },
  };
  return travel;
}
