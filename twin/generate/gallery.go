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

// galleryShaft makes the shaft at fraction t, or a node where a street lies above.
func (m *maker) galleryShaft(l *line, t float64) int {
	u, v := m.c.plan.diagonalAt(t)
	at := m.spot(u, v)
	h := at.g - galleryCover
	if !m.c.plan.clear(u, v) {
		return m.node(l, at, h, "直线点", "")
	}
	word := "检修井"
	if t == 0 || t == 1 {
		word = "端部井"
	}
	return m.chamber(l, at, h-l.kit.section.Wall-l.kit.section.Height, shaft{entryPit, "RCP", word})
}

func (m *maker) galleryPart(l *line, from, to int, t1, t2 float64) {
	p := &m.c.plan
	m.numbers[trades]++
	a := m.fresh(l, twin.KindGallery, m.lineID(l), from)
	a.From, a.To, a.Section = m.id(l.net, from), m.id(l.net, to), l.kit.section
	a.Name = fmt.Sprintf("%s综合管廊 %s", l.road, a.ID[len(l.net)+1:])
	a.Attributes = []twin.Attr{{Key: "舱室", Value: "电力舱 2.4 m、综合舱 3.0 m"}}
	const parts = 5
	for k := range parts + 1 {
		at := m.spot(p.diagonalAt(t1 + (t2-t1)*float64(k)/parts))
		a.Line = append(a.Line, geometry.Point{E: at.e, N: at.n, H: at.g - galleryCover})
		a.Ground = append(a.Ground, at.g)
	}
	m.put()
}
