package geometry_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/undercity/undercity/geometry"
)

func TestOutlineAreas(t *testing.T) {
	// Areas from tables/sections.csv and plane geometry, for a width of 1 unless said.
	tests := []struct {
		s    geometry.Section
		area float64
		tol  float64
	}{
		{geometry.Round(1, 0), math.Pi / 4, 0.001},
		{geometry.Section{Shape: geometry.Rectangle, Width: 2, Height: 1.5}, 3, 1e-9},
		{geometry.Section{Shape: geometry.Egg, Width: 1, Height: 1.5}, 1.149, 0.002},
		{geometry.Section{Shape: geometry.InvertedEgg, Width: 1, Height: 1.5}, 1.149, 0.002},
		{geometry.Section{Shape: geometry.Arch, Width: 1, Height: 1.2}, 0.7 + math.Pi/8, 0.001},
		{geometry.Section{Shape: geometry.Ellipse, Width: 2, Height: 1}, math.Pi / 2, 0.002},
		{geometry.Section{Shape: geometry.Trapezoid, Width: 1, Top: 3, Height: 1}, 2, 1e-9},
		{geometry.Section{Shape: geometry.Triangle, Width: 2, Height: 1}, 1, 1e-9},
		{geometry.Section{Shape: geometry.Parabola, Width: 3, Height: 1}, 2, 0.01},
		{geometry.Section{Shape: geometry.Horseshoe, Width: 1, Height: 1}, 0.8293, 0.04},
		{geometry.Section{Shape: geometry.BasketHandle, Width: 1, Height: 1}, 0.7862, 0.05},
		{geometry.Section{Shape: geometry.Semicircle, Width: 2, Height: 1}, math.Pi / 2, 0.002},
		{geometry.Section{Shape: geometry.DuctBank, Width: 0.6, Height: 0.4}, 0.24, 1e-9},
	}
	for _, test := range tests {
		o := test.s.Outline(96, false)
		if a := geometry.Area(o); math.Abs(a-test.area) > test.tol {
			t.Errorf("%s: area %.4f, want %.4f", test.s.Shape, a, test.area)
		}
		for _, p := range o {
			if math.Abs(p.Y) > test.s.Height/2+1e-9 || math.Abs(p.X) > max(test.s.Width, test.s.Top)/2+1e-9 {
				t.Errorf("%s: %v lies outside %v × %v", test.s.Shape, p, test.s.Width, test.s.Height)
			}
		}
	}
}

// TestSweepIsASolid sweeps random shapes along random paths: the mesh is closed, right side out, and holds area × length.
func TestSweepIsASolid(t *testing.T) {
	shapes := []geometry.Section{geometry.Round(0.6, 0.05), {Shape: geometry.Egg, Width: 0.6, Height: 0.9}, {Shape: geometry.Rectangle, Width: 2, Height: 1}, {Shape: geometry.Arch, Width: 1, Height: 1.3}}
	rapid.Check(t, func(r *rapid.T) {
		s := rapid.SampledFrom(shapes).Draw(r, "shape")
		o := s.Outline(24, true)
		path := []geometry.Point{{E: 10, N: 20, H: 3}}
		heading := rapid.Float64Range(0, 6.28).Draw(r, "heading")
		for range rapid.IntRange(1, 5).Draw(r, "pieces") {
			heading += rapid.Float64Range(-0.7, 0.7).Draw(r, "bend")
			l, p := rapid.Float64Range(8, 40).Draw(r, "length"), path[len(path)-1]
			path = append(path, geometry.Point{E: p.E + l*math.Cos(heading), N: p.N + l*math.Sin(heading), H: p.H + rapid.Float64Range(-1, 1).Draw(r, "rise")})
		}
		m := geometry.Sweep(path, o)
		edges := map[[2]geometry.Point]int{}
		for i := 0; i < len(m.Indices); i += 3 {
			for k := range 3 {
				a, b := m.Positions[m.Indices[i+k]], m.Positions[m.Indices[i+(k+1)%3]]
				edges[[2]geometry.Point{a, b}]++
				edges[[2]geometry.Point{b, a}]--
			}
		}
		for e, n := range edges {
			if n != 0 {
				r.Fatalf("edge %v is open", e)
			}
		}
		var length float64
		for i := 1; i < len(path); i++ {
			length += path[i].Dist(path[i-1])
		}
		if want, got := geometry.Area(o)*length, m.Volume(); math.Abs(got-want) > 0.05*want {
			r.Fatalf("volume %.4f, want %.4f", got, want)
		}
	})
}
