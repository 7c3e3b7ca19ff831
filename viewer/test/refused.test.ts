import { describe, expect, it } from "vitest";
import { watchRefusals } from "../src/live/refused";

const settle = () => new Promise((r) => setTimeout(r, 0));
const problem = (status: number, body: unknown) => Promise.resolve(new Response(JSON.stringify(body), { status }));

describe("refused tiles", () => {
  it("says the quota's sentence once, and again the next day", async () => {
    const said: string[] = [];
    let now = Date.parse("2026-05-01T10:00:00Z");
    let asked = 0;
    const refusals = watchRefusals((s) => said.push(s), () => {
      asked++;
      return problem(403, { type: "urn:undercity:quota", detail: "enough for today", quota: { ends: "2026-05-01T16:00:00Z" } });
    }, () => now);
    for (let i = 0; i < 50; i++) refusals.look(`tile/${i}`);
    await settle();
    for (let i = 0; i < 50; i++) refusals.look(`tile/${i}`);
    await settle();
    expect(said).toEqual(["enough for today"]);
    expect(asked).toBe(1);
    now = Date.parse("2026-05-01T16:00:01Z");
    refusals.look("tile/1");
    await settle();
    expect(said).toHaveLength(2);
  });
  it("is silent about other failures, and about one that is none any more", async () => {
    const said: string[] = [];
    const answers = [() => problem(404, {}), () => problem(403, { type: "about:blank", detail: "no right" }), () => problem(200, {}), () => Promise.reject(new Error("offline"))];
    for (const a of answers) {
      watchRefusals((s) => said.push(s), a).look("tile");
      await settle();
    }
    expect(said).toEqual([]);
  });
});
