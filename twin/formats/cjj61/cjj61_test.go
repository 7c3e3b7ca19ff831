package cjj61_test

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/cjj61"
	"github.com/undercity/undercity/twin/formats/formatstest"
)

func load(t testing.TB, tw *twin.Twin, o formats.Options, files ...formats.File) (*formats.Report, error) {
	t.Helper()
	return formats.Import(context.Background(), tw, []formats.Reader{cjj61.Reader{}}, files, o)
}

const (
	points = "物探点号,X坐标(m),Y坐标(m),地面高程(m),特征,附属物,井底埋深\n" +
		"WS1,3459000.125,500100.250,38.123,,检查井,3.000\nWS2,3459040.125,500130.250,38.500,转折点,,\n"
	lines = "起点点号,终点点号,起点埋深,终点埋深,管径,材质,道路名称,建设年代\nWS1,WS2,2.345,2.801,DN300,混凝土,人民路,2010\n"
)

func check(t *testing.T, tw *twin.Twin) {
	t.Helper()
	a, ok := tw.Snapshot().Get(twin.NewSegmentID("WS", "WS1", "WS2"))
	if !ok {
		t.Fatal("the line is not in the twin")
	}
	// X is northing; gravity pipes are surveyed to the inner bottom.
	if a.Line[0].N != 3459000.125 || a.Line[0].E != 500100.250 {
		t.Errorf("the line begins at E %v N %v", a.Line[0].E, a.Line[0].N)
	}
	if a.Reference != twin.RefInvert {
		t.Errorf("the reference is %v", a.Reference)
	}
	for i, want := range []float64{35.778, 35.699} {
		if math.Abs(a.Invert(i)-want) > 0.0005 {
			t.Errorf("invert %d is %.4f, want %.4f", i, a.Invert(i), want)
		}
	}
	if a.Section.Width != 0.3 || a.Material != "CON" || a.Road != "人民路" || a.ValidFrom.Year() != 2010 {
		t.Errorf("the row came in as %+v", a)
	}
	m, ok := tw.Snapshot().Get(twin.NewID("WS", "WS1"))
	if !ok || m.Kind != twin.KindChamber || math.Abs(m.Bottom-35.123) > 0.0005 {
		t.Errorf("the manhole came in as %+v", m)
	}
}

func gbk(t *testing.T, s string) string {
	t.Helper()
	b, err := simplifiedchinese.GBK.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func xlsx(t testing.TB) string {
	t.Helper()
	x := excelize.NewFile()
	for _, s := range []struct{ name, text string }{{"WSPOINT", points}, {"WSLINE", lines}} {
		if _, err := x.NewSheet(s.name); err != nil {
			t.Fatal(err)
		}
		for i, l := range strings.Split(strings.TrimSpace(s.text), "\n") {
			for j, c := range strings.Split(l, ",") {
				cell, err := excelize.CoordinatesToCellName(j+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				if err := x.SetCellStr(s.name, cell, c); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestDialects(t *testing.T) {
	tab := func(s string) string { return strings.ReplaceAll(s, ",", "\t") }
	for name, files := range map[string][]formats.File{
		"UTF-8":             {formatstest.File("WSPOINT.csv", points), formatstest.File("WSLINE.csv", lines)},
		"lines first":       {formatstest.File("WS_LINE.csv", lines), formatstest.File("WS_POINT.csv", points)},
		"byte order mark":   {formatstest.File("WSPOINT.csv", "\ufeff"+points), formatstest.File("WSLINE.csv", "\ufeff"+lines)},
		"GBK":               {formatstest.File("WSPOINT.csv", gbk(t, points)), formatstest.File("WSLINE.csv", gbk(t, lines))},
		"tabs":              {formatstest.File("WSPOINT.txt", tab(points)), formatstest.File("WSLINE.txt", tab(lines))},
		"semicolons, CRLF":  {formatstest.File("a.csv", strings.NewReplacer(",", ";", "\n", "\r\n").Replace(points)), formatstest.File("WSLINE.csv", lines)},
		"title row":         {formatstest.File("WSPOINT.csv", "污水管点成果表\n"+points), formatstest.File("WSLINE.csv", "\n"+lines)},
		"full-width header": {formatstest.File("WSPOINT.csv", strings.ReplaceAll(strings.ReplaceAll(points, "(m)", "（ｍ）"), "X坐标", " Ｘ坐标")), formatstest.File("WSLINE.csv", lines)},
		"book":              {formatstest.File("survey.xlsx", xlsx(t))},
	} {
		t.Run(name, func(t *testing.T) {
			tw := formatstest.Twin(t)
			rep, err := load(t, tw, formats.Options{CRS: formatstest.CRS(t, "EPSG:4547")}, files...)
			if err != nil {
				t.Fatal(err)
			}
			if rep.Created != 3 {
				t.Errorf("created %d", rep.Created)
			}
			check(t, tw)
			rep, err = load(t, tw, formats.Options{CRS: formatstest.CRS(t, "EPSG:4547")}, files...)
			if err != nil || rep.Unchanged != 3 || rep.Created != 0 {
				t.Errorf("the same again: %+v, %v", rep, err)
			}
		})
	}
}

func TestBadInputChangesNothing(t *testing.T) {
	for name, c := range map[string]struct{ points, lines, want string }{
		"empty":            {"", lines, "WSPOINT.csv is empty"},
		"renamed":          {"\x7fELF\x00\x01\x02", lines, "WSPOINT.csv"},
		"long line":        {points + strings.Repeat("9", 1_000_000), lines, "WSPOINT.csv, line 4"},
		"duplicate":        {points + "WS1,3459000,500100,38,,,\n", lines, "WSPOINT.csv, line 4"},
		"missing node":     {points, lines + "WS1,WS9,1,1,300,,,\n", `WSLINE.csv, line 3, 终点点号 "WS9"`},
		"NaN":              {strings.Replace(points, "500100.250", "NaN", 1), lines, `Y坐标(m) "NaN"`},
		"height 9999":      {strings.Replace(points, "38.123", "9999", 1), lines, "9999"},
		"wrong zone":       {strings.ReplaceAll(points, "500", "38500"), lines, "EPSG:4526"},
		"swapped":          {strings.NewReplacer("X坐标", "Y坐标", "Y坐标", "X坐标").Replace(points), lines, "WSPOINT.csv"},
		"no number":        {strings.Replace(points, "500100.250", "", 1), lines, "WSPOINT.csv, line 2, Y坐标(m): the number is missing"},
		"two encodings":    {strings.Replace(gbk(t, points), gbk(t, "检查井"), "\xe9\xff", 1), lines, "WSPOINT.csv, line 2, 附属物"},
		"half a character": {strings.TrimSuffix(gbk(t, points[:strings.Index(points, "查井")]+"查井"), "\xae"), lines, "附属物 \"检查�\": a character is broken"},
		"broken quotation": {points + `"WS3,1,2` + "\n", lines, "quotation mark"},
	} {
		t.Run(name, func(t *testing.T) {
			tw := formatstest.Twin(t)
			_, err := load(t, tw, formats.Options{CRS: formatstest.CRS(t, "EPSG:4547")}, formatstest.File("WSPOINT.csv", c.points), formatstest.File("WSLINE.csv", c.lines))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("want %q, got %v", c.want, err)
			}
			if twin.KindOf(err) != twin.Invalid {
				t.Errorf("the kind is %v", twin.KindOf(err))
			}
			if n := tw.Snapshot().Len(); n != 0 || tw.Snapshot().Revision() != 0 {
				t.Errorf("the twin holds %d assets", n)
			}
		})
	}
}

func TestUnknownStaysUnknown(t *testing.T) {
	tw := formatstest.Twin(t)
	rep, err := load(t, tw, formats.Options{CRS: formatstest.CRS(t, "EPSG:4547")}, formatstest.File("WSPOINT.csv", strings.Replace(points, "检查井", "怪物井", 1)),
		formatstest.File("WSLINE.csv", strings.NewReplacer("2.345", "0", "2.801", "不详", "DN300", "300/400").Replace(lines)))
	if err != nil {
		t.Fatal(err)
	}
	a, _ := tw.Snapshot().Get(twin.NewSegmentID("WS", "WS1", "WS2"))
	if a == nil || a.Section.Known() || a.Assumed&twin.AssumedDiameter == 0 || a.HeightKnown(0) || a.HeightKnown(1) {
		t.Errorf("unknown was filled in silently: %+v", a)
	}
	if v, _ := a.Attr("管径"); v != "300/400" {
		t.Errorf("the size that could not be read is lost: %v", a.Attributes)
	}
	if rep.NoteCount != 2 {
		t.Errorf("notes: %v", rep.Notes)
	}
}

func TestSkipBadRowsAndDryRun(t *testing.T) {
	tw := formatstest.Twin(t)
	o := formats.Options{CRS: formatstest.CRS(t, "EPSG:4547")}
	files := []formats.File{formatstest.File("WSPOINT.csv", points), formatstest.File("WSLINE.csv", lines+"WS1,WS9,1,1,300,,,\n")}
	o.SkipBadRows, o.DryRun = true, true
	rep, err := load(t, tw, o, files...)
	if err != nil || rep.Created != 3 || tw.Snapshot().Len() != 0 {
		t.Errorf("a dry run: %+v, %v", rep, err)
	}
	o.DryRun = false
	rep, err = load(t, tw, o, files...)
	if err != nil || rep.Created != 3 || rep.RefusedCount != 1 || tw.Snapshot().Len() != 3 {
		t.Errorf("%+v, %v", rep, err)
	}
}

func TestFacilityCensus(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "data", "20_cn_pipe_tables", "cn_facility_census_pipe_one_row.csv"))
	if err != nil {
		t.Skip("shared/data is not beside the repository: ", err)
	}
	tw := formatstest.Twin(t)
	rep, err := load(t, tw, formats.Options{}, formatstest.File("census.csv", string(b)))
	if err != nil {
		t.Fatal(err)
	}
	if !formatstest.Noted(rep, 0, "taken in CGCS2000") {
		t.Errorf("the CRS is guessed silently: %v", rep.Notes)
	}
	a, ok := tw.Snapshot().Get(twin.NewID("RQ", "27531"))
	if !ok {
		t.Fatalf("%+v", rep)
	}
	if math.Abs(a.Crown(0)-(17.002-1.2)) > 0.0005 || a.Material != "STL" {
		t.Errorf("crown %v, %+v", a.Crown(0), a)
	}
}
