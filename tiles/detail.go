package tiles

import (
	"github.com/undercity/undercity/tiles/vector"
	"github.com/undercity/undercity/twin"
)

// Detail is what a content shows at full detail.
type Detail struct {
	// State is another one, compared with ==, when something else is shown.
	State DetailState
	snap  *twin.Snapshot
	list  []twin.Handle
}

// DetailState tells apart what a content showed at different times.
type DetailState struct {
	first *twin.Handle
	n     int
}

// Detail is what the content of an address shows at full detail, ok being false where it shows nothing so: coarser levels hold but what is large enough to be
// seen from afar, and finer contents bring the rest. The coarsest contents are what a view of the whole city is made of: what a layer without finer ones has,
// a thousand assets in 16 square kilometres, does not count either.
func (g *Generator) Detail(v View, a Address) (d Detail, ok bool) {
	_ = g.use(v, func(x *index) error {
		l := x.layers[a.Layer]
		if l == nil || a.Level <= x.first || a.Level < min(l.last(), l.deep) {
			return nil
		}
		if t := l.tiles[a.cell()]; t != nil && len(t.handles) > 0 {
			d, ok = Detail{DetailState{&t.handles[0], len(t.handles)}, x.snap, t.handles}, true
		}
		return nil
	})
	return d, ok
}

// Each calls f with each asset that is shown.
func (d Detail) Each(f func(twin.Record)) {
	for _, h := range d.list {
		f(d.snap.Record(h))
	}
}

// DetailZoom is the zoom from which on a vector tile shows everything that lies in it.
const DetailZoom = vector.DetailZoom
