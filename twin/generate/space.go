package generate

import (
	"fmt"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// Car parks below ground: storeys of 3.6 m with 2.2 m and more clear below ducts (JGJ 100), columns every 8.4 m for three cars between two, and soil to
// plant on above the roof.
const (
	roofSoil    = 1.2
	carParkSlab = 0.4
	carParkWall = 0.5
	storeyClear = 3.4
	ringApart   = 2.5 // of the fire main from the outer wall
)

// tap is a water branch that leaves a street for a block, at this pitch; -1 is none.
func (p *plan) tap(b *block) int {
	if b.coastal || p.uses[[2]int{b.i, b.j}] != carPark {
		return -1
	}
	return b.n / 2
}

// carPark makes the car park beside a block of an inland street and the fire main around it, which a valve chamber of the street feeds.
func (m *maker) carPark(b *block, street *line, from end, x float64) {
	r, _ := m.c.plan.lot(b.i, b.j)
	l := *street
	l.kit, l.owner, l.key = m.c.kits.fireMain, "市停车管理公司", street.key^1<<52
	depth := bands[water]
	out := lot{r.u0 - carParkWall - ringApart, r.v0 - carParkWall - ringApart, r.u1 + carParkWall + ringApart, r.v1 + carParkWall + ringApart}
	node := func(u, v float64, feature, appurtenance string) end {
		at := m.spot(u, v)
		e := end{at: at, h: at.g - depth}
		e.number = m.node(&l, at, e.h, feature, appurtenance)
		return e
	}
	tee := node(out.u0, x, "三通", "")
	m.segment(&l, from, tee, false)
	last := tee
	for k, c := range [...][2]float64{{out.u0, out.v1}, {out.u1, out.v1}, {out.u1, out.v0}, {out.u0, out.v0}} {
		words := [2]string{"弯头", ""}
		if k%2 == 1 {
			words = [2]string{"", "地下消防栓"}
		}
		next := node(c[0], c[1], words[0], words[1])
		m.segment(&l, last, next, false)
		last = next
	}
	m.segment(&l, last, tee, false)
	if !m.dry && !m.stopped {
		m.garage(b, r, street.road)
	}
}

// garage makes the zone of a car park.
func (m *maker) garage(b *block, r lot, road string) {
	p := &m.c.plan
	l := line{t: spaces, net: "DK", kit: kit{material: "RCP"}, owner: "市停车管理公司", road: road, ref: twin.RefAxis, key: b.key ^ 5<<60, seen: true,
		installed: years[2005+p.hash(drawAge, b.key, 5)%20-1950]}
	n := m.number(l.t)
	a := m.fresh(&l, twin.KindZone, l.net+"-"+string(pad(nil, n)), n)
	low := m.ring(a, r)
	s := &geometry.Space{Use: "car park", Wall: carParkWall, Slab: carParkSlab, Column: 0.6, Grid: 8.4}
	ceiling := round(low-roofSoil-carParkSlab, 100)
	for k := range 2 + int(p.hash(drawUse, b.key, 1)%4)/3 {
		s.Storeys = append(s.Storeys, geometry.Storey{Name: fmt.Sprintf("B%d", k+1), Floor: round(ceiling-storeyClear, 100), Ceiling: ceiling})
		ceiling = round(ceiling-storeyClear-carParkSlab, 100)
	}
	for i := range a.Line {
		a.Line[i].H = s.Storeys[0].Ceiling + carParkSlab
	}
	a.Structure = &geometry.Structure{Space: s}
	a.Name = road + "地下停车场"
	area := int((r.u1 - r.u0) * (r.v1 - r.v0))
	a.Attributes = []twin.Attr{{Key: "用途", Value: "地下停车场"}, {Key: "泊位数", Value: fmt.Sprint(area * len(s.Storeys) / 35)}}
	m.put()
}

// ring sets the line of the asset to the outline of a lot, and returns the lowest ground along it.
func (m *maker) ring(a *twin.Asset, r lot) float64 {
	corners := [...][2]float64{{r.u0, r.v0}, {r.u1, r.v0}, {r.u1, r.v1}, {r.u0, r.v1}, {r.u0, r.v0}}
	low := m.spot((r.u0+r.u1)/2, (r.v0+r.v1)/2).g
	for _, c := range corners {
		at := m.spot(c[0], c[1])
		a.Line, a.Ground = append(a.Line, geometry.Point{E: at.e, N: at.n}), append(a.Ground, at.g)
		low = min(low, at.g)
	}
	return low
}
