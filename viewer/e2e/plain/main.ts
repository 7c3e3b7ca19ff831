// CesiumJS as anybody would use it: an exported tileset by its address, and nothing of the explorer.
import { Cartesian2, Cesium3DTileFeature, Cesium3DTileset, CesiumWidget, Color, HeadingPitchRange, Ion, Math as CesiumMath } from "@cesium/engine";

export interface Plain { tiles: number; failed: string[]; done: boolean; pick(x: number, y: number): string | null }

const seen: Plain = { tiles: 0, failed: [], done: false, pick: () => null };
Object.assign(window, { seen });

Ion.defaultAccessToken = "";
const widget = new CesiumWidget("scene", { globe: false, baseLayer: false, skyBox: false, skyAtmosphere: false, requestRenderMode: true, msaaSamples: 1 });
widget.scene.backgroundColor = Color.BLACK;
const tileset = await Cesium3DTileset.fromUrl("/city/tileset.json", { maximumScreenSpaceError: 1 });
tileset.tileLoad.addEventListener(() => { seen.tiles++; });
tileset.tileFailed.addEventListener((e: { message: string }) => { seen.failed.push(e.message); });
tileset.allTilesLoaded.addEventListener(() => { seen.done = true; });
widget.scene.primitives.add(tileset);
seen.pick = (x, y) => {
  const f: unknown = widget.scene.pick(new Cartesian2(x, y), 25, 25);
  return f instanceof Cesium3DTileFeature ? String(f.getProperty("id")) : null;
};
widget.scene.camera.flyToBoundingSphere(tileset.boundingSphere, { duration: 0, offset: new HeadingPitchRange(0, CesiumMath.toRadians(-60), tileset.boundingSphere.radius * 0.25) });
