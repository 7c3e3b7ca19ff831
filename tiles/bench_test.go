package tiles_test

import (
	"cmp"
	"context"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/twin"
)

var encodings = []compress.Encoding{compress.Identity, compress.Gzip, compress.Zstd, compress.Brotli}

func nameOf(e compress.Encoding) string { return cmp.Or(string(e), "raw") }

// processorTime is what this process has used of all processors: it says what work costs also where others work beside it.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// benchSegments is the size of the cities, or what UNDERCITY_BENCH_SEGMENTS says.
func benchSegments() int {
	if n, err := strconv.Atoi(os.Getenv("UNDERCITY_BENCH_SEGMENTS")); err == nil {
		return n
	}
	return 100_000
}

// BenchmarkContent is one content that nobody has asked for before.
func BenchmarkContent(b *testing.B) {
	tw := city(b, 20000)
	v := tiles.View{Snapshot: tw.Snapshot()}
	g := tiles.New(tw, tiles.Options{CacheBytes: 1})
	files := contents(b, g, v)
	for _, enc := range encodings {
		b.Run("cold/"+nameOf(enc), func(b *testing.B) {
			i, size := 0, 0
			var took []time.Duration
			used := processorTime(b)
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
			used = processorTime(b) - used
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-p50")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
			b.ReportMetric(used.Seconds()*1e6/float64(b.N), "processor-µs/content")
			b.ReportMetric(float64(size)/float64(b.N), "B/content")
			b.ReportMetric(float64(tw.Snapshot().Len())/float64(len(files)), "assets/content")
		})
	}
}

// BenchmarkCity is every content of a city of 100,000 segments and what belongs to them, made on all processors at once.
func BenchmarkCity(b *testing.B) {
	tw := city(b, benchSegments())
	benchWhole(b, tw)
}

// BenchmarkPipes is the same for as many straight round pipes alone, end to end along streets: what the peers' figures are for.
func BenchmarkPipes(b *testing.B) {
	benchWhole(b, twinOf(b, streets(benchSegments())))
}

func benchWhole(b *testing.B, tw *twin.Twin) {
	v := tiles.View{Snapshot: tw.Snapshot()}
	g := tiles.New(tw, tiles.Options{CacheBytes: 1})
	files := contents(b, g, v)
	n := 0
	for _, c := range tw.Snapshot().Counts() {
		if c.Kind == twin.KindSegment {
			n += c.N
		}
	}
	for _, enc := range encodings {
		b.Run(nameOf(enc), func(b *testing.B) {
			size := 0
			used := processorTime(b)
			for b.Loop() {
				size = everyContent(b, g, v, files, enc)
			}
			used = processorTime(b) - used
			b.ReportMetric(float64(size)/float64(n), "B/segment")
			b.ReportMetric(float64(len(files)), "contents")
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "segments/s")
			b.ReportMetric(used.Seconds()*1e6/float64(b.N)/float64(n), "processor-µs/segment")
		})
	}
}

// everyContent makes all contents on all processors and returns their bytes.
func everyContent(b *testing.B, g *tiles.Generator, v tiles.View, files []file, enc compress.Encoding) int {
	b.Helper()
	var next, size atomic.Int64
	var done sync.WaitGroup
	var failed atomic.Value
	for range runtime.GOMAXPROCS(0) {
		done.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(files)); i = next.Add(1) - 1 {
				r, err := g.Content(context.Background(), v, files[i].address, enc)
				if err != nil {
					failed.Store(err)
					return
				}
				size.Add(int64(len(r.Body)))
			}
		})
	}
	done.Wait()
	if err := failed.Load(); err != nil {
		b.Fatal(err)
	}
	return int(size.Load())
}
