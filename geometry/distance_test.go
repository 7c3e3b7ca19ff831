package geometry_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/undercity/undercity/geometry"
)

func TestSegmentDistanceAgainstSampling(t *testing.T) {
	point := rapid.Custom(func(r *rapid.T) geometry.Point {
		g := rapid.OneOf(rapid.Float64Range(-10, 10), rapid.SampledFrom([]float64{0, 1, -1, 5}))
		return geometry.Point{E: g.Draw(r, "e"), N: g.Draw(r, "n"), H: g.Draw(r, "h")}
	})
	rapid.Check(t, func(r *rapid.T) {
		a, b, c, d := point.Draw(r, "a"), point.Draw(r, "b"), point.Draw(r, "c"), point.Draw(r, "d")
		if rapid.IntRange(0, 5).Draw(r, "parallel") == 0 {
			d = c.Add(b.Sub(a).Scale(rapid.Float64Range(-2, 2).Draw(r, "k")))
		}
		got := geometry.SegmentDistance(a, b, c, d)
		// Brute force: along ab in steps, the exact distance from each point to cd.
		best := math.Inf(1)
		for i := range 2001 {
			p := a.Lerp(b, float64(i)/2000)
			v := d.Sub(c)
			u := 0.0
			if l := v.Dot(v); l > 0 {
				u = max(0, min(1, p.Sub(c).Dot(v)/l))
			}
			best = min(best, p.Dist(c.Lerp(d, u)))
		}
		if tolerance := a.Dist(b) / 2000; got > best+1e-9 || got < best-tolerance-1e-9 {
			r.Fatalf("distance %v, sampled %v", got, best)
		}
	})
}
