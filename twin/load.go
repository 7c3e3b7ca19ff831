package twin

import (
	"context"
	"fmt"
)

// load reads the assets of a revision of the store (0: current) into a new snapshot.
func (t *Twin) load(ctx context.Context, d *dict, revision uint64) (*Snapshot, error) {
	s := &Snapshot{dict: d, cat: t.opts.Catalog, counts: map[countKey]int{}}
	read := s.readAssets
	if rs, ok := t.store.(RecordStore); ok {
		read = func(ctx context.Context, _ Store, revision uint64) error { return s.readRecords(ctx, rs, revision) }
	}
	if err := read(ctx, t.store, revision); err != nil {
		return nil, err
	}
	sorted := make([]Handle, len(s.arena.loc))
	for i := range sorted {
		sorted[i] = Handle(i + 1)
		s.counts[s.keyOf(sorted[i])]++
	}
	b, extent := packBase(s, sorted)
	s.index, s.extent = newIndex(b), extent
	return s, nil
}

func (s *Snapshot) readAssets(ctx context.Context, store Store, revision uint64) error {
	p := packer{dict: s.dict, cat: s.cat}
	for a, err := range store.Assets(ctx, revision) {
		if err != nil {
			return fmt.Errorf("assets of the store: %w", err)
		}
		if err := s.cat.checkAsset(a); err != nil {
			return fmt.Errorf("asset of the store: %w", err)
		}
		s.arena.add(p.pack(a))
	}
	return nil
}

func (s *Snapshot) readRecords(ctx context.Context, store RecordStore, revision uint64) error {
	tr := newTranscoder(s.dict, s.cat)
	for b, err := range store.Records(ctx, revision) {
		if err != nil {
			return fmt.Errorf("assets of the store: %w", err)
		}
		rec, err := tr.record(b)
		if err != nil {
			return fmt.Errorf("asset of the store: %w", err)
		}
		s.arena.add(rec)
	}
	return nil
}
