package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/rights"
	"github.com/undercity/undercity/server/trail"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// Bounds on uploads.
const (
	maxQueued      = 8
	keptImports    = 100
	maxWireRows    = 1000
	progressPeriod = 200 * time.Millisecond
)

// job is one import, from upload to report.
type job struct {
	mu      sync.Mutex
	id      string
	user    string
	role    string
	gate    *twin.Gate
	dir     string
	held    int64 // bytes of its files on the disk
	files   []formats.File
	options formats.Options
	state   string
	done    float64
	rows    int
	report  *formats.Report
	problem *Problem
	changed chan struct{} // closed and replaced when something changes
}

// imports queues jobs for the one worker: the twin takes one writer at a time anyway.
type imports struct {
	mu    sync.Mutex
	jobs  map[string]*job
	order []string
	queue chan *job
	held  held
}

func newImports() *imports {
	return &imports{jobs: map[string]*job{}, queue: make(chan *job, maxQueued)}
}

func (q *imports) add(j *job) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	select {
	case q.queue <- j:
	default:
		return false
	}
	q.jobs[j.id] = j
	q.order = append(q.order, j.id)
	for len(q.order) > keptImports {
		delete(q.jobs, q.order[0])
		q.order = q.order[1:]
	}
	return true
}

func (q *imports) get(id string) (*job, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	j, ok := q.jobs[id]
	return j, ok
}

// work runs queued jobs until ctx ends.
func (q *imports) work(ctx context.Context, a *API) {
	for {
		select {
		case <-ctx.Done():
			return
		case j := <-q.queue:
			a.runImport(ctx, j)
		}
	}
}

func (j *job) set(f func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	f()
	close(j.changed)
	j.changed = make(chan struct{})
}

func (a *API) runImport(ctx context.Context, j *job) {
	o := j.options
	o.Gate = j.gate
	last := time.Time{}
	o.Progress = func(p formats.Progress) {
		if now := time.Now(); now.Sub(last) >= progressPeriod {
			last = now
			j.set(func() { j.state, j.done, j.rows = p.Stage, p.Done, p.Rows })
		}
	}
	rep, err := a.importSafely(ctx, j, o)
	if rerr := os.RemoveAll(j.dir); rerr != nil {
		a.log.Info("upload not removed", "err", rerr)
	}
	a.imports.held.give(j.held)
	if err != nil && twin.KindOf(err) == twin.Internal {
		a.log.Error("import failed", "user", j.user, "err", err)
	}
	a.recordImport(ctx, j, rep, err)
	j.set(func() {
		j.report, j.done, j.state = rep, 1, "done"
		if rep != nil {
			j.rows = rep.Rows
		}
		if err != nil {
			j.state = "failed"
			j.problem = importProblem(err)
		}
	})
}

// names are those of the files, as many as the audit log has room for.
func (j *job) names() (list []string) {
	for _, f := range j.files {
		list = append(list, f.Name[:min(len(f.Name), 100)])
	}
	return list
}

// recordImport records how an import ended; that it began was recorded before it was taken.
func (a *API) recordImport(ctx context.Context, j *job, rep *formats.Report, failed error) {
	e := trail.Entry{User: j.user, Role: j.role, Action: trail.Imported, Route: "POST /api/v1/imports", Targets: []string{j.id}, Status: http.StatusOK}
	detail := map[string]any{"files": j.names(), "dryRun": j.options.DryRun}
	if failed != nil {
		p := importProblem(failed)
		e.Status, detail["problem"] = p.Status, p.Detail
	}
	if rep != nil {
		detail["created"], detail["updated"], detail["unchanged"], detail["refused"], detail["revision"] = rep.Created, rep.Updated, rep.Unchanged, rep.RefusedCount, rep.Revision
	}
	e.Detail = trail.Told(detail)
	if _, err := a.o.Office.Trail().Append(context.WithoutCancel(ctx), e); err != nil {
		a.log.Error("audit log not written", "import", j.id, "err", err)
	}
}

// importSafely imports, and makes an error of a reader's broken promise: one file must not end the server for everybody.
func (a *API) importSafely(ctx context.Context, j *job, o formats.Options) (rep *formats.Report, err error) {
	defer func() {
		if r := recover(); r != nil {
			a.log.Error("import broke", "user", j.user, "err", fmt.Sprint(r), "stack", string(debug.Stack()))
			rep, err = nil, fmt.Errorf("import: %v", r)
		}
	}()
	return formats.Import(ctx, a.o.Twin, a.o.Readers, j.files, o)
}

// importProblem is the problem document that an import ends with.
func importProblem(err error) *Problem {
	p := &Problem{Type: "about:blank", Title: "Import refused", Status: http.StatusUnprocessableEntity, Detail: "Something failed on the server; it has been logged."}
	var e *twin.Error
	if !errors.As(err, &e) || e.Kind == twin.Internal {
		p.Title, p.Status = "Import failed", http.StatusInternalServerError
		return p
	}
	p.Detail = e.Error()
	if e.Kind == twin.Conflict {
		p.Status = http.StatusConflict
	}
	for _, f := range e.Fields {
		p.Errors = append(p.Errors, ProblemField{f.Pointer, f.Reason})
	}
	return p
}

// field takes one option of the form; its names are those of the command line.
func (j *job) field(name, value string) (err error) {
	o := &j.options
	if value == "" {
		return nil
	}
	switch name {
	case "format":
		o.Format = value
	case "crs":
		if o.CRS, err = crs.Parse(value); err != nil {
			return form(name, value, err.Error())
		}
	case "crsUnit":
		u, err := crs.ParseUnit(value)
		if err != nil {
			return form(name, value, err.Error())
		}
		o.Unit = &u
	case "shift":
		own, err := crs.ParseShift(value)
		if err != nil {
			return form(name, value, err.Error())
		}
		o.Shift = &own
	case "heightDatum":
		o.HeightDatum = value
	case "network":
		n, ok := twin.Standard().NetworkByWord(value)
		if !ok {
			return form(name, value, "not a network of the catalog")
		}
		o.Network = n.Code
	case "dryRun", "skipBadRows":
		v, err := strconv.ParseBool(value)
		if err != nil {
			return form(name, value, "not true or false")
		}
		if name == "dryRun" {
			o.DryRun = v
		} else {
			o.SkipBadRows = v
		}
	case "note":
		o.Note = value
	}
	return nil
}

type rowJSON struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Field  string `json:"field"`
	Value  string `json:"value"`
	Reason string `json:"reason"`
}

type importJSON struct {
	ID          string      `json:"id"`
	State       string      `json:"state"`
	Progress    float64     `json:"progress"`
	Rows        int         `json:"rows"`
	Files       []string    `json:"files"`
	Formats     []string    `json:"formats"`
	DryRun      bool        `json:"dryRun"`
	Revision    *uint64     `json:"revision"`
	Created     int         `json:"created"`
	Updated     int         `json:"updated"`
	Unchanged   int         `json:"unchanged"`
	Refused     int         `json:"refused"`
	RefusedRows []rowJSON   `json:"refusedRows"`
	NoteCount   int         `json:"noteCount"`
	Notes       []rowJSON   `json:"notes"`
	Warnings    []string    `json:"warnings"`
	Problem     *Problem    `json:"problem"`
	Extent      *[4]float64 `json:"extent"`
}

func (a *API) encodeJob(j *job) (importJSON, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := importJSON{ID: j.id, State: j.state, Progress: j.done, Rows: j.rows, DryRun: j.options.DryRun, Problem: j.problem, Files: []string{}, Formats: []string{}, RefusedRows: []rowJSON{}, Notes: []rowJSON{}, Warnings: []string{}}
	for _, f := range j.files {
		out.Files = append(out.Files, f.Name)
	}
	if r := j.report; r != nil {
		out.Created, out.Updated, out.Unchanged, out.Refused, out.NoteCount = r.Created, r.Updated, r.Unchanged, r.RefusedCount, r.NoteCount
		out.Formats, out.Warnings = append(out.Formats, r.Formats...), append(out.Warnings, r.Warnings...)
		for _, row := range r.Refused[:min(maxWireRows, len(r.Refused))] {
			out.RefusedRows = append(out.RefusedRows, rowJSON(row))
		}
		for _, row := range r.Notes[:min(maxWireRows, len(r.Notes))] {
			out.Notes = append(out.Notes, rowJSON(row))
		}
		if r.Revision > 0 {
			out.Revision = &r.Revision
		}
		if f := a.o.Twin.Snapshot().Frame(); f != nil && j.state == "done" && !r.Extent.IsEmpty() {
			d := f.Degrees(r.Extent)
			out.Extent = &d
		}
	}
	return out, j.changed
}

func (a *API) job(c *gin.Context) (*job, error) {
	j, ok := a.imports.get(c.Param("id"))
	// Another's import is not there, but for those who manage users.
	if u := UserOf(c); !ok || j.user != u.Name && !a.o.Rights.Rules().May(rights.SubjectOf(u), auth.Users) {
		return nil, twin.Errorf(twin.NotFound, "there is no import %.60s", c.Param("id"))
	}
	return j, nil
}

// GetImport answers GET /imports/{id}.
func (a *API) GetImport(c *gin.Context) error {
	j, err := a.job(c)
	if err != nil {
		return err
	}
	out, _ := a.encodeJob(j)
	c.JSON(http.StatusOK, out.in(c))
	return nil
}

// ImportEvents answers GET /imports/{id}/events: progress until the import has ended.
func (a *API) ImportEvents(c *gin.Context) error {
	j, err := a.job(c)
	if err != nil {
		return err
	}
	w := http.NewResponseController(c.Writer)
	c.Header("Content-Type", "text/event-stream")
	c.Header("Cache-Control", "no-store")
	c.Status(http.StatusOK)
	if err := w.SetWriteDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	for {
		out, changed := a.encodeJob(j)
		body, err := json.Marshal(out.in(c))
		if err != nil {
			return err
		}
		if _, err := c.Writer.Write(sse("progress", body)); err != nil {
			return nil // the follower has gone
		}
		if err := w.Flush(); err != nil {
			return nil
		}
		if out.State == "done" || out.State == "failed" {
			return nil
		}
		select {
		case <-changed:
		case <-c.Request.Context().Done():
			return nil
		}
	}
}

// ImportReport answers GET /imports/{id}/report.csv: every refused row.
func (a *API) ImportReport(c *gin.Context) error {
	j, err := a.job(c)
	if err != nil {
		return err
	}
	j.mu.Lock()
	rep := j.report
	j.mu.Unlock()
	c.Header("Content-Type", "text/csv; charset=utf-8")
	c.Header("Content-Disposition", `attachment; filename="report.csv"`)
	var rows []formats.Row
	if rep != nil {
		rows = slices.Clone(rep.Refused)
	}
	for i := range rows {
		rows[i].Reason = Say(c, rows[i].Reason)
	}
	return formats.WriteReport(c.Writer, rows)
}
