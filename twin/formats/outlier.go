package formats

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/undercity/undercity/geometry"
)

// How far a height may lie from those around it, metres. Nothing honest is reported: hills differ as a whole, and their heights spread as
// they rise; what stands alone is a wrong digit.
const (
	heightStep   = 25.0 // at least this much off
	heightDepth  = 40.0 // and this much more for a line below: tunnels lie deep
	heightSpread = 9.0  // and this many times the middle deviation around
	heightSlope  = 0.1  // and this much for each metre to what lies around
	heightDrawn  = 75.0 // and this much more in a drawing, whose distances mean nothing
)

// outlier is a reading that stands out, and what lies around it.
type outlier struct {
	*reading
	around float64
}

// place is where readings lie together, with the middle of their heights.
type place struct{ e, n, h float32 }

// outliers finds the heights that stand out from those around them: from the median of the places nearby by much more than these differ among
// themselves, while hardly any of them agrees.
func (r *readings) outliers() []outlier {
	g := newGrid(r)
	if g == nil {
		return nil
	}
	var out []outlier
	var near []place
	var hs []float32
	for c := range g.cells() {
		own := g.in(c)
		if len(own) == 0 || g.range3(c) <= heightStep {
			continue
		}
		near = g.around(near[:0], c)
		if len(near) < 3 {
			continue
		}
		hs = hs[:0]
		for _, p := range near {
			hs = append(hs, p.h)
		}
		m := median(hs)
		for i, h := range hs {
			hs[i] = float32(math.Abs(float64(h) - m))
		}
		limit := max(heightStep, heightSpread*median(hs))
		for _, d := range own {
			if stands(d, m, limit, near) {
				out = append(out, outlier{d, m})
			}
		}
	}
	return tidy(out)
}

// stands reports whether a reading lies off the middle while hardly a place around lies where it does.
func stands(d *reading, m, limit float64, near []place) bool {
	off := float64(d.h) - m
	if off < 0 && d.what != ofGround {
		limit += heightDepth
	}
	if d.drawn {
		limit += heightDrawn
	}
	if math.Abs(off) <= limit || math.Abs(off) <= limit+heightSlope*distance(d, near) {
		return false
	}
	agree := 0
	for _, p := range near {
		if math.Abs(float64(p.h-d.h)) < limit/2 && (p.e != d.e || p.n != d.n) {
			agree++
		}
	}
	return agree <= max(1, len(near)/20)
}

// distance is the middle distance to what lies around.
func distance(d *reading, near []place) float64 {
	var ds []float32
	for _, p := range near {
		ds = append(ds, float32(math.Hypot(float64(p.e-d.e), float64(p.n-d.n))))
	}
	return median(ds)
}

// tidy orders the outliers as in the files, one a row, and leaves out the lines that only repeat the height of a point they end at.
func tidy(out []outlier) []outlier {
	points := map[[2]float32]bool{}
	for _, o := range out {
		if o.what != ofLine {
			points[[2]float32{o.e, o.n}] = true
		}
	}
	out = slices.DeleteFunc(out, func(o outlier) bool { return o.what == ofLine && points[[2]float32{o.e, o.n}] })
	slices.SortFunc(out, func(a, b outlier) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line), cmp.Compare(a.what, b.what), cmp.Compare(a.h, b.h))
	})
	return slices.CompactFunc(out, func(a, b outlier) bool { return a.file == b.file && a.line == b.line && a.line > 0 })
}

// noteHeights reports the heights that stand out, row by row.
func (s *sink) noteHeights() {
	for _, o := range s.places.outliers() {
		row := s.places.row(o.reading)
		row.Field, row.Value = readingNames[o.what], fmt.Sprintf("%.2f", o.h)
		row.Reason = fmt.Sprintf("this height stands out, those around it lie at about %.2f m; check it", o.around)
		s.Note(row)
	}
}

// strayFloor is how far from the middle of a file a place may always lie, metres; beyond it may be strayTimes as far as half the places.
const (
	strayFloor = 50_000.0
	strayTimes = 20.0
)

// strays finds the few places that lie far off all others, such as a point at 0, 0. Where many do the file is one of several towns.
func (r *readings) strays() []*reading {
	if r.n < 4 {
		return nil
	}
	step := r.n/20_000 + 1
	var es, ns, ds []float32
	i := 0
	r.each(func(d *reading) {
		if i++; i%step == 0 {
			es, ns = append(es, d.e), append(ns, d.n)
		}
	})
	e, n := median(slices.Clone(es)), median(slices.Clone(ns))
	for i := range es {
		ds = append(ds, float32(math.Hypot(float64(es[i])-e, float64(ns[i])-n)))
	}
	limit := strayFloor + strayTimes*median(ds)
	var out []*reading
	r.each(func(d *reading) {
		if math.Hypot(float64(d.e)-e, float64(d.n)-n) > limit {
			out = append(out, d)
		}
	})
	if len(out) > max(r.n/4, 1) || (len(out) > r.n/50 && len(out) > 6) {
		return nil
	}
	return out
}

// refuseStrays refuses the rows of places far off all others. It reports whether there are any.
func (s *sink) refuseStrays() (bool, error) {
	list := s.places.strays()
	for _, d := range list {
		row := s.places.row(d)
		if s.banned[row] {
			continue
		}
		s.banned[row] = true
		p := geometry.Point{E: s.places.origin.E + float64(d.e), N: s.places.origin.N + float64(d.n)}
		row.Reason = fmt.Sprintf("it lies at %.0f east, %.0f north of the installation's plane, far off everything else in the files; correct its coordinates", p.E, p.N)
		if err := s.Refuse(row); err != nil {
			return true, err
		}
	}
	return len(list) > 0, nil
}

// median is the middle of values, which it reorders; 0 of none.
func median(v []float32) float64 {
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	return float64(v[len(v)/2])
}
