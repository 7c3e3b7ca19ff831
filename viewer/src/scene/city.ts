// The city on the screen: the one door through which the rest of the page sees, moves and marks the scene.
import { Cartesian2, Cartesian3, Color, Matrix4, type Cesium3DTileFeature } from "@cesium/engine";
import type { Asset, Catalog, GroundGrid, Streets } from "../api/types";
import { attachControl } from "./control";
import { localFrame } from "./geodesy";
import { lens as makeLens, type Lens } from "./lens";
import { allowed, angles, between, drag, facing, keep, look, orbit, step, zoom, type Bounds, type Pose } from "./motion";
import { addNetworks } from "./networks";
import { openOverlay, type Handle, type Marked, type StreetName } from "./overlay";
import { palettes, type Theme } from "./palette";
import { addPit } from "./pit";
import { throughPit } from "./pit-math";
import { addSurface } from "./surface";
import { terrain as makeTerrain } from "./terrain";
import { add, clamp, dot, length, scale, sub, type Vec3 } from "./vector";
import type { Pit, View } from "./view";
import { openWidget } from "./widget";

export interface Pointed { lon: number; lat: number; ground: number | null; depth: number | null }
export interface Listener {
  click(id: string | null, again: boolean): void;
  fly(id: string): void;
  hover(id: string | null, x: number, y: number): void;
  point(p: Pointed | null): void;
  view(v: View, aboveGround: number, scaleBar: { metres: number; pixels: number }): void;
  pit(p: Pit): void;
  progress(done: number, total: number): void;
}
export interface CityInput {
  container: HTMLElement; credits: HTMLElement;
  catalog: Catalog; ground: GroundGrid; streets: Streets;
  theme: Theme; words: () => { ground: string; street(zh: string, en: string): string };
  listener: Listener;
}

const FLIGHT_MS = 1200;
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function positions(a: Asset): number[][] {
  const c = a.geometry?.coordinates;
  if (!Array.isArray(c)) return [];
  if (typeof c[0] === "number") return [c as number[]];
  const first = (c as unknown[])[0];
  if (Array.isArray(first) && typeof first[0] === "number") return c as number[][];
  return (c as number[][][]).flat();
}

export type City = ReturnType<typeof openCity>;

export function openCity(input: CityInput) {
  const { container, catalog, listener } = input;
  const f = catalog.frame;
  const center = f.center ?? [122.12, 37.51, 0];
  const frame = localFrame(center[0], center[1], f.separation);
  const terrain = makeTerrain(input.ground, frame, center[2]);
  const around = 0.004;
  const extent = f.extent ?? [center[0] - around, center[1] - around, center[0] + around, center[1] + around];
  const sw = frame.local(extent[0], extent[1], center[2]);
  const ne = frame.local(extent[2], extent[3], center[2]);
  const middle: Vec3 = [(sw[0] + ne[0]) / 2, (sw[1] + ne[1]) / 2, terrain.z((sw[0] + ne[0]) / 2, (sw[1] + ne[1]) / 2)];
  const size = Math.max(120, Math.hypot(ne[0] - sw[0], ne[1] - sw[1]));

  const { scene, widget } = openWidget(container, input.credits);
  const surface = addSurface(scene, { grid: input.ground, streets: input.streets, frame, terrain, extent: extent as [number, number, number, number] });
  const networks = addNetworks(scene, "3dtiles");
  const pitBox = addPit(scene, frame, terrain);
  const overlay = openOverlay(container);
  const bounds: Bounds = { center: middle, radius: size * 1.1 + 300, ceiling: size * 1.8 + 400, ground: (x, y) => terrain.z(x, y) };

  let pose: Pose = look([0, 0, 100], 0, -45);
  let diving = false;
  let theme: Theme = input.theme;
  let pit: Pit | null = null;
  let marked: Marked | null = null;
  let hovered: Marked | null = null;
  let pivot: Vec3 | null = null;
  let poleAt: Vec3 | null = null;
  let flight: { stop(): void } | null = null;
  let restAlpha = 0.24;
  let lastPick = { x: -99, y: -99, ids: [] as string[], at: 0 };
  let progressText = "";
  const visible = new Map(catalog.networks.map((n) => [n.code, true]));
  const color = (code: string) => {
    const n = catalog.networks.find((x) => x.code === code);
    return n ? (theme === "dark" ? n.colorDark : n.colorLight) : "#9AA7B8";
  };

  const rect = () => ({ w: Math.max(1, container.clientWidth), h: Math.max(1, container.clientHeight) });
  const fovy = () => {
    const { w, h } = rect();
    const wide = (58 * Math.PI) / 180;
    return w > h ? 2 * Math.atan(Math.tan(wide / 2) / (w / h)) : wide;
  };
  const lensNow = (): Lens => {
    const { w, h } = rect();
    return makeLens(pose, w, h, fovy());
  };
  const cartesian = (p: Vec3) => new Cartesian3(p[0], p[1], p[2]);

  const view = (): View => {
    const [lon, lat, height] = frame.position(pose.position);
    const a = angles(pose);
    return { lon, lat, height, heading: a.heading, pitch: a.pitch, belowGround: pose.position[2] < terrain.z(pose.position[0], pose.position[1]) };
  };
  const focus = (): Vec3 => {
    const l = lensNow();
    return underSurface(l.width / 2, l.height / 2) ?? add(pose.position, scale(pose.direction, diving ? 15 : 60));
  };
  function scaleBar(): { metres: number; pixels: number } {
    const l = lensNow();
    const away = Math.max(1, length(sub(focus(), pose.position)));
    const perPixel = away * l.pixel;
    const raw = perPixel * 90;
    const power = 10 ** Math.floor(Math.log10(raw));
    const metres = [5, 2, 1].map((m) => m * power).find((m) => m <= raw) ?? power;
    return { metres, pixels: metres / perPixel };
  }

  function apply(next: Pose): void {
    pose = next;
    scene.camera.setView({ destination: cartesian(frame.ecef(pose.position)), orientation: { direction: cartesian(frame.direction(pose.direction)), up: cartesian(frame.direction(pose.up)) } });
    const frustum = scene.camera.frustum as { fov?: number };
    if (frustum.fov !== undefined) frustum.fov = (58 * Math.PI) / 180;
    const height = Math.max(20, Math.abs(pose.position[2] - terrain.z(pose.position[0], pose.position[1])));
    const near = diving ? 40 : Math.max(500, height * 3.2);
    const far = diving ? 260 : Math.max(2600, height * 11);
    surface.setFog(near, far);
    networks.setFog(near, far);
    networks.setNear(diving ? 1 : 0);
    surface.setAlpha(diving ? Math.min(0.25, restAlpha) : restAlpha);
    scene.requestRender();
    listener.view(view(), pose.position[2] - terrain.z(pose.position[0], pose.position[1]), scaleBar());
  }
  const move = (next: Pose) => apply(step(pose, next, bounds, diving));
  const slide = (next: Pose) => apply(allowed(next, bounds, diving) ? next : keep(next, bounds, diving));

  function fly(to: Pose, dive = false): void {
    flight?.stop();
    const from = pose;
    const changes = diving !== dive;
    diving = dive;
    const goal = keep(to, bounds, diving);
    if (calm()) {
      apply(goal);
      return;
    }
    const start = performance.now();
    let id = 0;
    const tick = () => {
      const t = clamp((performance.now() - start) / FLIGHT_MS, 0, 1);
      const p = between(from, goal, t);
      apply(t < 1 ? (changes ? p : keep(p, bounds, diving)) : goal);
      if (t < 1) id = requestAnimationFrame(tick);
      else flight = null;
    };
    flight = { stop: () => { cancelAnimationFrame(id); flight = null; } };
    tick();
  }

  // ── what lies under a pixel
  function underSurface(x: number, y: number): Vec3 | null {
    const ray = lensNow().ray(x, y);
    const hit = terrain.hit(pose.position, ray);
    const c = pitBox.center();
    if (pit && c) {
      const box = throughPit(pose.position, ray, pit, c);
      if (box) return add(pose.position, scale(ray, box[1]));
    }
    return hit;
  }
  const solidAt = (x: number, y: number): Vec3 | null => {
    if (!scene.pickPositionSupported) return null;
    const p = scene.pickPosition(new Cartesian2(x, y));
    if (!p) return null;
    const q = frame.fromEcef([p.x, p.y, p.z]);
    return length(sub(q, pose.position)) < size * 4 && q.every(Number.isFinite) ? q : null;
  };
  function under(x: number, y: number): Vec3 {
    const solid = solidAt(x, y);
    const ground = underSurface(x, y);
    const away = (p: Vec3) => length(sub(p, pose.position));
    // only what is really below this pixel counts: the depth of a far background must not throw the pivot away
    if (solid && (!ground || away(solid) < away(ground) * 3 + 30)) return solid;
    if (ground && away(ground) < size * 3) return ground;
    return add(pose.position, scale(lensNow().ray(x, y), diving ? 15 : 120));
  }

  const idOf = (thing: unknown): string | null => {
    const feature = thing as Partial<Cesium3DTileFeature> & { tileset?: unknown } | undefined;
    if (!feature || typeof feature.getProperty !== "function") return null;
    const id: unknown = feature.getProperty("id");
    return typeof id === "string" ? id : null;
  };
  /** with a pit open, what is only ghosted is not picked */
  const reachable = (x: number, y: number) => {
    const c = pitBox.center();
    return !pit || !c || throughPit(pose.position, lensNow().ray(x, y), pit, c) !== null;
  };
  function throughGround<T>(look: () => T): T {
    surface.setShown(false);
    try {
      return look();
    } finally {
      surface.setShown(true);
    }
  }
  function pick(x: number, y: number, touch = false): string | null {
    if (!reachable(x, y)) return null;
    const n = touch ? 12 : 7;
    const at = new Cartesian2(x, y);
    return throughGround(() => idOf(scene.pick(at, 1, 1)) ?? idOf(scene.pick(at, n, n)));
  }
  function pickAll(x: number, y: number, touch: boolean): string[] {
    if (!reachable(x, y)) return [];
    const n = touch ? 12 : 7;
    const out: string[] = [];
    for (const thing of throughGround(() => scene.drillPick(new Cartesian2(x, y), 8, n, n) as unknown[])) {
      const id = idOf(thing);
      if (id && !out.includes(id)) out.push(id);
    }
    return out;
  }

  // ── hands
  let hoverTimer = 0;
  const unpickable = () => {
    clearTimeout(hoverTimer);
    listener.hover(null, 0, 0);
  };
  attachControl(container, {
    under,
    pan: (grabbed, x, y) => {
      unpickable();
      slide(drag(pose, grabbed, lensNow().ray(x, y), Math.abs(pose.direction[2]) > 0.12 || !diving));
    },
    orbit: (p, dx, dy) => {
      unpickable();
      const k = Math.PI / Math.max(500, rect().h) / 1.1;
      let next = orbit(pose, p, dx * k, dy * k, diving);
      if (!allowed(next, bounds, diving) && allowed(pose, bounds, diving)) next = orbit(pose, p, dx * k, 0, diving);
      move(next);
    },
    zoom: (target, factor) => {
      unpickable();
      slide(zoom(pose, target, factor, diving ? 1.2 : 2.5));
    },
    pivot: (p) => {
      pivot = p;
      if (p) poleAt = p;
      scene.requestRender();
    },
    tap: (x, y, touch) => {
      const again = Math.hypot(x - lastPick.x, y - lastPick.y) < 6 && performance.now() - lastPick.at < 8000;
      if (again && lastPick.ids.length > 0) {
        if (lastPick.ids.length === 1) lastPick.ids = pickAll(x, y, touch).length ? pickAll(x, y, touch) : lastPick.ids;
        lastPick.ids.push(lastPick.ids.shift() as string);
        lastPick.at = performance.now();
        listener.click(lastPick.ids[0], true);
        return;
      }
      const id = pick(x, y, touch);
      lastPick = { x, y, ids: id ? [id] : [], at: performance.now() };
      listener.click(id, false);
    },
    doubleTap: (x, y) => {
      const id = pick(x, y);
      if (id) listener.fly(id);
      else api.flyTo(under(x, y), 40);
    },
    hover: (x, y) => {
      clearTimeout(hoverTimer);
      hoverTimer = window.setTimeout(() => {
        const id = flight ? null : pick(x, y);
        listener.hover(id, x, y);
        const solid = id ? solidAt(x, y) : null;
        const ground = underSurface(x, y);
        const p = solid ?? ground;
        if (!p) return listener.point(null);
        const [lon, lat, h] = frame.position(p);
        const g = terrain.height(lon, lat);
        listener.point({ lon, lat, ground: g, depth: solid && g !== null ? g - h : null });
      }, 80);
    },
    leave: () => {
      unpickable();
      listener.point(null);
    },
    stopFlight: () => flight?.stop(),
  });

  // ── pit by its handles
  overlay.svg.addEventListener("pointerdown", (e) => {
    const handle = (e.target as Element).closest<SVGGElement>("[data-handle]")?.dataset.handle as Handle | undefined;
    if (!handle || !pit) return;
    e.preventDefault();
    e.stopPropagation();
    const start = { ...pit };
    const c = pitBox.center() as Vec3;
    const box = container.getBoundingClientRect();
    const [u, v]: [Vec3, Vec3] = [[Math.cos((start.turn * Math.PI) / 180), -Math.sin((start.turn * Math.PI) / 180), 0], [Math.sin((start.turn * Math.PI) / 180), Math.cos((start.turn * Math.PI) / 180), 0]];
    const onPlane = (ev: PointerEvent): Vec3 | null => {
      const ray = lensNow().ray(ev.clientX - box.left, ev.clientY - box.top);
      const t = (c[2] - pose.position[2]) / ray[2];
      return Number.isFinite(t) && t > 0 && t < size * 4 ? add(pose.position, scale(ray, t)) : null;
    };
    const from = onPlane(e);
    const y0 = e.clientY;
    const drags = (ev: PointerEvent) => {
      const p = onPlane(ev);
      if (handle === "depth") {
        const l = lensNow();
        const metre = l.depth(c) * l.pixel / Math.max(0.25, Math.sqrt(1 - pose.direction[2] ** 2));
        api.setPit({ ...start, depth: start.depth + (ev.clientY - y0) * metre });
      } else if (p && from) {
        const m = sub(p, from);
        const [du, dv] = [dot(m, u), dot(m, v)];
        const grow = { east: [du, 0, 1, 0], west: [-du, 0, -1, 0], north: [0, dv, 0, 1], south: [0, -dv, 0, -1], move: [0, 0, 0, 0] }[handle];
        const width = clamp(start.width + grow[0], 2, 200);
        const long = clamp(start.length + grow[1], 2, 200);
        const at = handle === "move" ? add(c, m) : add(c, add(scale(u, (grow[2] * (width - start.width)) / 2), scale(v, (grow[3] * (long - start.length)) / 2)));
        const [lon, lat] = frame.position(at);
        api.setPit({ ...start, lon, lat, width, length: long });
      }
      if (pit) listener.pit(pit);
    };
    const done = () => {
      window.removeEventListener("pointermove", drags);
      window.removeEventListener("pointerup", done);
    };
    window.addEventListener("pointermove", drags);
    window.addEventListener("pointerup", done);
  });

  // ── names of streets
  let streets: StreetName[] = [];
  const nameStreets = () => {
    const words = input.words();
    streets = input.streets.features.flatMap((s) => {
      const text = words.street(s.properties.name, s.properties.nameEn);
      const line = s.geometry.coordinates.map(([x, y]) => frame.local(x, y, 0));
      const rank = s.properties.class === "main" ? 0 : s.properties.class === "secondary" ? 1 : 2;
      if (!text || line.length < 2) return [];
      const out: StreetName[] = [];
      let run = 70;
      for (let i = 0; i + 1 < line.length; i++) {
        const way = sub(line[i + 1], line[i]);
        const l = Math.hypot(way[0], way[1]);
        for (let at = 180 - run; at < l; at += 180) {
          if (at < 0) continue;
          const [x, y] = [line[i][0] + (way[0] * at) / l, line[i][1] + (way[1] * at) / l];
          out.push({ text, at: [x, y, terrain.z(x, y)], along: [way[0] / l, way[1] / l, 0], rank });
        }
        run = (run + l) % 180;
      }
      return out;
    });
  };
  nameStreets();

  scene.postRender.addEventListener(() => {
    const c = pitBox.center();
    const own = marked?.axis[Math.floor(marked.axis.length / 2)] ?? null;
    overlay.draw({
      lens: lensNow(), terrain, marked, hovered, pole: pivot ?? own ?? poleAt, pivot, pit: pit && c ? { pit, center: c } : null,
      streets, diving, words: input.words(),
    });
    const p = networks.pending();
    const text = `${p.done}/${p.total}`;
    if (text !== progressText) {
      progressText = text;
      listener.progress(p.done, p.total);
    }
  });
  new ResizeObserver(() => {
    widget.resize();
    apply(pose);
    widget.render();
  }).observe(container);

  /** where home looks: the crossing of two big streets nearest to the middle, else the middle */
  function heart(): Vec3 {
    const main = streets.filter((s) => s.rank === 0);
    let best: Vec3 = middle;
    let least = Infinity;
    for (const a of main) {
      for (const b of main) {
        if (a.text === b.text || Math.abs(a.along[0] * b.along[0] + a.along[1] * b.along[1]) > 0.8) continue;
        // where the two lines would meet, if both are near enough for that to be true
        const cross = a.along[0] * b.along[1] - a.along[1] * b.along[0];
        const d = sub(b.at, a.at);
        const t = (d[0] * b.along[1] - d[1] * b.along[0]) / cross;
        const u = (d[0] * a.along[1] - d[1] * a.along[0]) / cross;
        if (Math.abs(t) > 100 || Math.abs(u) > 100) continue;
        const [x, y] = [a.at[0] + a.along[0] * t, a.at[1] + a.along[1] * t];
        const away = Math.hypot(x - middle[0], y - middle[1]);
        if (away < least) {
          least = away;
          best = [x, y, terrain.z(x, y)];
        }
      }
    }
    return best;
  }

  const asMarked = (a: Asset): Marked | null => {
    const axis = positions(a).map(([lon, lat, h]) => frame.local(lon, lat, h ?? terrain.height(lon, lat) ?? center[2]));
    if (!axis.length) return null;
    const s = a.section ?? {};
    const wide = Math.max(Number(s.outerDiameter ?? s.diameter ?? 0), Number(s.width ?? 0), Number(s.height ?? 0)) || 0.2;
    return { axis, radius: wide / 2, point: axis.length < 2, color: color(a.network), label: a.id };
  };

  const api = {
    frame, terrain, extent,
    view,
    setView(v: Omit<View, "belowGround">): void {
      flight?.stop();
      const p = frame.local(v.lon, v.lat, v.height);
      diving = p[2] < terrain.z(p[0], p[1]);
      apply(keep(look(p, v.heading, v.pitch), bounds, diving));
    },
    home(animate = true): void {
      const to = facing(heart(), 28, -34, clamp(size * 0.09, 60, 140));
      diving = false;
      if (animate) fly(to);
      else apply(keep(to, bounds, false));
    },
    north(): void {
      const t = focus();
      const a = angles(pose);
      fly(facing(t, 0, a.pitch, length(sub(t, pose.position))), diving);
    },
    top(): void {
      const t = focus();
      const a = angles(pose);
      fly(facing(t, a.heading, -89, Math.max(20, length(sub(t, pose.position)))), false);
    },
    diving: () => diving,
    dive(): void {
      const t = marked ? marked.axis[Math.floor(marked.axis.length / 2)] : focus();
      const a = angles(pose);
      if (diving) return fly(facing([t[0], t[1], terrain.z(t[0], t[1])], a.heading, -40, 60), false);
      const floor: Vec3 = [t[0], t[1], terrain.z(t[0], t[1]) - 2];
      fly(facing(floor, a.heading, 12, 13), true);
    },
    nudge(dx: number, dy: number, turning: boolean): void {
      flight?.stop();
      const t = focus();
      if (turning) return move(orbit(pose, t, dx * 0.12, dy * 0.12, diving));
      const away = Math.max(4, length(sub(t, pose.position)) * 0.12);
      const a = (angles(pose).heading * Math.PI) / 180;
      slide({ ...pose, position: add(pose.position, [(Math.cos(a) * dx - Math.sin(a) * dy) * away, (-Math.sin(a) * dx - Math.cos(a) * dy) * away, 0]) });
    },
    zoomBy(factor: number): void {
      flight?.stop();
      slide(zoom(pose, focus(), factor, 2.5));
    },
    flyTo(target: Vec3, distance: number): void {
      const a = angles(pose);
      fly(facing(target, a.heading, clamp(a.pitch, -60, -32), distance), false);
    },
    flyToPosition(lon: number, lat: number, height: number | null, distance: number): void {
      const p = frame.local(lon, lat, height ?? terrain.height(lon, lat) ?? center[2]);
      api.flyTo(p, distance);
    },
    flyToBox(box: readonly number[]): void {
      const [a, b] = [frame.local(box[0], box[1], center[2]), frame.local(box[2], box[3], center[2])];
      const m: Vec3 = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, 0];
      api.flyTo([m[0], m[1], terrain.z(m[0], m[1])], clamp(Math.hypot(b[0] - a[0], b[1] - a[1]) * 1.1, 30, size * 1.2));
    },
    flyToAsset(a: Asset): void {
      const m = asMarked(a);
      if (!m) return;
      const at = m.axis.length > 1 ? scale(add(m.axis[0], m.axis[m.axis.length - 1]), 0.5) : m.axis[0];
      const long = length(sub(m.axis[0], m.axis[m.axis.length - 1]));
      api.flyTo(at, clamp(long * 0.9 + 14, 18, 240));
    },
    select(a: Asset | null): void {
      marked = a ? asMarked(a) : null;
      scene.requestRender();
    },
    setTheme(next: Theme): void {
      theme = next;
      const p = palettes[theme];
      scene.backgroundColor = Color.fromCssColorString(p.background);
      surface.paint(p);
      pitBox.paint(p);
      networks.paint(new Map(catalog.networks.map((n) => [n.code, color(n.code)])), p.background, theme === "light");
      if (marked) marked = { ...marked };
      scene.requestRender();
    },
    relabel(): void {
      nameStreets();
      scene.requestRender();
    },
    setGroundAlpha(alpha: number): void {
      restAlpha = alpha;
      apply(pose);
    },
    groundAlpha: () => restAlpha,
    setVisible(code: string, on: boolean): void {
      visible.set(code, on);
      networks.setVisible(code, on);
      scene.requestRender();
    },
    visible: (code: string) => visible.get(code) ?? true,
    pit: () => pit,
    setPit(next: Pit | null): void {
      pit = next && {
        ...next, width: clamp(next.width, 2, 200), length: clamp(next.length, 2, 200), depth: clamp(next.depth, 0.5, 30),
        turn: ((((next.turn + 90) % 180) + 180) % 180) - 90,
      };
      pitBox.set(pit);
      const c = pitBox.center();
      surface.cut(pit, c?.[0] ?? 0, c?.[1] ?? 0);
      networks.setPit(pit, pit ? pitBox.fromEcef() : Matrix4.IDENTITY);
      scene.requestRender();
    },
    /** a pit of usual size where the view looks, along the nearest street */
    newPit(): Pit {
      const t = focus();
      let best = { away: Infinity, turn: 0 };
      for (const s of streets) {
        const away = Math.hypot(s.at[0] - t[0], s.at[1] - t[1]);
        if (away < best.away) best = { away, turn: (Math.atan2(s.along[0], s.along[1]) * 180) / Math.PI };
      }
      const [lon, lat] = frame.position(t);
      return { lon, lat, width: 18, length: 26, depth: 4.5, turn: ((((Math.round(best.turn) + 90) % 180) + 180) % 180) - 90 };
    },
    pick,
    next(): string | null {
      const all = pickAll(lastPick.x, lastPick.y, false);
      if (!all.length) return null;
      const i = marked ? all.indexOf(marked.label) : -1;
      return all[(i + 1) % all.length];
    },
    project(lon: number, lat: number, height: number): [number, number] | null {
      return lensNow().project(frame.local(lon, lat, height));
    },
    bboxInView(): number[] | null {
      const { w, h } = rect();
      const hits = [[0, 0], [w, 0], [0, h], [w, h], [w / 2, h / 2], [w / 2, h * 0.25]].map(([x, y]) => underSurface(x, y)).filter((p): p is Vec3 => p !== null);
      if (hits.length < 2) return null;
      const all = hits.map((p) => frame.position(p));
      return [Math.min(...all.map((p) => p[0])), Math.min(...all.map((p) => p[1])), Math.max(...all.map((p) => p[0])), Math.max(...all.map((p) => p[1]))];
    },
    load: (code: string, revision: number) => networks.load(code, color(code), revision).then(() => api.setTheme(theme)),
    tilesLoaded: () => networks.loaded(),
    moving: () => flight !== null,
    render: () => scene.requestRender(),
  };
  api.setTheme(theme);
  api.home(false);
  return api;
}
