// The city on the screen: the one door through which the rest of the page sees, moves and marks the scene.
import { Color, Matrix4 } from "@cesium/engine";
import type { Asset, Catalog, GroundGrid, Network, Streets } from "../api/types";
import type { Colouring } from "../colour/classes";
import { layerOf } from "../layers/tree";
import { openEye } from "./camera";
import type { Sign } from "../symbols/signs";
import type { Accuracy, Envelope } from "./envelope";
import type { Placed } from "./signs";
import { measureFrames } from "./frames";
import { groundTexture } from "./depth-range";
import { attachHands } from "./hands";
import type { Box } from "./labels";
import { isDashed, markOf, middleOf, type Marked } from "./marks";
import { look } from "./motion";
import { addNetworks } from "./networks";
import { openOverlay } from "./overlay";
import { palettes, type Theme } from "./palette";
import { addPit } from "./pit";
import { attachPitDrag } from "./pit-drag";
import { sensible } from "./pit-math";
import { placeOf } from "./place";
import { openSight } from "./sight";
import { nearestTurn, streetNames } from "./street-names";
import { addSurface } from "./surface";
import { openTravel } from "./travel";
import { add, length, scale, sub, type Vec3 } from "./vector";
import type { DepthRange, Pit, View } from "./view";
import { openWidget } from "./widget";

export interface Pointed { lon: number; lat: number; ground: number | null; depth: number | null }
export interface Listener {
  click(id: string | null, again: boolean): void;
  /** a click on what is perhaps selected already: true where it takes a part of it */
  inside(id: string, x: number, y: number): boolean;
  fly(id: string): void;
  hover(id: string | null, x: number, y: number): void;
  point(p: Pointed | null): void;
  view(v: View, aboveGround: number, scaleBar: { metres: number; pixels: number }): void;
  pit(p: Pit): void;
  progress(done: number, total: number): void;
  /** the server did not give a tile */
  refused(url: string): void;
}
export interface CityInput {
  container: HTMLElement; credits: HTMLElement;
  catalog: Catalog; ground: GroundGrid; streets: Streets;
  theme: Theme; words: () => { ground: string; metres(v: number): string; street(zh: string, en: string): string };
  /** boxes of the controls over the picture, pixels of the container */
  taken(): Box[];
  /** what lies within a box of degrees; null when nobody answers in time */
  assetsIn(box: number[]): Promise<Asset[] | null>;
  listener: Listener;
}

type Place3 = [number, number, number];
type Edges = [Place3, Place3][];

const SYMBOL = 1.7; // half the width of a line in the symbol style, pixels of the page

const REST_ALPHA = 0.24;
const bridgesOnly = (n: Network | undefined): boolean => !!n && n.count > 0 && n.kinds.bridge === n.count;

/** The door: what the scene offers, and the flat map too. */
export type City = Omit<ReturnType<typeof openScene>, "frame" | "terrain" | "extent" | "flyTo" | "flyAlong" | "waiting">;

export const openCity: (input: CityInput) => City = openScene;

function openScene(input: CityInput) {
  const { container, catalog, listener } = input;
  const place = placeOf(catalog, input.ground);
  const { frame, terrain } = place;
  const { scene, widget } = openWidget(container, input.credits);
  const surface = addSurface(scene, { grid: input.ground, streets: input.streets, frame, terrain, extent: place.extent });
  const networks = addNetworks(scene, "3dtiles", groundTexture(place), (code) => bridgesOnly(layerOf(catalog.networks, code)), listener.refused);
  const pitBox = addPit(scene, frame, terrain);
  const overlay = openOverlay(container);

  let theme: Theme = input.theme;
  let pit: Pit | null = null;
  let marked: Marked | null = null;
  let part: [Vec3, Vec3][] | null = null;
  let rulerAt: Vec3 | null = null;
  let all: Envelope[] = [];
  let signs: Placed[] = [];
  let axes: { axis: Vec3[]; network: string; assumed: boolean }[] = [];
  let coloured = false;
  let accuracy: Accuracy = { horizontal: null, vertical: null };
  let pivot: Vec3 | null = null;
  let poleAt: Vec3 | null = null;
  let restAlpha = REST_ALPHA;
  let depths: DepthRange = { from: 0, to: null };
  let progressText = "";
  let reportTimer = 0;
  let firstAt: number | null = null;
  const visible = new Map(catalog.networks.map((n) => [n.code, true]));
  const color = (code: string) => {
    const n = layerOf(catalog.networks, code);
    return n ? (theme === "dark" ? n.colorDark : n.colorLight) : "#9AA7B8";
  };
  const namesNow = () => streetNames(input.streets, place, input.words().street);
  let streets = namesNow();

  const eye = openEye(scene, container, place, () => {
    const above = eye.aboveGround();
    const height = Math.max(20, Math.abs(above));
    const near = eye.diving() ? 40 : Math.max(500, height * 3.2);
    const far = eye.diving() ? 260 : Math.max(2600, height * 11);
    surface.setFog(near, far);
    networks.setFog(near, far);
    networks.setNear(eye.diving() ? 1 : 0);
    networks.setDusk(eye.diving() ? 0.35 : 1);
    surface.setAlpha(eye.diving() ? Math.min(0.25, restAlpha) : restAlpha);
    scene.requestRender();
    listener.view(eye.view(), above, scaleBar());
  });
  const sight = openSight({ scene, eye, place, surface, pitBox, pit: () => pit });
  const travel = openTravel({ eye, sight, place, streets: () => streets, marked: () => marked, assetsIn: input.assetsIn, dived: (at, bars) => { poleAt = at; eye.avoid(bars); } });
  const hands = attachHands({
    container, eye, sight, place, listener, flyTo: travel.flyTo,
    ruler(p) {
      if (!p && !rulerAt) return;
      rulerAt = p;
      drawOver(); // the picture itself stays
    },
    pivot(p) {
      pivot = p;
      if (p) poleAt = p;
      scene.requestRender();
    },
  });
  attachPitDrag({
    svg: overlay.svg, container, place, pit: () => pit, center: pitBox.center,
    onLevel(x, y, c) {
      const { position } = eye.pose();
      const ray = eye.lens().ray(x, y);
      const t = (c[2] - position[2]) / ray[2];
      return Number.isFinite(t) && t > 0 && t < place.size * 4 ? add(position, scale(ray, t)) : null;
    },
    upright: (c) => (eye.lens().depth(c) * eye.lens().pixel) / Math.max(0.25, Math.sqrt(1 - eye.pose().direction[2] ** 2)),
    change(next) {
      api.setPit(next);
      if (pit) listener.pit(pit);
    },
  });

  function scaleBar(): { metres: number; pixels: number } {
    // below ground one looks along the level: what counts there is near, not where the line of sight ends
    const away = Math.min(eye.diving() ? 20 : Infinity, Math.max(1, length(sub(sight.focus(), eye.pose().position))));
    const perPixel = away * eye.lens().pixel;
    const raw = perPixel * 90;
    const power = 10 ** Math.floor(Math.log10(raw));
    const metres = [5, 2, 1].map((m) => m * power).find((m) => m <= raw) ?? power;
    return { metres, pixels: metres / perPixel };
  }

  function drawOver(): void {
    const c = pitBox.center();
    const own = marked && middleOf(marked.axis);
    overlay.draw({
      lens: eye.lens(), terrain, marked, part, pole: pivot ?? own ?? poleAt, pivot, pit: pit && c ? { pit, center: c } : null,
      streets, diving: eye.diving(), words: input.words(), taken: input.taken(),
      envelopes: marked ? [...all, { mark: marked, accuracy }] : all, signs, depths, ruler: rulerAt,
      // a class's colour is read on the body, so that stays while lines are coloured by one
      axes: coloured ? [] : axes.filter((a) => api.visible(a.network)).map((a) => ({ axis: a.axis, color: color(a.network), assumed: a.assumed })),
    });
  }
  scene.postRender.addEventListener(() => {
    drawOver();
    report();
  });
  // the last tile may be there without another frame, so what is still awaited is looked at again
  function report(): void {
    clearTimeout(reportTimer);
    if (firstAt === null && networks.seen()) firstAt = performance.now();
    const p = networks.pending();
    const text = `${p.done}/${p.total}`;
    if (text !== progressText) listener.progress(p.done, p.total);
    progressText = text;
    if (p.done < p.total) reportTimer = window.setTimeout(report, 250);
  }
  new ResizeObserver(() => {
    widget.resize();
    eye.apply(eye.pose());
    hands.keepTapped();
    widget.render();
  }).observe(container);

  const api = {
    frame, terrain, extent: place.extent,
    /** the map is flat, the scene is not */
    flat: false as boolean,
    view: eye.view,
    setView(v: Omit<View, "belowGround">): void {
      const p = frame.local(v.lon, v.lat, v.height);
      eye.put(look(p, v.heading, v.pitch), p[2] < terrain.z(p[0], p[1]));
    },
    ...travel,
    diving: eye.diving,
    flyToAsset(a: Asset): void {
      const m = markOf(a, color(a.network), place);
      if (m) travel.flyAlong(m.axis);
    },
    select(a: Asset | null): void {
      marked = a && markOf(a, color(a.network), place);
      accuracy = { horizontal: a?.quality?.horizontal ?? null, vertical: a?.quality?.vertical ?? null };
      scene.requestRender();
    },
    setTheme(next: Theme): void {
      theme = next;
      const p = palettes[theme];
      scene.backgroundColor = Color.fromCssColorString(p.background);
      surface.paint(p);
      pitBox.paint(p);
      networks.paint(new Map(catalog.networks.map((n) => [n.code, color(n.code)])), p.background, theme === "light");
      scene.requestRender();
    },
    relabel(): void {
      streets = namesNow();
      scene.requestRender();
    },
    setGroundAlpha(alpha: number): void {
      restAlpha = alpha;
      eye.apply(eye.pose());
    },
    groundAlpha: () => restAlpha,
    setVisible(code: string, on: boolean): void {
      visible.set(code, on);
      networks.setVisible(code, on);
      scene.requestRender();
    },
    visible: (code: string) => visible.get(layerOf(catalog.networks, code)?.code ?? code) ?? true,
    depths: () => depths,
    setDepths(next: DepthRange): void {
      depths = next;
      networks.setDepths(next);
      scene.requestRender();
    },
    setColouring(c: Colouring | null): void {
      coloured = c !== null;
      networks.setColouring(c);
      scene.requestRender();
    },
    pit: () => pit,
    setPit(next: Pit | null): void {
      pit = next && sensible(next);
      pitBox.set(pit);
      const c = pitBox.center();
      surface.cut(pit, c?.[0] ?? 0, c?.[1] ?? 0);
      networks.setPit(pit, pit ? pitBox.fromEcef() : Matrix4.IDENTITY);
      scene.requestRender();
    },
    /** a pit of usual size where the view looks, along the nearest street */
    newPit(): Pit {
      const t = sight.focus();
      const [lon, lat] = frame.position(t);
      return sensible({ lon, lat, width: 18, length: 26, depth: 4.5, turn: nearestTurn(streets, t) });
    },
    /** the assets about which the room of their accuracy is drawn */
    setEnvelopes(list: Asset[]): void {
      all = list.flatMap((a) => {
        const mark = markOf(a, color(a.network), place);
        return mark ? [{ mark, accuracy: { horizontal: a.quality?.horizontal ?? null, vertical: a.quality?.vertical ?? null } }] : [];
      });
      drawOver();
    },
    /** lines of one width with signs, or things in their real shape */
    setSymbols(on: boolean): void {
      networks.setSymbols(on ? SYMBOL : 0);
      if (!on) {
        signs = [];
        axes = [];
      }
      scene.requestRender();
    },
    setSigns(list: { asset: Asset; sign: Sign }[]): void {
      signs = list.flatMap(({ asset, sign }) => {
        const at = markOf(asset, "", place)?.axis[0];
        return at ? [{ at, sign, color: color(asset.network) }] : [];
      });
      drawOver();
    },
    /** what is a line along its axis in the symbol style */
    setAxes(list: readonly Asset[]): void {
      axes = list.flatMap((a) => {
        const m = markOf(a, color(a.network), place);
        return m && !m.point ? [{ axis: m.axis, network: a.network, assumed: isDashed(a.assumed) }] : [];
      });
      drawOver();
    },
    /** lines in longitude, latitude and height that mark a part of the selected asset; null is none */
    markPart(edges: Edges | null): void {
      part = edges && edges.map(([a, b]) => [frame.local(...a), frame.local(...b)]);
      scene.requestRender();
    },
    /** longitude, latitude and height of what is drawn under a pixel */
    placeAt(x: number, y: number): [number, number, number] | null {
      const p = sight.solidAt(x, y);
      return p && frame.position(p);
    },
    /** when the first picture stood that is of use: the ground, and of each network in the view its mains; ms since the page began, null before */
    firstPicture: () => firstAt,
    frames: (n: number) => measureFrames(scene, widget, networks, n),
    lastTap: () => hands.lastTap(),
    pick: sight.pick,
    /** the asset below the selected one, under the last click */
    next(): string | null {
      const { x, y } = hands.lastTap();
      const all = sight.pickAll(x, y, false);
      if (!all.length) return null;
      const i = marked ? all.indexOf(marked.label) : -1;
      return all[(i + 1) % all.length];
    },
    project: (lon: number, lat: number, height: number): [number, number] | null => eye.lens().project(frame.local(lon, lat, height)),
    load: (code: string, revision: number) => networks.load(code, color(code), revision).then(() => api.setTheme(theme)),
    /** what was read under other rights goes */
    forget: () => networks.forget(),
    /** longitude and latitude of the ground under a pixel; null beyond it */
    groundAt(x: number, y: number): [number, number] | null {
      const p = sight.surfaceAt(x, y);
      return p && (frame.position(p).slice(0, 2) as [number, number]);
    },
    tilesLoaded: () => networks.loaded(),
    moving: () => eye.flying() || travel.waiting(),
    render: () => scene.requestRender(),
  };
  api.setTheme(theme);
  api.home(false);
  return api;
}
