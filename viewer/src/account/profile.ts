// One's own account: who one is, the password, where one is signed in, and tokens for programs.
import { fetched, section } from "../admin/list";
import type { Frame } from "../admin/frame";
import { people, type Session } from "../api/people";
import { t, type Key } from "../i18n";
import { time } from "../i18n/format";
import { h, toast } from "../ui/dom";
import { field, form, reasonOf } from "../ui/form";
import { agentName } from "./agent";
import { passwordForm } from "./password";
import { tokens } from "./tokens";

export function open(frame: Frame): HTMLElement {
  return h("div", { class: "page two", id: "profile" }, data(frame), password(frame), sessions(), tokens(frame.me));
}

function data(frame: Frame): HTMLElement {
  const { me } = frame;
  const f = form({
    id: "my-data", submit: "save", parts: [field({ name: "displayName", label: "displayName", value: me.displayName, max: 80, autocomplete: "name" })],
    async run(f) {
      frame.setMe(await people.changeMe({ displayName: f.value("displayName").trim() }));
      toast(t("saved"));
    },
  });
  return section(me.displayName || me.name,
    h("dl", { class: "facts" },
      h("dt", {}, t("userName")), h("dd", {}, me.name),
      h("dt", {}, t("role")), h("dd", {}, t(`role.${me.role}` as Key)),
      h("dt", {}, t("unit")), h("dd", {}, me.unit ? `${me.unit.name} (${me.unit.code})` : t("noUnit")),
      me.unit?.phone ? [h("dt", {}, t("phone")), h("dd", {}, me.unit.phone)] : [],
      h("dt", {}, t("rights")), h("dd", {}, me.rights.filter((r) => r !== "own").map((r) => t(`right.${r}` as Key)).join(" · "))),
    f.el);
}

function password(frame: Frame): HTMLElement {
  return section(t("changePassword"), h("p", { class: "hint" }, frame.me.hasPassword ? t("changePasswordHint") : t("noPasswordYet")),
    passwordForm(frame.me, (me) => {
      frame.setMe(me);
      toast(t("passwordChanged"));
      frame.redraw();
    }));
}

function sessions(): HTMLElement {
  const act = (what: Promise<void>, said: Key) => what.then(() => {
    toast(t(said));
    return list.again();
  }).catch((e: unknown) => toast(t("failed", { reason: reasonOf(e) }), true));
  const row = (s: Session) => h("li", { "data-session": s.id },
    h("div", { class: "grow" }, h("span", {}, agentName(s.userAgent), " · ", s.address || "—"), h("small", {}, `${t("lastUsed", { t: time(s.lastUsed) })} · ${t("signedInAt", { t: time(s.created) })} · ${t("endsAt", { t: time(s.ends) })}`)),
    s.current ? h("span", { class: "pill good" }, t("thisOne")) : h("button", { class: "outlined", onClick: () => void act(people.endSession(s.id), "sessionEndedNow") }, t("endSession")));
  const list = fetched(people.sessions, ({ items }) => [
    h("ul", { class: "rows" }, items.map(row)),
    items.some((s) => !s.current) ? h("div", {}, h("button", { class: "outlined", id: "end-others", onClick: () => void act(people.endOthers(), "othersEnded") }, t("endOthers"))) : h("p", { class: "hint" }, t("noOthers")),
  ]);
  const el = section(t("mySessions"), list.el);
  el.classList.add("wide");
  el.id = "sessions";
  return el;
}
