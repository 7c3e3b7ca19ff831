package geometry

import (
	"math"
	"slices"
)

// Profile is what a sweep carries along: the outside of a solid cross-section, and the bores through it. All run counter-clockwise.
type Profile struct {
	Outer []Flat
	Bores [][]Flat
}

// Area is the area of the solid between outside and bores, square metres.
func (p Profile) Area() float64 {
	a := Area(p.Outer)
	for _, b := range p.Bores {
		a -= Area(b)
	}
	return a
}

// bedSheet is how thick the bed of a channel is drawn whose wall is not known, metres: thick enough to be seen. It is a sign, not a measure.
const bedSheet = 0.05

// Shell is the thickness that s is drawn with outside its clear outline, metres.
func (s Section) Shell() float64 {
	if s.Wall == 0 && s.IsOpen() {
		return bedSheet
	}
	return s.Wall
}

// Profile is the solid cross-section of s: a ring where the wall is known, a channel open above, a block with its ducts; else what is within the clear
// outline, since nothing is known of the wall. Curves have about n points in a full turn.
func (s Section) Profile(n int) Profile {
	if !s.Known() {
		return Profile{}
	}
	n = max(8, n)
	switch {
	case s.IsOpen():
		return Profile{Outer: channel(s.clear(n), s.Shell())}
	case s.Shape == DuctBank:
		return Profile{Outer: s.Outline(n, true), Bores: s.ducts(min(n, ductPoints))}
	case s.Shape == Cable || s.Wall <= 0:
		return Profile{Outer: s.Outline(n, true)}
	}
	return Profile{Outer: s.Outline(n, true), Bores: [][]Flat{s.clear(n)}}
}

const (
	ductPoints = 8
	// ductFill is the diameter of a duct over the distance between ducts where only their number is known: ducts of 110 mm stand about 150 mm apart
	// (GB 50217-2018 5.4 leaves 20 mm and more between them). The drawing of a sign: the true holes are Pipe.Holes.
	ductFill = 0.7
)

// ducts are the bores of a duct bank of which no more is known than how many there are.
func (s Section) ducts(n int) [][]Flat {
	c, r := float64(s.Cols), float64(s.Rows)
	if s.Cols == 0 || s.Rows == 0 || int(s.Cols)*int(s.Rows) > maxBores {
		return nil
	}
	d := ductFill * min(s.Width/c, s.Height/r)
	var all [][]Flat
	for j := range int(s.Rows) {
		for i := range int(s.Cols) {
			all = append(all, at(ductOutline(d, n), (float64(i)+0.5)/c*s.Width-s.Width/2, (float64(j)+0.5)/r*s.Height-s.Height/2))
		}
	}
	return all
}

// ductOutline has few sides, and the area of the circle.
func ductOutline(d float64, n int) []Flat {
	a := 2 * math.Pi / float64(n)
	r := d / 2 * math.Sqrt(a/math.Sin(a))
	return full(r, r, n)
}

// at moves an outline.
func at(o []Flat, x, y float64) []Flat {
	for i := range o {
		o[i].X += x
		o[i].Y += y
	}
	return o
}

// rect is a rectangle between two corners.
func rect(left, bottom, right, top float64) []Flat {
	return []Flat{{left, bottom}, {right, bottom}, {right, top}, {left, top}}
}

// offset moves a closed outline outwards by a thickness: corners are mitred where that stays within the box around the outline grown by the thickness,
// else rounded; curves stay curves. What is so hollow that the offset would cross itself or the outline gets the offset of its hull instead.
func offset(o []Flat, by float64) []Flat {
	out := moved(o, by, true)
	if convex(o) || Area(out) > Area(o) && !crossesItself(out) && within(o, out, nil) {
		return out
	}
	return moved(hull(o), by, true)
}

// moved is an outline, closed or open, with each edge moved to its right by a thickness.
func moved(o []Flat, by float64, closed bool) []Flat {
	low, high := bounds(o)
	n := len(o)
	out := make([]Flat, 0, n+4)
	for i, p := range o {
		a, b := normalOf(o[(i+n-1)%n], p), normalOf(p, o[(i+1)%n])
		switch {
		case !closed && i == 0:
			a = b
		case !closed && i == n-1:
			b = a
		}
		half := math.Sqrt(max(1e-4, (1+a.X*b.X+a.Y*b.Y)/2)) // cosine of half the turn
		mid := Flat{(a.X + b.X) / (2 * half), (a.Y + b.Y) / (2 * half)}
		if half > 0.96 { // part of a curve, which stays by away everywhere
			out = append(out, Flat{p.X + by*mid.X, p.Y + by*mid.Y})
			continue
		}
		m := Flat{p.X + by*mid.X/half, p.Y + by*mid.Y/half}
		const eps = 1e-9
		switch within := m.X >= low.X-by-eps && m.X <= high.X+by+eps && m.Y >= low.Y-by-eps && m.Y <= high.Y+by+eps; {
		case within:
			out = append(out, m)
		case a.X*b.Y-a.Y*b.X < 0: // a notch narrower than the wall
			out = append(out, Flat{p.X + by*mid.X, p.Y + by*mid.Y})
		default:
			out = append(out, Flat{p.X + by*a.X, p.Y + by*a.Y}, Flat{p.X + by*mid.X, p.Y + by*mid.Y}, Flat{p.X + by*b.X, p.Y + by*b.Y})
		}
	}
	if closed {
		return withoutDoubles(out)
	}
	return out
}

// channel is the solid of an open section: its bed and sides, thick by so much, open above.
func channel(o []Flat, by float64) []Flat {
	out := moved(o, by, false)
	for i := len(o) - 1; i >= 0; i-- {
		out = append(out, o[i])
	}
	return withoutDoubles(out)
}

// normalOf is the unit vector to the right of an edge: outwards where the outline runs counter-clockwise.
func normalOf(a, b Flat) Flat {
	d := Flat{b.X - a.X, b.Y - a.Y}
	l := max(math.Hypot(d.X, d.Y), 1e-12)
	return Flat{d.Y / l, -d.X / l}
}

func bounds(o []Flat) (low, high Flat) {
	low, high = o[0], o[0]
	for _, p := range o {
		low, high = Flat{min(low.X, p.X), min(low.Y, p.Y)}, Flat{max(high.X, p.X), max(high.Y, p.Y)}
	}
	return low, high
}

// turn is twice the area of a triangle, above 0 when it runs counter-clockwise.
func turn(a, b, c Flat) float64 { return (b.X-a.X)*(c.Y-a.Y) - (b.Y-a.Y)*(c.X-a.X) }

func convex(o []Flat) bool {
	n := len(o)
	for i := range o {
		if turn(o[i], o[(i+1)%n], o[(i+2)%n]) < -1e-12 {
			return false
		}
	}
	return true
}

// hull is the convex hull (Andrew's monotone chain), counter-clockwise.
func hull(o []Flat) []Flat {
	ps := slices.Clone(o)
	slices.SortFunc(ps, func(a, b Flat) int {
		switch {
		case a.X < b.X || a.X == b.X && a.Y < b.Y:
			return -1
		case a == b:
			return 0
		}
		return 1
	})
	half := func(ps []Flat) []Flat {
		var h []Flat
		for _, p := range ps {
			for len(h) > 1 && turn(h[len(h)-2], h[len(h)-1], p) <= 0 {
				h = h[:len(h)-1]
			}
			h = append(h, p)
		}
		return h[:len(h)-1]
	}
	lower := half(ps)
	slices.Reverse(ps)
	return append(lower, half(ps)...)
}

// crossesItself reports whether two sides of an outline cross or touch that are not neighbours.
func crossesItself(o []Flat) bool {
	n := len(o)
	for i := range o {
		for j := i + 2; j < n; j++ {
			if i == 0 && j == n-1 {
				continue
			}
			if touches(o[i], o[(i+1)%n], o[j], o[(j+1)%n]) {
				return true
			}
		}
	}
	return false
}

// snapped is an outline in whole micrometres without points that repeat: what nearly touches itself does.
func snapped(o []Flat) []Flat {
	out := make([]Flat, len(o))
	for i, p := range o {
		out[i] = Flat{math.Round(p.X*1e6) / 1e6, math.Round(p.Y*1e6) / 1e6}
	}
	return withoutDoubles(out)
}

// touches reports whether two straight lines cross or touch.
func touches(a, b, c, d Flat) bool {
	if max(a.X, b.X) < min(c.X, d.X) || max(c.X, d.X) < min(a.X, b.X) || max(a.Y, b.Y) < min(c.Y, d.Y) || max(c.Y, d.Y) < min(a.Y, b.Y) {
		return false
	}
	return turn(a, b, c)*turn(a, b, d) <= 0 && turn(c, d, a)*turn(c, d, b) <= 0
}

// inside reports whether p lies within an outline.
func inside(p Flat, o []Flat) bool {
	in := false
	for i, a := range o {
		b := o[(i+1)%len(o)]
		if (a.Y > p.Y) != (b.Y > p.Y) && p.X < a.X+(p.Y-a.Y)/(b.Y-a.Y)*(b.X-a.X) {
			in = !in
		}
	}
	return in
}

// within reports whether a bore lies wholly within an outline and touches none of some other bores.
func within(bore, outer []Flat, others [][]Flat) bool {
	if len(bore) < 3 || !inside(bore[0], outer) || crossing(bore, outer) {
		return false
	}
	for _, o := range others {
		if inside(bore[0], o) || inside(o[0], bore) || crossing(bore, o) {
			return false
		}
	}
	return true
}

func crossing(a, b []Flat) bool {
	la, ha := bounds(a)
	lb, hb := bounds(b)
	if la.X > hb.X || lb.X > ha.X || la.Y > hb.Y || lb.Y > ha.Y {
		return false
	}
	for i := range a {
		for j := range b {
			if touches(a[i], a[(i+1)%len(a)], b[j], b[(j+1)%len(b)]) {
				return true
			}
		}
	}
	return false
}
