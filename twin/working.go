package twin

import (
	"cmp"
	"runtime"
	"slices"
	"sync"

	"github.com/tidwall/btree"
	"github.com/tidwall/rtree"

	"github.com/undercity/undercity/geometry"
)

// rebuildAt is how many edits lie over the packed base before it is packed anew: at least this many, and an eighth of the base.
const rebuildAt = 20000

func newIndex(b *base) index {
	return index{base: b, edits: &btree.Map[ID, Handle]{}, tree: &rtree.RTreeG[Handle]{}, dead: &btree.Set[Handle]{}}
}

// fork copies the edits for a snapshot to publish. Copying marks the trees it copies, so only the owner of the working index may call it, under the
// twin's mutex, and never on a published index.
func (x *index) fork() index {
	return index{base: x.base, edits: x.edits.Copy(), tree: x.tree.Copy(), dead: x.dead.Copy()}
}

func plan(b geometry.Box) (low, high [2]float64) {
	return [2]float64{b.Min.E, b.Min.N}, [2]float64{b.Max.E, b.Max.N}
}

// edit records that the asset id is now at handle after (0: removed); before is where it was, 0 if it was not.
func (x *index) edit(s *Snapshot, id ID, before, after Handle) {
	if before != 0 {
		if old, edited := x.edits.Get(id); edited && old == before {
			low, high := plan(s.Record(before).Box())
			x.tree.Delete(low, high, before)
		} else {
			x.dead.Insert(before)
		}
	}
	x.edits.Set(id, after)
	if after != 0 {
		low, high := plan(s.Record(after).Box())
		x.tree.Insert(low, high, after)
	}
}

// packBase packs the handles, which are in order of ID, into a base.
func packBase(s *Snapshot, sorted []Handle) (*base, geometry.Box) {
	if len(sorted) == 0 {
		return &base{tree: &packedTree{}}, geometry.EmptyBox()
	}
	origin := s.Record(sorted[0]).Box().Min
	parts := make([]geometry.Box, maxParts)
	boxes := make([]flat, len(sorted))
	n := inParts(len(sorted), func(part, from, to int) {
		parts[part] = geometry.EmptyBox()
		for i := from; i < to; i++ {
			b := s.Record(sorted[i]).Box()
			boxes[i] = flatten(b, origin.E, origin.N)
			parts[part] = parts[part].Union(b)
		}
	})
	extent := geometry.EmptyBox()
	for _, b := range parts[:n] {
		extent = extent.Union(b)
	}
	return &base{sorted: sorted, tree: newPackedTree(sorted, boxes, origin.E, origin.N)}, extent
}

// maxParts bounds the goroutines of one piece of work.
const maxParts = 16

// inParts runs f over parts of 0 … n at the same time, where n is worth it, and returns how many parts there were.
func inParts(n int, f func(part, from, to int)) int {
	parts := max(1, min(runtime.GOMAXPROCS(0), maxParts, n/10000))
	var wg sync.WaitGroup
	for i := range parts {
		wg.Go(func() { f(i, n*i/parts, n*(i+1)/parts) })
	}
	wg.Wait()
	return parts
}

// merge returns the handles of s with the items of a change over them, in order of ID.
func merge(s *Snapshot, items []Changed) []Handle {
	gone := make(map[Handle]struct{})
	for _, it := range items {
		if it.Before != 0 {
			gone[it.Before] = struct{}{}
		}
	}
	next := make([]Handle, 0, s.Len()+len(items))
	i := 0
	for r := range s.All {
		for i < len(items) && (items[i].After == 0 || cmp.Compare(string(s.Record(items[i].After).idBytes()), string(r.idBytes())) < 0) {
			if items[i].After != 0 {
				next = append(next, items[i].After)
			}
			i++
		}
		if _, out := gone[r.handle]; !out {
			next = append(next, r.handle)
		}
	}
	for ; i < len(items); i++ {
		if items[i].After != 0 {
			next = append(next, items[i].After)
		}
	}
	return slices.Clip(next)
}
