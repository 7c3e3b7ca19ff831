package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/undercity/undercity/server"
	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/limit"
	"github.com/undercity/undercity/server/trail"
)

// mayUse is who may use each route; a route without a line here fails the test.
var mayUse = map[string][]string{
	"GET /healthz": {""}, "GET /readyz": {""}, "GET /api/v1/openapi.json": {""}, "GET /api/v1/docs": {""}, "POST /api/v1/session": {""},
	"GET /api/v1/policy": {"admin"}, "PUT /api/v1/policy": {"admin"}, "POST /api/v1/policy/why": {"admin"},
	"GET /metrics": {"admin"}, "GET /api/v1/audit": {"admin"}, "GET /api/v1/audit/export.csv": {"admin"}, "GET /api/v1/audit/verify": {"admin"}, "GET /api/v1/exports": {"admin"}, "GET /api/v1/exports/:number": {"admin"},
	"PUT /api/v1/me": auth.Roles(), "GET /api/v1/sessions": auth.Roles(), "DELETE /api/v1/sessions": auth.Roles(), "DELETE /api/v1/sessions/:id": auth.Roles(),
	"GET /api/v1/tokens": auth.Roles(), "POST /api/v1/tokens": auth.Roles(), "DELETE /api/v1/tokens/:id": auth.Roles(),
	"GET /api/v1/users": {"admin"}, "POST /api/v1/users": {"admin"}, "GET /api/v1/users/:name": {"admin"}, "PUT /api/v1/users/:name": {"admin"}, "DELETE /api/v1/users/:name": {"admin"},
	"POST /api/v1/users/:name/link": {"admin"}, "GET /api/v1/users/:name/sessions": {"admin"}, "DELETE /api/v1/users/:name/sessions": {"admin"}, "DELETE /api/v1/users/:name/sessions/:id": {"admin"},
	"GET /api/v1/users/:name/tokens": {"admin"}, "DELETE /api/v1/users/:name/tokens/:id": {"admin"},
	"GET /api/v1/units": {"admin"}, "POST /api/v1/units": {"admin"}, "GET /api/v1/units/:code": {"admin"}, "PUT /api/v1/units/:code": {"admin"}, "DELETE /api/v1/units/:code": {"admin"},
	"DELETE /api/v1/session": auth.Roles(), "GET /api/v1/me": auth.Roles(), "GET /api/v1/catalog": auth.Roles(), "GET /api/v1/base/ground": auth.Roles(), "GET /api/v1/base/streets": auth.Roles(),
	"GET /api/v1/search": auth.Roles(), "GET /api/v1/assets": auth.Roles(), "GET /api/v1/assets/:id": auth.Roles(), "GET /api/v1/assets/:id/history": auth.Roles(), "GET /api/v1/assets/:id/model.glb": auth.Roles(), "GET /api/v1/model.glb": auth.Roles(),
	"GET /api/v1/assets/:id/parts": auth.Roles(), "GET /api/v1/histogram": auth.Roles(),
	"GET /api/v1/stream": auth.Roles(), "GET /3dtiles/tileset.json": auth.Roles(), "GET /3dtiles/:network/tileset.json": auth.Roles(),
	"GET /3dtiles/:network/subtrees/:level/:x/:y": auth.Roles(), "GET /3dtiles/:network/content/:level/:x/:y": auth.Roles(),
	"GET /mvt/tilejson.json": auth.Roles(), "GET /mvt/:z/:x/:y": auth.Roles(),
	"POST /api/v1/changes": {"admin"}, "POST /api/v1/imports": {"admin"}, "GET /api/v1/imports/:id": {"admin"}, "GET /api/v1/imports/:id/events": {"admin"}, "GET /api/v1/imports/:id/report.csv": {"admin"},
}

// TestRights asks every route as nobody, with a wrong token and as each role.
func TestRights(t *testing.T) {
	unhurried := limit.StandardTable()
	if err := unhurried.Set("public.change=none"); err != nil {
		t.Fatal(err)
	}
	c := newCityWith(t, 200, func(o *server.Options) { o.Limits = unhurried })
	c.tokens["wrong"] = "not-a-token"
	for _, r := range server.Routes() {
		may, ok := mayUse[r]
		if !ok {
			t.Errorf("%s has no line in the table of this test", r)
			continue
		}
		method, path, _ := strings.Cut(r, " ")
		if path == "/api/v1/stream" {
			path += "?" // see TestStream; here only who may not
			if slices.Contains(may, "planner") {
				if a := c.do(request{path: path}); a.status != http.StatusUnauthorized {
					t.Errorf("%s as nobody: %d", r, a.status)
				}
				continue
			}
		}
		for _, p := range []struct{ in, out string }{{":id", "nothing"}, {":name", "nothing"}, {":code", "nothing"}, {":network", "JS"}, {":level", "0"}, {":z", "0"}, {":x", "0"}, {":y", "0.glb"}} {
			path = strings.ReplaceAll(path, p.in, p.out)
		}
		public := slices.Contains(may, "")
		for _, as := range append([]string{"", "wrong"}, auth.Roles()...) {
			var body any
			if method == http.MethodPost {
				body = "{}"
			}
			a := c.do(request{method: method, path: path, as: as, body: body})
			known := slices.Contains(auth.Roles(), as)
			switch {
			case public || slices.Contains(may, as):
				if a.status == http.StatusForbidden || a.status == http.StatusUnauthorized && r != "POST /api/v1/session" {
					t.Errorf("%s as %q: %d", r, as, a.status)
				}
			case known && a.status != http.StatusForbidden:
				t.Errorf("%s as %q: %d, want 403", r, as, a.status)
			case !known && (a.status != http.StatusUnauthorized || a.header.Get("WWW-Authenticate") == ""):
				t.Errorf("%s as %q: %d, want 401 with WWW-Authenticate", r, as, a.status)
			}
		}
	}
	for r := range mayUse {
		if !slices.Contains(server.Routes(), r) {
			t.Errorf("there is no route %s", r)
		}
	}
}

// TestNowhere wants 401 for what does not exist below the guarded roots, and 404 with a sign-in.
func TestNowhere(t *testing.T) {
	c := newCity(t, 0)
	for _, p := range []string{"/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v1/assets/x/y/z", "/3dtiles", "/3dtiles/JS", "/3dtiles/x/y", "/mvt", "/mvt/1/2/3.mvt", "/ogc/", "/ogc/collections", "/sta/v1.1/Things(1)"} {
		if a := c.do(request{path: p}); a.status != http.StatusUnauthorized {
			t.Errorf("%s as nobody: %d", p, a.status)
		}
		if a := c.do(request{path: p, as: "planner"}); a.status != http.StatusNotFound {
			t.Errorf("%s as a planner: %d", p, a.status)
		}
	}
	for _, p := range []string{"/nothing", "/assets/none.js", "/../../etc/passwd", "/%2e%2e/secret"} {
		if a := c.do(request{path: p}); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", p, a.status)
		}
	}
	if a := c.do(request{method: http.MethodPatch, path: "/api/v1/me", as: "planner"}); a.status != http.StatusMethodNotAllowed {
		t.Errorf("PATCH /me: %d", a.status)
	}
	if a := c.do(request{method: http.MethodPut, path: "/api/v1/me"}); a.status != http.StatusUnauthorized {
		t.Errorf("PUT /me as nobody: %d", a.status)
	}
}

// TestSession signs in by token, works by cookie, and signs out.
func TestSession(t *testing.T) {
	c := newCity(t, 200)
	for body, want := range map[string]int{`{"token":"no"}`: 401, `{`: 400, `{"token":""}`: 401, `[]`: 400, `{"token":7}`: 422} {
		if a := c.do(request{method: http.MethodPost, path: "/api/v1/session", body: body}); a.status != want {
			t.Errorf("sign-in with %s: %d, want %d", body, a.status, want)
		}
	}
	a := c.do(request{method: http.MethodPost, path: "/api/v1/session", body: map[string]string{"token": c.tokens["admin"]}})
	if a.status != http.StatusOK {
		t.Fatalf("sign-in: %d %s", a.status, a.body)
	}
	set := a.header.Get("Set-Cookie")
	for _, w := range []string{"undercity_session=", "HttpOnly", "SameSite=Strict", "Path=/"} {
		if !strings.Contains(set, w) {
			t.Errorf("the cookie %q lacks %s", set, w)
		}
	}
	cookie := strings.SplitN(set, ";", 2)[0]
	if strings.Contains(cookie, c.tokens["admin"]) {
		t.Error("the cookie is the token")
	}
	by := map[string]string{"Cookie": cookie}
	if a := c.do(request{path: "/api/v1/me", headers: by}); a.status != 200 || !strings.Contains(string(a.body), `"admin"`) {
		t.Errorf("me: %d %s", a.status, a.body)
	}
	change := request{method: http.MethodPost, path: "/api/v1/changes", body: `{"changes":[]}`, headers: map[string]string{"Cookie": cookie}}
	if a := c.do(change); a.status != http.StatusForbidden || !strings.Contains(a.problem.Detail, "X-Undercity") {
		t.Errorf("a change by cookie alone: %d %s", a.status, a.body)
	}
	change.headers["X-Undercity"] = "1"
	if a := c.do(change); a.status == http.StatusForbidden {
		t.Errorf("a change by cookie with the header: %d %s", a.status, a.body)
	}
	if a := c.do(request{method: http.MethodDelete, path: "/api/v1/session", headers: change.headers}); a.status != http.StatusNoContent {
		t.Errorf("sign-out: %d", a.status)
	}
	if a := c.do(request{path: "/api/v1/me", headers: by}); a.status != http.StatusUnauthorized {
		t.Errorf("the cookie works after the sign-out: %d", a.status)
	}
	if err := c.office.Disable(t.Context(), "a-planner"); err != nil {
		t.Fatal(err)
	}
	if a := c.do(request{path: "/api/v1/me", as: "planner"}); a.status != http.StatusUnauthorized {
		t.Errorf("a disabled user: %d", a.status)
	}
	audit := c.do(request{path: "/api/v1/audit?limit=3", as: "admin"})
	var page struct {
		Items []struct{ User, Action string }
		Next  string
	}
	audit.json(t, &page)
	if len(page.Items) != 3 || page.Next == "" || page.Items[0].User != "a-admin" || page.Items[0].Action != trail.SignOut {
		t.Errorf("audit: %+v", page)
	}
	if strings.Contains(string(audit.body), c.tokens["admin"]) {
		t.Error("the audit log holds a token")
	}
}

// TestWords wants problems in the language that is asked for, and headers that keep pages to themselves.
func TestWords(t *testing.T) {
	c := newCity(t, 0)
	for lang, want := range map[string]string{"zh-CN,zh;q=0.9,en;q=0.8": "需要登录", "en-GB": "Sign-in needed", "": "Sign-in needed", "en,zh;q=0.5": "Sign-in needed"} {
		a := c.do(request{path: "/api/v1/me", headers: map[string]string{"Accept-Language": lang}})
		if a.problem.Title != want {
			t.Errorf("%q: %s", lang, a.problem.Title)
		}
	}
	a := c.do(request{path: "/"})
	csp := a.header.Get("Content-Security-Policy")
	if a.status != 200 || a.header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(csp, "default-src 'self'") || strings.Contains(csp, "script-src 'self' 'unsafe-inline'") || strings.Contains(csp, "http") {
		t.Errorf("%d, %v", a.status, a.header)
	}
}

// TestDocument holds the table of routes and the document to each other.
func TestDocument(t *testing.T) {
	c := newCity(t, 0)
	var doc struct{ Paths map[string]map[string]any }
	c.do(request{path: "/api/v1/openapi.json"}).json(t, &doc)
	var written []string
	for p, methods := range doc.Paths {
		p = strings.NewReplacer("{id}", ":id", "{number}", ":number", "{name}", ":name", "{code}", ":code", "{network}", ":network", "{level}", ":level", "{z}", ":z", "{x}", ":x", "{y}.subtree", ":y", "{y}.mvt", ":y", "{y}.glb", ":y").Replace(p)
		for m := range methods {
			if m != "parameters" {
				written = append(written, strings.ToUpper(m)+" "+p)
			}
		}
	}
	routes := server.Routes()
	slices.Sort(written)
	slices.Sort(routes)
	if !slices.Equal(written, routes) {
		t.Errorf("the document has\n%s\nthe table of routes\n%s", strings.Join(written, "\n"), strings.Join(routes, "\n"))
	}
	for lang, want := range map[string]string{"zh-CN": "接口文档", "en": "The live digital twin"} {
		a := c.do(request{path: "/api/v1/docs", headers: map[string]string{"Accept-Language": lang}})
		if a.status != 200 || !strings.Contains(string(a.body), want) || strings.Contains(string(a.body), "<script") {
			t.Errorf("docs in %s: %d", lang, a.status)
		}
	}
}
