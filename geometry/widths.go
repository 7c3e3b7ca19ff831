package geometry

import "math"

// tabulated is a section that EPA SWMM gives by a table: its width over the greatest width at even steps of depth, and its full area over width × height.
// Source: EPA SWMM 5 Reference Manual, volume II (hydraulics), relative widths and full areas of the standard shapes.
type tabulated struct {
	widths []float64
	area   float64
	rows   []Flat  // depth and width of the rows that no other two stand over: the sections are convex, and the table has two or three digits
	power  float64 // of the widths, so that their area is the full one
}

// tabulatedShapes are the sections of SWMM that have no construction of lines and arcs.
var tabulatedShapes = func() map[Shape]*tabulated {
	all := map[Shape]*tabulated{
		Gothic: {area: 0.6554 / 0.84, widths: []float64{0, .286, .643, .762, .833, .905, .952, .976, .976, 1, 1, .976, .976, .952, .905, .833, .762, .667, .524, .357, 0}},
		Catenary: {area: 0.70277 / 0.9, widths: []float64{0, .6667, .8222, .9111, .9778, 1, 1, .9889, .9778, .9556, .9333, .8889, .8444, .8, .7556, .7, .6333, .5556, .4444, .3333,
			0}},
		SemiElliptical: {area: 0.785, widths: []float64{0, .7, .98, 1, 1, 1, .99, .98, .96, .94, .91, .88, .84, .8, .75, .7, .64, .56, .46, .34, 0}},
		BasketHandle: {area: 0.7862 / 0.944, widths: []float64{0, .49, .667, .82, .93, 1, 1, 1, .997, .994, .988, .982, .967, .948, .928, .904, .874, .842, .798, .75, .697, .637, .567,
			.467, .342, 0}},
		Semicircle: {area: 1.2697 / 1.64, widths: []float64{0, .5488, .8537, 1, 1, .9939, .9878, .9756, .9634, .9451, .9207, .8902, .8537, .8171, .7683, .7073, .6463, .5732, .4756,
			.3354, 0}},
		PipeArch: {area: 0.7879, widths: []float64{0, .6272, .8521, .9243, .9645, .9846, .9964, .9988, .9917, .9811, .968, .9515, .9314, .9101, .8864, .8592, .8284, .7917, .7527, .7065,
			.6544, .5953, .5231, .4355, .3195, 0}},
	}
	for _, t := range all {
		t.envelop()
		t.fit()
	}
	return all
}()

// envelop keeps the rows of the upper hull.
func (t *tabulated) envelop() {
	for i, w := range t.widths {
		p := Flat{float64(i) / float64(len(t.widths)-1), w}
		for n := len(t.rows); n > 1 && turn(t.rows[n-2], t.rows[n-1], p) >= 0; n-- {
			t.rows = t.rows[:n-1]
		}
		t.rows = append(t.rows, p)
	}
}

// at is the relative width at a relative depth: straight between the rows, round towards the ends.
func (t *tabulated) at(depth float64) float64 {
	i := 0
	for i < len(t.rows)-2 && t.rows[i+1].X < depth {
		i++
	}
	a, b := t.rows[i], t.rows[i+1]
	f := (depth - a.X) / (b.X - a.X)
	w := a.Y + f*(b.Y-a.Y)
	if a.Y == 0 || b.Y == 0 {
		w = math.Sqrt(max(0, a.Y*a.Y+f*(b.Y*b.Y-a.Y*a.Y)))
	}
	if t.power != 0 {
		w = math.Pow(w, t.power)
	}
	return w
}

// fit finds the power of the widths that gives the full area.
func (t *tabulated) fit() {
	low, high := 0.5, 2.0
	for range 40 {
		t.power = (low + high) / 2
		const steps = 2000
		var sum float64
		for i := range steps {
			sum += t.at((float64(i) + 0.5) / steps)
		}
		if sum/steps > t.area {
			low = t.power
		} else {
			high = t.power
		}
	}
}

// outline runs up the right side and down the left one, close together where it turns.
func (t *tabulated) outline(width, height float64, n int) []Flat {
	m := max(4, n/2)
	o := []Flat{{0, -height / 2}}
	for i := 1; i < m; i++ {
		d := (1 - math.Cos(math.Pi*float64(i)/float64(m))) / 2
		o = append(o, Flat{t.at(d) * width / 2, (d - 0.5) * height})
	}
	o = append(o, Flat{0, height / 2})
	for i := m - 1; i > 0; i-- {
		o = append(o, Flat{-o[i].X, o[i].Y})
	}
	return o
}
