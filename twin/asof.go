package twin

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// pastKept is how many past snapshots are kept in memory.
const pastKept = 2

// pastSnapshots keeps the snapshots of past revisions that were asked for last.
type pastSnapshots struct {
	mu   sync.Mutex
	list []*Snapshot // latest asked first
}

// AsOf returns the state as of a revision: what was recorded then. NotFound when there is no such revision.
func (t *Twin) AsOf(ctx context.Context, revision uint64) (*Snapshot, error) {
	now := t.Snapshot()
	if revision == now.revision {
		return now, nil
	}
	if revision > now.revision {
		return nil, Errorf(NotFound, "there is no revision %d yet; the last is %d", revision, now.revision)
	}
	// One at a time: two past cities at once would take the memory of two.
	t.past.mu.Lock()
	defer t.past.mu.Unlock()
	for i, s := range t.past.list {
		if s.revision == revision {
			copy(t.past.list[1:i+1], t.past.list[:i])
			t.past.list[0] = s
			return s, nil
		}
	}
	s, err := t.loadPast(ctx, now, revision)
	if err != nil {
		return nil, err
	}
	t.past.list = append([]*Snapshot{s}, t.past.list[:min(len(t.past.list), pastKept-1)]...)
	return s, nil
}

func (t *Twin) loadPast(ctx context.Context, now *Snapshot, revision uint64) (*Snapshot, error) {
	s := &Snapshot{dict: newDict(), cat: t.opts.Catalog, counts: map[countKey]int{}}
	if revision == 0 {
		b, extent := packBase(s, nil)
		s.index, s.extent = newIndex(b), extent
	} else {
		var err error
		if s, err = t.load(ctx, s.dict, revision); err != nil {
			return nil, err
		}
		infos, err := t.store.Revisions(ctx, revision-1, 1)
		if err != nil {
			return nil, fmt.Errorf("revision %d: %w", revision, err)
		}
		if len(infos) > 0 {
			s.time = infos[0].Time
		}
	}
	s.revision, s.frame, s.square, s.storeID = revision, now.frame, now.square, now.storeID
	s.surface = &surfaceOnce{terrain: t.base.Load().terrain()}
	return s, nil
}

// AsOfTime returns the state as it was recorded at a moment.
func (t *Twin) AsOfTime(ctx context.Context, at time.Time) (*Snapshot, error) {
	revision, err := t.store.RevisionAt(ctx, at)
	if err != nil {
		return nil, fmt.Errorf("revision at %s: %w", at.Format(time.RFC3339), err)
	}
	return t.AsOf(ctx, revision)
}
