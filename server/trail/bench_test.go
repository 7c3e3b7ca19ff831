package trail_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/undercity/undercity/server/trail"
	"github.com/undercity/undercity/twin/db"
)

// onDisk is a log that waits for the disk, as installations do.
func onDisk(b *testing.B) *trail.Log {
	b.Helper()
	dir := b.TempDir()
	d, err := db.Open(b.Context(), filepath.Join(dir, "office.db"), db.Options{})
	if err != nil {
		b.Fatal(err)
	}
	l, err := trail.Open(b.Context(), d, dir, trail.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := l.Close(); err != nil {
			b.Error(err)
		}
		_ = d.Close()
	})
	return l
}

var sample = trail.Entry{User: "a-planner", Role: "planner", Address: "10.1.2.3", Action: trail.Read, Route: "GET /api/v1/assets/:id", Targets: []string{"RQ-000123"}, Status: 200, Detail: []byte(`{"restricted":1}`)}

// BenchmarkAppend waits for each entry, by one and by many at once; BenchmarkNote does not wait.
func BenchmarkAppend(b *testing.B) {
	for _, many := range []int{1, 64} {
		b.Run(fmt.Sprint(many), func(b *testing.B) {
			l := onDisk(b)
			b.SetParallelism(many)
			if many == 1 {
				for b.Loop() {
					if _, err := l.Append(b.Context(), sample); err != nil {
						b.Fatal(err)
					}
				}
				return
			}
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := l.Append(b.Context(), sample); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

func BenchmarkNote(b *testing.B) {
	l := onDisk(b)
	for b.Loop() {
		if err := l.Note(b.Context(), sample); err != nil {
			b.Fatal(err)
		}
	}
	if err := l.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkVerify looks at UNDERCITY_BENCH_ENTRIES entries (default 100,000).
func BenchmarkVerify(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("UNDERCITY_BENCH_ENTRIES"))
	if err != nil {
		n = 100_000
	}
	l := onDisk(b)
	for range n {
		if err := l.Note(b.Context(), sample); err != nil {
			b.Fatal(err)
		}
	}
	if err := l.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		rep, err := l.Verify(b.Context(), trail.VerifyOptions{})
		if err != nil || !rep.OK() || rep.Entries != int64(n) {
			b.Fatalf("%+v, %v", rep, err)
		}
	}
	b.ReportMetric(float64(n), "entries")
}
