// The line below the scene: what lies under the pointer, where the eye is, which datum, and whether the picture is live.
import { t } from "../i18n";
import { ageOf, clock, elevation, lonLat, metres, roundMetres } from "../i18n/format";
import { withheldShare } from "../assets/withheld";
import { h, icon } from "./dom";
import type { App } from "./state";

const age = (since: number) => {
  const a = ageOf(Date.now() - since);
  return a ? t("age", { t: t(`ago_${a.unit}`, { n: a.n }) }) : t("now");
};

export function openStatus(app: App): { parts: HTMLElement[]; draw(): void } {
  const pointer = h("span", { class: "pointer" });
  const camera = h("span", { class: "camera" });
  const datum = h("span", { class: "datum" });
  const live = h("span", { class: "live", role: "status" });
  const withheld = h("span", { class: "withheld" });
  return {
    parts: [pointer, camera, datum, withheld, live],
    draw() {
      const p = app.pointed;
      pointer.replaceChildren(...(p ? [
        h("span", {}, lonLat(p.lon, p.lat)), h("span", {}, `${t("groundAt")} ${p.ground === null ? "—" : elevation(p.ground)}`),
        h("span", {}, `${t("depthAt")} ${p.depth === null ? "—" : metres(p.depth)}`)] : [h("span", {}, `${t("pointer")} —`)]));
      const z = app.aboveGround;
      camera.textContent = `${t("camera")} ${z < 0 ? t("below", { d: roundMetres(-z) }) : t("above", { d: roundMetres(z) })}`;
      datum.textContent = app.catalog.frame.verticalDatum || t("datumUnknown");
      datum.title = `${t("datum")}: ${datum.textContent} · ${app.catalog.frame.crs} ${app.catalog.frame.name}`;
      const part = withheldShare(app.catalog.withheld, app.catalog.networks.reduce((sum, n) => sum + n.count, 0));
      withheld.hidden = part === null;
      if (part !== null) withheld.replaceChildren(icon("lock"), t("withheldPart", { part }));
      live.dataset.state = app.live.state;
      live.replaceChildren(h("i", {}), [
        app.live.state === "live" ? t("live") : app.live.state === "lost" ? t("lost", { t: clock(app.live.seen) }) : t("connecting"),
        app.live.state === "live" && app.live.changed ? age(app.live.changed) : "", t("revision", { n: app.revision })].filter(Boolean).join(" · "));
    },
  };
}
