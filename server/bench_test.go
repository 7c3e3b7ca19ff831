package server_test

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// running is a server that scripts/bench.sh has started.
type running struct {
	url, token string
	client     http.Client
}

func runningServer(b *testing.B) *running {
	b.Helper()
	r := &running{url: os.Getenv("UNDERCITY_BENCH_URL"), token: os.Getenv("UNDERCITY_BENCH_TOKEN")}
	if r.url == "" {
		b.Skip("UNDERCITY_BENCH_URL names no running server; scripts/bench.sh starts one")
	}
	return r
}

// get returns the body as it was sent, its ETag and how long it took to its last byte.
func (r *running) get(b *testing.B, path, encoding, etag string) ([]byte, string, time.Duration) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, r.url+"/3dtiles/"+path, nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+r.token)
	req.Header.Set("Accept-Encoding", cmp.Or(encoding, "identity"))
	if etag != "" {
		req.Header.Set("If-None-Match", etag)
	}
	start := time.Now()
	res, err := r.client.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	took := time.Since(start)
	if err := res.Body.Close(); err != nil {
		b.Fatal(err)
	}
	want := http.StatusOK
	if etag != "" {
		want = http.StatusNotModified
	}
	if err != nil || res.StatusCode != want {
		b.Fatalf("%s: %s %v", path, res.Status, err)
	}
	return body, res.Header.Get("ETag"), took
}

type treeDoc struct {
	Root struct {
		ImplicitTiling struct{ SubtreeLevels int }
		Children       []struct{ Content struct{ URI string } }
	}
}

func (r *running) tree(b *testing.B, path string) (t treeDoc) {
	b.Helper()
	body, _, _ := r.get(b, path, "", "")
	if err := json.Unmarshal(body, &t); err != nil {
		b.Fatal(err)
	}
	return t
}

// layers are the codes of the layers and the levels of their subtrees.
func (r *running) layers(b *testing.B) map[string]int {
	b.Helper()
	m := map[string]int{}
	for _, c := range r.tree(b, "tileset.json").Root.Children {
		code, _, _ := strings.Cut(c.Content.URI, "/")
		m[code] = r.tree(b, c.Content.URI).Root.ImplicitTiling.SubtreeLevels
	}
	return m
}

type bits struct{ Constant, Bitstream *int }

// contents walks the subtrees below a tile and calls yield with the path of each content, until it says false.
func (r *running) contents(b *testing.B, layer string, levels, level, x, y int, yield func(string) bool) bool {
	b.Helper()
	body, _, _ := r.get(b, fmt.Sprintf("%s/subtrees/%d/%d/%d.subtree", layer, level, x, y), "", "")
	var doc struct {
		BufferViews              []struct{ ByteOffset, ByteLength int }
		ContentAvailability      []bits
		ChildSubtreeAvailability bits
	}
	n := binary.LittleEndian.Uint64(body[8:])
	if err := json.Unmarshal(body[24:24+n], &doc); err != nil {
		b.Fatal(err)
	}
	has := func(a bits, bit int) bool {
		if a.Constant != nil {
			return *a.Constant == 1
		}
		return body[24+int(n)+doc.BufferViews[*a.Bitstream].ByteOffset+bit/8]&(1<<(bit%8)) != 0
	}
	for l := range levels + 1 {
		for m := range 1 << (2 * l) {
			dx, dy := 0, 0
			for i := range l {
				dx |= m >> (2 * i) & 1 << i
				dy |= m >> (2*i + 1) & 1 << i
			}
			cx, cy := x<<l+dx, y<<l+dy
			switch {
			case l == levels:
				if has(doc.ChildSubtreeAvailability, m) && !r.contents(b, layer, levels, level+l, cx, cy, yield) {
					return false
				}
			case has(doc.ContentAvailability[0], (1<<(2*l)-1)/3+m):
				if !yield(fmt.Sprintf("%s/content/%d/%d/%d.glb", layer, level+l, cx, cy)) {
					return false
				}
			}
		}
	}
	return true
}

// sampled is how many contents are asked for.
const sampled = 2000

// BenchmarkTilesOverHTTP asks a running server, one request after the other, for a sample of its contents: once before anybody asked for them, then
// again, then again with the ETag. Run it once (-benchtime 1x) against a server just started.
func BenchmarkTilesOverHTTP(b *testing.B) {
	r := runningServer(b)
	var paths []string
	for layer, levels := range r.layers(b) {
		r.contents(b, layer, levels, 0, 0, 0, func(p string) bool {
			paths = append(paths, p)
			return true
		})
	}
	slices.Sort(paths)
	all := len(paths)
	rand.New(rand.NewPCG(1, 2)).Shuffle(all, func(i, k int) { paths[i], paths[k] = paths[k], paths[i] })
	paths = paths[:min(all, sampled)]
	tags := make([]string, len(paths))
	for b.Loop() { // begins anew what is reported, so it comes first
	}
	for _, pass := range []string{"cold", "warm", "unchanged"} {
		var took []time.Duration
		size := 0
		for i, p := range paths {
			known := ""
			if pass == "unchanged" {
				known = tags[i]
			}
			body, tag, d := r.get(b, p, "zstd", known)
			tags[i] = tag
			took = append(took, d)
			size += len(body)
		}
		slices.Sort(took)
		b.ReportMetric(took[len(took)/2].Seconds()*1e3, pass+"-p50-ms")
		b.ReportMetric(took[len(took)*99/100].Seconds()*1e3, pass+"-p99-ms")
		if pass == "cold" {
			b.ReportMetric(float64(size)/float64(len(paths)), "B/content")
		}
	}
	b.ReportMetric(float64(all), "contents")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkFirstTile finds and reads one content, as the end of the way from a file to a tile.
func BenchmarkFirstTile(b *testing.B) {
	r := runningServer(b)
	for b.Loop() {
		size := 0
		for layer, levels := range r.layers(b) {
			r.contents(b, layer, levels, 0, 0, 0, func(p string) bool {
				body, _, _ := r.get(b, p, "zstd", "")
				size = len(body)
				return false
			})
			break
		}
		if size == 0 {
			b.Fatal("no content")
		}
	}
}
