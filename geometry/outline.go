package geometry

import "math"

// Flat is a point of a cross-section: X right of the axis and Y above it, metres, looking along the line.
type Flat struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// Outline returns the outline of s, counter-clockwise, closed by its first point again being next; curves have about n points in a full turn. outer is
// the outer surface: the clear outline moved out by the wall (see Section.Shell for what is drawn of an open one). That of an open section begins at
// its upper left and ends at its upper right edge. nil for an unknown size.
func (s Section) Outline(n int, outer bool) []Flat {
	if !s.Known() {
		return nil
	}
	n = max(8, n)
	if outer && s.Wall > 0 {
		if s.IsRound() {
			return full(s.Width/2+s.Wall, s.Height/2+s.Wall, n)
		}
		return offset(s.clear(n), s.Wall)
	}
	return s.clear(n)
}

// clear is the clear outline.
func (s Section) clear(n int) []Flat {
	w, h := s.Width/2, s.Height/2
	switch s.Shape {
	case Egg:
		return egg(s.Width, s.Height, n)
	case InvertedEgg:
		o := egg(s.Width, s.Height, n)
		for i := range o {
			o[i] = Flat{-o[i].X, -o[i].Y}
		}
		return o
	case Arch:
		r := min(w, s.Height)
		return withoutDoubles(append([]Flat{{-w, -h}, {w, -h}}, arc(Flat{0, h - r}, w, r, 0, math.Pi, n/2)...))
	case Horseshoe:
		return horseshoe(s.Width, s.Height, n)
	case Ellipse, Circle, Cable, ShapeUnknown:
		return full(w, h, n)
	case Trapezoid:
		top := max(s.Top, s.Width) / 2
		return []Flat{{-top, h}, {-w, -h}, {w, -h}, {top, h}}
	case Triangle:
		return []Flat{{-w, h}, {0, -h}, {w, h}}
	case Parabola:
		return PowerOutline(s.Width, s.Height, 2, n)
	case UChannel:
		r := min(w, s.Height)
		return withoutDoubles(append(append([]Flat{{-w, h}}, arc(Flat{0, -h + r}, w, r, math.Pi, 2*math.Pi, n/2)...), Flat{w, h}))
	case RectRound:
		return RectRoundOutline(s.Width, s.Height, 0, n)
	case RectTriangle:
		return RectTriangleOutline(s.Width, s.Height, s.Height/4)
	case ModBasketHandle:
		return ModBasketHandleOutline(s.Width, s.Height, 0, n)
	case OpenRectangle:
		return []Flat{{-w, h}, {-w, -h}, {w, -h}, {w, h}}
	}
	if t := tabulatedShapes[s.Shape]; t != nil {
		return t.outline(s.Width, s.Height, n)
	}
	return []Flat{{-w, -h}, {w, -h}, {w, h}, {-w, h}} // Rectangle, DuctBank; Custom without its outline
}

// PowerOutline is a channel whose width grows with a power of its depth, 2 for a parabola (SWMM POWER, whose exponent is of the depth by the width):
// open, from its upper left edge to its upper right one.
func PowerOutline(width, height, exponent float64, n int) []Flat {
	var o []Flat
	m := max(4, n/2)
	for i := range m + 1 {
		x := -1 + 2*float64(i)/float64(m)
		o = append(o, Flat{x * width / 2, -height/2 + height*math.Pow(math.Abs(x), exponent)})
	}
	return o
}

// RectTriangleOutline is a rectangle over a triangle of some height (SWMM RECT_TRIANGULAR).
func RectTriangleOutline(width, height, triangle float64) []Flat {
	w, h := width/2, height/2
	t := min(max(triangle, 0), height)
	return withoutDoubles([]Flat{{0, -h}, {w, -h + t}, {w, h}, {-w, h}, {-w, -h + t}})
}

// RectRoundOutline is a rectangle over an invert of some radius, at least half the width (SWMM RECT_ROUND).
func RectRoundOutline(width, height, radius float64, n int) []Flat {
	w, h := width/2, height/2
	r := max(radius, w)
	a := math.Asin(min(1, w/r))
	k := min(1, height/(r*(1-math.Cos(a)))) // of a section lower than its invert would be
	o := arc(Flat{0, -h + r*k}, r, r*k, 1.5*math.Pi-a, 1.5*math.Pi+a, n/2)
	return withoutDoubles(append(o, Flat{w, h}, Flat{-w, h}))
}

// ModBasketHandleOutline is a rectangle under an arc of some radius, at least half the width (SWMM MODBASKETHANDLE).
func ModBasketHandleOutline(width, height, radius float64, n int) []Flat {
	o := RectRoundOutline(width, height, radius, n)
	for i := range o {
		o[i] = Flat{-o[i].X, -o[i].Y}
	}
	return o
}

// full is a whole ellipse of n points.
func full(rx, ry float64, n int) []Flat { return arc(Flat{}, rx, ry, 0, 2*math.Pi, n)[:n] }

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
	left := arc(Flat{2 * r, 0}, 3*r, 3*r, math.Pi, math.Pi+a, max(2, n/6))
	invert := arc(Flat{0, -1.5 * r}, r/2, r/2, math.Pi+a, 2*math.Pi-a, max(2, n/4))
	right := arc(Flat{-2 * r, 0}, 3*r, 3*r, -a, 0, max(2, n/6))
	o = append(append(append(o, left[1:]...), invert[1:]...), right[1:len(right)-1]...)
	k := height / (3 * r)
	for i := range o {
		o[i].Y = (o[i].Y + 0.5*r) * k // the middle of the height at 0
	}
	return o
}

// horseshoe is the standard one: with r = Width/2 a crown of radius r, sides of radius 2r about the opposite springings, an invert of radius 2r about
// the crown. Its full area is 0.8293 of a square, as SWMM has it; other proportions are stretched upright.
func horseshoe(width, height float64, n int) []Flat {
	r := width / 2
	// Where the side about (−r, 0) meets the invert about (0, r): both at 2r, on the line halfway between the centres, whose direction is 45°.
	d := math.Sqrt(4*r*r - r*r/2)
	x, y := (-r+d*math.Sqrt2)/2, (r-d*math.Sqrt2)/2
	side := math.Atan2(y, x+r) // below 0
	half := math.Atan2(x, r-y) // of the invert
	o := arc(Flat{}, r, r, 0, math.Pi, n/2)
	left := arc(Flat{r, 0}, 2*r, 2*r, math.Pi, math.Pi-side, max(2, n/8))
	invert := arc(Flat{0, r}, 2*r, 2*r, 1.5*math.Pi-half, 1.5*math.Pi+half, max(2, n/8))
	right := arc(Flat{-r, 0}, 2*r, 2*r, side, 0, max(2, n/8))
	o = append(append(append(o, left[1:]...), invert[1:]...), right[1:len(right)-1]...)
	for i := range o {
		o[i].Y *= height / width
	}
	return o
}

// withoutDoubles leaves out points that lie on the one before them.
func withoutDoubles(o []Flat) []Flat {
	out := o[:0]
	for _, p := range o {
		if len(out) == 0 || math.Abs(p.X-out[len(out)-1].X)+math.Abs(p.Y-out[len(out)-1].Y) > 1e-9 {
			out = append(out, p)
		}
	}
	for len(out) > 1 && math.Abs(out[0].X-out[len(out)-1].X)+math.Abs(out[0].Y-out[len(out)-1].Y) <= 1e-9 {
		out = out[:len(out)-1]
	}
	return out
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
