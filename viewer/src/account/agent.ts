// What a browser calls itself, in two words.
const browsers: [RegExp, string][] = [[/Edg\//, "Edge"], [/OPR\//, "Opera"], [/Firefox\//, "Firefox"], [/HeadlessChrome|Chrome\//, "Chrome"], [/Version\/.*Safari\//, "Safari"]];
const systems: [RegExp, string][] = [[/Android/, "Android"], [/iPhone|iPad/, "iOS"], [/Windows/, "Windows"], [/Mac OS X/, "macOS"], [/Linux/, "Linux"]];

export function agentName(agent: string): string {
  const find = (list: [RegExp, string][]) => list.find(([r]) => r.test(agent))?.[1];
  const browser = find(browsers);
  const system = find(systems);
  if (!browser) return agent.split(/[\s/]/)[0].slice(0, 40) || "—";
  return system ? `${browser}, ${system}` : browser;
}
