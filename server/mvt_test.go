package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/paulmach/orb/encoding/mvt"

	"github.com/undercity/undercity/server"
	"github.com/undercity/undercity/twin"
)

// middle is the vector tile of a zoom over the middle of the city.
func (c *city) middle(z int) string {
	s := c.twin.Snapshot()
	m := s.Extent().Center()
	lon, lat := s.Frame().LonLat(m.E, m.N)
	n := math.Ldexp(1, z)
	r := lat * math.Pi / 180
	return fmt.Sprintf("/mvt/%d/%d/%d.mvt", z, int((lon+180)/360*n), int((1-math.Asinh(math.Tan(r))/math.Pi)/2*n))
}

// TestVectorTilesOverHTTP wants tags, encodings and 304, 204 for nothing and 404 for what cannot be.
func TestVectorTilesOverHTTP(t *testing.T) {
	c := newCity(t, 300)
	for _, z := range []int{12, 14, 15, 16, 17, 18} {
		p := c.middle(z)
		plain := c.do(request{path: p, as: "planner"})
		tag := plain.header.Get("ETag")
		if plain.status != 200 || plain.header.Get("Content-Type") != "application/vnd.mapbox-vector-tile" || plain.header.Get("Vary") != "Accept-Encoding" || plain.header.Get("Cache-Control") != "private, no-cache" || tag == "" {
			t.Fatalf("%s: %d %v", p, plain.status, plain.header)
		}
		if layers, err := mvt.Unmarshal(plain.body); err != nil || len(layers) == 0 {
			t.Errorf("%s: %d layers, %v", p, len(layers), err)
		}
		for accept, want := range map[string]string{"gzip": "gzip", "br": "br", "zstd": "zstd", "identity": ""} {
			a := c.do(request{path: p, as: "planner", headers: map[string]string{"Accept-Encoding": accept}})
			if a.header.Get("Content-Encoding") != want || !bytes.Equal(unpack(t, want, a.body), plain.body) {
				t.Errorf("%s as %q: %q", p, accept, a.header.Get("Content-Encoding"))
			}
			again := c.do(request{path: p, as: "planner", headers: map[string]string{"Accept-Encoding": accept, "If-None-Match": a.header.Get("ETag")}})
			if again.status != http.StatusNotModified || len(again.body) != 0 {
				t.Errorf("%s as %q asked for again: %d", p, accept, again.status)
			}
		}
	}
	for _, p := range []string{"/mvt/0/0/0.mvt", "/mvt/14/3/3.mvt", "/mvt/22/0/4194303.mvt"} {
		a := c.do(request{path: p, as: "planner", headers: map[string]string{"Accept-Encoding": "gzip"}})
		if a.status != http.StatusNoContent || len(a.body) != 0 || a.header.Get("Content-Encoding") != "" {
			t.Errorf("%s: %d %v", p, a.status, a.header)
		}
	}
	for _, p := range []string{"/mvt/0/0/1.mvt", "/mvt/23/0/0.mvt", "/mvt/99/0/0.mvt", "/mvt/-1/0/0.mvt", "/mvt/1/0/0.pbf", "/mvt/1/0/0", "/mvt/x/0/0.mvt", "/mvt/5/99999999999999999999/0.mvt", "/mvt/5/32/0.mvt", "/mvt/1/0", "/mvt/1/0/0.mvt/0"} {
		if a := c.do(request{path: p, as: "planner"}); a.status != http.StatusNotFound || a.problem.Detail == "" {
			t.Errorf("%s: %d", p, a.status)
		}
		if a := c.do(request{path: p}); a.status != http.StatusUnauthorized {
			t.Errorf("%s as nobody: %d", p, a.status)
		}
	}
	if a := c.do(request{path: c.middle(15) + "?asOf=xyz", as: "planner"}); a.status != http.StatusBadRequest {
		t.Errorf("asOf=xyz: %d", a.status)
	}
}

// TestVectorTilesChange changes an asset: the tile has the new state at once and another tag, and the old one as of the revision before.
func TestVectorTilesChange(t *testing.T) {
	c := newCity(t, 300)
	p := c.middle(17)
	before := c.do(request{path: p, as: "planner"})
	layers, err := mvt.Unmarshal(before.body)
	if err != nil {
		t.Fatal(err)
	}
	id := ""
	for _, l := range layers {
		for _, f := range l.Features {
			if l.Name == "segment" && f.Properties["assumed"] == nil && f.Properties["status"] != "abandoned" {
				id = f.Properties["id"].(string)
			}
		}
	}
	asset := map[string]any{}
	c.do(request{path: "/api/v1/assets/" + id, as: "planner"}).json(t, &asset)
	asset["status"] = twin.StatusAbandoned.String()
	if a := c.change(map[string]any{"op": "update", "asset": asset, "version": asset["version"]}); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	status := func(body []byte) any {
		layers, err := mvt.Unmarshal(body)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range layers {
			for _, f := range l.Features {
				if f.Properties["id"] == id {
					return f.Properties["status"]
				}
			}
		}
		return nil
	}
	now, then := c.do(request{path: p, as: "planner"}), c.do(request{path: p + "?asOf=1", as: "planner"})
	if status(now.body) != "abandoned" || now.header.Get("ETag") == before.header.Get("ETag") {
		t.Errorf("%s is %v after the change, tag %s", id, status(now.body), now.header.Get("ETag"))
	}
	if then.status != 200 || status(then.body) != status(before.body) {
		t.Errorf("%s was %v, as of revision 1 it is %v", id, status(before.body), status(then.body))
	}
}

// TestTileJSONOverHTTP asks straight and through proxies: the address of the tiles is whole, and right for who asks.
func TestTileJSONOverHTTP(t *testing.T) {
	c := newCityWith(t, 200, func(o *server.Options) { o.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	host := strings.TrimPrefix(c.url, "http://")
	for _, s := range []struct {
		name    string
		query   string
		headers map[string]string
		want    string
	}{
		{"straight", "", nil, "http://" + host + "/mvt/{z}/{x}/{y}.mvt"},
		{"as of", "?asOf=1", nil, "http://" + host + "/mvt/{z}/{x}/{y}.mvt?asOf=1"},
		{"proxy", "", map[string]string{"X-Forwarded-Proto": "https", "X-Forwarded-Host": "city.example", "X-Forwarded-Prefix": "/under/city/"}, "https://city.example/under/city/mvt/{z}/{x}/{y}.mvt"},
		{"row of proxies", "", map[string]string{"X-Forwarded-Proto": "https, http", "X-Forwarded-Host": "city.example:8443, inner"}, "https://city.example:8443/mvt/{z}/{x}/{y}.mvt"},
		{"nonsense", "", map[string]string{"X-Forwarded-Proto": "javascript", "X-Forwarded-Host": `a"b/<c>`, "X-Forwarded-Prefix": "//evil.example/"}, "http://" + host + "/mvt/{z}/{x}/{y}.mvt"},
	} {
		a := c.do(request{path: "/mvt/tilejson.json" + s.query, as: "planner", headers: s.headers})
		var doc struct {
			TileJSON string
			Tiles    []string
			Layers   []struct{ ID string } `json:"vector_layers"`
		}
		if err := json.Unmarshal(a.body, &doc); err != nil || a.status != 200 || doc.TileJSON != "3.0.0" || len(doc.Layers) != 9 {
			t.Fatalf("%s: %d %v %s", s.name, a.status, err, a.body)
		}
		if len(doc.Tiles) != 1 || doc.Tiles[0] != s.want {
			t.Errorf("%s: %v, want %s", s.name, doc.Tiles, s.want)
		}
	}
}
