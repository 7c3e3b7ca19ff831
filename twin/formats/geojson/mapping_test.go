package geojson_test

import (
	"strings"
	"testing"

	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/feature"
	"github.com/undercity/undercity/twin/formats/formatstest"
)

// TestMapping reads properties by names that nobody could guess; what is said goes before what is known.
func TestMapping(t *testing.T) {
	m, err := formats.ReadMapping("map.csv", strings.NewReader("\ufeffname,field\n# ours\ncode,number\nbegin, from\nfinish,to\n\"bore, mm\",size\nname,road\n"), feature.Fields())
	if err != nil {
		t.Fatal(err)
	}
	in := `{"type":"FeatureCollection","features":[
		{"type":"Feature","properties":{"code":"K1","network":"JS"},"geometry":{"type":"Point","coordinates":[122.1,37.5,3]}},
		{"type":"Feature","properties":{"code":"K2","network":"JS"},"geometry":{"type":"Point","coordinates":[122.101,37.5,3]}},
		{"type":"Feature","properties":{"code":"L1","begin":"K1","finish":"K2","bore, mm":"200","name":"High Street","network":"JS"},"geometry":{"type":"LineString","coordinates":[[122.1,37.5,3],[122.101,37.5,3]]}}]}`
	tw := formatstest.Twin(t)
	if _, err := formats.Import(t.Context(), tw, readers, []formats.File{formatstest.File("x.geojson", in)}, formats.Options{Mapping: m}); err != nil {
		t.Fatal(err)
	}
	a, ok := tw.Snapshot().Get("JS-L1")
	if !ok || a.From != "JS-K1" || a.To != "JS-K2" || a.Section.Width != 0.2 || a.Road != "High Street" || len(a.Attributes) != 0 {
		t.Errorf("%+v, %t", a, ok)
	}
}

// FuzzMapping reads anything: what it takes are fields there are.
func FuzzMapping(f *testing.F) {
	f.Add("name,field\na,number\n")
	f.Add("\"a\nb\",from\n#x\n,to")
	fields := feature.Fields()
	f.Fuzz(func(t *testing.T, text string) {
		m, err := formats.ReadMapping("map.csv", strings.NewReader(text), fields)
		if (err == nil) != (len(m) > 0) {
			t.Errorf("%v, %v", m, err)
		}
	})
}
