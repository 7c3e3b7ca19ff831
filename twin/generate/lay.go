package generate

import (
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// run is one trade's line from crossing to crossing.
type run struct {
	t        *trade
	class    class
	e        edge
	from, to twin.ID
	a, b     geometry.Point
	along    float64
}

// lay puts nodes and segments between the two ends of a run.
func (m *maker) lay(r *run) {
	length := r.a.PlanDist(r.b)
	n := max(1, int(math.Ceil(length/r.t.every)))
	last := r.from
	for i := 1; i <= n && m.left > 0 && !m.stopped; i++ {
		to := r.to
		if i < n {
			to = m.middle(r, float64(i)/float64(n))
		}
		m.segment(r, last, to, float64(i-1)/float64(n), float64(i)/float64(n))
		last = to
	}
}

// point is the place at fraction t of a run, with the height of its crown, and the ground there.
func (m *maker) point(r *run, t float64) (geometry.Point, float64) {
	p := r.a.Lerp(r.b, t)
	g := m.c.height(p.E, p.N)
	p.H = g - m.depthAt(r, t)
	return p, g
}

// dipReach is how far from a crossing, metres, a line that runs north stays below those that run east.
func (m *maker) dipReach(r *run, j int) float64 {
	s := m.c.classY[j].scale()
	return (tradeReach+math.Abs(r.t.offset))*s + 1.5
}

// depthAt is the depth of the crown at fraction t.
func (m *maker) depthAt(r *run, t float64) float64 {
	if r.t.gravity {
		i2, j2 := r.e.i+1, r.e.j
		if r.e.north {
			i2, j2 = r.e.i, r.e.j+1
		}
		d1, d2 := m.crownDepth(r.t, r.e.i, r.e.j, r.e.north), m.crownDepth(r.t, i2, j2, r.e.north)
		return d1 + t*(d2-d1)
	}
	if !r.e.north {
		return r.t.depth
	}
	length := r.a.PlanDist(r.b)
	for _, end := range [...]struct{ d, reach float64 }{{t * length, m.dipReach(r, r.e.j)}, {(1 - t) * length, m.dipReach(r, r.e.j+1)}} {
		if end.d <= end.reach {
			return dipDepth
		}
		if end.d < end.reach+rampLength {
			return dipDepth + (r.t.depth-dipDepth)*(end.d-end.reach)/rampLength
		}
	}
	return r.t.depth
}

// rampLength is how long a line takes to come up from a dip, metres.
const rampLength = 4

// middle makes a node or chamber within a run, and what branches off there.
func (m *maker) middle(r *run, t float64) twin.ID {
	p, g := m.point(r, t)
	if r.t.gravity {
		sec, _ := r.t.size(r.class, r.along)
		a := m.chamber(r.t, p, g, g-p.H+sec.OuterHeight()+0.1)
		m.put(a)
		return a.ID
	}
	if r.t.cable {
		a := m.chamber(r.t, p, g, g-p.H+0.6)
		a.Section = geometry.Section{Shape: geometry.Rectangle, Width: 0.7, Height: 0.7, Wall: 0.1}
		a.Appurtenance = "手孔井"
		m.put(a)
		m.service(r, a.ID, p, g, t)
		return a.ID
	}
	a := m.asset(twin.KindNode, r.t, "N")
	a.Line, a.Ground, a.Reference = []geometry.Point{p}, []float64{g}, twin.RefCrown
	switch d := m.rng.IntN(5); {
	case d == 0:
		a.Appurtenance = "阀门"
	case d == 1 && r.t.network == "JS":
		a.Appurtenance = "消火栓"
	case d == 1 && r.t.network == "RQ":
		a.Appurtenance = "凝水缸"
	default:
		a.Feature = "三通"
	}
	m.put(a)
	if a.Feature != "" {
		m.service(r, a.ID, p, g, t)
	}
	return a.ID
}

// segment makes one segment of a run with its share of gaps.
func (m *maker) segment(r *run, from, to twin.ID, t1, t2 float64) {
	a := m.asset(twin.KindSegment, r.t, "")
	a.Section, a.Material = r.t.size(r.class, r.along)
	a.From, a.To, a.Reference = from, to, twin.RefCrown
	for _, t := range m.stations(r, t1, t2) {
		p, g := m.point(r, t)
		a.Line, a.Ground = append(a.Line, p), append(a.Ground, g)
	}
	if r.t.gravity {
		a.Reference = twin.RefInvert
		for i := range a.Line {
			a.Line[i].H -= a.Section.Wall + a.Section.Height
		}
		// Down the street is against the way it was counted.
		reverse(a)
	}
	switch m.rng.IntN(40) {
	case 0:
		a.Ground = nil
	case 1:
		if a.Section.IsRound() && a.Section.Width >= 0.3 && r.t.gravity {
			a.Section = geometry.Section{Shape: geometry.Circle}
		}
	case 2:
		a.Material = ""
	case 3:
		a.Status = twin.StatusAbandoned
	}
	m.put(a)
}

func reverse(a *twin.Asset) {
	for i, j := 0, len(a.Line)-1; i < j; i, j = i+1, j-1 {
		a.Line[i], a.Line[j] = a.Line[j], a.Line[i]
		a.Ground[i], a.Ground[j] = a.Ground[j], a.Ground[i]
	}
	a.From, a.To = a.To, a.From
}

// stations are the fractions at which a segment has vertices: its ends, and where a dip begins and ends.
func (m *maker) stations(r *run, t1, t2 float64) []float64 {
	list := []float64{t1}
	if r.e.north && !r.t.gravity {
		length := r.a.PlanDist(r.b)
		d1, d2 := m.dipReach(r, r.e.j), m.dipReach(r, r.e.j+1)
		for _, d := range [...]float64{d1, d1 + rampLength, length - d2 - rampLength, length - d2} {
			if t := d / length; t > list[len(list)-1]+0.004 && t < t2-0.004 {
				list = append(list, t)
			}
		}
	}
	return append(list, t2)
}

// service makes a house connection from a node outwards, away from the middle of the street, between crossings.
func (m *maker) service(r *run, from twin.ID, p geometry.Point, g, t float64) {
	length := r.a.PlanDist(r.b)
	if end := min(t, 1-t) * length; m.left <= 0 || m.rng.IntN(4) == 0 || end < 30 {
		return
	}
	sec, material := geometry.Round(0.0514, 0.0058), "PE"
	switch r.t.network {
	case "RL":
		sec, material = geometry.Round(0.098, 0.005), "STL"
	case "TX", "DL":
		sec, material = geometry.Section{Shape: geometry.Cable, Width: 0.06, Height: 0.06}, "CU"
	}
	d := r.b.Sub(r.a)
	// Positive offsets lie left of streets that run east and right of those that run north.
	side := math.Copysign(1, r.t.offset)
	if r.e.north {
		side = -side
	}
	out := geometry.Point{E: -d.N, N: d.E}.Scale(side / math.Hypot(d.E, d.N))
	reach := (14-math.Abs(r.t.offset))*r.class.scale() + 3 + 3*m.rng.Float64()
	q := p.Add(out.Scale(reach))
	ground := m.c.height(q.E, q.N)
	q.H = ground - r.t.depth
	end := m.asset(twin.KindNode, r.t, "N")
	end.Feature = "入户"
	end.Line, end.Ground, end.Reference = []geometry.Point{q}, []float64{ground}, twin.RefCrown
	a := m.asset(twin.KindSegment, r.t, "")
	a.Section, a.Material, a.From, a.To, a.Reference = sec, material, from, end.ID, twin.RefCrown
	a.Line, a.Ground = []geometry.Point{p, q}, []float64{g, ground}
	if r.t.cable && m.rng.IntN(3) == 0 {
		// Nobody measured these; outside them lies nothing that an assumed depth could touch.
		a.Line[0].H, a.Line[1].H, end.Line[0].H = twin.Unknown(), twin.Unknown(), twin.Unknown()
	} else if r.t.network == "JS" && m.rng.IntN(6) == 0 {
		a.Section = geometry.Section{}
	}
	m.put(end)
	m.put(a)
}
