package vector_test

import (
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles"
)

// TestVectorBox compares the box of a vector tile with the places of its corners.
func TestVectorBox(t *testing.T) {
	tw := city(t, 3000)
	s := tw.Snapshot()
	m := s.Extent().Center()
	lon, lat := s.Frame().LonLat(m.E, m.N)
	for z := uint8(10); z <= 20; z++ {
		at := maptile.At(orb.Point{lon, lat}, maptile.Zoom(z))
		a := tiles.VectorAddress{Z: z, X: at.X, Y: at.Y}
		b, ok := a.Box(s)
		if !ok || !b.Contains(geometry.Point{E: m.E, N: m.N}) {
			t.Errorf("zoom %d: %v %v", z, b, ok)
		}
		width := 40_075_016 * 0.8 / float64(uint64(1)<<z) // about, at this latitude
		if size := b.Size(); size.E > 1.1*width || z > 17 && size.E < 0.9*width {
			t.Errorf("zoom %d: %.0f m wide, a tile is some %.0f m", z, size.E, width)
		}
	}
	if _, ok := (tiles.VectorAddress{Z: 15}).Box(s); ok {
		t.Error("a tile far away has a box in the city")
	}
}
