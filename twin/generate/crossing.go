package generate

import (
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

var owners = [trades]string{water: "市水务集团", gas: "市燃气集团", power: "市供电公司", telecom: "市通信管道公司", rain: "市政设施管理处",
	sewage: "市排水集团", supply: "市热电集团", back: "市热电集团", supplyC: "市热电集团", backC: "市热电集团", works: "临港工业园", lamps: "市路灯管理所"}

// lineOf is the line of a trade in the part of a street that begins at a crossing.
func (m *maker) lineOf(t trade, s *street, i, j int, coastal bool) line {
	l := line{t: t, net: t.net(), ref: twin.RefCrown, key: uint64(i)<<24 ^ uint64(j)<<4 ^ uint64(t)<<50}
	if coastal {
		l.key ^= 1 << 49
	}
	if t == rain || t == sewage {
		l.ref = twin.RefInvert
	}
	if m.dry {
		return l
	}
	p := &m.c.plan
	index := uint64(i)
	if coastal {
		index = uint64(j) + 1<<20
	}
	l.owner, l.road = owners[t], s.name
	if t == telecom {
		l.owner = [...]string{"中国电信", "中国联通", "中国移动", "市通信管道公司"}[p.hash(drawOwner, index, 0)%4]
	}
	year := 2026 - int(52*math.Pow(p.chance(drawAge, index, uint64(t)), 1.6))
	if s.old && (t == rain || t == sewage) {
		year = 1950 + int(22*p.chance(drawAge, index, uint64(t)))
	}
	l.installed = years[year-1950]
	if kits := m.c.kits.line[t][s.class]; len(kits) > 0 {
		l.kit = kits[p.hash(drawMaterial, index, uint64(t))%uint64(len(kits))]
	}
	if row := p.taperRow(i); t == water && !coastal && row > 0 && j >= row {
		l.kit = m.c.kits.line[water][mainStreet][2]
	}
	return l
}

// mainKit is the water main of an inland main street before it becomes smaller.
func (m *maker) mainKit(i int) kit {
	kits := m.c.kits.line[water][mainStreet]
	return kits[m.c.plan.hash(drawMaterial, uint64(i), uint64(water))%uint64(len(kits))]
}

// taperRow is the crossing at which the water main of an inland street becomes smaller, 0 where it does not.
func (p *plan) taperRow(i int) int {
	s := &p.us[i]
	if s.class != mainStreet || s.top < 3 || p.hash(drawMaterial, uint64(i), uint64(water))%3 == 2 {
		return 0
	}
	return s.top * 2 / 3
}

// drainChamber is the manhole where drains of two streets meet; at those of main inland streets what opens into it is told.
func (m *maker) drainChamber(l *line, at spot, bottom float64, k shaft, i, j int, inside []geometry.InsidePart) int {
	p := &m.c.plan
	if p.us[i].class == mainStreet {
		return m.chamberKept(l, at, bottom, k, i, inside)
	}
	return m.chamber(l, at, bottom, k, m.structure(drainBuild(k.section, at.g-bottom, false)))
}

// cornerBuild is the inside of a chamber of ducts at a crossing, turned as its inland street.
func (m *maker) cornerBuild(i, j int) *geometry.Structure {
	if m.dry {
		return nil
	}
	u, v := m.c.plan.us[i].at, m.c.plan.vs[j].at
	p, q := m.c.plan.place(u, v), m.c.plan.place(u, v+1)
	return m.structure(turnedBuild(q.E-p.E, q.N-p.N))
}

// present says which trades of the two streets of a crossing reach it.
func (m *maker) present(i, j int, t trade) (inland, coastal bool) {
	p := &m.c.plan
	inland = p.inland(i, j) && t.inStreet(&p.us[i], false)
	coastal = (p.coastal(i-1, j) || p.coastal(i, j)) && t.inStreet(&p.vs[j], true)
	return inland, coastal
}

// meet is where the lines of a trade in both streets cross.
func (m *maker) meet(i, j int, t trade) spot {
	p := &m.c.plan
	u, v := p.us[i].at, p.vs[j].at
	inland, coastal := m.present(i, j, t)
	switch t {
	case supply, back:
		_, coastal = m.present(i, j, t+2)
	case supplyC, backC:
		inland, _ = m.present(i, j, t-2)
	}
	if inland {
		u += offsets[p.us[i].class][t]
	}
	if coastal {
		v += offsets[p.vs[j].class][t]
	}
	return m.spot(u, v)
}

// branches is how many parts of lines meet at a crossing.
func (m *maker) branches(i, j int, t trade) int {
	p := &m.c.plan
	n := 0
	if t.inStreet(&p.us[i], false) {
		if p.inland(i, j) && j > 0 {
			n++
		}
		if j+1 < len(p.vs) && p.inland(i, j+1) {
			n++
		}
	}
	if t.inStreet(&p.vs[j], true) {
		if p.coastal(i-1, j) {
			n++
		}
		if p.coastal(i, j) {
			n++
		}
	}
	return n
}

var joints = [...]string{"", "堵头", "直线点", "三通", "四通"}

// crossing makes the nodes and chambers where the lines of two streets meet.
func (m *maker) crossing(i, j int) {
	p := &m.c.plan
	for t := range trades {
		inland, coastal := m.present(i, j, t)
		if t == lamps || (!inland && !coastal) {
			continue
		}
		if (t == rain || t == sewage) && !inland {
			continue // drains of a coastal street end where an inland street takes them
		}
		s := &p.us[i]
		if !inland {
			s = &p.vs[j]
		}
		l := m.lineOf(t, s, i, j, !inland)
		at := m.meet(i, j, t)
		var n int
		switch t {
		case rain:
			h := at.g - rainInvert
			n = m.drainChamber(&l, at, h-0.05, shaft{wide(m.rainKit(i, j)), "CON", "雨水井"}, i, j, nil)
		case sewage:
			n = m.sewageCrossing(&l, at, i, j)
		case power, telecom:
			n = m.chamber(&l, at, at.g-bands[t]-0.45, shaft{ductPit, "CON", "人孔"}, m.cornerBuild(i, j))
		default:
			n = m.node(&l, at, at.g-bands[t], joints[m.branches(i, j, t)], "")
		}
		*m.at(i, j, t) = int32(n)
	}
	for _, t := range [...]trade{supply, back} {
		// Heating of the two streets lies at two levels and is joined by a riser.
		if up, down := *m.at(i, j, t), *m.at(i, j, t+2); up != 0 && down != 0 {
			l, at := m.lineOf(t, &p.us[i], i, j, false), m.meet(i, j, t)
			r := l.kit.section.OuterHeight() / 2
			l.ref = twin.RefAxis
			m.segment(&l, end{int(up), at, at.g - bands[t] - r}, end{int(down), at, at.g - bands[t+2] - r}, false)
		}
	}
}

// wide is the plan of a chamber that takes a pipe of kit k.
func wide(k kit) geometry.Section {
	if w := k.section.OuterWidth(); w > 0.9 {
		return geometry.Round(w+0.1, 0.2)
	}
	return manhole
}

// rainKit is the rain main of an inland street below a crossing; it grows on its way to the sea.
func (m *maker) rainKit(i, j int) kit {
	s := &m.c.plan.us[i]
	k := m.c.kits.rain
	if s.old {
		k = m.c.kits.oldRain
	}
	most := len(k) - 1
	if s.class == branch {
		most = 3
	}
	n := (s.top - j)
	if s.class != mainStreet {
		n = n * 2 / 3
	}
	return k[min(most, n)]
}

// sewerKit is the sewer of an inland street below a crossing.
func (m *maker) sewerKit(i, j int) kit {
	k := m.c.kits.sewer
	return k[min(len(k)-1, (m.c.plan.us[i].top-j)/2)]
}

func sewerInvert(k kit) float64 { return sewageTop + k.section.Wall + k.section.Height }

// coastDepth is how deep the interceptor below the coastal avenue lies at inland street i, counted from the ground where its section begins.
func (m *maker) coastDepth(i int) float64 {
	p := &m.c.plan
	return coastInvert + coastFall*1.06*(p.us[i].at-p.us[i-i%sectionStreets].at)
}

// sectionStreets is how many inland streets one section of the interceptor takes.
const sectionStreets = 4

// pumped reports whether a section of the interceptor ends at inland street i.
func (m *maker) pumped(i int) bool {
	return i%sectionStreets == sectionStreets-1 || i == len(m.c.plan.us)-1
}

func (m *maker) sewageCrossing(l *line, at spot, i, j int) int {
	if j > 0 {
		h := at.g - sewerInvert(m.sewerKit(i, j))
		return m.drainChamber(l, at, h-0.05, shaft{manhole, "CON", "污水井"}, i, j, nil)
	}
	h := m.coastInvert(i)
	if m.pumped(i) {
		return m.node(l, at, h, "", "排水泵站")
	}
	return m.chamberKept(l, at, h-0.05, shaft{manhole, "CON", "截流井"}, i, []geometry.InsidePart{{Name: "weir", Height: round(h-0.05, 1000)}})
}

// coastInvert is the height of the interceptor's inner bottom at inland street i; it falls from where its section begins.
func (m *maker) coastInvert(i int) float64 {
	first := m.meet(i-i%sectionStreets, 0, sewage)
	return first.g - m.coastDepth(i)
}
