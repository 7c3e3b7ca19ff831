// Undoes EXT_meshopt_compression with the decoder of those who made it. Reads one JSON array of {data, count, stride, filter} with data in base 64, and
// writes one of what comes out, in base 64.
const fs = require("fs");

(async () => {
  const { MeshoptDecoder } = await import("meshoptimizer");
  await MeshoptDecoder.ready;
  const out = JSON.parse(fs.readFileSync(0, "utf8")).map(({ data, count, stride, filter }) => {
    const rows = new Uint8Array(count * stride);
    MeshoptDecoder.decodeGltfBuffer(rows, count, stride, new Uint8Array(Buffer.from(data, "base64")), "ATTRIBUTES", filter || "NONE");
    return Buffer.from(rows).toString("base64");
  });
  process.stdout.write(JSON.stringify(out));
})();
