package vector

import (
	"math"
	"slices"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/mvt"
	"github.com/undercity/undercity/twin"
)

// Zooms of vector tiles. Beyond MaxZoom a client enlarges: a unit of that zoom is 4 cm at the equator.
const (
	MinZoom = 8
	MaxZoom = 18
	limit   = 22 // the finest zoom that is answered
)

// From which zoom on there is what.
const (
	zoomAssets   = 14 // each segment for itself; before, runs of them
	zoomAll      = 15 // every segment
	zoomChambers = 17
	zoomNodes    = 18
)

const (
	margin = 64 // units around a tile in which lines go on
	pixel  = 8  // units: a pixel of a map that draws tiles 512 pixels wide
)

// weights are the least sizes, metres, from which segments are shown at the zooms before zoomAll, from zoom 8 on. Pressure pipes and cables count double:
// they carry as much as a sewer twice as wide.
var leastSizes = [...]float64{1.2, 1.2, 1.0, 0.8, 0.5, 0.3, 0.15}

func leastSize(z uint8) float64 {
	if z >= zoomAll {
		return 0
	}
	return leastSizes[max(int(z)-MinZoom, 0)]
}

// weight is how large a segment counts.
func weight(flow twin.Flow, drawn *geometry.Section) float64 {
	w := max(drawn.OuterWidth(), drawn.OuterHeight())
	if flow == twin.FlowPressure || flow == twin.FlowCable {
		return 2 * w
	}
	return w
}

// shownFrom is the zoom from which on an asset is in vector tiles, if it is not too small there.
func shownFrom(r twin.Record) uint8 {
	switch r.Kind() {
	case twin.KindNode:
		return zoomNodes
	case twin.KindChamber:
		return zoomChambers
	case twin.KindSegment:
		drawn := r.Drawn()
		w := weight(r.Flow(), &drawn)
		for z := uint8(0); z < zoomAll; z++ {
			if w >= leastSize(z) {
				return z
			}
		}
		return zoomAll
	}
	return 0
}

// Valid reports whether there is such a tile.
func (t Address) Valid() bool {
	return t.Z <= limit && t.X < 1<<t.Z && t.Y < 1<<t.Z
}

// sorted sorts handles into the order in which assets are stored, which is the quickest to read them in.
func (d *drawer) sorted(list []twin.Handle) []twin.Handle {
	d.other = slices.Grow(d.other[:0], len(list))
	return sortHandles(list, d.other)
}

// sortHandles sorts by radix: what a comparing sort takes would be a tenth of making a tile. It returns list or other, and uses both.
func sortHandles(list, other []twin.Handle) []twin.Handle {
	other = slices.Grow(other[:0], len(list))[:len(list)]
	var top twin.Handle
	for _, h := range list {
		top |= h
	}
	for shift := 0; shift < 32 && top>>shift > 0; shift += 11 {
		var count [1 << 11]uint32
		for _, h := range list {
			count[h>>shift&(1<<11-1)]++
		}
		at := uint32(0)
		for i, n := range count {
			count[i] = at
			at += n
		}
		for _, h := range list {
			k := h >> shift & (1<<11 - 1)
			other[count[k]] = h
			count[k]++
		}
		list, other = other, list
	}
	return list
}

// Span is a rectangle of tiles of one zoom, its ends included.
type Span struct {
	Z                      uint8
	MinX, MinY, MaxX, MaxY uint32
}

// Touched lists the tiles that a change touched: at each zoom those near an asset that is shown there, before or after.
func Touched(ch *twin.Change) (spans []Span) {
	f := ch.Snapshot.Frame()
	if f == nil {
		return nil
	}
	for _, it := range ch.Items {
		for _, h := range [...]twin.Handle{it.Before, it.After} {
			if h == 0 {
				continue
			}
			r := ch.Snapshot.Record(h)
			w, ok := worldAround(f, r.Box(), 2)
			if !ok {
				continue
			}
			for z := shownFrom(r); z <= limit; z++ {
				spans = append(spans, spanOf(w, z))
			}
		}
	}
	return spans
}

// spanOf is the tiles of a zoom that a rectangle meets, margins included.
func spanOf(w world, z uint8) Span {
	n := math.Ldexp(1, int(z))
	at := func(v, more float64) uint32 {
		return uint32(max(0, min(n-1, math.Floor(v*n+more))))
	}
	const m = (margin + 1) / float64(mvt.Extent)
	return Span{z, at(w.minX, -m), at(w.minY, -m), at(w.maxX, m), at(w.maxY, m)}
}
