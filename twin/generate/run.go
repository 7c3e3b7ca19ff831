package generate

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// maker hands the assets of a city to yield, segments up to the number asked for.
type maker struct {
	c        *City
	rng      *rand.Rand
	yield    func(*twin.Asset) bool
	left     int // segments still to make
	stopped  bool
	numbers  map[string]int
	street   string
	nodeSeen map[nodeKey]twin.ID
}

// nodeKey names a node at a crossing.
type nodeKey struct {
	trade, i, j int
	north       bool
}

// Assets yields every asset of the city, nodes before the segments that end at them. The assets are the caller's.
func (c *City) Assets(yield func(*twin.Asset) bool) {
	m := &maker{c: c, rng: rand.New(rand.NewPCG(c.o.Seed, 2)), yield: yield, left: c.o.Segments, numbers: map[string]int{}, nodeSeen: map[nodeKey]twin.ID{}}
	m.special()
	// Block by block from the middle outwards, so that a city that ends before its plan does has no holes.
	for _, e := range c.edges() {
		if m.stopped || m.left <= 0 {
			return
		}
		for k := range trades {
			m.edge(k, e)
		}
	}
}

// edge is one street from crossing to crossing.
type edge struct {
	i, j  int
	north bool
}

func (c *City) edges() []edge {
	var list []edge
	mi, mj := len(c.xs)/2, len(c.ys)/2
	for ring := 0; ring <= max(len(c.xs), len(c.ys)); ring++ {
		for i := mi - ring; i <= mi+ring; i++ {
			for j := mj - ring; j <= mj+ring; j++ {
				if max(abs(i-mi), abs(j-mj)) != ring || i < 0 || j < 0 || i >= len(c.xs) || j >= len(c.ys) {
					continue
				}
				if i+1 < len(c.xs) {
					list = append(list, edge{i, j, false})
				}
				if j+1 < len(c.ys) {
					list = append(list, edge{i, j, true})
				}
			}
		}
	}
	return list
}

func abs(i int) int { return max(i, -i) }

func (m *maker) put(a *twin.Asset) {
	if m.stopped {
		return
	}
	if a.Kind == twin.KindSegment {
		m.left--
	}
	if !m.yield(a) {
		m.stopped = true
	}
}

func (m *maker) number(network, prefix string) string {
	key := network + prefix
	m.numbers[key]++
	return fmt.Sprintf("%s%06d", prefix, m.numbers[key])
}

func (m *maker) asset(kind twin.Kind, t *trade, prefix string) *twin.Asset {
	n := m.number(t.network, prefix)
	level := [...]twin.Level{twin.LevelA, twin.LevelB, twin.LevelB, twin.LevelB, twin.LevelC, twin.LevelD}[m.rng.IntN(6)]
	q := map[twin.Level]twin.Quality{
		twin.LevelA: {Level: twin.LevelA, Horizontal: 0.12, Vertical: 0.08}, twin.LevelB: {Level: twin.LevelB, Horizontal: 0.2, Vertical: 0.3},
		twin.LevelC: {Level: twin.LevelC, Horizontal: 1.5}, twin.LevelD: {Level: twin.LevelD, Horizontal: 5},
	}[level]
	q.Source = "generated"
	return &twin.Asset{ID: twin.NewID(t.network, n), SourceNumber: n, Kind: kind, Network: t.network, Owner: t.owner, Status: twin.StatusInService,
		Quality: q, Bottom: twin.Unknown(), Road: m.street, Installed: strconv.Itoa(1978 + m.rng.IntN(47))}
}

// edge lays one trade along one street.
func (m *maker) edge(k int, e edge) {
	c, t := m.c, &trades[k]
	kH, kV := c.classY[e.j], c.classX[e.i]
	own := kH
	m.street = c.streets[len(c.xs)+e.j].name
	if e.north {
		own = kV
		m.street = c.streets[e.i].name
	}
	if t.network == "RL" && own == branch && (e.i+e.j)%3 != 0 {
		return // not every lane has district heating
	}
	from := m.node(k, e.i, e.j, e.north)
	i2, j2 := e.i+1, e.j
	if e.north {
		i2, j2 = e.i, e.j+1
	}
	to := m.node(k, i2, j2, e.north)
	a, b := m.at(k, e.i, e.j), m.at(k, i2, j2)
	m.lay(&run{t: t, class: own, e: e, from: from, to: to, a: a, b: b, along: m.along(e)})
}

// along is how far down its street an edge is, 0 at the upper end and 1 at the lower: gravity flows west and south.
func (m *maker) along(e edge) float64 {
	if e.north {
		return 1 - float64(e.j)/float64(len(m.c.ys))
	}
	return 1 - float64(e.i)/float64(len(m.c.xs))
}

// at is where a trade's lines of both streets meet.
func (m *maker) at(k, i, j int) geometry.Point {
	c := m.c
	off := trades[k].offset
	return c.crossing(i, j).meet(off*c.classY[j].scale(), off*c.classX[i].scale())
}

// crownDepth is how deep the crown lies at a crossing.
func (m *maker) crownDepth(t *trade, i, j int, north bool) float64 {
	if t.gravity {
		d, n, k := gravityEast, len(m.c.xs), i
		if north {
			d, n, k = gravityNorth, len(m.c.ys), j
		}
		return d + gravityDeeper*(1-float64(k)/float64(n))
	}
	if north {
		return dipDepth
	}
	return t.depth
}

// node makes the node of a trade at a crossing, or returns the one that is there: one chamber for cables and gravity, two nodes with a riser between
// them for pressure.
func (m *maker) node(k, i, j int, north bool) twin.ID {
	t := &trades[k]
	key := nodeKey{k, i, j, north && !t.gravity && !t.cable}
	if id, ok := m.nodeSeen[key]; ok {
		return id
	}
	p := m.at(k, i, j)
	ground := m.c.height(p.E, p.N)
	var a *twin.Asset
	if t.gravity || t.cable {
		a = m.chamber(t, p, ground, m.crownDepth(t, i, j, false)+1.3)
		if t.cable {
			a.Bottom = ground - dipDepth - 0.7
		}
		m.put(a)
		m.nodeSeen[key] = a.ID
		return a.ID
	}
	a = m.asset(twin.KindNode, t, "N")
	a.Feature = "四通"
	p.H = ground - m.crownDepth(t, i, j, north)
	a.Line, a.Ground, a.Reference = []geometry.Point{p}, []float64{ground}, twin.RefCrown
	m.put(a)
	m.nodeSeen[key] = a.ID
	other := nodeKey{k, i, j, !key.north}
	if id, ok := m.nodeSeen[other]; ok && m.left > 0 {
		m.riser(t, p, ground, i, j, a.ID, id, north)
	}
	return a.ID
}

// riser joins the two nodes of a pressure network at a crossing.
func (m *maker) riser(t *trade, p geometry.Point, ground float64, i, j int, from, to twin.ID, north bool) {
	a := m.asset(twin.KindSegment, t, "")
	a.Section, a.Material = t.size(branch, 0)
	d := a.Section.OuterWidth() / 2
	q := p
	p.H = ground - m.crownDepth(t, i, j, north) - d
	q.H = ground - m.crownDepth(t, i, j, !north) - d
	a.Line, a.Ground, a.From, a.To = []geometry.Point{p, q}, []float64{ground, ground}, from, to
	m.put(a)
}

func (m *maker) chamber(t *trade, p geometry.Point, ground, depth float64) *twin.Asset {
	a := m.asset(twin.KindChamber, t, "J")
	p.H = ground
	a.Line, a.Ground = []geometry.Point{p}, []float64{ground}
	a.Bottom = ground - depth
	a.Section, a.Material, a.Appurtenance = geometry.Round(0.9, 0.12), "BRK", "检查井"
	switch t.network {
	case "WS":
		a.Appurtenance = "污水井"
	case "YS":
		a.Appurtenance = "雨水井"
	case "TX", "DL":
		a.Section = geometry.Section{Shape: geometry.Rectangle, Width: 1.0, Height: 1.0, Wall: 0.12}
		a.Appurtenance = "人孔井"
	}
	return a
}
