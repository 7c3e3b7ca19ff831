package server_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
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

// secretive is an installation under a policy of four classes of rights, with a user of each: the administrator, who sees everything, and three who see
// two thirds of it, by network, by grade and by district.
type secretive struct {
	handler http.Handler
	tiles   *tiles.Generator
	tokens  []string
}

func newSecretive(b *testing.B, segments int) *secretive {
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
	d.Districts = []rights.District{half(tw.Snapshot())}
	d.Gradings = []rights.Grading{{ID: "gas", Networks: []string{"RQ"}, Secrecy: "secret"}}
	d.Grants = append(d.Grants[:1], rights.Grant{ID: "a", Roles: []string{"operator"}, Actions: []auth.Right{auth.Read}, Networks: []string{"JS", "WS", "YS", "DL"}, Secrecy: "secret"},
		rights.Grant{ID: "b", Roles: []string{"planner"}, Actions: []auth.Right{auth.Read}, Secrecy: "restricted"},
		rights.Grant{ID: "c", Roles: []string{"contractor"}, Actions: []auth.Right{auth.Read}, Districts: []string{"half"}, Secrecy: "secret"})
	_, err = book.Put(b.Context(), 0, d, "bench")
	must(err)
	c := &secretive{tiles: tiles.New(tw, tiles.Options{})}
	for _, role := range []string{"admin", "operator", "planner", "contractor"} {
		must(o.AddUser(b.Context(), "a-"+role, role))
		token, err := o.Token(b.Context(), "a-"+role)
		must(err)
		c.tokens = append(c.tokens, token)
	}
	table := limit.StandardTable()
	table["contractor"] = table["admin"]
	h, err := server.New(server.Options{Twin: tw, Office: o, Tiles: c.tiles, Limits: table, Viewer: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}}, Version: "bench"})
	must(err)
	c.handler = h
	return c
}

// half is the western half of a city, with a border of many corners.
func half(s *twin.Snapshot) rights.District {
	e, f := s.Extent(), s.Frame()
	raw := []byte("[[")
	corner := func(east, north float64) {
		lon, lat := f.LonLat(east, north)
		raw = fmt.Appendf(raw, "[%.9f,%.9f],", lon, lat)
	}
	corner(e.Min.E-10, e.Min.N-10)
	for i := range 200 {
		corner(e.Center().E+40*math.Sin(float64(i)), e.Min.N-10+(e.Size().N+20)*float64(i)/199)
	}
	corner(e.Min.E-10, e.Max.N+10)
	corner(e.Min.E-10, e.Min.N-10)
	raw = append(raw[:len(raw)-1], "]]"...)
	return rights.District{Name: "half", Geometry: rights.Geometry{Type: "Polygon", Coordinates: raw}}
}

func (c *secretive) get(b *testing.B, as int, path string) (status int, took time.Duration) {
	req := httptest.NewRequestWithContext(b.Context(), http.MethodGet, path, nil)
	req.Header.Set("Authorization", "Bearer "+c.tokens[as])
	req.Header.Set("Accept-Encoding", "zstd")
	w := httptest.NewRecorder()
	start := time.Now()
	c.handler.ServeHTTP(w, req)
	return w.Code, time.Since(start)
}

// contents are the addresses of contents of some layers.
func (c *secretive) contents(b *testing.B) []string {
	b.Helper()
	var there []string
	for _, n := range []string{"JS", "WS", "DL", "RQ"} {
		for level := range 5 {
			for i := range 1 << (2 * level) {
				p := fmt.Sprintf("/3dtiles/%s/content/%d/%d/%d.glb", n, level, i>>level, i&(1<<level-1))
				if status, _ := c.get(b, 0, p); status == http.StatusOK {
					there = append(there, p)
				}
			}
		}
	}
	return there
}

// BenchmarkRights is what rights cost a warm content and a search: by who sees everything and by who sees two thirds, in turns, without the network between.
func BenchmarkRights(b *testing.B) {
	c := newSecretive(b, 20000)
	for name, path := range map[string]string{"content": c.contents(b)[0], "search": "/api/v1/search?q=JS-0001", "assets": "/api/v1/assets?limit=20"} {
		b.Run(name, func(b *testing.B) {
			took := make([][]time.Duration, len(c.tokens))
			for b.Loop() {
				for as := range c.tokens {
					_, d := c.get(b, as, path)
					took[as] = append(took[as], d)
				}
			}
			for as, who := range []string{"all", "networks", "grades", "district"} {
				slices.Sort(took[as])
				b.ReportMetric(float64(took[as][len(took[as])/2].Nanoseconds())/1000, "p50-µs-"+who)
			}
		})
	}
}

// BenchmarkClasses lets users of four classes of rights walk the same city, and says how many of their tiles came from memory.
func BenchmarkClasses(b *testing.B) {
	c := newSecretive(b, 20000)
	r := rand.New(rand.NewPCG(1, 2))
	there := c.contents(b)
	before := c.tiles.Stats()
	for b.Loop() {
		i := int(math.Abs(r.NormFloat64()) * float64(len(there)) / 4)
		c.get(b, r.IntN(4), there[i%len(there)])
	}
	s := c.tiles.Stats()
	b.ReportMetric(100*float64(s.Hits-before.Hits)/float64(s.Hits+s.Misses-before.Hits-before.Misses), "%hits")
	b.ReportMetric(float64(s.Bytes)/(1<<20), "MiB")
}
