package tiles

import (
	"maps"
	"runtime"
	"slices"
	"sync"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// What a class of rights may see has an index of its own: the tiles of the whole city without what is hidden, so that a content never holds it, and with
// boxes around what is left, so that they tell nothing of it either. An index is made from that of the whole city when its class asks first, and brought
// up to date by the tiles that changes touched.

// classIndex is the index of one class.
type classIndex struct {
	key string
	of  *index // of the whole city
	at  uint64 // revision
	x   *index
}

const (
	classesKept = 16
	// touchesKept bounds the revisions whose touched tiles are known, to bring indexes up to date.
	touchesKept = 1000
)

// touch is what one revision touched.
type touch struct {
	revision uint64
	tiles    []touched
}

// class is the class of rights that a view is seen with, "" of the one that sees everything. What is made for one class is never given to another.
func (v View) class() string {
	if s := v.Snapshot.Sight(); s != nil {
		return s.Key
	}
	return ""
}

// useClass runs f with the current index of a view's class while that does not change.
func (g *Generator) useClass(v View, f func(x *index) error) error {
	for {
		g.mu.RLock()
		if c := g.classOf(v.class()); c != nil && c.of == g.now && c.at == g.now.snap.Revision() {
			defer g.mu.RUnlock()
			return f(c.x)
		}
		g.mu.RUnlock()
		g.bringClass(v)
	}
}

// classOf returns the index of a class as it is kept; the lock is held.
func (g *Generator) classOf(key string) *classIndex {
	if i := slices.IndexFunc(g.classes, func(c *classIndex) bool { return c.key == key }); i >= 0 {
		return g.classes[i]
	}
	return nil
}

// bringClass makes the index of a class, or brings it up to date.
func (g *Generator) bringClass(v View) {
	g.making.Lock() // one at a time: it takes every core for itself
	defer g.making.Unlock()
	// What the class sees now is of the index's revision or a later one, and later ones still know what was replaced since.
	seen := g.twin.View(v.Snapshot.Sight())
	g.mu.RLock()
	c, now := g.classOf(v.class()), g.now
	at := now.snap.Revision()
	list, known := g.touchedSince(c, at)
	var made *index
	if at <= seen.Revision() && !known {
		made = now.without(seen)
	}
	g.mu.RUnlock()
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case made != nil && g.now == now: // what came meanwhile is taken over next
		g.keepClass(&classIndex{v.class(), now, at, made})
	case known && g.now == now && now.snap.Revision() == at && at <= seen.Revision():
		c.x.refresh(now, seen, list)
		c.at = at
		g.keepClass(c)
	}
}

// keepClass puts a class before the others.
func (g *Generator) keepClass(c *classIndex) {
	others := slices.DeleteFunc(slices.Clone(g.classes), func(o *classIndex) bool { return o.key == c.key })
	g.classes = append([]*classIndex{c}, others[:min(len(others), classesKept-1)]...)
}

// touchedSince lists what revisions after that of a class have touched, false where that is not known; the lock is held.
func (g *Generator) touchedSince(c *classIndex, revision uint64) ([]touched, bool) {
	if c == nil || c.of != g.now {
		return nil, false
	}
	if c.at == revision {
		return nil, true
	}
	i := slices.IndexFunc(g.touches, func(t touch) bool { return t.revision == c.at+1 })
	if i < 0 {
		return nil, false
	}
	var list []touched
	for _, t := range g.touches[i:] {
		list = append(list, t.tiles...)
	}
	return list, true
}

// note keeps what a revision touched; the lock is held.
func (g *Generator) note(revision uint64, list []touched) {
	if g.touches = append(g.touches, touch{revision, list}); len(g.touches) > touchesKept {
		g.touches = slices.Clone(g.touches[len(g.touches)-touchesKept/2:])
	}
}

// without is the index of a snapshot in which some of what x holds is hidden.
func (x *index) without(seen *twin.Snapshot) *index {
	y := *x
	y.snap, y.layers = seen, map[string]*layer{}
	var mu sync.Mutex
	var done sync.WaitGroup
	room := make(chan struct{}, runtime.GOMAXPROCS(0))
	for code, l := range x.layers {
		done.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			if m := y.layerOf(l); m != nil {
				mu.Lock()
				y.layers[code] = m
				mu.Unlock()
			}
		})
	}
	done.Wait()
	return &y
}

// layerOf is a layer of the whole city with what is not hidden, nil where that is nothing.
func (x *index) layerOf(l *layer) *layer {
	m := *l
	m.tiles, m.count = map[cell]*tile{}, 0
	for c, t := range l.tiles {
		if shown := x.shown(t); shown != nil {
			m.tiles[c] = shown
			m.count += len(shown.handles)
		}
	}
	if m.count == 0 {
		return nil
	}
	m.sumAll()
	return &m
}

// shown is a tile with what is not hidden of its own assets, nil where that is nothing.
func (x *index) shown(t *tile) *tile {
	hidden := func(h twin.Handle) bool { return !x.snap.Shows(h) }
	if len(t.handles) == 0 {
		return nil
	}
	s := *t
	if slices.ContainsFunc(t.handles, hidden) {
		s.handles = slices.DeleteFunc(slices.Clone(t.handles), hidden)
		if len(s.handles) == 0 {
			return nil
		}
		x.own(&s)
	}
	return &s
}

// refresh takes over tiles of the whole city that have changed.
func (x *index) refresh(whole *index, seen *twin.Snapshot, list []touched) {
	x.snap = seen
	layers := maps.Clone(x.layers)
	for _, t := range list {
		l, from := layers[t.layer], whole.layers[t.layer]
		if from == nil {
			continue
		}
		if l == nil {
			l = &layer{code: from.code, levels: from.levels, tiles: map[cell]*tile{}, built: from.built}
			layers[t.layer] = l
		}
		l.deep = max(l.deep, from.deep)
		var next *tile
		if of := from.tiles[t.cell]; of != nil {
			next = x.shown(of)
		}
		if old := l.tiles[t.cell]; old != nil {
			l.count -= len(old.handles)
		}
		if next == nil {
			next = &tile{ownBox: geometry.EmptyBox()}
		}
		l.count += len(next.handles)
		l.tiles[t.cell] = next
		l.settle(x, t.cell)
		if l.count == 0 {
			delete(layers, t.layer)
		}
	}
	x.layers = layers
}
