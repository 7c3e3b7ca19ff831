// Validates what the test wrote: GLBs with Khronos' validator, JSON with the schemas of 3D Tiles. Usage: node validate.js FOLDER SCHEMAS
// It prints one line a fault and "N files" at the end.
const fs = require("fs");
const path = require("path");
const gltf = require("gltf-validator");
const Ajv = require("ajv/dist/2020");

const [folder, schemas] = process.argv.slice(2);

function schemaOf(file) {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  const seen = new Set();
  const walk = (dir) => {
    for (const f of fs.readdirSync(dir, { withFileTypes: true })) {
      const p = path.join(dir, f.name);
      if (f.isDirectory()) walk(p);
      else if (f.name.endsWith(".json") && !seen.has(f.name)) {
        const s = JSON.parse(fs.readFileSync(p, "utf8"));
        seen.add(f.name);
        // The files refer to each other by name alone.
        s.$id = f.name;
        const flatten = (o) => {
          if (o && typeof o === "object") {
            if (typeof o.$ref === "string" && !o.$ref.startsWith("#")) {
              const [file, part] = o.$ref.split("#");
              o.$ref = path.basename(file) + (part === undefined ? "" : "#" + part);
            }
            Object.values(o).forEach(flatten);
          }
        };
        flatten(s);
        ajv.addSchema(s);
      }
    }
  };
  walk(schemas);
  return ajv.getSchema(file);
}

(async () => {
  let n = 0;
  for (const f of fs.readdirSync(folder)) {
    const p = path.join(folder, f);
    n++;
    if (f.endsWith(".glb")) {
      const r = await gltf.validateBytes(new Uint8Array(fs.readFileSync(p)), { maxIssues: 50 });
      for (const m of r.issues.messages) if (m.severity < 2) console.log(`${f}: ${m.code} ${m.message} ${m.pointer}`);
    } else if (schemas) {
      const validate = schemaOf(f.endsWith(".subtree.json") ? "subtree.schema.json" : "tileset.schema.json");
      if (!validate(JSON.parse(fs.readFileSync(p, "utf8")))) for (const e of validate.errors.slice(0, 5)) console.log(`${f}: ${e.instancePath} ${e.message} (${e.schemaPath})`);
    }
  }
  console.log(`${n} files`);
})();
