// Handing over a survey: files in, progress, what went in, and every refused row with its place and reason.
import { api, Failure } from "../api/client";
import type { ImportRun, Row } from "../api/types";
import { named, t, type Key } from "../i18n";
import { count } from "../i18n/format";
import { h, icon } from "../ui/dom";
import type { App } from "../ui/state";

interface Draft { files: File[]; format: string; crs: string; crsUnit: string; heightDatum: string; network: string; dryRun: boolean; skipBadRows: boolean; run: ImportRun | null; error: string; busy: boolean }

// one draft a page: it outlives a change of language or of tool
const draft: Draft = { files: [], format: "auto", crs: "", crsUnit: "", heightDatum: "", network: "", dryRun: false, skipBadRows: false, run: null, error: "", busy: false };
const LISTED = 200;

const finished = (r: ImportRun) => r.state === "done" || r.state === "failed";

/** Follows a run to its end: by events, and by asking where events do not come through. */
async function watch(id: string, seen: (r: ImportRun) => void): Promise<ImportRun> {
  return new Promise((resolve, reject) => {
    let over = false;
    const source = new EventSource(api.eventsUrl(id));
    const end = (r: ImportRun) => {
      if (over) return;
      over = true;
      source.close();
      clearInterval(timer);
      resolve(r);
    };
    const take = (r: ImportRun) => {
      seen(r);
      if (finished(r)) api.importRun(id).then(end, () => end(r));
    };
    source.addEventListener("progress", (e) => take(JSON.parse((e as MessageEvent<string>).data) as ImportRun));
    source.onerror = () => source.close();
    const timer = setInterval(() => api.importRun(id).then(take, (e: unknown) => {
      clearInterval(timer);
      source.close();
      reject(e instanceof Error ? e : new Error(String(e)));
    }), 1500);
  });
}

/** Rows with their place, the cell at fault and the reason. */
function rows(title: string, list: Row[], total: number): HTMLElement {
  return h("section", { class: "stack tight" }, h("h4", {}, `${title} (${count(total)})`),
    h("ol", { class: "refused", tabindex: "0", "aria-label": title }, list.slice(0, LISTED).map((r) => h("li", {},
      h("div", { class: "row between" }, h("strong", { class: "file" }, r.file), r.line > 0 && h("span", { class: "second" }, t("lineNo", { n: count(r.line) }))),
      (r.field || r.value) && h("div", { class: "cell" }, r.field && h("span", { class: "second" }, r.field), r.value && h("code", {}, r.value)),
      h("div", {}, r.reason)))),
    total > LISTED && h("p", { class: "hint" }, t("more", { n: LISTED })));
}

function outcome(app: App, run: ImportRun): HTMLElement {
  const part = Math.round(run.progress * 100);
  return h("div", { class: "stack", id: "import-run", "data-state": run.state },
    h("div", { class: "row between" }, h("strong", {}, t(`state.${run.state}` as Key)), h("span", { class: "second" }, t("rows", { n: count(run.rows) }))),
    !finished(run) && h("div", { class: "meter", role: "progressbar", "aria-valuenow": String(part), "aria-valuemin": "0", "aria-valuemax": "100" }, h("i", { style: `width:${part}%` })),
    run.problem && h("p", { class: "error", role: "alert" }, (run.refusedRows ?? []).length > 0 ? t("refusedSome", { n: count(run.refused) }) : run.problem.detail || run.problem.title),
    finished(run) && h("div", { class: "sums" }, (["created", "updated", "unchanged", "refused"] as const).map((k) => h("div", { class: k === "refused" && run[k] ? "sum bad" : "sum" }, h("b", {}, count(run[k])), h("span", {}, t(k))))),
    run.state === "done" && run.dryRun && h("p", { class: "hint" }, t("tried")),
    run.extent && run.state === "done" && h("button", { class: "outlined", onClick: () => app.city?.flyToBox(run.extent as number[]) }, icon("fly"), t("showThere")),
    (run.refusedRows ?? []).length > 0 && rows(t("refusedRows"), run.refusedRows, run.refused || run.refusedRows.length),
    (run.notes ?? []).length > 0 && rows(t("notes"), run.notes, run.notes.length),
    finished(run) && (run.refused > 0 || (run.refusedRows ?? []).length > 0) && h("a", { class: "outlined", href: api.reportUrl(run.id), download: "refused.csv" }, t("csv")),
    ...next(app, run));
}

/** What can be done after a run: of one that changed nothing, the files are kept for another try. */
function next(app: App, run: ImportRun): HTMLElement[] {
  if (!finished(run)) return [];
  const back = (kind: string, label: Key, keep: boolean) => h("button", { class: kind, id: keep ? "import-back" : "import-again", onClick: () => {
    draft.run = null;
    if (!keep) draft.files = [];
    app.redraw();
  } }, t(label));
  if (run.state === "done" && !run.dryRun) return [back("filled", "again", false)];
  const others = run.refused > 0 && run.rows > run.refused;
  const really = run.state === "done" || others;
  const go = h("button", { class: "filled", id: "import-others", onClick: () => {
    draft.dryRun = false;
    if (run.refused > 0) draft.skipBadRows = true;
    draft.run = null;
    void start(app);
  } }, t(run.refused > 0 ? "importOthers" : "start"));
  return [run.state === "failed" ? h("p", { class: "hint" }, t("nothingChanged")) : h("span", {}), ...(really ? [go] : []), back(really ? "outlined" : "filled", "backToFiles", true)];
}

async function start(app: App): Promise<void> {
  draft.busy = true;
  draft.error = "";
  const form = new FormData();
  for (const f of draft.files) form.append("files", f, f.name);
  for (const k of ["format", "crs", "crsUnit", "heightDatum", "network"] as const) if (draft[k]) form.append(k, draft[k]);
  form.append("dryRun", String(draft.dryRun));
  form.append("skipBadRows", String(draft.skipBadRows));
  app.redraw();
  try {
    const { id } = await api.startImport(form);
    const run = await watch(id, (r) => {
      draft.run = r;
      if (app.tool === "import") app.redraw();
    });
    draft.run = run;
    if (run.state === "done" && !run.dryRun) {
      await app.refreshCatalog();
      if (run.extent) app.city?.flyToBox(run.extent);
    }
  } catch (e) {
    draft.error = e instanceof Failure && e.status !== 0 ? e.message : t("offline");
  }
  draft.busy = false;
  app.redraw();
}

export function importPanel(app: App): HTMLElement {
  if (!app.me.rights.includes("import")) return h("p", { class: "note" }, t("noRight"));
  if (draft.run) return outcome(app, draft.run);
  const take = (files: FileList | null | undefined) => {
    // a file chosen again is the mended one, and takes the place of the first
    const more = files ? [...files] : [];
    draft.files = [...draft.files.filter((f) => !more.some((m) => m.name === f.name)), ...more].slice(0, 20);
    app.redraw();
  };
  const pick = h("input", { type: "file", multiple: true, id: "import-files", class: "hidden-file", "aria-label": t("choose"), onChange: (e: Event) => take((e.target as HTMLInputElement).files) });
  const text = (key: "crs" | "heightDatum", label: Key, hint = "") => h("label", { class: "field" }, h("span", {}, t(label)),
    h("input", { type: "text", name: key, value: draft[key], placeholder: hint, autocomplete: "off", onInput: (e: Event) => { draft[key] = (e.target as HTMLInputElement).value.trim(); } }));
  const select = (key: "format" | "crsUnit" | "network", label: Key, options: [string, string][]) => h("label", { class: "field" }, h("span", {}, t(label)),
    h("select", { name: key, onChange: (e: Event) => { draft[key] = (e.target as HTMLSelectElement).value; } }, options.map(([v, l]) => h("option", { value: v, selected: draft[key] === v }, l))));
  const check = (key: "dryRun" | "skipBadRows") => h("label", { class: "check" }, h("input", { type: "checkbox", name: key, checked: draft[key], onChange: (e: Event) => {
    draft[key] = (e.target as HTMLInputElement).checked;
    app.redraw();
  } }), t(key));
  return h("div", { class: "stack", id: "import-form" },
    h("label", { class: "drop", onDragover: (e: DragEvent) => { e.preventDefault(); (e.currentTarget as HTMLElement).classList.add("over"); },
      onDragleave: (e: DragEvent) => (e.currentTarget as HTMLElement).classList.remove("over"),
      onDrop: (e: DragEvent) => { e.preventDefault(); take(e.dataTransfer?.files); } },
      icon("import"), h("strong", {}, t("drop")), h("span", { class: "hint" }, t("dropHint")), pick),
    draft.files.length > 0 && h("ul", { class: "files" }, draft.files.map((f, i) => h("li", {}, h("span", { class: "grow" }, f.name), h("span", { class: "second" }, `${count(Math.max(1, Math.round(f.size / 1024)))}\u00a0kB`),
      h("button", { class: "plain", "aria-label": `${t("close")} ${f.name}`, onClick: () => { draft.files.splice(i, 1); app.redraw(); } }, icon("close"))))),
    select("format", "format", [["auto", t("autoFormat")], ["cjj61", "CJJ 61"], ["swmm", "SWMM"], ["epanet", "EPANET"], ["geojson", "GeoJSON"], ["gpkg", "GeoPackage"]]),
    text("crs", "crs", t("crsHint")),
    select("crsUnit", "crsUnit", [["", t("fileUnit")], ["m", "m"], ["ft", "ft"], ["ftUS", "ftUS"], ["mm", "mm"]]),
    text("heightDatum", "heightDatum", app.catalog.frame.verticalDatum),
    select("network", "networkFor", [["", t("networkFile")], ...app.catalog.networks.map((n): [string, string] => [n.code, `${n.code} ${named(n)}`])]),
    check("dryRun"), check("skipBadRows"),
    draft.error && h("p", { class: "error", role: "alert" }, draft.error),
    h("button", { class: "filled stuck", id: "import-start", disabled: draft.files.length === 0 || draft.busy, onClick: () => void start(app) }, t(draft.dryRun ? "startDry" : "start")));
}
