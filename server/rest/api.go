// Package rest is the REST interface of an installation: assets and their history, changes, base data, search, imports and the stream of
// events, in longitude, latitude and height.
//
// Wire types live here and nowhere else; the domain has metres and no JSON. Handlers return errors; the server turns them into problem documents.
package rest

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/limit"
	"github.com/undercity/undercity/server/rights"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// Handler answers a request or returns why not.
type Handler func(c *gin.Context) error

// StatusError is an error with a status that its kind does not tell.
type StatusError struct {
	Status int
	Type   string // of the problem; "" is about:blank
	Quota  *Quota // that is used up
	Err    error
}

// Error is the cause's text.
func (e *StatusError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *StatusError) Unwrap() error { return e.Err }

// Problem is an RFC 9457 problem document.
type Problem struct {
	Type     string         `json:"type"`
	Title    string         `json:"title"`
	Status   int            `json:"status"`
	Detail   string         `json:"detail"`
	Instance string         `json:"instance,omitempty"`
	Errors   []ProblemField `json:"errors,omitempty"`
	Quota    *Quota         `json:"quota,omitempty"`
}

// ProblemField says what is wrong with one part of the input.
type ProblemField struct {
	Pointer string `json:"pointer"`
	Detail  string `json:"detail"`
}

// Options are what the API serves.
type Options struct {
	Twin    *twin.Twin
	Office  *auth.Office
	Rights  *rights.Book
	Areas   *limit.Areas
	Tiles   *tiles.Generator
	Logger  *slog.Logger
	Scratch string
	Readers []formats.Reader
}

// API answers the REST interface.
type API struct {
	o       Options
	log     *slog.Logger
	hub     *hub
	ground  *Memo[[]byte]
	streets *Memo[[]byte]
	imports *imports

	histograms *Memo[[]byte]
	tileReads  tileReads
	verifying  chan struct{} // holds one look at the audit log at a time
}

// New makes the API and has it follow the twin.
func New(o Options) (*API, error) {
	if err := clearUploads(o.Scratch); err != nil {
		return nil, fmt.Errorf("uploads of an earlier run: %w", err)
	}
	a := &API{o: o, log: o.Logger.With("part", "rest"), hub: newHub(), ground: NewMemo[[]byte](), streets: NewMemo[[]byte](), imports: newImports(), histograms: NewMemo[[]byte](), verifying: make(chan struct{}, 1)}
	o.Twin.OnChange(a.hub.publish)
	o.Rights.OnChange(a.hub.cut)
	return a, nil
}

// Run works off imports until ctx ends, and then ends every stream.
func (a *API) Run(ctx context.Context) error {
	a.imports.work(ctx, a)
	a.hub.close()
	return nil
}

// Keys of what the server's middleware leaves for handlers.
const (
	userKey     = "user"
	ByCookieKey = "byCookie" // the sign-in is by cookie
)

// SetUser says who the request comes from.
func SetUser(c *gin.Context, u auth.User) { c.Set(userKey, u) }

// UserOf is who the request comes from; the zero User is nobody.
func UserOf(c *gin.Context) auth.User {
	u, _ := c.Value(userKey).(auth.User)
	return u
}

func badQuery(name, value, want string) error {
	e := twin.Errorf(twin.Invalid, "the parameter %s=%.100s is not %s", name, value, want)
	e.Fields = []twin.Field{{Pointer: "?" + name, Reason: "not " + want}}
	return &StatusError{Status: http.StatusBadRequest, Err: e}
}

// SendTile answers with a file of a tileset: 304 when the client has it, 204 when there is nothing in it. What of it is restricted is recorded.
func (a *API) SendTile(c *gin.Context, r tiles.Result, err error) error {
	if err != nil {
		return err
	}
	if err := a.readsTile(c, r.Restricted); err != nil {
		return err
	}
	h := c.Writer.Header()
	h.Set("ETag", r.ETag)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Accept-Encoding")
	if r.Encoding != compress.Identity {
		h.Set("Content-Encoding", string(r.Encoding))
	}
	if Fresh(c, r.ETag) {
		c.Status(http.StatusNotModified)
		return nil
	}
	if len(r.Body) == 0 {
		c.Status(http.StatusNoContent)
		return nil
	}
	c.Data(http.StatusOK, r.ContentType, r.Body)
	return nil
}

// Fresh reports whether the client has what the tag stands for (RFC 9110, 13.1.2: a list of tags, compared weakly).
func Fresh(c *gin.Context, tag string) bool {
	tag = strings.TrimPrefix(tag, "W/")
	for t := range strings.SplitSeq(c.GetHeader("If-None-Match"), ",") {
		if t = strings.TrimSpace(t); t == "*" || strings.TrimPrefix(t, "W/") == tag {
			return true
		}
	}
	return false
}

// Memo keeps what is costly to make under a key; of several who ask at once one makes it.
type Memo[T any] struct {
	mu      sync.Mutex
	entries map[string]*memoEntry[T]
}

type memoEntry[T any] struct {
	once  sync.Once
	value T
	err   error
}

// maxMemo bounds how many keys are kept.
const maxMemo = 2000

// NewMemo returns an empty Memo.
func NewMemo[T any]() *Memo[T] { return &Memo[T]{entries: map[string]*memoEntry[T]{}} }

// Get returns what f makes for the key. Failures are not kept.
func (m *Memo[T]) Get(key string, f func() (T, error)) (T, error) {
	m.mu.Lock()
	e := m.entries[key]
	if e == nil {
		if len(m.entries) >= maxMemo {
			m.entries = map[string]*memoEntry[T]{}
		}
		e = &memoEntry[T]{}
		m.entries[key] = e
	}
	m.mu.Unlock()
	e.once.Do(func() { e.value, e.err = f() })
	if e.err != nil {
		m.mu.Lock()
		delete(m.entries, key)
		m.mu.Unlock()
	}
	return e.value, e.err
}
