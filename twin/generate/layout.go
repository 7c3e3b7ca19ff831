package generate

import "math"

// use is what stands inside a block between the streets.
type use uint8

const (
	nothing use = iota
	carPark
	monument
	tank
	airShaft // of the road tunnel
)

// layout says where the works stand that are no lines along a street. A city that is too small for one of them has none.
type layout struct {
	heart    [2]float64 // the crossing of two big streets nearest to the middle
	served   bool       // the gallery holds lines
	tunnel   tunnelRoute
	viaducts []int // inland streets below an elevated railway
	harbour  int   // inland street that a bridge carries over to the harbour island, -1 is none
	ditch    bool  // along the upper edge of the city
	uses     map[[2]int]use
}

// newLayout places the works of a plan; the first of each kind stands as near to the heart of the city as it fits.
func newLayout(p *plan) layout {
	nu, nv := len(p.us), len(p.vs)
	l := layout{harbour: -1, uses: map[[2]int]use{}, served: nv >= 4, ditch: nv >= 4}
	heart := l.findHeart(p)
	if large := nu >= 8 && nv >= 7; large {
		l.tunnel = newTunnelRoute(p)
		l.harbour = heart
		away := math.Inf(1)
		nearest := -1
		for i := 1; i < nu; i++ {
			if p.us[i].class != mainStreet || i == heart {
				continue
			}
			if d := math.Abs(p.us[i].at - l.heart[0]); d < away {
				away, nearest = d, i
			}
			if p.chance(drawViaduct, uint64(i), 0) < 0.2 {
				l.viaducts = append(l.viaducts, i)
			}
		}
		if nearest >= 0 && !contains(l.viaducts, nearest) {
			l.viaducts = append(l.viaducts, nearest)
		}
	}
	if nv >= 4 {
		l.settleBlocks(p)
	}
	return l
}

func contains(list []int, i int) bool {
	for _, k := range list {
		if k == i {
			return true
		}
	}
	return false
}

// findHeart looks for the crossing and returns its inland street, -1 where there is no big one.
func (l *layout) findHeart(p *plan) int {
	l.heart = p.middle
	best, street := math.Inf(1), -1
	try := func(i int, u, v float64) {
		if d := hypot(u-p.middle[0], v-p.middle[1]); d < best {
			best, street, l.heart = d, i, [2]float64{u, v}
		}
	}
	u0, v0 := p.diagonalAt(0)
	u1, v1 := p.diagonalAt(1)
	for i := range p.us {
		if p.us[i].class != mainStreet {
			continue
		}
		u := p.us[i].at
		if u > u0 && u < u1 {
			try(i, u, v0+(u-u0)/(u1-u0)*(v1-v0))
		}
		for j := range p.vs {
			if p.vs[j].class == mainStreet {
				try(i, u, p.vs[j].at)
			}
		}
	}
	return street
}

// settleBlocks gives the blocks their use.
func (l *layout) settleBlocks(p *plan) {
	type found struct {
		at   [2]int
		away float64
	}
	var free []found
	for i := 0; i+1 < len(p.us); i++ {
		for j := 0; j+1 < len(p.vs); j++ {
			lot, ok := p.lot(i, j)
			if !ok || l.tunnel.near(lot) {
				continue
			}
			free = append(free, found{[2]int{i, j}, hypot((lot.u0+lot.u1)/2-l.heart[0], (lot.v0+lot.v1)/2-l.heart[1])})
			if p.chance(drawUse, uint64(i), uint64(j)) < 0.05 {
				l.uses[[2]int{i, j}] = carPark
			}
		}
	}
	for _, u := range [...]use{carPark, monument, carPark, tank} {
		least := -1
		for k, f := range free {
			if l.uses[f.at] == nothing && (least < 0 || f.away < free[least].away) {
				least = k
			}
		}
		if least < 0 {
			return
		}
		l.uses[free[least].at] = u
	}
	l.tunnel.settleShafts(p, l.uses)
}

// lot is a rectangle of the plan inside a block.
type lot struct{ u0, v0, u1, v1 float64 }

// The least size of a lot, and how far it stays away from the property lines: services, pits and mains of the street end at 1.5 m.
const (
	leastLot  = 56.0
	lotMargin = 9.0
)

// lot is the free inside of the block between two inland and two coastal streets, away from the diagonal avenue; ok is false where there is not enough.
func (p *plan) lot(i, j int) (r lot, ok bool) {
	if i+1 >= len(p.us) || j+1 >= len(p.vs) || !p.inland(i, j+1) {
		return r, false
	}
	a, b, c, d := &p.us[i], &p.us[i+1], &p.vs[j], &p.vs[j+1]
	r = lot{a.at + a.class.half() + lotMargin, c.at + c.class.half() + lotMargin, b.at - b.class.half() - lotMargin, d.at - d.class.half() - lotMargin}
	const most = 84
	if cut := (r.u1 - r.u0 - most) / 2; cut > 0 {
		r.u0, r.u1 = r.u0+cut, r.u1-cut
	}
	if cut := (r.v1 - r.v0 - most) / 2; cut > 0 {
		r.v0, r.v1 = r.v0+cut, r.v1-cut
	}
	return r, r.u1-r.u0 >= leastLot && r.v1-r.v0 >= leastLot && p.awayFromDiagonal(r, 16)
}

// awayFromDiagonal reports whether a lot keeps a distance from the diagonal avenue.
func (p *plan) awayFromDiagonal(r lot, least float64) bool {
	below, above := true, true
	for _, c := range [...][2]float64{{r.u0, r.v0}, {r.u1, r.v0}, {r.u0, r.v1}, {r.u1, r.v1}} {
		d := p.fromDiagonal(c[0], c[1])
		below, above = below && d < -least, above && d > least
	}
	return below || above
}

// fromDiagonal is the distance of a point from the line of the diagonal avenue, positive inland of it.
func (p *plan) fromDiagonal(u, v float64) float64 {
	u0, v0 := p.diagonalAt(0)
	u1, v1 := p.diagonalAt(1)
	return ((u1-u0)*(v-v0) - (v1-v0)*(u-u0)) / hypot(u1-u0, v1-v0)
}
