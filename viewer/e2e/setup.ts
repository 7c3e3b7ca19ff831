// One city and one browser for all files: what a file changes in the city, no other file relies upon.
import type { TestProject } from "vitest/node";
import { launch, startCity } from "./city";

declare module "vitest" {
  export interface ProvidedContext { city: { url: string; signIn: string }; browser: string }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [city, browser] = await Promise.all([startCity(3000), launch()]);
  project.provide("city", { url: city.url, signIn: city.signIn });
  project.provide("browser", browser.wsEndpoint());
  return async () => {
    await browser.close();
    await city.stop();
  };
}
