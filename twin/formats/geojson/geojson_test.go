package geojson_test

import (
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/epanet"
	"github.com/undercity/undercity/twin/formats/formatstest"
	"github.com/undercity/undercity/twin/formats/geojson"
)

var readers = []formats.Reader{epanet.Reader{}, geojson.Reader{}}

func real(t *testing.T, pattern string) []formats.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("../../../../shared/data/02_epanet", pattern))
	if err != nil || len(names) == 0 {
		t.Skip("../shared/data/02_epanet is not here: the comparison of real files is left out")
	}
	return formatstest.OnDisk(t, names...)
}

// TestSameNetworkInTwoFormats imports one network from its model and from its GeoJSON, and finds the same assets.
func TestSameNetworkInTwoFormats(t *testing.T) {
	c, err := crs.Parse("EPSG:3547")
	if err != nil {
		t.Fatal(err)
	}
	a, b := formatstest.Twin(t), formatstest.Twin(t)
	if _, err := formats.Import(t.Context(), a, readers, real(t, "ky4.inp"), formats.Options{CRS: c}); err != nil {
		t.Fatal(err)
	}
	if _, err := formats.Import(t.Context(), b, readers, real(t, "ky4_*.geojson"), formats.Options{}); err != nil {
		t.Fatal(err)
	}
	if a.Snapshot().Len() != 964+1158 || b.Snapshot().Len() != a.Snapshot().Len() {
		t.Fatalf("%d assets from INP, %d from GeoJSON, want %d", a.Snapshot().Len(), b.Snapshot().Len(), 964+1158)
	}
	for r := range a.Snapshot().All {
		x := r.Asset()
		y, ok := b.Snapshot().Get(x.ID)
		if !ok {
			t.Errorf("%s is not in the GeoJSON", x.ID)
			continue
		}
		if x.Kind != y.Kind || x.Network != y.Network || x.From != y.From || x.To != y.To || len(x.Line) != len(y.Line) {
			t.Errorf("%s: %v %s %s→%s with %d vertices, and %v %s %s→%s with %d", x.ID, x.Kind, x.Network, x.From, x.To, len(x.Line), y.Kind, y.Network, y.From, y.To, len(y.Line))
			continue
		}
		if math.Abs(x.Section.Width-y.Section.Width) > 1e-4 {
			t.Errorf("%s: diameter %v and %v", x.ID, x.Section.Width, y.Section.Width)
		}
		for i := range x.Line {
			if d := x.Line[i].PlanDist(y.Line[i]); d > 0.001 {
				t.Errorf("%s: vertex %d is %.4f m apart", x.ID, i, d)
			}
			if g, h := x.GroundAt(i), y.GroundAt(i); math.Abs(g-h) > 0.001 || twin.IsUnknown(g) != twin.IsUnknown(h) {
				t.Errorf("%s: ground %v and %v at vertex %d", x.ID, g, h, i)
			}
		}
	}
}

const line = `{"type":"Feature","properties":{"id":"7","network":"JS","diameter":300,"material":"球墨铸铁","colour":"blue"},"geometry":{"type":"LineString","coordinates":[[122.1,37.5,3.25],[122.101,37.5,3.5]]}}`

func TestForms(t *testing.T) {
	tests := []struct{ name, in string }{
		{"collection", `{"type":"FeatureCollection","features":[` + line + `]}`},
		{"feature", line},
		{"one a line", line + "\n"},
		{"members after the features", `{"features":[` + line + `],"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}}}`},
		{"byte order mark", "\ufeff" + line},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tw := formatstest.Twin(t)
			if _, err := formats.Import(t.Context(), tw, readers, []formats.File{formatstest.File("x.geojson", test.in)}, formats.Options{}); err != nil {
				t.Fatal(err)
			}
			a, ok := tw.Snapshot().Get("JS-7")
			if !ok {
				t.Fatal("JS-7 is missing")
			}
			lon, lat := tw.Snapshot().Frame().LonLat(a.Line[0].E, a.Line[0].N)
			if math.Abs(lon-122.1) > 1e-8 || math.Abs(lat-37.5) > 1e-8 || a.Line[0].H != 3.25 || a.Reference != twin.RefAxis {
				t.Errorf("at %v %v %v %v", lon, lat, a.Line[0].H, a.Reference)
			}
			if a.Section.Width != 0.3 || a.Material != "DI" {
				t.Errorf("section %v of %s", a.Section, a.Material)
			}
			if v, _ := a.Attr("colour"); v != "blue" {
				t.Errorf("the unknown property is lost: %v", a.Attributes)
			}
		})
	}
}

func TestHeightsOfZeroAreUnknown(t *testing.T) {
	tw := formatstest.Twin(t)
	rep, err := formats.Import(t.Context(), tw, readers, []formats.File{formatstest.File("x.geojson", strings.NewReplacer("3.25", "0", "3.5]", "0]").Replace(line))}, formats.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if a, _ := tw.Snapshot().Get("JS-7"); a.HeightKnown(0) || a.Assumed&twin.AssumedGeometry == 0 {
		t.Errorf("a height of 0 is taken for known: %+v", a)
	}
	if len(rep.Notes) != 1 || !strings.Contains(rep.Notes[0].Reason, "unknown") {
		t.Errorf("notes %v", rep.Notes)
	}
}

func TestBadInput(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"truncated", line[:len(line)-20], "x.geojson, line 1: the file ends in the middle of a feature; check that it was written to the end"},
		{"not JSON", "{\"type\":\"Feature\",\n\"coordinates\":oops}", "x.geojson, line 2: not GeoJSON: invalid character 'o' looking for beginning of value"},
		{"missing node", strings.Replace(line, `"colour"`, `"from":"N9","colour"`, 1), `1 row was refused and nothing was imported: x.geojson, line 1, from "N9": there is no such node in the files or in the installation; add it, or correct the name; mend the rows, or import the others with --skip-bad-rows`},
		{"metres in WGS 84", strings.NewReplacer("122.1,", "500000,", "122.101,", "500100,", "37.5,", "4150000,").Replace(line), "x.geojson: coordinates such as 500000, 4150000 are not degrees of OGC:CRS84, but look like metres or feet of a projected CRS; check the CRS of the file and pass it with --crs"},
		{"no geometry", `{"type":"Feature","properties":{"id":"1"},"geometry":null}`, `1 row was refused and nothing was imported: x.geojson, line 1, geometry: the feature has no point, line or polygon; mend the rows, or import the others with --skip-bad-rows`},
		{"a height of 9999", strings.Replace(line, "3.25", "9999", 1), `1 row was refused and nothing was imported: x.geojson, line 1 "7": JS-7: a height of 9999 m is not between -500 and 9000 m; check the unit and the column; mend the rows, or import the others with --skip-bad-rows`},
		{"unknown CRS", `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:999999"}},"features":[` + line + `]}`, "x.geojson: its member \"crs\" names \"EPSG:999999\""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tw := formatstest.Twin(t)
			_, err := formats.Import(t.Context(), tw, readers, []formats.File{formatstest.File("x.geojson", test.in)}, formats.Options{})
			if err == nil || !strings.HasPrefix(err.Error(), test.want) || twin.KindOf(err) != twin.Invalid {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
			if tw.Snapshot().Revision() != 0 {
				t.Error("something was imported")
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add(line)
	f.Add(`{"type":"FeatureCollection","features":[` + line + `,{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[[[1,2],[3,4],[1,2]]]]}}]}`)
	f.Fuzz(func(t *testing.T, in string) {
		file := formatstest.File("x.geojson", in)
		rec := &recorder{}
		err := geojson.Reader{}.Read(t.Context(), []formats.File{file}, formats.Options{}, rec)
		if err != nil && twin.KindOf(err) == twin.Internal {
			t.Errorf("not a sentence for people: %v", err)
		}
	})
}

// recorder is a Sink that keeps nothing.
type recorder struct{ io.Writer }

func (recorder) Transform(_ string, c *crs.CRS, u *crs.Unit, _ [][2]float64) (*crs.Transform, error) {
	f, err := crs.NewFrame(crs.FrameFor(122, 37), "", 0)
	if err != nil {
		return nil, err
	}
	t, err := crs.NewTransform(crs.Source{CRS: c, Unit: u}, f)
	if err != nil {
		return nil, twin.Errorf(twin.Invalid, "%v", err)
	}
	return t, nil
}
func (recorder) Asset(*twin.Asset, formats.Row) error { return nil }
func (recorder) Refuse(formats.Row) error             { return nil }
func (recorder) Note(formats.Row)                     {}
func (recorder) Base(*twin.Base)                      {}
func (recorder) Adopt(string, *crs.Frame) error       { return nil }
func (recorder) Rows(int, float64)                    {}
func (recorder) Find(twin.ID) (*twin.Asset, bool)     { return nil, false }
func (recorder) Catalog() *twin.Catalog               { return twin.Standard() }

// TestOddLines imports lines that are odd but can be drawn: each is kept, and the report says what is odd.
func TestOddLines(t *testing.T) {
	line := func(id, properties, coordinates string) string {
		return `{"type": "Feature", "properties": {"id": "` + id + `", "network": "YS", "diameter": 3000` + properties + `}, "geometry": {"type": "LineString", "coordinates": [` + coordinates + `]}}`
	}
	text := `{"type": "FeatureCollection", "features": [` + strings.Join([]string{
		line("none", "", "[122.1, 37.5, 3], [122.1, 37.5, 3]"), line("flat", "", "[122.101, 37.5], [122.101, 37.5]"), line("back", "", "[122.1, 37.501, 3], [122.101, 37.501, 3], [122.1, 37.501, 3]"),
		line("up", "", "[122.1, 37.502, 3], [122.1, 37.502, -3]"), line("good", "", "[122.1, 37.503, 3], [122.101, 37.503, 3]"),
		line("high", `, "ground": 4`, "[122.1, 37.504, 3], [122.101, 37.504, 3]"), line("road", `, "surface": "asphalt"`, "[122.1, 37.505, 3], [122.101, 37.505, 3]"),
	}, ",") + `]}`
	tw := formatstest.Twin(t)
	rep, err := formats.Import(t.Context(), tw, readers, []formats.File{formatstest.File("odd.geojson", text)}, formats.Options{})
	if err != nil || rep.Created != 7 {
		t.Fatalf("%v, %+v", err, rep)
	}
	var got []string
	for _, r := range rep.Notes {
		got = append(got, r.Value+": "+r.Reason)
	}
	slices.Sort(got)
	none, back, above := twin.FlagNoLength.Reason(), twin.FlagTurnsBack.Reason(), twin.FlagAboveGround.Reason()
	if want := []string{"back: " + back, "flat: " + none, "high: " + above, "none: " + none}; !slices.Equal(got, want) {
		t.Errorf("notes %q, want %q", got, want)
	}
	a, _ := tw.Snapshot().Get("YS-road")
	if v, _ := a.Attr("surface"); v != "asphalt" {
		t.Errorf("the surface of a road became %q in %+v", v, a.Attributes)
	}
	// The ground is known from the line above; one beside it that says nothing of the ground is compared with that.
	rep, err = formats.Import(t.Context(), tw, readers, []formats.File{formatstest.File("more.geojson", `{"type": "FeatureCollection", "features": [`+
		line("over", "", "[122.1001, 37.504, 9], [122.1009, 37.504, 9]")+","+line("under", "", "[122.1001, 37.504, 1], [122.1009, 37.504, 1]")+`]}`)}, formats.Options{})
	if err != nil || len(rep.Notes) != 1 || rep.Notes[0].Value != "over" || rep.Notes[0].Reason != above {
		t.Errorf("%v: notes %+v", err, rep.Notes)
	}
}
