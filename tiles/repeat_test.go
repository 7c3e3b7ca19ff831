package tiles_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/twin"
)

// alikes are structures that share their shapes: manholes of two makes at every depth, pipes that loop, banks, and rows of brackets.
func alikes() (list []*twin.Asset) {
	at := func(e, n, h float64) geometry.Point { return geometry.Point{E: 500000 + e, N: 4150000 + n, H: h} }
	lid := geometry.Plan{Round: true, Width: 0.7}
	for i := range 24 {
		c := &geometry.Chamber{Bearing: 13 * float64(i), Lid: lid, Wall: 0.2, Slab: 0.15, Rungs: true, Layers: []geometry.Layer{{Name: "shaft", Plan: lid, Height: 0.6 + 0.2*float64(i%3)}}}
		sec := geometry.Round(1.2, 0.2)
		if i%2 == 0 {
			c.Layers = append(c.Layers, geometry.Layer{Name: "cone", Plan: geometry.Plan{Round: true, Width: 1.2}, Height: 0.5, Cone: true}, geometry.Layer{Plan: geometry.Plan{Round: true, Width: 1.2}})
		} else {
			sec = geometry.Section{Shape: geometry.Rectangle, Width: 1.4, Height: 2, Wall: 0.2}
			c.Layers = append(c.Layers, geometry.Layer{Plan: geometry.Plan{Width: 1.4, Length: 2}})
			c.LidOffsetX, c.LidOffsetY, c.Sump = 0.3, 0.1, 0.3
			if i%4 == 1 { // the same shape as those that are longer
				sec.Height = 1.4
				c.Layers[1].Plan.Length = 1.4
				c.LidOffsetX, c.LidOffsetY = 0, 0
			}
		}
		if i == 7 {
			c.Openings = []geometry.Opening{{Bearing: 100, Invert: 1.2, Diameter: 0.3}}
		}
		list = append(list, &twin.Asset{ID: fmt.Sprintf("WS-%02d", i), Kind: twin.KindChamber, Network: "WS", Section: sec, Line: []geometry.Point{at(5*float64(i), 0, 5)}, Bottom: 2.5 - 0.37*float64(i), Structure: &geometry.Structure{Chamber: c}})
	}
	for i := range 4 {
		e, turn := 30*float64(i), float64(i)
		put := func(x, y float64) geometry.Point {
			s, c := math.Sincos(turn)
			return at(e+c*x-s*y, 40+s*x+c*y, 1+0.01*x)
		}
		list = append(list, &twin.Asset{ID: fmt.Sprintf("RL-%d", i), Kind: twin.KindSegment, Network: "RL", Section: geometry.Round(0.3, 0.05), Structure: &geometry.Structure{Pipe: &geometry.Pipe{BendRadius: 0.9}},
			Line: []geometry.Point{put(0, 0), put(8, 0), put(8, 3), put(12, 3), put(12, 0), put(20, 0)}})
		list = append(list, &twin.Asset{ID: fmt.Sprintf("DL-%d", i), Kind: twin.KindSegment, Network: "DL", Section: geometry.Section{Shape: geometry.DuctBank, Width: 0.9, Height: 0.5},
			Line: []geometry.Point{put(0, 8), put(15, 9+turn)}, Structure: &geometry.Structure{Pipe: &geometry.Pipe{Outline: []geometry.Flat{{X: -0.3, Y: -0.2}, {X: 0.6, Y: -0.2}, {X: 0.5, Y: 0.3}}, Holes: []geometry.DuctHole{{X: 0.2, Diameter: 0.1}}}}})
	}
	return append(list, &twin.Asset{ID: "ZH-1", Kind: twin.KindGallery, Network: "ZH", Section: geometry.Section{Shape: geometry.Rectangle, Width: 3, Height: 3, Wall: 0.3}, Line: []geometry.Point{at(0, 80, -5), at(60, 110, -5.3)},
		Structure: &geometry.Structure{Gallery: &geometry.Gallery{Compartments: []geometry.Compartment{{Left: -1.5, Floor: -1.5, Width: 3, Height: 3}}, Brackets: []geometry.Bracket{{Up: 0.5, Reach: 0.6, Every: 0.8}}}}})
}

// TestAlikeStructuresLieWhereTheirPartsDo holds what contents show against the parts of each structure: every drawn vertex lies near one of them, and
// together they reach as far in each direction.
func TestAlikeStructuresLieWhereTheirPartsDo(t *testing.T) {
	list := alikes()
	tw := open(t, list)
	s := tw.Snapshot()
	g := tiles.New(tw, tiles.Options{})
	v := tiles.View{Snapshot: s}
	drawn := map[string][][3]float64{}
	for _, f := range contents(t, g, v) {
		r, err := g.Content(t.Context(), v, f.address, compress.Identity)
		if err != nil {
			t.Fatal(err)
		}
		decode(t, r.Body).eachVertex(t, func(id string, at [3]float64) { drawn[id] = append(drawn[id], at) })
	}
	var a twin.Asset
	for r := range s.All {
		axis, sec := r.DrawingOf(&a, nil)
		bottom := math.NaN()
		if r.Kind() == twin.KindChamber {
			bottom = r.DrawnBottom()
		}
		var parts [][3]float64
		for _, p := range r.Structure().Parts(axis, sec, geometry.Detail{Err: 0.04, Bottom: bottom}) {
			if p.Name != "rungs" {
				var mesh [][3]float64
				for _, q := range p.Whole(8).Positions {
					mesh = append(mesh, s.Frame().ECEF(q))
				}
				if p.Name == "opening" {
					compareVertices(t, r.ID()+" opening", mesh, drawn[r.ID()])
				}
				parts = append(parts, mesh...)
			}
		}
		compareReach(t, r.ID(), drawn[r.ID()], parts)
		if r.Kind() == twin.KindGallery {
			for _, q := range axis {
				parts = append(parts, s.Frame().ECEF(q))
			}
			compareVertices(t, r.ID(), drawn[r.ID()], parts)
		}
	}
}

// compareReach looks along many directions for how far each of two sets of points reaches.
func compareReach(t *testing.T, id string, got, want [][3]float64) {
	t.Helper()
	for k := range 60 {
		h := -1 + 2*(float64(k)+0.5)/60 // on a spiral around the sphere
		s, c := math.Sincos(2.4 * float64(k))
		w := math.Sqrt(1 - h*h)
		far := func(list [][3]float64) float64 {
			best := math.Inf(-1)
			for _, p := range list {
				best = max(best, w*c*(p[0]-want[0][0])+w*s*(p[1]-want[0][1])+h*(p[2]-want[0][2]))
			}
			return best
		}
		if d := far(got) - far(want); math.Abs(d) > 0.045 { // a round part may be turned by half a side: chamberErr
			t.Errorf("%s: reaches %.3f m farther than its parts", id, d)
			return
		}
	}
}

// compareVertices finds each point near one that is wanted.
func compareVertices(t *testing.T, id string, got, want [][3]float64) {
	t.Helper()
	for _, p := range got {
		best := math.Inf(1)
		for _, q := range want {
			best = min(best, sq(p[0]-q[0])+sq(p[1]-q[1])+sq(p[2]-q[2]))
		}
		if best > sq(0.01) {
			t.Errorf("%s: a vertex lies %.3f m from those of its parts", id, math.Sqrt(best))
			return
		}
	}
}
