package twin

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"sync"

	"github.com/undercity/undercity/geometry"
)

// load reads the assets of a revision of the store (0: current) into a new snapshot.
func (t *Twin) load(ctx context.Context, d *dict, revision uint64) (*Snapshot, error) {
	s := &Snapshot{dict: d, cat: t.opts.Catalog, counts: map[countKey]int{}}
	parts, err := t.readParts(ctx, s, revision)
	if err != nil {
		return nil, err
	}
	n := 0
	for _, p := range parts {
		n += p.arena.count
	}
	sorted, boxes := make([]Handle, 0, n), make([]flat, 0, n)
	s.extent = geometry.EmptyBox()
	for _, p := range parts {
		shift := s.arena.adopt(&p.arena)
		for _, run := range p.runs {
			for _, h := range run.handles {
				sorted = append(sorted, h+shift)
			}
			boxes = append(boxes, run.boxes...)
		}
		s.extent = s.extent.Union(p.extent)
		for k, c := range p.counts {
			s.counts[k] += c
		}
	}
	q := t.head.Square
	s.index = newIndex(&base{sorted: sorted, tree: newPackedTree(sorted, boxes, q.MinE, q.MinN)})
	return s, nil
}

// part is a run of assets on its way into a snapshot.
type part struct {
	square Square // its corner is the origin of the boxes
	arena  arena
	runs   []run // growing one slice to a million would copy it twenty times
	extent geometry.Box
	counts map[countKey]int
}

// run is some assets with their boxes.
type run struct {
	handles []Handle
	boxes   []flat
}

const runLength = 1 << 15

func (t *Twin) newPart() *part {
	return &part{square: t.head.Square, extent: geometry.EmptyBox(), counts: map[countKey]int{}}
}

func (p *part) add(rec []byte, box geometry.Box) {
	if n := len(p.runs); n == 0 || len(p.runs[n-1].handles) == runLength {
		p.runs = append(p.runs, run{make([]Handle, 0, runLength), make([]flat, 0, runLength)})
	}
	r := &p.runs[len(p.runs)-1]
	r.handles = append(r.handles, p.arena.add(rec))
	r.boxes = append(r.boxes, flatten(box, p.square.MinE, p.square.MinN))
	p.extent = p.extent.Union(box)
	p.counts[countKey{rec[1], kindOf(rec[0])}]++
}

// readParts reads the assets on every core where the store can hand them over so.
func (t *Twin) readParts(ctx context.Context, s *Snapshot, revision uint64) ([]*part, error) {
	rs, ok := t.store.(RecordStore)
	if !ok {
		p := t.newPart()
		return []*part{p}, s.readAssets(t.store.Assets(ctx, revision), p)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	seqs, err := rs.Records(ctx, revision, runtime.GOMAXPROCS(0))
	if err != nil {
		return nil, fmt.Errorf("assets of the store: %w", err)
	}
	parts, errs := make([]*part, len(seqs)), make([]error, len(seqs))
	var done sync.WaitGroup
	for i, seq := range seqs {
		parts[i] = t.newPart()
		done.Go(func() {
			if errs[i] = s.readRecords(seq, parts[i]); errs[i] != nil {
				cancel()
			}
		})
	}
	done.Wait()
	if i := slices.IndexFunc(errs, func(err error) bool { return err != nil && !errors.Is(err, context.Canceled) }); i >= 0 {
		return nil, errs[i]
	}
	return parts, errors.Join(errs...)
}

func (s *Snapshot) readAssets(seq iter.Seq2[*Asset, error], to *part) error {
	p := packer{dict: s.dict, cat: s.cat}
	for a, err := range seq {
		if err != nil {
			return fmt.Errorf("assets of the store: %w", err)
		}
		if err := s.cat.checkAsset(a); err != nil {
			return fmt.Errorf("asset of the store: %w", err)
		}
		rec := p.pack(a)
		setMeta(rec, a.Version, s.dict.stamp(stamp{a.Revision, a.Recorded.UnixMilli()}))
		to.add(rec, p.box)
	}
	return nil
}

func (s *Snapshot) readRecords(seq iter.Seq2[[]byte, error], to *part) error {
	tr := newTranscoder(s.dict, s.cat)
	for b, err := range seq {
		if err != nil {
			return fmt.Errorf("assets of the store: %w", err)
		}
		rec, err := tr.record(b)
		if err != nil {
			return fmt.Errorf("asset of the store: %w", err)
		}
		to.add(rec, tr.box)
	}
	return nil
}
