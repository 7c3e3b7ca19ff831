package server_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/undercity/undercity/server"
	"github.com/undercity/undercity/server/limit"
)

// addressOf is a path of the table of routes with something in its places.
func addressOf(path string) string {
	return strings.NewReplacer(":id", "nothing", ":network", "JS", ":level", "0", ":z", "0", ":x", "0", ":y", "0.glb").Replace(path)
}

// tight is a table in which each class may be used once in an hour.
func tight(t *testing.T, roles ...string) limit.Table {
	t.Helper()
	table := limit.StandardTable()
	for _, role := range roles {
		for _, c := range limit.Classes() {
			if c == limit.Probe || c == limit.SignIn && role != limit.Public {
				continue
			}
			if err := table.Set(role + "." + string(c) + "=1/h:1"); err != nil {
				t.Fatal(err)
			}
		}
	}
	return table
}

// TestEveryRouteIsLimited asks each route twice where each class may be used once: no route is left out, but for what supervisors ask.
func TestEveryRouteIsLimited(t *testing.T) {
	c := newCityWith(t, 0, func(o *server.Options) { o.Limits = tight(t, "contractor", limit.Public) })
	c.doc = nil // its paths have been asked for already
	for _, role := range []string{"contractor", ""} {
		for _, r := range append(server.Routes(), "GET /", "GET /api/v1/nothing", "PUT /api/v1/me") {
			method, path, _ := strings.Cut(r, " ")
			if path == "/api/v1/stream" && role != "" {
				continue // open as long as the test
			}
			var a *answer
			for range 2 {
				var body any
				if method == http.MethodPost {
					body = "{}"
				}
				a = c.do(request{method: method, path: addressOf(path), as: role, body: body})
			}
			if probe := path == "/healthz" || path == "/readyz"; probe != (a.status == http.StatusOK) || !probe && a.status != http.StatusTooManyRequests {
				t.Errorf("%s as %q, the second time: %d", r, role, a.status)
			}
		}
	}
}

// TestTooOften wants a sentence that names the limit, and when to come again.
func TestTooOften(t *testing.T) {
	c := newCityWith(t, 0, func(o *server.Options) { o.Limits = tight(t, "contractor") })
	ask := request{path: "/api/v1/search?q=x", as: "contractor"}
	if a := c.do(ask); a.status != http.StatusOK || a.header.Get("RateLimit") != `"search";r=0;t=3600` || a.header.Get("RateLimit-Policy") != `"search";q=1;w=3600` {
		t.Errorf("%d %v", a.status, a.header)
	}
	a := c.do(ask)
	wait, err := strconv.Atoi(a.header.Get("Retry-After"))
	if a.status != http.StatusTooManyRequests || err != nil || wait < 3500 || wait > 3600 || a.problem.Type != "urn:undercity:rate" || !strings.Contains(a.problem.Detail, "1/h:1") {
		t.Errorf("%d %v %+v", a.status, a.header, a.problem)
	}
	ask.headers = map[string]string{"Accept-Language": "zh"}
	if a := c.do(ask); !han.MatchString(a.problem.Detail) || strings.Contains(a.problem.Detail, "too many") {
		t.Errorf("not in Chinese: %s", a.problem.Detail)
	}
	// Others are not held up.
	for range 50 {
		if a := c.do(request{path: "/api/v1/search?q=x", as: "planner"}); a.status != http.StatusOK || a.header.Get("RateLimit") != "" {
			t.Fatalf("a planner: %d %v", a.status, a.header)
		}
	}
	if a := c.do(request{path: "/api/v1/search?q=" + strings.Repeat("x", limit.MaxQuery), as: "planner"}); a.status != http.StatusRequestURITooLong {
		t.Errorf("a long query: %d", a.status)
	}
}

// TestGuessing signs in with wrong tokens from one address until it is refused, and then with a right one from there; sign-ins that succeed are not held up.
func TestGuessing(t *testing.T) {
	table := limit.StandardTable()
	if err := table.Set("public.sign-in=1/h:3"); err != nil {
		t.Fatal(err)
	}
	c := newCityWith(t, 0, func(o *server.Options) { o.Limits = table })
	sign := func(token string) int {
		return c.do(request{method: http.MethodPost, path: "/api/v1/session", body: map[string]string{"token": token}}).status
	}
	for range 10 {
		if s := sign(c.tokens["planner"]); s != http.StatusOK {
			t.Fatalf("a right token: %d", s)
		}
	}
	for i, want := range []int{401, 401, 401, 429, 429} {
		if s := sign("wrong-token-wrong-token"); s != want {
			t.Errorf("guess %d: %d, want %d", i, s, want)
		}
	}
	if s := sign(c.tokens["planner"]); s != http.StatusTooManyRequests {
		t.Errorf("a right token after guesses: %d", s)
	}
}
