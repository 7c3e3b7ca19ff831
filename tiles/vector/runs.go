package vector

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/undercity/undercity/tiles/mvt"
	"github.com/undercity/undercity/twin"
)

// run is what the segments of one run have in common: their layer and the greatest of the bands of size that they reach.
type run struct {
	layer string
	band  int
}

// bands are the sizes, metres, from which segments come together in runs.
var bands = [...]float64{2, 1, 0.55, 0.32, 0.15, 0}

func bandOf(size float64) int {
	for i, b := range bands {
		if size >= b {
			return i
		}
	}
	return len(bands) - 1
}

// edge is a straight between two cells, a before b.
type edge struct{ a, b mvt.Cell }

func compareCells(a, b mvt.Cell) int { return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(a.Y, b.Y)) }

// runCell is the grid, in units, on which the ends of segments meet: half a pixel.
const runCell = pixel / 2

// runs draws a tile of a coarse zoom: where a segment is a pixel or less, those of a layer and a band of size become runs with one feature together;
// without ID, since nobody can point at one. Galleries, tunnels, bridges, areas and solids stay what they are.
func (d *drawer) runs(handles []twin.Handle) {
	if !d.sheet.ready() {
		return
	}
	least := leastSize(d.sheet.tile.Z)
	frame := mvt.Around(margin)
	edges := map[run][]edge{}
	var others []twin.Record
	for _, h := range handles {
		r := d.snap.Record(h)
		switch k := r.Kind(); {
		case k.IsPoint():
		case k != twin.KindSegment:
			others = append(others, r)
		default:
			p := &d.plan
			r.Plan(p)
			if weight(r.Flow(), &p.Drawn) < least {
				continue
			}
			v := d.project(p.Line)
			if b := boxOf(v); !b.ok || !b.meets(frame) {
				continue
			}
			key := run{r.Layer(), bandOf(max(p.Drawn.OuterWidth(), p.Drawn.OuterHeight()))}
			edges[key] = addEdges(edges[key], v)
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(edges), func(a, b run) int { return cmp.Or(cmp.Compare(a.layer, b.layer), cmp.Compare(a.band, b.band)) }) {
		d.run(key, edges[key], frame)
	}
	for _, r := range others {
		d.draw(r)
	}
}

func addEdges(list []edge, v []mvt.Vec) []edge {
	snap := func(p mvt.Vec) mvt.Cell {
		return mvt.CellOf(mvt.Vec{X: p.X / runCell, Y: p.Y / runCell})
	}
	last := snap(v[0])
	for _, p := range v[1:] {
		c := snap(p)
		switch compareCells(last, c) {
		case -1:
			list = append(list, edge{last, c})
		case 1:
			list = append(list, edge{c, last})
		}
		last = c
	}
	return list
}

// run draws the edges of one run as one feature.
func (d *drawer) run(key run, edges []edge, frame mvt.Frame) {
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Or(compareCells(a.a, b.a), compareCells(a.b, b.b)) })
	edges = slices.Compact(edges)
	l := d.layer(twin.KindSegment)
	l.Reset()
	shown := false
	for way := range ways(edges) {
		v := d.vecs[:0]
		for _, c := range way {
			v = append(v, mvt.Vec{X: float64(c.X) * runCell, Y: float64(c.Y) * runCell})
		}
		d.vecs = v
		if b := boxOf(v); max(b.maxX-b.minX, b.maxY-b.minY) < pixel {
			continue
		}
		shown = d.pencil.Line(l.Layer, d.pencil.Thin(v, pixel/2), frame) || shown
	}
	if !shown {
		return
	}
	n := l.Text(key.layer)
	l.Tag(keyNetwork, n)
	l.Tag(keyLayer, n)
	l.Tag(keyKind, l.Text(twin.KindSegment.String()))
	if w := bands[key.band]; w > 0 {
		l.MilliTag(keyWidth, milli(w))
	}
	l.End(0)
}

// ways joins edges to long ways, each edge in one of them: from the ends first, and straight on where there is a choice.
func ways(edges []edge) func(func([]mvt.Cell) bool) {
	at := make(map[mvt.Cell][]int32, len(edges))
	for i, e := range edges {
		at[e.a] = append(at[e.a], int32(i))
		at[e.b] = append(at[e.b], int32(i))
	}
	used := make([]bool, len(edges))
	follow := func(way []mvt.Cell, i int32) []mvt.Cell {
		for i >= 0 {
			used[i] = true
			from, to := way[len(way)-1], edges[i].a
			if to == from {
				to = edges[i].b
			}
			way = append(way, to)
			i = straightest(edges, used, at[to], from, to)
		}
		return way
	}
	return func(yield func([]mvt.Cell) bool) {
		var way []mvt.Cell
		for _, endsOnly := range [...]bool{true, false} {
			for i, e := range edges {
				for _, c := range [...]mvt.Cell{e.a, e.b} {
					if used[i] || endsOnly && len(at[c])%2 == 0 {
						continue
					}
					if way = follow(append(way[:0], c), int32(i)); !yield(way) {
						return
					}
				}
			}
		}
	}
}

// straightest is the unused edge of those at a cell that turns least from the way that came to it, -1 for none.
func straightest(edges []edge, used []bool, list []int32, from, at mvt.Cell) int32 {
	best, turn := int32(-1), -2.0
	for _, i := range list {
		if used[i] {
			continue
		}
		to := edges[i].a
		if to == at {
			to = edges[i].b
		}
		ax, ay, bx, by := float64(at.X-from.X), float64(at.Y-from.Y), float64(to.X-at.X), float64(to.Y-at.Y)
		c := ax*bx + ay*by
		if c /= math.Hypot(ax, ay) * math.Hypot(bx, by); c > turn {
			best, turn = i, c
		}
	}
	return best
}
