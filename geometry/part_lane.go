package geometry

import "math"

// Road marks in a tunnel, metres: lines between lanes of one direction are 6 m long and 9 m apart, those at the edges go through, both 0.15 m wide (GB
// 5768.3-2009 4.2 and 4.5). How thick and deep they are drawn is a sign.
const (
	markLong  = 6.0
	markEvery = 15.0
	markWide  = 0.15
	markHigh  = 0.02
	laneWide  = 3.75 // JTG B01-2014 4.0.2, where the tube is wide enough
	leastLane = 2.0
)

// laneOf is how wide the lanes of a tube are, and how high their road lies above its axis; ok is false where there are none, or no room for them.
func (u Tube) laneOf() (wide, road float64, ok bool) {
	sec := u.Section()
	sec.Wall = 0
	clear := sec.Outline(48, false)
	if u.Lanes <= 0 || sec.IsOpen() || len(clear) < 3 {
		return 0, 0, false
	}
	road = u.Deck - u.Height/2
	n := float64(u.Lanes)
	wide = min(laneWide, (2*halfAt(clear, road+2*markHigh)-4*markWide)/n)
	return wide, road, wide >= leastLane && road+2*markHigh < u.Height/2
}

// lanes are the marks on the road of a tube.
func (b *builder) lanes(i int, u Tube, a alignment) {
	wide, road, ok := u.laneOf()
	if !ok || b.full() {
		return
	}
	side := wide * float64(u.Lanes) / 2
	mark := func(s station, x, long float64) Element {
		return Element{At: s.cross().put(Flat{x, u.Up + road}), X: s.right.Scale(markWide / 2), Y: s.along.Scale(long / 2), Z: s.right.Cross(s.along).Scale(markHigh)}
	}
	var list []Element
	for k := 1; k < len(a.path) && len(list) < maxElements; k++ { // a box for each piece costs less than a line swept along all
		if a.chain[k]-a.chain[k-1] < 1e-3 {
			continue
		}
		s := a.at((a.chain[k] + a.chain[k-1]) / 2)
		for _, x := range [...]float64{u.Across - side, u.Across + side} {
			list = append(list, mark(s, x, a.path[k].Dist(a.path[k-1])))
		}
	}
	b.addElements("edgeLines", i, list)
	list = nil
	every := markEvery * max(1, math.Ceil(a.length()/markEvery*float64(u.Lanes)/maxElements))
	for k := 1; k < u.Lanes; k++ {
		x := u.Across - side + float64(k)*wide
		for ch := every / 2; ch < a.length()-markLong/2; ch += every {
			list = append(list, mark(a.at(ch), x, markLong))
		}
	}
	b.addElements("laneLines", i, list)
}
