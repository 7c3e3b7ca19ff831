package tiles_test

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/twin"
)

// TestPropertyTableSaysWhatAssetsAre reads every row of every content by the schema it carries and compares it with the asset.
func TestPropertyTableSaysWhatAssetsAre(t *testing.T) {
	tw := city(t, 1500)
	s := tw.Snapshot()
	g := tiles.New(tw, tiles.Options{})
	v := tiles.View{Snapshot: s}
	rows := map[string]int{}
	for _, f := range contents(t, g, v) {
		res, err := g.Content(t.Context(), v, f.address, compress.Identity)
		if err != nil {
			t.Fatal(err)
		}
		d := decode(t, res.Body)
		table := d.table(t)
		for i, id := range d.ids {
			a, _ := s.Get(id)
			want := map[string]float64{"kind": float64(a.Kind), "status": float64(a.Status), "quality": float64(a.Quality.Level), "assumed": float64(a.Assumed),
				"material": float64(s.Catalog().MaterialNumber(a.Material)), "installed": float64(twin.YearOf(a.Installed)), "diameter": math.NaN(), "cover": math.NaN()}
			if want["material"] == 0 {
				want["material"] = math.NaN()
			}
			if want["installed"] == 0 {
				want["installed"] = math.NaN()
			}
			if a.Section.Known() {
				want["diameter"] = a.Section.Width
			}
			if c := a.MinCover(); !math.IsNaN(c) {
				want["cover"] = c
			}
			for k, w := range want {
				got := table[k][i]
				if math.IsNaN(got) != math.IsNaN(w) || math.Abs(got-w) > map[string]float64{"diameter": 0.0006, "cover": 0.0051}[k] {
					t.Fatalf("%s: %s is %g in its row, want %g", id, k, got, w)
				}
				if !math.IsNaN(w) {
					rows[k]++
				}
			}
		}
	}
	for _, k := range []string{"diameter", "cover", "material", "installed"} {
		if n := rows[k]; n == 0 || n == s.Len() {
			t.Errorf("%s is known of %d of %d assets, so the test shows too little", k, n, s.Len())
		}
	}
}

// table reads the columns of numbers as the schema says, NaN for what is not known.
func (d glb) table(t testing.TB) map[string][]float64 {
	t.Helper()
	var ext struct {
		Schema struct {
			Classes struct {
				Asset struct {
					Properties map[string]struct {
						Type, ComponentType string
						Normalized          bool
						Scale, NoData       *float64
					}
				}
			}
		}
		PropertyTables []struct {
			Count      int
			Properties map[string]struct{ Values int }
		}
	}
	d.extension(t, d.doc.Extensions, "EXT_structural_metadata", &ext)
	out := map[string][]float64{}
	for name, p := range ext.Schema.Classes.Asset.Properties {
		if p.Type != "SCALAR" {
			continue
		}
		col := d.views[ext.PropertyTables[0].Properties[name].Values]
		for i := range ext.PropertyTables[0].Count {
			var raw, most float64
			switch p.ComponentType {
			case "UINT8":
				raw, most = float64(col[i]), 255
			case "UINT16":
				raw, most = float64(binary.LittleEndian.Uint16(col[2*i:])), 65535
			case "INT16":
				raw, most = float64(int16(binary.LittleEndian.Uint16(col[2*i:]))), 32767
			default:
				t.Fatalf("%s is %s", name, p.ComponentType)
			}
			switch {
			case p.NoData != nil && raw == *p.NoData:
				raw = math.NaN()
			case p.Normalized:
				raw = raw / most * *p.Scale
			}
			out[name] = append(out[name], raw)
		}
	}
	return out
}
