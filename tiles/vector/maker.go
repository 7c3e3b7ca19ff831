package vector

import (
	"sync/atomic"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
)

// Maker makes tiles. Of a tile it keeps nothing; of the twin it keeps what assets look like on a map, decoded and projected, up to a limit. It may be used
// from any goroutine.
type Maker struct {
	limit int
	store atomic.Pointer[store]
	whole atomic.Pointer[wholeSquare]
}

// NewMaker returns a maker that keeps up to some bytes of prepared assets; 0 keeps none.
func NewMaker(limit int) *Maker { return &Maker{limit: limit} }

// Query is what a tile is wanted of.
type Query struct {
	Snapshot *twin.Snapshot
	Past     bool // the snapshot is of an earlier revision: it is not prepared, so that it pushes nothing out
	Streets  *Streets
	// Sized lists what may count at least some metres in a box of the plane, in any order.
	Sized func(b geometry.Box, least float64) []twin.Handle
}

// Tile is the Mapbox Vector Tile 2.1 of an address, which is Valid; nil where there is nothing in it.
func (m *Maker) Tile(q Query, t Address) []byte {
	s, ok := newSheet(q.Snapshot.Frame(), t, m.around(q.Snapshot))
	if !ok {
		return nil
	}
	d := newDrawer(q.Snapshot, s)
	defer d.close()
	d.streets(q.Streets)
	st := m.storeOf(q)
	switch {
	case t.Z < zoomAssets:
		d.runs(d.sorted(q.Sized(s.box, leastSize(t.Z))))
	case st != nil:
		d.prepared(st)
	default:
		d.handles = q.Snapshot.AppendNear(d.handles[:0], s.box)
		d.assets(d.sorted(d.handles))
	}
	return d.tile()
}

// storeOf is the store of a snapshot, nil where nothing is kept of it.
func (m *Maker) storeOf(q Query) *store {
	if m.limit <= 0 {
		return nil
	}
	now := q.Snapshot.Blocks()
	st := m.store.Load()
	if st != nil && st.of == now {
		return st
	}
	if q.Past {
		return nil
	}
	next := newStore(now, m.limit)
	if !m.store.CompareAndSwap(st, next) {
		return m.storeOf(q)
	}
	return next
}

// wholeSquare is the rectangle around the square of an installation.
type wholeSquare struct {
	frame  *crs.Frame
	square twin.Square
	world  world
}

// around is the rectangle around the square of a snapshot, which hardly ever changes and takes some 80 points to find.
func (m *Maker) around(s *twin.Snapshot) world {
	if w := m.whole.Load(); w != nil && w.frame == s.Frame() && w.square == s.Square() {
		return w.world
	}
	w := &wholeSquare{s.Frame(), s.Square(), wholeOf(s)}
	m.whole.Store(w)
	return w.world
}

// prepared draws the assets that are shown at the tile's zoom: those of blocks, then those that have been edited since.
func (d *drawer) prepared(st *store) {
	d.numbers = st.of.AppendNear(d.numbers[:0], d.sheet.box)
	d.blocks = d.blocks[:0]
	for _, i := range d.numbers {
		d.blocks = append(d.blocks, st.block(d.snap, i))
	}
	d.values.begin(st.words.lists()) // behind the blocks, whose words are in them
	g := d.onGrid()
	for _, b := range d.blocks {
		d.segments(b, g)
		d.handles = d.handles[:0]
		d.currentOf(b, b.others)
		if d.sheet.tile.Z >= zoomChambers {
			d.currentOf(b, b.points)
		}
		d.assets(d.handles)
	}
	d.handles = d.snap.AppendEdited(d.handles[:0], d.sheet.box)
	d.assets(d.sorted(d.handles))
}

// currentOf gathers those of some assets of a block that are current.
func (d *drawer) currentOf(b *block, list []uint8) {
	for _, i := range list {
		if h := b.handles[i]; d.snap.Current(h) {
			d.handles = append(d.handles, h)
		}
	}
}
