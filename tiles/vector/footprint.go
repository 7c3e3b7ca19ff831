package vector

import (
	"slices"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// footprint is the ring that an area or a solid is drawn as in plan: its own, or the hull of the mesh of a solid, or a mark where there is neither.
func footprint(r twin.Record, line []geometry.Point) []geometry.Point {
	if s := r.Structure(); s != nil && s.Solid != nil && len(line) > 0 {
		points := make([]geometry.Point, 0, len(s.Solid.Vertices))
		for _, v := range s.Solid.Vertices {
			points = append(points, line[0].Add(geometry.Point{E: v[0], N: v[1]}))
		}
		return hull(points)
	}
	if len(line) >= 3 {
		return line
	}
	b := geometry.BoxOf(line...).Grow(0.5)
	return []geometry.Point{{E: b.Min.E, N: b.Min.N}, {E: b.Max.E, N: b.Min.N}, {E: b.Max.E, N: b.Max.N}, {E: b.Min.E, N: b.Max.N}}
}

// hull is the convex hull in plan (Andrew's monotone chain).
func hull(points []geometry.Point) []geometry.Point {
	slices.SortFunc(points, func(a, b geometry.Point) int {
		switch {
		case a.E < b.E || a.E == b.E && a.N < b.N:
			return -1
		case a.E == b.E && a.N == b.N:
			return 0
		}
		return 1
	})
	half := func(yield func(func(geometry.Point) bool)) []geometry.Point {
		var h []geometry.Point
		yield(func(p geometry.Point) bool {
			for len(h) > 1 && turn(h[len(h)-2], h[len(h)-1], p) <= 0 {
				h = h[:len(h)-1]
			}
			h = append(h, p)
			return true
		})
		return h[:max(len(h)-1, 0)]
	}
	lower := half(slices.Values(points))
	slices.Reverse(points)
	return append(lower, half(slices.Values(points))...)
}

// turn is positive where the way a, b, c turns left.
func turn(a, b, c geometry.Point) float64 {
	return (b.E-a.E)*(c.N-a.N) - (b.N-a.N)*(c.E-a.E)
}
