import { beforeAll, describe, expect, it, vi } from "vitest";
import { agentName } from "../src/account/agent";
import { waitWords } from "../src/account/wait";
import { signInToken } from "../src/link/hash";

beforeAll(() => { vi.stubGlobal("document", { documentElement: {} }); });

describe("people", () => {
  it.each([
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0", "Edge, Windows"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari, iOS"],
    ["Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox, Linux"], ["curl/8.5.0", "curl"], ["", "—"],
  ])("are told by their browser: %s", (agent, name) => expect(agentName(agent)).toBe(name));
  it("are told how long to wait", async () => {
    const { setLanguage } = await import("../src/i18n");
    setLanguage("en");
    expect([0.2, 59, 60, 899.5].map(waitWords)).toEqual(["1 s", "59 s", "1 min 0 s", "15 min 0 s"]);
  });
  it("sign in by a token beside other things in the address", () => expect(signInToken("#m=1&signin=abc")).toBe("abc"));
});
