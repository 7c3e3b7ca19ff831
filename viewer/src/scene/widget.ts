// The canvas: CesiumJS without globe, sky, atmosphere or any service of its own.
import { CesiumWidget, Color, Ion, type Scene } from "@cesium/engine";

/** Whether pictures are made in software here; then smoothing edges costs more than it gives. */
function software(canvas: HTMLCanvasElement): boolean {
  const gl = canvas.getContext("webgl2");
  const info = gl?.getExtension("WEBGL_debug_renderer_info");
  const name = gl && info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : "";
  return /swiftshader|llvmpipe|software/i.test(name);
}

const SOFTWARE_DOTS = 1.1e6; // about 1366 × 768

export interface Canvas { scene: Scene; widget: CesiumWidget; slow: boolean }

export function openWidget(container: HTMLElement, credits: HTMLElement): Canvas {
  Ion.defaultAccessToken = "";
  const widget = new CesiumWidget(container, {
    globe: false, baseLayer: false, skyBox: false, skyAtmosphere: false, scene3DOnly: true,
    requestRenderMode: true, maximumRenderTimeChange: Infinity, creditContainer: credits,
    orderIndependentTranslucency: false, msaaSamples: 1, showRenderLoopErrors: false,
    useBrowserRecommendedResolution: false, shouldAnimate: false,
  });
  const scene = widget.scene;
  const slow = software(widget.canvas);
  const dots = window.devicePixelRatio || 1;
  const fit = () => {
    // in software the number of points is what costs, so a phone's small picture may be as fine as its screen
    const most = slow ? Math.max(1, Math.sqrt(SOFTWARE_DOTS / Math.max(1, container.clientWidth * container.clientHeight))) : 2;
    widget.resolutionScale = Math.min(dots, most, 2) / dots;
  };
  fit();
  scene.msaaSamples = slow ? 1 : 4;
  scene.highDynamicRange = false;
  scene.fog.enabled = false;
  scene.screenSpaceCameraController.enableInputs = false;
  scene.screenSpaceCameraController.enableCollisionDetection = false;
  scene.postProcessStages.fxaa.enabled = slow;
  if (scene.sun) scene.sun.show = false;
  if (scene.moon) scene.moon.show = false;
  scene.backgroundColor = Color.fromCssColorString("#0B1017");
  return { scene, widget, slow };
}
