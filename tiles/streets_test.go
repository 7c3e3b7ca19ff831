package tiles_test

import (
	"fmt"
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// streets are n straight round pipes end to end along bent streets 60 m apart, about 30 m each and never quite alike, of the usual sizes.
func streets(n int) []twin.Asset {
	sizes := [...]float64{0.1, 0.15, 0.2, 0.3, 0.4, 0.6}
	side := int(math.Ceil(math.Sqrt(float64(n) / 2)))
	list := make([]twin.Asset, 0, n)
	at := func(street, k int) geometry.Point {
		u := 30*float64(k) + 4*math.Sin(float64(7*k+street))
		v := 60*float64(street) + 25*math.Sin(u/900) + 0.4*math.Cos(float64(3*k))
		return geometry.Point{E: 495000 + u, N: 4145000 + v, H: 8 + 3*math.Sin(u/700) + 2*math.Cos(v/500)}
	}
	for i := range n {
		street, k := i/(2*side), i%(2*side)
		list = append(list, twin.Asset{ID: fmt.Sprintf("JS-%07d", i+1), Kind: twin.KindSegment, Network: "JS", Section: geometry.Round(sizes[street%len(sizes)], 0.01),
			Line: []geometry.Point{at(street, k), at(street, k+1)}, Bottom: twin.Unknown()})
	}
	return list
}
