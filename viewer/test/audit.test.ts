import { describe, expect, it } from "vitest";
import { details, isAsset, outcome, queryOf, targetName } from "../src/audit/logic";

const none = { action: "", user: "", target: "", span: "all", from: "", to: "" };
const now = Date.UTC(2026, 4, 1, 12);

describe("the audit log", () => {
  it("is asked for what the filters say", () => {
    expect(queryOf(none, now)).toBe("");
    expect(queryOf({ ...none, action: "read", user: " li ", target: "RQ-1", span: "day" }, now)).toBe("action=read&user=li&target=RQ-1&from=2026-04-30T12%3A00%3A00.000Z");
    expect(queryOf({ ...none, span: "own", from: "2026-05-01T00:00", to: "never" }, now)).toBe(`from=${encodeURIComponent(new Date("2026-05-01T00:00").toISOString())}`);
  });
  it("says how an action ended", () => {
    expect([0, 200, 202, 401, 403, 409, 422, 429, 500, 503].map((status) => outcome({ status, action: "change" }).words)).toEqual(
      ["未结束", "完成", "完成", "拒绝", "拒绝", "未接受", "未接受", "拒绝", "失败", "失败"]);
  });
  it("tells assets from tiles, users and imports", () => {
    expect(isAsset("read", "JS-000123")).toBe(true);
    expect(isAsset("change", "WS-N1~N2")).toBe(true);
    for (const [action, target] of [["user", "AB-1"], ["read", "/3dtiles/JS/content/5/1/2.glb"], ["imported", "0af3"], ["change", "=HYPERLINK(1)"]]) expect(isAsset(action, target)).toBe(false);
    expect(targetName("/3dtiles/JS/content/5/1/2.glb")).toBe("JS 瓦片 5/1/2");
    expect(targetName("/mvt/14/1/2.mvt?asOf=3")).toBe("地图瓦片 14/1/2");
    expect(targetName("li")).toBe("li");
  });
  it("names details, and leaves out what is empty", () => {
    const e = { number: 1, time: "", user: "", action: "export", route: "", targets: [], status: 200, hash: "", detail: { assets: 3, box: "", networks: ["JS", "WS"], odd: { a: 1 }, note: null } };
    expect(details(e)).toEqual([["资产数", "3"], ["管线类别", "JS, WS"], ["odd", '{"a":1}']]);
  });
});
