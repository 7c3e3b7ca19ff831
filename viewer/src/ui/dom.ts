// Elements in one line each.
type Child = Node | string | number | null | undefined | false;
type Props = Record<string, unknown>;

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: (Child | Child[])[]): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on") && typeof value === "function") el.addEventListener(key.slice(2).toLowerCase(), value as EventListener);
    else if (key === "class") el.className = String(value);
    else if (key === "style") el.style.cssText = String(value);
    else if (key in el && !key.includes("-") && typeof value !== "string") (el as unknown as Props)[key] = value;
    else el.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    el.append(child instanceof Node ? child : String(child));
  }
  return el;
}

const shapes: Record<string, string> = {
  layers: "M12 4l8 4-8 4-8-4zM4 12l8 4 8-4M4 16l8 4 8-4",
  cut: "M3 7h5l1.5 11h5L16 7h5M9 12h6",
  import: "M12 4v10M8 10l4 4 4-4M4 19h16",
  objects: "M4 6h3M10 6h10M4 12h3M10 12h10M4 18h3M10 18h10",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  help: "M9.2 9a3 3 0 1 1 4.3 2.7c-1 .5-1.5 1-1.5 2.3M12 17.5v.5",
  home: "M4 11l8-7 8 7M6 10v9h12v-9",
  dive: "M4 8h16M12 4v14M7 13l5 5 5-5",
  surface: "M4 8h16M12 20V10M7 13l5-5 5 5",
  top: "M5 5h14v14H5zM12 9v6M9 12h6",
  map: "M4 6.5l5-2 6 2 5-2v13l-5 2-6-2-5 2zM9 4.5v13M15 6.5v13",
  space: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9",
  plus: "M12 5v14M5 12h14", minus: "M5 12h14",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M5 19l1.5-1.5M17.5 6.5L19 5",
  moon: "M19 14A8 8 0 0 1 10 5a7.5 7.5 0 1 0 9 9z",
  log: "M6 3h9l4 4v14H6zM14 3v5h5M9 12h7M9 16h7", close: "M6 6l12 12M18 6L6 18", eye: "M2.5 12s3.5-6.5 9.5-6.5S21.5 12 21.5 12s-3.5 6.5-9.5 6.5S2.5 12 2.5 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6", person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5", people: "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M2.5 19c.6-3 3.2-4.7 6.5-4.7s5.9 1.7 6.5 4.7M16 5.5a3.2 3.2 0 0 1 0 6.2M18 14.8c1.9.7 3.1 2.2 3.5 4.2", unit: "M4 20V6l7-3v17M11 9l8 3v8M2 20h20M7 9v.5M7 13v.5M14.5 14.5v.5", out: "M14 4h5v16h-5M4 12h10M10 8l4 4-4 4", search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5L21 21",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M5.5 11h13v9h-13zM12 14.5v2", shield: "M12 3l8 3v5.5c0 4.8-3.3 8-8 9.5-4.7-1.5-8-4.7-8-9.5V6zM8.5 12l2.5 2.5 4.5-5",
  edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3", copy: "M9 9h11v11H9zM5 15H4V4h11v1", bin: "M5 7h14M10 4h4M7 7l1 13h8l1-13M10.5 10.5v6M13.5 10.5v6", draw: "M4 18L8 6l11 2-3 10zM4 18h.01M8 6h.01M19 8h.01M16 18h.01",
  tick: "M5 12.5l4.5 4.5L19 7.5", cross: "M7 7l10 10M17 7L7 17", upload: "M12 16V5M7 10l5-5 5 5M5 20h14", undo: "M8 7L4 11l4 4M4 11h10a5 5 0 0 1 0 10h-3", ask: "M9.2 9a3 3 0 1 1 4.3 2.7c-1 .5-1.5 1-1.5 2.3M12 17.5v.5M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
  next: "M4 8l8-4 8 4-8 4zM12 14v6M9 17l3 3 3-3", fly: "M4 12h13M12 6l6 6-6 6", download: "M12 4v11M7 11l5 5 5-5M5 20h14",
};

export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", shapes[name] ?? "");
  svg.append(path);
  return svg;
}

export function toast(text: string, lasting = false): void {
  let box = document.querySelector<HTMLElement>(".toasts");
  if (!box) {
    box = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
    document.body.append(box);
  }
  const item = h("div", { class: "toast" }, text, lasting && h("button", { class: "plain", "aria-label": "×", onClick: () => item.remove() }, icon("close")));
  box.append(item);
  if (!lasting) setTimeout(() => item.remove(), 5000);
}
