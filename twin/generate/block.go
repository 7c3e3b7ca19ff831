package generate

import (
	"math"

	"github.com/undercity/undercity/geometry"
)

// block is the part of a street between two crossings. Along it stand equal pitches; in each every trade has its own place for chambers and
// services, so that no service runs into a foreign chamber.
type block struct {
	i, j, i2, j2 int
	coastal      bool
	s            *street
	begin, pitch float64 // of the first pitch, and the length of one
	n            int     // pitches
	key          uint64
}

// Where things stand, metres from the middle of a pitch.
const (
	atWaterService = -13
	atGasService   = -10
	atValve        = -7
	atGas          = -4
	atManhole      = 0
	atHeat         = 2
	atGully        = 4
	atLamp         = 6
	atPower        = 8
	atTelecom      = 12

	leastPitch = 34
	corner     = 4   // metres beyond a crossing street's property line that stay free
	frontage   = 1.5 // metres beyond the property line where services end
)

func (m *maker) block(i, j int, coastal bool) {
	b := m.c.plan.block(i, j, coastal)
	for t := range trades {
		if !t.inStreet(b.s, coastal) {
			continue
		}
		l := m.lineOf(t, b.s, i, j, coastal)
		switch t {
		case rain, sewage:
			m.drain(&b, &l)
		case lamps:
			m.lamps(&b, &l)
		default:
			m.pressure(&b, &l)
		}
	}
}

// block is the part of a street that begins at a crossing.
func (p *plan) block(i, j int, coastal bool) block {
	b := block{i: i, j: j, i2: i, j2: j + 1, coastal: coastal, s: &p.us[i], key: uint64(i)<<20 ^ uint64(j)}
	a := &p.vs[j]
	var z *street
	if coastal {
		b.i2, b.j2, b.s, b.key = i+1, j, &p.vs[j], b.key^1<<48
		a, z = &p.us[i], &p.us[i+1]
	} else {
		z = &p.vs[j+1]
	}
	b.begin = a.at + a.class.half() + corner
	length := z.at - z.class.half() - corner - b.begin
	b.n = max(1, int(length/leastPitch))
	b.pitch = length / float64(b.n)
	return b
}

// along is the spot at distance off from the centreline, x along the street.
func (m *maker) along(b *block, off, x float64) spot {
	if m.dry {
		return spot{}
	}
	if b.coastal {
		return m.spot(x, b.s.at+off)
	}
	return m.spot(b.s.at+off, x)
}

// station is the place of something in pitch k.
func (b *block) station(k int, place float64) float64 {
	return b.begin + (float64(k)+0.5)*b.pitch + place
}

// places are the stations of lines without service tees.
var places = [trades]float64{water: atValve, gas: atGas, power: atPower, telecom: atTelecom, supply: atHeat, back: atHeat, supplyC: atHeat, backC: atHeat, works: atHeat}

// pressure lays a line that keeps its depth from crossing to crossing.
func (m *maker) pressure(b *block, l *line) {
	off, depth := offsets[b.s.class][l.t], bands[l.t]
	last := m.crossEnd(b.i, b.j, l.t)
	atCrossing := true
	step := func(e end) {
		m.segment(l, last, e, !atCrossing)
		last, atCrossing = e, false
	}
	if l.t == water {
		last = m.reducer(b, l, last)
	}
	for k := range b.n {
		if place, ok := servicePlace(l.t); ok && m.take(2) {
			at := m.along(b, off, b.station(k, place))
			e := end{m.node(l, at, at.g-depth, "三通", ""), at, at.g - depth}
			step(e)
			m.service(b, l, e, b.station(k, place), k)
		}
		x := b.station(k, places[l.t])
		at := m.along(b, off, x)
		e := end{at: at, h: at.g - depth}
		switch l.t {
		case water:
			e.number = m.waterNode(b, l, e, x, k, step)
			continue
		case power, telecom:
			pit := shaft{handhole, "CON", "手孔"}
			if k%2 == 0 && b.s.class != branch {
				pit = shaft{ductPit, "CON", "人孔"}
			}
			e.number = m.chamber(l, at, e.h-0.45, pit, m.ductBuild(b, pit, at, off, x))
		default:
			e.number = m.fitting(b, l, e, k)
			m.looped(b, l, k)
		}
		step(e)
		l.bend = 0
		if (l.t == power || l.t == telecom) && m.take(1) {
			m.cabinet(b, l, e, x, k)
		}
	}
	atCrossing = true
	step(m.crossEnd(b.i2, b.j2, l.t))
}

func (m *maker) crossEnd(i, j int, t trade) end {
	e := end{number: int(*m.at(i, j, t))}
	if !m.dry {
		e.at = m.meet(i, j, t)
		e.h = e.at.g - bands[t]
	}
	return e
}

func servicePlace(t trade) (float64, bool) {
	switch t {
	case water:
		return atWaterService, true
	case gas:
		return atGasService, true
	}
	return 0, false
}

// waterNode is a valve chamber, or a node with or without a hydrant.
func (m *maker) waterNode(b *block, l *line, e end, x float64, k int, step func(end)) int {
	if tapped := k == m.c.plan.tap(b); tapped || k%3 == 0 {
		e.number = m.chamber(l, e.at, e.h-0.85, shaft{valvePit, "BRK", "阀门井"}, m.structure(build{section: valvePit, neck: 4, form: slabForm}))
		step(e)
		if tapped {
			m.carPark(b, l, e, x)
		}
		return e.number
	}
	if !m.take(1) {
		w := m.pick(along[water], b, water, k)
		e.number = m.node(l, e.at, e.h, w.feature, w.appurtenance)
		step(e)
		return e.number
	}
	e.number = m.node(l, e.at, e.h, "三通", "")
	step(e)
	reach := 1.6
	if b.s.class == branch {
		reach = 1.2
	}
	at := m.along(b, offsets[b.s.class][l.t]+reach, x)
	own := l.kit
	l.kit = m.c.kits.hydrant
	to := end{at: at, h: at.g - bands[l.t]}
	if k%7 == 4 {
		to.number = m.chamber(l, at, to.h-0.4, shaft{housePit, "BRK", "消防井"}, nil)
	} else {
		to.number = m.node(l, at, to.h, "", "消火栓")
	}
	m.segment(l, e, to, false)
	l.kit = own
	return e.number
}

// fitting is what stands in a line at a station without a chamber.
func (m *maker) fitting(b *block, l *line, e end, k int) int {
	if m.dry {
		return m.node(l, e.at, e.h, "", "")
	}
	w := m.pick(along[l.t], b, l.t, k)
	if w.appurtenance == "阴极测试桩" && l.kit.material != "STL" {
		w = plain("直线点") // polyethylene does not rust
	}
	return m.node(l, e.at, e.h, w.feature, w.appurtenance)
}

// looped makes the next segment of a heating pipe a loop in some places: supply and return side by side, each outwards.
func (m *maker) looped(b *block, l *line, k int) {
	if m.dry || l.net != "RL" || k == 0 || m.c.plan.hash(drawShape, b.key+13, uint64(k))%8 != 0 {
		return
	}
	l.bend, l.aside = 0.6, 1
	if l.t == supply || l.t == supplyC {
		l.aside = -1
	}
	if b.coastal {
		l.aside = -l.aside // the offset of a coastal street counts to the left of its direction
	}
}

// reducer is where a water main becomes smaller: the line beyond it has the kit of the street beyond.
func (m *maker) reducer(b *block, l *line, last end) end {
	if b.coastal || b.j != m.c.plan.taperRow(b.i) {
		return last
	}
	small, off := l.kit, offsets[b.s.class][water]
	big := m.mainKit(b.i)
	at := m.along(b, off, b.begin+1)
	to := end{at: at, h: at.g - bands[water]}
	l.kit = big
	to.number = m.node(l, at, to.h, "变径", "")
	m.segment(l, last, to, false)
	at = m.along(b, off, b.begin+1.8)
	next := end{at: at, h: at.g - bands[water]}
	l.kit = small
	next.number = m.node(l, at, next.h, "变径点", "")
	l.kit = big
	// Level at the top: the axis rises by what the pipe becomes thinner.
	next.h += big.section.OuterHeight()/2 - small.section.OuterHeight()/2
	l.kit.shape = m.c.kits.taper[big.section]
	m.segment(l, to, next, false)
	next.h = at.g - bands[water]
	l.kit = small
	return next
}

// ductBuild is the inside of a chamber of ducts: a neck on a slab, turned as the street runs there.
func (m *maker) ductBuild(b *block, k shaft, at spot, off, x float64) *geometry.Structure {
	if m.dry || k.section != ductPit {
		return nil
	}
	u, v := b.s.at+off, x+1
	if b.coastal {
		u, v = v, u
	}
	q := m.c.plan.place(u, v)
	return m.structure(turnedBuild(q.E-at.e, q.N-at.n))
}

// turnedBuild is the form of a chamber of ducts whose street runs in a direction.
func turnedBuild(e, n float64) build {
	bearing := int16(math.Round(math.Atan2(e, n)*18/math.Pi)+36) % 9
	return build{section: ductPit, form: slabForm, neck: 3, bearing: bearing}
}

// side is the side of the street that service k of a trade leads to.
func (m *maker) side(b *block, t trade, k int) float64 {
	if m.c.plan.hash(drawSide, b.key, uint64(t)<<32|uint64(k))&1 == 0 {
		return -1
	}
	return 1
}

// service leads from a tee to a house.
func (m *maker) service(b *block, l *line, from end, x float64, k int) {
	at := m.along(b, m.side(b, l.t, k)*(b.s.class.half()+frontage), x)
	w := m.pick(atEnd[l.t], b, l.t, k)
	own := l.kit
	l.kit = m.c.kits.house[l.t]
	to := end{at: at, h: at.g - bands[l.t]}
	if w.appurtenance == "水表井" {
		to.number = m.chamber(l, at, to.h-0.35, shaft{housePit, "BRK", w.appurtenance}, nil)
	} else {
		to.number = m.node(l, at, to.h, w.feature, w.appurtenance)
	}
	m.segment(l, from, to, false)
	l.kit = own
}

// cabinet leads from a duct chamber to a cabinet at the property line on the same side.
func (m *maker) cabinet(b *block, l *line, from end, x float64, k int) {
	side := b.s.class.half() + frontage
	w := m.pick(atEnd[l.t], b, l.t, k)
	if l.t == power {
		side = -side
		if b.s.class == mainStreet && k%2 == 0 {
			w = fit("箱式变压器")
		}
	}
	at := m.along(b, side, x)
	h := at.g - bands[l.t]
	own := l.kit
	l.kit = m.c.kits.house[l.t]
	m.segment(l, from, end{m.node(l, at, h, w.feature, w.appurtenance), at, h}, false)
	l.kit = own
}

// lamps lays the cable of the street lamps, which ends before the crossings.
func (m *maker) lamps(b *block, l *line) {
	var last end
	for k := range b.n {
		at := m.along(b, offsets[b.s.class][lamps], b.station(k, atLamp))
		e := end{at: at, h: at.g - bands[lamps]}
		w := m.pick(lampWords, b, lamps, k)
		if k == 0 || k == b.n-1 {
			w = fit("信号灯")
		}
		e.number = m.node(l, at, e.h, "", w.appurtenance)
		if k > 0 {
			m.segment(l, last, e, true)
		}
		last = e
	}
}

// drain lays a drain down its street.
func (m *maker) drain(b *block, l *line) {
	switch {
	case b.coastal && b.j == 0 && l.t == sewage:
		m.interceptor(b, l)
	case b.coastal:
		m.coastalDrain(b, l)
	default:
		m.inlandDrain(b, l)
	}
}

func stationOf(t trade) float64 {
	if t == rain {
		return atGully
	}
	return atManhole
}

// inlandDrain runs at an even depth below ground that falls to the sea all the way.
func (m *maker) inlandDrain(b *block, l *line) {
	depth := rainInvert
	if l.t == rain {
		l.kit = m.rainKit(b.i, b.j2)
	} else {
		l.kit = m.sewerKit(b.i, b.j2)
		depth = sewerInvert(l.kit)
	}
	at := m.drainCross(b.i, b.j2, l.t)
	last := end{int(*m.at(b.i, b.j2, l.t)), at, at.g - depth}
	for k := b.n - 1; k >= 0; k-- {
		at := m.along(b, offsets[b.s.class][l.t], b.station(k, stationOf(l.t)))
		last = m.manhole(b, l, last, end{at: at, h: at.g - depth}, k)
	}
	at = m.drainCross(b.i, b.j, l.t)
	m.segment(l, last, end{int(*m.at(b.i, b.j, l.t)), at, at.g - depth}, false)
}

func (m *maker) drainCross(i, j int, t trade) spot {
	if m.dry {
		return spot{}
	}
	return m.meet(i, j, t)
}

// coastalDrain begins behind the higher crossing and runs into the drain of the lower one.
func (m *maker) coastalDrain(b *block, l *line) {
	left, right := *m.at(b.i, b.j, l.t), *m.at(b.i2, b.j2, l.t)
	if left == 0 && right == 0 {
		return
	}
	if l.t == rain {
		l.kit = m.c.kits.rain[int(b.s.class)&1]
	} else {
		l.kit = m.c.kits.sewer[0]
	}
	toLeft := right == 0
	if left != 0 && right != 0 {
		p := &m.c.plan
		toLeft = p.ground(p.us[b.i].at, b.s.at) < p.ground(p.us[b.i2].at, b.s.at)
	}
	depth := bands[l.t] + l.kit.section.Wall + l.kit.section.Height
	var last end
	for k := range b.n {
		if toLeft {
			k = b.n - 1 - k
		}
		at := m.along(b, offsets[b.s.class][l.t], b.station(k, stationOf(l.t)))
		last = m.manhole(b, l, last, end{at: at, h: fall(last, at, depth)}, k)
	}
	i := b.i2
	if toLeft {
		i = b.i
	}
	at := m.drainCross(i, b.j, l.t)
	m.segment(l, last, end{int(*m.at(i, b.j, l.t)), at, fall(last, at, depth)}, false)
}

// fall is the height of a drain at a spot: at its depth, and falling from where it comes.
func fall(from end, at spot, depth float64) float64 {
	h := at.g - depth
	if from.number != 0 {
		dist := hypot(at.e-from.at.e, at.n-from.at.n)
		h = min(h, from.h-minFall*dist)
	}
	return h
}

// manhole makes the next manhole of a drain, the pipe that comes to it, and what drains into it. from without a number is the drain's head.
func (m *maker) manhole(b *block, l *line, from, to end, k int) end {
	word := "污水井"
	if l.t == rain {
		word = "雨水井"
	}
	k2 := shaft{wide(l.kit), "CON", word}
	sand := l.t == rain && k%3 == 1
	if sand {
		k2.appurtenance = "沉泥井"
	}
	if b.s.class == mainStreet && !b.coastal && k == b.n/2 && b.j%3 == 0 {
		to.number = m.chamberKept(l, to.at, to.h-0.05, k2, b.i, nil)
	} else {
		to.number = m.chamber(l, to.at, to.h-0.05, k2, m.structure(drainBuild(k2.section, to.at.g-to.h+0.05, sand)))
	}
	if from.number != 0 {
		m.segment(l, from, to, false)
	}
	if m.take(1) {
		if l.t == rain {
			m.gully(b, l, to, k)
		} else {
			m.houseDrain(b, l, to, k)
		}
	}
	return to
}

// gully leads street water from the kerb next to the drain.
func (m *maker) gully(b *block, l *line, to end, k int) {
	reach := 1.8
	if b.s.class == branch {
		reach = 1.3
	}
	at := m.along(b, offsets[b.s.class][rain]-reach, b.station(k, atGully))
	from := end{at: at, h: at.g - 0.9}
	from.number = m.node(l, at, from.h, "", "雨水箅")
	to.h = to.at.g - 2.2
	own := l.kit
	l.kit = m.c.kits.house[rain]
	m.segment(l, from, to, false)
	l.kit = own
}

// houseDrain comes from the higher side of the street, so that it falls and still passes below the rain drains.
func (m *maker) houseDrain(b *block, l *line, to end, k int) {
	x, reach := b.station(k, atManhole), b.s.class.half()+frontage
	at, other := m.along(b, reach, x), m.along(b, -reach, x)
	if other.g > at.g {
		at = other
	}
	to.h = max(to.h+0.02, to.at.g-houseInvert-0.05)
	if b.coastal && b.j > 0 {
		to.h = min(to.h, to.at.g-houseInvert-0.05)
	}
	from := end{at: at, h: max(at.g-houseInvert, to.h+0.003*hypot(at.e-to.at.e, at.n-to.at.n))}
	if m.c.plan.hash(drawShape, b.key+17, uint64(k))%12 == 0 {
		from.number = m.node(l, at, from.h, "", "化粪池")
	} else {
		from.number = m.chamber(l, at, from.h-0.05, shaft{housePit, "BRK", "检查井"}, nil)
	}
	own := l.kit
	l.kit = m.c.kits.house[sewage]
	m.segment(l, from, to, false)
	l.kit = own
}

// interceptor runs below the coastal avenue to the next pumping station.
func (m *maker) interceptor(b *block, l *line) {
	l.kit = m.c.kits.interceptor
	var begin float64
	if !m.dry {
		begin = m.coastInvert(b.i2)
	}
	p := &m.c.plan
	height := func(x float64) float64 { return begin + coastFall*1.06*(p.us[b.i2].at-x) }
	var last end
	if !m.pumped(b.i) {
		at := m.drainCross(b.i, 0, sewage)
		last = end{int(*m.at(b.i, 0, sewage)), at, height(p.us[b.i].at)}
	}
	for k := range b.n {
		x := b.station(k, atManhole)
		last = m.manhole(b, l, last, end{at: m.along(b, offsets[b.s.class][sewage], x), h: height(x)}, k)
	}
	m.segment(l, last, end{int(*m.at(b.i2, 0, sewage)), m.drainCross(b.i2, 0, sewage), begin}, false)
}
