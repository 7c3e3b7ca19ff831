package gpkg

import (
	"errors"
	"math"

	"github.com/undercity/undercity/twin/formats/feature"
)

const (
	// sagitta is how far a chord that an arc is drawn by may lie from it, metres; sagittaDegrees is about as much in degrees.
	sagitta        = 0.01
	sagittaDegrees = 1e-7
	// mostChords bounds the chords of an arc; leastChords of a whole circle make a small one look round.
	mostChords  = 4000
	leastChords = 8
)

// chords is how many chords an arc has of a radius about a place; what could be degrees is taken for them.
func chords(r, sweep float64, a feature.Position) int {
	s := sagitta
	if math.Abs(a.X) <= 360 && math.Abs(a.Y) <= 90 {
		s = sagittaDegrees
	}
	step := 2 * math.Pi / leastChords
	if r > s {
		step = min(step, 2*math.Acos(1-s/r))
	}
	return int(min(mostChords, max(2, math.Ceil(math.Abs(sweep)/step))))
}

// arcs reads a circular string (ISO 13249-3): three positions an arc, the last of which begins the next.
func (w *wkb) arcs(g *feature.Geometry, z bool, size int) error {
	ps, err := w.positions(z, size)
	if err != nil || len(ps) == 0 {
		return err
	}
	if len(ps) < 3 || len(ps)%2 == 0 {
		return errors.New("its CircularString has not three positions an arc")
	}
	line := ps[:1:1]
	for i := 2; i < len(ps); i += 2 {
		line = appendArc(line, ps[i-2], ps[i-1], ps[i])
	}
	g.Parts = append(g.Parts, line)
	return nil
}

// appendArc appends the chords of the arc from a over b to c, without a. Heights change evenly from a to b and to c.
func appendArc(line []feature.Position, a, b, c feature.Position) []feature.Position {
	// Relative to a, so that large coordinates cost no digits.
	bx, by, cx, cy := b.X-a.X, b.Y-a.Y, c.X-a.X, c.Y-a.Y
	var x, y, sweep float64
	if cx == 0 && cy == 0 { // a whole circle, b opposite of a
		x, y, sweep = bx/2, by/2, -2*math.Pi
	} else {
		d := 2 * (bx*cy - by*cx)
		if math.Abs(d) < 1e-12*(bx*bx+by*by+cx*cx+cy*cy) {
			return append(line, b, c) // in one line
		}
		b2, c2 := bx*bx+by*by, cx*cx+cy*cy
		x, y = (cy*b2-by*c2)/d, (bx*c2-cx*b2)/d
		sweep = math.Atan2(cy-y, cx-x) - math.Atan2(-y, -x)
		if d > 0 && sweep < 0 {
			sweep += 2 * math.Pi
		} else if d < 0 && sweep > 0 {
			sweep -= 2 * math.Pi
		}
	}
	r, from := math.Hypot(x, y), math.Atan2(-y, -x)
	n := chords(r, sweep, a)
	for i := 1; i < n; i++ {
		t := float64(i) / float64(n)
		p := feature.Position{X: a.X + x + r*math.Cos(from+t*sweep), Y: a.Y + y + r*math.Sin(from+t*sweep), HasZ: a.HasZ && b.HasZ && c.HasZ}
		if p.HasZ {
			p.Z = between(a.Z, b.Z, c.Z, t)
		}
		line = append(line, p)
	}
	return append(line, c)
}

// between is the height at a part t of an arc.
func between(a, b, c, t float64) float64 {
	if t < 0.5 {
		return a + 2*t*(b-a)
	}
	return b + (2*t-1)*(c-b)
}

// compound reads a compound curve: straight and circular strings, each of which begins where the one before it ends.
func (w *wkb) compound(g *feature.Geometry, depth int) error {
	if depth > 1 {
		return errors.New("it has a collection in a collection")
	}
	n, err := w.count(5)
	if err != nil {
		return err
	}
	var line []feature.Position
	for range n {
		var part feature.Geometry
		kind, err := w.geometry(&part, depth+1)
		if err != nil {
			return err
		}
		if kind != wkbLineString && kind != wkbCircularString {
			return errors.New("its parts are not of its type")
		}
		for _, p := range part.Parts {
			if last := len(line) - 1; last >= 0 && len(p) > 0 && line[last] == p[0] {
				p = p[1:]
			}
			line = append(line, p...)
		}
	}
	if len(line) > 0 {
		g.Parts = append(g.Parts, line)
	}
	return nil
}

// curves reads several curves.
func (w *wkb) curves(g *feature.Geometry, depth int) error {
	if depth > 0 {
		return errors.New("it has a collection in a collection")
	}
	n, err := w.count(5)
	if err != nil {
		return err
	}
	for range n {
		kind, err := w.geometry(g, depth+1)
		if err != nil {
			return err
		}
		if kinds[kind] != "LineString" || kind == wkbMultiLineString || kind == wkbMultiCurve {
			return errors.New("its parts are not of its type")
		}
	}
	return nil
}
