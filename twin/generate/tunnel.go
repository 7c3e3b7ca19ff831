package generate

import (
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// A road tunnel of two tubes runs below the whole city along the coast: from a portal outside it down a ramp, deep below everything else, and up to a
// portal on the other side. A shield of 11.3 m drove its tubes, as for two lanes each; towards the portals they lie in an open pit that was filled again.
const (
	tubeClear  = 10.3 // m
	tubeLining = 0.5
	tubeAside  = 8.5  // of the middle of a tube from that of the tunnel: half an outer diameter of ground is left between two tubes
	roadDeck   = 2.9  // above the invert: 4.5 m of clearance over two lanes of 3.75 and 3.5 m (CJJ 221)
	tubeCover  = 18.0 // from ground to crown: half a diameter and more below the gallery
	ringLength = 2.0  // of a ring of lining

	pitWidth, pitHeight, pitWall = 9.6, 6.2, 0.8 // of a tube in the pit
	pitUp                        = 0.55          // its middle above that of a round tube whose roadway lies at the same height

	rampSlope = 0.038 // against the ground, which adds less than 0.012: CJJ 221 has at most 0.05
	sagLength = 160.0 // of the vertical curve at the foot of a ramp: a radius of 4,200 m
	crestLen  = 60.0  // of the one at its head

	portalDepth  = 5.5   // of the axis below ground at a portal
	portalBefore = 280.0 // metres of the plan from a portal to the first street
	pitLength    = 190.0 // metres of the plan from a portal to where the shield began
	tunnelPart   = 240.0 // metres: a cross passage a part; GB 50016 12.1.7 has them every 250 to 300 m
	tunnelHalf   = tubeAside + tubeClear/2 + tubeLining
)

var fullDepth = tubeCover + tubeClear/2 + tubeLining

// tunnelRoute is the line of the road tunnel on the plan: v is fixed, from and to are its portals.
type tunnelRoute struct {
	there    bool
	row      int // it runs between this coastal street and the next
	v        float64
	from, to float64
	shafts   []float64 // where air shafts reach the ground
}

func newTunnelRoute(p *plan) tunnelRoute {
	t := tunnelRoute{there: true, from: -portalBefore, to: p.us[len(p.us)-1].at + portalBefore}
	best := math.Inf(1)
	for j := 0; j+1 < len(p.vs); j++ {
		if d := math.Abs((p.vs[j].at+p.vs[j+1].at)/2 - p.middle[1]); d < best {
			best, t.row, t.v = d, j, (p.vs[j].at+p.vs[j+1].at)/2
		}
	}
	return t
}

// depth is how far below the ground the axis lies at u: a straight ramp, a vertical curve, and then even.
func (t *tunnelRoute) depth(u float64) float64 {
	x := min(u-t.from, t.to-u)
	straight := (fullDepth-portalDepth)/rampSlope - sagLength/2
	switch {
	case x <= straight:
		return portalDepth + rampSlope*x
	case x >= straight+sagLength:
		return fullDepth
	}
	y := straight + sagLength - x
	return fullDepth - rampSlope/(2*sagLength)*y*y
}

// cut lowers the ground to the open approach before a portal: the roadway between slopes of 1 in 1.
func (t *tunnelRoute) cut(u, v, h float64) float64 {
	if !t.there {
		return h
	}
	x := max(t.from-u, u-t.to)
	if x <= 0 {
		return h
	}
	begin := portalDepth + tubeClear/2 - roadDeck
	straight := begin/rampSlope - crestLen/2
	deep := begin - rampSlope*x
	if x > straight {
		y := max(0, straight+crestLen-x)
		deep = rampSlope / (2 * crestLen) * y * y
	}
	return min(h, h-deep+max(0, math.Abs(v-t.v)-tunnelHalf-1))
}

// approach is how long the open approach before a portal is.
func (t *tunnelRoute) approach() float64 {
	return (portalDepth+tubeClear/2-roadDeck)/rampSlope + crestLen/2
}

// near reports whether the tunnel lies too shallow below a lot to build there.
func (t *tunnelRoute) near(r lot) bool {
	if !t.there || r.v1 < t.v-tunnelHalf-5 || r.v0 > t.v+tunnelHalf+5 {
		return false
	}
	return min(t.depth(r.u0), t.depth(r.u1)) < fullDepth-0.01
}

// settleShafts puts an air shaft about every 900 m inside a free block.
func (t *tunnelRoute) settleShafts(p *plan, uses map[[2]int]use) {
	if !t.there {
		return
	}
	last := t.from
	for i := 0; i+1 < len(p.us); i++ {
		r, ok := p.lot(i, t.row)
		if u := (r.u0 + r.u1) / 2; ok && uses[[2]int{i, t.row}] == nothing && u-last > 900 && r.v0 < t.v-6 && r.v1 > t.v+6 && t.to-u > 500 {
			uses[[2]int{i, t.row}], last = airShaft, u
			t.shafts = append(t.shafts, u)
		}
	}
}

const tunnelName, tunnelNameEN = "昆仑隧道", "Kunlun Tunnel"

// tunnel makes the parts of the road tunnel.
func (m *maker) tunnel() {
	r := &m.c.plan.tunnel
	if m.dry || m.stopped || !r.there {
		return
	}
	l := line{t: bored, net: "SD", kit: kit{material: "RCP", section: geometry.Section{Shape: geometry.Rectangle, Width: 2*tubeAside + tubeClear, Height: tubeClear, Wall: tubeLining}},
		owner: "市交通局", road: tunnelName, installed: "2016", ref: twin.RefAxis, key: 2 << 60}
	ends := []float64{r.from, r.from + pitLength}
	length := r.to - r.from - 2*pitLength
	n := int(math.Ceil(length / tunnelPart))
	for k := 1; k <= n; k++ {
		ends = append(ends, r.from+pitLength+length*float64(k)/float64(n))
	}
	ends = append(ends, r.to)
	for k := 0; k+1 < len(ends) && !m.stopped; k++ {
		m.tunnelPart(&l, ends[k], ends[k+1], k == 0, k+2 == len(ends))
	}
}

// tunnelPart makes the part between two places; first and last are those with portals.
func (m *maker) tunnelPart(l *line, u1, u2 float64, first, last bool) {
	r := &m.c.plan.tunnel
	n := m.number(l.t)
	a := m.fresh(l, twin.KindTunnel, l.net+"-"+string(pad(nil, n)), n)
	a.Section, a.Name = l.kit.section, tunnelName
	pieces := int(math.Ceil((u2 - u1) / 20))
	for k := range pieces + 1 {
		u := u1 + (u2-u1)*float64(k)/float64(pieces)
		at := m.spot(u, r.v)
		a.Line = append(a.Line, geometry.Point{E: at.e, N: at.n, H: m.c.plan.land(u, r.v) - r.depth(u)})
		a.Ground = append(a.Ground, at.g)
	}
	if first || last {
		a.Section = geometry.Section{Shape: geometry.Rectangle, Width: 2*tubeAside + pitWidth, Height: pitHeight, Wall: pitWall}
		a.Structure = &geometry.Structure{Tunnel: m.pitPart(a, first)}
		a.Attributes = []twin.Attr{{Key: "工法", Value: "明挖"}}
	} else {
		a.Structure = &geometry.Structure{Tunnel: m.shieldPart(a, u1, u2)}
		a.Attributes = []twin.Attr{{Key: "工法", Value: "盾构"}}
	}
	m.put()
}

// pitPart is the inside of a part built in an open pit, which ends in a portal.
func (m *maker) pitPart(a *twin.Asset, first bool) *geometry.Tunnel {
	t := &geometry.Tunnel{Portals: []geometry.Portal{{AtEnd: !first, Width: 2*tunnelHalf + 3, Height: 8.4, Depth: 1.2}}}
	for _, s := range [...]float64{-1, 1} {
		t.Tubes = append(t.Tubes, geometry.Tube{Name: tubeName(s), Across: s * tubeAside, Up: pitUp, Shape: geometry.Rectangle.String(),
			Width: pitWidth, Height: pitHeight, Wall: pitWall, Deck: 0.3, Lanes: 2})
	}
	// The pit from which the shield was driven became the house of the fans.
	at, p := a.PlanLength()-9, a.Line[len(a.Line)-1]
	if !first {
		at, p = 9, a.Line[0]
	}
	t.Shafts = []geometry.Shaft{{Use: "ventilation", Chainage: round(at, 100), Plan: geometry.Plan{Width: 12, Length: 22}, Wall: 0.8, Top: round(m.c.terrain.Height(p.E, p.N)+6, 100)}}
	return t
}

func tubeName(side float64) string {
	if side < 0 {
		return "左线"
	}
	return "右线"
}

// shieldPart is the inside of a part that a shield drove.
func (m *maker) shieldPart(a *twin.Asset, u1, u2 float64) *geometry.Tunnel {
	t := &geometry.Tunnel{Lining: ringLength}
	for _, s := range [...]float64{-1, 1} {
		t.Tubes = append(t.Tubes, geometry.Tube{Name: tubeName(s), Across: s * tubeAside, Shape: geometry.Circle.String(),
			Width: tubeClear, Height: tubeClear, Wall: tubeLining, Deck: roadDeck, Lanes: 2})
	}
	length := a.PlanLength()
	t.Passages = []geometry.CrossPassage{{Chainage: round(length/2, 100), Width: 2.4, Height: 2.6}}
	for _, u := range m.c.plan.tunnel.shafts {
		if u < u1 || u >= u2 {
			continue
		}
		at := (u - u1) / (u2 - u1) * length
		if math.Abs(at-length/2) < 8 {
			at = length/2 + 8
		}
		g := m.spot(u, m.c.plan.tunnel.v).g
		t.Shafts = append(t.Shafts, geometry.Shaft{Use: "ventilation", Chainage: round(at, 100), Across: tubeAside, Plan: geometry.Plan{Width: 5, Length: 5}, Wall: 0.6, Top: round(g+4, 100)})
	}
	return t
}

// round keeps so many parts of a unit, which makes structures short to write.
func round(v, parts float64) float64 { return math.Round(v*parts) / parts }
