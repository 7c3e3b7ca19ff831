// The way to the page of rights from elsewhere: its code is fetched when somebody first wants it.
import type { App } from "../ui/state";

let asked: string | null = null;

/** Opens the page with the question who sees an asset. */
export function askWhoSees(app: App, asset: string): void {
  asked = asset;
  app.openPage("rights");
}

/** The asset that was asked about, once. */
export function takeAsked(): string | null {
  const a = asked;
  asked = null;
  return a;
}
