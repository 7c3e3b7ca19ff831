// Modules of the engine that its types leave out.
declare module "@cesium/engine/Source/Shaders/Model/InstancingStageCommon.js" {
  const text: string;
  export default text;
}
declare module "@cesium/engine/Source/Scene/Model/CustomShaderPipelineStage.js" {
  interface Primitive { featureIds?: unknown[] }
  interface Resources { runtimeNode?: { node?: { instances?: { featureIds?: unknown[] } } } }
  const stage: { process(resources: Resources, primitive: Primitive, frameState: unknown): void };
  export default stage;
}
