// Keys and gestures, as a list.
import { t, type Key } from "../i18n";
import { h } from "./dom";

const keys: [string, Key][] = [
  ["/", "k.search"], ["1 – 5", "k.tools"], ["H", "k.home"], ["N", "k.north"], ["T", "k.top"], ["U", "k.dive"], ["P", "k.mode"], ["← ↑ → ↓", "k.pan"],
  ["+ −", "k.zoom"], ["[ ]", "k.depth"], ["L", "k.next"], ["Esc", "k.esc"], ["?", "k.help"],
];
const gestures: Key[] = ["g.pan", "g.orbit", "g.zoom", "g.click", "g.double"];

export function helpPanel(): HTMLElement {
  return h("div", { class: "stack" },
    h("dl", { class: "keys" }, keys.flatMap(([k, w]) => [h("dt", {}, h("kbd", {}, k)), h("dd", {}, t(w))])),
    h("ul", { class: "gestures" }, gestures.map((k) => h("li", {}, t(k)))));
}
