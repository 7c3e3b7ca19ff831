package server_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/undercity/undercity/server"
	"github.com/undercity/undercity/server/auth"
	rules "github.com/undercity/undercity/server/rights"
	"github.com/undercity/undercity/server/trail"
)

const ownWords = "yellow bridge 7 kettles"

// browser is a client with a cookie.
type browser struct {
	c      *city
	cookie string
}

// send asks as a page of the installation does, and keeps the cookie that it is given.
func (b *browser) send(method, path string, body any) *answer {
	b.c.t.Helper()
	a := b.c.do(request{method: method, path: "/api/v1" + path, body: body, headers: map[string]string{"Cookie": b.cookie, "X-Undercity": "1"}})
	if set := a.header.Get("Set-Cookie"); set != "" {
		b.cookie, _, _ = strings.Cut(set, ";")
	}
	return a
}

// secretOf is what stands behind the # of a link.
func secretOf(t *testing.T, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	v, err := url.ParseQuery(u.Fragment)
	if err != nil || v.Get("signin") == "" {
		t.Fatalf("%s: %v", link, err)
	}
	return v.Get("signin")
}

type userAnswer struct {
	Name, Role  string
	Unit        *string
	MustChange  bool
	HasPassword bool
	Rights      []string
	Link        struct{ URL, Ends string }
	Session     *struct{ ID string }
}

// made is a user whom an administrator has added, with the browser that opened the link.
func made(t *testing.T, c *city, name, role string) (*browser, userAnswer) {
	t.Helper()
	var u userAnswer
	a := c.do(request{method: http.MethodPost, path: "/api/v1/users", as: "admin", body: map[string]string{"name": name, "role": role}})
	if a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	a.json(t, &u)
	b := &browser{c: c}
	if a := b.send(http.MethodPost, "/session", map[string]string{"token": secretOf(t, u.Link.URL)}); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	return b, u
}

// TestFirstSignIn takes a user from the administrator's link to a password of their own: until then the session is for nothing else.
func TestFirstSignIn(t *testing.T) {
	c := newCity(t, 200)
	b, u := made(t, c, "王芳", "planner")
	if !strings.HasPrefix(u.Link.URL, c.url+"/#signin=") || u.Link.Ends == "" || !u.MustChange || u.HasPassword {
		t.Errorf("%+v", u)
	}
	var me userAnswer
	b.send(http.MethodGet, "/me", nil).json(t, &me)
	if !me.MustChange || me.Session == nil || me.Name != "王芳" {
		t.Errorf("%+v", me)
	}
	for _, path := range []string{"/catalog", "/assets", "/sessions", "/tokens", "/search?q=x", "/nothing"} {
		if a := b.send(http.MethodGet, path, nil); a.status != http.StatusForbidden || a.problem.Type != "urn:undercity:mustChange" {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	for _, root := range []string{"/3dtiles/tileset.json", "/mvt/tilejson.json"} {
		if a := c.do(request{path: root, headers: map[string]string{"Cookie": b.cookie}}); a.status != http.StatusForbidden {
			t.Errorf("%s: %d", root, a.status)
		}
	}
	if a := b.send(http.MethodPost, "/tokens", map[string]any{}); a.status != http.StatusForbidden {
		t.Errorf("a token: %d", a.status)
	}
	if a := b.send(http.MethodPut, "/me", map[string]string{"displayName": "x"}); a.status != http.StatusForbidden {
		t.Errorf("a display name: %d", a.status)
	}
	if a := b.send(http.MethodPut, "/me", map[string]string{"password": "short"}); a.status != http.StatusUnprocessableEntity || len(a.problem.Errors) != 1 || a.problem.Errors[0].Pointer != "/password" {
		t.Errorf("a short password: %d %s", a.status, a.body)
	}
	before := b.cookie
	if a := b.send(http.MethodPut, "/me", map[string]string{"password": ownWords}); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if b.cookie == before {
		t.Error("the cookie stays with a new password")
	}
	if a := c.do(request{path: "/api/v1/me", headers: map[string]string{"Cookie": before}}); a.status != http.StatusUnauthorized {
		t.Errorf("the old cookie: %d", a.status)
	}
	if a := b.send(http.MethodGet, "/catalog", nil); a.status != http.StatusOK {
		t.Errorf("afterwards: %d", a.status)
	}
	again := &browser{c: c}
	if a := again.send(http.MethodPost, "/session", map[string]string{"token": secretOf(t, u.Link.URL)}); a.status != http.StatusUnauthorized {
		t.Errorf("the link a second time: %d", a.status)
	}
	if a := again.send(http.MethodPost, "/session", map[string]string{"name": "王芳", "password": ownWords}); a.status != http.StatusOK {
		t.Errorf("by password: %d %s", a.status, a.body)
	}
}

// TestBadSignIns has one answer to whatever is wrong, and a time to wait after too much of it.
func TestBadSignIns(t *testing.T) {
	c := newCity(t, 0)
	if err := c.office.SetPassword(t.Context(), "a-planner", ownWords, false); err != nil {
		t.Fatal(err)
	}
	b := &browser{c: c}
	for body, want := range map[string]int{`{"token":"x","name":"y"}`: 422, `{"name":7}`: 422, `{"pass":"x"}`: 400} {
		if a := b.send(http.MethodPost, "/session", body); a.status != want || strings.Contains(string(a.body), ownWords) {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	var said []byte
	for _, name := range []string{"a-planner", "nobody", "", "a-planner", "x y"} {
		a := b.send(http.MethodPost, "/session", map[string]string{"name": name, "password": "wrong wrong wrong"})
		a.body = bytes.ReplaceAll(a.body, []byte(a.header.Get("X-Request-Id")), nil)
		if a.status != http.StatusUnauthorized || said != nil && !bytes.Equal(said, a.body) {
			t.Errorf("%q: %d %s", name, a.status, a.body)
		}
		said = a.body
	}
	a := b.send(http.MethodPost, "/session", map[string]string{"name": "a-planner", "password": ownWords})
	if a.status != http.StatusTooManyRequests || a.problem.Type != "urn:undercity:locked" || a.header.Get("Retry-After") != "1" {
		t.Errorf("after five: %d %s", a.status, a.body)
	}
	var log struct {
		Items []struct{ User, Action, Target string }
	}
	raw := c.do(request{path: "/api/v1/audit", as: "admin"})
	raw.json(t, &log)
	if !slices.ContainsFunc(log.Items, func(e struct{ User, Action, Target string }) bool {
		return e.User == "a-planner" && e.Action == trail.SignIn
	}) {
		t.Errorf("the audit log does not say whom somebody tried to be: %s", raw.body)
	}
}

// TestCookies wants the strictest cookie that each way of being reached allows.
func TestCookies(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for name, s := range map[string]struct {
		base  string
		https bool
		want  []string
	}{
		"plain":          {"", false, []string{"undercity_session=", "; Path=/;", "HttpOnly", "SameSite=Strict"}},
		"TLS":            {"", true, []string{"__Host-undercity_session=", "; Path=/;", "HttpOnly", "Secure", "SameSite=Strict"}},
		"TLS and a path": {"/twin", true, []string{"undercity_session=", "; Path=/twin/;", "HttpOnly", "Secure", "SameSite=Strict"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCityWith(t, 0, func(o *server.Options) { o.Proxies, o.BasePath = proxies, s.base })
			headers := map[string]string{"X-Undercity": "1"}
			if s.https {
				headers["X-Forwarded-Proto"] = "https"
			}
			a := c.do(request{method: http.MethodPost, path: s.base + "/api/v1/session", body: map[string]string{"token": c.tokens["planner"]}, headers: headers})
			set := a.header.Get("Set-Cookie")
			for _, w := range s.want {
				if !strings.Contains(set, w) {
					t.Errorf("the cookie %q lacks %s", set, w)
				}
			}
			if !strings.HasPrefix(set, s.want[0]) || !s.https && strings.Contains(set, "Secure") {
				t.Errorf("the cookie is %q", set)
			}
			headers["Cookie"], _, _ = strings.Cut(set, ";")
			if a := c.do(request{path: s.base + "/api/v1/me", headers: headers}); a.status != http.StatusOK {
				t.Errorf("by the cookie: %d", a.status)
			}
			if s.want[0] == "__Host-undercity_session=" { // without the prefix anybody below the same name could have set it
				headers["Cookie"] = strings.TrimPrefix(headers["Cookie"], "__Host-")
				if a := c.do(request{path: "/api/v1/me", headers: headers}); a.status != http.StatusUnauthorized {
					t.Errorf("by a cookie without the prefix: %d", a.status)
				}
			}
		})
	}
}

// TestOthersThings asks for sessions and tokens of others by their ids, and for what administrators may.
func TestOthersThings(t *testing.T) {
	c := newCity(t, 0)
	anna, _ := made(t, c, "anna", "planner")
	bert, _ := made(t, c, "bert", "planner")
	for _, b := range []*browser{anna, bert} {
		if a := b.send(http.MethodPut, "/me", map[string]string{"password": ownWords}); a.status != http.StatusOK {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	var token struct{ ID, Token, Start string }
	a := anna.send(http.MethodPost, "/tokens", map[string]any{"name": "QGIS", "scopes": []string{"read"}})
	if a.json(t, &token); a.status != http.StatusCreated || !strings.HasPrefix(token.Token, token.Start) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if list := anna.send(http.MethodGet, "/tokens", nil); bytes.Contains(list.body, []byte(token.Token)) || !bytes.Contains(list.body, []byte(token.ID)) {
		t.Errorf("%s", list.body)
	}
	var me userAnswer
	anna.send(http.MethodGet, "/me", nil).json(t, &me)
	for _, path := range []string{"/sessions/" + me.Session.ID, "/tokens/" + token.ID, "/sessions/nothing", "/tokens/nothing"} {
		if a := bert.send(http.MethodDelete, path, nil); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	for _, path := range []string{"/users", "/users/anna", "/users/anna/sessions", "/users/anna/tokens", "/units"} {
		if a := bert.send(http.MethodGet, path, nil); a.status != http.StatusForbidden {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	// The token is for reading, and makes no other.
	c.tokens["narrow"] = token.Token
	for path, want := range map[string]int{"/api/v1/catalog": 200, "/api/v1/me": 200, "/api/v1/tokens": 403, "/api/v1/sessions": 403, "/api/v1/model.glb": 403} {
		if a := c.do(request{path: path, as: "narrow"}); a.status != want {
			t.Errorf("%s with a token for reading: %d, want %d", path, a.status, want)
		}
	}
	c.do(request{path: "/api/v1/me", as: "narrow"}).json(t, &me)
	if !slices.Equal(me.Rights, []string{"read"}) {
		t.Errorf("rights of a token for reading: %v", me.Rights)
	}
	var own struct{ Token string }
	if a = anna.send(http.MethodPost, "/tokens", map[string]any{"scopes": []string{"own", "read"}, "days": 1}); a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	a.json(t, &own)
	c.tokens["own"] = own.Token
	if a := c.do(request{method: http.MethodPost, path: "/api/v1/tokens", as: "own", body: map[string]any{"scopes": []string{"export"}}}); a.status != http.StatusUnprocessableEntity || a.problem.Errors[0].Pointer != "/scopes/0" {
		t.Errorf("a wider token: %d %s", a.status, a.body)
	}
	var all struct{ Scopes []string }
	c.do(request{method: http.MethodPost, path: "/api/v1/tokens", as: "own", body: map[string]any{}}).json(t, &all)
	if !slices.Equal(all.Scopes, []string{"own", "read"}) {
		t.Errorf("a token without scopes, made with one that has some: %v", all.Scopes)
	}
	for body, pointer := range map[string]string{`{"scopes":["king"]}`: "/scopes/0", `{"days":-1}`: "/days", `{"days":99999}`: "/days", `{"name":"` + strings.Repeat("x", 81) + `"}`: "/name"} {
		if a := anna.send(http.MethodPost, "/tokens", body); a.status != http.StatusUnprocessableEntity || len(a.problem.Errors) == 0 || a.problem.Errors[0].Pointer != pointer {
			t.Errorf("%.60s: %d %s", body, a.status, a.body)
		}
	}
	if a := anna.send(http.MethodPost, "/tokens", `{"days":0}`); a.status != http.StatusForbidden {
		t.Errorf("a planner's token without an end: %d", a.status)
	}
	// An administrator ends them.
	if a := c.do(request{method: http.MethodDelete, path: "/api/v1/users/anna/tokens/" + token.ID, as: "admin"}); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := c.do(request{path: "/api/v1/catalog", as: "narrow"}); a.status != http.StatusUnauthorized {
		t.Errorf("a revoked token: %d", a.status)
	}
	if a := c.do(request{method: http.MethodDelete, path: "/api/v1/users/anna/sessions", as: "admin"}); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := anna.send(http.MethodGet, "/me", nil); a.status != http.StatusUnauthorized {
		t.Errorf("an ended session: %d", a.status)
	}
}

// TestManagedUsers changes users, and never leaves an installation without an administrator.
func TestManagedUsers(t *testing.T) {
	c := newCity(t, 0)
	as := func(method, path string, body any) *answer {
		return c.do(request{method: method, path: "/api/v1" + path, as: "admin", body: body})
	}
	if a := as(http.MethodPost, "/units", map[string]string{"code": "GAS", "name": "Gas", "kind": "owner", "phone": "110"}); a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for body, want := range map[string]int{`{"disabled":true}`: 409, `{"role":"planner"}`: 409, `{"role":"king"}`: 422, `{"unit":"NONE"}`: 422, `{"unit":"GAS"}`: 200, `{"displayName":"a\u0000b"}`: 422, `{"name":"x"}`: 400} {
		if a := as(http.MethodPut, "/users/a-admin", body); a.status != want {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	if a := as(http.MethodDelete, "/units/GAS", nil); a.status != http.StatusConflict {
		t.Errorf("a unit with users: %d", a.status)
	}
	var page struct {
		Items []userAnswer
		Next  string
	}
	as(http.MethodGet, "/users?limit=2&q=a-", nil).json(t, &page)
	if len(page.Items) != 2 || page.Next == "" || page.Items[0].Name != "a-admin" || page.Items[0].Unit == nil || *page.Items[0].Unit != "GAS" {
		t.Errorf("%+v", page)
	}
	first := page.Items[1].Name
	as(http.MethodGet, "/users?limit=2&q=a-&cursor="+url.QueryEscape(page.Next), nil).json(t, &page)
	if len(page.Items) != 2 || page.Items[0].Name <= first {
		t.Errorf("%+v", page)
	}
	for body, want := range map[string]int{`{"name":"a-admin","role":"planner"}`: 409, `{"name":"a b","role":"planner"}`: 422, `{"name":"x"}`: 422, `{"name":"x","role":"planner","unit":"NONE"}`: 422} {
		if a := as(http.MethodPost, "/users", body); a.status != want {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	made(t, c, "emil", "planner")
	if a := as(http.MethodDelete, "/users/emil", nil); a.status != http.StatusConflict {
		t.Errorf("a user who has signed in: %d", a.status)
	}
	if a := as(http.MethodPut, "/users/emil", `{"disabled":true}`); a.status != 200 {
		t.Errorf("%d", a.status)
	}
	if a := as(http.MethodPost, "/users/emil/link", nil); a.status != http.StatusConflict {
		t.Errorf("a link of a disabled user: %d %s", a.status, a.body)
	}
}

// TestNoAdministratorOfOnesOwn has somebody who manages users by the policy try to come by the rights of an administrator.
func TestNoAdministratorOfOnesOwn(t *testing.T) {
	c := newCity(t, 0)
	d := rules.Default()
	d.Grants = append(d.Grants, rules.Grant{ID: "managers", Users: []string{"a-planner"}, Actions: []auth.Right{auth.Users}, Secrecy: "public"})
	if a := c.do(request{method: http.MethodPut, path: "/api/v1/policy", as: "admin", body: map[string]any{"version": 0, "policy": d}}); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	as := func(method, path string, body any) *answer {
		return c.do(request{method: method, path: "/api/v1" + path, as: "planner", body: body})
	}
	for _, r := range []struct {
		method, path, body string
		want               int
	}{
		{http.MethodPost, "/users", `{"name":"new","role":"operator"}`, 201},
		{http.MethodPut, "/users/new", `{"role":"contractor"}`, 200},
		{http.MethodPost, "/users/new/link", "", 200},
		{http.MethodPost, "/users", `{"name":"root","role":"admin"}`, 403},
		{http.MethodPut, "/users/new", `{"role":"admin"}`, 403},
		{http.MethodPut, "/users/a-planner", `{"role":"admin"}`, 403},
		{http.MethodPut, "/users/a-admin", `{"displayName":"x"}`, 403},
		{http.MethodPost, "/users/a-admin/link", "", 403},
		{http.MethodDelete, "/users/a-admin", "", 403},
		{http.MethodGet, "/users/a-admin/sessions", "", 403},
		{http.MethodDelete, "/users/a-admin/sessions", "", 403},
	} {
		var body any
		if r.body != "" {
			body = r.body
		}
		if a := as(r.method, r.path, body); a.status != r.want {
			t.Errorf("%s %s %s: %d, want %d: %s", r.method, r.path, r.body, a.status, r.want, a.body)
		}
	}
	// A token for managing users reads no city.
	text, _, err := c.office.MakeToken(t.Context(), "a-admin", auth.NewToken{Scopes: []auth.Right{auth.Users}})
	if err != nil {
		t.Fatal(err)
	}
	c.tokens["users"] = text
	for path, want := range map[string]int{"/api/v1/users": 200, "/api/v1/catalog": 403} {
		if a := c.do(request{path: path, as: "users"}); a.status != want {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

// TestNoSecretsTold looks for passwords, tokens, links and cookies in the log of the server, the audit log and the answers of lists.
func TestNoSecretsTold(t *testing.T) {
	var mu sync.Mutex
	var log bytes.Buffer
	c := newCityWith(t, 0, func(o *server.Options) {
		o.Logger = slog.New(slog.NewTextHandler(writer(func(b []byte) (int, error) {
			mu.Lock()
			defer mu.Unlock()
			return log.Write(b)
		}), &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	b, u := made(t, c, "anna", "planner")
	_, cookie, _ := strings.Cut(b.cookie, "=")
	secrets := []string{secretOf(t, u.Link.URL), cookie, ownWords, "wrong wrong wrong", c.tokens["admin"]}
	b.send(http.MethodPut, "/me", map[string]string{"password": ownWords})
	b.send(http.MethodPut, "/me", map[string]string{"password": ownWords + "!", "oldPassword": "wrong wrong wrong"})
	b.send(http.MethodPost, "/session", map[string]string{"name": "anna", "password": "wrong wrong wrong"})
	b.send(http.MethodPost, "/session", map[string]string{"name": "wrong wrong wrong", "password": ownWords})
	b.send(http.MethodPost, "/session", `{"name":"anna","password":"`+ownWords+`"`)
	var token struct{ Token string }
	b.send(http.MethodPost, "/tokens", map[string]any{}).json(t, &token)
	_, cookie, _ = strings.Cut(b.cookie, "=")
	secrets = append(secrets, token.Token, cookie)
	var told bytes.Buffer
	for _, path := range []string{"/audit?limit=1000", "/users", "/users/anna/tokens", "/users/anna/sessions"} {
		told.Write(c.do(request{path: "/api/v1" + path, as: "admin"}).body)
	}
	mu.Lock()
	defer mu.Unlock()
	told.Write(log.Bytes())
	if told.Len() < 1000 || !strings.Contains(told.String(), "anna") {
		t.Fatalf("nothing was written: %s", told.String())
	}
	for _, s := range secrets {
		if s == "" || strings.Contains(told.String(), s) {
			t.Errorf("%q is told", s)
		}
	}
}

type writer func([]byte) (int, error)

func (w writer) Write(b []byte) (int, error) { return w(b) }
