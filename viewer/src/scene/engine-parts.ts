// What is used of the engine beyond its interface, and whether this version of it has that: a newer one may not, and then the view does without.
import common from "@cesium/engine/Source/Shaders/Model/InstancingStageCommon.js";
import stage from "@cesium/engine/Source/Scene/Model/CustomShaderPipelineStage.js";

/** The function of its shaders that says where an instance stands: by it lines become signs of one width. */
export const instanceTransform = "getInstancingTransform";

/** Without it things keep their real shape in the symbol style. */
export const hasInstanceTransform = (): boolean => new RegExp(`mat4\\s+${instanceTransform}\\s*\\(\\s*\\)`).test(common);

/** Without it instances cannot be coloured or filtered by class. */
export const hasShaderStage = (): boolean => typeof stage.process === "function";
