package twin

import (
	"context"
	"fmt"
	"math"
	"runtime/debug"
	"slices"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
)

// maxFields bounds how many objects an error names.
const maxFields = 100

// Check says what Apply would do now, and fails as Apply would; nothing is stored.
func (t *Twin) Check(cs *ChangeSet) (*Preview, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	w, err := t.prepare(cs)
	if err != nil {
		return nil, err
	}
	return &Preview{w.change.Created, w.change.Updated, w.change.Removed, w.change.Unchanged}, nil
}

// Apply stores the change set and publishes the next snapshot, or does nothing. It fails with Conflict when an asset moved on since it was read,
// with Invalid when the change set does not fit together; Fields name each asset. A change set that changes nothing makes no revision.
func (t *Twin) Apply(ctx context.Context, cs *ChangeSet) (*Change, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	w, err := t.prepare(cs)
	if err != nil {
		return nil, err
	}
	cs.done = true
	c := w.change
	if len(c.Items) == 0 {
		c.Revision, c.Time, c.Snapshot = t.head.Revision, t.head.Time, t.snap.Load()
		return c, nil
	}
	if t.head.Revision >= math.MaxUint32 {
		return nil, Errorf(Internal, "the twin has no revision numbers left")
	}
	c.Revision, c.Time = t.head.Revision+1, t.opts.Now().UTC().Truncate(1e6)
	w.stamp(cs)
	cs.letGo()
	if err := t.store.Commit(ctx, w.commit(cs, t)); err != nil {
		return nil, fmt.Errorf("commit of revision %d: %w", c.Revision, err)
	}
	if len(c.Items) >= largeChange {
		// What the storing used goes back to the system, so that the making of the index does not come on top of it.
		debug.FreeOSMemory()
	}
	a := w.adopt(cs, t.snap.Load().arena)
	t.head.Revision, t.head.Time, t.head.Frame, t.head.Square = c.Revision, c.Time, w.frame, w.square
	t.publish(c, w.frame, w.square, a)
	return c, nil
}

// largeChange is how many changed assets are worth a collection of their own.
const largeChange = 50_000

// write is a change set on its way: what it changes against the current snapshot. Handles of After are those of the change set until
// adopt.
type write struct {
	now      *Snapshot
	change   *Change
	versions []uint32 // of the items, parallel to change.Items
	frame    *crs.Frame
	square   Square
	newFrame bool
}

func (t *Twin) prepare(cs *ChangeSet) (*write, error) {
	if cs.twin != t || cs.done {
		return nil, Errorf(Internal, "the change set was made for another twin or has been applied")
	}
	w := &write{now: t.snap.Load(), change: &Change{Author: cs.author, Note: cs.note}, frame: t.head.Frame, square: t.head.Square}
	if err := w.fit(cs); err != nil {
		return nil, err
	}
	cs.settleRest(w.now)
	cs.sortItems()
	if err := w.resolve(cs); err != nil {
		return nil, err
	}
	return w, w.checkReferences(cs)
}

// fit decides the frame and the square of a first import, and refuses what lies outside the square later.
func (w *write) fit(cs *ChangeSet) error {
	if w.frame == nil {
		w.frame, w.newFrame = cs.frame, true
		if w.frame == nil && cs.Len() > 0 {
			return Errorf(Invalid, "the installation has no coordinate frame yet").WithHint("import a survey first, or set a frame")
		}
	}
	if cs.extent.IsEmpty() {
		return nil
	}
	if w.square.Size == 0 {
		w.square, w.newFrame = squareAround(cs.extent), true
		return nil
	}
	for _, p := range [...]geometry.Point{cs.extent.Min, cs.extent.Max} {
		if !w.square.Contains(p) {
			return w.outside(cs)
		}
	}
	return nil
}

// middleAt is where the middle of the first import lies along the sides of the square. At a half, the borders of the tiles of every level would meet in
// the middle of the city, where people look first: four tiles to load instead of one. At two fifths a border is never nearer than a fifth of a tile.
const middleAt = 0.4

// squareAround is the square that tiles divide: twice the extent, at least 2.5 km.
func squareAround(b geometry.Box) Square {
	c, s := b.Center(), b.Size()
	size := math.Ceil(max(2*max(s.E, s.N), 2500))
	return Square{MinE: math.Floor(c.E - middleAt*size), MinN: math.Floor(c.N - middleAt*size), Size: size}
}

func (w *write) outside(cs *ChangeSet) error {
	var fields []Field
	for _, it := range cs.items {
		if it.op == OpRemove {
			continue
		}
		r := cs.record(it.handle)
		for _, p := range r.Axis(nil) {
			if !w.square.Contains(p) {
				fields = append(fields, Field{r.ID(), fmt.Sprintf("lies at %.1f, %.1f, outside the installation's square of %.0f m from %.0f, %.0f", p.E, p.N, w.square.Size, w.square.MinE, w.square.MinN)})
				break
			}
		}
		if len(fields) == maxFields {
			break
		}
	}
	if len(fields) == 0 {
		return nil
	}
	e := Errorf(Invalid, "%s %s", fields[0].Pointer, fields[0].Reason).WithHint("check the coordinates and the CRS, or set the installation up anew with a larger extent")
	e.Fields = fields
	return e
}

// settleRest draws the heights that need the ground of the others: of the current surface, else of the change set itself.
func (cs *ChangeSet) settleRest(now *Snapshot) {
	if len(cs.unsettled) == 0 {
		return
	}
	own := surfaceOf(cs.all, len(cs.items))
	surface := func(e, n float64) float64 {
		if h := now.Ground().Height(e, n); !IsUnknown(h) {
			return h
		}
		return own.Height(e, n)
	}
	for _, i := range cs.unsettled {
		a := cs.record(cs.items[i].handle).Asset()
		cs.pack.cat.settle(a, surface)
		cs.repack(i, a)
	}
	cs.unsettled = nil
}

func (cs *ChangeSet) all(yield func(Record) bool) {
	for _, it := range cs.items {
		if it.op != OpRemove && !yield(cs.record(it.handle)) {
			return
		}
	}
}

// resolve holds each item against the current state.
func (w *write) resolve(cs *ChangeSet) error {
	var conflicts, denied []Field
	c := w.change
	c.Items, w.versions = make([]Changed, 0, len(cs.items)), make([]uint32, 0, len(cs.items))
	for _, it := range cs.items {
		id := string(cs.idOf(it.handle))
		before := w.now.handleOf(id)
		var version uint32
		if before != 0 {
			version = w.now.Record(before).Version()
		}
		f, bad, no := cs.Gate.hold(it, id, w.now, before, cs.record(it.handle))
		if no {
			if denied = append(denied, f); len(denied) == maxFields {
				break
			}
			continue
		}
		if !bad {
			f, bad = conflictOf(it, id, version)
		}
		if bad {
			if conflicts = append(conflicts, f); len(conflicts) == maxFields {
				break
			}
			continue
		}
		if it.version == putVersion && before != 0 {
			keepSecrecy(cs.record(it.handle), w.now.Record(before))
		}
		w.versions = append(w.versions, version+1)
		switch {
		case it.op == OpRemove:
			c.Removed++
			c.Items = append(c.Items, Changed{Op: OpRemove, Before: before, After: it.handle})
		case before == 0:
			c.Created++
			c.Items = append(c.Items, Changed{Op: OpCreate, After: it.handle})
		case it.version == putVersion && samePacked(w.now.Record(before), cs.record(it.handle)):
			c.Unchanged++
			w.versions = w.versions[:len(w.versions)-1]
		default:
			c.Updated++
			c.Items = append(c.Items, Changed{Op: OpUpdate, Before: before, After: it.handle})
		}
	}
	if len(denied) > 0 {
		e := Errorf(Denied, "%s %s", denied[0].Pointer, denied[0].Reason).WithHint("ask an administrator")
		e.Fields = denied
		return e
	}
	if len(conflicts) > 0 {
		e := Errorf(Conflict, "%s %s", conflicts[0].Pointer, conflicts[0].Reason).WithHint("read it again and repeat the change")
		e.Fields = conflicts
		return e
	}
	return nil
}

func conflictOf(it csItem, id ID, version uint32) (Field, bool) {
	switch {
	case it.version == putVersion:
	case it.op == OpCreate && version != 0:
		return Field{id, fmt.Sprintf("exists already, at version %d", version)}, true
	case it.op != OpCreate && version == 0:
		return Field{id, "does not exist any more"}, true
	case it.op != OpCreate && version != it.version:
		return Field{id, fmt.Sprintf("moved on from version %d to %d", it.version, version)}, true
	}
	return Field{}, false
}

// checkReferences refuses segments whose ends do not exist, and removals of what others still end at.
func (w *write) checkReferences(cs *ChangeSet) error {
	var fields []Field
	add := func(id ID, reason string) { fields = append(fields, Field{id, reason}) }
	exists := func(id ID) bool {
		if h := cs.ids.find(id, cs.idOf); h != 0 {
			return cs.record(h).rec[2] != removalMark
		}
		h := w.now.handleOf(id)
		return h != 0 && (cs.Gate.sees(w.now.Record(h)) || w.named(id))
	}
	for _, it := range w.change.Items {
		if len(fields) >= maxFields {
			break
		}
		r := cs.record(it.After)
		if it.Op == OpRemove {
			for _, s := range w.now.Ends(r.ID()) {
				if cs.Has(s) {
					continue
				}
				if end, ok := w.now.Find(s); ok && !cs.Gate.sees(end) {
					s = "something that you may not see"
				}
				add(r.ID(), fmt.Sprintf("cannot be removed, because %s ends at it", s))
			}
			continue
		}
		from, to, in := r.Ends()
		for _, ref := range [...]struct{ what, id string }{{"from", from}, {"to", to}, {"in", in}} {
			if ref.id != "" && !exists(ref.id) {
				add(r.ID(), fmt.Sprintf("names %s in %q, which does not exist", ref.id, ref.what))
			}
		}
	}
	if len(fields) == 0 {
		return nil
	}
	e := Errorf(Invalid, "%s %s", fields[0].Pointer, fields[0].Reason).WithHint("change both in one change set")
	e.Fields = fields
	return e
}

// stamp writes version, revision and time into the packed assets.
func (w *write) stamp(cs *ChangeSet) {
	ref := cs.pack.dict.stamp(stamp{w.change.Revision, w.change.Time.UnixMilli()})
	for i, it := range w.change.Items {
		setMeta(cs.arena.rec(it.After), w.versions[i], ref)
	}
}

func (w *write) commit(cs *ChangeSet, t *Twin) *Commit {
	c := &Commit{Revision: w.change.Revision, Time: w.change.Time, Author: cs.author, Note: cs.note, Count: len(w.change.Items), Progress: cs.Progress}
	if w.newFrame {
		c.Frame, c.Square = w.frame, w.square
	}
	var at Record
	c.Record = func(b []byte) []byte { return at.marshal(b) }
	c.Changes = func(yield func(Op, *Asset) bool) {
		var a Asset // its memory is used again
		for i, it := range w.change.Items {
			if it.Op == OpRemove {
				b := w.now.Record(it.Before)
				a = Asset{ID: b.ID(), Kind: b.Kind(), Network: b.Network(), Version: w.versions[i], Revision: c.Revision, Recorded: c.Time, Bottom: Unknown()}
			} else {
				at = cs.record(it.After)
				a = Asset{Line: a.Line[:0], Ground: a.Ground[:0], Bottom: Unknown()}
				at.decode(&a, detailAll)
			}
			if !yield(it.Op, &a) {
				return
			}
		}
	}
	return c
}

// adopt moves the packed assets of the change set behind those of the twin: whole chunks of a large one, single records of a small one.
func (w *write) adopt(cs *ChangeSet, a arena) arena {
	items := w.change.Items
	if whole := cs.arena.bytes > chunkSize; whole {
		shift := a.adopt(&cs.arena)
		for i := range items {
			items[i].After += shift
		}
	} else {
		for i := range items {
			if items[i].Op != OpRemove {
				rec := cs.record(items[i].After)
				items[i].After = a.add(rec.rec[:rec.size()])
			}
		}
	}
	for i := range items {
		if items[i].Op == OpRemove {
			items[i].After = 0
		}
	}
	w.change.Items = slices.Clip(items)
	return a
}
