// Draws a plain glTF model by WebGL alone, so that a picture shows what the model is and nothing of a viewer. Faces that look away are red: they are seen
// where a wall is cut, and nowhere else.
import type { Page } from "playwright-core";
import type { Shape } from "./shapes";

export const width = 320;
export const height = 240;

interface Gltf {
  nodes: { mesh?: number; translation?: number[]; children?: number[] }[];
  meshes: { primitives: { attributes: Record<string, number>; indices: number }[] }[];
  accessors: { bufferView: number; byteOffset?: number; count: number; componentType: number }[];
  bufferViews: { byteOffset?: number }[];
  scenes: { nodes: number[] }[];
}

export interface Model { positions: number[]; normals: number[]; min: number[]; max: number[] }

/** Every triangle of a model, corner by corner, in its own metres. */
export function triangles(b: Buffer): Model {
  const head = b.readUInt32LE(12);
  const doc = JSON.parse(b.toString("utf8", 20, 20 + head)) as Gltf;
  const bin = b.subarray(28 + head);
  const m: Model = { positions: [], normals: [], min: [Infinity, Infinity, Infinity], max: [-Infinity, -Infinity, -Infinity] };
  const start = (i: number) => (doc.bufferViews[doc.accessors[i].bufferView].byteOffset ?? 0) + (doc.accessors[i].byteOffset ?? 0);
  const visit = (i: number, from: number[]) => {
    const n = doc.nodes[i];
    const at = from.map((v, k) => v + (n.translation?.[k] ?? 0));
    for (const p of n.mesh === undefined ? [] : doc.meshes[n.mesh].primitives) {
      const [pos, nor, ind] = [start(p.attributes.POSITION), start(p.attributes.NORMAL), start(p.indices)];
      const { count, componentType } = doc.accessors[p.indices];
      for (let k = 0; k < count; k++) {
        const v = componentType === 5125 ? bin.readUInt32LE(ind + 4 * k) : bin.readUInt16LE(ind + 2 * k);
        for (let a = 0; a < 3; a++) {
          const x = bin.readFloatLE(pos + 12 * v + 4 * a) + at[a];
          m.positions.push(x);
          m.normals.push(bin.readFloatLE(nor + 12 * v + 4 * a));
          m.min[a] = Math.min(m.min[a], x);
          m.max[a] = Math.max(m.max[a], x);
        }
      }
    }
    for (const c of n.children ?? []) visit(c, at);
  };
  for (const n of doc.scenes[0].nodes) visit(n, [0, 0, 0]);
  return m;
}

/** A PNG of a model, from a fixed eye. */
export async function draw(page: Page, m: Model, s: Shape): Promise<Buffer> {
  const [heading, pitch, part] = s.eye ?? [220, 25, 0.8];
  const middle = m.min.map((v, k) => (v + m.max[k]) / 2);
  const size = Math.hypot(...m.min.map((v, k) => m.max[k] - v));
  const plane = [0, 0, 0, 1];
  if (s.cut) {
    const sign = s.cut.keep === "below" ? -1 : 1;
    plane[s.cut.axis] = sign;
    plane[3] = -sign * (m.min[s.cut.axis] + s.cut.from * (m.max[s.cut.axis] - m.min[s.cut.axis]));
  }
  const bytes = (v: number[]) => Buffer.from(new Float32Array(v).buffer).toString("base64");
  const url = await page.evaluate(paint, { positions: bytes(m.positions), normals: bytes(m.normals), middle, size, heading, pitch, distance: size * 1.6 * part, plane, width, height });
  return Buffer.from(url.split(",")[1], "base64");
}

interface Scene { positions: string; normals: string; middle: number[]; size: number; heading: number; pitch: number; distance: number; plane: number[]; width: number; height: number }

// Runs in the page.
function paint(s: Scene): string {
  const canvas = document.createElement("canvas");
  canvas.width = s.width;
  canvas.height = s.height;
  const gl = canvas.getContext("webgl2", { preserveDrawingBuffer: true, antialias: false });
  if (!gl) throw new Error("no WebGL 2");
  const shader = (kind: number, text: string) => {
    const o = gl.createShader(kind) as WebGLShader;
    gl.shaderSource(o, text);
    gl.compileShader(o);
    if (!gl.getShaderParameter(o, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(o) ?? "shader");
    return o;
  };
  const program = gl.createProgram();
  gl.attachShader(program, shader(gl.VERTEX_SHADER, "#version 300 es\nin vec3 p, n; uniform mat4 m; out vec3 at, normal; void main() { at = p; normal = n; gl_Position = m * vec4(p, 1.0); }"));
  gl.attachShader(program, shader(gl.FRAGMENT_SHADER, `#version 300 es
    precision highp float; in vec3 at, normal; uniform vec3 eye; uniform vec4 plane; out vec4 colour;
    void main() {
      if (dot(plane.xyz, at) + plane.w < 0.0) discard;
      vec3 n = normalize(normal), v = normalize(eye - at);
      if (!gl_FrontFacing) { colour = vec4(0.62, 0.12, 0.1, 1.0); return; }
      float light = 0.35 + 0.4 * max(0.0, dot(n, normalize(vec3(0.4, 0.8, 0.3)))) + 0.25 * max(0.0, dot(n, v));
      colour = vec4(light * vec3(0.85, 0.78, 0.66), 1.0);
    }`));
  gl.linkProgram(program);
  gl.useProgram(program);
  const numbers = (b: string) => new Float32Array(Uint8Array.from(atob(b), (c) => c.charCodeAt(0)).buffer);
  const positions = numbers(s.positions);
  for (const [name, v] of [["p", positions], ["n", numbers(s.normals)]] as const) {
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, v, gl.STATIC_DRAW);
    const i = gl.getAttribLocation(program, name);
    gl.enableVertexAttribArray(i);
    gl.vertexAttribPointer(i, 3, gl.FLOAT, false, 0, 0);
  }
  // X east, Y up, Z south: the eye stands at its heading from the middle.
  const [h, p] = [(s.heading * Math.PI) / 180, (s.pitch * Math.PI) / 180];
  const back = [Math.sin(h) * Math.cos(p), Math.sin(p), -Math.cos(h) * Math.cos(p)];
  const eye = s.middle.map((v, k) => v + back[k] * s.distance);
  const right = [Math.cos(h), 0, Math.sin(h)].map((v) => -v);
  const up = [back[1] * right[2] - back[2] * right[1], back[2] * right[0] - back[0] * right[2], back[0] * right[1] - back[1] * right[0]];
  const dot = (a: number[], b: number[]) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const [near, far, f] = [s.distance / 100, s.distance + s.size * 2, 1 / Math.tan(0.35)];
  const x = f * (s.height / s.width);
  const z = [(near + far) / (near - far), (2 * near * far) / (near - far)];
  const row = (a: number[], k: number) => [a[0] * k, a[1] * k, a[2] * k, -dot(a, eye) * k];
  const rows = [row(right, x), row(up, f), [...back.map((v) => v * z[0]), -dot(back, eye) * z[0] + z[1]], row(back, -1)];
  const m = new Float32Array(16);
  rows.forEach((r, i) => r.forEach((v, j) => { m[4 * j + i] = v; }));
  gl.uniformMatrix4fv(gl.getUniformLocation(program, "m"), false, m);
  gl.uniform3fv(gl.getUniformLocation(program, "eye"), eye);
  gl.uniform4fv(gl.getUniformLocation(program, "plane"), s.plane);
  gl.viewport(0, 0, s.width, s.height);
  gl.clearColor(0.04, 0.06, 0.09, 1);
  gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
  gl.enable(gl.DEPTH_TEST);
  gl.drawArrays(gl.TRIANGLES, 0, positions.length / 3);
  return canvas.toDataURL("image/png");
}

export interface Difference { share: number; red: number; filled: number }

/** The share of pixels that differ clearly between two pictures; of the first, the shares that are red and that show something. */
export async function compare(page: Page, now: Buffer, then: Buffer | null): Promise<Difference> {
  return page.evaluate(async ([a, b]) => {
    const read = async (base64: string) => {
      const image = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], { type: "image/png" }));
      const g = new OffscreenCanvas(image.width, image.height).getContext("2d") as OffscreenCanvasRenderingContext2D;
      g.drawImage(image, 0, 0);
      return g.getImageData(0, 0, image.width, image.height).data;
    };
    const p = await read(a);
    const q = b ? await read(b) : p;
    let [other, red, filled] = [0, 0, 0];
    for (let i = 0; i < p.length; i += 4) {
      if (Math.max(...[0, 1, 2].map((k) => Math.abs(p[i + k] - q[i + k]))) > 40) other++;
      if (p[i] > 100 && p[i + 1] < 60) red++;
      if (p[i] > 40) filled++;
    }
    const n = p.length / 4;
    return { share: p.length === q.length ? other / n : 1, red: red / n, filled: filled / n };
  }, [now.toString("base64"), then?.toString("base64") ?? ""] as const);
}
