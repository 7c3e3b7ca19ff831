package twin

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
)

// views keeps the snapshots of the classes of readers that asked last, and the changes that bring them up to date.
type views struct {
	mu     sync.Mutex
	list   []*view // latest asked first
	recent []*Change
	items  int // in recent
}

// view is the snapshot of one class. Who asks while it is being made waits for it alone.
type view struct {
	mu  sync.Mutex
	key string
	of  *Snapshot // whole
	is  *Snapshot // as the class sees it
}

const (
	// viewsKept bounds how many classes are kept, past states counted apart: each has a bit for each word of the assets, some 3 B an asset.
	viewsKept = 24
	// recentKept bounds the changes, and recentItems the assets in them, that are kept to bring a class up to date.
	recentKept  = 1000
	recentItems = 100_000
)

// View returns the current state as a reader with the sight sees it; nil sees all. What is made for a class is kept for its next reader.
func (t *Twin) View(v *Sight) *Snapshot {
	s := t.Snapshot()
	if v.seesAll() {
		return s
	}
	e := t.views.entry(v.Key)
	e.mu.Lock()
	defer e.mu.Unlock()
	if s = t.Snapshot(); e.of != s { // a later one than before the wait
		e.is, e.of = t.bring(e, s, v), s
	}
	return e.is
}

// bring makes the snapshot of a class from the one that is kept where the changes between are known, else anew.
func (t *Twin) bring(e *view, s *Snapshot, v *Sight) *Snapshot {
	if e.of == nil {
		return s.see(v, nil)
	}
	steps, ok := t.views.between(e.of.revision, s.revision)
	if !ok {
		return s.see(v, nil)
	}
	is := e.is
	for _, c := range steps {
		is = is.follow(c)
	}
	if is.seen.marks == nil {
		return s.see(v, nil)
	}
	return s.as(&seen{v, is.seen.marks, s}, is.counts, is.extent)
}

func (k *views) entry(key string) *view {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i, e := range k.list {
		if e.key == key {
			copy(k.list[1:i+1], k.list[:i])
			k.list[0] = e
			return e
		}
	}
	e := &view{key: key}
	k.list = append([]*view{e}, k.list[:min(len(k.list), viewsKept-1)]...)
	return e
}

// note keeps a change.
func (k *views) note(c *Change) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if c.Bulk {
		k.recent, k.items = nil, 0
		return
	}
	k.recent = append(k.recent, c)
	for k.items += len(c.Items); len(k.recent) > recentKept || k.items > recentItems; {
		k.items -= len(k.recent[0].Items)
		k.recent[0] = nil
		k.recent = k.recent[1:]
	}
}

// between returns the changes after one revision up to another, false where they are not all kept.
func (k *views) between(after, to uint64) ([]*Change, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if after == to {
		return nil, true
	}
	i := slices.IndexFunc(k.recent, func(c *Change) bool { return c.Revision == after+1 })
	if i < 0 || after > to || uint64(len(k.recent)-i) < to-after {
		return nil, false
	}
	return k.recent[i : i+int(to-after) : i+int(to-after)], true
}

// Past returns an earlier state, which AsOf gave, as a reader with the sight sees it today: what the reader must not see now is not shown as of
// yesterday either, were it graded lower then.
func (t *Twin) Past(ctx context.Context, s *Snapshot, v *Sight) (*Snapshot, error) {
	s = s.Whole()
	if v.seesAll() {
		return s, nil
	}
	now := t.Snapshot()
	e := t.views.entry(fmt.Sprint(v.Key, "\x00", s.revision, "\x00", now.revision))
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.of != s {
		hidden, err := t.hiddenToday(ctx, s, now, v)
		if err != nil {
			return nil, err
		}
		e.is, e.of = s.see(v, hidden), s
	}
	return e.is, nil
}

// removedAsked bounds how many assets that are no more have their last grade looked up; of more, none is shown.
const removedAsked = 5000

// hiddenToday lists the assets of an earlier state that the sight would show, though it does not see what they are now or were last.
func (t *Twin) hiddenToday(ctx context.Context, s, now *Snapshot, v *Sight) (map[Handle]bool, error) {
	if v.Sees == nil {
		return nil, nil
	}
	hidden := map[Handle]bool{}
	var removed []Record
	next, stop := iter.Pull(now.All)
	defer stop()
	today, ok := next()
	for r := range s.All {
		for ok && today.CompareID(r) < 0 {
			today, ok = next()
		}
		switch {
		case !v.Sees(r):
		case !ok || today.CompareID(r) != 0:
			removed = append(removed, r)
		case !v.Sees(today):
			hidden[r.handle] = true
		}
	}
	for _, r := range removed {
		if len(removed) <= removedAsked {
			last, err := t.last(ctx, r.ID())
			if err != nil {
				return nil, err
			}
			if !last.IsZero() && v.Sees(last) {
				continue
			}
		}
		hidden[r.handle] = true
	}
	return hidden, nil
}

// last is what an asset was last.
func (t *Twin) last(ctx context.Context, id ID) (Record, error) {
	vs, err := t.store.History(ctx, id)
	if err != nil {
		return Record{}, fmt.Errorf("history of %s: %w", id, err)
	}
	for _, v := range slices.Backward(vs) {
		if v.Op != OpRemove {
			return t.recordOf(v.Asset), nil
		}
	}
	return Record{}, nil
}

// recordOf packs an asset that no snapshot holds, to look at it as at one of a snapshot.
func (t *Twin) recordOf(a *Asset) Record {
	p := packer{cat: t.opts.Catalog}
	return Record{rec: p.pack(a), cat: t.opts.Catalog}
}

// HistoryFor returns the versions of one asset that a reader with the sight sees, oldest first, with what is hidden of them taken away, and how many there
// are beside them. NotFound when there never was one, or when the reader does not see what it is now or was last.
func (t *Twin) HistoryFor(ctx context.Context, id ID, v *Sight) (vs []Version, withheld int, err error) {
	all, err := t.History(ctx, id)
	if err != nil || v.seesAll() {
		return all, 0, err
	}
	sees := func(a *Asset) bool { return v.Sees == nil || v.Sees(t.recordOf(a)) }
	last := len(all) - 1
	for last >= 0 && all[last].Op == OpRemove {
		last--
	}
	if last < 0 || !sees(all[last].Asset) {
		return nil, 0, neverWas(id)
	}
	for _, h := range all {
		if h.Op != OpRemove && !sees(h.Asset) {
			withheld++
			continue
		}
		covered := *h.Asset
		v.Veil.Cover(&covered)
		h.Asset = &covered
		vs = append(vs, h)
	}
	return vs, withheld, nil
}

func neverWas(id ID) error { return Errorf(NotFound, "there is no asset %s and never was one", id) }
