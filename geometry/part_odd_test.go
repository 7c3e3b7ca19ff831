package geometry_test

import (
	"testing"

	"github.com/undercity/undercity/geometry"
)

// TestOddParts looks at shapes that were once drawn badly.
func TestOddParts(t *testing.T) {
	circle := func(across, wall, deck float64) geometry.Tube {
		return geometry.Tube{Across: across, Up: 1, Shape: "circle", Width: 1, Height: 1, Wall: wall, Deck: deck}
	}
	steep := geometry.Tunnel{Tubes: []geometry.Tube{circle(2.5, 0.125, 0.5), circle(1, 1, 1)}, Passages: []geometry.CrossPassage{{Chainage: 1, Width: 1, Height: 1}}}
	pressed := geometry.Tunnel{Lining: 1, Tubes: []geometry.Tube{{Across: 1, Up: 1, Shape: "arch", Width: 5.5, Height: 1, Wall: 0.2}}}
	shallow := geometry.Tunnel{Tubes: []geometry.Tube{{Across: 1, Up: 1, Shape: "rectangle", Width: 2.75, Height: 3.5, Deck: 1.0 / 64, Lanes: 1}}}
	narrow := geometry.Chamber{Lid: geometry.Plan{Width: 0.7}, Wall: 0.2, Rungs: true, Layers: []geometry.Layer{{Plan: geometry.Plan{Width: 1.75, Length: 0.0625}}}}
	at := geometry.Point{E: 100, N: 200, H: 3}
	for name, c := range map[string]struct {
		s    geometry.Structure
		axis []geometry.Point
	}{
		"a rim of a passage runs steeply in a thick wall":  {geometry.Structure{Tunnel: &steep}, []geometry.Point{at, {E: 100.5, N: 200.5, H: 4}, {E: 101.5, N: 215.4375, H: 5}}},
		"rings of a tube that is pressed flat":             {geometry.Structure{Tunnel: &pressed}, []geometry.Point{at, {E: 104, N: 204, H: 7}}},
		"marks on a road as thin as they are":              {geometry.Structure{Tunnel: &shallow}, []geometry.Point{at, {E: 102, N: 202, H: 5}}},
		"rungs in a shaft that is narrower than a rung is": {geometry.Structure{Chamber: &narrow}, []geometry.Point{at}},
	} {
		t.Run(name, func(t *testing.T) {
			if err := c.s.Check(); err != nil {
				t.Fatal(err)
			}
			if parts := good(t, &c.s, c.axis, geometry.Round(1, 0.1), geometry.Detail{Bottom: 1, Err: 0.05}); len(parts) == 0 {
				t.Error("nothing is drawn")
			}
		})
	}
	knot := geometry.Structure{Pipe: &geometry.Pipe{Outline: []geometry.Flat{{X: 1e-16, Y: 1}, {X: 1, Y: 1}, {X: 1, Y: 1.5}, {X: -1, Y: 1}, {X: 0.5, Y: -1}, {X: 0, Y: 1}, {X: 1, Y: -1}}}}
	if knot.Check() == nil {
		t.Error("an outline that touches itself but for rounding is taken")
	}
}

// TestUncut counts the openings that are drawn without a hole.
func TestUncut(t *testing.T) {
	c := geometry.Chamber{Lid: geometry.Plan{Round: true, Width: 0.7}, Wall: 0.2, Layers: []geometry.Layer{{Plan: geometry.Plan{Round: true, Width: 1.5}}}}
	uncut := func() int {
		s := geometry.Structure{Chamber: &c}
		_, n := s.PartsUncut([]geometry.Point{{H: 4}}, geometry.Section{}, geometry.Detail{Bottom: 0})
		return n
	}
	c.Openings = []geometry.Opening{{Bearing: 0, Invert: 1, Diameter: 0.5}, {Bearing: 90, Invert: 1.5, Diameter: 0.5}}
	if n := uncut(); n != 0 {
		t.Errorf("%d of two openings have no hole", n)
	}
	c.Openings = append(c.Openings, geometry.Opening{Bearing: 180, Invert: 1, Diameter: 40})
	if n := uncut(); n != 1 {
		t.Errorf("%d openings have no hole, want the one that is wider than the chamber", n)
	}
	c.Openings = make([]geometry.Opening, 1000)
	for i := range c.Openings {
		c.Openings[i] = geometry.Opening{Bearing: float64(i * 7 % 360), Invert: 0.5 + float64(i%25)/10, Diameter: 0.03}
	}
	if n := uncut(); n < 500 || n > 990 {
		t.Errorf("%d of 1000 openings have no hole", n)
	}
}
