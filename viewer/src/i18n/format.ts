// Numbers as people read them: metres with two decimals, elevations with three, DN in mm, a real minus, unit never parted.
const NBSP = "\u00a0";
const fixed = (v: number, digits: number) => v.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "−");

export const count = (v: number): string => v.toLocaleString("en-US");
export const metres = (v: number): string => (Math.abs(v) >= 1000 ? `${fixed(v / 1000, 2)}${NBSP}km` : `${fixed(v, 2)}${NBSP}m`);
export const elevation = (v: number): string => `${fixed(v, 3)}${NBSP}m`;
export const nominal = (m: number): string => `DN${NBSP}${Math.round(m * 1000)}`;
export const millimetres = (m: number): string => `${Math.round(m * 1000)}${NBSP}mm`;
export const about = (v: number, uncertainty: number | null | undefined): string =>
  uncertainty ? `${metres(v)} ± ${fixed(uncertainty, 2)}` : metres(v);
export const roundMetres = (v: number): string => (Math.abs(v) >= 1000 ? `${fixed(v / 1000, 2)}${NBSP}km` : `${fixed(v, Math.abs(v) < 100 ? 1 : 0)}${NBSP}m`);

/** The span of values along an asset; null when none is known. */
export function span(values: (number | null)[] | number | null | undefined): [number, number] | null {
  const list = (Array.isArray(values) ? values : [values]).filter((v): v is number => typeof v === "number" && Number.isFinite(v));
  return list.length ? [Math.min(...list), Math.max(...list)] : null;
}

export function lonLat(lon: number, lat: number): string {
  return `${Math.abs(lon).toFixed(5)}°${lon < 0 ? "W" : "E"} ${Math.abs(lat).toFixed(5)}°${lat < 0 ? "S" : "N"}`;
}

/** 2026-11-23 21:14:08, local. */
export function time(iso: string): string {
  const d = new Date(iso);
  if (Number.isNaN(d.getTime())) return iso;
  const p = (n: number) => String(n).padStart(2, "0");
  return `${d.getFullYear()}-${p(d.getMonth() + 1)}-${p(d.getDate())} ${p(d.getHours())}:${p(d.getMinutes())}:${p(d.getSeconds())}`;
}

/** 21:14:08, local; with the date when it was not today. */
export function clock(ms: number): string {
  const whole = time(new Date(ms).toISOString());
  return whole.slice(0, 10) === time(new Date().toISOString()).slice(0, 10) ? whole.slice(11) : whole;
}

export function ageOf(ms: number): { unit: "s" | "m" | "h"; n: number } | null {
  const s = Math.floor(ms / 1000);
  if (s < 5) return null;
  return s < 60 ? { unit: "s", n: s } : s < 3600 ? { unit: "m", n: Math.floor(s / 60) } : { unit: "h", n: Math.floor(s / 3600) };
}
