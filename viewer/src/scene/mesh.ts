// Own meshes with own shading: positions in double precision, local metres and a mark for the shader beside each.
import {
  BoundingSphere, Cartesian3, ComponentDatatype, CullFace, Geometry, GeometryAttribute, GeometryAttributes, GeometryInstance,
  Material, MaterialAppearance, Primitive, PrimitiveType,
} from "@cesium/engine";

export interface MeshData { positions: number[]; st: number[]; mark: number[]; indices: number[] }

export const emptyMesh = (): MeshData => ({ positions: [], st: [], mark: [], indices: [] });

const vertexShader = `
in vec3 position3DHigh; in vec3 position3DLow; in vec2 st; in vec3 mark; in float batchId;
out vec2 v_st; out vec3 v_mark; out vec3 v_eye;
void main() {
  vec4 p = czm_computePosition();
  v_st = st; v_mark = mark; v_eye = (czm_modelViewRelativeToEye * p).xyz;
  gl_Position = czm_modelViewProjectionRelativeToEye * p;
}`;
const fragmentShader = `
in vec2 v_st;
void main() {
  czm_materialInput i;
  i.s = v_st.x; i.st = v_st;
  czm_material m = czm_getMaterial(i);
  out_FragColor = vec4(m.diffuse + m.emission, m.alpha);
}`;

export function shading(type: string, uniforms: Record<string, unknown>, source: string): Material {
  return new Material({ fabric: { type, uniforms, source }, translucent: true });
}

export function meshPrimitive(data: MeshData, material: Material, options: { solid: boolean; inner: boolean }): Primitive {
  const geometry = new Geometry({
    attributes: Object.assign(new GeometryAttributes(), {
      position: new GeometryAttribute({ componentDatatype: ComponentDatatype.DOUBLE, componentsPerAttribute: 3, values: new Float64Array(data.positions) as unknown as number[] }),
      st: new GeometryAttribute({ componentDatatype: ComponentDatatype.FLOAT, componentsPerAttribute: 2, values: new Float32Array(data.st) as unknown as number[] }),
      mark: new GeometryAttribute({ componentDatatype: ComponentDatatype.FLOAT, componentsPerAttribute: 3, values: new Float32Array(data.mark) as unknown as number[] }),
    }),
    indices: new Uint32Array(data.indices),
    primitiveType: PrimitiveType.TRIANGLES,
    boundingSphere: BoundingSphere.fromVertices(data.positions, Cartesian3.ZERO, 3),
  });
  return new Primitive({
    geometryInstances: new GeometryInstance({ geometry }),
    appearance: new MaterialAppearance({
      material, translucent: !options.solid, closed: false, flat: true,
      vertexShaderSource: vertexShader, fragmentShaderSource: fragmentShader,
      renderState: {
        depthTest: { enabled: true },
        depthMask: options.solid,
        cull: options.inner ? { enabled: true, face: CullFace.BACK } : { enabled: false },
        ...(options.solid ? {} : { blending: { enabled: true, color: { red: 0, green: 0, blue: 0, alpha: 0 }, equationRgb: 0x8006, equationAlpha: 0x8006, functionSourceRgb: 0x0302, functionSourceAlpha: 1, functionDestinationRgb: 0x0303, functionDestinationAlpha: 0x0303 } }),
      },
    }),
    asynchronous: false, compressVertices: false, allowPicking: false, releaseGeometryInstances: true,
  });
}
