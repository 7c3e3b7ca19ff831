package formats_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/formatstest"
	"github.com/undercity/undercity/twin/formats/geojson"
	"github.com/undercity/undercity/twin/store"
)

// TestOwnShift imports a survey on Beijing 1954 with the city's own parameters, opens the installation again, and adds a file on WGS 84 under the same settings:
// it must not be moved by them.
func TestOwnShift(t *testing.T) {
	readers := []formats.Reader{geojson.Reader{}}
	old := `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:2414"}},"features":[{"type":"Feature","properties":{"id":"A","network":"JS"},"geometry":{"type":"Point","coordinates":[38517052,3384000]}}]}`
	own, err := crs.ParseShift("helmert:12.5,-147.3,-76.9,0.1,-0.2,0.3,1.5@0.5")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	open := func() *twin.Twin {
		s, err := store.Open(t.Context(), dir, store.Options{Quick: true})
		if err != nil {
			t.Fatal(err)
		}
		tw, err := twin.Open(t.Context(), s, twin.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return tw
	}
	tw := open()
	_, err = formats.Import(t.Context(), tw, readers, []formats.File{formatstest.File("old.geojson", old)}, formats.Options{})
	if err == nil || !strings.Contains(err.Error(), "--shift") {
		t.Errorf("without parameters: %v", err)
	}
	if _, err = formats.Import(t.Context(), tw, readers, []formats.File{formatstest.File("old.geojson", old)}, formats.Options{Shift: &own}); err != nil {
		t.Fatal(err)
	}
	lon, lat := tw.Snapshot().Frame().LonLat(38517052, 3384000)
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	tw = open()
	defer func() {
		if err := tw.Close(); err != nil {
			t.Error(err)
		}
	}()
	lon2, lat2 := tw.Snapshot().Frame().LonLat(38517052, 3384000)
	if lon != lon2 || lat != lat2 || math.IsNaN(lon) {
		t.Errorf("%v %v, and %v %v after opening again", lon, lat, lon2, lat2)
	}
	later := strings.Replace(strings.Replace(old, `"id":"A"`, `"id":"B"`, 1), "EPSG:2414", "OGC:CRS84", 1)
	later = strings.Replace(later, "[38517052,3384000]", "["+strconv.FormatFloat(lon, 'f', -1, 64)+","+strconv.FormatFloat(lat, 'f', -1, 64)+"]", 1)
	rep, err := formats.Import(t.Context(), tw, readers, []formats.File{formatstest.File("new.geojson", later)}, formats.Options{Shift: &own})
	if err != nil {
		t.Fatal(err)
	}
	if len(rep.Warnings) == 0 || !strings.Contains(rep.Warnings[0], "not used") {
		t.Errorf("warnings %q", rep.Warnings)
	}
	b, ok := tw.Snapshot().Get("JS-B")
	if !ok || math.Hypot(b.Line[0].E-38517052, b.Line[0].N-3384000) > 1e-3 {
		t.Errorf("the file on WGS 84 lies at %+v", b)
	}
}
