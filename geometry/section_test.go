package geometry_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/undercity/undercity/geometry"
)

// sections are one of each shape with its full area, square metres: plane geometry, and the formulas of EPA SWMM (reference manual II, and
// tables/sections.csv), for the width that SWMM gives the height where it does.
var sections = []struct {
	s    geometry.Section
	area float64
}{
	{geometry.Round(1, 0.1), math.Pi / 4},                                                                // CIRCULAR, FORCE_MAIN
	{geometry.Section{Shape: geometry.Rectangle, Width: 2, Height: 1.5, Wall: 0.2}, 3},                   // RECT_CLOSED
	{geometry.Section{Shape: geometry.Egg, Width: 2. / 3, Height: 1, Wall: 0.1}, 0.5105},                 // EGG
	{geometry.Section{Shape: geometry.InvertedEgg, Width: 2. / 3, Height: 1, Wall: 0.1}, 0.5105},         //
	{geometry.Section{Shape: geometry.Arch, Width: 1, Height: 1.2, Wall: 0.1}, 0.7 + math.Pi/8},          // 拱形
	{geometry.Section{Shape: geometry.Horseshoe, Width: 1, Height: 1, Wall: 0.15}, 0.8293},               // HORSESHOE
	{geometry.Section{Shape: geometry.Ellipse, Width: 2, Height: 1, Wall: 0.1}, math.Pi / 2},             // HORIZ_ELLIPSE
	{geometry.Section{Shape: geometry.Trapezoid, Width: 1, Top: 3, Height: 1, Wall: 0.1}, 2},             // TRAPEZOIDAL
	{geometry.Section{Shape: geometry.Triangle, Width: 2, Height: 1, Wall: 0.1}, 1},                      // TRIANGULAR
	{geometry.Section{Shape: geometry.Parabola, Width: 3, Height: 1, Wall: 0.1}, 2},                      // PARABOLIC
	{geometry.Section{Shape: geometry.RectRound, Width: 1, Height: 2, Wall: 0.1}, 1.5 + math.Pi/8},       // RECT_ROUND of the least radius
	{geometry.Section{Shape: geometry.RectTriangle, Width: 2, Height: 2, Wall: 0.1}, 2 * (2 - 0.25)},     // RECT_TRIANGULAR
	{geometry.Section{Shape: geometry.BasketHandle, Width: 0.944, Height: 1, Wall: 0.1}, 0.7862},         // BASKETHANDLE
	{geometry.Section{Shape: geometry.ModBasketHandle, Width: 1, Height: 2, Wall: 0.1}, 1.5 + math.Pi/8}, // MODBASKETHANDLE of the least radius
	{geometry.Section{Shape: geometry.Semicircle, Width: 1.64, Height: 1, Wall: 0.1}, 1.2697},            // SEMICIRCULAR
	{geometry.Section{Shape: geometry.Gothic, Width: 0.84, Height: 1, Wall: 0.1}, 0.6554},                // GOTHIC
	{geometry.Section{Shape: geometry.Catenary, Width: 0.9, Height: 1, Wall: 0.1}, 0.70277},              // CATENARY
	{geometry.Section{Shape: geometry.SemiElliptical, Width: 1, Height: 1, Wall: 0.1}, 0.785},            // SEMIELLIPTICAL
	{geometry.Section{Shape: geometry.PipeArch, Width: 1.5, Height: 1, Wall: 0.1}, 0.7879 * 1.5},         // ARCH
	{geometry.Section{Shape: geometry.OpenRectangle, Width: 2, Height: 1, Wall: 0.2}, 2},                 // RECT_OPEN
	{geometry.Section{Shape: geometry.UChannel, Width: 1, Height: 1, Wall: 0.1}, 0.5 + math.Pi/8},        //
	{geometry.Section{Shape: geometry.DuctBank, Width: 0.6, Height: 0.4, Cols: 3, Rows: 2}, 0.24},        //
	{geometry.Section{Shape: geometry.Cable, Width: 0.1, Height: 0.1}, math.Pi / 400},                    //
	{geometry.Section{Shape: geometry.Custom, Width: 1, Height: 0.5, Wall: 0.1}, 0.5},                    //
}

func TestSectionsHaveTheirArea(t *testing.T) {
	seen := map[geometry.Shape]bool{}
	for _, c := range sections {
		seen[c.s.Shape] = true
		o := c.s.Outline(400, false)
		if a := geometry.Area(o); math.Abs(a-c.area) > 0.001*c.area {
			t.Errorf("%s: area %.5f, want %.5f", c.s.Shape, a, c.area)
		}
		var w, h float64
		for _, p := range o {
			w, h = max(w, math.Abs(p.X)), max(h, math.Abs(p.Y))
		}
		if math.Abs(h-c.s.Height/2) > 1e-3*h || math.Abs(w-max(c.s.Width, c.s.Top)/2) > 2e-3*w {
			t.Errorf("%s reaches %.4f and %.4f from the axis, its size is %v × %v", c.s.Shape, w, h, c.s.Width, c.s.Height)
		}
	}
	for s := geometry.Circle; s.String() != "unknown"; s++ {
		if !seen[s] {
			t.Errorf("%s is not tried", s)
		}
	}
}

func TestOutlinesOfParameters(t *testing.T) {
	for _, c := range []struct {
		name string
		o    []geometry.Flat
		area float64
	}{
		{"POWER 1.5", geometry.PowerOutline(2, 1, 1.5, 400), 2 / (1/1.5 + 1)}, // width × height / (1/exponent + 1)
		{"RECT_TRIANGULAR", geometry.RectTriangleOutline(2, 1.5, 0.6), 2 * (1.5 - 0.3)},
		// r 1, w 1: the invert is a segment of 60° with area (θ − sin θ)/2 and height 1 − cos 30°
		{"RECT_ROUND", geometry.RectRoundOutline(1, 2, 1, 400), 2 - (1 - math.Sqrt(3)/2) + (math.Pi/3-math.Sqrt(3)/2)/2},
		{"MODBASKETHANDLE", geometry.ModBasketHandleOutline(1, 2, 1, 400), 2 - (1 - math.Sqrt(3)/2) + (math.Pi/3-math.Sqrt(3)/2)/2},
	} {
		if a := geometry.Area(c.o); math.Abs(a-c.area) > 0.001*c.area {
			t.Errorf("%s: area %.5f, want %.5f", c.name, a, c.area)
		}
	}
}

// TestWallsAreAsThickEverywhere measures the distance of each outer point and of each outer side's middle from the clear outline.
func TestWallsAreAsThickEverywhere(t *testing.T) {
	for _, c := range sections {
		if c.s.Wall == 0 || c.s.Shape == geometry.DuctBank {
			continue
		}
		clear := c.s.Outline(200, false)
		outer := c.s.Outline(200, true)
		if c.s.IsOpen() {
			p := c.s.Profile(200).Outer
			outer = p[:len(p)-len(clear)]
		}
		for i, p := range outer {
			q := outer[(i+1)%len(outer)]
			if c.s.IsOpen() && i == len(outer)-1 {
				break
			}
			mid := geometry.Flat{X: (p.X + q.X) / 2, Y: (p.Y + q.Y) / 2}
			if d := toOutline(mid, clear); math.Abs(d-c.s.Wall) > 0.08*c.s.Wall /* a rounded corner has three points */ {
				t.Errorf("%s: the wall is %.4f m thick at %v, want %.4f", c.s.Shape, d, mid, c.s.Wall)
				break
			}
		}
		for _, p := range outer {
			if math.Abs(p.Y) > c.s.OuterHeight()/2+1e-9 || math.Abs(p.X) > max(c.s.Width, c.s.Top)/2+c.s.Wall+1e-9 {
				t.Errorf("%s: %v lies outside the outer size", c.s.Shape, p)
			}
		}
	}
}

// toOutline is the distance of a point from the nearest side.
func toOutline(p geometry.Flat, o []geometry.Flat) float64 {
	best := math.Inf(1)
	for i, a := range o {
		b := o[(i+1)%len(o)]
		dx, dy := b.X-a.X, b.Y-a.Y
		t := max(0, min(1, ((p.X-a.X)*dx+(p.Y-a.Y)*dy)/max(dx*dx+dy*dy, 1e-18)))
		best = min(best, math.Hypot(p.X-a.X-t*dx, p.Y-a.Y-t*dy))
	}
	return best
}

// TestTriangulationCoversTheArea cuts stars with bores into triangles: their areas add up, none is turned round.
func TestTriangulationCoversTheArea(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(3, 40).Draw(r, "corners")
		var outer []geometry.Flat
		least := math.Inf(1)
		for i := range n {
			d := rapid.Float64Range(1, 5).Draw(r, "reach")
			s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			outer = append(outer, geometry.Flat{X: d * c, Y: d * s})
			least = min(least, d*math.Cos(math.Pi/float64(n)))
		}
		// Bores on a grid within the greatest circle that is surely inside.
		var bores [][]geometry.Flat
		want := geometry.Area(outer)
		if n > 4 {
			cells := rapid.IntRange(0, 5).Draw(r, "bores")
			side := least / 2 * math.Sqrt2 / float64(max(1, cells))
			for i := range cells * cells {
				var b []geometry.Flat
				m := rapid.IntRange(3, 9).Draw(r, "sides")
				for k := range m {
					s, c := math.Sincos(2 * math.Pi * float64(k) / float64(m))
					b = append(b, geometry.Flat{X: (float64(i%cells)+0.5-float64(cells)/2)*side + 0.4*side*c, Y: (float64(i/cells)+0.5-float64(cells)/2)*side + 0.4*side*s})
				}
				bores = append(bores, b)
				want -= geometry.Area(b)
			}
		}
		points := append([]geometry.Flat{}, outer...)
		for _, b := range bores {
			points = append(points, b...)
		}
		var got float64
		tri := geometry.Triangulate(outer, bores...)
		for i := 0; i < len(tri); i += 3 {
			a := geometry.Area([]geometry.Flat{points[tri[i]], points[tri[i+1]], points[tri[i+2]]})
			if a < -1e-9 {
				r.Fatalf("triangle %d is turned round: %v", i/3, a)
			}
			got += a
		}
		if math.Abs(got-want) > 1e-9*want {
			r.Fatalf("the triangles cover %.6f, want %.6f", got, want)
		}
	})
}
