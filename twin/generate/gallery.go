package generate

import (
	"fmt"
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

func hypot(a, b float64) float64 { return math.Sqrt(a*a + b*b) }

// diagonalAt is the point of the plan at fraction t of the diagonal avenue.
func (p *plan) diagonalAt(t float64) (u, v float64) {
	u0, v0 := 0.06*p.middle[0]*2, shore+0.12*(p.depthV-shore)
	u1, v1 := 0.94*p.middle[0]*2, shore+0.90*(p.depthV-shore)
	return u0 + t*(u1-u0), v0 + t*(v1-v0)
}

func (p *plan) diagonalLength() float64 {
	u0, v0 := p.diagonalAt(0)
	u1, v1 := p.diagonalAt(1)
	return hypot(u1-u0, v1-v0)
}

// clear reports whether a point of the plan is well inside a block.
func (p *plan) clear(u, v float64) bool {
	for _, s := range p.us {
		if math.Abs(u-s.at) < s.class.half()+8 {
			return false
		}
	}
	for _, s := range p.vs {
		if math.Abs(v-s.at) < s.class.half()+8 {
			return false
		}
	}
	return true
}

// The utility tunnel after GB 50838: gas alone in its compartment (4.3.4), heating apart from power (4.3.6), water below heating (4.3.8), a clear height of
// 2.4 m and more (5.3.1), passages of 1.0 m between equipment on both sides and 0.9 m beside one (5.3.3), fire walls (7.1.6) and ways out (5.4.4) at most
// every 200 m, openings of the gas compartment 10 m from all others (5.4.7).
const (
	hallHeight = 3.0
	hallWall   = 0.4
	hallInner  = 0.3 // wall between two compartments
	hallFloor  = -hallHeight / 2
	hallPart   = 160.0 // metres of the plan between fire walls: the map stretches it by up to a quarter
	hallPieces = 6     // of the axis of a part
)

// The compartments from left to right, looking inland.
const (
	gasRoom = iota
	mixedRoom
	powerRoom
)

var (
	rooms = [...]geometry.Compartment{
		gasRoom:   {Name: "燃气舱", Left: -4.1, Floor: hallFloor, Width: 1.8, Height: hallHeight, Use: "RQ"},
		mixedRoom: {Name: "综合舱", Left: -2.0, Floor: hallFloor, Width: 3.4, Height: hallHeight, Use: "JS RL TX"},
		powerRoom: {Name: "电力舱", Left: 1.7, Floor: hallFloor, Width: 2.4, Height: hallHeight, Use: "DL"},
	}
	hallSection = geometry.Section{Shape: geometry.Rectangle, Width: 8.2, Height: hallHeight, Wall: hallWall}
)

// hallLine is a line that lies in the gallery.
type hallLine struct {
	t      trade
	room   int
	across float64 // of its axis, to the right of the gallery's
	up     float64 // of its axis above the floor
	kit    kit
	year   string
}

// saddle is the space between where a bracket begins, which is 6 cm high, and what lies on it.
const saddle = 0.08

// hallLines are the lines in the gallery. Pipes keep 0.5 m from wall and floor, as GB 50838 5.3.6 has it for DN 400 to 800; cables lie on brackets 0.4 m apart.
func hallLines(k *kits) []hallLine {
	heat, cable110, cable10, fibre := k.line[supply][mainStreet][0], k.cable110, k.cable10, k.fibre
	r := func(k kit) float64 { return k.section.OuterHeight() / 2 }
	list := []hallLine{
		{gas, gasRoom, -3.4, 0.5 + r(k.hallGas), k.hallGas, "2019"},
		{water, mixedRoom, -2.0 + 0.5 + r(k.line[water][mainStreet][1]), 0.5 + r(k.line[water][mainStreet][1]), k.line[water][mainStreet][1], "2019"},
		{supply, mixedRoom, -2.0 + 0.42, 1.55 + saddle + r(heat), heat, "2020"},
		{supply, mixedRoom, -2.0 + 0.42, 2.20 + saddle + r(heat), heat, "2020"},
	}
	for _, up := range [...]float64{1.1, 1.5} {
		list = append(list, hallLine{telecom, mixedRoom, 1.4 - 0.25, up + saddle + r(fibre), fibre, "2021"})
	}
	for _, up := range [...]float64{0.6, 1.0, 1.4} {
		list = append(list, hallLine{power, powerRoom, 1.7 + 0.3, up + saddle + r(cable10), cable10, "2020"},
			hallLine{power, powerRoom, 4.1 - 0.3, up + saddle + r(cable110), cable110, "2022"})
	}
	return list
}

// brackets are the rows of arms that the lines lie on.
var brackets = func() []geometry.Bracket {
	list := []geometry.Bracket{{Compartment: mixedRoom, Up: 1.55, Reach: 0.7, Every: 3}, {Compartment: mixedRoom, Up: 2.2, Reach: 0.7, Every: 3}}
	for _, up := range [...]float64{1.1, 1.5} {
		list = append(list, geometry.Bracket{Compartment: mixedRoom, Right: true, Up: up, Reach: 0.5, Every: 1})
	}
	for _, up := range [...]float64{0.6, 1.0, 1.4, 1.8} {
		list = append(list, geometry.Bracket{Compartment: powerRoom, Up: up, Reach: 0.6, Every: 1}, geometry.Bracket{Compartment: powerRoom, Right: true, Up: up, Reach: 0.6, Every: 1})
	}
	return list
}()

// hallRun is the gallery on its way across the city.
type hallRun struct {
	line  line
	axis  [hallPieces + 1]geometry.Point // of the part, at half the clear height
	chain [hallPieces + 1]float64
	t1    float64 // fractions of the diagonal at which the part begins and ends
	t2    float64
	lines []hallLine
	last  []int // node at which each line goes on
}

// gallery runs across the grid below a diagonal avenue, deeper than the pipes of the streets; shafts reach the ground inside the blocks.
func (m *maker) gallery() {
	p := &m.c.plan
	if m.stopped {
		return
	}
	h := &hallRun{line: line{t: hall, net: "ZH", kit: kit{material: "RCP", section: hallSection}, owner: "市综合管廊公司", road: p.diagonal.name, installed: "2019", ref: twin.RefAxis, key: 1 << 60}}
	if p.served {
		h.lines = m.c.kits.hall
		h.last = make([]int, len(h.lines))
	}
	n := int(math.Ceil(p.diagonalLength() / hallPart))
	last := m.hallEnd(h, 0)
	for s := 1; s <= n && !m.stopped; s++ {
		h.t1, h.t2 = float64(s-1)/float64(n), float64(s)/float64(n)
		var next int
		if s == n {
			next = m.hallEnd(h, 1)
		} else {
			next = m.hallNode(h, h.t2, "防火门")
		}
		m.hallPart(h, last, next, s)
		last = next
	}
}

// hallHeightAt is the height of the gallery's axis below a spot.
func hallHeightAt(at spot) float64 { return at.g - galleryCover - hallWall - hallHeight/2 }

func (m *maker) hallNode(h *hallRun, t float64, word string) int {
	at := m.spot(m.c.plan.diagonalAt(t))
	return m.node(&h.line, at, hallHeightAt(at), "", word)
}

// hallEnd is the shaft at an end, where the lines come up; below a street it is a wall that waits for the next stage.
func (m *maker) hallEnd(h *hallRun, t float64) int {
	u, v := m.c.plan.diagonalAt(t)
	at := m.spot(u, v)
	if !m.c.plan.clear(u, v) {
		return m.node(&h.line, at, hallHeightAt(at), "预留", "")
	}
	return m.chamber(&h.line, at, hallHeightAt(at)-hallHeight/2, shaft{entryPit, "RCP", "端部井"}, nil)
}

// hallPart makes a part of the gallery from one fire wall to the next, and what lies in it.
func (m *maker) hallPart(h *hallRun, from, to, s int) {
	l := &h.line
	id := m.lineID(l)
	if !m.dry {
		m.hallAxis(h)
		shafts, words := m.hallShafts(h, s)
		a := m.fresh(l, twin.KindGallery, id, from)
		a.From, a.To, a.Section = m.id(l.net, from), m.id(l.net, to), l.kit.section
		a.Name = fmt.Sprintf("%s综合管廊 %s", l.road, a.ID[len(l.net)+1:])
		a.Attributes = []twin.Attr{{Key: "舱室", Value: "燃气舱 1.8 m、综合舱 3.4 m、电力舱 2.4 m"}}
		a.Structure = &geometry.Structure{Gallery: &geometry.Gallery{Compartments: rooms[:], Brackets: brackets, Shafts: shafts,
			FireDoors: []float64{math.Floor(h.chain[hallPieces]*100) / 100}}}
		m.course(h.axis[:])
		m.put()
		h.line.in = id
		for i, w := range words {
			m.hallMouth(h, shafts[i], w)
		}
		m.hallSump(h)
		h.line.in = ""
	}
	for k := range h.lines {
		m.hallLine(h, k, id)
	}
}

// course sets the line of the asset, and the ground above it.
func (m *maker) course(axis []geometry.Point) {
	m.a.Line, m.a.Ground = append(m.line[:0], axis...), m.ground[:0]
	for _, p := range axis {
		m.a.Ground = append(m.a.Ground, m.c.terrain.Height(p.E, p.N))
	}
}

// hallAxis finds the axis of the part.
func (m *maker) hallAxis(h *hallRun) {
	for k := range h.axis {
		at := m.spot(m.c.plan.diagonalAt(h.t1 + (h.t2-h.t1)*float64(k)/hallPieces))
		h.axis[k] = geometry.Point{E: at.e, N: at.n, H: hallHeightAt(at)}
		if k > 0 {
			h.chain[k] = h.chain[k-1] + h.axis[k].PlanDist(h.axis[k-1])
		}
	}
}

// right is the direction to the right of the axis at vertex k, between its two pieces.
func (h *hallRun) right(k int) (e, n float64) {
	a, b := h.axis[max(k-1, 0)], h.axis[min(k+1, hallPieces)]
	d := hypot(b.E-a.E, b.N-a.N)
	return (b.N - a.N) / d, -(b.E - a.E) / d
}

// hallLine lays a line through the part.
func (m *maker) hallLine(h *hallRun, k int, in twin.ID) {
	q := &h.lines[k]
	l := line{t: q.t, net: q.t.net(), kit: q.kit, owner: owners[q.t], road: h.line.road, installed: q.year, ref: twin.RefAxis, key: h.line.key + uint64(k) + 1, in: in, seen: true}
	var axis [hallPieces + 1]geometry.Point
	if !m.dry {
		for i := range axis {
			e, n := h.right(i)
			axis[i] = h.axis[i].Add(geometry.Point{E: e * q.across, N: n * q.across, H: hallFloor + q.up})
		}
	}
	node := func(p geometry.Point, feature string) int {
		at := spot{e: p.E, n: p.N}
		if !m.dry {
			at.g = m.c.terrain.Height(p.E, p.N)
		}
		return m.node(&l, at, p.H, feature, "")
	}
	from, feature := h.last[k], "直线点"
	if h.t1 == 0 {
		from = node(axis[0], "预留口")
	}
	if h.t2 == 1 {
		feature = "预留口"
	}
	to := node(axis[hallPieces], feature)
	h.last[k] = to
	m.segments++
	if m.dry {
		return
	}
	a := m.fresh(&l, twin.KindSegment, m.lineID(&l), from)
	a.From, a.To, a.Section = m.id(l.net, from), m.id(l.net, to), l.kit.section
	m.course(axis[:])
	m.put()
}

// hallOpening is a kind of opening to the ground and the word of what stands on it.
type hallOpening struct {
	word  string
	above float64 // how far it stands above the ground: 0.9 m for air, so that no flood comes in
	shaft geometry.Shaft
}

// hallOpenings take turns along the gallery. Each part has a way out of the mixed and of the power compartment within 200 m.
var hallOpenings = [2][]hallOpening{{
	{"排风口", 0.9, geometry.Shaft{Use: "ventilation", Across: -3.2, Plan: geometry.Plan{Width: 1.2, Length: 1.2}}},
	{"人员出入口", 0.5, geometry.Shaft{Use: "entry", Across: -0.3, Plan: geometry.Plan{Width: 2.4, Length: 1.8}}},
	{"进风口", 0.9, geometry.Shaft{Use: "ventilation", Across: 2.9, Plan: geometry.Plan{Width: 1.8, Length: 1.8}}},
}, {
	{"逃生口", 0.3, geometry.Shaft{Use: "escape", Across: 2.9, Plan: geometry.Plan{Width: 1.0, Length: 1.0}}},
	{"吊装口", 0.3, geometry.Shaft{Use: "hoist", Across: -0.3, Plan: geometry.Plan{Width: 6.5, Length: 1.2}}},
	{"进风口", 0.9, geometry.Shaft{Use: "ventilation", Across: -3.2, Plan: geometry.Plan{Width: 1.2, Length: 1.2}}},
}}

// hallShafts puts the openings of a part where it runs inside a block, 12 m apart.
func (m *maker) hallShafts(h *hallRun, s int) (list []geometry.Shaft, words []hallOpening) {
	p := &m.c.plan
	next := hallOpenings[s%2]
	last := math.Inf(-1)
	for x := 4.0; x < h.chain[hallPieces]-4 && len(next) > 0; x += 2 {
		at, f, e, n := h.at(x)
		u, v := p.diagonalAt(h.t1 + (h.t2-h.t1)*f)
		if x-last < 12 || !p.clear(u, v) {
			continue
		}
		o := next[0]
		next, last = next[1:], x
		sh := o.shaft
		sh.Chainage, sh.Wall, sh.Top = round(x, 100), 0.25, round(m.c.terrain.Height(at.E+e*sh.Across, at.N+n*sh.Across)+o.above, 100)
		list, words = append(list, sh), append(words, o)
	}
	return list, words
}

// at is the point of the axis at a chainage, which fraction of the part lies before it, and the direction to its right.
func (h *hallRun) at(x float64) (p geometry.Point, f, e, n float64) {
	k := 0
	for k < hallPieces-1 && h.chain[k+1] < x {
		k++
	}
	a, b := h.axis[k], h.axis[k+1]
	d := hypot(b.E-a.E, b.N-a.N)
	f = (x - h.chain[k]) / d
	return a.Lerp(b, f), (float64(k) + f) / hallPieces, (b.N - a.N) / d, -(b.E - a.E) / d
}

// hallMouth is the node on top of a shaft.
func (m *maker) hallMouth(h *hallRun, s geometry.Shaft, o hallOpening) {
	p, _, e, n := h.at(s.Chainage)
	p = p.Add(geometry.Point{E: e * s.Across, N: n * s.Across})
	at := spot{p.E, p.N, m.c.terrain.Height(p.E, p.N)}
	m.node(&h.line, at, at.g, "", o.word)
}

// hallSump is where water gathers, at the lowest vertex of the part.
func (m *maker) hallSump(h *hallRun) {
	low := 1
	for k := 1; k < hallPieces; k++ {
		if h.axis[k].H < h.axis[low].H {
			low = k
		}
	}
	e, n := h.right(low)
	across := rooms[mixedRoom].Left + rooms[mixedRoom].Width/2
	p := h.axis[low].Add(geometry.Point{E: e * across, N: n * across, H: hallFloor})
	m.node(&h.line, spot{p.E, p.N, m.c.terrain.Height(p.E, p.N)}, p.H, "", "集水坑")
}
