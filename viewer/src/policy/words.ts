// What a policy means, in sentences for people who do not read data.
import { grades, OWN_UNIT, type Catalog, type Grant, type GrantTried, type Grading, type Why } from "../api/types";
import { isKey, language, named, t, type Key } from "../i18n";
import type { Change } from "./logic";

/** "a, b and c" in the language of the page. */
export function listed(words: string[], last: Key = "and"): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(t("comma"))}${t(last)}${words[words.length - 1]}`;
}
export const quoted = (s: string): string => (language() === "en" ? `"${s}"` : `“${s}”`);
/** A sentence begins with a capital, and between Han and Latin stands a thin space. */
const capital = (s: string) => (s.charAt(0).toUpperCase() + s.slice(1)).replace(/(\p{Script=Han})(?=[\w@])|([\w@])(?=\p{Script=Han})/gu, "$1$2\u2009");

/** The word for a code of the server, or the code itself. */
const word = (prefix: string, code: string): string => {
  const key = `${prefix}.${code}`;
  return isKey(key) ? t(key) : code;
};
export const gradeName = (g: string): string => word("grade", g);
export const roleName = (r: string): string => word("roles", r);
export const actionName = (a: string): string => word("act", a);
const deed = (a: string) => word("do", a);
export const ownerName = (o: string): string => (o === OWN_UNIT ? t("ownUnit") : o);

/** Actions that are about single assets; the others are about the installation. */
export const ofAssets = ["read", "export", "change", "import"];

export function valueName(v: string): string {
  if (v.startsWith("attributes.")) return t("value.attribute", { name: v.slice("attributes.".length) });
  return word("value", v);
}

export function networkName(c: Catalog, code: string): string {
  const n = c.networks.find((x) => x.code === code) ?? c.subnetworks?.find((x) => x.code === code);
  return n ? named(n) : code;
}
const kindName = (c: Catalog, code: string) => {
  const k = c.kinds.find((x) => x.code === code);
  return k ? named(k) : code;
};

export const whoOf = (g: Grant): string => listed([...(g.roles ?? []).map(roleName), ...(g.users ?? []), ...(g.units ?? []).map((unit) => t("ofUnit", { unit }))]) || t("nobodyYet");

const bounds = (g: Grant | Grading) => ({
  where: g.districts?.length ? t("say.where", { d: listed(g.districts.map(quoted), "or") }) : "",
  whose: g.owners?.length ? t("say.whose", { o: listed(g.owners.map(ownerName), "or") }) : "",
});

/** What a grant means. */
export function grantSentence(c: Catalog, g: Grant): string {
  const who = whoOf(g);
  const assets = g.actions.filter((a) => ofAssets.includes(a)).map(deed);
  const others = g.actions.filter((a) => !ofAssets.includes(a)).map(deed);
  const first = (s: string) => capital(s);
  if (!assets.length) return first(t("say.only", { who, what: listed(others) || t("nothing") }));
  const grade = g.secrecy === grades[grades.length - 1] ? t("say.any") : t("say.upTo", { grade: gradeName(g.secrecy) });
  const over = g.networks?.length ? listed(g.networks.map((n) => networkName(c, n))) : t("everything");
  const one = first(t("say.may", { who, what: listed(assets), over, grade, ...bounds(g) }));
  return others.length ? `${one}${t("comma") === "、" ? "" : " "}${t("say.also", { what: listed(others) })}` : one;
}

/** What a grading means. */
export function gradingSentence(c: Catalog, g: Grading): string {
  const over = g.networks?.length ? listed(g.networks.map((n) => networkName(c, n))) : t("allNetworks");
  const kinds = g.kinds?.length ? listed(g.kinds.map((k) => kindName(c, k))) : t("allKinds");
  return capital(t("say.grading", { kinds, over, grade: gradeName(g.secrecy), ...bounds(g) }));
}

const changeKeys = { grants: "grantNamed", gradings: "gradingNamed", values: "valueNamed", districts: "districtNamed" } as const;
const listKeys = { grants: "grants", gradings: "gradings", values: "values", districts: "districts" } as const;

/** One unsaved change in words. */
export const changeWords = (c: Change): string =>
  (c.what === "order" ? `${t(listKeys[c.of])}: ${t("change.order")}` : t(`change.${c.what}`, { what: t(changeKeys[c.of], { name: c.of === "values" ? valueName(c.name) : c.name }) }));

/** Why a grant does not hold, as far as can be said with what it is; "" where it holds. */
export function failingWords(g: GrantTried, w: Pick<Why, "grade">, grants: Grant[]): string {
  if (!g.failing) return "";
  const most = grants.find((x) => x.id === g.id)?.secrecy;
  return t(`fails.${g.failing}`, { most: most ? gradeName(most) : "", grade: gradeName(w.grade) });
}

export function fromWords(w: Pick<Why, "gradeFrom">): string {
  return w.gradeFrom === "asset" ? t("fromAsset") : w.gradeFrom === "default" ? t("fromDefault") : t("fromGrading", { name: w.gradeFrom });
}

export const verdict = (w: Why, action: string): string =>
  capital(t(w.allowed ? "yes" : "no", { who: w.user || roleName("public"), what: deed(action), asset: w.asset }));
