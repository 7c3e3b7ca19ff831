package generate

import (
	"fmt"
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// special makes what lies deep below everything: a utility tunnel under the middle avenue, a road tunnel across the city, an industrial main.
func (m *maker) special() {
	c := m.c
	j := middleMain(c.classY)
	m.street = c.streets[len(c.xs)+j].name
	zh := &trade{network: "ZH", owner: "市综合管廊公司"}
	for i := max(0, len(c.xs)/2-6); i+1 < len(c.xs) && i < len(c.xs)/2+6; i++ {
		a := m.asset(twin.KindGallery, zh, "")
		a.Section, a.Material, a.Reference = geometry.Section{Shape: geometry.Rectangle, Width: 5.2, Height: 3.2, Wall: 0.4}, "RCP", twin.RefCrown
		a.Name = fmt.Sprintf("%s综合管廊 %d 段", m.street, i+1)
		for _, k := range [...]int{i, i + 1} {
			p := c.crossing(k, j).meet(0, 0)
			g := c.height(p.E, p.N)
			p.H = g - 7
			a.Line, a.Ground = append(a.Line, p), append(a.Ground, g)
		}
		m.put(a)
	}
	m.street = ""
	sd := &trade{network: "SD", owner: "市交通局"}
	span := min(1400, c.xs[len(c.xs)-1]-c.xs[0]+200)
	var last geometry.Point
	for s := range 13 {
		x := span * (float64(s)/12 - 0.5)
		p := geometry.Point{E: c.e0 + x, N: c.n0 + 0.45*x + 90*math.Sin(x/420)}
		p.H = c.height(p.E, p.N) - 17.5
		if s > 0 {
			a := m.asset(twin.KindTunnel, sd, "")
			a.Section, a.Material, a.Name = geometry.Round(6, 0.4), "RCP", "海滨隧道"
			a.Line, a.Ground = []geometry.Point{last, p}, []float64{c.height(last.E, last.N), c.height(p.E, p.N)}
			a.Reference = twin.RefCrown
			m.put(a)
		}
		last = p
	}
}

func middleMain(classes []class) int {
	best := len(classes) / 2
	for d := range classes {
		for _, j := range [...]int{best - d, best + d} {
			if j >= 0 && j < len(classes) && classes[j] == main {
				return j
			}
		}
	}
	return best
}
