package twin_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// TestAppendNear asks for boxes of all sizes over a packed tree of several levels, and again with edits over it, and compares with every box looked at.
func TestAppendNear(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	m := newMemory()
	tw := open(t, m, twin.Options{})
	at := func() (e, n float64) { return 500000 + 3000*r.Float64(), 4150000 + 3000*r.Float64() }
	if _, err := apply(t, tw, func(cs *twin.ChangeSet) error {
		for i := range 5000 {
			e, n := at()
			if err := cs.Create(pipe(fmt.Sprint(i), e, n)); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	tw = open(t, m, twin.Options{}) // everything lies in the packed tree
	compareNear(t, r, tw.Snapshot())
	for range 3 {
		if _, err := apply(t, tw, func(cs *twin.ChangeSet) error {
			for range 200 {
				id := fmt.Sprint(r.IntN(5200))
				if cs.Has("JS-" + id) {
					continue
				}
				old, ok := tw.Snapshot().Find("JS-" + id)
				e, n := at()
				var err error
				if ok && r.IntN(2) == 0 {
					err = cs.Remove(old.ID(), old.Version())
				} else {
					err = cs.Put(pipe(id, e, n))
				}
				if err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		compareNear(t, r, tw.Snapshot())
	}
}

func compareNear(t *testing.T, r *rand.Rand, s *twin.Snapshot) {
	t.Helper()
	for range 200 {
		size := 4000 * r.Float64() * r.Float64() * r.Float64()
		e, n := 499900+3200*r.Float64(), 4149900+3200*r.Float64()
		box := geometry.Box{Min: geometry.Point{E: e, N: n}, Max: geometry.Point{E: e + size, N: n + size*r.Float64()}}
		found := map[twin.Handle]bool{}
		for _, h := range s.AppendNear(nil, box) {
			if found[h] {
				t.Fatalf("%s comes twice", s.Record(h).ID())
			}
			found[h] = true
		}
		compareBlocks(t, s, box, found)
		met := 0
		for rec := range s.All {
			got := found[rec.Handle()]
			if got {
				met++
			}
			b := rec.Box()
			if meets := b.IntersectsPlan(box); meets && !got || got && !b.Grow(0.05).IntersectsPlan(box) {
				t.Fatalf("%s with box %v: found %t in %v", rec.ID(), b, got, box)
			}
		}
		if met != len(found) {
			t.Fatalf("%d handles are of no asset of the snapshot", len(found)-met)
		}
	}
}

// compareBlocks wants everything found in a box in the blocks near it or among what has been edited, once, and each block within its box.
func compareBlocks(t *testing.T, s *twin.Snapshot, box geometry.Box, found map[twin.Handle]bool) {
	t.Helper()
	blocks := s.Blocks()
	seen := map[twin.Handle]bool{}
	list := s.AppendEdited(nil, box)
	for _, i := range blocks.AppendNear(nil, box) {
		around := blocks.Box(i)
		for _, h := range blocks.Handles(i) {
			if s.Current(h) {
				list = append(list, h)
			}
			if b := s.Record(h).Box(); b.Min.E < around.Min.E || b.Min.N < around.Min.N || b.Max.E > around.Max.E || b.Max.N > around.Max.N {
				t.Fatalf("%v lies outside its block, %v", b, around)
			}
		}
	}
	for _, h := range list {
		if seen[h] {
			t.Fatalf("%s comes twice", s.Record(h).ID())
		}
		seen[h] = true
	}
	for h := range found {
		if !seen[h] {
			t.Fatalf("%s is in no block near %v, nor edited", s.Record(h).ID(), box)
		}
	}
}
