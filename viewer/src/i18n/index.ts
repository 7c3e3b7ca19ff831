// The page's words. Both languages are complete; a test holds that.
import { en, type Key } from "./en";
import { zh } from "./zh";

export type Language = "zh-CN" | "en";
export type { Key };
export const dictionaries: Record<Language, Record<Key, string>> = { en, "zh-CN": zh };

let current: Language = "zh-CN";
export const language = (): Language => current;

export function setLanguage(next: Language): void {
  current = next;
  document.documentElement.lang = next;
}

export function t(key: Key, values: Record<string, string | number> = {}): string {
  return dictionaries[current][key].replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

export const isKey = (key: string): key is Key => key in en;

/** The name in the page's language of something that carries both. */
export const named = (n: { nameZh: string; nameEn: string }): string => (current === "en" ? n.nameEn || n.nameZh : n.nameZh || n.nameEn);
