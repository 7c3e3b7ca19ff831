package cjj61

import (
	"math"
	"strings"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// half is one end of a line in a result table: each row is a point, and says how a line leaves it.
type half struct {
	height float64 // of the reference, Unknown() where the row has none
}

// number is the number of a row's point: the one given in the field, else the one printed on the map.
func (r row) number() string {
	if n := r.get("number"); n != "" || r.l.kind != "result" {
		return n
	}
	return r.get("mapNumber")
}

// resultPoint reads the point of a row of a result table (成果表). A point stands in as many rows as lines leave it.
func (s *survey) resultPoint(t found, r row) error {
	num := r.number()
	n, ok := s.network(t, r, num)
	if num == "" || !ok {
		return s.point(t, r) // refused there
	}
	p, known := s.points.get(n.Code, num)
	if !known {
		if err := s.point(t, r); err != nil {
			return err
		}
		if p, known = s.points.get(n.Code, num); !known {
			return nil // refused
		}
		if m := r.get("mapNumber"); m != "" && m != num {
			s.points.alias(num, m)
		}
	} else if x, y, fine := numbers(r.get("easting"), r.get("northing")); fine {
		e, no, err := s.t.Point(x, y)
		if err == nil && math.Hypot(e-p.e, no-p.n) > agree {
			return s.refuse(t, r, "number", num, "the number stands twice, at places that differ; keep one of the two")
		}
	}
	to := r.get("to")
	if to == "" {
		return nil
	}
	h, ok := s.height(t, r, "pipeHeight")
	if !ok {
		s.note(t, r, "pipeHeight", r.get("pipeHeight"), "not a height in metres: unknown")
		h = twin.Unknown()
	}
	if twin.IsUnknown(h) {
		h = p.ground - s.depth(t, r, "depth")
	}
	s.halves[p.id+"\x00"+to] = half{h}
	return nil
}

// resultLine reads the line of a row of a result table. A line that is told from both its ends is one line.
func (s *survey) resultLine(t found, r row) error {
	from, to := r.number(), r.get("to")
	n, ok := s.network(t, r, from)
	if from == "" || to == "" || !ok {
		return nil
	}
	p, ok := s.points.get(n.Code, from)
	if !ok {
		return nil // its point was refused
	}
	q, ok := s.find(n.Code, to)
	if !ok {
		return s.refuse(t, r, "to", to, "there is no such point in the files or in the installation; add it, or correct the number")
	}
	if p.id == q.id {
		return s.refuse(t, r, "to", to, "the line ends where it begins")
	}
	one, other := twin.NewSegmentID(n.Code, tail(p.id), tail(q.id)), twin.NewSegmentID(n.Code, tail(q.id), tail(p.id))
	if s.told[one] || s.told[other] {
		return nil
	}
	s.told[one] = true
	ends := [2]float64{s.halves[p.id+"\x00"+to].height, q.height}
	if twin.IsUnknown(ends[1]) {
		ends[1] = q.ground - q.depth
	}
	for _, name := range [...]string{from, r.get("mapNumber")} {
		if h, ok := s.halves[q.id+"\x00"+name]; ok && name != "" && !twin.IsUnknown(h.height) {
			ends[1] = h.height
		}
	}
	a := &twin.Asset{ID: one, Kind: twin.KindSegment, Network: n.Code, From: p.id, To: q.id, Reference: n.SurveyedTo, Bottom: twin.Unknown(),
		Line: []geometry.Point{{E: p.e, N: p.n, H: ends[0]}, {E: q.e, N: q.n, H: ends[1]}}, Ground: []float64{p.ground, q.ground}}
	s.fill(t, r, n, a)
	return s.sink.Asset(a, t.at(r, "to", to))
}

// tail is an ID without its network.
func tail(id twin.ID) string {
	_, number, _ := strings.Cut(id, "-")
	return number
}
