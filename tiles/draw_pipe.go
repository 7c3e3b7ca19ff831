package tiles

import (
	"math"
	"slices"

	"github.com/undercity/undercity/geometry"
)

// isBent reports whether a structure says no more of a pipe than how it bends, and it is too narrow to look into: it is drawn in pieces, as other pipes are.
func isBent(p *geometry.Pipe, drawn geometry.Section) bool {
	return drawn.IsRound() && !isHollow(drawn) && p.EndWidth == 0 && p.EndHeight == 0 && p.EndWall == 0 && len(p.Outline) == 0 && !p.Open && p.Sediment == 0 && len(p.Holes) == 0
}

// The pieces of a bend turn by so much that it lies within bendErr, metres, of the arc, and by what still looks bent.
const (
	bendErr      = 0.03
	greatestTurn = math.Pi / 6
	leastTurn    = math.Pi / 24
)

// bentPipe draws a pipe in pieces around its bends.
func (b *builder) bentPipe(d *drawing, radius float64, id uint32) {
	b.buf = cutLong(slices.Clone(d.axis), 0)
	if half := d.drawn.OuterWidth() / 2; radius > 1.1*half {
		turn := 2 * math.Acos(max(0, 1-bendErr/max(radius, bendErr)))
		b.buf = geometry.Rounded(b.buf, radius, min(max(turn, leastTurn), greatestTurn))
	}
	b.toLocal()
	b.round(d.drawn.OuterWidth()/2, id, d.hatch)
}

// straightRun draws a straight pipe whose section is the same all along, such as a duct bank, as a shape that others share. It reports false of another.
func (b *builder) straightRun(d *drawing, p *geometry.Pipe, id uint32) bool {
	if len(d.axis) != 2 || d.axis[0].Dist(d.axis[1]) < minPiece || d.axis[0].Dist(d.axis[1]) > longestPiece || p.EndWidth > 0 || p.EndHeight > 0 || p.EndWall > 0 || p.Sediment > 0 || len(p.Holes) > mostDucts {
		return false
	}
	k := runKey{pipe: p, section: d.drawn}
	s, ok := b.runs[k]
	if !ok {
		n := geometry.Sides(max(d.drawn.OuterWidth(), d.drawn.OuterHeight())/2, structureErr)
		s.shape, s.middle, s.half = shapeOf(geometry.SweepProfile([]geometry.Point{{E: -1}, {E: 1}}, p.Profile(d.drawn, n, false), nil))
		if b.runs == nil {
			b.runs = map[runKey]straight{}
		}
		b.runs[k] = s
	}
	if s.shape == nil {
		return false
	}
	v := d.axis[1].Sub(d.axis[0])
	l := v.Len()
	v = v.Scale(1 / l)
	left, above := crossAxes(v)
	s.half.E = l / 2
	b.repeat(s.shape, use{middle: d.axis[0].Lerp(d.axis[1], 0.5).Add(left.Scale(s.middle.N)).Add(above.Scale(s.middle.H)), half: s.half, axes: [3]geometry.Point{v, left, above}, hatch: d.hatch, id: id, line: true})
	return true
}

// mostDucts are as many as geometry bores; more are discs on the ends.
const mostDucts = 200

// runKey is what the cross-section of a straight run follows from. A Pipe is never changed once it is shared.
type runKey struct {
	pipe    *geometry.Pipe
	section geometry.Section
}

// straight is a run of 2 m about the origin.
type straight struct {
	shape        *repeated
	middle, half geometry.Point
}
