package model

import (
	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/tiles/draw"
	"github.com/undercity/undercity/twin"
)

// piece is a part of an axis, between two chainages in plan.
type piece struct {
	axis     []geometry.Point
	from, to float64
}

// region is what lies between planes.
type region struct{ planes []plane }

// plane holds what is not behind it: normal · p ≥ least.
type plane struct {
	normal geometry.Point
	least  float64
}

// regionOf is a box of degrees and heights in the plane of a frame: four upright sides between its corners, and level planes where heights are given.
func regionOf(f *crs.Frame, d crs.Box) (region, error) {
	corners := [4][2]float64{{d.West, d.South}, {d.East, d.South}, {d.East, d.North}, {d.West, d.North}}
	var ps [4]geometry.Point
	for i, c := range corners {
		e, n, err := f.Plane(c[0], c[1])
		if err != nil {
			return region{}, err
		}
		ps[i] = geometry.Point{E: e, N: n}
	}
	var g region
	for i, p := range ps {
		d := ps[(i+1)%4].Sub(p)
		in := geometry.Point{E: -d.N, N: d.E} // counter-clockwise: the inside is on the left
		g.planes = append(g.planes, plane{in, in.Dot(p)})
	}
	up := geometry.Point{H: 1}
	return region{append(g.planes, plane{up, d.Low}, plane{up.Scale(-1), -d.High})}, nil
}

func (g region) contains(p geometry.Point) bool {
	for _, f := range g.planes {
		if f.normal.Dot(p) < f.least {
			return false
		}
	}
	return true
}

// span is which part of the straight from p to q lies within, as fractions of it (Cyrus and Beck).
func (g region) span(p, q geometry.Point) (from, to float64, ok bool) {
	from, to = 0, 1
	d := q.Sub(p)
	for _, f := range g.planes {
		over, along := f.normal.Dot(p)-f.least, f.normal.Dot(d)
		switch {
		case along > 0:
			from = max(from, -over/along)
		case along < 0:
			to = min(to, over/-along)
		case over < 0:
			return 0, 0, false
		}
	}
	return from, to, from < to
}

// shortestPiece is the shortest piece of a line that is left standing, metres.
const shortestPiece = 1e-3

// cut is what of an axis lies within.
func (g region) cut(axis []geometry.Point) []piece {
	var list []piece
	var now *piece
	chainage := 0.0
	for i := 1; i < len(axis); i++ {
		p, q := axis[i-1], axis[i]
		l := p.PlanDist(q)
		if from, to, ok := g.span(p, q); ok {
			if now == nil || from > 0 {
				list = append(list, piece{axis: []geometry.Point{p.Lerp(q, from)}, from: chainage + from*l})
				now = &list[len(list)-1]
			}
			now.axis, now.to = append(now.axis, p.Lerp(q, to)), chainage+to*l
		} else {
			now = nil
		}
		chainage += l
	}
	long := list[:0]
	for _, p := range list {
		if geometry.BoxOf(p.axis...).Size().Len() >= shortestPiece {
			long = append(long, p)
		}
	}
	return long
}

// outside is the region without the chambers that a pipe runs between: it ends where its collars do, so that one sees from a chamber into its pipes. An end
// that the rest of the axis goes back behind stays.
func (g region) outside(s *twin.Snapshot, r twin.Record, axis []geometry.Point) region {
	from, to, _ := r.Ends()
	for i, id := range [...]twin.ID{from, to} {
		c, ok := s.Find(id)
		if id == "" || !ok || c.Kind() != twin.KindChamber || c.Structure() == nil || len(axis) < 2 {
			continue
		}
		lid, drawn, _ := c.Drawing(nil)
		at, out, ok := c.Structure().Mouth(lid[0], drawn, draw.BottomOf(c), r.ID())
		p, rest := plane{out, out.Dot(at)}, axis[1:]
		if i == 1 {
			rest = axis[:len(axis)-1]
		}
		for _, q := range rest {
			ok = ok && out.Dot(q) > p.least
		}
		if ok {
			g.planes = append(g.planes[:len(g.planes):len(g.planes)], p)
		}
	}
	return g
}
