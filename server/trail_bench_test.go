package server_test

import (
	"math"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/undercity/undercity/server"
	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/limit"
	"github.com/undercity/undercity/server/rights"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/generate"
	"github.com/undercity/undercity/twin/store"
)

// newGraded is an installation in which everything has one grade by its policy, with an administrator.
func newGraded(b *testing.B, segments int, grade string) *secretive {
	b.Helper()
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	dir := b.TempDir()
	s, err := store.Open(b.Context(), dir, store.Options{Quick: true})
	must(err)
	tw, err := twin.Open(b.Context(), s, twin.Options{})
	must(err)
	b.Cleanup(func() { _ = tw.Close() })
	g, err := generate.New(generate.Options{Segments: segments, Seed: 5})
	must(err)
	_, err = generate.Load(b.Context(), tw, g)
	must(err)
	o, err := auth.Open(b.Context(), dir, auth.Options{})
	must(err)
	b.Cleanup(func() { _ = o.Close() })
	book, err := rights.Open(b.Context(), o, tw)
	must(err)
	d := rights.Default()
	d.Gradings = []rights.Grading{{ID: "all", Secrecy: grade}}
	_, err = book.Put(b.Context(), 0, d, "bench")
	must(err)
	must(o.AddUser(b.Context(), "a-admin", "admin"))
	token, err := o.Token(b.Context(), "a-admin")
	must(err)
	c := &secretive{tiles: tiles.New(tw, tiles.Options{}), tokens: []string{token}}
	table := limit.StandardTable()
	for class := range table["admin"] {
		table["admin"][class] = limit.Rate{PerSecond: math.Inf(1)}
	}
	c.handler, err = server.New(server.Options{Twin: tw, Office: o, Tiles: c.tiles, Limits: table, Viewer: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}}, Version: "bench"})
	must(err)
	return c
}

// BenchmarkTrail is what the audit log costs requests for what is restricted, beside the same requests for what is not: one by one, and by eight at once, in
// turns, without the network between. The log waits for the disk.
func BenchmarkTrail(b *testing.B) {
	cities := []*secretive{newGraded(b, 20000, "restricted"), newGraded(b, 20000, "internal")}
	names := []string{"recorded", "plain"}
	for name, path := range map[string]string{"content": cities[0].contents(b)[0], "asset": "/api/v1/assets/JS-000001", "search": "/api/v1/search?q=JS-0001", "assets": "/api/v1/assets?limit=20"} {
		b.Run(name, func(b *testing.B) {
			took := make([][]time.Duration, 2)
			var count [2]atomic.Int64
			var spent [2]time.Duration
			for i := range cities {
				if status, _ := cities[i].get(b, 0, path); status != http.StatusOK {
					b.Fatal(path, status)
				}
			}
			for b.Loop() {
				for i, c := range cities {
					_, d := c.get(b, 0, path)
					took[i] = append(took[i], d)
				}
			}
			for range 4 {
				for i, c := range cities {
					start := time.Now()
					var done sync.WaitGroup
					for range 8 {
						done.Go(func() {
							for time.Since(start) < time.Second/4 {
								c.get(b, 0, path)
								count[i].Add(1)
							}
						})
					}
					done.Wait()
					spent[i] += time.Since(start)
				}
			}
			for i, n := range names {
				slices.Sort(took[i])
				b.ReportMetric(float64(took[i][len(took[i])/2].Nanoseconds())/1000, "p50-µs-"+n)
				b.ReportMetric(float64(count[i].Load())/spent[i].Seconds(), "requests/s-"+n)
			}
		})
	}
}
