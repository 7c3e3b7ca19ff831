package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/undercity/undercity/server"
	"github.com/undercity/undercity/server/limit"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/twin"
)

// quotas are areas with a limit for contractors, square kilometres.
func quotas(km2 float64) func(*server.Options) {
	return func(o *server.Options) {
		q := limit.StandardQuotas()
		q["contractor"] = km2
		o.Areas = limit.NewAreas(limit.AreaOptions{Quotas: q})
	}
}

// showing are the routes that show assets at full detail.
var showing = []string{"GET /api/v1/assets", "GET /api/v1/assets/:id", "GET /api/v1/assets/:id/history", "GET /api/v1/assets/:id/model.glb", "GET /api/v1/assets/:id/parts", "GET /api/v1/model.glb",
	"GET /3dtiles/:network/content/:level/:x/:y", "GET /mvt/:z/:x/:y"}

// somePipe is an asset of the city and a box around it in degrees.
func (c *city) somePipe() (id string, bbox string) {
	c.t.Helper()
	s := c.twin.Snapshot()
	for r := range s.All {
		if r.Kind() == twin.KindSegment && r.Network() == "YS" {
			d := s.Frame().Degrees(r.Box().Grow(5))
			return r.ID(), fmt.Sprintf("%.7f,%.7f,%.7f,%.7f", d[0], d[1], d[2], d[3])
		}
	}
	c.t.Fatal("the city has no pipe")
	return "", ""
}

// finest is the path of a content of a layer's finest level.
func (c *city) finest(layer string) string {
	best := ""
	for p := range c.contents(layer) {
		if best == "" || strings.Compare(levelOf(p), levelOf(best)) > 0 {
			best = p
		}
	}
	return best
}

func levelOf(path string) string {
	parts := strings.Split(path, "/")
	return fmt.Sprintf("%3s", parts[len(parts)-3])
}

// TestEveryShowingRouteCounts asks each route that shows assets with a quota of nothing; a route that is new needs a line in the list of those that show, or is
// one of those that do not.
func TestEveryShowingRouteCounts(t *testing.T) {
	c := newCityWith(t, 3000, quotas(0))
	id, bbox := c.somePipe()
	paths := map[string]string{
		"GET /api/v1/assets": "/api/v1/assets?limit=1", "GET /api/v1/model.glb": "/api/v1/model.glb?bbox=" + bbox,
		"GET /3dtiles/:network/content/:level/:x/:y": c.finest("JS"), "GET /mvt/:z/:x/:y": c.middle(16),
	}
	for _, r := range server.Routes() {
		method, path, _ := strings.Cut(r, " ")
		shows := false
		for _, s := range showing {
			shows = shows || s == r
		}
		if shows != server.Shows(r) {
			t.Errorf("%s: the table of routes says that it shows assets: %v", r, server.Shows(r))
		}
		if !shows {
			continue
		}
		if p := paths[r]; p != "" {
			path = p
		}
		path = strings.ReplaceAll(path, ":id", id)
		if a := c.do(request{method: method, path: path, as: "operator"}); a.status != http.StatusOK {
			t.Errorf("%s without a limit: %d", path, a.status)
		}
		a := c.do(request{method: method, path: path, as: "contractor"})
		if a.status != http.StatusForbidden || a.problem.Type != "urn:undercity:quota" || a.problem.Quota == nil || a.problem.Quota.Limit != 0 || a.problem.Quota.Ends == "" {
			t.Errorf("%s with a quota of nothing: %d %s", path, a.status, a.body)
		}
	}
}

// TestQuota is shown a city bit by bit: what is new counts, what was shown does not, coarse tiles never do, and the sentence says what to do.
func TestQuota(t *testing.T) {
	c := newCityWith(t, 2000, quotas(0.05))
	used := func() float64 {
		t.Helper()
		var me struct {
			Area *struct{ Used, Limit float64 }
		}
		c.do(request{path: "/api/v1/me", as: "contractor"}).json(t, &me)
		if me.Area == nil || me.Area.Limit != 0.05 {
			t.Fatalf("me: %+v", me)
		}
		return me.Area.Used
	}
	for _, path := range []string{"/3dtiles/tileset.json", "/api/v1/catalog", "/api/v1/search?q=YS", c.middle(14), "/api/v1/histogram?by=diameter"} {
		if a := c.do(request{path: path, as: "contractor"}); a.status != http.StatusOK || used() != 0 {
			t.Errorf("%s: %d, and %v km² are used", path, a.status, used())
		}
	}
	id, bbox := c.somePipe()
	if a := c.do(request{path: "/api/v1/assets/" + id, as: "contractor"}); a.status != 200 || used() < 0.01 || used() > 0.04 {
		t.Fatalf("%d, %v km²", a.status, used())
	}
	before := used()
	for _, path := range []string{"/api/v1/assets/" + id, "/api/v1/assets/" + id + "/parts", "/api/v1/assets/" + id + "/model.glb"} {
		if a := c.do(request{path: path, as: "contractor"}); a.status != 200 || used() != before {
			t.Errorf("%s again: %d, %v km²", path, a.status, used())
		}
	}
	if a := c.do(request{path: "/3dtiles/JS/tileset.json", as: "contractor"}); a.status != 200 {
		t.Errorf("a tileset: %d", a.status)
	}
	a := c.do(request{path: "/api/v1/assets?limit=1000", as: "contractor"})
	if a.status != http.StatusForbidden || !strings.Contains(a.problem.Detail, "0.05 km²") || !strings.Contains(a.problem.Detail, "administrator") || used() != before {
		t.Errorf("the whole city: %d %s", a.status, a.problem.Detail)
	}
	zh := c.do(request{path: "/api/v1/assets?limit=1000", as: "contractor", headers: map[string]string{"Accept-Language": "zh"}})
	if !strings.Contains(zh.problem.Detail, "限额") || strings.Contains(zh.problem.Detail, "today") || strings.Contains(zh.problem.Detail, "administrator") {
		t.Errorf("in Chinese: %s", zh.problem.Detail)
	}
	if a := c.do(request{path: "/api/v1/model.glb?bbox=" + bbox, as: "contractor"}); a.status != 200 {
		t.Errorf("what was shown, cut out: %d %s", a.status, a.problem.Detail)
	}
	// Others have quotas of their own, and some none.
	var me struct{ Area any }
	c.do(request{path: "/api/v1/me", as: "admin"}).json(t, &me)
	if me.Area != nil {
		t.Errorf("an administrator has a limit: %v", me.Area)
	}
	if a := c.do(request{path: "/api/v1/assets?limit=1000", as: "planner"}); a.status != 200 {
		t.Errorf("a planner: %d", a.status)
	}
}

func pathOf(a tiles.Address) string {
	return fmt.Sprintf("/3dtiles/%s/content/%d/%d/%d.glb", a.Layer, a.Level, a.X, a.Y)
}
