package generate

import (
	"strconv"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// maker makes the assets of a city one after another into the same memory. A dry maker only counts.
type maker struct {
	c         *City
	yield     func(*twin.Asset) bool
	dry       bool
	stopped   bool
	share     float64 // of services
	debt      float64 // services owed
	odd       int
	segments  int
	numbers   [counters]int // last number given by trade
	lines     [counters]int // last number given to a segment
	cross     []int32       // number of each trade's node at each crossing, 0 is none
	a         twin.Asset
	line      [48]geometry.Point
	ground    [48]float64
	text      []byte
	builds    map[build]*geometry.Structure
	lastBuild build
	lastBuilt *geometry.Structure
	waiting   []*waiting
	open      map[waitKey]*waiting
	bends     map[float64]*geometry.Structure // of pipes, by radius

	ditchFrom end // the last well of the ditch, and where it stands
	ditchU    float64
}

// spot is a place in the city with its ground.
type spot struct {
	e, n, g float64
}

func (m *maker) spot(u, v float64) spot {
	if m.dry {
		return spot{}
	}
	p := m.c.plan.place(u, v)
	return spot{p.E, p.N, m.c.terrain.Height(p.E, p.N)}
}

// run makes the whole city: first what lies at the crossings, so that every line finds the node it ends at, then block by block.
func (m *maker) run() {
	p := &m.c.plan
	m.a.Bottom = twin.Unknown()
	m.builds, m.open, m.bends = map[build]*geometry.Structure{}, map[waitKey]*waiting{}, map[float64]*geometry.Structure{}
	m.cross = make([]int32, len(p.us)*len(p.vs)*int(trades))
	for i := range p.us {
		for j := range p.vs {
			m.crossing(i, j)
		}
	}
	for i := range p.us {
		for j := range p.vs {
			if m.stopped {
				return
			}
			if j+1 < len(p.vs) && p.inland(i, j+1) {
				m.block(i, j, false)
			}
			if p.coastal(i, j) {
				m.block(i, j, true)
			}
		}
		m.outfall(i)
		m.ditchColumn(i)
		m.settled(i)
	}
	m.settled(len(p.us))
	m.gallery()
	m.tunnel()
	m.bridges()
	m.solids()
}

func (m *maker) at(i, j int, t trade) *int32 {
	return &m.cross[(i*len(m.c.plan.vs)+j)*int(trades)+int(t)]
}

// take decides whether a service of so many segments is built.
func (m *maker) take(segments int) bool {
	m.debt += float64(segments) * m.share
	taken := m.debt >= float64(segments)
	if taken {
		m.debt -= float64(segments)
	}
	switch {
	case segments == 1 && !taken && m.odd > 0:
		m.odd--
		return true
	case segments == 1 && taken && m.odd < 0:
		m.odd++
		return false
	}
	return taken
}

// line is what the parts of one trade in one street have in common.
type line struct {
	t         trade
	net       string
	kit       kit
	road      string
	installed string
	owner     string
	ref       twin.Reference
	key       uint64  // of its chances
	in        twin.ID // the gallery that it lies in
	seen      bool    // surveyed when it was built
	bend      float64 // radius of the bends of the next segment, which makes a loop to the side aside (1 is right); 0 is a straight one
	aside     float64
}

// pit marks the number of a chamber, which tells it from a node's.
const pit = 1 << 30

func (m *maker) number(t trade) int {
	if t < trades {
		t = t.numbering()
	}
	m.numbers[t]++
	return m.numbers[t]
}

// id is the ID of the node or chamber with a number: JS-N000123, JS-J000123 (井).
func (m *maker) id(net string, number int) twin.ID {
	letter := byte('N')
	if number&pit != 0 {
		letter, number = 'J', number&^pit
	}
	m.text = append(append(m.text[:0], net...), '-', letter)
	m.text = pad(m.text, number)
	return string(m.text)
}

// lineID is the ID of the next segment of a network: JS-000123.
func (m *maker) lineID(l *line) twin.ID {
	t := l.t
	if t < trades {
		t = t.numbering()
	}
	m.lines[t]++
	m.text = append(append(m.text[:0], l.net...), '-')
	m.text = pad(m.text, m.lines[t])
	return string(m.text)
}

func pad(b []byte, n int) []byte {
	for k := 100000; k > n && k > 1; k /= 10 {
		b = append(b, '0')
	}
	return strconv.AppendInt(b, int64(n), 10)
}

// fresh empties the asset for the next one of a line.
func (m *maker) fresh(l *line, kind twin.Kind, id twin.ID, number int) *twin.Asset {
	m.a = twin.Asset{ID: id, Kind: kind, Network: l.net, Owner: l.owner, Material: l.kit.material, Status: twin.StatusInService,
		Road: l.road, Installed: l.installed, Reference: l.ref, Bottom: twin.Unknown(), In: l.in, SourceNumber: id[len(l.net)+1:]}
	m.a.Quality = m.quality(l, number)
	return &m.a
}

// quality mixes the ways in which a city knows its lines: mostly located from above, seen in chambers, some from old records.
func (m *maker) quality(l *line, number int) twin.Quality {
	x := m.c.plan.chance(drawQuality, l.key, uint64(number&^pit/6))
	switch {
	case l.seen:
		return twin.Quality{Level: twin.LevelA, Horizontal: 0.05, Vertical: 0.03, Source: "竣工测量"}
	case l.ref == twin.RefInvert && x < 0.75, x < 0.12:
		return twin.Quality{Level: twin.LevelA, Horizontal: 0.12, Vertical: 0.08, Source: "CJJ 61 明显管线点"}
	case x < 0.80:
		return twin.Quality{Level: twin.LevelB, Horizontal: 0.2, Vertical: 0.25, Source: "CJJ 61 隐蔽管线点"}
	case x < 0.93:
		return twin.Quality{Level: twin.LevelC, Horizontal: 1.5, Source: "竣工图"}
	}
	return twin.Quality{Level: twin.LevelD, Horizontal: 5, Source: "资料管线点"}
}

func (m *maker) put() {
	if !m.stopped && !m.yield(&m.a) {
		m.stopped = true
	}
}

// node makes a node of a line at height h and returns its number.
func (m *maker) node(l *line, s spot, h float64, feature, appurtenance string) int {
	n := m.number(l.t)
	if m.dry {
		return n
	}
	a := m.fresh(l, twin.KindNode, m.id(l.net, n), n)
	a.Material, a.Feature, a.Appurtenance = "", feature, appurtenance
	// A node lies on the axis of its line, so that it shows in the middle of the pipe and not on top of it.
	switch a.Reference {
	case twin.RefCrown:
		h -= l.kit.section.OuterHeight() / 2
	case twin.RefInvert:
		h += l.kit.section.Height / 2
	}
	a.Reference = twin.RefAxis
	m.line[0], m.ground[0] = geometry.Point{E: s.e, N: s.n, H: h}, s.g
	a.Line, a.Ground = m.line[:1], m.ground[:1]
	m.put()
	return n
}

// How much drains fall, metres a metre.
const (
	minFall   = 0.0015 // in coastal streets
	coastFall = 0.0008 // the interceptor
)

// shaft is the plan of a chamber.
type shaft struct {
	section      geometry.Section
	material     string
	appurtenance string
}

// The shafts of the city.
var (
	manhole  = geometry.Round(0.9, 0.2)
	valvePit = geometry.Round(1.0, 0.2)
	ductPit  = geometry.Section{Shape: geometry.Rectangle, Width: 0.9, Height: 0.9, Wall: 0.12}
	handhole = geometry.Section{Shape: geometry.Rectangle, Width: 0.6, Height: 0.6, Wall: 0.1}
	housePit = geometry.Round(0.6, 0.12)
	entryPit = geometry.Section{Shape: geometry.Rectangle, Width: 2.4, Height: 2.4, Wall: 0.3}
)

// chamber makes a chamber of a line down to a bottom and returns its number.
func (m *maker) chamber(l *line, s spot, bottom float64, k shaft, inside *geometry.Structure) int {
	n := m.number(l.t) | pit
	if m.dry {
		return n
	}
	m.fill(l, n, s, bottom, k)
	m.a.Structure = inside
	m.put()
	return n
}

// chamberKept makes a chamber that waits until a column of crossings for the pipes that open into it.
func (m *maker) chamberKept(l *line, s spot, bottom float64, k shaft, until int, inside []geometry.InsidePart) int {
	n := m.number(l.t) | pit
	if m.dry {
		return n
	}
	m.fill(l, n, s, bottom, k)
	m.wait(l.t, n, until, inside)
	return n
}

// fill makes the asset of a chamber.
func (m *maker) fill(l *line, n int, s spot, bottom float64, k shaft) {
	a := m.fresh(l, twin.KindChamber, m.id(l.net, n), n)
	a.Section, a.Material, a.Appurtenance, a.Bottom, a.Reference = k.section, k.material, k.appurtenance, bottom, twin.RefAxis
	m.line[0], m.ground[0] = geometry.Point{E: s.e, N: s.n, H: s.g}, s.g
	a.Line, a.Ground = m.line[:1], m.ground[:1]
	if m.c.plan.chance(drawGap, l.key+7, uint64(n)) < 0.03 {
		a.Bottom = twin.Unknown()
	}
}

// end is where a segment begins or ends: a node or chamber and the height there.
type end struct {
	number int
	at     spot
	h      float64
}

// segment makes a segment of a line. inner says that nothing crosses it at an unusual depth, so that its depth may be missing.
func (m *maker) segment(l *line, from, to end, inner bool) {
	m.segments++
	if m.dry {
		return
	}
	a := m.fresh(l, twin.KindSegment, m.lineID(l), from.number)
	a.From, a.To, a.Section = m.id(l.net, from.number), m.id(l.net, to.number), l.kit.section
	m.line[0], m.ground[0] = geometry.Point{E: from.at.e, N: from.at.n, H: from.h}, from.at.g
	m.line[1], m.ground[1] = geometry.Point{E: to.at.e, N: to.at.n, H: to.h}, to.at.g
	a.Line, a.Ground = m.line[:2], m.ground[:2]
	m.life(l, a, from.number)
	m.gap(l, a, from.number, inner)
	if a.Structure = l.kit.shape; a.Structure == nil && l.bend > 0 {
		m.loop(l, from, to)
	}
	if l.ref == twin.RefInvert && len(m.open) > 0 {
		m.opening(l.t, from, to, true)
		m.opening(l.t, to, from, false)
	}
	m.put()
}

// life says where a segment stands in its life: nearly all are in service.
func (m *maker) life(l *line, a *twin.Asset, number int) {
	switch x := m.c.plan.chance(drawStatus, l.key, uint64(number)); {
	case x < 0.02:
		a.Status = twin.StatusAbandoned
	case x < 0.03:
		a.Status = twin.StatusOutOfUse
	case x < 0.9895:
	case x < 0.991:
		a.Status, a.Installed = twin.StatusPlanned, ""
	case x < 0.9925:
		a.Status, a.Installed = twin.StatusDesigned, ""
	case x < 0.994:
		a.Status = twin.StatusRemoved
	case x > 0.995:
		a.Status = twin.StatusBuilding
	}
}

// A loop takes up what a steel pipe grows when it is hot: CJJ/T 81 has bends of at least 1.5 diameters.
const (
	loopReach = 1.5 // to the side
	loopWidth = 3.0 // along the pipe
)

// loop bends the segment out to one side and back, half way along.
func (m *maker) loop(l *line, from, to end) {
	a, b := m.line[0], m.line[1]
	length := a.PlanDist(b)
	if length < 3*loopWidth {
		return
	}
	d := b.Sub(a).Scale(1 / length)
	side := geometry.Point{E: d.N * l.aside * loopReach, N: -d.E * l.aside * loopReach}
	p, q := a.Lerp(b, 0.5-loopWidth/2/length), a.Lerp(b, 0.5+loopWidth/2/length)
	m.course([]geometry.Point{a, p, p.Add(side), q.Add(side), q, b})
	s := m.bends[l.bend]
	if s == nil {
		s = &geometry.Structure{Pipe: &geometry.Pipe{BendRadius: l.bend}}
		m.bends[l.bend] = s
	}
	m.a.Structure = s
}

// gap leaves out what real surveys leave out. What is drawn in its place stays clear of other lines: smaller, or at the standard cover where
// nothing else runs.
func (m *maker) gap(l *line, a *twin.Asset, number int, inner bool) {
	switch x := m.c.plan.chance(drawGap, l.key, uint64(number)); {
	case x < 0.03 && inner:
		m.line[0].H, m.line[1].H = twin.Unknown(), twin.Unknown()
	case x < 0.05 && a.Section.IsRound() && a.Section.Width > 0.1 && l.t != supply && l.t != back:
		a.Section = geometry.Section{}
	case x < 0.08 && l.bend == 0:
		a.Ground = nil
	case x < 0.11:
		a.Material, a.Assumed = "", a.Assumed|twin.AssumedMaterial
	case x < 0.15:
		a.Installed = ""
	}
}
