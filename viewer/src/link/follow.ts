// The address bar and the scene say the same: what one looks at is written there, and what is typed there is looked at.
import { colourBy, colourState } from "../colour/panel";
import type { App } from "../ui/state";
import { readLink, writeLink, type LinkState } from "./hash";

const WRITE_MS = 250;

/** Writes the address when the view has stood for a moment. */
export function openRemember(app: App): () => void {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (!app.city) return;
      history.replaceState(null, "", `#${writeLink({
        view: app.city.view(), selected: app.selectedId ?? undefined, pit: app.city.pit() ?? undefined, map: app.mode === "map", alpha: app.city.groundAlpha(), colour: colourState(), depths: app.city.depths(),
        hidden: app.catalog.networks.filter((n) => !app.city?.visible(n.code)).map((n) => n.code),
      })}`);
    }, WRITE_MS);
  };
}

export function restore(app: App, link: LinkState): void {
  const city = app.city;
  if (!city) return;
  if (link.alpha !== undefined) city.setGroundAlpha(link.alpha);
  if (link.view) city.setView(link.view);
  city.setPit(link.pit ?? null);
  city.setDepths(link.depths ?? { from: 0, to: null });
  if (link.colour || colourState().by !== "network") void colourBy(app, link.colour?.by ?? "network", link.colour?.hidden);
  for (const n of app.catalog.networks) city.setVisible(n.code, !link.hidden.includes(n.code));
  // an address that names a thing and no view means: show it
  if ((link.selected ?? null) !== app.selectedId) void app.select(link.selected ?? null, !link.view);
}

export function followAddress(app: App, redraw: () => void): void {
  window.addEventListener("hashchange", () => {
    const link = readLink(location.hash);
    const other = app.changeMode && Boolean(link.map) !== (app.mode === "map");
    void (other ? app.changeMode?.() : Promise.resolve())?.then(() => {
      restore(app, link);
      redraw();
    });
  });
}
