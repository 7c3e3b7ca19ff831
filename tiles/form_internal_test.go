package tiles

import (
	"math"
	"testing"

	"github.com/undercity/undercity/geometry"
)

// TestCollarsLookLikeHoles: whoever looks into a collar meets its disc before the wall, from the front, with normals across; and what is in the wall is not sent.
func TestCollarsLookLikeHoles(t *testing.T) {
	const r, thick = 0.3, 0.05
	ring := func(r float64) []geometry.Flat {
		return geometry.Round(2*r, 0).Outline(geometry.Sides(r, chamberErr), false)
	}
	collar := geometry.SweepProfile([]geometry.Point{{E: 1, N: 2, H: 3}, {E: 1.4, N: 2, H: 3}}, geometry.Profile{Outer: ring(r + thick), Bores: [][]geometry.Flat{ring(r)}}, nil)
	m := darkened(collar, r)
	seen, area := 0, 0.0
	for i := 0; i+2 < len(m.Indices); i += 3 {
		a, b, c := m.Positions[m.Indices[i]], m.Positions[m.Indices[i+1]], m.Positions[m.Indices[i+2]]
		if min(a.E, b.E, c.E) > 1.39 {
			t.Fatalf("triangle %d lies in the wall", i/3)
		}
		if max(a.E, b.E, c.E) > 1+darkDepth+1e-9 || min(a.E, b.E, c.E) < 1+darkDepth-1e-9 {
			continue
		}
		seen++
		face := b.Sub(a).Cross(c.Sub(a))
		area -= face.E / 2
		for k := range 3 {
			if n := m.Normals[m.Indices[i+k]]; math.Abs(n.E) > 1e-9 || math.Abs(n.Len()-1) > 1e-9 {
				t.Errorf("normal %v of the disc", n)
			}
		}
	}
	if want := geometry.Area(ring(r)); seen == 0 || math.Abs(area-want) > 1e-6 {
		t.Errorf("%d triangles cover %.4f m² of the bore, want %.4f", seen, area, want)
	}
	if len(m.Positions) >= len(collar.Positions)+geometry.Sides(r, chamberErr) {
		t.Errorf("%d vertices for the %d of the collar", len(m.Positions), len(collar.Positions))
	}
}
