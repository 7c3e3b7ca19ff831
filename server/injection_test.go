package server_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/undercity/undercity/server"
)

// tricks are texts that mean something to a data base, a shell, a page, a header, a path or a log.
var tricks = []string{"' or 1=1 --", `"; drop table asset; --`, "JS-1' union select hash from secret --", "%", "_", "*", `\`, "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}", "$(id)", "`id`",
	"../../office.db", "..%2f..%2foffice.db", "a\r\nSet-Cookie: x=1", "a\nlevel=ERROR msg=forged", "\x00", "JS-1\x00.csv", "\u202eJS-1", "ＪＳ－１", "JS-\u0301", strings.Repeat("A", 5000), strings.Repeat("%25", 500)}

// TestInjection puts the texts everywhere that a text is taken: the answer is a page with nothing, or a refusal, and nobody's answer holds what was sent as
// anything but data.
func TestInjection(t *testing.T) {
	var log safeBuffer
	c := newCityWith(t, 200, func(o *server.Options) {
		o.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	before := c.twin.Snapshot().Revision()
	for _, s := range tricks {
		q := url.QueryEscape(s)
		id := strings.ReplaceAll(url.PathEscape(s), "..", "%2e%2e")
		for _, path := range []string{"/api/v1/assets?q=" + q, "/api/v1/assets?network=" + q, "/api/v1/assets?kind=" + q, "/api/v1/assets?cursor=" + q, "/api/v1/assets?bbox=" + q, "/api/v1/assets?asOf=" + q, "/api/v1/assets?limit=" + q,
			"/api/v1/search?q=" + q, "/api/v1/histogram?by=" + q, "/api/v1/audit?cursor=" + q, "/api/v1/model.glb?bbox=" + q, "/api/v1/imports/" + id, "/3dtiles/" + id + "/tileset.json", "/mvt/1/" + id + "/0.mvt", "/assets/" + id, "/" + id} {
			a := c.do(request{path: path, as: "admin"})
			if a.status >= 500 || a.header.Get("Set-Cookie") != "" {
				t.Errorf("%.100q at %.60s: %d %v", s, path, a.status, a.header)
			}
			if a.status == 200 && strings.Contains(a.header.Get("Content-Type"), "html") {
				t.Errorf("%.100q at %.60s: a page", s, path)
			}
			if strings.HasPrefix(path, "/api/v1/assets?q=") && strings.Contains(string(a.body), `"id"`) && len(s) > 1 {
				t.Errorf("%.100q finds assets: %.200s", s, a.body)
			}
		}
		for _, path := range []string{"/api/v1/assets/" + id, "/api/v1/assets/" + id + "/history", "/api/v1/assets/" + id + "/parts", "/api/v1/assets/" + id + "/model.glb"} {
			if a := c.do(request{path: path, as: "admin"}); a.status != http.StatusNotFound && a.status != http.StatusBadRequest && a.status != http.StatusOK || strings.Contains(string(a.body), "secret") && a.status == 200 {
				t.Errorf("%.100q at %.60s: %d %.200s", s, path, a.status, a.body)
			}
		}
		asset := object{"id": "JS-" + s, "kind": "node", "network": "JS", "geometry": object{"type": "Point", "coordinates": []float64{122.1, 37.5, 1}}}
		if a := c.do(request{method: http.MethodPost, path: "/api/v1/changes", as: "admin", body: object{"changes": []object{{"op": "create", "asset": asset}}}}); a.status == http.StatusOK || a.status >= 500 {
			t.Errorf("an asset is called %.100q: %d", s, a.status)
		}
	}
	if r := c.twin.Snapshot().Revision(); r != before {
		t.Errorf("revision %d became %d", before, r)
	}
	if users, err := c.office.Users(t.Context()); err != nil || len(users) < 4 {
		t.Errorf("%d users, %v", len(users), err)
	}
	for _, line := range strings.Split(log.String(), "\n") {
		if strings.HasPrefix(line, "level=") || strings.Contains(line, "\x00") {
			t.Errorf("the log has a forged line: %.200q", line)
		}
	}
}

// TestTextsStayTexts keeps hostile texts as names, and gives them back as they were.
func TestTextsStayTexts(t *testing.T) {
	c := newCity(t, 200)
	s := c.twin.Snapshot()
	m := s.Extent().Center()
	lon, lat := s.Frame().LonLat(m.E, m.N)
	for i, text := range tricks {
		if strings.ContainsAny(text, "\x00\r\n") || len(text) > 200 {
			continue
		}
		id := fmt.Sprintf("JS-trick%d", i)
		asset := object{"id": id, "kind": "node", "network": "JS", "name": text, "owner": text, "geometry": object{"type": "Point", "coordinates": []float64{lon, lat, 1}}}
		if a := c.do(request{method: http.MethodPost, path: "/api/v1/changes", as: "admin", body: object{"changes": []object{{"op": "create", "asset": asset}}, "note": text}}); a.status != http.StatusOK {
			t.Errorf("%q: %d %s", text, a.status, a.problem.Detail)
			continue
		}
		if got := c.asset(id); got["name"] != text || got["owner"] != text {
			t.Errorf("%q came back as %q", text, got["name"])
		}
	}
}

// TestNoSecretInTheLog uses tokens, cookies and passwords in every way that is taken, and looks for them in a log of every request.
func TestNoSecretInTheLog(t *testing.T) {
	var log safeBuffer
	c := newCityWith(t, 0, func(o *server.Options) {
		o.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	cookie := c.cookie("admin")
	secrets := []string{c.tokens["admin"], c.tokens["planner"], strings.TrimPrefix(cookie, "undercity_session="), "wrong-token-0123456789", "pass-word-0123456789"}
	c.do(request{path: "/api/v1/me", headers: map[string]string{"Cookie": cookie}})
	c.do(request{path: "/api/v1/me", as: "planner"})
	c.do(request{path: "/api/v1/me", headers: map[string]string{"Authorization": "Bearer wrong-token-0123456789"}})
	c.do(request{path: "/api/v1/me?token=" + c.tokens["admin"] + "&signin=" + c.tokens["planner"]})
	c.do(request{path: "/signin=" + c.tokens["planner"]})
	for _, body := range []any{map[string]string{"token": "wrong-token-0123456789"}, map[string]string{"password": "pass-word-0123456789", "name": "anna"}, `{"token": "wrong-token-0123456789`, `{"token": ["wrong-token-0123456789"]}`} {
		c.do(request{method: http.MethodPost, path: "/api/v1/session", body: body})
	}
	c.do(request{method: http.MethodDelete, path: "/api/v1/session", headers: map[string]string{"Cookie": cookie, "X-Undercity": "1"}})
	text := log.String()
	if strings.Count(text, "msg=request") < 8 {
		t.Fatalf("the log holds no requests: %.300s", text)
	}
	for _, s := range secrets {
		if len(s) < 16 || strings.Contains(text, s) {
			t.Errorf("the log holds the secret %.8s…", s)
		}
	}
	// Nor does the audit log, which administrators read.
	audit := string(c.do(request{path: "/api/v1/audit?limit=1000", as: "admin"}).body)
	for _, s := range secrets {
		if strings.Contains(audit, s) {
			t.Errorf("the audit log holds the secret %.8s…", s)
		}
	}
}
