package vector

import (
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// DetailZoom is the zoom from which on a vector tile shows everything that lies in it.
const DetailZoom = 15

// Box is the box of the plane around the part of a vector tile that lies in the extent of an installation; heights are without bounds. ok is false where there
// is none.
func (t Address) Box(s *twin.Snapshot) (b geometry.Box, ok bool) {
	if s.Frame() == nil {
		return b, false
	}
	w := t.area(0)
	b = geometry.EmptyBox()
	for i := range 9 {
		e, n, err := s.Frame().Plane(degreesOf(w.minX+float64(i%3)/2*(w.maxX-w.minX), w.minY+float64(i/3)/2*(w.maxY-w.minY)))
		if err != nil {
			return b, false
		}
		b = b.Add(geometry.Point{E: e, N: n})
	}
	x := s.Extent()
	b.Min = geometry.Point{E: math.Max(b.Min.E, x.Min.E), N: math.Max(b.Min.N, x.Min.N), H: math.Inf(-1)}
	b.Max = geometry.Point{E: math.Min(b.Max.E, x.Max.E), N: math.Min(b.Max.N, x.Max.N), H: math.Inf(1)}
	return b, b.Min.E <= b.Max.E && b.Min.N <= b.Max.N
}
