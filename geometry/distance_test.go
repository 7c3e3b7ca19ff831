package geometry_test

import (
	"math"
	"testing"

	"github.com/undercity/undercity/geometry"
	"pgregory.net/rapid"
)

func TestSegmentDistance(t *testing.T) {
	p := func(e, n, h float64) geometry.Point { return geometry.Point{E: e, N: n, H: h} }
	for _, c := range []struct {
		name           string
		a1, a2, b1, b2 geometry.Point
		want           float64
	}{
		{"crossing at two levels", p(-1, 0, 0), p(1, 0, 0), p(0, -1, 2), p(0, 1, 2), 2},
		{"meeting", p(0, 0, 0), p(1, 0, 0), p(1, 0, 0), p(1, 5, 0), 0},
		{"parallel side by side", p(0, 0, 0), p(10, 0, 0), p(4, 3, 0), p(6, 3, 0), 3},
		{"in one line", p(0, 0, 0), p(1, 0, 0), p(3, 0, 0), p(9, 0, 0), 2},
		{"two points", p(0, 0, 0), p(0, 0, 0), p(3, 4, 0), p(3, 4, 0), 5},
		{"a point and a line", p(0, 3, 0), p(0, 3, 0), p(-5, 0, 0), p(5, 0, 0), 3},
		{"end to end", p(0, 0, 0), p(1, 1, 0), p(2, 1, 0), p(3, 9, 0), 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := geometry.SegmentDistance(c.a1, c.a2, c.b1, c.b2); math.Abs(d-c.want) > 1e-12 {
				t.Errorf("distance %g, want %g", d, c.want)
			}
		})
	}
}

// TestSegmentDistanceAgainstSampling compares with a search over both segments.
func TestSegmentDistanceAgainstSampling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.Float64Range(-10, 10)
		p := func(n string) geometry.Point {
			return geometry.Point{E: f.Draw(t, n), N: f.Draw(t, n), H: f.Draw(t, n)}
		}
		a1, a2, b1, b2 := p("a1"), p("a2"), p("b1"), p("b2")
		got := geometry.SegmentDistance(a1, a2, b1, b2)
		const n = 40
		step := (a1.Dist(a2) + b1.Dist(b2)) / n
		least := math.Inf(1)
		for i := range n + 1 {
			for j := range n + 1 {
				least = min(least, a1.Lerp(a2, float64(i)/n).Dist(b1.Lerp(b2, float64(j)/n)))
			}
		}
		if got > least+1e-9 || got < least-step {
			t.Fatalf("distance %g, sampled %g", got, least)
		}
	})
}
