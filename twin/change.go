package twin

import (
	"bytes"
	"slices"
	"time"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
)

// putVersion marks an item that takes whatever version is there.
const putVersion = ^uint32(0)

// removalMark stands for the status in the record of a removal, which holds nothing but the ID.
const removalMark = 0xff

// csItem is one line of a change set. Removals carry a record with nothing but the ID.
type csItem struct {
	op      Op // OpCreate with putVersion: create or update
	handle  Handle
	version uint32 // that was read
}

// ChangeSet is one atomic write: creates, updates and removals. It packs each asset when it is added, so an import of a million segments is held at
// about 100 B each. A ChangeSet is for one goroutine and one Apply.
type ChangeSet struct {
	author, note string
	twin         *Twin
	arena        arena
	items        []csItem
	ids          idTable
	pack         packer
	unsettled    []int // items whose heights need the ground of the others
	extent       geometry.Box
	frame        *crs.Frame
	work         Asset
	done         bool
	Progress     func(done int) // called while the change set is stored, when not nil
	Gate         *Gate          // what its author may see and change; nil: everything
}

// Create adds an asset that must not exist yet. The asset may be reused by the caller afterwards.
func (cs *ChangeSet) Create(a *Asset) error { return cs.add(OpCreate, a, 0) }

// Update replaces the asset whose current version is version.
func (cs *ChangeSet) Update(a *Asset, version uint32) error { return cs.add(OpUpdate, a, version) }

// Put creates the asset, updates whatever version is there, or does nothing when it is equal to what is there.
func (cs *ChangeSet) Put(a *Asset) error { return cs.add(OpCreate, a, putVersion) }

// Remove takes away the asset whose current version is version.
func (cs *ChangeSet) Remove(id ID, version uint32) error {
	if err := CheckID(id); err != nil {
		return err
	}
	if err := cs.unique(id); err != nil {
		return err
	}
	cs.pack.buf = append(cs.pack.buf[:0], make([]byte, offStream)...)
	cs.pack.str(id)
	cs.pack.buf[2] = removalMark
	cs.insert(csItem{op: OpRemove, version: version}, cs.pack.buf)
	return nil
}

func (cs *ChangeSet) unique(id ID) error {
	if cs.Has(id) {
		return Errorf(Invalid, "%s stands twice in one change set", id).WithHint("keep one of the two")
	}
	return nil
}

func (cs *ChangeSet) insert(it csItem, rec []byte) {
	it.handle = cs.arena.add(rec)
	cs.items = append(cs.items, it)
	cs.ids.add(it.handle, cs.idOf)
}

func (cs *ChangeSet) add(op Op, a *Asset, version uint32) error {
	if err := cs.pack.cat.checkAsset(a); err != nil {
		return err
	}
	if err := checkFit(a); err != nil {
		return err
	}
	if err := cs.unique(a.ID); err != nil {
		return err
	}
	w := &cs.work
	line, gaps := append(w.Line[:0], a.Line...), append(w.HeightAssumed[:0], a.HeightAssumed...)
	*w = *a
	w.Line, w.HeightAssumed = line, gaps
	w.Version, w.Revision, w.Recorded = 0, 0, time.Time{}
	if !cs.pack.cat.settle(w, nil) {
		cs.unsettled = append(cs.unsettled, len(cs.items))
		for i := range w.HeightAssumed {
			w.HeightAssumed[i] = true
		}
	}
	rec := cs.pack.pack(w)
	if n := len(cs.unsettled); n > 0 && cs.unsettled[n-1] == len(cs.items) {
		rec = append(rec, make([]byte, heightRoom*len(w.Line))...) // for the heights to come
		cs.pack.buf = rec
	}
	if len(rec) > maxRecord {
		return Errorf(Invalid, "%s is too large to hold", a.ID).WithHint("cut the line into several segments")
	}
	cs.insert(csItem{op: op, version: version}, rec)
	for _, p := range a.Line {
		p.H = 0
		cs.extent = cs.extent.Add(p)
	}
	return nil
}

// heightRoom is how many bytes a packed height takes at most beyond that of 0, within 10 km of sea level.
const heightRoom = 4

// repack puts the packed form of an asset that was not settled in its place, so that the memory holds nothing twice. A form that has become
// too long for that goes to the end.
func (cs *ChangeSet) repack(item int, a *Asset) {
	old := cs.items[item].handle
	room := cs.record(old).size() + heightRoom*len(a.Line)
	rec := cs.pack.pack(a)
	if len(rec) <= room {
		copy(cs.arena.rec(old)[:room], rec)
		return
	}
	cs.items[item].handle = cs.arena.add(rec)
	cs.ids.replace(old, cs.items[item].handle, cs.idOf)
}

func (cs *ChangeSet) idOf(h Handle) []byte { return cs.record(h).idBytes() }

func (cs *ChangeSet) record(h Handle) Record {
	return Record{rec: cs.arena.rec(h), dict: cs.pack.dict, cat: cs.pack.cat, handle: h}
}

// Has reports whether the asset is in the change set.
func (cs *ChangeSet) Has(id ID) bool { return cs.ids.find(id, cs.idOf) != 0 }

// Get returns a copy of an asset of the change set as it will be stored, heights that are still to be assumed excepted.
func (cs *ChangeSet) Get(id ID) (*Asset, bool) {
	h := cs.ids.find(id, cs.idOf)
	if h == 0 || cs.record(h).rec[2] == removalMark {
		return nil, false
	}
	return cs.record(h).Asset(), true
}

// Len is how many assets the change set touches.
func (cs *ChangeSet) Len() int { return len(cs.items) }

// Extent is the box around the positions of the change set, in plan.
func (cs *ChangeSet) Extent() geometry.Box { return cs.extent }

// SetFrame gives a twin without a frame its frame.
func (cs *ChangeSet) SetFrame(f *crs.Frame) { cs.frame = f }

// Change is one revision as its followers see it.
type Change struct {
	Revision                             uint64
	Time                                 time.Time
	Author, Note                         string
	Items                                []Changed
	Box                                  geometry.Box // around what was and what is
	Layers                               []string     // codes of the layers touched
	Bulk                                 bool         // so many that an index had better be made anew
	Created, Updated, Removed, Unchanged int
	Snapshot                             *Snapshot // after the change
}

// Changed is one asset of a Change; handle 0 is none. Both resolve with Change.Snapshot.Record.
type Changed struct {
	Op            Op
	Before, After Handle
}

// Preview is what Apply would do.
type Preview struct{ Created, Updated, Removed, Unchanged int }

// samePacked reports whether two packed assets are equal in all but version, revision and time.
func samePacked(a, b Record) bool {
	al, bl := a.size(), b.size()
	return al == bl && bytes.Equal(a.rec[:offVersion], b.rec[:offVersion]) && bytes.Equal(a.rec[offLow:al], b.rec[offLow:bl])
}

// letGo frees what only the checking needed, a fifth of a large change set, before the storing takes memory of its own.
func (cs *ChangeSet) letGo() { cs.items, cs.ids = nil, idTable{} }

// sortItems orders items by ID.
func (cs *ChangeSet) sortItems() {
	slices.SortFunc(cs.items, func(a, b csItem) int { return bytes.Compare(cs.idOf(a.handle), cs.idOf(b.handle)) })
}
