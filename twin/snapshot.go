package twin

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"sync"
	"time"

	"github.com/tidwall/btree"
	"github.com/tidwall/rtree"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
)

// Source gives the snapshot to read: a Twin gives the current one, a Snapshot itself.
type Source interface{ Snapshot() *Snapshot }

// index is what finds packed assets: a packed base for what has not changed lately, and a small tree of edits over it. Copies made by
// fork share everything and never change.
type index struct {
	base  *base
	edits *btree.Map[ID, Handle] // handle 0: removed
	tree  *rtree.RTreeG[Handle]  // boxes of the edits
	dead  *btree.Set[Handle]     // handles of the base that edits replaced
}

// base is the packed part of an index.
type base struct {
	sorted []Handle // in order of ID
	tree   *packedTree
	ends   struct {
		once sync.Once
		list []end // in order of hash
	}
}

// end is one end of a segment, for finding segments by node.
type end struct {
	hash   uint32
	handle Handle
}

// Snapshot is one revision of the twin. It never changes, may be read from any goroutine and costs nothing to hold.
type Snapshot struct {
	arena    arena
	dict     *dict
	cat      *Catalog
	index    index
	revision uint64
	time     time.Time
	frame    *crs.Frame
	square   Square
	storeID  string
	extent   geometry.Box
	counts   map[countKey]int
	surface  *surfaceOnce
	seen     *seen // by whom, nil: who sees all
}

type countKey struct {
	network uint8
	kind    Kind
}

// Count is how many assets of a kind a network has.
type Count struct {
	Network string
	Kind    Kind
	N       int
}

// Snapshot returns s, so that a Snapshot is a Source.
func (s *Snapshot) Snapshot() *Snapshot { return s }

// Revision is the number of the state.
func (s *Snapshot) Revision() uint64 { return s.revision }

// Time is when the revision was recorded; zero for an empty twin.
func (s *Snapshot) Time() time.Time { return s.time }

// Frame is the frame of the coordinates, nil while nothing has been imported.
func (s *Snapshot) Frame() *crs.Frame { return s.frame }

// Square is the fixed square that tiles divide.
func (s *Snapshot) Square() Square { return s.square }

// StoreID names the store the snapshot comes from.
func (s *Snapshot) StoreID() string { return s.storeID }

// Catalog is the tables of the domain.
func (s *Snapshot) Catalog() *Catalog { return s.cat }

// Extent is a box around everything drawn; empty for an empty twin. It may be larger than needed after removals.
func (s *Snapshot) Extent() geometry.Box { return s.extent }

// Len is how many assets there are.
func (s *Snapshot) Len() int {
	n := 0
	for _, c := range s.counts {
		n += c
	}
	return n
}

// Counts lists how many assets of each network and kind there are, in the order of the catalog.
func (s *Snapshot) Counts() []Count {
	list := make([]Count, 0, len(s.counts))
	for k, n := range s.counts {
		if n > 0 {
			list = append(list, Count{s.cat.networks[k.network].Code, k.kind, n})
		}
	}
	slices.SortFunc(list, func(a, b Count) int {
		i, _ := s.cat.networkIndex(a.Network)
		j, _ := s.cat.networkIndex(b.Network)
		return cmp.Or(cmp.Compare(i, j), cmp.Compare(a.Kind, b.Kind))
	})
	return list
}

// Record returns the view of a handle that this or an earlier snapshot gave out.
func (s *Snapshot) Record(h Handle) Record {
	return Record{rec: s.arena.rec(h), dict: s.dict, cat: s.cat, veil: s.veil(), handle: h}
}

func (s *Snapshot) handleOf(id ID) Handle {
	if h, ok := s.index.edits.Get(id); ok {
		return h
	}
	if i, ok := s.inBase(id); ok {
		return s.index.base.sorted[i]
	}
	return 0
}

// inBase finds where id stands, or would stand, in the base.
func (s *Snapshot) inBase(id ID) (int, bool) {
	b := s.index.base.sorted
	i := sort.Search(len(b), func(i int) bool { return string(s.Record(b[i]).idBytes()) >= id })
	return i, i < len(b) && string(s.Record(b[i]).idBytes()) == id
}

// Find returns the asset with the ID.
func (s *Snapshot) Find(id ID) (Record, bool) {
	h := s.handleOf(id)
	if h == 0 || !s.Shows(h) {
		return Record{}, false
	}
	return s.Record(h), true
}

// Get returns a copy of the asset with the ID.
func (s *Snapshot) Get(id ID) (*Asset, bool) {
	r, ok := s.Find(id)
	if !ok {
		return nil, false
	}
	return r.Asset(), true
}

// In yields every asset whose drawn box meets b, in no particular order, until yield returns false.
func (s *Snapshot) In(b geometry.Box, yield func(Record) bool) {
	anyHeight := math.IsInf(b.Min.H, -1) && math.IsInf(b.Max.H, 1) // then the record need not be looked at
	test := func(h Handle) bool {
		if !s.Shows(h) {
			return true
		}
		r := s.Record(h)
		if anyHeight {
			return yield(r)
		}
		if low, high := r.heightRange(); low > b.Max.H || high < b.Min.H {
			return true
		}
		return yield(r)
	}
	edited := s.index.dead.Len() > 0
	if !s.index.base.tree.search(b, func(h Handle, sure bool) bool {
		if edited && s.index.dead.Contains(h) || !sure && !inPlan(s.Record(h).Box(), b) {
			return true
		}
		return test(h)
	}) {
		return
	}
	s.index.tree.Search([2]float64{b.Min.E, b.Min.N}, [2]float64{b.Max.E, b.Max.N}, func(_, _ [2]float64, h Handle) bool { return test(h) })
}

func inPlan(a, b geometry.Box) bool {
	return a.Min.E <= b.Max.E && a.Max.E >= b.Min.E && a.Min.N <= b.Max.N && a.Max.N >= b.Min.N
}

// All yields every asset in order of ID until yield returns false.
func (s *Snapshot) All(yield func(Record) bool) { s.from("", yield) }

// from yields the assets with an ID of at least first, in order of ID.
func (s *Snapshot) from(first ID, yield func(Record) bool) {
	b := s.index.base.sorted
	i := 0
	if first != "" {
		i, _ = s.inBase(first)
	}
	going := true
	s.index.edits.Ascend(first, func(id ID, h Handle) bool {
		for i < len(b) && going {
			r := s.Record(b[i])
			if c := cmp.Compare(string(r.idBytes()), id); c >= 0 {
				if c == 0 {
					i++
				}
				break
			}
			i++
			going = !s.Shows(r.handle) || yield(r)
		}
		if going && h != 0 && s.Shows(h) {
			going = yield(s.Record(h))
		}
		return going
	})
	for ; i < len(b) && going; i++ {
		going = !s.Shows(b[i]) || yield(s.Record(b[i]))
	}
}

// Page returns up to limit assets with an ID after the given one that keep accepts, in order of ID, and the ID to go on after, "" when
// there are no more. keep may be nil.
func (s *Snapshot) Page(after ID, limit int, keep func(Record) bool) (page []Record, next ID) {
	s.from(after, func(r Record) bool {
		if string(r.idBytes()) == after || (keep != nil && !keep(r)) {
			return true
		}
		if len(page) == limit {
			next = page[limit-1].ID()
			return false
		}
		page = append(page, r)
		return true
	})
	return page, next
}

// Nearest returns up to n assets whose drawn axis is within limit metres of p in space, nearest first.
func (s *Snapshot) Nearest(p geometry.Point, limit float64, n int) []Record {
	type hit struct {
		r Record
		d float64
	}
	var hits []hit
	s.In(geometry.Box{Min: p, Max: p}.Grow(limit), func(r Record) bool {
		if d := axisDistance(r, p); d <= limit {
			hits = append(hits, hit{r, d})
		}
		return true
	})
	slices.SortFunc(hits, func(a, b hit) int { return cmp.Or(cmp.Compare(a.d, b.d), cmp.Compare(a.r.handle, b.r.handle)) })
	list := make([]Record, 0, min(n, len(hits)))
	for _, h := range hits[:min(n, len(hits))] {
		list = append(list, h.r)
	}
	return list
}

func axisDistance(r Record, p geometry.Point) float64 {
	var few [16]geometry.Point
	ps := r.Axis(few[:0])
	best := ps[0].Dist(p)
	for i := 1; i < len(ps); i++ {
		d := ps[i].Sub(ps[i-1])
		t := 0.0
		if l := d.Dot(d); l > 0 {
			t = max(0, min(1, p.Sub(ps[i-1]).Dot(d)/l))
		}
		best = min(best, ps[i-1].Lerp(ps[i], t).Dist(p))
	}
	return best
}

// Ends returns the IDs of the segments that begin or end at a node or chamber, in order.
func (s *Snapshot) Ends(id ID) []ID {
	b := s.index.base
	b.ends.once.Do(func() { b.ends.list = s.listEnds() })
	hash := uint32(hashID(id))
	var ids []ID
	i, _ := slices.BinarySearchFunc(b.ends.list, hash, func(e end, h uint32) int { return cmp.Compare(e.hash, h) })
	for ; i < len(b.ends.list) && b.ends.list[i].hash == hash; i++ {
		if h := b.ends.list[i].handle; !s.index.dead.Contains(h) {
			ids = s.addIfEndsAt(ids, h, id)
		}
	}
	s.index.edits.Scan(func(_ ID, h Handle) bool {
		if h != 0 {
			ids = s.addIfEndsAt(ids, h, id)
		}
		return true
	})
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (s *Snapshot) addIfEndsAt(ids []ID, h Handle, id ID) []ID {
	r := s.Record(h)
	if from, to, _ := r.Ends(); (from == id || to == id) && s.Shows(h) {
		ids = append(ids, r.ID())
	}
	return ids
}

// listEnds lists the ends of every segment of the base.
func (s *Snapshot) listEnds() []end {
	var list []end
	for _, h := range s.index.base.sorted {
		from, to, _ := s.Record(h).Ends()
		if from != "" {
			list = append(list, end{uint32(hashID(from)), h})
		}
		if to != "" && to != from {
			list = append(list, end{uint32(hashID(to)), h})
		}
	}
	slices.SortFunc(list, func(a, b end) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.handle, b.handle)) })
	return slices.Clip(list)
}
