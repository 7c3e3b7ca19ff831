package generate

import (
	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// The road tunnel runs far below everything else, along the middle of the plan.
const (
	tunnelCover = 17
	tunnelPart  = 120.0 // metres
)

// tunnel makes a bored road tunnel of one tube inland from the shore.
func (m *maker) tunnel() {
	if m.dry || m.stopped {
		return
	}
	p := &m.c.plan
	l := line{t: trades, net: "SD", kit: kit{"RCP", geometry.Round(10, 0.45)}, owner: "市交通局", road: p.vs[0].name, installed: "2016", ref: twin.RefCrown, key: 2 << 60}
	u := 0.37 * 2 * p.middle[0]
	end := min(p.depthV-20, shore+1800)
	parts := max(1, int((end-40)/tunnelPart))
	for k := range parts {
		v1, v2 := 40+(end-40)*float64(k)/float64(parts), 40+(end-40)*float64(k+1)/float64(parts)
		a := m.fresh(&l, twin.KindTunnel, l.net+"-"+string(pad(nil, k+1)), k+1)
		a.Section, a.Name = l.kit.section, "滨海隧道"
		const pieces = 4
		for s := range pieces + 1 {
			at := m.spot(u, v1+(v2-v1)*float64(s)/pieces)
			a.Line = append(a.Line, geometry.Point{E: at.e, N: at.n, H: at.g - tunnelCover})
			a.Ground = append(a.Ground, at.g)
		}
		m.put()
	}
}
