package generate_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/generate"
)

func TestCityHasNoClash(t *testing.T) {
	for _, o := range []generate.Options{{Segments: 200, Seed: 3}, {Segments: 333, Seed: 12}, {Segments: 900, Seed: 5}, {Segments: 2000, Seed: 1}, {Segments: 6000, Seed: 7}, {Segments: 20000, Seed: 99}, {Segments: 20000}} {
		t.Run(fmt.Sprintf("seed %d", o.Seed), func(t *testing.T) {
			s := load(t, o)
			bad := 0
			for r := range s.All {
				s.In(r.Box().Grow(0.05), func(q twin.Record) bool {
					if q.Handle() <= r.Handle() || joined(s, r, q) {
						return true
					}
					if d := clearance(r, q); d < 0.05 {
						if bad++; bad <= 10 {
							t.Errorf("%s (%s %s) and %s (%s %s): %.3f m apart", r.ID(), r.Kind(), r.Drawn().Shape, q.ID(), q.Kind(), q.Drawn().Shape, d)
						}
					}
					return true
				})
			}
			if bad > 10 {
				t.Errorf("and %d more", bad-10)
			}
		})
	}
}

// joined reports whether two assets belong together: one ends at the other, both end at the same node, or one holds the other.
func joined(s *twin.Snapshot, a, b twin.Record) bool {
	if a.Network() == "ZH" || b.Network() == "ZH" {
		return inGallery(s, a, b) || inGallery(s, b, a)
	}
	if a.Network() != b.Network() {
		return false
	}
	if k := a.Kind(); k == twin.KindTunnel || k == twin.KindBridge {
		p, q := a.Axis(nil), b.Axis(nil)
		return p[len(p)-1] == q[0] || q[len(q)-1] == p[0]
	}
	return meet(a, b)
}

func meet(a, b twin.Record) bool {
	af, at, _ := a.Ends()
	bf, bt, _ := b.Ends()
	ids := map[string]bool{a.ID(): true}
	for _, id := range []string{af, at} {
		if id != "" {
			ids[id] = true
		}
	}
	return ids[b.ID()] || (bf != "" && ids[bf]) || (bt != "" && ids[bt])
}

// inGallery reports whether a is a gallery, or a part of one, that b lies in, ends at or goes on in.
func inGallery(s *twin.Snapshot, a, b twin.Record) bool {
	if a.Network() != "ZH" {
		return false
	}
	_, _, in := b.Ends()
	hall, ok := s.Find(in)
	if b.Kind() == twin.KindGallery {
		hall, ok = b, true
	}
	if !ok {
		return meet(a, b)
	}
	_, _, own := a.Ends()
	return a.ID() == hall.ID() || own == hall.ID() || meet(a, hall)
}

// body is a solid that an asset fills: an axis with half a width and half a height about it, or an upright prism over an outline.
type body struct {
	axis       []geometry.Point
	half, tall float64
	round      bool
	outline    []geometry.Point // in plan, of a prism; half is then a wall around it
	low, high  float64
}

// upright is a round body that stands at a point.
func upright(p geometry.Point, radius, low, high float64) body {
	p.H = (low + high) / 2
	return body{axis: []geometry.Point{p}, half: radius, tall: math.Abs(high-low) / 2}
}

// bodies are the outer solids of an asset.
func bodies(r twin.Record) []body {
	axis := r.Axis(nil)
	st := r.Structure()
	if st == nil {
		return []body{bodyOf(r)}
	}
	switch {
	case st.Chamber != nil:
		b, c := bodyOf(r), st.Chamber
		deeper := c.Sump + c.Slab
		if c.Slab == 0 {
			deeper += c.Wall
		}
		b.axis[0].H -= deeper / 2
		b.tall += deeper / 2
		return []body{b}
	case st.Gallery != nil:
		return append(shafts(axis, st.Gallery.Shafts), bodyOf(r))
	case st.Tunnel != nil:
		return tunnelBodies(axis, st.Tunnel)
	case st.Bridge != nil:
		return bridgeBodies(axis, st.Bridge)
	case st.Space != nil:
		s := st.Space.Storeys
		return []body{{outline: axis, half: st.Space.Wall, low: s[len(s)-1].Floor - st.Space.Slab, high: s[0].Ceiling + st.Space.Slab}}
	case st.Solid != nil:
		box, far := geometry.EmptyBox(), 0.0
		for _, v := range st.Solid.Vertices {
			box = box.Add(geometry.Point{E: v[0], N: v[1], H: v[2]})
			far = max(far, math.Hypot(v[0], v[1]))
		}
		return []body{upright(axis[0], far, axis[0].H+box.Min.H, axis[0].H+box.Max.H)}
	}
	return []body{bodyOf(r)}
}

// station is the point of an axis at a chainage in plan and the direction of the axis there.
func station(axis []geometry.Point, x float64) (p, along geometry.Point) {
	for i := 1; i < len(axis); i++ {
		l := axis[i].PlanDist(axis[i-1])
		d := axis[i].Sub(axis[i-1])
		along = geometry.Point{E: d.E / l, N: d.N / l}
		if x <= l || i+1 == len(axis) {
			return axis[i-1].Lerp(axis[i], x/l), along
		}
		x -= l
	}
	return axis[0], along
}

func aside(p, along geometry.Point, across float64) geometry.Point {
	return p.Add(geometry.Point{E: along.N * across, N: -along.E * across})
}

// box is an upright prism over a rectangle at a station.
func boxAt(p, along geometry.Point, across, length, low, high float64) body {
	var o []geometry.Point
	for _, c := range [...][2]float64{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}, {-1, -1}} {
		q := aside(p, along, c[0]*across/2)
		o = append(o, q.Add(geometry.Point{E: along.E * c[1] * length / 2, N: along.N * c[1] * length / 2}))
	}
	return body{outline: o, low: low, high: high}
}

func shafts(axis []geometry.Point, list []geometry.Shaft) (out []body) {
	for _, s := range list {
		p, along := station(axis, s.Chainage)
		out = append(out, boxAt(aside(p, along, s.Across), along, s.Plan.LengthOr()+2*s.Wall, s.Plan.Width+2*s.Wall, p.H, s.Top))
	}
	return out
}

func tunnelBodies(axis []geometry.Point, t *geometry.Tunnel) []body {
	out := shafts(axis, t.Shafts)
	for _, u := range t.Tubes {
		b := body{half: u.Width/2 + u.Wall, tall: u.Height/2 + u.Wall, round: u.Shape == "circle"}
		for i, p := range axis {
			d := axis[min(i+1, len(axis)-1)].Sub(axis[max(i-1, 0)])
			l := math.Hypot(d.E, d.N)
			q := aside(p, geometry.Point{E: d.E / l, N: d.N / l}, u.Across)
			q.H += u.Up
			b.axis = append(b.axis, q)
		}
		out = append(out, b)
	}
	for _, c := range t.Passages {
		p, along := station(axis, c.Chainage)
		out = append(out, body{axis: []geometry.Point{aside(p, along, t.Tubes[0].Across), aside(p, along, t.Tubes[1].Across)}, half: c.Width / 2, tall: c.Height / 2})
	}
	return out
}

func bridgeBodies(axis []geometry.Point, b *geometry.Bridge) []body {
	d := b.Deck
	deck := body{half: d.Width / 2, tall: (d.Thickness + d.GirderDepth + d.Parapet) / 2}
	for _, p := range axis {
		p.H += d.Parapet - deck.tall
		deck.axis = append(deck.axis, p)
	}
	out := []body{deck}
	for _, s := range b.Supports {
		p, along := station(axis, s.Chainage)
		under := s.Ground - s.Footing.Height
		out = append(out, boxAt(p, along, s.Footing.Across, s.Footing.Along, under, s.Ground), boxAt(p, along, s.Cap.Across, s.Cap.Along, p.H-d.Thickness-d.GirderDepth-s.Cap.Height, p.H))
		for k := range s.Columns {
			out = append(out, upright(aside(p, along, (float64(k)-float64(s.Columns-1)/2)*s.Spacing), s.Column.Width/math.Sqrt2, s.Ground, p.H))
		}
		for i := range s.Piles.Across {
			for j := range s.Piles.Along {
				q := aside(p, along, (float64(i)-float64(s.Piles.Across-1)/2)*s.Piles.Spacing)
				x := (float64(j) - float64(s.Piles.Along-1)/2) * s.Piles.Spacing
				out = append(out, upright(q.Add(geometry.Point{E: along.E * x, N: along.N * x}), s.Piles.Diameter/2, s.Piles.Toe, under))
			}
		}
	}
	return out
}

func bodyOf(r twin.Record) body {
	d := r.Drawn()
	b := body{axis: r.Axis(nil), half: max(d.OuterWidth(), d.Top+2*d.Wall) / 2, tall: d.OuterHeight() / 2, round: d.IsRound()}
	last := len(b.axis) - 1
	low, high := b.axis[0].H, b.axis[last].H
	switch {
	case r.Kind() == twin.KindChamber:
		low = r.DrawnBottom()
		high = b.axis[0].H
		b.half = max(d.OuterWidth(), d.OuterHeight()) / 2
		if !b.round {
			b.half *= math.Sqrt2 // however it is turned
		}
	case last > 0 && b.axis[0].PlanDist(b.axis[last]) < 0.01: // a riser
	default:
		return b
	}
	b.axis = []geometry.Point{{E: b.axis[0].E, N: b.axis[0].N, H: (low + high) / 2}}
	b.tall, b.round = math.Abs(high-low)/2, false
	return b
}

// clearance is the space between two assets: the least between their bodies.
func clearance(a, b twin.Record) float64 {
	best := math.Inf(1)
	ours, theirs := bodies(a), bodies(b)
	for _, p := range ours {
		for _, q := range theirs {
			switch {
			case len(q.outline) > 0:
				best = min(best, fromPrism(p, q))
			case len(p.outline) > 0:
				best = min(best, fromPrism(q, p))
			default:
				best = min(best, between(p, q))
			}
		}
	}
	return best
}

// between is the space between two bodies along axes. Round lines are measured exactly. Others count as upright boxes along their axes, which are
// sampled every quarter of a metre: they are apart by the greater of the gaps in plan and in height.
func between(p, q body) float64 {
	best := math.Inf(1)
	if p.round && q.round {
		for i := range segments(p.axis) {
			for j := range segments(q.axis) {
				best = min(best, geometry.SegmentDistance(p.axis[i], p.axis[min(i+1, len(p.axis)-1)], q.axis[j], q.axis[min(j+1, len(q.axis)-1)])-p.half-q.half)
			}
		}
		return best
	}
	for _, at := range samples(p.axis) {
		for j := range segments(q.axis) {
			near := nearestInPlan(at, q.axis[j], q.axis[min(j+1, len(q.axis)-1)])
			plan, height := at.PlanDist(near)-p.half-q.half, math.Abs(at.H-near.H)-p.tall-q.tall
			best = min(best, max(plan, height))
		}
	}
	return best
}

// fromPrism is the space between a body along an axis, or the outline of a prism, and a prism.
func fromPrism(p, q body) float64 {
	best := math.Inf(1)
	line, half := p.axis, p.half+q.half
	if len(p.outline) > 0 {
		line = p.outline
	}
	for _, at := range samples(line) {
		low, high := at.H-p.tall, at.H+p.tall
		if len(p.outline) > 0 {
			low, high = p.low, p.high
		}
		best = min(best, max(fromOutline(at, q.outline)-half, low-q.high, q.low-high))
	}
	return best
}

// fromOutline is the distance in plan of a point from an outline, 0 inside.
func fromOutline(p geometry.Point, o []geometry.Point) float64 {
	inside, best := false, math.Inf(1)
	for i := 1; i < len(o); i++ {
		a, b := o[i-1], o[i]
		if (a.N > p.N) != (b.N > p.N) && p.E < a.E+(p.N-a.N)/(b.N-a.N)*(b.E-a.E) {
			inside = !inside
		}
		best = min(best, p.PlanDist(nearestInPlan(p, a, b)))
	}
	if inside {
		return 0
	}
	return best
}

// samples are points along a line every quarter of a metre.
func samples(axis []geometry.Point) (list []geometry.Point) {
	for i := range segments(axis) {
		s, t := axis[i], axis[min(i+1, len(axis)-1)]
		n := 1 + int(s.PlanDist(t)/0.25)
		for k := range n + 1 {
			list = append(list, s.Lerp(t, float64(k)/float64(n)))
		}
	}
	return list
}

func segments(axis []geometry.Point) int { return max(1, len(axis)-1) }

func nearestInPlan(p, a, b geometry.Point) geometry.Point {
	d := b.Sub(a)
	l := d.E*d.E + d.N*d.N
	if l == 0 {
		return a
	}
	return a.Lerp(b, max(0, min(1, ((p.E-a.E)*d.E+(p.N-a.N)*d.N)/l)))
}
