// Tiles that the server refuses: one question why, one sentence to the person, however many tiles it is.
export const QUOTA = "urn:undercity:quota";
const RATE = "urn:undercity:rate";

interface Why { type?: string; detail?: string; quota?: { ends?: string } }

export interface Refusals { look(url: string): void }

/** Says the server's own sentence about a refused tile once, and again only when what was refused has an end and that is past. */
export function watchRefusals(say: (sentence: string) => void, ask: (url: string) => Promise<Response> = askWhy, now = Date.now): Refusals {
  let asking = false;
  let quietUntil = 0;
  return {
    look(url) {
      if (asking || now() < quietUntil) return;
      asking = true;
      ask(url).then(async (answer) => {
        if (answer.status !== 403 && answer.status !== 429) return;
        const why = await answer.json() as Why;
        if (!why.detail || (why.type !== QUOTA && why.type !== RATE)) return;
        const ends = Date.parse(why.quota?.ends ?? "");
        quietUntil = Number.isNaN(ends) ? now() + 60_000 : ends;
        say(why.detail);
      }).catch(() => undefined).finally(() => { asking = false; });
    },
  };
}

const askWhy = (url: string) => fetch(url, { credentials: "same-origin", headers: { "Accept-Language": document.documentElement.lang || "en" } });
