package vector_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/twin"
)

func tileJSON(t *testing.T, g *tiles.Generator, tw *twin.Twin) []byte {
	t.Helper()
	r, err := g.TileJSON(t.Context(), tiles.View{Snapshot: tw.Snapshot()}, "https://city.example/u/mvt/{z}/{x}/{y}.mvt", compress.Identity)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, r.Body, "", "  "); err != nil {
		t.Fatal(err)
	}
	return append(out.Bytes(), '\n')
}

// golden compares with a file of testdata, or writes it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs: %s", name, diff)
	}
}

// TestTileJSON compares that of a few pipes with the golden file, and that of a city with what its tiles hold.
func TestTileJSON(t *testing.T) {
	few := lines(t, []geometry.Section{geometry.Round(0.2, 0.01), geometry.Round(0.4, 0.01)})
	golden(t, "tilejson.golden", tileJSON(t, tiles.New(few, tiles.Options{}), few))
	tw := everything(t, 300)
	g := tiles.New(tw, tiles.Options{})
	v := tiles.View{Snapshot: tw.Snapshot()}
	var doc struct {
		Bounds [4]float64
		Layers []struct {
			ID     string
			Fields map[string]string
		} `json:"vector_layers"`
		MinZoom int
		MaxZoom int
	}
	if err := json.Unmarshal(tileJSON(t, g, tw), &doc); err != nil {
		t.Fatal(err)
	}
	fields := map[string]map[string]string{}
	for _, l := range doc.Layers {
		fields[l.ID] = l.Fields
	}
	for r := range tw.Snapshot().All {
		for _, p := range r.Asset().Line {
			lon, lat := tw.Snapshot().Frame().LonLat(p.E, p.N)
			if lon < doc.Bounds[0] || lat < doc.Bounds[1] || lon > doc.Bounds[2] || lat > doc.Bounds[3] {
				t.Fatalf("%s lies outside the bounds", r.ID())
			}
		}
	}
	c := tw.Snapshot().Extent().Center()
	lon, lat := tw.Snapshot().Frame().LonLat(c.E, c.N)
	for z := doc.MinZoom; z <= doc.MaxZoom; z++ {
		at := maptile.At(orb.Point{lon, lat}, maptile.Zoom(z))
		for _, f := range vector(t, g, v, tiles.VectorAddress{Z: uint8(z), X: at.X, Y: at.Y}) {
			for key := range f.Properties {
				if fields[f.layer][key] == "" {
					t.Errorf("zoom %d: layer %s has an undescribed field %s", z, f.layer, key)
				}
			}
		}
	}
}
