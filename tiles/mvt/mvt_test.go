package mvt_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	reference "github.com/paulmach/orb/encoding/mvt"
	"pgregory.net/rapid"

	"github.com/undercity/undercity/tiles/mvt"
)

// read decodes a tile with another implementation.
func read(t interface{ Fatalf(string, ...any) }, tile []byte) map[string]*reference.Layer {
	layers, err := reference.Unmarshal(tile)
	if err != nil {
		t.Fatalf("orb cannot read it: %v", err)
	}
	m := map[string]*reference.Layer{}
	for _, l := range layers {
		if l.Version != 2 || l.Extent != mvt.Extent {
			t.Fatalf("layer %s has version %d and extent %d", l.Name, l.Version, l.Extent)
		}
		m[l.Name] = l
	}
	return m
}

// TestLayer writes each kind of geometry and value and reads it with orb.
func TestLayer(t *testing.T) {
	l := mvt.NewLayer("pipes", []string{"id", "kind", "width"})
	l.Line([]mvt.Cell{{X: 1, Y: 2}, {X: -30, Y: 4000}, {X: 5000, Y: 5}})
	l.Line([]mvt.Cell{{X: 7, Y: 7}, {X: 8, Y: 8}})
	l.OwnTag(0, []byte("JS-管~1"))
	l.Tag(1, l.Text("segment"))
	l.MilliTag(2, 326)
	l.End(1<<49 - 1)
	l.Point(mvt.Cell{X: 4095, Y: 0})
	l.Tag(1, l.Text("node"))
	l.MilliTag(2, -1500)
	l.End(7)
	if !l.Ring([]mvt.Cell{{X: 0, Y: 0}, {X: 0, Y: 10}, {X: 10, Y: 10}}) { // counter-clockwise as seen
		t.Error("a triangle has no area")
	}
	l.Tag(1, l.Text("segment"))
	l.MilliTag(2, 326)
	l.End(0)
	if l.Ring([]mvt.Cell{{X: 0, Y: 0}, {X: 5, Y: 5}, {X: 10, Y: 10}}) {
		t.Error("a straight has an area")
	}
	l.Tag(1, 0)
	l.End(9) // without geometry: left out
	got := read(t, mvt.NewLayer("empty", nil).Append(l.Append(nil)))
	if len(got) != 1 || len(got["pipes"].Features) != 3 {
		t.Fatalf("%d layers", len(got))
	}
	f := got["pipes"].Features
	want := []struct {
		id   any
		geom orb.Geometry
		attr map[string]any
	}{
		{float64(1<<49 - 1), orb.MultiLineString{{{1, 2}, {-30, 4000}, {5000, 5}}, {{7, 7}, {8, 8}}}, map[string]any{"id": "JS-管~1", "kind": "segment", "width": 0.326}},
		{float64(7), orb.Point{4095, 0}, map[string]any{"kind": "node", "width": -1.5}},
		{nil, orb.Polygon{{{10, 10}, {0, 10}, {0, 0}, {10, 10}}}, map[string]any{"kind": "segment", "width": 0.326}},
	}
	for i, w := range want {
		if diff := cmp.Diff(w.geom, f[i].Geometry); diff != "" {
			t.Errorf("geometry of feature %d: %s", i, diff)
		}
		if diff := cmp.Diff(w.attr, map[string]any(f[i].Properties)); diff != "" {
			t.Errorf("attributes of feature %d: %s", i, diff)
		}
		if fmt.Sprint(f[i].ID) != fmt.Sprint(w.id) {
			t.Errorf("id of feature %d: %v", i, f[i].ID)
		}
	}
	l.Clear()
	if len(l.Append(nil)) != 0 {
		t.Error("a cleared layer holds something")
	}
}

// TestNumbers writes more numbers than a table begins with: each feature has its own.
func TestNumbers(t *testing.T) {
	l := mvt.NewLayer("n", []string{"v"})
	for i := range int32(5000) {
		l.Point(mvt.Cell{X: i % 4096})
		l.MilliTag(0, (i%1700)*37-20000)
		l.End(uint64(i) + 1)
	}
	for i, f := range read(t, l.Append(nil))["n"].Features {
		if want := float64((i%1700)*37-20000) / 1000; f.Properties["v"] != want {
			t.Fatalf("feature %d: %v, want %v", i, f.Properties["v"], want)
		}
	}
}

// distance of a point from a line.
func distance(p mvt.Vec, line []mvt.Vec) float64 {
	best := math.Inf(1)
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		dx, dy := b.X-a.X, b.Y-a.Y
		t := 0.0
		if l := dx*dx + dy*dy; l > 0 {
			t = max(0, min(1, ((p.X-a.X)*dx+(p.Y-a.Y)*dy)/l))
		}
		best = min(best, math.Hypot(p.X-a.X-t*dx, p.Y-a.Y-t*dy))
	}
	return best
}

func lines(g orb.Geometry) []orb.LineString {
	switch g := g.(type) {
	case orb.LineString:
		return []orb.LineString{g}
	case orb.MultiLineString:
		return g
	}
	return nil
}

// TestLineCut cuts random lines: every part lies in the frame and on the line, and every place of the line that is well inside is on a part.
func TestLineCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.Float64Range(-6000, 10000)
		n := rapid.IntRange(2, 12).Draw(t, "n")
		line := make([]mvt.Vec, n)
		for i := range line {
			line[i] = mvt.Vec{X: at.Draw(t, "x"), Y: at.Draw(t, "y")}
		}
		var p mvt.Pencil
		l := mvt.NewLayer("l", nil)
		shown := p.Line(l, line, mvt.Around(64))
		l.End(1)
		var parts []orb.LineString
		if got := read(t, l.Append(nil))["l"]; got != nil {
			parts = lines(got.Features[0].Geometry)
		}
		if shown != (len(parts) > 0) {
			t.Fatalf("shown %v with %d parts", shown, len(parts))
		}
		var drawn [][]mvt.Vec
		for _, part := range parts {
			var v []mvt.Vec
			for i, q := range part {
				w := mvt.Vec{X: q[0], Y: q[1]}
				if !mvt.Around(65).Holds(w) || distance(w, line) > 0.8 {
					t.Fatalf("%v is not on the line in the frame", w)
				}
				if i > 0 && part[i-1] == q {
					t.Fatalf("%v stands twice", w)
				}
				v = append(v, w)
			}
			drawn = append(drawn, v)
		}
		for i := 1; i < n; i++ {
			if math.Hypot(line[i].X-line[i-1].X, line[i].Y-line[i-1].Y) < 2 {
				continue // it may fall into one cell
			}
			for k := range 101 {
				s := float64(k) / 100
				q := mvt.Vec{X: line[i-1].X + s*(line[i].X-line[i-1].X), Y: line[i-1].Y + s*(line[i].Y-line[i-1].Y)}
				if !mvt.Around(60).Holds(q) {
					continue
				}
				best := math.Inf(1)
				for _, v := range drawn {
					best = min(best, distance(q, v))
				}
				if best > 2 {
					t.Fatalf("%v is missing: %v away", q, best)
				}
			}
		}
	})
}

// TestThin holds what is taken out against the tolerance.
func TestThin(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		line := make([]mvt.Vec, 2+r.IntN(60))
		for i := range line {
			line[i] = mvt.Vec{X: float64(i) * 3, Y: r.NormFloat64() * 3}
		}
		whole := append([]mvt.Vec(nil), line...)
		var p mvt.Pencil
		thin := p.Thin(line, 4)
		if thin[0] != whole[0] || thin[len(thin)-1] != whole[len(whole)-1] {
			t.Fatal("an end moved")
		}
		for _, v := range whole {
			if d := distance(v, thin); d > 4 {
				t.Fatalf("%v is %v away from the thinned line", v, d)
			}
		}
		if len(whole) > 50 && len(thin) > len(whole)*9/10 {
			t.Errorf("%d of %d vertices stay", len(thin), len(whole))
		}
	}
}

// TestRingCut holds the area of cut polygons against counting points of a grid.
func TestRingCut(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		c, n := mvt.Vec{X: r.Float64() * 4096, Y: r.Float64() * 4096}, 3+r.IntN(9)
		ring := make([]mvt.Vec, n)
		for i := range ring { // a star: it does not cross itself
			s, co := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			d := 200 + 3000*r.Float64()
			ring[i] = mvt.Vec{X: c.X + d*co, Y: c.Y + d*s}
		}
		inside, total := 0, 0
		for x := -64.0; x < 4160; x += 32 {
			for y := -64.0; y < 4160; y += 32 {
				total++
				if within(mvt.Vec{X: x + 16, Y: y + 16}, ring) {
					inside++
				}
			}
		}
		var p mvt.Pencil
		l := mvt.NewLayer("l", nil)
		if !p.Ring(l, ring, mvt.Around(64)) {
			t.Fatal("a star with its middle in the tile is not seen")
		}
		l.End(1)
		g := read(t, l.Append(nil))["l"].Features[0].Geometry.(orb.Polygon)
		area := 0.0
		for i := 1; i < len(g[0]); i++ {
			a, b := g[0][i-1], g[0][i]
			area += (a[0]*b[1] - b[0]*a[1]) / 2
			if !mvt.Around(65).Holds(mvt.Vec{X: b[0], Y: b[1]}) {
				t.Fatalf("%v lies outside", b)
			}
		}
		want := float64(inside) * 32 * 32
		if area <= 0 || math.Abs(area-want) > 0.03*4224*4224/4 {
			t.Errorf("area %v, counted %v", area, want)
		}
	}
}

func within(p mvt.Vec, ring []mvt.Vec) bool {
	in := false
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		if (a.Y > p.Y) != (b.Y > p.Y) && p.X < a.X+(p.Y-a.Y)*(b.X-a.X)/(b.Y-a.Y) {
			in = !in
		}
	}
	return in
}
