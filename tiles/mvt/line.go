package mvt

import "math"

// Vec is a point in units of the tile, before it is put on the grid.
type Vec struct{ X, Y float64 }

// Frame is the square that lines are cut to: the tile and a margin of some units around it.
type Frame struct{ Low, High float64 }

// Around is the frame a margin wider than the tile.
func Around(margin float64) Frame { return Frame{-margin, Extent + margin} }

// Holds reports whether a point lies in the frame.
func (f Frame) Holds(v Vec) bool {
	return v.X >= f.Low && v.X <= f.High && v.Y >= f.Low && v.Y <= f.High
}

// Pencil puts lines on the grid. Its buffers are used again, so what it returns holds until the next call. It is for one goroutine.
type Pencil struct {
	cells []Cell
	cut   []Vec
	other []Vec
	kept  []bool
	stack [][2]int
}

// CellOf is the cell of the grid that a point falls into.
func CellOf(v Vec) Cell { return Cell{int32(math.Round(v.X)), int32(math.Round(v.Y))} }

// Line draws the parts of a line within the frame into the layer. Parts that fall into one cell of the grid are left out. It reports whether any is left.
func (p *Pencil) Line(l *Layer, line []Vec, f Frame) bool {
	before := len(l.shape)
	p.cells = p.cells[:0]
	inside := f.Holds(line[0])
	if inside {
		p.add(line[0])
	}
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		to := f.Holds(b)
		switch {
		case inside && to:
			p.add(b)
		default:
			s, e, ok := f.clip(a, b)
			if !inside {
				p.flush(l)
				if ok {
					p.add(s)
				}
			}
			if ok {
				p.add(e)
			}
			if !to {
				p.flush(l)
			}
		}
		inside = to
	}
	p.flush(l)
	return len(l.shape) > before
}

// add puts a vertex on the grid, unless the last one is there.
func (p *Pencil) add(v Vec) {
	c := CellOf(v)
	if n := len(p.cells); n == 0 || p.cells[n-1] != c {
		p.cells = append(p.cells, c)
	}
}

func (p *Pencil) flush(l *Layer) {
	if len(p.cells) > 1 {
		l.Line(p.cells)
	}
	p.cells = p.cells[:0]
}

// clip is the part of a straight within the frame (Liang and Barsky).
func (f Frame) clip(a, b Vec) (s, e Vec, ok bool) {
	t0, t1 := 0.0, 1.0
	dx, dy := b.X-a.X, b.Y-a.Y
	for _, q := range [...][2]float64{{-dx, a.X - f.Low}, {dx, f.High - a.X}, {-dy, a.Y - f.Low}, {dy, f.High - a.Y}} {
		switch {
		case q[0] == 0:
			if q[1] < 0 {
				return a, b, false
			}
		case q[0] < 0:
			t0 = max(t0, q[1]/q[0])
		default:
			t1 = min(t1, q[1]/q[0])
		}
	}
	if t0 > t1 {
		return a, b, false
	}
	at := func(t float64) Vec { return Vec{a.X + t*dx, a.Y + t*dy} }
	s, e = a, b
	if t0 > 0 {
		s = at(t0)
	}
	if t1 < 1 {
		e = at(t1)
	}
	return s, e, true
}

// Ring draws a polygon's outer ring cut to the frame (Sutherland and Hodgman) into the layer; the first point is not repeated at the end. It reports
// whether anything with an area is left.
func (p *Pencil) Ring(l *Layer, ring []Vec, f Frame) bool {
	p.cut = append(p.cut[:0], ring...)
	for side := range 4 {
		// How far a point lies within one side of the frame.
		depth := func(v Vec) float64 {
			switch side {
			case 0:
				return v.X - f.Low
			case 1:
				return f.High - v.X
			case 2:
				return v.Y - f.Low
			}
			return f.High - v.Y
		}
		p.other = p.other[:0]
		for i, b := range p.cut {
			a := p.cut[(i+len(p.cut)-1)%len(p.cut)]
			da, db := depth(a), depth(b)
			if (da < 0) != (db < 0) {
				t := da / (da - db)
				p.other = append(p.other, Vec{a.X + t*(b.X-a.X), a.Y + t*(b.Y-a.Y)})
			}
			if db >= 0 {
				p.other = append(p.other, b)
			}
		}
		p.cut, p.other = p.other, p.cut
	}
	p.cells = p.cells[:0]
	for _, v := range p.cut {
		p.add(v)
	}
	if n := len(p.cells); n > 1 && p.cells[0] == p.cells[n-1] {
		p.cells = p.cells[:n-1]
	}
	return l.Ring(p.cells)
}

// Thin takes out, in place, the vertices of a line that lie within tolerance units of what stays (Douglas and Peucker).
func (p *Pencil) Thin(line []Vec, tolerance float64) []Vec {
	if len(line) < 3 || tolerance <= 0 {
		return line
	}
	p.kept = append(p.kept[:0], make([]bool, len(line))...)
	p.kept[0], p.kept[len(line)-1] = true, true
	p.stack = append(p.stack[:0], [2]int{0, len(line) - 1})
	for len(p.stack) > 0 {
		s := p.stack[len(p.stack)-1]
		p.stack = p.stack[:len(p.stack)-1]
		far, at := tolerance*tolerance, -1
		for i := s[0] + 1; i < s[1]; i++ {
			if d := apart(line[i], line[s[0]], line[s[1]]); d > far {
				far, at = d, i
			}
		}
		if at >= 0 {
			p.kept[at] = true
			p.stack = append(p.stack, [2]int{s[0], at}, [2]int{at, s[1]})
		}
	}
	n := 0
	for i, v := range line {
		if p.kept[i] {
			line[n] = v
			n++
		}
	}
	return line[:n]
}

// apart is the square of the distance of a point from a straight between two.
func apart(v, a, b Vec) float64 {
	dx, dy := b.X-a.X, b.Y-a.Y
	t := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		t = max(0, min(1, ((v.X-a.X)*dx+(v.Y-a.Y)*dy)/l))
	}
	dx, dy = v.X-a.X-t*dx, v.Y-a.Y-t*dy
	return dx*dx + dy*dy
}
