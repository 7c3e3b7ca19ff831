package draw

import (
	"math"
	"slices"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/glb"
	"github.com/undercity/undercity/tiles/local"
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
	if b.elbows(d, radius, id) {
		return
	}
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
	if !isRun(d.axis, p) {
		return false
	}
	k := runKey{pipe: p, section: d.drawn}
	s, ok := b.runs[k]
	if !ok {
		n := geometry.Sides(max(d.drawn.OuterWidth(), d.drawn.OuterHeight())/2, structureErr)
		s = placedOf(geometry.SweepProfile([]geometry.Point{{E: -1}, {E: 1}}, p.Profile(d.drawn, n, false), nil))
		if b.runs == nil {
			b.runs = map[runKey]placedShape{}
		}
		b.runs[k] = s
	}
	if s.shape == nil {
		return false
	}
	v := d.axis[1].Sub(d.axis[0])
	l := v.Len()
	v = v.Scale(1 / l)
	left, above := local.CrossAxes(v)
	s.half.E = l / 2
	b.repeat(s.shape, use{middle: d.axis[0].Lerp(d.axis[1], 0.5).Add(left.Scale(s.middle.N)).Add(above.Scale(s.middle.H)), half: s.half, axes: [3]geometry.Point{v, left, above}, hatch: d.hatch, id: id, line: true})
	return true
}

// isRun reports whether a pipe is straight, and its section the same all along.
func isRun(axis []geometry.Point, p *geometry.Pipe) bool {
	if len(axis) != 2 || p.EndWidth > 0 || p.EndHeight > 0 || p.EndWall > 0 || p.Sediment > 0 || len(p.Holes) > mostDucts {
		return false
	}
	l := axis[0].Dist(axis[1])
	return l >= minPiece && l <= longestPiece
}

// mostDucts are as many as geometry bores; more are discs on the ends.
const mostDucts = 200

// runKey is what the cross-section of a straight run follows from. A Pipe is never changed once it is shared.
type runKey struct {
	pipe    *geometry.Pipe
	section geometry.Section
}

// elbowSides are those of a bend around its axis, and elbowPieces its pieces along it.
const (
	elbowSides  = 8
	elbowPieces = 4
)

// elbows draws a pipe that bends at right angles alone, as loops do: each bend is a shape that others share. It reports false of another pipe.
func (b *builder) elbows(d *drawing, radius float64, id uint32) bool {
	half := d.drawn.OuterWidth() / 2
	last := len(d.axis) - 1
	for i := 1; i < last; i++ {
		in, on := d.axis[i].Sub(d.axis[i-1]), d.axis[i+1].Sub(d.axis[i])
		if room := min(in.Len(), on.Len()) / 2; math.Abs(in.Dot(on)) > 0.01*in.Len()*on.Len() || room < radius || radius < 1.1*half {
			return false
		}
	}
	s := elbowOf(elbow{toMillimetre(radius), toMillimetre(half)})
	if s.shape == nil {
		return false
	}
	b.buf = d.axis
	b.toLocal()
	from := d.axis[0]
	for i := 1; i <= last; i++ {
		in := d.axis[i].Sub(d.axis[i-1])
		in = in.Scale(1 / in.Len())
		to := d.axis[i]
		if i < last {
			to = to.Sub(in.Scale(radius))
		}
		b.straights(from, to, half, id, d.hatch)
		if i == last {
			return true
		}
		on := d.axis[i+1].Sub(d.axis[i])
		on = on.Sub(in.Scale(on.Dot(in)))
		on = on.Scale(1 / on.Len())
		above := in.Cross(on)
		b.repeat(s.shape, use{middle: to.Add(in.Scale(s.middle.E)).Add(on.Scale(s.middle.N)), half: s.half, axes: [3]geometry.Point{in, on, above}, hatch: d.hatch, id: id})
		from = d.axis[i].Add(on.Scale(radius))
	}
	return true
}

// straights draws a straight round pipe of the plane in pieces that follow the earth.
func (b *builder) straights(p, q geometry.Point, half float64, id uint32, hatch int) {
	list := cutLong([]geometry.Point{p, q}, 0)
	for i := 1; i < len(list); i++ {
		b.piece(glb.UnitPipe, b.place.At(list[i-1]), b.place.At(list[i]), [2]float64{half, half}, id, hatch)
	}
}

// elbow is what a bend of a right angle follows from: the radius of its axis and that of the pipe.
type elbow struct{ radius, half float64 }

var keptElbows kept[elbow, placedShape]

// elbowOf is a bend from the origin eastwards, and then to the north.
func elbowOf(e elbow) placedShape {
	return keptElbows.get(e, func() placedShape {
		var path []geometry.Point
		for i := range elbowPieces + 1 {
			s, c := math.Sincos(math.Pi / 2 * float64(i) / elbowPieces)
			path = append(path, geometry.Point{E: e.radius * s, N: e.radius * (1 - c)})
		}
		return placedOf(geometry.SweepProfile(path, geometry.Profile{Outer: geometry.Round(2*e.half, 0).Outline(elbowSides, true)}, nil))
	})
}
