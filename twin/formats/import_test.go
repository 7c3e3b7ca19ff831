package formats_test

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/cjj61"
	"github.com/undercity/undercity/twin/formats/epanet"
	"github.com/undercity/undercity/twin/formats/formatstest"
	"github.com/undercity/undercity/twin/formats/geojson"
	"github.com/undercity/undercity/twin/formats/swmm"
)

var readers = []formats.Reader{cjj61.Reader{}, swmm.Reader{}, epanet.Reader{}, geojson.Reader{}}

// TestRealModels imports models of other hands; the counts are those of their README.
func TestRealModels(t *testing.T) {
	tests := []struct {
		name, crs    string
		nodes, links int
	}{
		{"01_swmm/Pump_Control_Model.inp", "local:-84.5,38.2", 34, 33},
		{"01_swmm/Example1.inp", "local:122.1,37.5,30", 14, 13},
		{"01_swmm/test_inlet_drains.inp", "local:122.1,37.5", 20, 23}, // 22 conduits and an outlet
		{"02_epanet/Net3.inp", "local:122.1,37.5", 97, 119},
		{"02_epanet/ky4.inp", "EPSG:3547", 964, 1158},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tw := formatstest.Twin(t)
			if _, err := formats.Import(t.Context(), tw, readers, []formats.File{formatstest.Shared(t, "../..", test.name)}, formats.Options{CRS: formatstest.CRS(t, test.crs)}); err != nil {
				t.Fatal(err)
			}
			nodes, links := 0, 0
			for r := range tw.Snapshot().All {
				if r.Kind() == twin.KindSegment {
					links++
				} else {
					nodes++
				}
				if schematic := r.Assumed()&twin.AssumedPosition != 0; schematic != strings.HasPrefix(test.crs, "local") {
					t.Fatalf("%s: schematic %t", r.ID(), schematic)
				}
			}
			if nodes != test.nodes || links != test.links {
				t.Errorf("%d nodes and %d links, want %d and %d", nodes, links, test.nodes, test.links)
			}
		})
	}
}

func TestStatePlaneNeedsItsUnit(t *testing.T) {
	tw := formatstest.Twin(t)
	f := formatstest.Shared(t, "../..", "01_swmm/model_state_plane.inp")
	_, err := formats.Import(t.Context(), tw, readers, []formats.File{f}, formats.Options{})
	if err == nil || !strings.Contains(err.Error(), "--crs-unit ftUS") || tw.Snapshot().Revision() != 0 {
		t.Fatalf("as it stands: %v, revision %d", err, tw.Snapshot().Revision())
	}
	if _, err := formats.Import(t.Context(), tw, readers, []formats.File{f}, formats.Options{Unit: &crs.USFoot}); err != nil {
		t.Fatal(err)
	}
	if n := tw.Snapshot().Len(); n != 45+44 {
		t.Errorf("%d assets, want 89", n)
	}
}

const points = `物探点号,X坐标(m),Y坐标(m),地面高程(m),特征,附属物,井底埋深,未知列
1,4151000.123,500100.456,38.120,三通,,,甲
2,4151030.000,500105.000,38.200,,阀门井,1.80,
3,4151060.000,500105.000,38.300,弯头,,,
`

const lines = `起点点号,终点点号,起点埋深,终点埋深,起点高程,终点高程,管径(mm),壁厚,材质,道路名称,埋设年代,使用状况
1,2,1.20,1.25,,,DN300,,球墨铸铁,海滨路,1998,在用
2,3,1.25,0,36.951,,400,12,不详,海滨路,2008-05,废弃
`

// TestSurveyIsExact imports one survey as every class of network and in every encoding: heights stay where they were measured.
func TestSurveyIsExact(t *testing.T) {
	gbk := func(s string) string {
		out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	encodings := map[string]func(string) string{
		"UTF-8": func(s string) string { return s }, "byte order mark": func(s string) string { return "\ufeff" + s }, "GB 18030": gbk,
		"tabs": func(s string) string { return strings.ReplaceAll(s, ",", "\t") }, "title above": func(s string) string { return "某市管线普查成果表\n" + s }, "CRLF": func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
	}
	for name, encode := range encodings {
		for _, network := range []string{"JS", "WS", "DL"} {
			t.Run(name+" "+network, func(t *testing.T) {
				tw := formatstest.Twin(t)
				files := []formats.File{formatstest.File(network+"LINE.csv", encode(lines)), formatstest.File(network+"POINT.csv", encode(points))}
				o := formats.Options{CRS: formatstest.CRS(t, "EPSG:4549")}
				rep, err := formats.Import(t.Context(), tw, readers, files, o)
				if err != nil {
					t.Fatal(err)
				}
				if rep.Created != 5 {
					t.Errorf("%d created, want 5: %v", rep.Created, rep.Notes)
				}
				a, ok := tw.Snapshot().Get(network + "-1~2")
				if !ok {
					t.Fatal("the first line is missing")
				}
				measured := a.Crown
				if network == "WS" {
					measured = a.Invert
				}
				for i, want := range []float64{38.120 - 1.20, 38.200 - 1.25} {
					if math.Abs(measured(i)-want) > 1e-4 {
						t.Errorf("height %v at end %d, want %v", measured(i), i, want)
					}
				}
				if p := a.Line[0]; p.E != 500100.456 || p.N != 4151000.123 {
					t.Errorf("at %v: X is northing, Y is easting", p)
				}
				if a.Section.Width != 0.3 || math.Abs(a.Section.OuterWidth()-0.326) > 1e-9 || a.Material != "DI" || a.Installed != "1998" || a.Road != "海滨路" {
					t.Errorf("%+v", a)
				}
				b, _ := tw.Snapshot().Get(network + "-2~3")
				if b.Section.Width != 0.4 || b.Section.Wall != 0.012 || b.Status != twin.StatusAbandoned || b.Material != "" || b.HeightKnown(1) || !b.HeightKnown(0) {
					t.Errorf("a wall makes the size inner, 不详 and a depth of 0 are unknown: %+v", b)
				}
				well, _ := tw.Snapshot().Get(network + "-2")
				if network == "JS" && (well.Kind != twin.KindChamber || math.Abs(well.Bottom-36.4) > 1e-9) {
					t.Errorf("%+v", well)
				}
				if again, err := formats.Import(t.Context(), tw, readers, files, o); err != nil || again.Unchanged != 5 {
					t.Errorf("the same survey again: %+v, %v", again, err)
				}
			})
		}
	}
}

func TestBadInputChangesNothing(t *testing.T) {
	survey := func(p, l string) []formats.File {
		return []formats.File{formatstest.File("JSPOINT.csv", p), formatstest.File("JSLINE.csv", l)}
	}
	tests := []struct {
		name  string
		files []formats.File
		want  string
	}{
		{"empty", []formats.File{formatstest.File("a.csv", "")}, "a.csv is empty"},
		{"binary renamed", []formats.File{formatstest.File("a.csv", "\x7fELF\x00\x01\x02"+strings.Repeat("\x00\xff", 500))}, "a.csv: the content is of no format that is known"},
		{"truncated header", []formats.File{formatstest.File("a.csv", points[:20])}, "a.csv has no header of a point table (物探点号, X, Y) or a line table (起点点号, 终点点号) in its first 12 rows"},
		{"a million characters", []formats.File{formatstest.File("JSPOINT.csv", points+strings.Repeat("a", 1_000_000)+"\n")}, "JSPOINT.csv, line 5: longer than"},
		{"a zero byte", []formats.File{formatstest.File("JSPOINT.csv", points+strings.Repeat("1,4151000,500100\n", 5000)+"5\x00,1,1\n")}, "JSPOINT.csv, line 5005: holds a zero byte"},
		{"a number twice", survey(points+"1,4151000,500100,38,,,,\n", lines), `1 row was refused and nothing was imported: JSPOINT.csv, line 5, 物探点号 "1": the number stands twice`},
		{"a missing point", survey(points, lines+"2,9,1,1,,,100,,PE,,,\n"), `1 row was refused and nothing was imported: JSLINE.csv, line 4, 终点点号 "9": there is no such point`},
		{"NaN", survey(strings.Replace(points, "4151030.000", "NaN", 1), lines), `rows were refused and nothing was imported; first JSPOINT.csv, line 3, X坐标(m) "NaN": not a number`},
		{"a height of 9999", survey(strings.Replace(points, "38.300", "9999", 1), lines), `rows were refused and nothing was imported; first JSPOINT.csv, line 4, 地面高程(m) "9999": a height of 9999 m is not between -500 and 9000 m`},
		{"a zone prefix", survey(strings.ReplaceAll(points, ",5001", ",405001"), lines), "JSPOINT.csv: coordinates such as 40500100.46, 4151000.123 do not fit EPSG:4549, but look like EPSG:4528"},
		{"a zip", []formats.File{formatstest.File("a.xlsx", "PK\x03\x04 [Content_Types].xml broken")}, "a.xlsx is not a whole .xlsx book"},
		{"a model without nodes", []formats.File{formatstest.File("m.inp", "[JUNCTIONS]\nA 10 2\n[CONDUITS]\nC A B 10 0.01 0 0\n[XSECTIONS]\nC CIRCULAR 1 0 0 0\n[COORDINATES]\nA 500000 4150000\n")}, `1 row was refused and nothing was imported: m.inp, line 4, to "B": there is no such node`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tw := formatstest.Twin(t)
			_, err := formats.Import(t.Context(), tw, readers, test.files, formats.Options{CRS: formatstest.CRS(t, "EPSG:4549")})
			if err == nil || !strings.Contains(err.Error(), test.want) || twin.KindOf(err) != twin.Invalid {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
			if tw.Snapshot().Revision() != 0 {
				t.Error("something was imported")
			}
		})
	}
}

func TestSkipAndDryRun(t *testing.T) {
	tw := formatstest.Twin(t)
	files := []formats.File{formatstest.File("JSPOINT.csv", points), formatstest.File("JSLINE.csv", lines+"2,9,1,1,,,=cmd(),,PE,,,\n")}
	o := formats.Options{CRS: formatstest.CRS(t, "EPSG:4549"), SkipBadRows: true, DryRun: true}
	rep, err := formats.Import(t.Context(), tw, readers, files, o)
	if err != nil || rep.Created != 5 || tw.Snapshot().Revision() != 0 {
		t.Fatalf("dry run: %+v, %v, revision %d", rep, err, tw.Snapshot().Revision())
	}
	o.DryRun = false
	if rep, err = formats.Import(t.Context(), tw, readers, files, o); err != nil || rep.Created != 5 || rep.RefusedCount != 1 {
		t.Fatalf("%+v, %v", rep, err)
	}
	var out bytes.Buffer
	if err := formats.WriteReport(&out, append(rep.Refused, formats.Row{File: "x", Value: "=cmd()"})); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.HasPrefix(got, "file,line,field,value,reason\nJSLINE.csv,4,终点点号,9,") || !strings.Contains(got, "'=cmd()") {
		t.Errorf("report\n%s", got)
	}
}

func FuzzImport(f *testing.F) {
	f.Add("JSPOINT.csv", points)
	f.Add("m.inp", "[TITLE]\nx\n[JUNCTIONS]\nA 10 2\n[PIPES]\nP A B 10 6 100\n[COORDINATES]\nA 1 2\n")
	f.Add("m.inp", "[OPTIONS]\nFLOW_UNITS CMS\n[JUNCTIONS]\nA 10 2\nB 9999 3\n[CONDUITS]\nP A B 10 6 100\n[COORDINATES]\nA 1 2\nB 9e6 2\nA 3 4\n")
	f.Add("a.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":1,"ground":555},"geometry":{"type":"LineString","coordinates":[[122,37,1],[122.1,37]]}}]}`)
	tw := formatstest.Twin(f)
	o := formats.Options{CRS: formatstest.CRS(f, "local:122,37"), SkipBadRows: true, DryRun: true}
	f.Fuzz(func(t *testing.T, name, s string) {
		for _, r := range readers {
			if r.Detect(name, []byte(s)) > 100 {
				t.Error("surer than sure")
			}
		}
		_, err := formats.Import(t.Context(), tw, readers, []formats.File{formatstest.File(name, s)}, o)
		if err != nil && twin.KindOf(err) == twin.Internal {
			t.Errorf("not a sentence for people: %v", err)
		}
	})
}

// TestModelsAreToldApart: which model a file is may be said only after more nodes than are looked at first.
func TestModelsAreToldApart(t *testing.T) {
	var nodes, at strings.Builder
	for i := range 6000 {
		fmt.Fprintf(&nodes, "N%d 38 3\n", i)
		fmt.Fprintf(&at, "N%d %d %d\n", i, 500000+10*(i%80), 4150000+10*(i/80))
	}
	for want, links := range map[string]string{"swmm": "[CONDUITS]\nC N0 N1 10 0.01 0 0\n[XSECTIONS]\nC CIRCULAR 1\n", "epanet": "[PIPES]\nC N0 N1 10 100 130\n"} {
		tw := formatstest.Twin(t)
		text := "[TITLE]\nlarge\n[JUNCTIONS]\n" + nodes.String() + links + "[COORDINATES]\n" + at.String()
		rep, err := formats.Import(t.Context(), tw, readers, []formats.File{formatstest.File("m.inp", text)}, formats.Options{CRS: formatstest.CRS(t, "EPSG:4549")})
		if err != nil || rep.Formats[0] != want || rep.Created != 6001 {
			t.Errorf("%s: %v, %d created, %v", want, rep.Formats, rep.Created, err)
		}
		short := "[TITLE]\nUTF-16\n" + links + "[JUNCTIONS]\nN0 38 3\nN1 38 3\n[COORDINATES]\nN0 500000 4150000\nN1 500010 4150000\n"
		for _, order := range [...]unicode.Endianness{unicode.LittleEndian, unicode.BigEndian} {
			wide, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String(short)
			if err != nil {
				t.Fatal(err)
			}
			rep, err := formats.Import(t.Context(), formatstest.Twin(t), readers, []formats.File{formatstest.File("m.inp", wide)}, formats.Options{CRS: formatstest.CRS(t, "EPSG:4549")})
			if err != nil || rep.Formats[0] != want || rep.Created != 3 {
				t.Errorf("%s in UTF-16: %v, %d created, %v", want, rep.Formats, rep.Created, err)
			}
		}
	}
}
