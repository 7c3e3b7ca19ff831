package server_test

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/undercity/undercity/server"
	"github.com/undercity/undercity/server/rights"
	"github.com/undercity/undercity/server/trail"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
)

// entries are those of the audit log that a filter leaves, latest first.
func (c *city) entries(f trail.Filter) []trail.Entry {
	c.t.Helper()
	list, err := c.office.Trail().Find(c.t.Context(), f, 0, 10_000)
	if err != nil {
		c.t.Fatal(err)
	}
	return list
}

// last is the latest entry.
func (c *city) last() trail.Entry {
	c.t.Helper()
	list := c.entries(trail.Filter{})
	if len(list) == 0 {
		return trail.Entry{}
	}
	return list[0]
}

// gradeAll gives every asset one grade.
func (c *city) gradeAll(g twin.Secrecy) {
	c.t.Helper()
	cs := c.twin.NewChangeSet("test", "")
	for rec := range c.twin.Snapshot().All {
		a := rec.Asset()
		a.Secrecy = g
		if err := cs.Update(a, a.Version); err != nil {
			c.t.Fatal(err)
		}
	}
	if _, err := c.twin.Apply(c.t.Context(), cs); err != nil {
		c.t.Fatal(err)
	}
}

// TestEveryReadIsRecorded asks every route that reads the twin, where all is restricted: each answer that names an asset has an entry, whatever route made it.
func TestEveryReadIsRecorded(t *testing.T) {
	c := newCityWith(t, 200, unhurried)
	c.gradeAll(twin.SecrecyRestricted)
	all := map[string]bool{}
	for rec := range c.twin.Snapshot().All {
		all[rec.ID()] = true
	}
	for route, paths := range c.paths(twin.SecrecyRestricted) {
		// The routes with many paths have a few of them asked, from coarse to fine.
		for i := 0; i < len(paths); i += max(1, len(paths)/8) {
			if strings.Contains(paths[i], "asOf=") {
				continue // then nothing was restricted
			}
			before := c.last().Number
			a := c.do(request{path: paths[i], as: "planner"})
			e := c.last()
			switch names := named(a.body, all); {
			case strings.Contains(string(e.Detail), "unexamined"):
				t.Fatalf("%s does not say what of its answer is restricted", route)
			case a.status != http.StatusOK || len(names) == 0:
				if e.Number != before && !strings.Contains(route, "mvt") && !strings.Contains(route, ":id") { // coarse tiles and parts show what they do not name
					t.Errorf("%s: %d without an id, and it is recorded: %+v", paths[i], a.status, e)
				}
			case e.Number == before || e.User != "a-planner" || e.Role != "planner" || e.Address != "127.0.0.1" || e.Action != trail.Read && e.Action != trail.Export || len(e.Targets) == 0 || e.Status != 200:
				t.Errorf("%s names %d assets, and the entry is %+v", paths[i], len(names), e)
			}
		}
	}
	if list := c.entries(trail.Filter{Target: "/3dtiles/JS/content/0/0/0.glb"}); len(list) != 1 || !strings.Contains(string(list[0].Detail), `"restricted":`) {
		t.Errorf("tile: %+v", list)
	}
	// Once an hour for each user; of what is restricted alone.
	n := c.last().Number
	c.do(request{path: "/3dtiles/JS/content/0/0/0.glb", as: "planner"})
	if e := c.last(); e.Number != n {
		t.Errorf("again: %+v", e)
	}
	if c.do(request{path: "/3dtiles/JS/content/0/0/0.glb", as: "operator"}); c.last().Number != n+1 {
		t.Error("another user's read is not recorded")
	}
}

// TestGradesByPolicy reads as who sees everything what the policy alone makes secret, and what it does not.
func TestGradesByPolicy(t *testing.T) {
	c := newCity(t, 200)
	ids := map[string]string{}
	for rec := range c.twin.Snapshot().All {
		ids[rec.Network()] = rec.ID()
	}
	read := func(network string) trail.Entry {
		t.Helper()
		for _, path := range []string{"/api/v1/assets/" + url.PathEscape(ids[network]), "/api/v1/assets/" + url.PathEscape(ids[network]) + "/history", "/3dtiles/" + network + "/content/0/0/0.glb"} {
			if a := c.do(request{path: path, as: "admin"}); a.status != http.StatusOK {
				t.Fatalf("%s: %d", path, a.status)
			}
		}
		return c.last()
	}
	if e := read("JS"); e.Number != 0 {
		t.Errorf("what is internal was recorded: %+v", e)
	}
	d := rights.Default()
	d.Gradings = []rights.Grading{{ID: "water", Networks: []string{"JS"}, Secrecy: "secret"}}
	if a := c.do(request{method: http.MethodPut, path: "/api/v1/policy", as: "admin", body: map[string]any{"version": 0, "policy": d}}); a.status != http.StatusOK {
		t.Fatalf("policy: %d %s", a.status, a.body)
	}
	if e := c.last(); e.Action != trail.Policy || string(e.Detail) != `{"after":1,"before":0}` || e.Begun == 0 {
		t.Errorf("%+v", e)
	}
	n := c.last().Number
	if e := read("JS"); e.Number != n+3 || e.Targets[0] != "/3dtiles/JS/content/0/0/0.glb" {
		t.Errorf("of three reads the last is %+v, behind %d", e, n)
	}
	if list := c.entries(trail.Filter{Target: ids["JS"]}); len(list) != 2 || string(list[0].Detail) != `{"restricted":0,"secret":1}` || list[0].Route != "GET /api/v1/assets/:id/history" {
		t.Errorf("%+v", list)
	}
	if e := read("WS"); e.Number != n+3 {
		t.Errorf("what is internal was recorded: %+v", e)
	}
}

// TestActs does what is recorded beside reads, and looks that no secret is.
func TestActs(t *testing.T) {
	c := newCity(t, 200)
	const wrong = "a-token-that-nobody-has-0123456789"
	c.do(request{method: http.MethodPost, path: "/api/v1/session", body: map[string]string{"token": wrong}})
	refused := c.last()
	in := c.do(request{method: http.MethodPost, path: "/api/v1/session", body: map[string]string{"token": c.tokens["planner"]}})
	cookie, _, _ := strings.Cut(in.header.Get("Set-Cookie"), ";")
	signedIn := c.last()
	c.do(request{path: "/api/v1/audit", as: "planner"})
	forbidden := c.last()
	var id string
	for rec := range c.twin.Snapshot().All {
		id = rec.ID()
		break
	}
	c.do(request{method: http.MethodPost, path: "/api/v1/changes", as: "admin", body: map[string]any{"note": "gone", "changes": []any{map[string]any{"op": "remove", "version": 1, "asset": map[string]any{"id": id}}}}})
	change := c.last()
	c.do(request{method: http.MethodPost, path: "/api/v1/changes", as: "admin", body: map[string]any{"changes": []any{map[string]any{"op": "remove", "version": 1, "asset": map[string]any{"id": "=HYPERLINK(1)"}}}}})
	conflict := c.last()
	for name, got := range map[string]struct {
		e    trail.Entry
		want string
	}{
		"refused sign-in": {refused, "signIn POST /api/v1/session   401 []"}, "sign-in": {signedIn, "signIn POST /api/v1/session a-planner planner 200 []"},
		"forbidden": {forbidden, "refused GET /api/v1/audit a-planner planner 403 []"}, "change": {change, "change POST /api/v1/changes a-admin admin 200 [" + id + "]"},
		"refused change": {conflict, "change POST /api/v1/changes a-admin admin 422 [=HYPERLINK(1)]"},
	} {
		if s := fmt.Sprint(got.e.Action, " ", got.e.Route, " ", got.e.User, " ", got.e.Role, " ", got.e.Status, " ", got.e.Targets); s != got.want || got.e.Address != "127.0.0.1" {
			t.Errorf("%s: %q, want %q", name, s, got.want)
		}
	}
	if change.Begun == 0 || !strings.Contains(string(change.Detail), `"note":"gone"`) || !strings.Contains(string(change.Detail), `"removed":1`) {
		t.Errorf("%+v", change)
	}
	if begun, err := c.office.Trail().Get(t.Context(), change.Begun); err != nil || begun.Status != 0 || begun.Action != trail.Change {
		t.Errorf("%+v, %v", begun, err)
	}
	up := c.upload("admin", map[string]string{"dryRun": "true"}, map[string]string{"a.geojson": `{"type":"FeatureCollection","features":[]}`})
	var job struct{ ID string }
	up.json(t, &job)
	c.finished(up)
	list := c.entries(trail.Filter{Target: job.ID})
	if len(list) != 2 || list[0].Action != trail.Imported || list[1].Action != trail.Import || !strings.Contains(string(list[0].Detail), "a.geojson") {
		t.Errorf("import: %+v", list)
	}
	// Nobody fills the log without a sign-in.
	n := c.last().Number
	c.do(request{method: http.MethodPost, path: "/api/v1/changes", body: "{}"})
	c.do(request{path: "/api/v1/nothing"})
	if e := c.last(); e.Number != n {
		t.Errorf("%+v", e)
	}
	table := c.do(request{path: "/api/v1/audit/export.csv?whole=true", as: "admin"})
	rows, err := csv.NewReader(bytes.NewReader(table.body)).ReadAll()
	if err != nil || len(rows) != int(n)+1 || strings.Contains(string(table.body), ",=HYPERLINK") || c.last().Action != trail.Export {
		t.Errorf("%d rows of %d, %v", len(rows), n, err)
	}
	for _, secret := range append(slices.Collect(mapValues(c.tokens)), wrong, strings.TrimPrefix(cookie, "undercity_session=")) {
		if len(secret) > 5 && bytes.Contains(table.body, []byte(secret)) {
			t.Errorf("the log holds the secret %s", secret)
		}
	}
	// Pages and filters.
	var page struct {
		Items []struct {
			Number int64
			Action string
		}
		Next string
	}
	c.do(request{path: "/api/v1/audit?action=change&limit=1", as: "admin"}).json(t, &page)
	if len(page.Items) != 1 || page.Items[0].Number != conflict.Number || page.Next == "" {
		t.Errorf("%+v", page)
	}
	c.do(request{path: "/api/v1/audit?action=change&user=a-admin&from=2020-01-01T00:00:00Z&to=2099-01-01T00:00:00Z&cursor=" + page.Next, as: "admin"}).json(t, &page)
	if len(page.Items) != 1 || page.Items[0].Number != change.Number {
		t.Errorf("%+v", page)
	}
	for _, bad := range []string{"status=x", "status=7", "from=yesterday", "to=1", "cursor=x", "limit=0"} {
		if a := c.do(request{path: "/api/v1/audit?" + bad, as: "admin"}); a.status != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, a.status)
		}
	}
}

func mapValues(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

// tamper runs a statement on the data base of the log beside the server.
func (c *city) tamper(dir, statement string) {
	c.t.Helper()
	d, err := db.Open(c.t.Context(), filepath.Join(dir, "office.db"), db.Options{Quick: true})
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := d.ExecContext(c.t.Context(), statement); err != nil {
		c.t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		c.t.Fatal(err)
	}
}

// TestUnrecorded wants nothing done, taken out or handed out that the log cannot be told of, and all that is not recorded to go on.
func TestUnrecorded(t *testing.T) {
	var dir string
	c := newCityWith(t, 200, func(o *server.Options) { dir = o.Scratch })
	c.gradeAll(twin.SecrecyRestricted)
	var id string
	for rec := range c.twin.Snapshot().All {
		id = url.PathEscape(rec.ID())
		break
	}
	c.tamper(dir, "create trigger broken before insert on trail begin select raise(abort, 'the disk is full'); end")
	before := c.twin.Snapshot().Revision()
	gone := map[string]any{"changes": []any{map[string]any{"op": "remove", "version": 2, "asset": map[string]any{"id": id}}}}
	for name, r := range map[string]request{
		"change": {method: http.MethodPost, path: "/api/v1/changes", as: "admin", body: gone}, "sign-in": {method: http.MethodPost, path: "/api/v1/session", body: map[string]string{"token": c.tokens["admin"]}},
		"export": {path: "/api/v1/assets/" + id + "/model.glb", as: "planner"}, "policy": {method: http.MethodPut, path: "/api/v1/policy", as: "admin", body: map[string]any{"version": 0, "policy": rights.Default()}},
	} {
		if a := c.do(r); a.status != http.StatusServiceUnavailable || a.header.Get("Set-Cookie") != "" || !strings.Contains(a.problem.Detail, "audit log") {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	var p struct{ Version int }
	if c.do(request{path: "/api/v1/policy", as: "admin"}).json(t, &p); p.Version != 0 || c.twin.Snapshot().Revision() != before {
		t.Error("something was done all the same")
	}
	// What was shown before it was known that the log is broken is kept; then nothing is shown.
	status := 0
	for range 100 {
		if status = c.do(request{path: "/api/v1/assets/" + id, as: "planner"}).status; status != http.StatusOK {
			break
		}
	}
	if status != http.StatusServiceUnavailable {
		t.Errorf("a restricted asset: %d", status)
	}
	if a := c.do(request{path: "/api/v1/catalog", as: "planner"}); a.status != http.StatusOK {
		t.Errorf("what is not recorded: %d", a.status)
	}
	c.tamper(dir, "drop trigger broken")
	if a := c.do(request{method: http.MethodPost, path: "/api/v1/changes", as: "admin", body: gone}); a.status != http.StatusOK {
		t.Errorf("afterwards: %d %s", a.status, a.body)
	}
	var v struct {
		OK      bool
		Entries int64
		Head    string
	}
	c.do(request{path: "/api/v1/audit/verify", as: "admin"}).json(t, &v)
	if !v.OK || v.Entries < 3 {
		t.Errorf("%+v", v)
	}
	c.tamper(dir, "drop trigger trail_update")
	c.tamper(dir, "update trail set user = 'x' where number = 2")
	var bad struct {
		Fault    string
		Number   int64
		Sentence string
	}
	c.do(request{path: "/api/v1/audit/verify?head=" + v.Head, as: "admin", headers: map[string]string{"Accept-Language": "zh-CN"}}).json(t, &bad)
	if bad.Fault != "changed" || bad.Number != 2 || bad.Sentence != "第 2 条记录在写入后被改动" {
		t.Errorf("%+v", bad)
	}
	if a := c.do(request{path: "/api/v1/audit/verify?head=7", as: "admin"}); a.status != http.StatusBadRequest {
		t.Errorf("a head that is none: %d", a.status)
	}
}

// TestMarks takes the same out twice and holds the two against each other.
func TestMarks(t *testing.T) {
	c := newCity(t, 300)
	r := rand.New(rand.NewPCG(1, 2))
	c.regrade(r, 0.3)
	s := c.twin.Snapshot()
	e := s.Frame().Degrees(s.Extent())
	for _, path := range []string{"/api/v1/assets/" + url.PathEscape(seen(s)) + "/model.glb", fmt.Sprintf("/api/v1/model.glb?bbox=%.9f,%.9f,%.9f,%.9f", e[0], e[1], e[2], e[3])} {
		var plain []string
		for _, as := range []string{"planner", "operator"} {
			a := c.do(request{path: path, as: as})
			if a.status != http.StatusOK {
				t.Fatalf("%s: %d %s", path, a.status, a.body)
			}
			n := binary.LittleEndian.Uint32(a.body[12:])
			var doc map[string]any
			if err := json.Unmarshal(a.body[20:20+n], &doc); err != nil {
				t.Fatal(err)
			}
			asset := doc["asset"].(map[string]any)
			x := asset["extras"].(map[string]any)["undercityExport"].(map[string]any)
			number := fmt.Sprint(x["number"])
			if x["user"] != "a-"+as || x["installation"] != s.StoreID() || !strings.Contains(asset["copyright"].(string), number+" · a-"+as) || a.header.Get("X-Undercity-Export") != number {
				t.Errorf("%s as %s: %v", path, as, asset)
			}
			var row struct {
				User    string
				Targets []string
				Detail  struct{ Format string }
			}
			c.do(request{path: "/api/v1/exports/" + number, as: "admin"}).json(t, &row)
			if row.User != "a-"+as || len(row.Targets) == 0 || row.Detail.Format != "glb" {
				t.Errorf("export %s: %+v", number, row)
			}
			delete(asset, "copyright")
			delete(asset, "extras")
			rest, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			plain = append(plain, string(rest)+string(a.body[20+n:]))
		}
		if plain[0] != plain[1] {
			t.Errorf("%s: two exports differ in more than their marks", path)
		}
	}
	var page struct{ Items []struct{ Number int64 } }
	if c.do(request{path: "/api/v1/exports", as: "admin"}).json(t, &page); len(page.Items) != 4 {
		t.Errorf("%+v", page)
	}
	for path, want := range map[string]int{"/api/v1/exports/0": 404, "/api/v1/exports/x": 404, "/api/v1/exports/999999": 404} {
		if a := c.do(request{path: path, as: "admin"}); a.status != want {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

// seen is the id of a segment that planners and operators see.
func seen(s *twin.Snapshot) twin.ID {
	for rec := range s.All {
		if rec.Kind() == twin.KindSegment && rec.Secrecy() < twin.SecrecyRestricted {
			return rec.ID()
		}
	}
	return ""
}
