// Letters act only while the scene has the focus; "/" and Escape everywhere.
import { deepen, DEPTH_STEP } from "../layers/depth";
import { choosePart, chosenPart } from "../parts/panel";
import type { Shell } from "./shell";
import { toolKeys } from "./shell";
import type { App } from "./state";

export function attachKeys(app: App, shell: Shell): void {
  const typing = (e: KeyboardEvent) => e.target instanceof HTMLInputElement || e.target instanceof HTMLSelectElement || e.target instanceof HTMLTextAreaElement;
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e)) return;
    if (e.key === "/") {
      e.preventDefault();
      document.getElementById("search")?.focus();
      return;
    }
    if (e.key === "Escape") {
      if (chosenPart()) choosePart(app, null);
      else if (app.selectedId) void app.select(null);
      else if (app.tool) app.open(null);
      shell.scene.focus();
      return;
    }
    const inScene = document.activeElement === shell.scene || shell.scene.contains(document.activeElement) || document.activeElement === document.body;
    if (!inScene || !app.city) return;
    const city = app.city;
    const number = Number(e.key);
    if (number >= 1 && number <= toolKeys.length) return app.open(app.tool === toolKeys[number - 1] ? null : toolKeys[number - 1]);
    const arrows: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (e.key in arrows) {
      e.preventDefault();
      return city.nudge(...arrows[e.key], e.shiftKey);
    }
    switch (e.key) {
      case "h": case "H": return city.home();
      case "n": case "N": return city.north();
      case "t": case "T": return city.top();
      case "u": case "U": return void city.dive();
      case "+": case "=": return city.zoomBy(0.7);
      case "-": case "_": return city.zoomBy(1.4);
      case "[": return deepen(app, -DEPTH_STEP);
      case "]": return deepen(app, DEPTH_STEP);
      case "p": case "P": return void app.changeMode?.();
      case "?": return app.open("help");
      case "l": case "L": {
        const id = city.next();
        if (id) void app.select(id);
      }
    }
  });
}
