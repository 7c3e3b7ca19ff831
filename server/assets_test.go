package server_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/undercity/undercity/twin"
)

type page struct {
	Items []map[string]any
	Next  *string
}

func (c *city) page(path string) page {
	c.t.Helper()
	a := c.do(request{path: path, as: "planner"})
	if a.status != http.StatusOK {
		c.t.Fatalf("%s: %d %s", path, a.status, a.body)
	}
	var p page
	a.json(c.t, &p)
	return p
}

// all reads every page and returns the ids in order.
func (c *city) all(path string, limit int) (ids []string) {
	c.t.Helper()
	cursor := ""
	for {
		p := c.page(fmt.Sprintf("%s&limit=%d&cursor=%s", path, limit, url.QueryEscape(cursor)))
		for _, it := range p.Items {
			ids = append(ids, it["id"].(string))
		}
		if p.Next == nil {
			return ids
		}
		if len(p.Items) == 0 || *p.Next == "" {
			c.t.Fatalf("%s: an empty page that goes on", path)
		}
		cursor = *p.Next
	}
}

// TestPages wants each asset once, in order, whatever the size of a page and the filter.
func TestPages(t *testing.T) {
	c := newCity(t, 200)
	s := c.twin.Snapshot()
	want := func(keep func(r twin.Record) bool) (ids []string) {
		for r := range s.All {
			if keep(r) {
				ids = append(ids, r.ID())
			}
		}
		slices.Sort(ids)
		return ids
	}
	m := s.Extent().Center()
	w, so := s.Frame().LonLat(m.E-150, m.N-150)
	e, n := s.Frame().LonLat(m.E+150, m.N+150)
	in := func(r twin.Record) bool {
		b := r.Box()
		return b.Min.E <= m.E+150 && b.Max.E >= m.E-150 && b.Min.N <= m.N+150 && b.Max.N >= m.N-150
	}
	for query, keep := range map[string]func(twin.Record) bool{
		"x=":           func(twin.Record) bool { return true },
		"network=WS":   func(r twin.Record) bool { return r.Network() == "WS" },
		"kind=chamber": func(r twin.Record) bool { return r.Kind() == twin.KindChamber },
		"q=js-0000":    func(r twin.Record) bool { return strings.Contains(r.ID(), "JS-0000") },
	} {
		for _, limit := range []int{7, 100, 1000} {
			if got := c.all("/api/v1/assets?"+query, limit); !slices.Equal(got, want(keep)) {
				t.Errorf("%s by %d: %d assets, want %d", query, limit, len(got), len(want(keep)))
			}
		}
	}
	box := fmt.Sprintf("bbox=%.9f,%.9f,%.9f,%.9f", w, so, e, n)
	got, brute := c.all("/api/v1/assets?"+box, 50), want(in)
	// The box of degrees is turned against the plane's by the convergence: it may hold a few more at its rim.
	for _, id := range brute {
		if r, _ := s.Find(id); !slices.Contains(got, id) && math.Abs(r.Box().Center().E-m.E) < 145 && math.Abs(r.Box().Center().N-m.N) < 145 {
			t.Errorf("%s is missing in the box", id)
		}
	}
	if len(got) < len(brute)*9/10 || len(got) > len(brute)*11/10+5 || len(brute) < 10 {
		t.Errorf("%d in the box, %d by brute force", len(got), len(brute))
	}
	for _, bad := range []string{"bbox=1,2,3", "bbox=a,b,c,d", "bbox=1,2,3,NaN", "bbox=9,9,1,1", "kind=pipe", "network=XX1", "limit=0", "limit=1001", "limit=x", "cursor=%21", "asOf=yesterday", "q=" + strings.Repeat("x", 201)} {
		a := c.do(request{path: "/api/v1/assets?" + bad, as: "planner"})
		name, _, _ := strings.Cut(bad, "=")
		if a.status != http.StatusBadRequest || !strings.Contains(a.problem.Detail, name) || len(a.problem.Errors) != 1 {
			t.Errorf("%s: %d %+v", bad, a.status, a.problem)
		}
	}
}

// change posts a change set as an administrator.
func (c *city) change(changes ...any) *answer {
	c.t.Helper()
	return c.do(request{method: http.MethodPost, path: "/api/v1/changes", as: "admin", body: map[string]any{"changes": changes, "note": "test"}})
}

func (c *city) asset(id string) map[string]any {
	c.t.Helper()
	var m map[string]any
	a := c.do(request{path: "/api/v1/assets/" + url.PathEscape(id), as: "planner"})
	if a.status == http.StatusOK {
		a.json(c.t, &m)
	}
	return m
}

func pipe(id string, at [2]float64) map[string]any {
	return map[string]any{"id": id, "kind": "segment", "network": "JS", "section": map[string]any{"shape": "circle", "diameter": 0.3, "outerDiameter": 0.326}, "material": "DI",
		"geometry": map[string]any{"type": "LineString", "coordinates": [][]float64{{at[0], at[1], 1.25}, {at[0] + 0.0005, at[1], 1.125}}}, "ground": []any{3.5, nil}, "attributes": map[string]any{"备注": "测试"}}
}

// TestChanges creates, updates and removes, with versions, as-of and history.
func TestChanges(t *testing.T) {
	c := newCity(t, 200)
	s := c.twin.Snapshot()
	m := s.Extent().Center()
	lon, lat := s.Frame().LonLat(m.E, m.N)
	before := s.Len()
	const id = "JS-测试.1"
	a := c.change(map[string]any{"op": "create", "asset": pipe(id, [2]float64{lon, lat})})
	if a.status != http.StatusOK {
		t.Fatalf("create: %d %s", a.status, a.body)
	}
	var done struct{ Revision uint64 }
	a.json(t, &done)
	got := c.asset(id)
	if got["version"] != 1.0 || got["material"] != "DI" || got["attributes"].(map[string]any)["备注"] != "测试" {
		t.Errorf("%v", got)
	}
	cover := got["cover"].([]any)
	if d := cover[0].(float64) - (3.5 - 1.25 - 0.163); math.Abs(d) > 1e-3 || cover[1] != nil {
		t.Errorf("cover %v: want %.3f and null where the ground is not known", cover, 3.5-1.25-0.163)
	}
	coords := got["geometry"].(map[string]any)["coordinates"].([]any)
	first := coords[0].([]any)
	if math.Abs(first[0].(float64)-lon) > 2e-9 || math.Abs(first[1].(float64)-lat) > 2e-9 || first[2] != 1.25 {
		t.Errorf("%v, want %v %v", first, lon, lat)
	}
	if a := c.change(map[string]any{"op": "create", "asset": pipe(id, [2]float64{lon, lat})}); a.status != http.StatusConflict || !strings.Contains(string(a.body), id) {
		t.Errorf("created twice: %d %s", a.status, a.body)
	}
	// What was read goes back as it is, but for the material.
	got["material"] = "PE"
	if a := c.change(map[string]any{"op": "update", "asset": got, "version": 1}); a.status != http.StatusOK {
		t.Fatalf("update: %d %s", a.status, a.body)
	}
	after := c.asset(id)
	for _, k := range []string{"geometry", "ground", "invert", "cover", "section", "assumed"} {
		x, _ := json.Marshal(got[k])
		y, _ := json.Marshal(after[k])
		if string(x) != string(y) {
			t.Errorf("%s changed on the way there and back: %s, %s", k, x, y)
		}
	}
	// An old version, with a good change beside it: neither is stored.
	other := pipe("JS-T2", [2]float64{lon, lat})
	a = c.change(map[string]any{"op": "create", "asset": other}, map[string]any{"op": "update", "asset": got, "version": 1})
	if a.status != http.StatusConflict || len(a.problem.Errors) != 1 || !strings.Contains(a.problem.Errors[0].Pointer+a.problem.Errors[0].Detail+a.problem.Detail, id) {
		t.Errorf("old version: %d %+v", a.status, a.problem)
	}
	if c.asset("JS-T2") != nil {
		t.Error("half of a change set was stored")
	}
	if a := c.change(map[string]any{"op": "remove", "asset": map[string]any{"id": id}, "version": 2}); a.status != http.StatusOK {
		t.Errorf("remove: %d %s", a.status, a.body)
	}
	if c.asset(id) != nil || c.twin.Snapshot().Len() != before {
		t.Error("the removed asset is still there")
	}
	then := c.do(request{path: fmt.Sprintf("/api/v1/assets/%s?asOf=%d", url.PathEscape(id), done.Revision), as: "planner"})
	if then.status != http.StatusOK || !strings.Contains(string(then.body), `"DI"`) {
		t.Errorf("as of revision %d: %d %.200s", done.Revision, then.status, then.body)
	}
	if a := c.do(request{path: "/api/v1/assets/" + url.PathEscape(id) + "?asOf=" + url.QueryEscape(time.Now().Add(time.Hour).Format(time.RFC3339)), as: "planner"}); a.status != http.StatusNotFound {
		t.Errorf("as of now: %d", a.status)
	}
	if a := c.do(request{path: "/api/v1/assets?asOf=9999", as: "planner"}); a.status < 400 || a.status >= 500 {
		t.Errorf("as of a revision to come: %d", a.status)
	}
	var h page
	c.do(request{path: "/api/v1/assets/" + url.PathEscape(id) + "/history", as: "planner"}).json(t, &h)
	var ops []string
	for _, v := range h.Items {
		ops = append(ops, fmt.Sprint(v["op"], " ", v["author"], " ", v["note"]))
	}
	if want := []string{"create a-admin test", "update a-admin test", "remove a-admin test"}; !slices.Equal(ops, want) {
		t.Errorf("history %q, want %q", ops, want)
	}
}

// TestBadChanges wants the place of each fault, and nothing stored.
func TestBadChanges(t *testing.T) {
	c := newCity(t, 200)
	s := c.twin.Snapshot()
	m := s.Extent().Center()
	lon, lat := s.Frame().LonLat(m.E, m.N)
	with := func(key string, v any) map[string]any {
		p := pipe("JS-T1", [2]float64{lon, lat})
		p[key] = v
		return map[string]any{"op": "create", "asset": p}
	}
	line := func(ps ...[]any) map[string]any { return map[string]any{"type": "LineString", "coordinates": ps} }
	for name, x := range map[string]struct {
		change  any
		pointer string
	}{
		"kind":        {with("kind", "pipe"), "/changes/0/asset/kind"},
		"status":      {with("status", "old"), "/changes/0/asset/status"},
		"shape":       {with("section", map[string]any{"shape": "star"}), "/changes/0/asset/section/shape"},
		"negative":    {with("section", map[string]any{"shape": "circle", "diameter": -1}), "/changes/0/asset"},
		"one vertex":  {with("geometry", line([]any{lon, lat, 1})), "/changes/0/asset"},
		"no position": {with("geometry", line([]any{lon}, []any{lon, lat})), "/changes/0/asset/geometry/coordinates"},
		"text":        {with("geometry", line([]any{"x", lat}, []any{lon, lat})), "/changes/0/asset/geometry/coordinates"},
		"far away":    {with("geometry", line([]any{0, 0, 1}, []any{0.001, 0, 1})), "/changes/0/asset"},
		"9999":        {with("geometry", line([]any{lon, lat, 9999}, []any{lon, lat + 0.001, 1})), "/changes/0/asset"},
		"network":     {with("network", "XX1"), "/changes/0/asset"},
		"id":          {with("id", "JS/1"), "/changes/0/asset"},
		"op":          {map[string]any{"op": "replace", "asset": pipe("JS-T1", [2]float64{lon, lat})}, "/changes/0/op"},
		"no node":     {with("from", "JS-nowhere"), "/changes/0/asset"},
	} {
		a := c.change(x.change)
		if a.status != http.StatusUnprocessableEntity || len(a.problem.Errors) == 0 || !strings.HasPrefix(a.problem.Errors[0].Pointer, x.pointer) {
			t.Errorf("%s: %d %+v", name, a.status, a.problem)
		}
	}
	for name, x := range map[string]struct {
		body   string
		status int
	}{
		"no JSON": {"{", 400}, "a list": {"[]", 400}, "empty": {"", 400}, "no changes": {`{"changes":[]}`, 422}, "unknown key": {`{"changes":[],"notes":""}`, 400}, "more": {`{"changes":[]} {}`, 400},
		"deep": {`{"changes":` + strings.Repeat("[", 100_000), 400},
	} {
		if a := c.do(request{method: http.MethodPost, path: "/api/v1/changes", as: "admin", body: x.body}); a.status != x.status {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if c.twin.Snapshot().Revision() != s.Revision() {
		t.Error("something was stored")
	}
}

// TestUnknown wants null for what a survey does not say, and its name among the assumed.
func TestUnknown(t *testing.T) {
	c := newCity(t, 0)
	up := c.upload("admin", map[string]string{"crs": "EPSG:4549"}, map[string]string{
		"JSPOINT.csv": "物探点号,X坐标,Y坐标,地面高程,附属物\n1,4150000,500000,,\n2,4150050,500000,,阀门\n",
		"JSLINE.csv":  "起点点号,终点点号,起点埋深,终点埋深,管径,材质\n1,2,,,,\n"})
	c.finished(up)
	a := c.asset("JS-1~2")
	if a["cover"].([]any)[0] != nil || a["invert"].([]any)[0] != nil || a["ground"].([]any)[0] != nil || a["material"] != nil || a["section"].(map[string]any)["diameter"] != nil {
		t.Errorf("%v", a)
	}
	for _, k := range []string{"geometry", "diameter", "cover"} {
		if !slices.Contains(a["assumed"].([]any), any(k)) {
			t.Errorf("%s is not among the assumed %v", k, a["assumed"])
		}
	}
}

// TestCatalogMembers asks of every network of the table that exactly one layer draws it: the one that the server's tiles put it in.
func TestCatalogMembers(t *testing.T) {
	c := newCity(t, 0)
	var got struct {
		Networks []struct {
			Code    string
			Members []string
		}
	}
	if err := json.Unmarshal(c.do(request{path: "/api/v1/catalog", as: "planner"}).body, &got); err != nil {
		t.Fatal(err)
	}
	layer := map[string]string{}
	for _, n := range got.Networks {
		for _, m := range n.Members {
			if before, twice := layer[m]; twice {
				t.Errorf("%s is drawn with %s and with %s", m, before, n.Code)
			}
			layer[m] = n.Code
		}
		if layer[n.Code] != n.Code {
			t.Errorf("%s is not of its own layer", n.Code)
		}
	}
	for code, want := range map[string]string{"LD": "DL", "XH": "DL", "TR": "RQ", "DX": "TX", "WS": "WS", "PS": "PS"} {
		if layer[code] != want && (code != "PS" || layer[code] != "") {
			t.Errorf("%s is drawn with %q, not %s", code, layer[code], want)
		}
	}
}
