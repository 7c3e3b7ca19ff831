// The whole policy as a text to keep, and back again.
import { t } from "../i18n";
import { h, icon, toast } from "../ui/dom";
import { reason, type Book } from "./book";
import { MOST } from "./districts";
import { parsePolicy } from "./logic";

async function read(b: Book, input: HTMLInputElement): Promise<void> {
  const file = input.files?.[0];
  input.value = "";
  if (!file) return;
  if (file.size > MOST) return toast(t("tooBig", { file: file.name }));
  try {
    b.draft = parsePolicy(await file.text());
    b.wrongs = [];
    b.open = null;
    toast(t("policyLoaded"));
    b.draw();
  } catch (e) {
    toast(t("notPolicy", { file: file.name, reason: reason(e) }), true);
  }
}

export function backupTab(b: Book): HTMLElement {
  const text = JSON.stringify(b.draft, null, 2);
  const save = () => {
    const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    h("a", { href: url, download: `undercity-policy-${b.saved?.version ?? 0}.json` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  };
  const copy = () => void navigator.clipboard.writeText(text).then(() => toast(t("copied")), () => toast(t("copyFailed")));
  return h("div", { class: "stack" }, h("p", { class: "hint" }, t("backupLead")),
    h("div", { class: "row wrap" },
      h("button", { class: "outlined", type: "button", id: "policy-download", onClick: save }, icon("download"), t("download")),
      h("label", { class: "outlined file-button" }, icon("upload"), t("loadFile"), h("input", { type: "file", accept: ".json,application/json", class: "hidden-file", id: "policy-file", "aria-label": t("loadFile"), onChange: (e: Event) => void read(b, e.target as HTMLInputElement) })),
      h("button", { class: "outlined", type: "button", onClick: copy }, icon("copy"), t("copyText"))),
    h("pre", { class: "policy-text", tabindex: "0" }, text));
}
