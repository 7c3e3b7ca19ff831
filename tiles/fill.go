package tiles

import (
	"runtime"
	"sync"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/draw"
	"github.com/undercity/undercity/twin"
)

// spot is where an asset lies before the levels of its layer are chosen: its layer, its band of size, and its cell at the finest
// level.
type spot struct {
	layer string
	band  int
	cell  cell
}

// newIndex builds the index of a snapshot on every core.
func newIndex(s *twin.Snapshot) *index {
	handles := make([]twin.Handle, 0, s.Len())
	for r := range s.All {
		handles = append(handles, r.Handle())
	}
	return newIndexOf(s, handles)
}

// newIndexOf builds the index of some assets of a snapshot.
func newIndexOf(s *twin.Snapshot, handles []twin.Handle) *index {
	x := emptyIndex(s)
	spots := x.gather(handles)
	x.choose(spots)
	x.fill(spots)
	var done sync.WaitGroup
	room := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, l := range x.layers {
		done.Go(func() {
			room <- struct{}{}
			x.spillAll(l)
			l.sumAll()
			<-room
		})
	}
	done.Wait()
	return x
}

// gather puts every asset into its spot.
func (x *index) gather(handles []twin.Handle) map[spot]*tile {
	parts := make([]map[spot]*tile, runtime.GOMAXPROCS(0))
	var done sync.WaitGroup
	for i := range parts {
		done.Go(func() {
			parts[i] = x.gatherPart(handles[i*len(handles)/len(parts) : (i+1)*len(handles)/len(parts)])
		})
	}
	done.Wait()
	for _, p := range parts[1:] {
		for k, t := range p {
			if own := parts[0][k]; own != nil {
				own.join(t)
			} else {
				parts[0][k] = t
			}
		}
	}
	return parts[0]
}

func (x *index) gatherPart(handles []twin.Handle) map[spot]*tile {
	spots := map[spot]*tile{}
	var buf []geometry.Point
	var last spot // the next asset often lies at the same spot
	var t *tile
	for _, h := range handles {
		r := x.snap.Record(h)
		axis, drawn, box := r.Drawing(buf[:0])
		buf = axis
		size := sizeDrawn(r, drawn)
		k := spot{r.Layer(), bandOf(size), x.cellAt(x.base, twin.MiddleOf(axis))}
		if t == nil || k != last {
			if t = spots[k]; t == nil {
				t = &tile{ownBox: geometry.EmptyBox()}
				spots[k] = t
			}
			last = k
		}
		t.handles = append(t.handles, h)
		t.ownBox = t.ownBox.Union(roomy(x.snap.Catalog(), r, box))
		t.ownSize = max(t.ownSize, size)
		t.weight += draw.Weight(r, axis, drawn)
	}
	return spots
}

// join takes what another tile has of its own.
func (t *tile) join(o *tile) {
	t.handles = append(t.handles, o.handles...)
	t.ownBox, t.ownSize = t.ownBox.Union(o.ownBox), max(t.ownSize, o.ownSize)
	t.weight += o.weight
}

// choose makes the layers and chooses the level of each band: the coarsest that is not above that of larger assets and whose contents do not have more
// than goal assets on the mean.
func (x *index) choose(spots map[spot]*tile) {
	byBand := map[string]*[len(bands)][]spot{}
	for k, t := range spots {
		l := x.layers[k.layer]
		if l == nil {
			l = &layer{code: k.layer, tiles: map[cell]*tile{}}
			x.layers[k.layer], byBand[k.layer] = l, &[len(bands)][]spot{}
		}
		l.count += len(t.handles)
		l.built = l.count
		byBand[k.layer][k.band] = append(byBand[k.layer][k.band], k)
	}
	for code, l := range x.layers {
		level := x.first
		var here []spot // on that level
		for b, list := range byBand[code] {
			for len(list) > 0 && level < x.base && crowded(spots, append(here, list...), level) {
				level++
				here = nil
			}
			here = append(here, list...)
			l.levels[b] = level
		}
	}
}

// crowded reports whether the contents of a level would have more than goal assets on the mean.
func crowded(spots map[spot]*tile, list []spot, level uint8) bool {
	cells := map[cell]struct{}{}
	n := 0
	for _, k := range list {
		n += len(spots[k].handles)
		cells[k.cell.above(level)] = struct{}{}
	}
	return n > goal*len(cells)
}

// fill makes the tiles of the spots.
func (x *index) fill(spots map[spot]*tile) {
	for k, t := range spots {
		l := x.layers[k.layer]
		c := k.cell.above(l.levels[k.band])
		if own := l.tiles[c]; own != nil {
			own.join(t)
		} else {
			l.tiles[c] = t
		}
	}
	for _, l := range x.layers {
		n := 0
		for _, t := range l.tiles {
			n += len(t.handles)
		}
		all := make([]twin.Handle, 0, n) // without the room that growing left
		for _, t := range l.tiles {
			from := len(all)
			all = append(all, t.handles...)
			t.handles = all[from:len(all):len(all)]
		}
	}
}
