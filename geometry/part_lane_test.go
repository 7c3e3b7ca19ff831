package geometry_test

import (
	"math"
	"testing"

	"github.com/undercity/undercity/geometry"
)

// TestLanesAreMarked: a road of n lanes has two lines at its edges and n − 1 rows of marks between them, on the road; where there is no room or no road, none.
func TestLanesAreMarked(t *testing.T) {
	axis := []geometry.Point{{E: 0, N: 0, H: -10}, {E: 300, N: 0, H: -16}}
	for _, c := range []struct {
		name        string
		tube        geometry.Tube
		marks       int
		wide, above float64 // of the road, and of it over the invert
	}{
		{"two lanes in a shield tunnel", geometry.Tube{Shape: "circle", Width: 10.3, Height: 10.3, Wall: 0.5, Deck: 2.9, Lanes: 2}, 20, 7.5, 2.9},
		{"three lanes in a box", geometry.Tube{Shape: "rectangle", Width: 12, Height: 6, Wall: 0.5, Deck: 0.3, Lanes: 3}, 40, 11.25, 0.3},
		{"one lane, without a deck of its own", geometry.Tube{Shape: "rectangle", Width: 5, Height: 5, Wall: 0.5, Lanes: 1}, 0, 3.75, 0},
		{"no lanes", geometry.Tube{Shape: "circle", Width: 6, Height: 6, Wall: 0.3, Deck: 1}, -1, 0, 0},
		{"no room", geometry.Tube{Shape: "circle", Width: 4, Height: 4, Wall: 0.3, Deck: 1, Lanes: 3}, -1, 0, 0},
		{"a round invert", geometry.Tube{Shape: "circle", Width: 10, Height: 10, Wall: 0.3, Lanes: 2}, -1, 0, 0},
	} {
		s := &geometry.Structure{Tunnel: &geometry.Tunnel{Tubes: []geometry.Tube{c.tube}}}
		got := map[string]geometry.Part{}
		for _, p := range good(t, s, axis, geometry.Section{}, geometry.Detail{}) {
			got[p.Name] = p
		}
		edges, ok := got["edgeLines"]
		if ok != (c.marks >= 0) || len(got["laneLines"].Elements) != max(0, c.marks) {
			t.Errorf("%s: edges %t, %d marks, want %d", c.name, ok, len(got["laneLines"].Elements), c.marks)
		}
		if !ok {
			continue
		}
		box := geometry.BoxOf(edges.Whole(8).Positions...)
		if w := box.Size().N - 0.15; math.Abs(w-c.wide) > 0.01 {
			t.Errorf("%s: the road is %.3f m wide, want %.3f", c.name, w, c.wide)
		}
		if h := box.Max.H - (-10 - c.tube.Height/2); math.Abs(h-c.above-0.02) > 0.01 {
			t.Errorf("%s: its edge lies %.3f m over the invert, want %.3f", c.name, h, c.above+0.02)
		}
		for _, e := range got["laneLines"].Elements {
			if road := -10 - e.At.E/300*6 - c.tube.Height/2 + c.above; math.Abs(e.At.H-road) > 0.01 || math.Abs(e.At.N) > c.wide/2-1 {
				t.Errorf("%s: a mark at %v, the road lies at %.3f m", c.name, e.At, road)
			}
		}
	}
}
