package twin_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// openLogged opens a twin and says whether the start file was used.
func openLogged(t *testing.T, m twin.Store, file string) (*twin.Twin, bool) {
	t.Helper()
	var log bytes.Buffer
	tw := open(t, m, twin.Options{StartFile: file, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	return tw, !strings.Contains(log.String(), "start file not used")
}

// started makes a twin of some pipes and base data, closes it and returns the store and the start file.
func started(t *testing.T, n int) (*memory, string) {
	t.Helper()
	m, file := newMemory(), filepath.Join(t.TempDir(), "start")
	tw := open(t, m, twin.Options{StartFile: file})
	if _, err := apply(t, tw, func(cs *twin.ChangeSet) error {
		for i := range n {
			if err := cs.Put(pipe(fmt.Sprint(i), 500000+float64(i%997), 4150000+float64(i/997))); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	base := &twin.Base{Title: "城", Credit: []string{"a", ""}, Places: []twin.Place{{Name: "广场", At: geometry.Point{E: 1, N: 2, H: 3}}},
		Streets: []twin.Street{{Name: "海滨路", NameEN: "Haibin Road", Class: "main", Width: 24, Line: []geometry.Point{{E: 1, N: 2, H: 3}, {E: 4, N: 5, H: 6}}}},
		Terrain: &twin.Terrain{MinE: 1, StepE: 2, StepN: 3, Cols: 2, Rows: 1, Heights: []float32{4.5, float32(twin.Unknown())}, Source: "x"}}
	if err := errors.Join(tw.SetBase(t.Context(), base), tw.Close()); err != nil {
		t.Fatal(err)
	}
	return m, file
}

func same(t *testing.T, a, b *twin.Twin) {
	t.Helper()
	s, o := a.Snapshot(), b.Snapshot()
	if s.Len() != o.Len() || s.Extent() != o.Extent() || s.Revision() != o.Revision() {
		t.Errorf("%d and %d assets in %v and %v", s.Len(), o.Len(), s.Extent(), o.Extent())
	}
	if d := cmp.Diff(s.Counts(), o.Counts()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(a.Base(), b.Base(), sameAsset); d != "" {
		t.Error(d)
	}
	i := 0
	for r := range s.All {
		if i++; i%100 == 1 {
			if d := cmp.Diff(r.Asset(), must(o.Get(r.ID())), sameAsset); d != "" {
				t.Fatal(d)
			}
		}
	}
}

func must[T any](v T, _ bool) T { return v }

// TestStartFileOrStore starts from the file, and from the store whenever the file is not what was written for this state, to the same twin.
func TestStartFileOrStore(t *testing.T) {
	m, file := started(t, 8_000)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	reference := open(t, m, twin.Options{})
	tests := []struct {
		name string
		make func() []byte
		used bool
	}{
		{"as written", func() []byte { return whole }, true},
		{"empty", func() []byte { return nil }, false},
		{"cut", func() []byte { return whole[:len(whole)-1] }, false},
		{"longer", func() []byte { return append(slices.Clone(whole), 0) }, false},
		{"of another program", func() []byte { return bytes.Replace(whole, []byte("start 2"), []byte("start 1"), 1) }, false},
		{"of another byte order", func() []byte {
			b := slices.Clone(whole)
			slices.Reverse(b[18:22])
			return b
		}, false},
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 25 {
		at := r.IntN(len(whole))
		tests = append(tests, tests[0])
		last := &tests[len(tests)-1]
		last.name, last.used = fmt.Sprintf("byte %d broken", at), false
		last.make = func() []byte {
			b := slices.Clone(whole)
			b[at] ^= 0x10
			return b
		}
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := os.WriteFile(file, test.make(), 0o600); err != nil {
				t.Fatal(err)
			}
			tw, used := openLogged(t, m, file)
			if used != test.used {
				t.Errorf("start file used: %t", used)
			}
			same(t, reference, tw)
			if err := tw.Close(); err != nil {
				t.Fatal(err)
			}
			// It is written anew, so that the next start has it.
			if tw, used = openLogged(t, m, file); !used {
				t.Error("the file was not written anew")
			}
			same(t, reference, tw)
		})
	}
}

// TestStartFileIsOfAState has the store move on without the start file.
func TestStartFileIsOfAState(t *testing.T) {
	m, file := started(t, 100)
	without := open(t, m, twin.Options{})
	if err := without.SetBase(t.Context(), &twin.Base{Title: "other"}); err != nil {
		t.Fatal(err)
	}
	tw, used := openLogged(t, m, file)
	if got := tw.Base().Title; !used || got != "other" {
		t.Errorf("title %q; start file used %t", got, used)
	}
	if _, err := apply(t, without, func(cs *twin.ChangeSet) error { return cs.Put(pipe("new", 500000, 4150000)) }); err != nil {
		t.Fatal(err)
	}
	tw, used = openLogged(t, m, file)
	if n := tw.Snapshot().Len(); used || n != 101 {
		t.Errorf("%d assets; start file used %t", n, used)
	}
}

// TestKeep keeps derived data over a start and gives it out for the state it is of only.
func TestKeep(t *testing.T) {
	m, file := started(t, 100)
	count := func(s *twin.Snapshot) []byte { return fmt.Append(nil, s.Len()) }
	tw, _ := openLogged(t, m, file)
	if b, _ := tw.Keep("n", count); b != nil {
		t.Errorf("%q before any was kept", b)
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	tw, _ = openLogged(t, m, file)
	if b, _ := tw.Keep("n", count); string(b) != "100" {
		t.Errorf("kept %q", b)
	}
	tw, _ = openLogged(t, m, file)
	if _, err := apply(t, tw, func(cs *twin.ChangeSet) error { return cs.Put(pipe("new", 500000, 4150000)) }); err != nil {
		t.Fatal(err)
	}
	if b, _ := tw.Keep("n", count); b != nil {
		t.Errorf("%q is of the state before", b)
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	tw, _ = openLogged(t, m, file)
	if b, _ := tw.Keep("n", count); string(b) != "101" {
		t.Errorf("kept %q", b)
	}
}

// TestEmptyStartFile keeps a twin without anything.
func TestEmptyStartFile(t *testing.T) {
	m, file := newMemory(), filepath.Join(t.TempDir(), "start")
	tw := open(t, m, twin.Options{StartFile: file})
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	tw, used := openLogged(t, m, file)
	if !used || tw.Snapshot().Len() != 0 || !tw.Snapshot().Extent().IsEmpty() {
		t.Errorf("start file used %t", used)
	}
}

// TestKeepStartFile has a twin write its start file while it is open: only when a large change is over, only once, whole, and not after it was closed.
func TestKeepStartFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const idle = time.Minute
		m, file := newMemory(), filepath.Join(t.TempDir(), "start")
		tw := open(t, m, twin.Options{StartFile: file})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- tw.KeepStartFile(ctx, idle) }()
		put := func(from, to int) {
			t.Helper()
			if _, err := apply(t, tw, func(cs *twin.ChangeSet) error {
				for i := from; i < to; i++ {
					if err := cs.Put(pipe(fmt.Sprint(i), 500000+float64(i%97), 4150000+float64(i/97))); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		written := func() bool {
			_, err := os.Stat(file)
			return err == nil
		}
		put(0, 10)
		time.Sleep(5 * idle)
		synctest.Wait()
		if written() {
			t.Error("it was written after a small change")
		}
		put(10, 6_000)
		for i := range 6 {
			time.Sleep(idle / 2)
			put(20_000+i, 20_001+i)
			if written() {
				t.Error("it was written while the changes went on")
			}
		}
		time.Sleep(3 * idle)
		synctest.Wait()
		if !written() {
			t.Fatal("it was not written")
		}
		// As after a kill: the twin is not closed.
		again, used := openLogged(t, m, file)
		if !used {
			t.Error("the file was not used")
		}
		same(t, tw, again)
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * idle)
		synctest.Wait()
		if written() {
			t.Error("it was written again")
		}
		put(6_000, 12_000)
		if err := tw.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * idle)
		synctest.Wait()
		if written() {
			t.Error("it was written after the twin was closed")
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
