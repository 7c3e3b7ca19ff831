package server

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/rest"
	"github.com/undercity/undercity/server/trail"
)

// record is where requests get into the audit log, of whatever route: what does something, and what was refused. What an answer shows of restricted assets is
// recorded where the answer is made (rest.API), and here it is seen to that a handler did not forget it.
func (s *service) record(c *gin.Context) {
	switch c.Request.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		c.Next()
		s.recordRead(c)
	default:
		s.recordAct(c)
	}
}

// recordTime bounds how long an entry waits that nobody waits for.
const recordTime = 5 * time.Second

// recordRead records a refusal, and an answer that nobody has looked through.
func (s *service) recordRead(c *gin.Context) {
	status := c.Writer.Status()
	unexamined := status < 300 && rest.Unexamined(c)
	if status != http.StatusForbidden && !unexamined {
		return
	}
	e := rest.EntryOf(c)
	if e.Status = status; unexamined {
		s.log.Error("an answer was not looked through for restricted assets", "req", c.GetString(requestKey), "path", c.FullPath())
		e.Detail = trail.Told(map[string]any{"unexamined": true})
	} else {
		e.Action = trail.Refused
	}
	s.note(c, e)
}

// note records what has happened already.
func (s *service) note(c *gin.Context, e trail.Entry) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), recordTime)
	defer cancel()
	if err := s.o.Office.Trail().Note(ctx, e); err != nil {
		s.log.Error("audit log not written", "req", c.GetString(requestKey), "err", err)
	}
}

// recordAct holds the answer back until what was done stands in the log; where it cannot, the answer is that.
func (s *service) recordAct(c *gin.Context) {
	inner, before := c.Writer, c.Writer.Header().Clone()
	h := &held{ResponseWriter: inner, status: http.StatusOK}
	func() {
		c.Writer = h
		defer func() { c.Writer = inner }() // also when a handler breaks: who answers then writes himself
		c.Next()
	}()
	if s.isRecorded(c, h.status) {
		e := rest.EntryOf(c)
		e.Status = h.status
		// The entry is written even when the client has gone.
		if _, err := s.o.Office.Trail().Append(context.WithoutCancel(c.Request.Context()), e); err != nil {
			s.log.Error("audit log not written", "req", c.GetString(requestKey), "path", c.FullPath(), "err", err)
			header := inner.Header()
			clear(header) // a session that nobody recorded is not handed out
			maps.Copy(header, before)
			writeProblem(c, http.StatusServiceUnavailable, err)
			return
		}
	}
	h.send()
}

// isRecorded reports whether a request that does something gets an entry: not where it has no route or came from nobody, since anybody could fill the log so.
// A sign-in that comes too often gets one a minute and address.
func (s *service) isRecorded(c *gin.Context, status int) bool {
	signIn := trail.ActionOf(c.Request.Method, c.FullPath()) == trail.SignIn
	switch {
	case c.FullPath() == "" || status == http.StatusUnauthorized && !signIn:
		return false
	case status == http.StatusTooManyRequests:
		return signIn && s.hasty.first(rest.ClientOf(c).Address.String(), time.Now())
	}
	return true
}

// begin records that an action begins, so that nothing is done that the log does not know of: an action whose beginning cannot be recorded is refused.
func (s *service) begin(r route) gin.HandlerFunc {
	action := trail.ActionOf(r.method, r.path)
	if r.method == http.MethodGet || action == trail.SignIn || action == trail.SignOut || strings.HasSuffix(r.path, "/why") {
		return func(*gin.Context) {}
	}
	return handle(s.log, func(c *gin.Context) error {
		e, err := s.o.Office.Trail().Append(c.Request.Context(), rest.EntryOf(c))
		if err == nil {
			rest.Began(c, e.Number)
		}
		return err
	})
}

// hasty remembers for a minute which addresses try to sign in too often.
type hasty struct {
	mu     sync.Mutex
	minute int64
	seen   map[string]bool
}

func (h *hasty) first(address string, now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if m := now.Unix() / 60; m != h.minute || len(h.seen) > 1000 {
		h.minute, h.seen = m, map[string]bool{}
	}
	if h.seen[address] {
		return false
	}
	h.seen[address] = true
	return true
}

// held is an answer that has not gone out yet.
type held struct {
	gin.ResponseWriter
	status int
	set    bool
	body   bytes.Buffer
}

func (h *held) WriteHeader(status int) {
	if status > 0 && !h.set {
		h.status = status
	}
}
func (h *held) WriteHeaderNow() { h.set = true }

func (h *held) Write(b []byte) (int, error) {
	h.set = true
	return h.body.Write(b)
}

func (h *held) WriteString(s string) (int, error) {
	h.set = true
	return h.body.WriteString(s)
}
func (h *held) Status() int                 { return h.status }
func (h *held) Size() int                   { return h.body.Len() }
func (h *held) Written() bool               { return h.set }
func (h *held) Flush()                      {}
func (h *held) Unwrap() http.ResponseWriter { return h.ResponseWriter }

// send lets the answer go.
func (h *held) send() {
	h.ResponseWriter.WriteHeader(h.status)
	if h.body.Len() == 0 {
		h.ResponseWriter.WriteHeaderNow()
		return
	}
	_, _ = h.ResponseWriter.Write(h.body.Bytes()) // a client that has gone is no matter
}
