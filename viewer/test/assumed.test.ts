import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Asset, Catalog } from "../src/api/types";
import { assumedReason } from "../src/assets/panel";
import { setLanguage } from "../src/i18n";

beforeAll(() => { vi.stubGlobal("document", { documentElement: {} }); });

const catalog = { networks: [{ code: "WS", members: ["WS"], standardCover: { value: 0.6, source: "GB 50289-2016 4.1.1", confirmed: false } }] } as unknown as Catalog;
const asset = { network: "WS", assumed: ["geometry"] } as unknown as Asset;

describe("why a value is assumed", () => {
  it("names the rule, its source and whether it was confirmed", () => {
    setLanguage("en");
    expect(assumedReason(catalog, asset, "geometry")).toContain("GB 50289-2016 4.1.1");
    expect(assumedReason(catalog, asset, "cover")).toMatch(/0\.60.*not yet confirmed/);
    setLanguage("zh-CN");
    expect(assumedReason(catalog, asset, "geometry")).toMatch(/GB 50289-2016 4\.1\.1.*尚未确认/);
  });
  it("says something else of each other value, and of one of another network", () => {
    setLanguage("en");
    const said = ["diameter", "outerDiameter", "ground", "position", "material"].map((k) => assumedReason(catalog, asset, k));
    expect(new Set(said).size).toBe(said.length);
    expect(assumedReason(catalog, { ...asset, network: "XX" }, "geometry")).not.toContain("GB 50289");
  });
});
