package rest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/rights"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// Bounds on uploads.
const (
	maxFiles       = 20
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
	gate    *twin.Gate
	dir     string
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
	if err != nil && twin.KindOf(err) == twin.Internal {
		a.log.Error("import failed", "user", j.user, "err", err)
	}
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

// StartImport answers POST /imports: takes the files and queues their import.
func (a *API) StartImport(c *gin.Context) error {
	raw := make([]byte, 8)
	if _, err := rand.Read(raw); err != nil {
		return fmt.Errorf("id: %w", err)
	}
	dir, err := os.MkdirTemp(a.o.Scratch, "upload-")
	if err != nil {
		return fmt.Errorf("folder for the upload: %w", err)
	}
	j := &job{id: hex.EncodeToString(raw), user: UserOf(c).Name, gate: a.gate(c), dir: dir, state: "queued", changed: make(chan struct{})}
	if err := a.receive(c, j); err != nil {
		return errors.Join(err, os.RemoveAll(dir))
	}
	j.options.Author = j.user
	if !a.imports.add(j) {
		return errors.Join(twin.Errorf(twin.Unavailable, "too many imports are waiting").WithHint("try again when they are done"), os.RemoveAll(dir))
	}
	url := ClientOf(c).Prefix + "/api/v1/imports/" + j.id
	c.Header("Location", url)
	c.JSON(http.StatusAccepted, gin.H{"id": j.id, "url": url})
	return nil
}

func form(field, value, why string) error {
	e := twin.Errorf(twin.Invalid, "%s %.100q: %s", field, value, why)
	e.Fields = []twin.Field{{Pointer: "/" + field, Reason: why}}
	return e
}

// receive reads the parts of the form: files go to disk as they come.
func (a *API) receive(c *gin.Context, j *job) error {
	parts, err := c.Request.MultipartReader()
	if err != nil {
		return &StatusError{Status: http.StatusBadRequest, Err: twin.Errorf(twin.Invalid, "the upload is not multipart/form-data with the files in \"files\"")}
	}
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return UploadError(err)
		}
		if err := a.part(j, p); err != nil {
			return err
		}
	}
	if len(j.files) == 0 {
		return form("files", "", "no file was sent")
	}
	return nil
}

// UploadError says why an upload could not be read to its end.
func UploadError(err error) error {
	var s *StatusError
	if err = Unread(err); errors.As(err, &s) && s.Status == http.StatusRequestEntityTooLarge {
		var e *twin.Error
		if errors.As(err, &e) {
			s.Err = e.WithHint("use undercity import on the server")
		}
	}
	return err
}

func (a *API) part(j *job, p *multipart.Part) error {
	if p.FormName() == "files" || p.FormName() == "file" {
		if len(j.files) == maxFiles {
			return form("files", "", "at most "+strconv.Itoa(maxFiles)+" files at once")
		}
		return j.keep(p)
	}
	value, err := io.ReadAll(io.LimitReader(p, 1000))
	if err != nil {
		return UploadError(err)
	}
	if f := string(value); p.FormName() == "format" && f != "" && f != "auto" && !slices.ContainsFunc(a.o.Readers, func(r formats.Reader) bool { return r.Name() == f }) {
		return form("format", f, "not a format that can be imported")
	}
	return j.field(p.FormName(), string(value))
}

// keep writes an uploaded file under a name of our own; its own name is for reports only.
func (j *job) keep(p *multipart.Part) (err error) {
	name := filepath.Base(filepath.Clean("/" + p.FileName()))
	path := filepath.Join(j.dir, strconv.Itoa(len(j.files)))
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("upload: %w", err)
	}
	n, err := io.Copy(f, p)
	if cerr := f.Close(); err == nil && cerr != nil {
		return fmt.Errorf("upload: %w", cerr)
	}
	if err != nil {
		return UploadError(err)
	}
	j.files = append(j.files, formats.File{Name: name, Size: n, Open: func() (formats.Content, error) { return os.Open(path) }})
	return nil
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
