// One city and one browser for all files: what a file changes in the city, no other file relies upon.
import type { TestProject } from "vitest/node";
import { launch, startCity, type City } from "./city";

declare module "vitest" {
  export interface ProvidedContext { city: City; browser: string }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [city, browser] = await Promise.all([startCity(3000), launch()]);
  project.provide("city", { url: city.url, signIn: city.signIn, once: city.once, token: city.token, data: city.data });
  project.provide("browser", browser.wsEndpoint());
  return async () => {
    await browser.close();
    await city.stop();
  };
}
