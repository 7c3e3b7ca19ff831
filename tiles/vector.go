package tiles

import (
	"context"
	"math"
	"slices"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/tiles/mvt"
	"github.com/undercity/undercity/twin"
)

// Zooms of vector tiles. Beyond VectorMaxZoom a client enlarges: a unit of that zoom is 4 cm at the equator.
const (
	VectorMinZoom = 8
	VectorMaxZoom = 18
	vectorLimit   = 22 // the finest zoom that is answered
)

// From which zoom on there is what.
const (
	zoomAssets   = 14 // each segment for itself; before, runs of them
	zoomAll      = 15 // every segment
	zoomChambers = 17
	zoomNodes    = 18
)

const (
	vectorMargin = 64 // units around a tile in which lines go on
	vectorPixel  = 8  // units: a pixel of a map that draws tiles 512 pixels wide
)

// weights are the least sizes, metres, from which segments are shown at the zooms before zoomAll, from zoom 8 on. Pressure pipes and cables count double:
// they carry as much as a sewer twice as wide.
var leastSizes = [...]float64{1.2, 1.2, 1.0, 0.8, 0.5, 0.3, 0.15}

func leastSize(z uint8) float64 {
	if z >= zoomAll {
		return 0
	}
	return leastSizes[max(int(z)-VectorMinZoom, 0)]
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

// vectorLayer is the group of vector tiles in the cache.
const vectorLayer = "v"

func (t VectorAddress) cell() cell { return cell{t.Z, t.X, t.Y} }

// Valid reports whether there is such a tile.
func (t VectorAddress) Valid() bool {
	return t.Z <= vectorLimit && t.X < 1<<t.Z && t.Y < 1<<t.Z
}

// Vector is a Mapbox Vector Tile 2.1; one with nothing in it has an empty body.
func (g *Generator) Vector(ctx context.Context, v View, t VectorAddress, enc compress.Encoding) (Result, error) {
	if !t.Valid() {
		return Result{}, twin.Errorf(twin.NotFound, "there is no vector tile %d/%d/%d", t.Z, t.X, t.Y).WithHint("zooms go to 22, x and y to 2^z − 1")
	}
	streets := g.streetsNow()
	return g.cached(ctx, v, cacheGroup{vectorLayer, t.cell()}, "", "application/vnd.mapbox-vector-tile", enc, func(x *index) ([]byte, error) {
		return x.vector(t, streets), nil
	})
}

// vector draws a tile.
func (x *index) vector(t VectorAddress, streets *streets) []byte {
	s, ok := newSheet(x.snap.Frame(), t, x.whole)
	if !ok {
		return nil
	}
	d := newDrawer(x.snap, s)
	defer d.close()
	d.streets(streets)
	if t.Z < zoomAssets {
		d.runs(x.sized(s.box, leastSize(t.Z)))
	} else {
		d.handles = x.snap.AppendNear(d.handles[:0], s.box)
		d.assets(d.sorted(d.handles))
	}
	return d.tile()
}

// sized lists what lies in tiles that meet a box and may hold something that counts at least so much.
func (x *index) sized(b geometry.Box, least float64) []twin.Handle {
	var list []twin.Handle
	for _, l := range x.layers {
		for _, t := range l.tiles {
			if len(t.handles) > 0 && 2*t.ownSize >= least && meetInPlan(t.ownBox, b) {
				list = append(list, t.handles...)
			}
		}
	}
	return sortHandles(list, nil)
}

func meetInPlan(a, b geometry.Box) bool {
	return a.Min.E <= b.Max.E && a.Max.E >= b.Min.E && a.Min.N <= b.Max.N && a.Max.N >= b.Min.N
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

// dropVector drops the vector tiles that a change touched: at each zoom those near an asset that is shown there, before or after.
func (g *Generator) dropVector(ch *twin.Change) {
	f := ch.Snapshot.Frame()
	if f == nil {
		return
	}
	var spans []span
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
			for z := shownFrom(r); z <= vectorLimit; z++ {
				spans = append(spans, spanOf(w, z))
			}
		}
	}
	g.cache.dropSpans(vectorLayer, spans)
}

// spanOf is the tiles of a zoom that a rectangle meets, margins included.
func spanOf(w world, z uint8) span {
	n := math.Ldexp(1, int(z))
	at := func(v, margin float64) uint32 {
		return uint32(max(0, min(n-1, math.Floor(v*n+margin))))
	}
	const m = (vectorMargin + 1) / float64(mvt.Extent)
	return span{z, at(w.minX, -m), at(w.minY, -m), at(w.maxX, m), at(w.maxY, m)}
}
