package twin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
)

// Options are the settings of a Twin; the zero value is the default.
type Options struct {
	Now       func() time.Time // default time.Now
	Logger    *slog.Logger     // default: none
	StartFile string           // file that makes the next start quick; "" for none
	ReadOnly  bool             // the start file is used where it fits, and never written
	Catalog   *Catalog         // default Standard()
}

// Twin owns the current state of the underground. Its methods may be called from any goroutine; writers take turns.
type Twin struct {
	store Store
	opts  Options
	dict  *dict
	snap  atomic.Pointer[Snapshot]
	base  atomic.Pointer[Base]

	mu        sync.Mutex // held by the writer
	head      Head
	working   index
	followers []func(*Change)
	dirty     bool // the start file is not of this revision
	large     bool // and writing it is worth it before the twin is closed
	closed    bool
	keepers   []keeper
	kept      map[string][]byte // from the start file, until asked for
	edits     int               // since the surface was made

	writing sync.Mutex // held while the start file is written, taken before mu

	past  pastSnapshots
	views views
}

var (
	_ Source = (*Twin)(nil)
	_ Source = (*Snapshot)(nil)
)

// Open reads the store's current state into memory, from the start file where that is of the same state. The Twin closes the store.
func Open(ctx context.Context, store Store, o Options) (*Twin, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Catalog == nil {
		o.Catalog = Standard()
	}
	t := &Twin{store: store, opts: o, dict: newDict()}
	var err error
	if t.head, err = store.Head(ctx); err != nil {
		return nil, fmt.Errorf("head of the store: %w", err)
	}
	s, err := t.readStartFile()
	if err != nil {
		if t.head.Revision > 0 { // a new twin has none
			o.Logger.Info("start file not used", "err", err)
		}
		t.dict, t.dirty = newDict(), true
		base := make(chan error, 1)
		go func() { base <- t.readBase(ctx) }()
		s, err = t.load(ctx, t.dict, 0)
		if err := errors.Join(err, <-base); err != nil {
			return nil, err
		}
	} else if t.base.Load() == nil {
		if err := t.readBase(ctx); err != nil {
			return nil, err
		}
	}
	t.large = t.dirty && s.Len() >= worthAFile
	s.revision, s.time, s.frame, s.square, s.storeID = t.head.Revision, t.head.Time, t.head.Frame, t.head.Square, t.head.ID
	s.surface = t.newSurface()
	t.working = newIndex(s.index.base)
	s.index = t.working.fork()
	t.snap.Store(s)
	return t, nil
}

func (t *Twin) readBase(ctx context.Context) error {
	b, err := t.store.Base(ctx)
	if err != nil {
		return fmt.Errorf("base data: %w", err)
	}
	t.base.Store(b)
	return nil
}

func (s *Snapshot) keyOf(h Handle) countKey {
	rec := s.arena.rec(h)
	return countKey{rec[1], kindOf(rec[0])}
}

func (t *Twin) newSurface() *surfaceOnce {
	t.edits = 0
	return &surfaceOnce{terrain: t.base.Load().terrain()}
}

func (b *Base) terrain() *Terrain {
	if b == nil {
		return nil
	}
	return b.Terrain
}

// Snapshot returns the current state.
func (t *Twin) Snapshot() *Snapshot { return t.snap.Load() }

// Catalog is the tables of the domain.
func (t *Twin) Catalog() *Catalog { return t.opts.Catalog }

// Title is the installation's name, "" when it has none.
func (t *Twin) Title() string {
	if b := t.base.Load(); b != nil {
		return b.Title
	}
	return ""
}

// Base returns the base data, never nil; it is not to be changed.
func (t *Twin) Base() *Base {
	if b := t.base.Load(); b != nil {
		return b
	}
	return &Base{}
}

// SetBase replaces the base data.
func (t *Twin) SetBase(ctx context.Context, b *Base) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.store.SetBase(ctx, b); err != nil {
		return fmt.Errorf("base data: %w", err)
	}
	t.base.Store(b)
	head, err := t.store.Head(ctx)
	if err != nil {
		return fmt.Errorf("head of the store: %w", err)
	}
	t.head.BaseVersion, t.dirty = head.BaseVersion, true
	next := *t.snap.Load()
	next.surface = t.newSurface()
	t.snap.Store(&next)
	return nil
}

// History returns the versions of one asset, oldest first; NotFound when there never was one.
func (t *Twin) History(ctx context.Context, id ID) ([]Version, error) {
	vs, err := t.store.History(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("history of %s: %w", id, err)
	}
	if len(vs) == 0 {
		return nil, neverWas(id)
	}
	return vs, nil
}

// Revisions returns at most limit revisions after the given one, oldest first.
func (t *Twin) Revisions(ctx context.Context, after uint64, limit int) ([]RevisionInfo, error) {
	return t.store.Revisions(ctx, after, limit)
}

// OnChange has f called after each revision is published, under the writer's lock: f must be quick and must not call Apply.
func (t *Twin) OnChange(f func(*Change)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.followers = append(t.followers, f)
}

// NewChangeSet begins a write.
func (t *Twin) NewChangeSet(author, note string) *ChangeSet {
	return &ChangeSet{author: author, note: note, twin: t, pack: packer{dict: t.dict, cat: t.opts.Catalog}, extent: geometry.EmptyBox()}
}

// Close writes the start file where it is out of date, and closes the store.
func (t *Twin) Close() error {
	t.writing.Lock()
	defer t.writing.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	var err error
	if t.dirty && t.opts.StartFile != "" && !t.opts.ReadOnly {
		if err = t.writeStartFile(); err != nil {
			// The next start reads the store instead: nothing is lost.
			t.opts.Logger.Info("start file not written", "err", err)
		}
	}
	return t.store.Close()
}

// publish makes the next snapshot from the items of a change and the frame and square it fixed.
func (t *Twin) publish(c *Change, frame *crs.Frame, square Square, a arena) {
	old := t.snap.Load()
	next := *old
	next.arena, next.revision, next.time, next.frame, next.square = a, c.Revision, c.Time, frame, square
	next.counts = maps.Clone(old.counts)
	c.Box = geometry.EmptyBox()
	layers := map[string]bool{}
	for _, it := range c.Items {
		for _, h := range [...]Handle{it.Before, it.After} {
			if h != 0 {
				r := next.Record(h)
				c.Box = c.Box.Union(r.Box())
				layers[r.Layer()] = true
			}
		}
		if it.Before != 0 {
			next.counts[next.keyOf(it.Before)]--
		}
		if it.After != 0 {
			next.counts[next.keyOf(it.After)]++
		}
	}
	for _, n := range t.opts.Catalog.Layers() {
		if layers[n.Code] {
			c.Layers = append(c.Layers, n.Code)
		}
	}
	t.reindex(c, &next)
	// Few edits of a large twin leave the ground as it is; of a small one they are much of what is known of it.
	if t.edits += len(c.Items); c.Bulk || t.edits > 1000 || t.edits > next.Len()/20 || old.surface.terrain != nil {
		next.surface = t.newSurface()
	}
	t.dirty, t.kept = true, nil
	t.large = t.large || len(c.Items) >= worthAFile
	c.Snapshot = &next
	t.views.note(c)
	t.snap.Store(&next)
	for _, f := range t.followers {
		f(c)
	}
}

// reindex gives next its index: edits over the base for a small change, a new base for a large one or when many edits have come together.
func (t *Twin) reindex(c *Change, next *Snapshot) {
	limit := max(rebuildAt, len(t.working.base.sorted)/8)
	if len(c.Items) <= limit && t.working.edits.Len()+len(c.Items) <= limit {
		for _, it := range c.Items {
			h := it.After
			if h == 0 {
				h = it.Before
			}
			t.working.edit(next, next.Record(h).ID(), it.Before, it.After)
		}
		next.extent = next.extent.Union(c.Box)
	} else {
		c.Bulk = len(c.Items) > limit
		b, extent := packBase(next, merge(next, c.Items))
		t.working, next.extent = newIndex(b), extent
	}
	next.index = t.working.fork()
}
