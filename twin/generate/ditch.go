package generate

import (
	"github.com/undercity/undercity/geometry"
)

// A ditch along the upper edge of the city catches what runs down the hills, and drops through a deep manhole into the rain main of each street that
// begins there.
const (
	ditchAside  = 5.5 // metres beyond the property line: services end at 1.5
	ditchDeep   = 0.8
	ditchFall   = 0.002
	ditchPieces = 8 // between two streets
)

func (p *plan) ditchAt() float64 {
	s := &p.vs[len(p.vs)-1]
	return s.at + s.class.half() + ditchAside
}

// ditchLine is the line of the ditch that ends at inland street i.
func (m *maker) ditchLine(i int) line {
	top := len(m.c.plan.vs) - 1
	l := m.lineOf(rain, &m.c.plan.us[i], i, top, false)
	l.key ^= 1 << 53
	l.kit = m.c.kits.ditch[i%len(m.c.kits.ditch)]
	return l
}

// ditchColumn makes the well of inland street i, the culvert from there to its rain main, and the ditch back to the well before.
func (m *maker) ditchColumn(i int) {
	p := &m.c.plan
	top := len(p.vs) - 1
	if !p.ditch || p.us[i].top != top || m.stopped {
		return
	}
	l := m.lineOf(rain, &p.us[i], i, top, false)
	l.kit = m.c.kits.culvert
	cross := m.drainCross(i, top, rain)
	to := end{int(*m.at(i, top, rain)), cross, cross.g - rainInvert}
	u := p.us[i].at + offsets[p.us[i].class][rain]
	at := m.spot(u, p.ditchAt())
	well := end{at: at, h: max(at.g-rainInvert, to.h+0.05)}
	well.number = m.chamberKept(&l, at, well.h-0.05, shaft{wide(l.kit), "CON", "跌水井"}, len(p.us), nil)
	m.segment(&l, well, to, false)
	if m.ditchFrom.number != 0 {
		m.ditchPart(i, m.ditchU, u, m.ditchFrom, well)
	}
	m.ditchFrom, m.ditchU = well, u
}

// ditchPart digs the ditch between two wells: from the highest ground down to both.
func (m *maker) ditchPart(i int, u1, u2 float64, left, right end) {
	l := m.ditchLine(i)
	at := func(k int) spot {
		return m.spot(u1+(u2-u1)*float64(k)/ditchPieces, m.c.plan.ditchAt())
	}
	high, top := 1, at(1)
	for k := 2; k < ditchPieces; k++ {
		if s := at(k); s.g > top.g {
			high, top = k, s
		}
	}
	begin := end{at: top, h: top.g - ditchDeep}
	begin.number = m.node(&l, top, begin.h, "", "进水口")
	for _, way := range [...]struct{ step, last int }{{-1, 0}, {1, ditchPieces}} {
		from := begin
		for k := high + way.step; ; k += way.step {
			to := right
			if way.step < 0 {
				to = left
			}
			s := at(k)
			h := min(s.g-ditchDeep, from.h-ditchFall*hypot(s.e-from.at.e, s.n-from.at.n))
			if k == way.last {
				to.h = h
				m.segment(&l, from, to, false)
				break
			}
			to = end{at: s, h: h}
			to.number = m.node(&l, s, h, "", "沟渠")
			m.segment(&l, from, to, false)
			from = to
		}
	}
}

// ditches are the sections of the ditch: of stone with sloping sides, and a channel of concrete.
func ditches() []kit {
	return []kit{
		{material: "BRK", section: geometry.Section{Shape: geometry.Trapezoid, Width: 0.6, Height: ditchDeep, Top: 1.8, Wall: 0.15}},
		{material: "CON", section: geometry.Section{Shape: geometry.OpenRectangle, Width: 0.8, Height: ditchDeep, Wall: 0.15}},
	}
}

// outfall leads the rain main of inland street i into the sea.
func (m *maker) outfall(i int) {
	p := &m.c.plan
	l := m.lineOf(rain, &p.us[i], i, 0, false)
	l.kit = m.rainKit(i, 0)
	at := m.drainCross(i, 0, rain)
	sea := m.spot(p.us[i].at+offsets[p.us[i].class][rain], 8)
	h := min(p.land(p.us[i].at, 8)-rainInvert, at.g-rainInvert-0.1)
	word := "出水口"
	if i%4 == 1 {
		word = "拍门"
	}
	m.segment(&l, end{int(*m.at(i, 0, rain)), at, at.g - rainInvert}, end{m.node(&l, sea, h, "", word), sea, h}, false)
}
