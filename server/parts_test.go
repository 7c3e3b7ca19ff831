package server_test

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
)

type partAnswer struct {
	Items []struct {
		Name, Label, Asset      string
		Index, Count            int
		Container               bool
		Width, Height, Diameter *float64
		Area, Distance, Invert  *float64
		Low, High, Volume       float64
		Middle                  [3]float64
		Edges                   [][2][3]float64
	}
	Next    *string
	LeftOut struct{ Parts, Profiles, Openings int }
	Section []struct {
		Outer []struct{ X, Y float64 }
		Bores [][]struct{ X, Y float64 }
	}
	Connections []struct {
		Asset, End    string
		Invert, Drawn *float64
		Bearing       *float64
		Assumed       bool
	}
}

func (c *city) parts(id, query string) partAnswer {
	c.t.Helper()
	a := c.do(request{path: "/api/v1/assets/" + id + "/parts" + query, as: "planner"})
	if a.status != http.StatusOK {
		c.t.Fatalf("%s%s: %d %s", id, query, a.status, a.body)
	}
	var p partAnswer
	a.json(c.t, &p)
	return p
}

// lay creates assets around the middle of the city; coordinates are metres east and north of it, and heights. It returns the way from such metres to
// degrees.
func (c *city) lay(list ...map[string]any) func(e, n float64) (lon, lat float64) {
	c.t.Helper()
	s := c.twin.Snapshot()
	m := s.Extent().Center()
	lonLat := func(e, n float64) (lon, lat float64) { return s.Frame().LonLat(m.E+e, m.N+n) }
	place := func(v any) []float64 {
		p := v.([]float64)
		lon, lat := lonLat(p[0], p[1])
		return []float64{lon, lat, p[2]}
	}
	var changes []any
	for _, a := range list {
		if at, ok := a["at"]; ok {
			delete(a, "at")
			a["geometry"] = map[string]any{"type": "Point", "coordinates": place(at)}
		} else {
			line := [][]float64{}
			for _, p := range a["line"].([][]float64) {
				line = append(line, place(p))
			}
			delete(a, "line")
			a["geometry"] = map[string]any{"type": "LineString", "coordinates": line}
		}
		changes = append(changes, map[string]any{"op": "create", "asset": a})
	}
	if a := c.change(changes...); a.status != http.StatusOK {
		c.t.Fatalf("%d %s", a.status, a.body)
	}
	return lonLat
}

// TestParts looks at what each kind of asset consists of, and picks parts at points.
func TestParts(t *testing.T) {
	c := newCity(t, 200)
	line := func(h float64) [][]float64 { return [][]float64{{0, 0, h}, {40, 0, h}} }
	room := func(name string, left float64) map[string]any {
		return map[string]any{"name": name, "left": left, "floor": -1.5, "width": 2.4, "height": 3, "use": "DL"}
	}
	lonLat := c.lay(
		map[string]any{"id": "ZH-1", "kind": "gallery", "network": "ZH", "line": line(-8),
			"section": map[string]any{"shape": "rectangle", "width": 5.2, "height": 3, "wall": 0.4, "compartments": []any{room("电力舱", -2.6), room("水舱", 0.2)}}},
		map[string]any{"id": "JS-1", "kind": "segment", "network": "JS", "line": line(-20), "section": map[string]any{"shape": "circle", "diameter": 0.6, "wall": 0.05}},
		map[string]any{"id": "JS-2", "kind": "segment", "network": "JS", "line": line(-25)},
		map[string]any{"id": "WS-M", "kind": "chamber", "network": "WS", "at": []float64{0, 200, 4}, "ground": []any{4}, "bottom": 0.5, "section": map[string]any{"shape": "circle", "diameter": 1.2, "wall": 0.24}},
		map[string]any{"id": "WS-A", "kind": "segment", "network": "WS", "line": [][]float64{{-30, 200, 2.4}, {0, 200, 2.15}}, "to": "WS-M", "section": map[string]any{"shape": "circle", "diameter": 0.3}},
		map[string]any{"id": "WS-B", "kind": "segment", "network": "WS", "line": [][]float64{{0, 200, 0.8}, {30, 200, 0.7}}, "from": "WS-M", "section": map[string]any{"shape": "circle", "diameter": 0.4}},
	)
	at := func(e, n, h float64) string {
		lon, lat := lonLat(e, n)
		return fmt.Sprintf("?at=%.9f,%.9f,%g", lon, lat, h)
	}

	g := c.parts("ZH-1", "")
	if len(g.Items) != 3 || g.Items[0].Name != "compartment" || g.Items[1].Label != "水舱" || *g.Items[1].Width != 2.4 || *g.Items[1].Area != 7.2 || !g.Items[2].Container {
		t.Fatalf("the gallery: %+v", g.Items)
	}
	if v := g.Items[0].Volume; math.Abs(v-2.4*3*40) > 0.3 {
		t.Errorf("compartment 0 is %g m³", v)
	}
	if n := len(g.Items[0].Edges); n != 12 {
		t.Errorf("a compartment is outlined with %d edges", n)
	}
	if low, high := g.Items[0].Low, g.Items[0].High; math.Abs(low+9.5) > 0.01 || math.Abs(high+6.5) > 0.01 {
		t.Errorf("compartment 0 reaches from %g to %g", low, high)
	}
	// to the right of the axis, which runs east, is south; a point on the outer wall means the room behind it
	for _, k := range []struct {
		e, n, h float64
		want    int
	}{{20, 1.4, -8, 0}, {20, -1.4, -8, 1}, {20, -3, -8, 1}, {20, 3, -8, 0}, {10, -0.6, -6.1, 1}} {
		p := c.parts("ZH-1", at(k.e, k.n, k.h))
		if len(p.Items) != 1 || p.Items[0].Name != "compartment" || p.Items[0].Index != k.want || p.Items[0].Distance == nil {
			t.Errorf("at %v: %+v", k, p.Items)
		}
	}
	pipe := c.parts("JS-1", "")
	if len(pipe.Items) != 2 || pipe.Items[0].Name != "bore" || *pipe.Items[0].Diameter != 0.6 || pipe.Items[1].Name != "pipe" || *pipe.Items[1].Diameter != 0.7 {
		t.Errorf("the pipe: %+v", pipe.Items)
	}
	if s := g.Section; len(s) != 1 || len(s[0].Outer) != 4 || len(s[0].Bores) != 2 || math.Abs(s[0].Outer[0].X+3) > 1e-9 || math.Abs(s[0].Bores[1][0].X-0.2) > 1e-9 {
		t.Errorf("the gallery's section: %+v", s)
	}
	if s := pipe.Section; len(s) != 1 || len(s[0].Bores) != 1 || math.Abs(s[0].Outer[0].X-0.35) > 1e-9 || len(c.parts("WS-M", "").Section) != 0 {
		t.Errorf("the pipe's section: %+v", s)
	}
	if u := c.parts("JS-2", ""); len(u.Items) != 1 || u.Items[0].Diameter != nil || u.Items[0].Width != nil {
		t.Errorf("a pipe of unknown size has measures: %+v", u.Items)
	}
	m := c.parts("WS-M", "")
	names := []string{}
	for _, p := range m.Items {
		names = append(names, p.Name)
	}
	if got := strings.Join(names, " "); got != "lid slab shaft floor" {
		t.Errorf("the manhole: %s", got)
	}
	if len(m.Connections) != 2 || m.Connections[0].Asset != "WS-A" || m.Connections[0].End != "to" || m.Connections[1].End != "from" || math.Abs(*m.Connections[0].Bearing-270) > 1.5 {
		t.Fatalf("connections: %+v", m.Connections)
	}
	if drop := *m.Connections[0].Invert - *m.Connections[1].Invert; math.Abs(drop-(2.15-0.15-0.8+0.2)) > 0.01 {
		t.Errorf("the drop is %g", drop)
	}
	if p := c.parts("WS-M", at(0.6, 200, 2)); p.Items[0].Name != "shaft" || p.Connections != nil {
		t.Errorf("in the wall: %+v", p)
	}
	if p := c.parts("ZH-1", "?limit=1&cursor=1"); len(p.Items) != 1 || p.Items[0].Index != 1 || p.Next == nil || *p.Next != "2" {
		t.Errorf("a page: %+v", p)
	}
	if p := c.parts("ZH-1", fmt.Sprintf("?asOf=%d", c.twin.Snapshot().Revision())); len(p.Items) != 3 {
		t.Errorf("as of now: %+v", p)
	}
	for path, want := range map[string]int{
		"ZH-1/parts?at=1,2": 400, "ZH-1/parts?at=a,b,c": 400, "ZH-1/parts?at=200,0,0": 400, "ZH-1/parts?at=122,37,NaN": 400, "ZH-1/parts?limit=0": 400, "ZH-1/parts?cursor=x": 400,
		"ZH-404/parts": 404, "ZH-1/parts?asOf=1": 404, "ZH-1/parts?asOf=yesterday": 400,
	} {
		if a := c.do(request{path: "/api/v1/assets/" + path, as: "planner"}); a.status != want {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	for _, p := range c.page("/api/v1/assets?limit=1000").Items { // whatever the city holds has parts that can be said
		c.parts(p["id"].(string), "")
	}
}

// TestRoundDucts draws the holes of a duct bank as circles, known ones and those of which only the number is known.
func TestRoundDucts(t *testing.T) {
	c := newCity(t, 200)
	holes := []any{map[string]any{"x": -0.3, "y": 0.05, "diameter": 0.11}, map[string]any{"x": 0.2, "y": -0.05, "diameter": 0.2}}
	c.lay(
		map[string]any{"id": "DL-A", "kind": "segment", "network": "DL", "section": map[string]any{"shape": "ductBank", "width": 1, "height": 0.5, "cols": 2, "rows": 1}, "line": [][]float64{{0, 0, -2}, {40, 0, -2}}},
		map[string]any{"id": "DL-B", "kind": "segment", "network": "DL", "section": map[string]any{"shape": "ductBank", "width": 1, "height": 0.5}, "structure": map[string]any{"pipe": map[string]any{"holes": holes}}, "line": [][]float64{{0, 9, -2}, {40, 9, -2}}},
	)
	for _, k := range []struct {
		id   string
		want [][3]float64 // middle and diameter
	}{{"DL-A", [][3]float64{{-0.25, 0, 0.35}, {0.25, 0, 0.35}}}, {"DL-B", [][3]float64{{-0.3, 0.05, 0.11}, {0.2, -0.05, 0.2}}}} {
		s := c.parts(k.id, "").Section
		if len(s) != 1 || len(s[0].Bores) != len(k.want) {
			t.Fatalf("%s: %+v", k.id, s)
		}
		for i, w := range k.want {
			bore := s[0].Bores[i]
			if len(bore) < 32 {
				t.Errorf("%s: hole %d has %d sides", k.id, i, len(bore))
			}
			for _, p := range bore {
				if r := math.Hypot(p.X-w[0], p.Y-w[1]); math.Abs(2*r-w[2]) > 1e-6 {
					t.Fatalf("%s: a point of hole %d lies %g from its middle, want %g", k.id, i, r, w[2]/2)
				}
			}
		}
	}
}
