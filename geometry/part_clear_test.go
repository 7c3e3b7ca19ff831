package geometry_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/undercity/undercity/geometry"
)

// TestClearSpaces holds the clear spaces against their formulas, and each closed.
func TestClearSpaces(t *testing.T) {
	all := structures()
	straight := []geometry.Point{{E: 100, N: 200, H: 3}, {E: 140, N: 230, H: 3}} // 50 m
	for _, c := range []struct {
		name string
		s    *geometry.Structure
		sec  geometry.Section
		part string
		want []float64 // volumes, cubic metres
	}{
		{"round pipe", nil, geometry.Round(0.6, 0.06), "bore", []float64{math.Pi * 0.09 * 50}},
		{"no wall known", nil, geometry.Round(0.6, 0), "bore", nil},
		{"box", nil, geometry.Section{Shape: geometry.Rectangle, Width: 2, Height: 1.5, Wall: 0.2}, "bore", []float64{2 * 1.5 * 50}},
		{"ducts by number", nil, geometry.Section{Shape: geometry.DuctBank, Width: 0.4, Height: 0.2, Cols: 2, Rows: 1}, "duct", []float64{math.Pi * 0.0049 * 50, math.Pi * 0.0049 * 50}},
		{"duct by place", &geometry.Structure{Pipe: &geometry.Pipe{Holes: []geometry.DuctHole{{X: 0.05, Y: 0, Diameter: 0.1}}}}, geometry.Section{Shape: geometry.DuctBank, Width: 0.4, Height: 0.2, Cols: 2, Rows: 1}, "duct", []float64{math.Pi * 0.0025 * 50}},
		{"gallery", all["gallery"], geometry.Section{Shape: geometry.Rectangle, Width: 5, Height: 3, Wall: 0.4}, "compartment", []float64{2.4 * 3 * 50, 2.4 * 3 * 50}},
		{"channel", nil, geometry.Section{Shape: geometry.OpenRectangle, Width: 2, Height: 1, Wall: 0.2}, "bore", nil},
		{"chamber", all["chamber"], geometry.Section{}, "bore", nil},
	} {
		got := c.s.Clear(straight, c.sec, geometry.Detail{Err: 0.0005})
		if len(got) != len(c.want) {
			t.Errorf("%s: %d spaces, want %d", c.name, len(got), len(c.want))
			continue
		}
		for i, p := range got {
			if v := p.Mesh.Volume(); p.Name != c.part || p.Index != i || math.Abs(v-c.want[i]) > 0.05*c.want[i] {
				t.Errorf("%s: %s %d of %.4f m³, want %s %d of %.4f", c.name, p.Name, p.Index, v, c.part, i, c.want[i])
			}
			closed(t, c.name, p.Mesh)
		}
	}
	ring, _ := axisOf("space")
	for i, p := range all["space"].Clear(ring, geometry.Section{}, geometry.Detail{}) {
		st := all["space"].Space.Storeys[i]
		if want := (40*25 + 18*35) * (st.Ceiling - st.Floor); math.Abs(p.Mesh.Volume()-want) > 1e-6*want {
			t.Errorf("storey %d: %.2f m³, want %.2f", i, p.Mesh.Volume(), want)
		}
	}
}

// TestMeshDistance compares with the nearest of many points on a box, and knows inside from outside.
func TestMeshDistance(t *testing.T) {
	m := geometry.Prism(geometry.Point{E: 10, N: 20}, geometry.Profile{Outer: []geometry.Flat{{X: 0, Y: 0}, {X: 4, Y: 0}, {X: 4, Y: 2}, {X: 0, Y: 2}}}, -3, -1)
	r := rand.New(rand.NewPCG(3, 4))
	outside := func(v, low, high float64) float64 { return max(0, low-v, v-high) }
	for range 2000 {
		p := geometry.Point{E: 5 + 14*r.Float64(), N: 16 + 10*r.Float64(), H: -7 + 10*r.Float64()}
		want := math.Hypot(math.Hypot(outside(p.E, 10, 14), outside(p.N, 20, 22)), outside(p.H, -3, -1))
		if got := m.Distance(p); math.Abs(got-want) > 1e-9 {
			t.Fatalf("%v: %g, want %g", p, got, want)
		}
	}
	if d := (geometry.Mesh{}).Distance(geometry.Point{}); !math.IsInf(d, 1) {
		t.Errorf("no mesh: %g", d)
	}
}

func TestMeshEdges(t *testing.T) {
	square := []geometry.Flat{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}, {X: 0, Y: 1}}
	if n := len(geometry.Prism(geometry.Point{}, geometry.Profile{Outer: square}, 0, 1).Edges()); n != 12 {
		t.Errorf("a box has %d edges", n)
	}
	round := geometry.Round(1, 0)
	path := []geometry.Point{{}, {E: 10}}
	if n := len(geometry.Sweep(path, round.Outline(8, true)).Edges()); n != 24 {
		t.Errorf("an eight-sided cylinder has %d edges", n)
	}
	if n := len(geometry.Sweep(path, round.Outline(32, true)).Edges()); n != 64 {
		t.Errorf("a smooth cylinder has %d edges", n)
	}
}
