import { afterEach, describe, expect, it } from "vitest";
import type { Area, Catalog, Grant, Policy } from "../src/api/types";
import { withheldShare } from "../src/assets/withheld";
import { setLanguage } from "../src/i18n";
import { sameView } from "../src/live/view";
import { areaOf, closed, cornersOf, fromGeojson, openRings } from "../src/policy/area";
import { blankGrant, changesOf, copyOf, parsePolicy, rename, toggled, unlike, usersOf } from "../src/policy/logic";
import { at, crossing, homeless, placeOf, without, wrongsOf } from "../src/policy/places";
import { changeWords, grantSentence, gradingSentence, listed } from "../src/policy/words";

Object.assign(globalThis, { document: { documentElement: { lang: "" } } });
afterEach(() => setLanguage("zh-CN"));

const catalog = {
  networks: [{ code: "JS", nameZh: "给水", nameEn: "water supply" }, { code: "RQ", nameZh: "燃气", nameEn: "gas" }],
  subnetworks: [{ code: "TR", layer: "RQ", nameZh: "天然气", nameEn: "natural gas" }], kinds: [{ code: "segment", nameZh: "管段", nameEn: "segment" }],
} as unknown as Catalog;
const square = (x: number, y: number, d: number): Area => closed([[[[x, y], [x + d, y], [x + d, y + d], [x, y + d]]]]);
const policy = (): Policy => ({
  grants: [{ id: "administrators", roles: ["admin"], actions: ["read", "users", "policy"], secrecy: "secret" }, { id: "planners", roles: ["planner"], actions: ["read", "export"], secrecy: "restricted", districts: ["北区"] }],
  gradings: [{ id: "gas", networks: ["RQ"], districts: ["北区"], secrecy: "restricted" }], fields: { owner: "restricted" }, districts: [{ name: "北区", geometry: square(122, 37, 0.01) }],
});

describe("the sentence of a grant", () => {
  const say = (language: "en" | "zh-CN", g: Partial<Grant>) => {
    setLanguage(language);
    return grantSentence(catalog, { id: "x", actions: [], secrecy: "internal", ...g });
  };
  it.each<[Partial<Grant>, string, string]>([
    [{ roles: ["planner"], actions: ["read", "export"], secrecy: "restricted" }, "Planners may see and export everything, up to restricted.", "规划人员可以查看、导出所有管网，密级至“受限”。"],
    [{ roles: ["admin"], actions: ["read", "change", "audit", "policy"], secrecy: "secret" }, "Administrators may see and change everything, whatever its grade. They may also read the audit log and edit these rights.", "管理员可以查看、修改所有管网，不限密级。还可以查阅审计日志、编辑权限。"],
    [{ users: ["li"], units: ["水务集团"], actions: ["read"], networks: ["JS", "TR"], districts: ["北区", "南区"], owners: ["@unit", "燃气公司"] }, "Li and people of 水务集团 may see water supply and natural gas in \"北区\" or \"南区\" of their own unit or 燃气公司, up to internal.", "Li、水务集团的人员可以查看“北区”或“南区”内权属为本单位或燃气公司的给水、天然气，密级至“内部”。"],
    [{ roles: ["operator"], actions: ["audit"] }, "Operators may read the audit log.", "运行人员可以查阅审计日志。"],
    [{}, "Nobody may do nothing.", "（未指定对象）可以（未给予操作）。"],
    [{ roles: ["king"], actions: ["fly"], networks: ["QQ"] }, "King may fly.", "King\u2009可以\u2009fly。"],
  ])("%j", (g, en, zh) => {
    const spaced = (s: string) => s.replaceAll("\u2009", "");
    expect(spaced(say("en", g))).toBe(en);
    expect(spaced(say("zh-CN", g))).toBe(spaced(zh));
  });
  it("parts Han and Latin by a thin space", () => expect(say("zh-CN", { users: ["li"], actions: ["read"] })).toBe("Li\u2009可以查看所有管网，密级至“内部”。"));
  it("lists words", () => {
    setLanguage("en");
    expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map((l) => listed(l))).toEqual(["", "a", "a and b", "a, b and c"]);
  });
});

it("says what a grading means", () => {
  setLanguage("en");
  expect(gradingSentence(catalog, { id: "g", kinds: ["segment"], networks: ["RQ"], secrecy: "restricted" })).toBe("Segment of gas: restricted, unless marked otherwise.");
  setLanguage("zh-CN");
  expect(gradingSentence(catalog, { id: "g", districts: ["北区"], secrecy: "secret" })).toBe("“北区”内所有管网的所有设施：按“涉密”对待，自身另有标注的除外。");
});

describe("unsaved changes", () => {
  const changed = (f: (p: Policy) => void) => {
    const p = policy();
    f(p);
    return changesOf(policy(), p);
  };
  it("are none where only what is empty was left out or written", () => {
    expect(changed((p) => { p.grants[0].networks = []; p.grants[0].note = ""; p.gradings[0] = { secrecy: "restricted", districts: ["北区"], networks: ["RQ"], id: "gas" }; })).toEqual([]);
  });
  it.each<[string, (p: Policy) => void, string[]]>([
    ["grade", (p) => { p.grants[1].secrecy = "public"; }, ["grants planners edited"]],
    ["new", (p) => { p.grants.push(blankGrant(p)); }, ["grants grant added"]],
    ["gone", (p) => { p.gradings = []; p.fields = {}; }, ["gradings gas removed", "values owner removed"]],
    ["order", (p) => { p.grants.reverse(); }, ["grants  order"]],
    ["corner", (p) => { (p.districts[0].geometry.coordinates as number[][][])[0][1][0] += 1e-6; }, ["districts 北区 edited"]],
    ["renamed", (p) => rename(p, p.districts[0], "新北区"), ["grants planners edited", "gradings gas edited", "districts 新北区 added", "districts 北区 removed"]],
  ])("%s", (_, f, want) => {
    const list = changed(f);
    expect(list.map((c) => `${c.of} ${c.name} ${c.what}`)).toEqual(want);
    setLanguage("en");
    for (const c of list) expect(changeWords(c)).toMatch(/added|removed|changed/);
  });
});

describe("editing", () => {
  it("keeps names apart", () => expect([unlike("a", []), unlike("a", ["a"]), unlike("a 2", ["a", "a 2", "a 3"])]).toEqual(["a", "a 2", "a 4"]));
  it("knows where a district is used, and renames it there", () => {
    const p = policy();
    expect(usersOf(p, "北区").map((g) => g.id)).toEqual(["planners", "gas"]);
    rename(p, p.districts[0], "北");
    expect([p.grants[1].districts, p.gradings[0].districts, usersOf(p, "北区")]).toEqual([["北"], ["北"], []]);
  });
  it("has no empty lists", () => expect([toggled(["a"], "a", false), toggled(undefined, "a", true), toggled(["a"], "a", true)]).toEqual([undefined, ["a"], ["a"]]));
  it("reads its own copy, and that of the server, and no other text", () => {
    expect(parsePolicy(JSON.stringify(policy()))).toEqual(policy());
    expect(parsePolicy(JSON.stringify({ version: 3, policy: policy() }))).toEqual(policy());
    for (const bad of ["", "7", "null", "{}", '{"grants":{}}', '{"grants":[7]}', '{"grants":[],"districts":{}}', '{"grants":[],"fields":[]}']) expect(() => parsePolicy(bad), bad).toThrow();
  });
});

describe("pointers of errors", () => {
  const wrongs = wrongsOf([{ pointer: "/policy/grants/1/networks/0", detail: "no code" }, { pointer: "/policy/grants/10/id", detail: "twice" }, { pointer: "/policy/districts/0/geometry", detail: "ring 1 crosses or touches itself at 122.118255, 37.508247" },
    { pointer: "/policy/fields/attributes.a/b", detail: "no grade" }, { pointer: "/policy/grants", detail: "locked out" }, { pointer: "/version", detail: "odd" }]);
  it.each([["/grants/1/networks/0", { tab: "grants", entry: 1, field: "networks" }], ["/fields/attributes.a/b", { tab: "values", entry: "attributes.a/b", field: "" }], ["/grants", { tab: "grants", entry: null, field: "" }], ["/version", null], ["", null]])("%s", (pointer, want) => expect(placeOf(pointer)).toEqual(want));
  it("stand beside their field and no other", () => {
    expect(at(wrongs, "/grants/1/networks")).toEqual(["no code"]);
    expect(at(wrongs, "/grants/1/owners")).toEqual([]);
    expect(at(wrongs, "/grants/1")).toEqual(["no code"]);
  });
  it("are said above all where no field shows them", () => {
    const p = policy();
    expect(homeless(wrongs, p).map((w) => w.detail)).toEqual(["twice", "no grade", "locked out", "odd"]);
    p.fields["attributes.a/b"] = "secret";
    expect(homeless(wrongs, p).map((w) => w.detail)).toEqual(["twice", "locked out", "odd"]);
  });
  it("go when the field is mended", () => expect(without(wrongs, "/grants/1/networks").map((w) => w.detail)).not.toContain("no code"));
  it("tell where a border crosses itself", () => expect([crossing(wrongs[2].detail), crossing("ring 1 encloses nothing")]).toEqual([[122.118255, 37.508247], null]));
});

describe("districts", () => {
  it("are measured on the sphere, without their holes", () => {
    // a hundredth of a degree at 37°: 1.1119 km by 1.1119 km · cos 37.005°
    const side = 6371.0072 * Math.PI / 18000;
    expect(areaOf(square(122, 37, 0.01))).toBeCloseTo(side * side * Math.cos(37.005 * Math.PI / 180), 4);
    const holed = closed([[...openRings(square(122, 37, 0.01))[0], ...openRings(square(122.002, 37.002, 0.005))[0]]]);
    expect(areaOf(holed)).toBeCloseTo(areaOf(square(122, 37, 0.01)) - areaOf(square(122.002, 37.002, 0.005)), 6);
    expect([cornersOf(holed), areaOf(undefined), cornersOf({ type: "Polygon", coordinates: 7 } as unknown as Area)]).toEqual([8, 0, 0]);
  });
  it("come from GeoJSON of any shape", () => {
    const two = { type: "MultiPolygon", coordinates: [square(1, 1, 1).coordinates, square(5, 5, 1).coordinates] };
    const found = fromGeojson(JSON.stringify({ type: "FeatureCollection", features: [{ type: "Feature", properties: { name: "东区" }, geometry: two }, { type: "Feature", properties: null, geometry: square(3, 3, 1) }, { type: "Feature", geometry: { type: "Point", coordinates: [1, 2] } }] }), (n) => `#${n}`);
    expect(found.map((d) => `${d.name} ${d.geometry.type} ${cornersOf(d.geometry)}`)).toEqual(["东区 MultiPolygon 8", "#2 Polygon 4"]);
    expect(fromGeojson(JSON.stringify(square(1, 1, 1)), () => "x")).toHaveLength(1);
    for (const none of ["null", "7", "{}", '{"type":"FeatureCollection"}', '{"type":"Polygon","coordinates":7}', '{"type":"Feature","geometry":null}']) expect(fromGeojson(none, () => "x"), none).toEqual([]);
  });
});

it("tells one who sees the same from one who does not", () => {
  const me = { name: "a", role: "planner", rights: ["read"], view: "k" };
  expect([sameView(me, copyOf(me)), sameView(me, { ...me, view: "l" }), sameView(me, { ...me, name: "b" })]).toEqual([true, false, false]);
});

it("never rounds what is withheld to nothing, nor what is shown", () => {
  expect([[undefined, 9], [0, 9], [1, 999], [1, 1], [999, 1], [9, 0]].map(([w, s]) => withheldShare(w, s as number))).toEqual([null, null, "< 1", "50", "> 99", "100"]);
});
