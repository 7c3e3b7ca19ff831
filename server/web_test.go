package server_test

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/undercity/undercity/server"
	"github.com/undercity/undercity/server/limit"
)

// cookie signs a role in and returns the cookie's header.
func (c *city) cookie(role string) string {
	c.t.Helper()
	a := c.do(request{method: http.MethodPost, path: "/api/v1/session", body: map[string]string{"token": c.tokens[role]}})
	cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	if a.status != http.StatusOK || cookie == "" {
		c.t.Fatalf("sign-in: %d %s", a.status, a.body)
	}
	return cookie
}

// TestForgedRequests sends what a page of another site could have a browser send: nothing changes by it, and nobody is signed in as somebody else.
func TestForgedRequests(t *testing.T) {
	c := newCity(t, 0)
	cookie := c.cookie("admin")
	host := strings.TrimPrefix(c.url, "http://")
	type h = map[string]string
	for _, s := range []struct {
		name   string
		header h
		want   int
	}{
		{"the viewer", h{"X-Undercity": "1", "Sec-Fetch-Site": "same-origin", "Origin": "http://" + host}, 422},
		{"an old browser's viewer", h{"X-Undercity": "1"}, 422},
		{"another site", h{"X-Undercity": "1", "Sec-Fetch-Site": "cross-site"}, 403},
		{"a neighbour", h{"X-Undercity": "1", "Sec-Fetch-Site": "same-site"}, 403},
		{"another origin", h{"X-Undercity": "1", "Origin": "https://evil.example"}, 403},
		{"another port", h{"X-Undercity": "1", "Origin": "http://127.0.0.1:1"}, 403},
		{"a hidden origin", h{"X-Undercity": "1", "Origin": "null"}, 403},
		{"an origin that begins alike", h{"X-Undercity": "1", "Origin": "http://" + host + ".evil.example"}, 403},
		{"without the header", h{"Origin": "http://" + host}, 403},
		{"a form", h{"X-Undercity": "1", "Content-Type": "text/plain"}, 415},
		{"another form", h{"X-Undercity": "1", "Content-Type": "application/x-www-form-urlencoded"}, 415},
		{"no type", h{"X-Undercity": "1", "Content-Type": ""}, 415},
		{"a type with words", h{"X-Undercity": "1", "Content-Type": "application/json; charset=utf-8"}, 422},
	} {
		s.header["Cookie"] = cookie
		a := c.do(request{method: http.MethodPost, path: "/api/v1/changes", body: `{"changes":[]}`, headers: s.header})
		if a.status != s.want {
			t.Errorf("%s: %d, want %d: %s", s.name, a.status, s.want, a.problem.Detail)
		}
	}
	sign := request{method: http.MethodPost, path: "/api/v1/session", body: map[string]string{"token": c.tokens["admin"]}, headers: h{"Origin": "https://evil.example"}}
	if a := c.do(sign); a.status != http.StatusForbidden || a.header.Get("Set-Cookie") != "" {
		t.Errorf("a sign-in from another site: %d", a.status)
	}
	// A bearer token is nothing that a browser sends by itself, and scripts say little about their bodies.
	for _, kind := range []string{"", "application/x-www-form-urlencoded", "application/json"} {
		if a := c.do(request{method: http.MethodPost, path: "/api/v1/changes", as: "admin", body: `{"changes":[]}`, headers: h{"Content-Type": kind}}); a.status != http.StatusUnprocessableEntity {
			t.Errorf("a script with the type %q: %d", kind, a.status)
		}
	}
}

// TestHeaders wants the headers that keep pages and answers to themselves, on every sort of answer.
func TestHeaders(t *testing.T) {
	c := newCity(t, 200)
	for _, r := range []request{{path: "/"}, {path: "/nothing"}, {path: "/api/v1/me", as: "planner"}, {path: "/api/v1/me"}, {path: "/3dtiles/tileset.json", as: "planner"}, {path: "/api/v1/docs"}} {
		a := c.do(r)
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Strict-Transport-Security": ""} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", r.path, name, got, want)
			}
		}
		for _, part := range []string{"default-src 'self'", "script-src 'self' 'wasm-unsafe-eval' blob:", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"} {
			if !strings.Contains(a.header.Get("Content-Security-Policy"), part) {
				t.Errorf("%s: the policy lacks %s", r.path, part)
			}
		}
		if a.header.Get("Permissions-Policy") == "" {
			t.Errorf("%s has no Permissions-Policy", r.path)
		}
	}
	for path, want := range map[string]string{"/api/v1/me": "no-store", "/api/v1/audit": "no-store", "/api/v1/assets?limit=1": "no-store", "/api/v1/nothing": "no-store", "/api/v1/base/streets": "private, no-cache", "/3dtiles/tileset.json": "private, no-cache"} {
		if got := c.do(request{path: path, as: "admin"}).header.Get("Cache-Control"); got != want {
			t.Errorf("%s: Cache-Control %q, want %q", path, got, want)
		}
	}
}

// TestBodies sends what is too large, too deep and too much.
func TestBodies(t *testing.T) {
	c := newCityWith(t, 0, func(o *server.Options) { o.Upload = 10_000 })
	deep := strings.Repeat(`{"a":[`, 10_000)
	for _, s := range []struct {
		name, path, body string
		want             int
	}{
		{"a large sign-in", "/api/v1/session", `{"token":"` + strings.Repeat("x", 100_000) + `"}`, 413},
		{"large changes", "/api/v1/changes", `{"note":"` + strings.Repeat("x", 17<<20) + `"}`, 413},
		{"deep", "/api/v1/changes", `{"changes":` + deep, 400},
		{"many", "/api/v1/changes", `{"changes":[` + strings.Repeat("{},", limit.MaxValues) + `{}]}`, 400},
		{"a large upload", "/api/v1/imports", strings.Repeat("x", 20_000), 413},
	} {
		if a := c.do(request{method: http.MethodPost, path: s.path, as: "admin", body: s.body}); a.status != s.want {
			t.Errorf("%s: %d %s, want %d", s.name, a.status, a.problem.Detail, s.want)
		}
	}
	// Without a length the body is counted as it comes.
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.url+"/api/v1/session", struct{ io.Reader }{strings.NewReader(`{"token":"` + strings.Repeat("x", 100_000) + `"}`)})
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if a := c.send(req); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("without a length: %d", a.status)
	}
	a := c.upload("admin", nil, map[string]string{"a.csv": strings.Repeat("1,2,3\n", 5000)})
	if a.status != http.StatusRequestEntityTooLarge || !strings.Contains(a.problem.Detail, "undercity import") {
		t.Errorf("an upload: %d %s", a.status, a.problem.Detail)
	}
}

// TestSlowRequests sends headers and bodies a byte at a time: the server ends it, and answers others meanwhile. A body that keeps its pace arrives.
func TestSlowRequests(t *testing.T) {
	c := newCity(t, 0)
	h, err := server.New(server.Options{Twin: c.twin, Office: c.office, Tiles: c.tiles, Viewer: c.viewer, Pace: limit.Pace{Grace: 300 * time.Millisecond, PerSecond: 1000}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := h.HTTP(300*time.Millisecond, nil, slog.New(slog.DiscardHandler))
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close() })
	// send writes head, then body in pieces, and returns what comes back and after how long.
	send := func(head, body string, piece int, pause time.Duration) (string, time.Duration) {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Error(err)
			return "", 0
		}
		defer conn.Close()
		start := time.Now()
		go func() {
			if _, err := io.WriteString(conn, head); err != nil {
				return
			}
			for len(body) > 0 {
				n := min(piece, len(body))
				if _, err := io.WriteString(conn, body[:n]); err != nil {
					return
				}
				body = body[n:]
				time.Sleep(pause)
			}
		}()
		if err := conn.SetReadDeadline(start.Add(20 * time.Second)); err != nil {
			t.Error(err)
		}
		line, _ := bufio.NewReader(conn).ReadString('\n')
		return strings.TrimSpace(line), time.Since(start)
	}
	post := func(n int) string {
		return fmt.Sprintf("POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", n)
	}
	token := `{"token":"` + strings.Repeat("x", 3000) + `"}`
	for _, s := range []struct {
		name, head, body string
		piece            int
		pause            time.Duration
		want             string
	}{
		{"headers a byte at a time", "GET / HTTP/1.1\r\n", strings.Repeat("X-A: b\r\n", 100), 1, 20 * time.Millisecond, "HTTP/1.1 400 Bad Request"},
		{"no headers", "", "", 1, 0, ""},
		{"a body a byte at a time", post(len(token)), token, 1, 20 * time.Millisecond, "HTTP/1.1 408 Request Timeout"},
		{"a body that stops", post(len(token)), token[:100], 100, 0, "HTTP/1.1 408 Request Timeout"},
		{"a body at its pace", post(len(token)), token, 100, 20 * time.Millisecond, "HTTP/1.1 401 Unauthorized"},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			// The line is cut behind the 400, which may be lost by that.
			got, took := send(s.head, s.body, s.piece, s.pause)
			if lost := got == "" && strings.Contains(s.want, "400"); got != s.want && !lost || took > 10*time.Second {
				t.Errorf("%q after %v, want %q", got, took, s.want)
			}
		})
	}
}
