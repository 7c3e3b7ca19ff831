package tiles

import (
	"cmp"
	"slices"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/draw"
	"github.com/undercity/undercity/twin"
)

// A content stays within bounds whatever a place is like: what is too much for a tile goes to that of its children where the middle of the asset lies, the
// smallest first, and so on down. A tile keeps its larger assets, so that a client still sees these first.

const (
	// mostAssets and mostBytes are what a content may have. The bytes are an estimate from above of what is each asset's own; what assets share has the
	// rest of 1 MB (see package draw).
	mostAssets = 8000
	mostBytes  = 650_000
	// deepest is how far down what is too much may go: to cells of a centimetre in a city's square, so that only assets that lie at one spot, a hundred
	// thousand of them, could end in one content after all.
	deepest = 22
)

func (x *index) weigh(h twin.Handle) int {
	r := x.snap.Record(h)
	var few [16]geometry.Point
	axis, drawn, _ := r.Drawing(few[:0])
	return draw.Weight(r, axis, drawn)
}

// over reports whether a tile has more than its content may have.
func (t *tile) over(c cell) bool {
	return c.level < deepest && len(t.handles) > 1 && (len(t.handles) > mostAssets || t.weight > mostBytes)
}

// ranked is an asset of a tile by what decides whether it stays: its size, and for equals its handle, so that it is always the same. The rest of what a tile
// needs of it is read with it.
type ranked struct {
	handle twin.Handle
	weight int32
	size   float64
	middle geometry.Point
	box    geometry.Box
}

func (x *index) rank(t *tile) []ranked {
	list := make([]ranked, len(t.handles))
	var buf []geometry.Point
	for i, h := range t.handles {
		r := x.snap.Record(h)
		axis, drawn, box := r.Drawing(buf[:0])
		buf = axis
		list[i] = ranked{h, int32(draw.Weight(r, axis, drawn)), sizeDrawn(r, drawn), twin.MiddleOf(axis), roomy(x.snap.Catalog(), r, box)}
	}
	slices.SortFunc(list, func(a, b ranked) int { return cmp.Or(cmp.Compare(b.size, a.size), cmp.Compare(a.handle, b.handle)) })
	return list
}

// take takes an asset in that was ranked before.
func (t *tile) take(r *ranked) {
	t.handles = append(t.handles, r.handle)
	t.weight += int(r.weight)
	t.ownBox, t.ownSize = t.ownBox.Union(r.box), max(t.ownSize, r.size)
}

// spill takes what is too much out of a tile, puts it into its children, and returns those.
func (x *index) spill(l *layer, c cell) (into []cell) {
	t := l.tiles[c]
	list := x.rank(t)
	keep, weight := 0, 0
	// Some room is left, so that the next asset does not push another one down.
	for keep < len(list) && keep < mostAssets*7/8 && (keep == 0 || weight+int(list[keep].weight) <= mostBytes*7/8) {
		weight += int(list[keep].weight)
		keep++
	}
	*t = tile{box: t.box, below: t.below, ownBox: geometry.EmptyBox(), handles: make([]twin.Handle, 0, keep)}
	for i := range list[:keep] {
		t.take(&list[i])
	}
	for i := keep; i < len(list); i++ {
		k := x.cellAt(c.level+1, list[i].middle)
		child := l.tiles[k]
		if child == nil {
			child = &tile{ownBox: geometry.EmptyBox()}
			l.tiles[k] = child
		}
		child.take(&list[i])
		if !slices.Contains(into, k) {
			into = append(into, k)
		}
	}
	l.deep = max(l.deep, c.level+1)
	return into
}

// spillAll brings every tile of a layer within bounds.
func (x *index) spillAll(l *layer) {
	var todo []cell
	for c, t := range l.tiles {
		l.deep = max(l.deep, c.level)
		if t.over(c) {
			todo = append(todo, c)
		}
	}
	slices.SortFunc(todo, cell.compare) // those above first: they fill those below
	for len(todo) > 0 {
		c := todo[0]
		todo = todo[1:]
		if l.tiles[c].over(c) {
			todo = append(todo, x.spill(l, c)...)
		}
	}
}

// find is the tile that holds an asset whose place is c or, where that is full, below it.
func (x *index) find(l *layer, r twin.Record, c cell) (cell, bool) {
	for {
		if t := l.tiles[c]; t != nil && slices.Contains(t.handles, r.Handle()) {
			return c, true
		}
		if c.level >= l.deep {
			return c, false
		}
		c = x.cellAt(c.level+1, r.Middle())
	}
}
