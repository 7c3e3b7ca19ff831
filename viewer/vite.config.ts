import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

// Cesium loads its workers and WebAssembly at run time by name; they go beside the page so that no outside host is ever asked.
function cesiumFiles(): Plugin {
  const engine = resolve(import.meta.dirname, "node_modules/@cesium/engine");
  let out = "";
  return {
    name: "cesium-files",
    configResolved(config) {
      out = resolve(config.root, config.build.outDir, "cesium");
    },
    closeBundle() {
      mkdirSync(out, { recursive: true });
      cpSync(join(engine, "Build/Workers"), join(out, "Workers"), { recursive: true });
      cpSync(join(engine, "Source/ThirdParty"), join(out, "ThirdParty"), { recursive: true });
      cpSync(join(engine, "Source/Assets/IAU2006_XYS"), join(out, "Assets/IAU2006_XYS"), { recursive: true });
      cpSync(join(engine, "Source/Assets/Images"), join(out, "Assets/Images"), { recursive: true });
      // heights for what is draped over a globe; there is no globe, and the engine asks for the file all the same
      writeFileSync(join(out, "Assets/approximateTerrainHeights.json"), "{}");
    },
  };
}

const server = process.env.UNDERCITY_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "./",
  define: { CESIUM_BASE_URL: JSON.stringify("./cesium/") },
  build: { outDir: "dist", target: "es2022", chunkSizeWarningLimit: 6000, reportCompressedSize: true },
  server: { proxy: { "/api": server, "/3dtiles": server, "/mvt": server } },
  plugins: [cesiumFiles()],
});
