// Property tables in the shading of instances. The engine (26.3) gives instances their columns, but refuses a shader that reads them: it looks for the table
// among the feature ids of the mesh alone. Here it is shown those of the instances too.
import { hasShaderStage } from "./engine-parts";
import stage from "@cesium/engine/Source/Scene/Model/CustomShaderPipelineStage.js";

let done = false;

export function allowInstancedMetadata(): void {
  if (done || !hasShaderStage()) return;
  done = true;
  const process = stage.process;
  stage.process = (resources, primitive, frameState) => {
    const own = resources.runtimeNode?.node?.instances?.featureIds;
    const seen = own?.length ? (Object.create(primitive, { featureIds: { value: [...(primitive.featureIds ?? []), ...own] } }) as typeof primitive) : primitive;
    process(resources, seen, frameState);
  };
}
