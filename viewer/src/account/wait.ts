// How long somebody has to wait before the next password, in words.
import { t } from "../i18n";

export function waitWords(seconds: number): string {
  const s = Math.max(0, Math.ceil(seconds));
  return s < 60 ? t("secondsLong", { n: s }) : t("minutesLong", { m: Math.floor(s / 60), s: s % 60 });
}
