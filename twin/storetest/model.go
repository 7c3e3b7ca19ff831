package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/undercity/undercity/twin"
)

// lives is the model of a store: what each revision held and what happened to each asset, in maps.
type lives struct {
	states []map[twin.ID]*twin.Asset // by revision
	told   map[twin.ID][]string
}

func tell(revision uint64, op twin.Op, a *twin.Asset) string {
	return fmt.Sprintf("%d %s version %d at %.1f", revision, op, a.Version, a.Line[0].H)
}

// step draws changes against the last state and applies them to the model.
func (l *lives) step(rt *rapid.T) []change {
	revision := uint64(len(l.states))
	next := map[twin.ID]*twin.Asset{}
	for id, a := range l.states[revision-1] {
		next[id] = a
	}
	var changes []change
	for _, number := range rapid.SliceOfNDistinct(rapid.IntRange(1, 12), 1, 8, rapid.ID[int]).Draw(rt, "assets") {
		a := asset(fmt.Sprint(number), float64(rapid.IntRange(-20, 20).Draw(rt, "height")))
		before := next[a.ID]
		op := twin.OpCreate
		a.Version = 1
		if before != nil {
			op, a.Version = twin.OpUpdate, before.Version+1
			if rapid.IntRange(0, 2).Draw(rt, "remove") == 0 {
				op = twin.OpRemove
			}
		}
		switch op {
		case twin.OpRemove:
			a.Kind = before.Kind
			delete(next, a.ID)
			l.told[a.ID] = append(l.told[a.ID], tell(revision, op, before))
		default:
			if rapid.IntRange(0, 3).Draw(rt, "node") == 0 {
				a.Kind, a.Line, a.Ground = twin.KindNode, a.Line[:1], a.Ground[:1]
			}
			next[a.ID] = a
			l.told[a.ID] = append(l.told[a.ID], tell(revision, op, a))
		}
		changes = append(changes, change{op, a})
	}
	l.states = append(l.states, next)
	return changes
}

// model commits random changes, some of them broken off, and holds every revision and every history against the model.
func model(t *testing.T, open Open) {
	rapid.Check(t, func(rt *rapid.T) {
		dir := t.TempDir()
		s := open(t, dir)
		defer func() { must(t, s.Close()) }()
		l := &lives{states: []map[twin.ID]*twin.Asset{{}}, told: map[twin.ID][]string{}}
		for range rapid.IntRange(1, 6).Draw(rt, "revisions") {
			changes := l.step(rt)
			if rapid.IntRange(0, 3).Draw(rt, "break off") == 0 {
				bad := asset("zz", 1)
				bad.Network = "no such network"
				if err := commit(t, s, append(slices.Clone(changes), change{twin.OpCreate, bad})...); err == nil {
					rt.Fatal("a broken asset was stored")
				}
			}
			if err := commit(t, s, changes...); err != nil {
				rt.Fatal(err)
			}
			if rapid.IntRange(0, 4).Draw(rt, "reopen") == 0 {
				must(t, s.Close())
				s = open(t, dir)
			}
		}
		for rev := 1; rev < len(l.states); rev++ {
			if d := cmp.Diff(l.states[rev], bare(state(t, s, uint64(rev))), same); d != "" {
				rt.Fatalf("revision %d: -want +got\n%s", rev, d)
			}
		}
		if d := cmp.Diff(l.states[len(l.states)-1], bare(state(t, s, 0)), same); d != "" {
			rt.Fatalf("now: -want +got\n%s", d)
		}
		for id, want := range l.told {
			vs, err := s.History(t.Context(), id)
			must(t, err)
			var got []string
			for _, v := range vs {
				got = append(got, tell(v.Revision, v.Op, v.Asset))
			}
			if d := cmp.Diff(want, got); d != "" {
				rt.Fatalf("history of %s: -want +got\n%s", id, d)
			}
		}
	})
}

// bare takes away what commit adds to each asset.
func bare(m map[string]*twin.Asset) map[string]*twin.Asset {
	for _, a := range m {
		a.Revision, a.Recorded = 0, time.Time{}
	}
	return m
}

// createTwice creates what exists: a Conflict, and nothing is lost.
func createTwice(t *testing.T, open Open) {
	s := open(t, t.TempDir())
	defer func() { must(t, s.Close()) }()
	must(t, commit(t, s, change{twin.OpCreate, version(asset("1", 3), 1)}))
	before := state(t, s, 0)
	if err := commit(t, s, change{twin.OpCreate, version(asset("0", 1), 1)}, change{twin.OpCreate, version(asset("1", 9), 1)}); twin.KindOf(err) != twin.Conflict {
		t.Errorf("a second create: %v", err)
	}
	if err := commit(t, s, change{twin.OpRemove, version(asset("7", 9), 2)}); twin.KindOf(err) != twin.Conflict {
		t.Errorf("a removal of nothing: %v", err)
	}
	if d := cmp.Diff(before, state(t, s, 0), same); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

// brokenOff has the changes end early, panic, and be cancelled in their middle: nothing of them stays.
func brokenOff(t *testing.T, open Open) {
	s := open(t, t.TempDir())
	defer func() { must(t, s.Close()) }()
	must(t, commit(t, s, change{twin.OpCreate, version(asset("1", 3), 1)}))
	before := state(t, s, 0)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for name, at := range map[string]func(i int) bool{
		"too few":   func(i int) bool { return i < 2000 },
		"panic":     func(i int) bool { return i < 2000 || panics() },
		"cancelled": func(i int) bool { return i < 2000 || cancels(cancel) },
	} {
		c := &twin.Commit{Revision: 2, Time: time.UnixMilli(1), Count: 3000, Changes: func(yield func(twin.Op, *twin.Asset) bool) {
			for i := 0; i < 3000 && at(i); i++ {
				if !yield(twin.OpCreate, version(asset(fmt.Sprintf("x%05d", i), 2), 1)) {
					return
				}
			}
		}}
		if err := safely(func() error { return s.Commit(ctx, c) }); err == nil {
			t.Errorf("%s: the commit was taken", name)
		}
		if d := cmp.Diff(before, state(t, s, 0), same); d != "" {
			t.Errorf("%s: -want +got\n%s", name, d)
		}
	}
	must(t, commit(t, s, change{twin.OpCreate, version(asset("2", 3), 1)}))
}

func panics() bool { panic("the source of the changes is broken") }

func cancels(cancel func()) bool {
	cancel()
	return true
}

// safely lets a store either pass the panic of its caller's code on or make an error of it.
func safely(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return f()
}

// readers read while a writer commits: each sees one whole revision, in which every asset has the same height.
func readers(t *testing.T, open Open) {
	s := open(t, t.TempDir())
	defer func() { must(t, s.Close()) }()
	all := func(op twin.Op, v uint32) []change {
		var cs []change
		for i := range 300 {
			cs = append(cs, change{op, version(asset(fmt.Sprintf("%04d", i), float64(v)), v)})
		}
		return cs
	}
	must(t, commit(t, s, all(twin.OpCreate, 1)...))
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-done:
					if n > 0 {
						return
					}
				default:
				}
				if err := whole(t.Context(), s); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for v := uint32(2); v < 12; v++ {
		if err := commit(t, s, all(twin.OpUpdate, v)...); err != nil {
			t.Error(err)
			break
		}
	}
	close(done)
	wg.Wait()
}

func whole(ctx context.Context, s twin.Store) error {
	n, at := 0, uint32(0)
	for a, err := range s.Assets(ctx, 0) {
		if err != nil {
			return err
		}
		if at == 0 {
			at = a.Version
		}
		if a.Version != at || a.Line[0].H != float64(at) {
			return fmt.Errorf("%s is at version %d, height %g, while others are at version %d", a.ID, a.Version, a.Line[0].H, at)
		}
		n++
	}
	if n != 300 {
		return fmt.Errorf("%d assets, want 300", n)
	}
	return nil
}

// progress commits many assets and hears of it, in order and within the count.
func progress(t *testing.T, open Open) {
	s := open(t, t.TempDir())
	defer func() { must(t, s.Close()) }()
	const n = 12_345
	var heard []int
	c := &twin.Commit{Revision: 1, Time: time.UnixMilli(1), Count: n, Frame: frame(t), Square: twin.Square{MinE: 499000, MinN: 4149000, Size: 2000},
		Progress: func(done int) { heard = append(heard, done) },
		Changes: func(yield func(twin.Op, *twin.Asset) bool) {
			a := asset("0", 1) // one asset again and again: it is valid until the next is yielded
			for i := range n {
				a.SourceNumber = fmt.Sprintf("%06d", i)
				a.ID, a.Version, a.Line[0].H = "JS-"+a.SourceNumber, 1, float64(i%50)
				if !yield(twin.OpCreate, a) {
					return
				}
			}
		}}
	must(t, s.Commit(t.Context(), c))
	if len(heard) == 0 || !slices.IsSorted(heard) || heard[len(heard)-1] > n {
		t.Errorf("progress %v", heard)
	}
	i := 0
	for a, err := range s.Assets(t.Context(), 0) {
		must(t, err)
		if a.SourceNumber != fmt.Sprintf("%06d", i) || a.Line[0].H != float64(i%50) {
			t.Fatalf("asset %d is %s at %g", i, a.ID, a.Line[0].H)
		}
		i++
	}
	if i != n {
		t.Errorf("%d assets, want %d", i, n)
	}
	stop := errors.New("enough")
	err := func() error { // reading may end early
		for _, err := range s.Assets(t.Context(), 0) {
			return errors.Join(stop, err)
		}
		return nil
	}()
	if !errors.Is(err, stop) {
		t.Error("nothing to read")
	}
}

// records holds what a RecordStore hands over against its assets.
func records(t *testing.T, open Open) {
	s := open(t, t.TempDir())
	defer func() { must(t, s.Close()) }()
	rs, ok := s.(twin.RecordStore)
	if !ok {
		t.Skip("the store has no records")
	}
	must(t, commit(t, s, change{twin.OpCreate, version(asset("1", 3), 1)}, change{twin.OpCreate, version(asset("2", 4), 1)}))
	must(t, commit(t, s, change{twin.OpUpdate, version(asset("1", 5), 2)}, change{twin.OpRemove, version(asset("2", 4), 2)}))
	codec := twin.NewCodec(twin.Standard())
	for revision := range uint64(3) {
		got := map[string]*twin.Asset{}
		parts, err := rs.Records(t.Context(), revision, 3)
		must(t, err)
		last := ""
		for _, part := range parts {
			for b, err := range part {
				must(t, err)
				a, err := codec.Unmarshal(b)
				must(t, err)
				if a.ID <= last {
					t.Errorf("%s comes after %s", a.ID, last)
				}
				last, got[a.ID] = a.ID, a
			}
		}
		if d := cmp.Diff(state(t, s, revision), got, same); d != "" {
			t.Errorf("revision %d: -want +got\n%s", revision, d)
		}
	}
}
