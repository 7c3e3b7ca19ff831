package geometry

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// fitSlack is how far something may be said to stand beyond the end of an axis, metres: axes are rounded, and chainages are taken along others of them. It
// is drawn at the end.
const fitSlack = 0.5

// leastRing is the length of the shortest ring of a lining, metres: rings of real ones are 0.75 to 2 m long.
const leastRing = 0.2

// Fit returns why a structure that has passed its Check cannot stand on an axis, nil when it can: what lies beyond the end, above the lid or below the floor
// would not be drawn, and nobody would know. bottom is the floor of a chamber; it and the heights of the axis are NaN where they are not known. The message
// names the member, as that of Check does.
func (s *Structure) Fit(axis []Point, sec Section, bottom float64) error {
	var c check
	b := builder{axis: zeroed(axis)}
	var a alignment
	if s.Gallery != nil || s.Tunnel != nil || s.Bridge != nil {
		var ok bool
		if a, ok = b.along(); !ok {
			c.fail(s.kind(), "the axis has no length in plan")
			return c.err
		}
	}
	known := !slices.ContainsFunc(axis, func(p Point) bool { return math.IsNaN(p.H) })
	switch {
	case s.Pipe != nil:
		c.holes(s.Pipe, sec)
	case s.Chamber != nil && len(axis) > 0:
		c.depths(s.Chamber, axis[0].H, bottom)
	case s.Gallery != nil:
		c.standing("gallery/shafts", s.Gallery.Shafts, a, known)
		for i, d := range s.Gallery.FireDoors {
			c.along(a, d, "gallery/fireDoors/%d", i)
		}
	case s.Tunnel != nil:
		c.standing("tunnel/shafts", s.Tunnel.Shafts, a, known)
		c.tubes(s.Tunnel, a)
	case s.Bridge != nil:
		for i, p := range s.Bridge.Supports {
			c.along(a, p.Chainage, "bridge/supports/%d/chainage", i)
		}
	case s.Space != nil:
		c.ring(axis)
	}
	return c.err
}

// zeroed is an axis with 0 for heights that are not known.
func zeroed(axis []Point) []Point {
	axis = slices.Clone(axis)
	for i := range axis {
		if math.IsNaN(axis[i].H) {
			axis[i].H = 0
		}
	}
	return axis
}

func (s *Structure) kind() string {
	switch {
	case s.Gallery != nil:
		return "gallery"
	case s.Tunnel != nil:
		return "tunnel"
	}
	return "bridge"
}

func (c *check) along(a alignment, chainage float64, where string, i int) {
	if end := a.length(); chainage > end+fitSlack {
		c.fail(fmt.Sprintf(where, i), "%.6g m is beyond the end of the axis, at %.6g m", chainage, end)
	}
}

func (c *check) standing(where string, list []Shaft, a alignment, known bool) {
	for i, s := range list {
		c.along(a, s.Chainage, where+"/%d/chainage", i)
		if h := a.at(s.Chainage).at.H; known && s.Top <= h {
			c.fail(fmt.Sprintf(where+"/%d/top", i), "%.6g m is not above the axis, which is at %.6g m there", s.Top, h)
		}
	}
}

// tubes wants room for each: the walls of two may be one, but the middle of none lies in another.
func (c *check) tubes(t *Tunnel, a alignment) {
	for i, u := range t.Tubes {
		for k, o := range t.Tubes[:i] {
			if w, h := max(u.Width, o.Width)/2, max(u.Height, o.Height)/2; math.Abs(u.Across-o.Across) < w && math.Abs(u.Up-o.Up) < h {
				c.fail(fmt.Sprintf("tunnel/tubes/%d", i), "it overlaps tube %d by more than half", k)
				return
			}
		}
	}
	if t.Lining > 0 {
		c.within("tunnel/lining", t.Lining, leastRing, maxExtent)
	}
	for i, p := range t.Passages {
		c.along(a, p.Chainage, "tunnel/passages/%d/chainage", i)
		if len(t.Tubes) < 2 {
			c.fail(fmt.Sprintf("tunnel/passages/%d", i), "there are no two tubes that it could join")
		}
	}
}

// depths wants layers and openings between the lid and the floor.
func (c *check) depths(m *Chamber, lid, bottom float64) {
	if !(lid-bottom > 0) { // not known, or drawn as a chamber of no depth
		return
	}
	deep := lid - bottom + m.Sump
	sum := 0.0
	for i, l := range m.Layers {
		if sum += l.Height; sum > deep+fitSlack {
			c.fail(fmt.Sprintf("chamber/layers/%d/height", i), "the layers are %.6g m high to here, and the chamber is %.6g m deep", sum, deep)
		}
	}
	for i, o := range m.Openings {
		at := fmt.Sprintf("chamber/openings/%d/invert", i)
		if o.Invert >= lid {
			c.fail(at, "%.6g m is not below the lid at %.6g m", o.Invert, lid)
		}
		if o.Invert+max(o.Diameter, fitSlack) < lid-deep {
			c.fail(at, "%.6g m is below the floor at %.6g m", o.Invert, lid-deep)
		}
	}
}

// holes wants each duct within the bank, and none in another.
func (c *check) holes(p *Pipe, sec Section) {
	if len(p.Holes) == 0 || c.err != nil {
		return
	}
	order := make([]int, len(p.Holes))
	widest := 0.0
	for i, h := range p.Holes {
		order[i] = i
		widest = max(widest, h.Diameter)
		if r := h.Diameter / 2; sec.Known() && len(p.Outline) == 0 && (math.Abs(h.X)+r > sec.Width/2+sec.Wall+1e-3 || math.Abs(h.Y)+r > sec.Height/2+sec.Wall+1e-3) {
			c.fail(fmt.Sprintf("pipe/holes/%d", i), "it reaches out of the bank")
			return
		}
	}
	slices.SortFunc(order, func(i, k int) int { return cmp.Compare(p.Holes[i].X, p.Holes[k].X) })
	for n, i := range order {
		a := p.Holes[i]
		for _, k := range order[n+1:] {
			o := p.Holes[k]
			if o.X-a.X > (a.Diameter+widest)/2 {
				break
			}
			if math.Hypot(o.X-a.X, o.Y-a.Y) < (a.Diameter+o.Diameter)/2-1e-3 {
				c.fail(fmt.Sprintf("pipe/holes/%d", max(i, k)), "it overlaps hole %d", min(i, k))
				return
			}
		}
	}
}

// ring wants an outline that encloses something, for what is drawn within it.
func (c *check) ring(axis []Point) {
	var o []Flat
	for _, p := range axis {
		o = append(o, Flat{p.E - axis[0].E, p.N - axis[0].N})
	}
	switch o = snapped(o); {
	case len(o) > 2 && crossesItself(o):
		c.fail("space", "the ring of the zone crosses itself")
	case len(o) < 3 || math.Abs(Area(o)) < leastArea:
		c.fail("space", "the ring of the zone encloses nothing")
	}
}
