package geojson_test

import (
	"strings"
	"testing"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/formatstest"
)

// TestOtherHands reads what other programs write, or says in one sentence why not.
func TestOtherHands(t *testing.T) {
	feature := func(id, geometry string) string {
		return `{"type":"Feature","properties":{"id":"` + id + `","network":"JS"},"geometry":` + geometry + `}`
	}
	collection := func(more string, features ...string) string {
		return `{` + more + `"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
	}
	a, b := feature("A", `{"type":"LineString","coordinates":[[122.1,37.5,3.5],[122.101,37.5]]}`), feature("B", `{"coordinates":[[122.1,37.51],[122.101,37.51]],"type":"LineString"}`)
	plane := feature("A", `{"type":"LineString","coordinates":[[500000,4150000],[500100,4150000]]}`)
	system := func(name string) string { return `"crs":{"type":"name","properties":{"name":"` + name + `"}},` }
	for name, c := range map[string]struct {
		text, want string
		assets     int
	}{
		"members in another order": {`{"features":[` + plane + `],"crs":{"properties":{"name":"urn:ogc:def:crs:EPSG::4549"},"type":"name"},"type":"FeatureCollection"}`, "", 1},
		"a mark":                   {"\ufeff" + collection("", a), "", 1},
		"a feature a line":         {a + "\n" + b + "\n", "", 2},
		"a text sequence":          {"\x1e" + a + "\n\x1e" + b + "\n", "", 2},
		"a name of EPSG":           {collection(system("CGCS2000 / 3-degree Gauss-Kruger CM 120E"), plane), "", 1},
		"no such name":             {collection(system("Weihai grid"), plane), `its member "crs" names "Weihai grid", which is no CRS that is known; say which CRS it is with --crs EPSG:n`, 0},
		"a link":                   {collection(`"crs":{"type":"link","properties":{"href":"http://example.com/1"}},`, plane), `its member "crs" only points to "http://example.com/1"`, 0},
		"an empty part":            {collection("", feature("A", `{"type":"MultiLineString","coordinates":[[],[[122.1,37.5],[122.101,37.5]],[[122.102,37.5],[122.103,37.5]],[]]}`)), "", 2},
		"nothing but empty parts":  {collection("", feature("A", `{"type":"MultiLineString","coordinates":[[],[]]}`)), "the feature has no point, line or polygon", 0},
		"lines of a collection":    {collection("", feature("A", `{"type":"GeometryCollection","geometries":[{"type":"LineString","coordinates":[[122.1,37.5],[122.101,37.5]]},{"type":"LineString","coordinates":[[122.1,37.6],[122.101,37.6]]}]}`)), "", 2},
		"a mixed collection":       {collection("", feature("A", `{"type":"GeometryCollection","geometries":[{"type":"LineString","coordinates":[[122.1,37.5],[122.101,37.5]]},{"type":"Point","coordinates":[122.1,37.6]}]}`)), "x.geojson, line 1, geometry: its GeometryCollection holds points and lines together", 0},
		"no features":              {collection(""), "x.geojson holds a collection without features", 0},
		"TopoJSON":                 {`{"type":"Topology","objects":{},"arcs":[],"transform":{"scale":[1,1]},"x":"\"coordinates\""}`, `its type is "Topology", which is none of GeoJSON`, 0},
		"numbers as strings":       {collection("", feature("A", `{"type":"LineString","coordinates":[["122.1","37.5"],["122.2","37.5"]]}`)), "x.geojson, line 1: not GeoJSON: a string stands where a number is wanted; write coordinates as numbers", 0},
		"UTF-16":                   {"\xff\xfe{\x00}\x00", "x.geojson, line 1 or soon after: the file is not UTF-8, as JSON must be; save it as UTF-8", 0},
		"a long property":          {collection("", strings.Replace(a, `"id"`, `"note":"`+strings.Repeat("x", 3_000_000)+`","id"`, 1)), "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			tw := formatstest.Twin(t)
			_, err := formats.Import(t.Context(), tw, readers, []formats.File{formatstest.File("x.geojson", c.text)}, formats.Options{})
			if c.want == "" && (err != nil || tw.Snapshot().Len() != c.assets) {
				t.Errorf("%d assets, %v", tw.Snapshot().Len(), err)
			}
			if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || twin.KindOf(err) != twin.Invalid || tw.Snapshot().Revision() != 0) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

// TestNullHeight: null is no height, and not 0; in plan it is no place.
func TestNullHeight(t *testing.T) {
	tw := formatstest.Twin(t)
	if _, err := formats.Import(t.Context(), tw, readers, []formats.File{formatstest.File("x.geojson", strings.Replace(line, "[122.1,37.5,3.25]", "[122.1,37.5,null],[122.1003,37.5,3.3],[122.1006,37.5,3.4]", 1))}, formats.Options{}); err != nil {
		t.Fatal(err)
	}
	if a, _ := tw.Snapshot().Get("JS-7"); a.HeightKnown(0) || !a.HeightKnown(1) {
		t.Errorf("%+v", a)
	}
	_, err := formats.Import(t.Context(), formatstest.Twin(t), readers, []formats.File{formatstest.File("x.geojson", strings.Replace(line, "122.101", "null", 1))}, formats.Options{})
	if err == nil || !strings.Contains(err.Error(), "x.geojson, line 1") {
		t.Errorf("a place of null: %v", err)
	}
}

// TestUnreadableSize: a size that is none is unknown, and kept as it was written.
func TestUnreadableSize(t *testing.T) {
	tw := formatstest.Twin(t)
	rep, err := formats.Import(t.Context(), tw, readers, []formats.File{formatstest.File("x.geojson", strings.Replace(line, `"diameter":300`, `"diameter":"219*7"`, 1))}, formats.Options{})
	if err != nil || !formatstest.Noted(rep, 1, "the size is unknown") {
		t.Fatalf("%v, %v", err, rep.Notes)
	}
	a, _ := tw.Snapshot().Get("JS-7")
	if v, _ := a.Attr("diameter"); v != "219*7" || a.Section.Known() {
		t.Errorf("%+v", a)
	}
}

// TestOneLine: most programs of the web write a whole file as one line, and give nothing a number.
func TestOneLine(t *testing.T) {
	feature := func(props, kind, coordinates string) string {
		return `{"type":"Feature","properties":{` + props + `},"geometry":{"type":"` + kind + `","coordinates":` + coordinates + `}}`
	}
	a, b := feature(`"network":"JS"`, "LineString", "[[122.1,37.5],[122.101,37.5]]"), feature(`"network":"JS"`, "LineString", "[[122.1,37.51],[122.101,37.51]]")
	p, q := feature(`"network":"JS"`, "Point", "[122.1,37.5]"), feature(`"network":"JS"`, "Point", "[122.1,37.51]")
	lost := feature(`"network":"JS","from":"N9"`, "LineString", "[[122.1,37.5],[122.101,37.5]]")
	for name, c := range map[string]struct{ in, want string }{
		"without numbers":   {strings.Join([]string{a, b, p, q}, ","), ""},
		"a missing node":    {strings.Join([]string{a, b, lost}, ","), `x.geojson [feature 3], line 1, from "N9": there is no such node`},
		"cut off":           {strings.Join([]string{a, b, lost[:40]}, ","), "x.geojson [feature 3], line 1: the file ends in the middle of a feature"},
		"not JSON":          {strings.Join([]string{a, b, "oops"}, ","), "x.geojson [feature 3], line 1: not GeoJSON"},
		"a line each":       {a + ",\n" + lost, `x.geojson, line 2, from "N9"`},
		"a line each, oops": {a + ",\noops", "x.geojson, line 2: not GeoJSON"},
	} {
		tw := formatstest.Twin(t)
		rep, err := formats.Import(t.Context(), tw, readers, []formats.File{formatstest.File("x.geojson", `{"type":"FeatureCollection","features":[`+c.in+`]}`)}, formats.Options{})
		switch {
		case c.want != "":
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: got %v\nwant %s", name, err, c.want)
			}
		case err != nil || rep.Created != 4:
			t.Errorf("%s: %v, %d created", name, err, rep.Created)
		default:
			for _, id := range [...]twin.ID{"JS-x.1", "JS-x.2", "JS-x.3", "JS-x.4"} {
				if _, ok := tw.Snapshot().Get(id); !ok {
					t.Errorf("%s is missing", id)
				}
			}
		}
	}
}

// TestPlacesAreWritten: a coordinate stands in a sentence as people write it.
func TestPlacesAreWritten(t *testing.T) {
	var list []string
	for _, x := range [...]string{"500100", "500200", "500300", "5"} {
		list = append(list, `{"type":"Feature","properties":{"network":"JS"},"geometry":{"type":"Point","coordinates":[`+x+`,3459001.25]}}`)
	}
	in := `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4547"}},"features":[` + strings.Join(list, ",\n") + `]}`
	_, err := formats.Import(t.Context(), formatstest.Twin(t), readers, []formats.File{formatstest.File("x.geojson", in)}, formats.Options{})
	if want := `x.geojson, line 4, coordinates "5, 3459001.25": 5, 3459001.25 lies at longitude`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}
