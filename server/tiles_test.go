package server_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// contents reads every available content of a network over HTTP: ETag by path. They are found the way a client finds them, in the tileset and
// its subtrees.
func (c *city) contents(network string) map[string]string {
	c.t.Helper()
	var set struct {
		Root struct {
			ImplicitTiling struct{ AvailableLevels int }
		}
	}
	c.do(request{path: "/3dtiles/" + network + "/tileset.json", as: "planner"}).json(c.t, &set)
	levels := set.Root.ImplicitTiling.AvailableLevels
	if levels == 0 {
		c.t.Fatalf("%s has no tree", network)
	}
	tags := map[string]string{}
	for level := range levels {
		for x := range 1 << level {
			for y := range 1 << level {
				p := fmt.Sprintf("/3dtiles/%s/content/%d/%d/%d.glb", network, level, x, y)
				a := c.do(request{method: http.MethodHead, path: p, as: "planner"})
				if a.status == http.StatusOK {
					tags[p] = a.header.Get("ETag")
				} else if a.status != http.StatusNotFound {
					c.t.Fatalf("%s: %d", p, a.status)
				}
			}
		}
	}
	return tags
}

// TestTilesOverHTTP wants tags, encodings and 304, and nothing where there is no tile.
func TestTilesOverHTTP(t *testing.T) {
	c := newCity(t, 200)
	tags := c.contents("JS")
	if len(tags) == 0 {
		t.Fatal("no content")
	}
	for p, tag := range tags {
		plain := c.do(request{path: p, as: "planner"})
		if plain.status != 200 || plain.header.Get("Content-Type") != "model/gltf-binary" || !bytes.HasPrefix(plain.body, []byte("glTF")) || plain.header.Get("Vary") == "" || plain.header.Get("Cache-Control") != "private, no-cache" {
			t.Fatalf("%s: %d %v", p, plain.status, plain.header)
		}
		if plain.header.Get("ETag") != tag || strings.HasPrefix(tag, "W/") {
			t.Errorf("tags %q and %q", plain.header.Get("ETag"), tag)
		}
		for accept, want := range map[string]string{"gzip": "gzip", "br": "br", "zstd": "zstd", "gzip;q=0.1, br;q=0.9": "br", "br;q=0, gzip": "gzip", "identity": "", "*;q=0": "", "compress": ""} {
			a := c.do(request{path: p, as: "planner", headers: map[string]string{"Accept-Encoding": accept}})
			if got := a.header.Get("Content-Encoding"); got != want {
				t.Errorf("Accept-Encoding %q: %q", accept, got)
				continue
			}
			if !bytes.Equal(unpack(t, want, a.body), plain.body) {
				t.Errorf("%q unpacks to something else", accept)
			}
			if want != "" && a.header.Get("ETag") == tag {
				t.Errorf("%q has the tag of the plain one", accept)
			}
			again := c.do(request{path: p, as: "planner", headers: map[string]string{"Accept-Encoding": accept, "If-None-Match": `"x", ` + a.header.Get("ETag")}})
			if again.status != http.StatusNotModified || len(again.body) != 0 {
				t.Errorf("%q asked for again: %d", accept, again.status)
			}
		}
	}
	for _, p := range []string{"content/0/1/0.glb", "content/99/0/0.glb", "content/-1/0/0.glb", "content/0/0/0.b3dm", "content/0/0/0", "content/1/2/0.glb", "subtrees/0/0/1.subtree", "subtrees/x/0/0.subtree", "content/5/99999999999999999999/0.glb"} {
		if a := c.do(request{path: "/3dtiles/JS/" + p, as: "planner"}); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", p, a.status)
		}
	}
	if a := c.do(request{path: "/3dtiles/XX1/tileset.json", as: "planner"}); a.status != http.StatusNotFound {
		t.Errorf("a network that is not there: %d", a.status)
	}
}

func unpack(t *testing.T, encoding string, b []byte) []byte {
	t.Helper()
	var r io.Reader = bytes.NewReader(b)
	var err error
	switch encoding {
	case "gzip":
		r, err = gzip.NewReader(r)
	case "br":
		r = brotli.NewReader(r)
	case "zstd":
		r, err = zstd.NewReader(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestChangeInTiles changes one asset over HTTP: its new state is in its content at once, other contents keep their tags, and the old state is
// still served as of the revision before.
func TestChangeInTiles(t *testing.T) {
	c := newCity(t, 10000)
	var pick map[string]any
	for _, it := range c.page("/api/v1/assets?network=JS&kind=segment&limit=100").Items {
		if len(it["assumed"].([]any)) == 0 {
			pick = it
			break
		}
	}
	if pick == nil {
		t.Fatal("no wholly surveyed segment")
	}
	before := map[string]map[string]string{"JS": c.contents("JS"), "WS": c.contents("WS")}
	pick["owner"] = "another"
	pick["status"] = "abandoned"
	start := time.Now()
	if a := c.change(map[string]any{"op": "update", "asset": pick, "version": pick["version"]}); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	after := map[string]map[string]string{"JS": c.contents("JS"), "WS": c.contents("WS")}
	if len(before["JS"]) < 3 {
		t.Fatalf("only %d contents: the test would show nothing", len(before["JS"]))
	}
	var changed []string
	for _, n := range []string{"JS", "WS"} {
		if len(after[n]) != len(before[n]) {
			t.Errorf("%s had %d contents, has %d", n, len(before[n]), len(after[n]))
		}
		for p, tag := range after[n] {
			if before[n][p] != tag {
				changed = append(changed, p)
			}
		}
	}
	if len(changed) != 1 {
		t.Fatalf("%d contents changed: %v", len(changed), changed)
	}
	t.Logf("all contents read anew %v after the change", time.Since(start))
	now, then := c.do(request{path: changed[0], as: "planner"}), c.do(request{path: changed[0] + "?asOf=1", as: "planner"})
	if !bytes.Contains(now.body, []byte(pick["id"].(string))) || !bytes.Contains(then.body, []byte(pick["id"].(string))) || bytes.Equal(now.body, then.body) {
		t.Error("the content does not hold the change, or its past does")
	}
	if then.header.Get("ETag") != before["JS"][changed[0]] {
		t.Errorf("as of revision 1 the tag is %s, it was %s", then.header.Get("ETag"), before["JS"][changed[0]])
	}
	var root struct {
		Root struct {
			Children []struct{ Content struct{ URI string } }
		}
	}
	c.do(request{path: "/3dtiles/tileset.json", as: "planner"}).json(t, &root)
	if len(root.Root.Children) < 5 {
		t.Errorf("%d children of the root", len(root.Root.Children))
	}
}
