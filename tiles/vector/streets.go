package vector

import (
	"math"
	"sync"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/tiles/mvt"
	"github.com/undercity/undercity/twin"
)

// Streets are the base data's streets. They never change, but are projected when the first tile wants them, and thinned when the first of its zoom does:
// streets are long, so that a tile needs little of each.
type Streets struct {
	base      *twin.Base
	projected sync.Once
	lines     []street
	zooms     [limit + 1]struct {
		once  sync.Once
		lines []street
	}
}

// street is one street, in units of the world at fineZoom.
type street struct {
	*twin.Street
	line   []mvt.Vec
	box    vecBox
	side   float64 // half its width
	pieces []vecBox
}

// pieceLen is how many straights of a street have a box of their own.
const pieceLen = 8

// NewStreets takes the streets of some base data.
func NewStreets(base *twin.Base) *Streets { return &Streets{base: base} }

// Same reports whether these are the streets of some base data.
func (s *Streets) Same(base *twin.Base) bool {
	return s.base == base || len(s.base.Streets)+len(base.Streets) == 0
}

// project takes the streets to the world; those that reach where it has no projection are left out.
func (s *Streets) project(f *crs.Frame) {
	const world = mvt.Extent << fineZoom
	for i := range s.base.Streets {
		st := street{Street: &s.base.Streets[i]}
		for _, p := range st.Line {
			x, y := worldOf(f.LonLat(p.E, p.N))
			st.line = append(st.line, mvt.Vec{X: x * world, Y: y * world})
		}
		if st.box = boxOf(st.line); len(st.line) < 2 || !(st.box.minX >= 0 && st.box.minY >= 0 && st.box.maxX <= world && st.box.maxY <= world) {
			continue
		}
		_, lat := degreesOf(0, st.line[0].Y/world)
		st.side = st.Width / 2 * world / (2 * math.Pi * 6378137 * math.Cos(lat*math.Pi/180))
		s.lines = append(s.lines, st)
	}
}

// at lists the streets that are shown at a zoom, thinned for it.
func (s *Streets) at(z uint8, f *crs.Frame, tolerance float64) []street {
	s.projected.Do(func() { s.project(f) })
	zoom := &s.zooms[z]
	zoom.once.Do(func() {
		var p mvt.Pencil
		for _, st := range s.lines {
			if z < streetFrom(st.Class) {
				continue
			}
			st.line = p.Thin(append([]mvt.Vec(nil), st.line...), math.Ldexp(tolerance, fineZoom-int(z)))
			for i := 0; i < len(st.line)-1; i += pieceLen {
				st.pieces = append(st.pieces, boxOf(st.line[i:min(i+pieceLen+1, len(st.line))]))
			}
			zoom.lines = append(zoom.lines, st)
		}
	})
	return zoom.lines
}

// streetFrom is the zoom from which on a street of a class is shown.
func streetFrom(class string) uint8 {
	switch class {
	case "main":
		return 10
	case "secondary":
		return 12
	}
	return 13
}

// Attributes of streets.
const (
	streetName = iota
	streetNameEN
	streetClass
	streetWidth
)

var streetKeys = []string{"name", "name_en", "class", "width"}

// streets draws the streets that meet the tile.
func (d *drawer) streets(s *Streets) {
	t := d.sheet.tile
	k := math.Ldexp(1, int(t.Z)-fineZoom) // units of the tile a unit
	corner := mvt.Vec{X: float64(t.X) * mvt.Extent / k, Y: float64(t.Y) * mvt.Extent / k}
	list := s.at(t.Z, d.snap.Frame(), d.tolerance())
	for i := range list {
		st := &list[i]
		low, high := -margin/k-st.side, (mvt.Extent+margin)/k+st.side
		inside := vecBox{corner.X + low, corner.Y + low, corner.X + high, corner.Y + high, true}
		if !st.box.overlaps(inside) || max(st.box.maxX-st.box.minX, st.box.maxY-st.box.minY, 2*st.side)*k < d.least() {
			continue
		}
		d.street.Reset()
		if d.streetLine(st, inside, corner, k) {
			d.describeStreet(st)
		}
	}
}

// streetLine draws what of a street lies inside: runs of pieces that meet it.
func (d *drawer) streetLine(st *street, inside vecBox, corner mvt.Vec, k float64) bool {
	shown := false
	for i := 0; i < len(st.pieces); i++ {
		from := i
		for i < len(st.pieces) && st.pieces[i].overlaps(inside) {
			i++
		}
		if i == from {
			continue
		}
		v := d.vecs[:0]
		for _, p := range st.line[from*pieceLen : min(i*pieceLen+1, len(st.line))] {
			v = append(v, mvt.Vec{X: (p.X - corner.X) * k, Y: (p.Y - corner.Y) * k})
		}
		d.vecs = v
		shown = d.pencil.Line(d.street, v, mvt.Around(margin+st.side*k)) || shown
	}
	return shown
}

func (d *drawer) describeStreet(st *street) {
	for key, v := range [...]string{streetName: st.Name, streetNameEN: st.NameEN, streetClass: st.Class} {
		if v != "" {
			d.street.Tag(key, d.street.Text(v))
		}
	}
	if st.Width > 0 {
		d.street.MilliTag(streetWidth, int32(math.Round(st.Width*1000)))
	}
	d.street.End(0)
}
