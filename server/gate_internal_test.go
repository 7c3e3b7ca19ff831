package server

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/limit"
	"github.com/undercity/undercity/server/rest"
)

// TestTime gives every class but streams an end to its requests, and answers with a sentence what comes to it.
func TestTime(t *testing.T) {
	gin.SetMode(gin.ReleaseMode)
	s := &service{log: slog.New(slog.DiscardHandler), limiter: limit.NewLimiter(limit.StandardTable(), limit.LimiterOptions{})}
	for _, class := range limit.Classes() {
		e := gin.New()
		e.GET("/", s.gate(route{class: class}), handle(s.log, func(c *gin.Context) error {
			at, ok := c.Request.Context().Deadline()
			if ok == (class == limit.Stream) || ok && time.Until(at) > 5*time.Minute {
				t.Errorf("%s: the deadline is %v, %v", class, at, ok)
			}
			ctx, stop := context.WithDeadline(c.Request.Context(), time.Now().Add(-time.Second))
			defer stop()
			<-ctx.Done()
			return fmt.Errorf("a long answer: %w", ctx.Err())
		}))
		w := httptest.NewRecorder()
		e.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		var p rest.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusServiceUnavailable || p.Detail != "the answer took longer than a request may; ask for less at once, or try again later" {
			t.Errorf("%s: %d %s", class, w.Code, w.Body)
		}
	}
	for _, r := range (&service{}).routes() {
		if _, ok := limit.BoundsOf(r.class); !ok {
			t.Errorf("%s %s has no class of limits", r.method, r.path)
		}
	}
}
