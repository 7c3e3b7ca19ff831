package geometry

import "math"

// Box is an axis-aligned box, metres. The zero Box is a point at the origin; EmptyBox holds nothing.
type Box struct{ Min, Max Point }

// EmptyBox returns the box that holds nothing and grows to whatever is added first.
func EmptyBox() Box {
	i := math.Inf(1)
	return Box{Point{i, i, i}, Point{-i, -i, -i}}
}

// BoxOf returns the smallest box around the points.
func BoxOf(ps ...Point) Box {
	b := EmptyBox()
	for _, p := range ps {
		b = b.Add(p)
	}
	return b
}

// IsEmpty reports whether b holds nothing.
func (b Box) IsEmpty() bool { return b.Min.E > b.Max.E || b.Min.N > b.Max.N || b.Min.H > b.Max.H }

// Add returns b grown to hold p.
func (b Box) Add(p Point) Box {
	return Box{
		Point{min(b.Min.E, p.E), min(b.Min.N, p.N), min(b.Min.H, p.H)},
		Point{max(b.Max.E, p.E), max(b.Max.N, p.N), max(b.Max.H, p.H)},
	}
}

// Union returns the smallest box that holds b and c.
func (b Box) Union(c Box) Box {
	if c.IsEmpty() {
		return b
	}
	return b.Add(c.Min).Add(c.Max)
}

// Grow returns b widened by m metres on every side.
func (b Box) Grow(m float64) Box {
	d := Point{m, m, m}
	return Box{b.Min.Sub(d), b.Max.Add(d)}
}

// Intersects reports whether b and c share a point; touching counts.
func (b Box) Intersects(c Box) bool {
	return b.IntersectsPlan(c) && b.Min.H <= c.Max.H && c.Min.H <= b.Max.H
}

// IntersectsPlan is Intersects without regard to height.
func (b Box) IntersectsPlan(c Box) bool {
	return b.Min.E <= c.Max.E && c.Min.E <= b.Max.E && b.Min.N <= c.Max.N && c.Min.N <= b.Max.N
}

// Contains reports whether p lies in b; the surface counts.
func (b Box) Contains(p Point) bool {
	return p.E >= b.Min.E && p.E <= b.Max.E && p.N >= b.Min.N && p.N <= b.Max.N && p.H >= b.Min.H && p.H <= b.Max.H
}

// Center is the middle of b.
func (b Box) Center() Point { return b.Min.Add(b.Max).Scale(0.5) }

// Size is the extent of b along each axis, metres.
func (b Box) Size() Point { return b.Max.Sub(b.Min) }
