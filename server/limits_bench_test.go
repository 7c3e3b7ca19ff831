package server_test

import (
	"math"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"github.com/undercity/undercity/server"
	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/limit"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/generate"
	"github.com/undercity/undercity/twin/store"
)

// discard takes an answer.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(s int)           { d.status = s }

// BenchmarkLimits is what limits cost a content that is warm and a search, without the network: of a planner whose area is not limited, of one whose area is,
// and of a contractor, for whom everything is counted. They are to be compared with each other.
func BenchmarkLimits(b *testing.B) {
	dir := b.TempDir()
	st, err := store.Open(b.Context(), dir, store.Options{Quick: true})
	if err != nil {
		b.Fatal(err)
	}
	tw, err := twin.Open(b.Context(), st, twin.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer tw.Close()
	g, err := generate.New(generate.Options{Segments: 20_000, Seed: 5})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := generate.Load(b.Context(), tw, g); err != nil {
		b.Fatal(err)
	}
	office, err := auth.Open(b.Context(), dir, auth.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer office.Close()
	page := fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}}
	gen := tiles.New(tw, tiles.Options{})
	content := ""
	for level := uint8(6); level > 0 && content == ""; level-- {
		for x := range uint32(1) << level {
			for y := range uint32(1) << level {
				a := tiles.Address{Layer: "JS", Level: level, X: x, Y: y}
				if _, ok := gen.Detail(tiles.View{Snapshot: tw.Snapshot()}, a); ok {
					content = pathOf(a)
				}
			}
		}
	}
	for _, path := range []struct{ name, path string }{{"content", content}, {"search", "/api/v1/search?q=js-1&limit=10"}} {
		for _, c := range []struct {
			name, role string
			km2        float64
		}{{"free", "planner", math.Inf(1)}, {"area", "planner", 25}, {"all", "contractor", 25}} {
			q := limit.StandardQuotas()
			q[c.role] = c.km2
			table := limit.StandardTable()
			for _, class := range []string{"tiles", "search"} {
				if err := table.Set("contractor." + class + "=1000000/s:1000000000"); err != nil { // counted, and never refused
					b.Fatal(err)
				}
			}
			h, err := server.New(server.Options{Twin: tw, Office: office, Tiles: gen, Viewer: page, Limits: table, Areas: limit.NewAreas(limit.AreaOptions{Quotas: q})})
			if err != nil {
				b.Fatal(err)
			}
			token := tokenOf(b, office, path.name+"-"+c.name, c.role)
			b.Run(path.name+"/"+c.name, func(b *testing.B) {
				req := httptest.NewRequest(http.MethodGet, path.path, nil)
				req.Header.Set("Authorization", "Bearer "+token)
				req.Header.Set("Accept-Encoding", "zstd")
				b.ReportAllocs()
				for b.Loop() {
					w := &discard{header: http.Header{}}
					if h.ServeHTTP(w, req); w.status != http.StatusOK {
						b.Fatal(w.status)
					}
				}
			})
		}
	}
}

func tokenOf(b *testing.B, o *auth.Office, name, role string) string {
	b.Helper()
	if err := o.AddUser(b.Context(), name, role); err != nil {
		b.Fatal(err)
	}
	t, err := o.Token(b.Context(), name)
	if err != nil {
		b.Fatal(err)
	}
	return t
}
