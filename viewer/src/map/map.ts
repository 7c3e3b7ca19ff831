// The city as a flat map, north up: the same door as the scene, so that the rest of the page does not mind which of the two it looks through.
import type { Asset } from "../api/types";
import { layerOf } from "../layers/tree";
import type { City, CityInput } from "../scene/city";
import type { Colouring } from "../colour/classes";
import { names, openRoom, type Box } from "../scene/labels";
import { handles } from "../scene/overlay";
import { attachPitDrag } from "../scene/pit-drag";
import { drawSigns, type Placed as PlacedSign } from "../scene/signs";
import type { Vec3 } from "../scene/vector";
import { classed } from "./classes";
import { sensible } from "../scene/pit-math";
import { placeOf } from "../scene/place";
import { nearestTurn, streetNames } from "../scene/street-names";
import { palettes, type Theme } from "../scene/palette";
import type { DepthRange, Pit } from "../scene/view";
import { attachHands } from "./hands";
import { paint, pitCorners, pixelsWide, placement, type Marked, type Placed, type Room } from "./paint";
import { hits, inOrder, type Hit } from "./pick";
import { clampZoom, degreesOf, metresPerPixel, pixelOf, scaleOf, sheetFor, sheetOf, tilesFor, viewOf, worldAt, worldOf, zoomAbout, zoomFor, type Sheet } from "./sheet";
import { openStore } from "./store";
import type { Feature } from "./tile";

const FLIGHT_MS = 450;
const KEEP_MS = 3000;
const EDGE = 60; // pixels
const AGAIN = { pixels: 6, ms: 8000 };
const REACH = 7; // pixels beside what is drawn that still count, 12 for a finger
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

const outerWidth = (a: Asset): number => {
  const s = a.section ?? {};
  return Math.max(Number(s.outerDiameter ?? s.diameter ?? 0), Number(s.width ?? 0)) || 0.2;
};

function positions(a: Asset): [number, number][][] {
  const c = a.geometry?.coordinates;
  if (!Array.isArray(c) || !c.length) return [];
  if (typeof c[0] === "number") return [[[c[0], c[1] as number]]];
  const flat = (l: number[][]) => l.map((p): [number, number] => [p[0], p[1]]);
  return Array.isArray((c[0] as unknown[])[0]) ? (c as number[][][]).map(flat) : [flat(c as number[][])];
}

export function openMap(input: CityInput): City {
  const { container, catalog, listener } = input;
  const place = placeOf(catalog, input.ground);
  const canvas = document.createElement("canvas");
  canvas.className = "map";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "overlay");
  container.append(canvas, svg);
  const [under, grips] = [0, 1].map(() => svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "g")));
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;

  let theme: Theme = input.theme;
  let size = { width: Math.max(1, container.clientWidth), height: Math.max(1, container.clientHeight) };
  let sheet: Sheet = sheetFor(place.extent, size, 40, 17);
  let marked: (Marked & { id: string }) | null = null;
  let ownRoom: Room | null = null;
  let rooms: Room[] = [];
  let signs: PlacedSign[] = [];
  let symbols = false;
  let colouring: Colouring | null = null;
  let pit: Pit | null = null;
  let alpha = 0.24;
  let depths: DepthRange = { from: 0, to: null };
  let flight = 0;
  let frame = 0;
  let last = { x: 0, y: 0, ids: [] as string[], at: 0, window: [0, 0] }; // a place of the world: the map may move between two clicks
  let told = "";
  let hovered = false;
  const visible = new Map(catalog.networks.map((n) => [n.code, true]));
  const color = (code: string) => {
    const n = layerOf(catalog.networks, code);
    return n ? (theme === "dark" ? n.colorDark : n.colorLight) : "#9AA7B8";
  };
  const isVisible = (code: string) => visible.get(code) ?? true;
  const within = (f: Feature) => f.cover === null || ((depths.from <= 0 || f.cover >= depths.from) && (depths.to === null || f.cover <= depths.to));
  const classOf = (f: Feature) => classed(f, colouring, catalog, palettes[theme].strong);
  const choice = { shown: (f: Feature) => within(f) && classOf(f).shown, color: (f: Feature) => classOf(f).color };
  const { shown } = choice;
  const regather = () => {
    store.regather();
    redraw();
  };
  const labels = () => streetNames(input.streets, place, input.words().street);
  let streets = labels();
  const store = openStore("mvt", choice, () => redraw(), input.listener.refused);
  const groundAt = (lon: number, lat: number) => place.terrain.height(lon, lat) ?? place.reference;
  const groundHere = () => groundAt(...degreesOf(sheet.x, sheet.y));

  function scaleBar(): { metres: number; pixels: number } {
    const per = metresPerPixel(sheet);
    const power = 10 ** Math.floor(Math.log10(per * 90));
    const metres = [5, 2, 1].map((m) => m * power).find((m) => m <= per * 90) ?? power;
    return { metres, pixels: metres / per };
  }
  function placedTiles(): Placed[] {
    const above: Placed[] = [];
    const own: Placed[] = [];
    for (const key of tilesFor(sheet, size, colouring !== null)) {
      const tile = store.get(key);
      if (tile) own.push({ key, tile, only: null });
      else {
        const up = store.above(key);
        if (up) above.push({ ...up, only: key });
      }
    }
    return [...above, ...own];
  }
  const project = (p: Vec3): [number, number] => pixelOf(sheet, size, ...worldOf(...(place.frame.position(p).slice(0, 2) as [number, number])));
  const pitCenter = (): Vec3 | null => pit && place.frame.local(pit.lon, pit.lat, groundAt(pit.lon, pit.lat));
  function aroundPit(p: Pit): Box {
    const at = pitCorners(p).map((c) => pixelOf(sheet, size, ...worldOf(...c)));
    const [xs, ys] = [at.map((c) => c[0]), at.map((c) => c[1])];
    return [Math.min(...xs) - 12, Math.min(...ys) - 12, Math.max(...xs) + 12, Math.max(...ys) + 12];
  }
  function draw(): void {
    frame = 0;
    paint(pen, {
      sheet, size, theme, tiles: placedTiles(), color: (of) => of.color ?? color(of.layer), visible: isVisible, shown, own: choice.color, symbols, marked, pit,
      envelopes: ownRoom ? [...rooms, ownRoom] : rooms,
    });
    const room = openRoom(input.taken(), size.width, size.height);
    const middle = pixelOf(sheet, size, sheet.x, sheet.y);
    const lens = { ...size, project, depth: (p: Vec3) => 5 + Math.hypot(...project(p).map((v, i) => v - middle[i]) as [number, number]) };
    const c = pitCenter();
    if (c && pit) room.block(aroundPit(pit));
    under.innerHTML = (symbols ? drawSigns(signs, lens, room) : "") + (sheet.zoom > 12.5 ? names(streets, lens, 4000, room, 500) : "");
    // while a grip is held its element must stay, so only its place changes
    const grip = c && pit ? handles({ pit, center: c }, { project, segment: (a, b) => [project(a), project(b)] }, true) : "";
    if (grip !== grips.innerHTML) grips.innerHTML = grip;
    const p = store.pending();
    const text = `${p.done}/${p.total}`;
    if (text !== told) listener.progress(p.done, p.total);
    told = text;
  }
  function redraw(): void {
    if (!frame) frame = requestAnimationFrame(draw);
  }
  function put(next: Sheet): void {
    const [west, north] = worldOf(place.extent[0] - 0.2, place.extent[3] + 0.2);
    const [east, south] = worldOf(place.extent[2] + 0.2, place.extent[1] - 0.2);
    sheet = { x: Math.max(west, Math.min(east, next.x)), y: Math.max(north, Math.min(south, next.y)), zoom: clampZoom(next.zoom) };
    if (hovered) listener.hover(null, 0, 0); // what it rested on has moved away
    hovered = false;
    store.need(tilesFor(sheet, size, colouring !== null));
    redraw();
    const v = viewOf(sheet, groundHere(), size);
    listener.view(v, v.height - groundHere(), scaleBar());
  }
  function stop(): void {
    cancelAnimationFrame(flight);
    flight = 0;
  }
  function fly(to: Sheet): void {
    stop();
    if (calm()) return put(to);
    const [from, start] = [sheet, performance.now()];
    const tick = () => {
      const t = Math.min(1, (performance.now() - start) / FLIGHT_MS);
      const k = t * t * (3 - 2 * t);
      flight = t < 1 ? requestAnimationFrame(tick) : 0;
      put(t < 1 ? { x: from.x + (to.x - from.x) * k, y: from.y + (to.y - from.y) * k, zoom: from.zoom + (to.zoom - from.zoom) * k } : to);
    };
    flight = requestAnimationFrame(tick);
  }
  function pickAll(x: number, y: number, touch = false): string[] {
    const perMetre = 1 / metresPerPixel(sheet);
    const found: Hit[] = [];
    for (const { key, tile, only } of placedTiles()) {
      const o = placement(sheet, size, only ?? key);
      const side = o.unit * 4096;
      if (x < o.left || y < o.top || x > o.left + side || y > o.top + side) continue;
      const { unit, left, top } = placement(sheet, size, key);
      found.push(...hits(tile.features, (x - left) / unit, (y - top) / unit, 1 / unit, touch ? 12 : REACH, (f) => (f.area ? 0 : pixelsWide(f.kind, f.width, perMetre, symbols) / 2), (f) => isVisible(f.layer) && shown(f)));
    }
    return inOrder(found);
  }
  attachPitDrag({
    svg, container, place, pit: () => pit, center: pitCenter, upright: () => 0,
    onLevel: (x, y, c) => place.frame.local(...degreesOf(...worldAt(sheet, size, x, y)), place.frame.position(c)[2]),
    change(next) {
      city.setPit(next);
      if (pit) listener.pit(pit);
    },
  });
  attachHands(container, {
    sheet: () => sheet, size: () => size,
    move(next) {
      stop();
      put(next);
    },
    tap(x, y, touch) {
      const [u, v] = worldAt(sheet, size, x, y);
      const again = Math.hypot(u - last.x, v - last.y) * scaleOf(sheet.zoom) < AGAIN.pixels && performance.now() - last.at < AGAIN.ms;
      const ids = again && last.ids.length ? [...last.ids.slice(1), last.ids[0]] : pickAll(x, y, touch);
      const box = container.getBoundingClientRect();
      last = { x: u, y: v, ids, at: performance.now(), window: [x + box.left, y + box.top] };
      listener.click(ids[0] ?? null, again);
    },
    double(x, y) {
      const id = pickAll(x, y)[0];
      if (id) listener.fly(id);
      else fly(zoomAbout(sheet, size, x, y, sheet.zoom + 1));
    },
    hover(x, y) {
      const [lon, lat] = degreesOf(...worldAt(sheet, size, x, y));
      listener.point({ lon, lat, ground: place.terrain.height(lon, lat), depth: null });
      const id = pickAll(x, y)[0] ?? null;
      hovered = id !== null;
      listener.hover(id, x, y);
    },
    leave: () => listener.hover(null, 0, 0),
  });
  /** what was just clicked stays under the pointer, or comes out from under the panel */
  function keepTapped(): Sheet {
    if (!last.ids.length || performance.now() - last.at > KEEP_MS || flight) return sheet;
    const box = container.getBoundingClientRect();
    const inside = (v: number, most: number) => Math.max(EDGE, Math.min(Math.max(EDGE, most - EDGE), v));
    const k = scaleOf(sheet.zoom);
    return { ...sheet, x: last.x - (inside(last.window[0] - box.left, size.width) - size.width / 2) / k, y: last.y - (inside(last.window[1] - box.top, size.height) - size.height / 2) / k };
  }
  /** where an asset may really lie; null where that is not known, and of areas */
  function roomOf(a: Asset): Room | null {
    const [lines, accuracy] = [positions(a), a.quality?.horizontal ?? null];
    return accuracy === null || !lines.length || a.geometry?.type === "Polygon" ? null : { lines, accuracy, point: lines[0].length < 2, width: outerWidth(a), color: color(a.network) };
  }
  function fit(): void {
    size = { width: Math.max(1, container.clientWidth), height: Math.max(1, container.clientHeight) };
    const ratio = Math.min(3, window.devicePixelRatio || 1);
    canvas.width = Math.round(size.width * ratio);
    canvas.height = Math.round(size.height * ratio);
    put(keepTapped());
    cancelAnimationFrame(frame);
    draw(); // a canvas of a new size is empty until it is drawn
  }
  new ResizeObserver(fit).observe(container);

  const city: City = {
    flat: true,
    view: () => viewOf(sheet, groundHere(), size),
    setView(v) {
      stop();
      // the ground where one looks is not that below the eye
      let next = sheetOf(v, groundAt(v.lon, v.lat), size);
      for (let i = 0; i < 3; i++) next = sheetOf(v, groundAt(...degreesOf(next.x, next.y)), size);
      put(next);
    },
    home(animate = true) {
      const to = sheetFor(place.extent, size, 40, 17);
      if (animate) fly(to);
      else put(to);
    },
    north: () => undefined,
    top: () => undefined,
    dive: () => Promise.resolve(),
    diving: () => false,
    nudge(dx, dy) {
      stop();
      const k = 90 / scaleOf(sheet.zoom);
      put({ ...sheet, x: sheet.x + dx * k, y: sheet.y + dy * k });
    },
    zoomBy: (factor) => fly({ ...sheet, zoom: clampZoom(sheet.zoom - Math.log2(factor)) }),
    flyToPosition(lon, lat, _height, distance) {
      const [x, y] = worldOf(lon, lat);
      fly({ x, y, zoom: zoomFor((distance * 1.2) / Math.max(size.width, size.height), lat) });
    },
    flyToBox: (box) => fly(sheetFor(box, size, 60, 19)),
    flyToAsset(a) {
      const all = positions(a).flat();
      if (!all.length) return;
      const [lon, lat] = [all.map((p) => p[0]), all.map((p) => p[1])];
      fly(sheetFor([Math.min(...lon), Math.min(...lat), Math.max(...lon), Math.max(...lat)], size, Math.min(size.width, size.height) / 3.2, 20));
    },
    bboxInView() {
      const [a, b] = [degreesOf(...worldAt(sheet, size, 0, size.height)), degreesOf(...worldAt(sheet, size, size.width, 0))];
      return [a[0], a[1], b[0], b[1]];
    },
    select(a) {
      const lines = a ? positions(a) : [];
      marked = a && lines.length ? { id: a.id, lines, point: lines[0].length < 2, area: a.geometry?.type === "Polygon", width: outerWidth(a), color: color(a.network) } : null;
      ownRoom = a && roomOf(a);
      redraw();
    },
    setTheme(next) {
      theme = next;
      redraw();
    },
    relabel() {
      streets = labels();
      redraw();
    },
    setGroundAlpha: (a) => { alpha = a; },
    groundAlpha: () => alpha,
    setVisible(code, on) {
      visible.set(code, on);
      redraw();
    },
    visible: isVisible,
    depths: () => depths,
    setDepths(next) {
      depths = next;
      regather();
    },
    setColouring(c) {
      colouring = c;
      regather();
      put(sheet); // other tiles may be needed
    },
    setEnvelopes(list) {
      rooms = list.flatMap((a) => roomOf(a) ?? []);
      redraw();
    },
    setSymbols(on) {
      symbols = on;
      if (!on) signs = [];
      redraw();
    },
    setSigns(list) {
      signs = list.flatMap(({ asset, sign }) => {
        const [at] = positions(asset)[0] ?? [];
        return at ? [{ at: place.frame.local(at[0], at[1], place.reference), sign, color: color(asset.network) }] : [];
      });
      redraw();
    },
    // on the map all lines are lines
    setAxes: () => undefined,
    // the scene has parts, the map has not
    markPart: () => undefined,
    firstPicture: () => null as number | null,
    frames: () => ({ calls: 0, triangles: 0, tiles: 0, megabytes: 0, frame: 0 }),
    placeAt(x, y) {
      const [lon, lat] = degreesOf(...worldAt(sheet, size, x, y));
      return [lon, lat, groundAt(lon, lat)];
    },
    lastTap() {
      const [x, y] = pixelOf(sheet, size, last.x, last.y);
      return { x, y };
    },
    pit: () => pit,
    setPit(next) {
      pit = next && sensible(next);
      redraw();
    },
    newPit() {
      const [lon, lat] = degreesOf(sheet.x, sheet.y);
      return sensible({ lon, lat, width: 18, length: 26, depth: 4.5, turn: nearestTurn(streets, place.frame.local(lon, lat, groundHere())) });
    },
    pick: (x, y) => pickAll(x, y)[0] ?? null,
    next() {
      const all = pickAll(...pixelOf(sheet, size, last.x, last.y));
      if (!all.length) return null;
      return all[((marked ? all.indexOf(marked.id) : -1) + 1) % all.length];
    },
    project: (lon, lat) => pixelOf(sheet, size, ...worldOf(lon, lat)),
    load() {
      store.outdate();
      return Promise.resolve();
    },
    forget() {
      store.forget();
      put(sheet);
    },
    groundAt: (x, y) => degreesOf(...worldAt(sheet, size, x, y)),
    tilesLoaded() {
      const p = store.pending();
      return p.done === p.total && frame === 0;
    },
    moving: () => flight !== 0,
    render: redraw,
  };
  fit();
  return city;
}
