package tiles_test

import (
	"cmp"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/twin"
)

func nameOf(e tiles.Encoding) string { return cmp.Or(string(e), "raw") }

// BenchmarkContent is one content that nobody has asked for before.
func BenchmarkContent(b *testing.B) {
	tw := city(b, 20000)
	v := tiles.View{Snapshot: tw.Snapshot(), Class: tiles.All}
	g := tiles.New(tw, tiles.Options{CacheBytes: 1})
	files := contents(b, g, v)
	for _, enc := range []tiles.Encoding{tiles.Identity, tiles.Gzip, tiles.Zstd, tiles.Brotli} {
		b.Run("cold/"+nameOf(enc), func(b *testing.B) {
			i, size := 0, 0
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				r, err := g.Content(b.Context(), v, files[i%len(files)].address, enc)
				if err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
				size += len(r.Body)
				i++
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-p50")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
			b.ReportMetric(float64(size)/float64(b.N), "B/content")
			b.ReportMetric(float64(tw.Snapshot().Len())/float64(len(files)), "assets/content")
		})
	}
}

// BenchmarkCity is every content of a city of 100,000 segments and what belongs to them; UNDERCITY_BENCH_SEGMENTS is another number.
func BenchmarkCity(b *testing.B) {
	segments := 100_000
	if n, err := strconv.Atoi(os.Getenv("UNDERCITY_BENCH_SEGMENTS")); err == nil {
		segments = n
	}
	tw := city(b, segments)
	v := tiles.View{Snapshot: tw.Snapshot(), Class: tiles.All}
	g := tiles.New(tw, tiles.Options{CacheBytes: 1})
	files := contents(b, g, v)
	n := 0
	for _, c := range tw.Snapshot().Counts() {
		if c.Kind == twin.KindSegment {
			n += c.N
		}
	}
	for _, enc := range []tiles.Encoding{tiles.Identity, tiles.Gzip, tiles.Zstd, tiles.Brotli} {
		b.Run(nameOf(enc), func(b *testing.B) {
			size := 0
			for b.Loop() {
				size = 0
				for _, f := range files {
					r, err := g.Content(b.Context(), v, f.address, enc)
					if err != nil {
						b.Fatal(err)
					}
					size += len(r.Body)
				}
			}
			b.ReportMetric(float64(size)/float64(n), "B/segment")
			b.ReportMetric(float64(len(files)), "contents")
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "segments/s")
		})
	}
}
