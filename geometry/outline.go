package geometry

import "math"

// Flat is a point of a cross-section: X right of the axis and Y above it, metres, looking along the line.
type Flat struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// Outline returns the outline of s, counter-clockwise, closed by its first point again being next; curves have about n points in a full
// turn. outer adds the wall. Open channels are drawn as what they hold. nil for an unknown size.
func (s Section) Outline(n int, outer bool) []Flat {
	if !s.Known() {
		return nil
	}
	n = max(8, n)
	w, h := s.Width/2, s.Height/2
	var o []Flat
	switch s.Shape {
	case Egg:
		o = egg(s.Width, s.Height, n)
	case InvertedEgg:
		o = egg(s.Width, s.Height, n)
		for i := range o {
			o[i] = Flat{-o[i].X, -o[i].Y}
		}
	case Arch:
		r := min(w, s.Height)
		o = append([]Flat{{-w, -h}, {w, -h}}, arc(Flat{0, h - r}, w, r, 0, math.Pi, n/2)...)
	case Horseshoe, BasketHandle:
		// A round crown on sides that draw in a little, over a flat arc: SWMM's full areas are 0.8293 H² and 0.7862 H².
		o = append(arc(Flat{0, 0}, w, h, 0, math.Pi, n/2), Flat{-0.9 * w, -0.7 * h}, Flat{-0.5 * w, -h}, Flat{0.5 * w, -h}, Flat{0.9 * w, -0.7 * h})
	case Ellipse, Circle, Cable, ShapeUnknown:
		o = arc(Flat{}, w, h, 0, 2*math.Pi, n)
		o = o[:len(o)-1]
	case Semicircle:
		o = arc(Flat{0, -h}, w, 2*h, 0, math.Pi, n/2)
	case Trapezoid:
		top := max(s.Top, s.Width) / 2
		o = []Flat{{-w, -h}, {w, -h}, {top, h}, {-top, h}}
	case Triangle:
		o = []Flat{{0, -h}, {w, h}, {-w, h}}
	case Parabola:
		for i := range n/2 + 1 {
			x := -1 + 2*float64(i)/float64(n/2)
			o = append(o, Flat{x * w, -h + 2*h*x*x})
		}
	case RectRound:
		r := min(w, s.Height/2)
		o = append(arc(Flat{0, -h + r}, w, r, math.Pi, 2*math.Pi, n/2), Flat{w, h}, Flat{-w, h})
	case RectTriangle:
		o = []Flat{{0, -h}, {w, -h + s.Height/4}, {w, h}, {-w, h}, {-w, -h + s.Height/4}}
	default: // Rectangle, OpenRectangle, DuctBank
		o = []Flat{{-w, -h}, {w, -h}, {w, h}, {-w, h}}
	}
	if outer && s.Wall > 0 {
		// The wall is as thick everywhere; scaling is right for it where it is measured, across and upright.
		kx, ky := (w+s.Wall)/w, (h+s.Wall)/h
		for i := range o {
			o[i] = Flat{o[i].X * kx, o[i].Y * ky}
		}
	}
	return o
}

func arc(c Flat, rx, ry, from, to float64, n int) []Flat {
	ps := make([]Flat, 0, n+1)
	for i := range n + 1 {
		s, co := math.Sincos(from + (to-from)*float64(i)/float64(n))
		ps = append(ps, Flat{c.X + rx*co, c.Y + ry*s})
	}
	return ps
}

// egg is the classic sewer of 2:3 (tables/sections.csv): with r = Width/2 a crown of radius r, sides of 3r, an invert of r/2; other
// proportions are stretched upright.
func egg(width, height float64, n int) []Flat {
	r := width / 2
	// Side circles (radius 3r) touch the crown at its springing and the invert circle (radius r/2, centre 1.5 r below).
	a := math.Atan2(1.5, 2) // angle of the touching point with the invert
	o := arc(Flat{}, r, r, 0, math.Pi, n/2)
	left := arc(Flat{2 * r, 0}, 3*r, 3*r, math.Pi, math.Pi+a, n/6)
	invert := arc(Flat{0, -1.5 * r}, r/2, r/2, math.Pi+a, 2*math.Pi-a, n/4)
	right := arc(Flat{-2 * r, 0}, 3*r, 3*r, -a, 0, n/6)
	o = append(append(append(o, left[1:]...), invert[1:]...), right[1:len(right)-1]...)
	k := height / (3 * r)
	for i := range o {
		o[i].Y = (o[i].Y + 0.5*r) * k // the middle of the height at 0
	}
	return o
}

// Area is the area within an outline, square metres.
func Area(o []Flat) float64 {
	var a float64
	for i, p := range o {
		q := o[(i+1)%len(o)]
		a += p.X*q.Y - q.X*p.Y
	}
	return a / 2
}

// crossesItself reports whether two sides of an outline cross or touch that are not neighbours.
func crossesItself(o []Flat) bool {
	n := len(o)
	side := func(a, b, c Flat) float64 { return (b.X-a.X)*(c.Y-a.Y) - (b.Y-a.Y)*(c.X-a.X) }
	for i := range o {
		a, b := o[i], o[(i+1)%n]
		for j := i + 2; j < n; j++ {
			if i == 0 && j == n-1 {
				continue
			}
			c, d := o[j], o[(j+1)%n]
			if side(a, b, c)*side(a, b, d) <= 0 && side(c, d, a)*side(c, d, b) <= 0 {
				return true
			}
		}
	}
	return false
}
