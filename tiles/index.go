package tiles

import (
	"math"
	"runtime"
	"slices"
	"sync"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// cell is one tile of a layer's quadtree: level 0 is the square, y counts from the south.
type cell struct {
	level uint8
	x, y  uint32
}

func (c cell) parent() cell { return cell{c.level - 1, c.x / 2, c.y / 2} }

// tile is what is known of an available tile: the box around everything in and below it, the greatest size of what its descendants hold and it does not,
// and its own assets.
type tile struct {
	box     geometry.Box
	ownBox  geometry.Box
	below   float64 // greatest size among the descendants, metres
	ownSize float64
	handles []twin.Handle
}

// layer is the quadtree of one layer.
type layer struct {
	code  string
	tiles map[cell]*tile
	count int
}

// index says which tile holds which asset. It is built from a snapshot and follows its changes; the generator guards it.
type index struct {
	snap   *twin.Snapshot
	square twin.Square
	first  uint8 // coarsest level with contents: no content spans more than maxSpan
	last   uint8 // finest level
	layers map[string]*layer
}

const (
	maxSpan  = 4000.0 // metres: greatest width of a content
	cellSize = 620.0  // metres: greatest width of the finest tiles
	maxLevel = 14
)

func newIndex(s *twin.Snapshot) *index {
	x := &index{snap: s, square: s.Square(), layers: map[string]*layer{}}
	if x.square.Size > 0 {
		x.first = levelFor(x.square.Size, maxSpan)
		x.last = max(x.first, levelFor(x.square.Size, cellSize))
	}
	x.fill()
	return x
}

// fill puts every asset in its tile, on every core, and makes the boxes and sizes of the tiles.
func (x *index) fill() {
	var handles []twin.Handle
	for r := range x.snap.All {
		handles = append(handles, r.Handle())
	}
	parts := make([]index, runtime.GOMAXPROCS(0))
	var done sync.WaitGroup
	for i := range parts {
		parts[i] = *x
		parts[i].layers = map[string]*layer{}
		done.Go(func() {
			for _, h := range handles[i*len(handles)/len(parts) : (i+1)*len(handles)/len(parts)] {
				r := x.snap.Record(h)
				c := parts[i].put(r)
				t := parts[i].layers[r.Layer()].tiles[c]
				t.ownBox = t.ownBox.Union(drawnBox(r))
				t.ownSize = max(t.ownSize, size(r))
			}
		})
	}
	done.Wait()
	for i := range parts {
		x.merge(&parts[i])
	}
	for _, l := range x.layers {
		l.sumAll()
	}
}

// merge takes the tiles of a part over.
func (x *index) merge(part *index) {
	for code, from := range part.layers {
		l := x.layers[code]
		if l == nil {
			x.layers[code] = from
			continue
		}
		l.count += from.count
		for c, t := range from.tiles {
			if own := l.tiles[c]; own != nil {
				own.handles = append(own.handles, t.handles...)
				own.ownBox, own.ownSize = own.ownBox.Union(t.ownBox), max(own.ownSize, t.ownSize)
			} else {
				l.tiles[c] = t
			}
		}
	}
}

func levelFor(size, width float64) uint8 {
	return uint8(min(maxLevel, max(0, math.Ceil(math.Log2(size/width)))))
}

// size is how large an asset looks, metres: what decides how early it comes.
func size(r twin.Record) float64 {
	d := r.Drawn()
	switch r.Kind() {
	case twin.KindNode:
		return 0.1
	case twin.KindChamber:
		return 0.3
	case twin.KindZone, twin.KindSolid, twin.KindBridge:
		return 2
	}
	return max(d.OuterWidth(), d.OuterHeight())
}

// levels by size: assets of at least this size, metres, come this many levels before the finest.
var levels = [...]struct {
	size   float64
	before uint8
}{{2, 5}, {1, 4}, {0.55, 3}, {0.32, 2}, {0.15, 1}}

// cellOf is the tile that holds an asset: its size decides the level, its middle the place.
func (x *index) cellOf(r twin.Record) cell {
	level := x.last
	s := size(r)
	for _, l := range levels {
		if s >= l.size {
			level = uint8(max(int(x.first), int(x.last)-int(l.before)))
			break
		}
	}
	n := float64(uint32(1) << level)
	m := r.Middle()
	at := func(v, low float64) uint32 { return uint32(max(0, min(n-1, math.Floor((v-low)/x.square.Size*n)))) }
	return cell{level, at(m.E, x.square.MinE), at(m.N, x.square.MinN)}
}

func (x *index) put(r twin.Record) cell {
	code := r.Layer()
	l := x.layers[code]
	if l == nil {
		l = &layer{code: code, tiles: map[cell]*tile{}}
		x.layers[code] = l
	}
	c := x.cellOf(r)
	t := l.tiles[c]
	if t == nil {
		t = &tile{ownBox: geometry.EmptyBox()}
		l.tiles[c] = t
	}
	t.handles = append(t.handles, r.Handle())
	l.count++
	return c
}

func (x *index) take(r twin.Record) cell {
	c := x.cellOf(r)
	if l := x.layers[r.Layer()]; l != nil {
		if t := l.tiles[c]; t != nil {
			if i := slices.Index(t.handles, r.Handle()); i >= 0 {
				// A new slice: a maker may be reading the old one.
				t.handles = append(slices.Clone(t.handles[:i]), t.handles[i+1:]...)
				l.count--
			}
		}
	}
	return c
}

// own makes a tile's own box and size anew from its assets.
func (x *index) own(t *tile) {
	t.ownBox, t.ownSize = geometry.EmptyBox(), 0
	for _, h := range t.handles {
		r := x.snap.Record(h)
		t.ownBox = t.ownBox.Union(drawnBox(r))
		t.ownSize = max(t.ownSize, size(r))
	}
}

// drawnBox is the box around what a content draws of an asset, with room for lids, signs and spheres, and up to the ground where a
// hydrant may stand.
func drawnBox(r twin.Record) geometry.Box {
	b := r.Box().Grow(0.7)
	if r.Kind() == twin.KindNode {
		var few [1]float64
		if g := r.Ground(few[:0]); len(g) == 1 && !twin.IsUnknown(g[0]) {
			b.Max.H = max(b.Max.H, g[0]+0.7)
		}
	}
	return b
}

// sumAll makes every box and size of a layer from those of the tiles' own assets, from the finest level up.
func (l *layer) sumAll() {
	byLevel := make([][]cell, maxLevel+1)
	for c := range l.tiles {
		byLevel[c.level] = append(byLevel[c.level], c)
	}
	for level := maxLevel; level > 0; level-- {
		for _, c := range byLevel[level] {
			l.sum(c)
			p := c.parent()
			if l.tiles[p] == nil {
				l.tiles[p] = &tile{ownBox: geometry.EmptyBox()}
				byLevel[level-1] = append(byLevel[level-1], p)
			}
		}
	}
	for _, c := range byLevel[0] {
		l.sum(c)
	}
}

// sum makes the box and size of a tile from its own and its children's.
func (l *layer) sum(c cell) {
	t := l.tiles[c]
	t.box, t.below = t.ownBox, 0
	for k := range uint32(4) {
		if ch := l.tiles[cell{c.level + 1, 2*c.x + k%2, 2*c.y + k/2}]; ch != nil {
			t.box = t.box.Union(ch.box)
			t.below = max(t.below, ch.below, ch.ownSize)
		}
	}
}

// touched is a content whose assets a change replaced.
type touched struct {
	layer string
	cell  cell
}

// follow brings the index to the snapshot after a change and returns the contents that held or hold what it touched.
func (x *index) follow(ch *twin.Change) []touched {
	x.snap = ch.Snapshot
	seen := map[touched]bool{}
	var list []touched
	note := func(r twin.Record, c cell) {
		if t := (touched{r.Layer(), c}); !seen[t] {
			seen[t] = true
			list = append(list, t)
		}
	}
	for _, it := range ch.Items {
		if it.Before != 0 {
			r := x.snap.Record(it.Before)
			note(r, x.take(r))
		}
		if it.After != 0 {
			r := x.snap.Record(it.After)
			note(r, x.put(r))
		}
	}
	for _, t := range list {
		x.layers[t.layer].settle(x, t.cell)
	}
	return list
}

// settle makes the box and size of one tile and of those above it anew, and takes away what has become empty.
func (l *layer) settle(x *index, c cell) {
	x.own(l.tiles[c])
	for {
		if l.tiles[c] == nil {
			l.tiles[c] = &tile{ownBox: geometry.EmptyBox()}
		}
		l.sum(c)
		if t := l.tiles[c]; t.box.IsEmpty() && len(t.handles) == 0 {
			delete(l.tiles, c)
		}
		if c.level == 0 {
			return
		}
		c = c.parent()
	}
}
