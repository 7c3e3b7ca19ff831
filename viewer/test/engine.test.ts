import { describe, expect, it } from "vitest";
import { hasInstanceTransform, hasShaderStage } from "../src/scene/engine-parts";

// What the viewer uses of the engine beyond its interface. Where one of these fails after an update: look for what has taken its place, and mend
// src/scene/engine-parts.ts and whoever imports it.
describe("this version of @cesium/engine", () => {
  it("has the shader function that says where an instance stands: the symbol style needs it for lines of one width", () => {
    expect(hasInstanceTransform()).toBe(true);
  });
  it("has the stage of custom shaders as it was: colours by class need it for instances", () => {
    expect(hasShaderStage()).toBe(true);
  });
});
