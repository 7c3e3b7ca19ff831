package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/trail"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// eventJSON is an entry of the audit log.
type eventJSON struct {
	Number  int64           `json:"number"`
	Time    time.Time       `json:"time"`
	User    string          `json:"user"`
	Role    string          `json:"role,omitempty"`
	Address string          `json:"address,omitempty"`
	Action  string          `json:"action"`
	Route   string          `json:"route"`
	Targets []string        `json:"targets"`
	More    int             `json:"more,omitempty"` // targets beyond these
	Status  int             `json:"status"`         // 0: it began, and nothing says how it ended
	Begun   int64           `json:"begun,omitempty"`
	Detail  json.RawMessage `json:"detail,omitempty"`
	Hash    string          `json:"hash"`
}

func encodeEvent(e *trail.Entry) eventJSON {
	return eventJSON{e.Number, e.Time, e.User, e.Role, e.Address, e.Action, e.Route, append([]string{}, e.Targets...), e.More, e.Status, e.Begun, e.Detail, e.Hash.String()}
}

// auditFilter reads which entries are wanted.
func auditFilter(c *gin.Context) (trail.Filter, error) {
	f := trail.Filter{User: c.Query("user"), Action: c.Query("action"), Target: c.Query("target"), Whole: c.Query("whole") == "true"}
	if s := c.Query("status"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 100 || n > 599 {
			return f, badQuery("status", s, "a status of HTTP")
		}
		f.Status = n
	}
	for _, p := range [...]struct {
		name string
		to   *time.Time
	}{{"from", &f.From}, {"to", &f.To}} {
		s := c.Query(p.name)
		if s == "" {
			continue
		}
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return f, badQuery(p.name, s, "a time such as 2026-05-01T00:00:00Z")
		}
		*p.to = t
	}
	return f, nil
}

// auditPage answers with a page of entries that a filter leaves, each as shape makes it.
func auditPage[T any](a *API, c *gin.Context, f trail.Filter, shape func(*trail.Entry) T) error {
	limit, err := limitOf(c, 100, 1000)
	if err != nil {
		return err
	}
	var before int64
	if s := c.Query("cursor"); s != "" {
		if before, err = strconv.ParseInt(s, 10, 64); err != nil || before < 1 {
			return badQuery("cursor", s, "a cursor that a page gave")
		}
	}
	entries, err := a.o.Office.Trail().Find(c.Request.Context(), f, before, limit)
	if err != nil {
		return err
	}
	list := listJSON[T]{Items: make([]T, 0, len(entries))}
	for i := range entries {
		list.Items = append(list.Items, shape(&entries[i]))
	}
	if len(entries) == limit {
		list.Next = strconv.FormatInt(entries[limit-1].Number, 10)
	}
	c.JSON(http.StatusOK, list)
	return nil
}

// Audit answers GET /audit, latest first.
func (a *API) Audit(c *gin.Context) error {
	f, err := auditFilter(c)
	if err != nil {
		return err
	}
	return auditPage(a, c, f, encodeEvent)
}

// maxAuditRows bounds a table of entries: what spreadsheets open.
const maxAuditRows = 100_000

var auditColumns = []string{"number", "time", "user", "role", "address", "action", "route", "status", "targets", "more", "detail", "hash"}

// AuditTable answers GET /audit/export.csv, latest first: the entries that a filter leaves. It is an export too, and recorded.
func (a *API) AuditTable(c *gin.Context) error {
	f, err := auditFilter(c)
	if err != nil {
		return err
	}
	log, ctx := a.o.Office.Trail(), c.Request.Context()
	entries, err := log.Find(ctx, f, 0, maxAuditRows+1)
	if err != nil {
		return err
	}
	if len(entries) > maxAuditRows {
		return twin.Errorf(twin.Invalid, "more than %d entries fit the filter", maxAuditRows).WithHint("give a shorter time with from and to")
	}
	TellDetail(c, "format", "csv")
	TellDetail(c, "entries", len(entries))
	e := EntryOf(c)
	e.Action, e.Status, e.Targets = trail.Export, http.StatusOK, []string{"audit"}
	if e, err = log.Append(ctx, e); err != nil {
		return err
	}
	c.Header("Content-Type", "text/csv; charset=utf-8")
	c.Header("Content-Disposition", fmt.Sprintf(`attachment; filename="audit-%d.csv"`, e.Number))
	c.Header(ExportHeader, strconv.FormatInt(e.Number, 10))
	w := formats.NewSheet(c.Writer)
	if err := w.Write(auditColumns); err != nil {
		return nil // the client has gone
	}
	for i := range entries {
		if err := w.Write(auditRow(&entries[i])); err != nil {
			return nil
		}
	}
	_ = w.Flush() // a client that has gone is no matter
	return nil
}

func auditRow(e *trail.Entry) []string {
	return []string{strconv.FormatInt(e.Number, 10), e.Time.Format("2006-01-02T15:04:05.000Z07:00"), e.User, e.Role, e.Address, e.Action, e.Route, strconv.Itoa(e.Status), strings.Join(e.Targets, " "), strconv.Itoa(e.More),
		string(e.Detail), e.Hash.String()}
}

// verdictJSON is what a look at the whole log found.
type verdictJSON struct {
	OK       bool   `json:"ok"`
	Fault    string `json:"fault,omitempty"`
	Number   int64  `json:"number,omitempty"` // of the first bad entry
	Sentence string `json:"sentence"`
	Entries  int64  `json:"entries"`
	Head     string `json:"head"` // NUMBER:HASH, to be noted elsewhere
	Time     string `json:"time"`
}

// AuditVerify answers GET /audit/verify. One look at a time: a long log takes a while.
func (a *API) AuditVerify(c *gin.Context) error {
	var o trail.VerifyOptions
	if s := c.Query("head"); s != "" {
		h, err := trail.ParseHead(s)
		if err != nil {
			return badQuery("head", s, "NUMBER:HASH")
		}
		o.Heads = append(o.Heads, h)
	}
	ctx := c.Request.Context()
	select {
	case a.verifying <- struct{}{}:
		defer func() { <-a.verifying }()
	case <-ctx.Done():
		return ctx.Err()
	}
	rep, err := a.o.Office.Trail().Verify(ctx, o)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, verdictJSON{rep.OK(), string(rep.Fault), rep.Number, Say(c, rep.Sentence()), rep.Entries, rep.Head.String(), time.Now().UTC().Format(time.RFC3339)})
	return nil
}

// exportJSON is a line of the register of exports.
type exportJSON struct {
	Number  int64           `json:"number"` // that the export carries
	Time    time.Time       `json:"time"`
	User    string          `json:"user"`
	Role    string          `json:"role,omitempty"`
	Address string          `json:"address,omitempty"`
	Route   string          `json:"route"`
	Targets []string        `json:"targets"`
	More    int             `json:"more,omitempty"`
	Detail  json.RawMessage `json:"detail,omitempty"` // format, box, assets, restricted, secret, revision
}

func encodeExport(e *trail.Entry) exportJSON {
	return exportJSON{e.Number, e.Time, e.User, e.Role, e.Address, e.Route, append([]string{}, e.Targets...), e.More, e.Detail}
}

// Exports answers GET /exports, latest first.
func (a *API) Exports(c *gin.Context) error {
	f, err := auditFilter(c)
	if err != nil {
		return err
	}
	f.Action = trail.Export
	return auditPage(a, c, f, encodeExport)
}

// Export answers GET /exports/{number}: whose an export is that carries the number.
func (a *API) Export(c *gin.Context) error {
	n, err := strconv.ParseInt(c.Param("number"), 10, 64)
	if err != nil {
		return twin.Errorf(twin.NotFound, "%.40q is not the number of an export", c.Param("number"))
	}
	e, err := a.o.Office.Trail().Get(c.Request.Context(), n)
	if err != nil {
		return err
	}
	if e.Action != trail.Export {
		return twin.Errorf(twin.NotFound, "entry %d of the audit log is not an export", n)
	}
	c.JSON(http.StatusOK, encodeExport(&e))
	return nil
}
