package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/generate"
	"github.com/undercity/undercity/twin/store"
)

// fill puts a generated city into the folder dir and closes it.
func fill(ctx context.Context, tb testing.TB, dir string, segments int, o twin.Options) int {
	tb.Helper()
	c, err := generate.New(generate.Options{Segments: segments})
	if err != nil {
		tb.Fatal(err)
	}
	s, err := store.Open(ctx, dir, store.Options{Quick: true})
	if err != nil {
		tb.Fatal(err)
	}
	tw, err := twin.Open(ctx, s, o)
	if err != nil {
		tb.Fatal(err)
	}
	ch, err := generate.Load(ctx, tw, c)
	if err != nil {
		tb.Fatal(err)
	}
	if err := tw.Close(); err != nil {
		tb.Fatal(err)
	}
	return ch.Created
}

// BenchmarkCommit is the store alone: 100,000 segments and what belongs to them in one revision, on the disk when it returns.
func BenchmarkCommit(b *testing.B) {
	dir := b.TempDir()
	fill(b.Context(), b, dir, 100_000, twin.Options{})
	from, err := store.Open(b.Context(), dir, store.Options{ReadOnly: true})
	if err != nil {
		b.Fatal(err)
	}
	defer from.Close()
	head, err := from.Head(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	var assets []*twin.Asset
	for a, err := range from.Assets(b.Context(), 0) {
		if err != nil {
			b.Fatal(err)
		}
		assets = append(assets, a)
	}
	var spent time.Duration
	n := 0
	for b.Loop() {
		s, err := store.Open(b.Context(), b.TempDir(), store.Options{})
		if err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		err = s.Commit(b.Context(), &twin.Commit{Revision: 1, Time: start, Count: len(assets), Frame: head.Frame, Square: head.Square,
			Changes: func(yield func(twin.Op, *twin.Asset) bool) {
				for _, a := range assets {
					if !yield(twin.OpCreate, a) {
						return
					}
				}
			}})
		if err != nil {
			b.Fatal(err)
		}
		spent += time.Since(start)
		n += len(assets)
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/spent.Seconds(), "assets/s")
}

// BenchmarkApply is the whole way from a generated city to a revision that is on the disk and can be read.
func BenchmarkApply(b *testing.B) {
	c, err := generate.New(generate.Options{Segments: 100_000})
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		s, err := store.Open(b.Context(), b.TempDir(), store.Options{})
		if err != nil {
			b.Fatal(err)
		}
		tw, err := twin.Open(b.Context(), s, twin.Options{})
		if err != nil {
			b.Fatal(err)
		}
		ch, err := generate.Load(b.Context(), tw, c)
		if err != nil {
			b.Fatal(err)
		}
		n += ch.Created
		if err := tw.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "assets/s")
}

// BenchmarkOpen is a start, from the store alone and with the start file. UNDERCITY_BENCH_LARGE=1 adds the city of a million segments.
func BenchmarkOpen(b *testing.B) {
	sizes := []int{100_000}
	if os.Getenv("UNDERCITY_BENCH_LARGE") != "" {
		sizes = append(sizes, 1_000_000)
	}
	for _, segments := range sizes {
		dir := b.TempDir()
		start := filepath.Join(dir, store.StartFileName)
		n := fill(b.Context(), b, dir, segments, twin.Options{StartFile: start})
		for _, o := range []struct{ name, file string }{{"store", ""}, {"startfile", start}} {
			b.Run(fmt.Sprintf("%d/%s", segments, o.name), func(b *testing.B) {
				for b.Loop() {
					s, err := store.Open(b.Context(), dir, store.Options{})
					if err != nil {
						b.Fatal(err)
					}
					tw, err := twin.Open(b.Context(), s, twin.Options{StartFile: o.file})
					if err != nil {
						b.Fatal(err)
					}
					if tw.Snapshot().Len() != n {
						b.Fatalf("%d assets, want %d", tw.Snapshot().Len(), n)
					}
					if err := tw.Close(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "assets/s")
			})
		}
	}
}
