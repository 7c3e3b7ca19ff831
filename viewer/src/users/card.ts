// One user beside the list: what can be changed, a new sign-in address, sessions and tokens, and the door.
import type { Frame } from "../admin/frame";
import { people, roles, type Unit, type User } from "../api/people";
import { t, type Key } from "../i18n";
import { time } from "../i18n/format";
import { h, icon, toast } from "../ui/dom";
import { field, form, once, reasonOf } from "../ui/form";

export interface Link { name: string; url: string; ends: string | null }
export interface Beside { frame: Frame; units: Unit[]; link: Link | null; setLink(l: Link | null): void; show(name: string | null): void; refresh(): Promise<void> }

const roleField = (value: string) => field({ name: "role", label: "role", value, options: roles.map((r) => [r, t(`role.${r}` as Key)]) });
const unitField = (b: Beside, value: string) => field({ name: "unit", label: "unit", value, options: [["", t("noUnit")], ...b.units.map((u): [string, string] => [u.code, `${u.name} (${u.code})`])] });
const linkNote = (b: Beside, l: Link) => once("link-once", t("linkOnce", { name: l.name, t: l.ends ? time(l.ends).slice(0, 16) : "—" }), l.url, () => {
  b.setLink(null);
  b.show(l.name);
});
const head = (title: string, b: Beside) => h("div", { class: "row between" }, h("h2", {}, title), h("button", { class: "plain square", "aria-label": t("close"), title: t("close"), onClick: () => b.show(null) }, icon("close")));

export function newUser(b: Beside): HTMLElement {
  const f = form({
    id: "new-user", submit: "add",
    parts: [field({ name: "name", label: "userName", required: true, max: 60 }), field({ name: "displayName", label: "displayName", max: 80 }), roleField("planner"), unitField(b, "")],
    async run(f) {
      const u = await people.addUser({ name: f.value("name").trim(), displayName: f.value("displayName").trim(), role: f.value("role"), unit: f.value("unit") });
      toast(t("userAdded"));
      b.setLink({ name: u.name, url: u.link?.url ?? "", ends: u.link?.ends ?? null });
      b.show(u.name);
    },
  });
  return h("section", { class: "card" }, head(t("addUser"), b), f.el);
}

export function userCard(u: User, b: Beside): HTMLElement {
  const failed = (e: unknown) => toast(t("failed", { reason: reasonOf(e) }), true);
  const f = form({
    id: "user-form", submit: "save", parts: [field({ name: "displayName", label: "displayName", value: u.displayName, max: 80 }), roleField(u.role), unitField(b, u.unit ?? "")],
    async run(f) {
      await people.changeUser(u.name, { displayName: f.value("displayName").trim(), role: f.value("role"), unit: f.value("unit") });
      toast(t("saved"));
      await b.refresh();
    },
  });
  const act = (id: string, words: Key, hint: Key | null, run: () => Promise<unknown>, kind = "outlined") => h("div", { class: "act" },
    h("button", { class: kind, id, onClick: () => void run().catch(failed) }, t(words)), hint && h("small", {}, t(hint)));
  const counts = h("span", { class: "second" }, "—");
  void Promise.all([people.userSessions(u.name), people.userTokens(u.name)]).then(([s, k]) => {
    counts.textContent = `${t("sessionCount", { n: s.items.length })} · ${t("tokenCount", { n: k.items.length })}`;
  }, () => undefined);
  const me = u.name === b.frame.me.name;
  return h("section", { class: "card", "data-open": u.name }, head(u.displayName || u.name, b),
    b.link?.name === u.name && linkNote(b, b.link),
    h("dl", { class: "facts" }, h("dt", {}, t("userName")), h("dd", {}, u.name), h("dt", {}, t("addedOn")), h("dd", {}, time(u.created).slice(0, 10)), h("dt", {}, t("lastSignIn")), h("dd", {}, u.signedIn ? time(u.signedIn) : t("never")), h("dt", {}, ""), h("dd", {}, counts)),
    f.el,
    !u.disabled && !me && act("new-link", "newLink", "newLinkHint", async () => {
      const next = await people.newLink(u.name);
      b.setLink({ name: u.name, url: next.link?.url ?? "", ends: next.link?.ends ?? null });
      b.show(u.name);
    }),
    !me && act("end-sessions", "endSessions", null, async () => {
      await people.endUserSessions(u.name);
      toast(t("sessionsEnded"));
      await b.refresh();
    }),
    u.disabled ? act("enable", "enable", "enableHint", () => people.changeUser(u.name, { disabled: false }).then(b.refresh))
      : act("disable", "disable", "disableHint", () => people.changeUser(u.name, { disabled: true }).then(b.refresh), "outlined danger"),
    !u.signedIn && !me && act("remove-user", "removeUser", null, async () => {
      await people.removeUser(u.name);
      toast(t("removed"));
      b.show(null);
    }, "outlined danger"));
}
