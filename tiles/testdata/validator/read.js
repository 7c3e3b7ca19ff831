// Reads a GLB with another's reader (glTF Transform) and prints what it found: nodes with names, extras, places and the boxes of what is drawn in the
// world, materials and triangles. Usage: node read.js FILE
const { NodeIO, getBounds } = require("@gltf-transform/core");

(async () => {
  const doc = await new NodeIO().read(process.argv[2]);
  const root = doc.getRoot();
  const nodes = root.listNodes().map((n) => {
    const primitives = n.getMesh()?.listPrimitives() ?? [];
    return {
      name: n.getName(), parent: n.getParentNode()?.getName() ?? "", extras: n.getExtras(), bounds: getBounds(n),
      triangles: primitives.reduce((sum, p) => sum + p.getIndices().getCount() / 3, 0),
      materials: primitives.map((p) => p.getMaterial().getName()), children: n.listChildren().length,
    };
  });
  const materials = root.listMaterials().map((m) => ({ name: m.getName(), colour: m.getBaseColorFactor(), alpha: m.getAlphaMode() }));
  console.log(JSON.stringify({ nodes, materials, extensions: root.listExtensionsUsed().map((e) => e.extensionName), scenes: root.listScenes().length }));
})();
