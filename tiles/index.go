package tiles

import (
	"math"
	"slices"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/likeness"
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
	weight  int // estimated bytes of its content
}

// layer is the quadtree of one layer.
type layer struct {
	code   string
	levels [len(bands)]uint8 // of the bands
	tiles  map[cell]*tile
	count  int
	built  int   // count when the levels were chosen
	deep   uint8 // finest level that has a tile
}

// index says which tile holds which asset. It is built from a snapshot and follows its changes; the generator guards it.
type index struct {
	snap   *twin.Snapshot
	square twin.Square
	first  uint8 // coarsest level with contents: no content spans more than maxSpan
	base   uint8 // finest level that a layer may have
	layers map[string]*layer
	// followed is set once it has followed a change: one that is made anew may then have other tiles.
	followed bool
}

const (
	maxSpan  = 4000.0 // metres: greatest width of a content
	cellSize = 620.0  // metres: greatest width of the finest tiles of a dense layer
	maxLevel = 14
	// goal is how many assets the contents of a level have at most, on the mean. What a content costs of its own is some 5 kB, so that twice as many would
	// make a whole city a sixth smaller; but a view then gets more of what lies beside it, in triangles by a half, and each content takes 2 ms.
	goal = 1000
	// maxAssets is how many assets a content may have on the mean before the finest level is a finer one.
	maxAssets = 5000
)

// emptyIndex is the index of a snapshot without assets.
func emptyIndex(s *twin.Snapshot) *index {
	x := &index{snap: s, square: s.Square(), layers: map[string]*layer{}}
	if x.square.Size > 0 {
		x.first = levelFor(x.square.Size, maxSpan)
		x.base = max(x.first, levelFor(x.square.Size, cellSize))
		for x.base < maxLevel && s.Len() > maxAssets<<(2*x.base)/4 { // a city fills a quarter of its square
			x.base++
		}
	}
	return x
}

// last is the finest level that the layer has by its bands.
func (l *layer) last() uint8 { return l.levels[len(bands)-1] }

// levelCount is how many levels the layer has, with those that full tiles have spilled into.
func (l *layer) levelCount() int { return int(max(l.last(), l.deep)) + 1 }

// subtreeLevels is how many levels each of its subtrees covers.
func (l *layer) subtreeLevels() int { return min(maxSubtreeLevels, l.levelCount()) }

// above is the cell of a level that c lies in.
func (c cell) above(level uint8) cell {
	up := c.level - level
	return cell{level, c.x >> up, c.y >> up}
}

func levelFor(size, width float64) uint8 {
	return uint8(min(maxLevel, max(0, math.Ceil(math.Log2(size/width)))))
}

// size is how large an asset looks, metres: what decides how early it comes.
func size(r twin.Record) float64 {
	switch r.Kind() {
	case twin.KindNode, twin.KindChamber, twin.KindZone, twin.KindSolid, twin.KindBridge:
		return sizeDrawn(r, geometry.Section{})
	}
	return sizeDrawn(r, r.Drawn())
}

func sizeDrawn(r twin.Record, d geometry.Section) float64 {
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

// bands are the sizes, metres, from which assets come together: larger ones on the same level or before.
var bands = [...]float64{2, 1, 0.55, 0.32, 0.15, 0}

func bandOf(size float64) int {
	for i, b := range bands {
		if size >= b {
			return i
		}
	}
	return len(bands) - 1
}

// cellAt is the cell of a level that holds a place.
func (x *index) cellAt(level uint8, p geometry.Point) cell {
	n := float64(uint32(1) << level)
	at := func(v, low float64) uint32 { return uint32(max(0, min(n-1, math.Floor((v-low)/x.square.Size*n)))) }
	return cell{level, at(p.E, x.square.MinE), at(p.N, x.square.MinN)}
}

// cellOf is the tile that holds an asset: its size decides the level, its middle the place.
func (x *index) cellOf(l *layer, r twin.Record) cell {
	return x.cellAt(l.levels[bandOf(size(r))], r.Middle())
}

// put takes an asset in and returns the tiles whose contents that changes.
func (x *index) put(r twin.Record) []cell {
	code := r.Layer()
	l := x.layers[code]
	if l == nil {
		l = &layer{code: code, tiles: map[cell]*tile{}}
		for i := range l.levels {
			l.levels[i] = x.first
		}
		x.layers[code] = l
	}
	c := x.cellOf(l, r)
	t := l.tiles[c]
	if t == nil {
		t = &tile{ownBox: geometry.EmptyBox()}
		l.tiles[c] = t
	}
	t.handles = append(t.handles, r.Handle())
	t.weight += x.weigh(r.Handle())
	l.count++
	l.deep = max(l.deep, c.level)
	changed := []cell{c}
	for i := 0; i < len(changed); i++ {
		if l.tiles[changed[i]].over(changed[i]) {
			changed = append(changed, x.spill(l, changed[i])...)
		}
	}
	return changed
}

// outgrown reports whether a layer has so many more assets than when its levels were chosen that they had better be chosen anew.
func (x *index) outgrown() bool {
	for _, l := range x.layers {
		if l.count > goal && l.count > 2*l.built {
			return true
		}
	}
	return false
}

func (x *index) take(r twin.Record) cell {
	l := x.layers[r.Layer()]
	c, ok := x.find(l, r, x.cellOf(l, r))
	if !ok {
		return x.cellOf(l, r)
	}
	t := l.tiles[c]
	i := slices.Index(t.handles, r.Handle())
	// A new slice: a maker may be reading the old one.
	t.handles = append(slices.Clone(t.handles[:i]), t.handles[i+1:]...)
	t.weight -= x.weigh(r.Handle())
	l.count--
	return c
}

// own makes a tile's own box and size anew from its assets.
func (x *index) own(t *tile) {
	t.ownBox, t.ownSize = geometry.EmptyBox(), 0
	for _, h := range t.handles {
		r := x.snap.Record(h)
		t.ownBox = t.ownBox.Union(drawnBox(x.snap.Catalog(), r))
		t.ownSize = max(t.ownSize, size(r))
	}
}

// drawnBox is the box around what a content draws of an asset.
func drawnBox(cat *twin.Catalog, r twin.Record) geometry.Box { return roomy(cat, r, r.Box()) }

// roomy gives a box room for lids and spheres, and for what stands at a node.
func roomy(cat *twin.Catalog, r twin.Record, b geometry.Box) geometry.Box {
	if r.Kind() != twin.KindNode {
		return b.Grow(0.7)
	}
	b = b.Grow(0.1)
	var few [1]geometry.Point
	if m, at := likeness.Of(cat, r, r.Axis(few[:0])[0]); m != nil {
		b = b.Union(geometry.Box{Min: at.Add(m.Reach.Min), Max: at.Add(m.Reach.Max)}.Grow(0.1))
	}
	return b
}

// sumAll makes every box and size of a layer from those of the tiles' own assets, from the finest level up.
func (l *layer) sumAll() {
	byLevel := make([][]cell, l.levelCount())
	for c := range l.tiles {
		byLevel[c.level] = append(byLevel[c.level], c)
	}
	for level := len(byLevel) - 1; level > 0; level-- {
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
	x.snap, x.followed = ch.Snapshot, true
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
			for _, c := range x.put(r) {
				note(r, c)
			}
		}
	}
	for _, t := range list {
		if l := x.layers[t.layer]; l.tiles[t.cell] != nil {
			l.settle(x, t.cell)
		}
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
