package cjj61_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/formatstest"
)

func cellsOf(text string) [][]string {
	var rows [][]string
	for _, l := range strings.Split(strings.TrimSpace(text), "\n") {
		rows = append(rows, strings.Split(l, ","))
	}
	return rows
}

func sheetOf(name, text string, merged ...string) formatstest.Sheet {
	return formatstest.Sheet{Name: name, Rows: formatstest.Rows(cellsOf(text)...), Merged: merged}
}

// TestLayouts reads one survey from the layouts that surveyors' books have.
func TestLayouts(t *testing.T) {
	for name, sheets := range map[string][]formatstest.Sheet{
		"merged cells over several rows": {
			sheetOf("WSPOINT", "物探点号,X坐标,Y坐标,地面高程,特征,附属物,井底埋深,道路名称\nWS1,3459000.125,500100.25,38.123,,检查井,3,人民路\nWS2,3459040.125,500130.25,38.5,转折点,,,\n", "H2:H3"),
			sheetOf("WSLINE", "起点点号,终点点号,起点埋深,终点埋深,管径,材质,道路名称,建设年代\nWS1,WS2,2.345,2.801,DN300,混凝土,人民路,2010\n,WS3,2.345,2.9,DN300,混凝土,,2010\n", "A2:A3", "G2:G3"),
			sheetOf("WS_POINT2", "物探点号,X坐标,Y坐标,地面高程\nWS3,3459080.125,500130.25,38.5\n"),
		},
		"a header of two rows": {
			sheetOf("WSPOINT", "某市排水管线点成果表,,,,,,\n物探点号,坐标,,地面高程,特征,附属物,井底埋深\n,X,Y,,,,\nWS1,3459000.125,500100.25,38.123,,检查井,3\nWS2,3459040.125,500130.25,38.5,转折点,,\n", "A1:G1", "A2:A3", "B2:C2", "D2:D3", "E2:E3", "F2:F3", "G2:G3"),
			sheetOf("WSLINE", "起点,,终点,,管径,材质,道路名称,建设年代\n点号,埋深,点号,埋深,,,,\nWS1,2.345,WS2,2.801,DN300,混凝土,人民路,2010\n", "A1:B1", "C1:D1", "E1:E2", "F1:F2", "G1:G2", "H1:H2"),
		},
		"a header of two rows, some merged": {
			sheetOf("WSPOINT", "某市排水管线点成果表,,,,,,\n物探点号,坐标(m),,地面高程,特征,附属物,井底埋深\n,X,Y,(m),,,(m)\nWS1,3459000.125,500100.25,38.123,,检查井,3\nWS2,3459040.125,500130.25,38.5,转折点,,\n", "A1:G1", "A2:A3", "B2:C2", "E2:E3", "F2:F3"),
			sheetOf("WSLINE", "起点编号,终点编号,起点,终点,管径,材质,道路名称,建设年代\n,,埋深,埋深,(mm),,,\nWS1,WS2,2.345,2.801,DN300,混凝土,人民路,2010\n", "A1:A2", "B1:B2", "F1:F2", "G1:G2", "H1:H2"),
		},
		"units, numbers of columns, the header again, remarks": {
			sheetOf("P_WS", "物探点号,X坐标,Y坐标,地面高程,特征,附属物,井底埋深\n,(m),(m),(m),,,(m)\nWS1,3459000.125,500100.25,38.123,,检查井,3\n物探点号,X坐标,Y坐标,地面高程,特征,附属物,井底埋深\nWS2,3459040.125,500130.25,38.5,转折点,,\n备注：坐标为CGCS2000,,,,,,\n"),
			sheetOf("L_WS", "起点点号,终点点号,起点埋深,终点埋深,管径,材质,道路名称,建设年代\n1,2,3,4,5,6,7,8\nWS1,WS2,2.345,2.801,DN300,混凝土,人民路,2010\n制表：张三,,,,,,,\n"),
		},
		"decimal commas": {
			{Name: "WSPOINT", Rows: formatstest.Rows([]string{"物探点号", "X坐标", "Y坐标", "地面高程", "特征", "附属物", "井底埋深"}, []string{"WS1", "3459000,125", "500100,250", "38,123", "", "检查井", "3,000"}, []string{"WS2", "3459040,125", "500130,250", "38,500", "转折点"})},
			{Name: "WSLINE", Rows: formatstest.Rows([]string{"起点点号", "终点点号", "起点埋深", "终点埋深", "管径", "材质", "道路名称", "建设年代"}, []string{"WS1", "WS2", "2,345", "2,80100", "DN300", "混凝土", "人民路", "2010"})},
		},
	} {
		t.Run(name, func(t *testing.T) {
			tw := formatstest.Twin(t)
			rep, err := load(t, tw, formats.Options{CRS: formatstest.CRS(t, "EPSG:4547")}, formatstest.File("survey.xlsx", formatstest.Book(t, sheets...)))
			if err != nil {
				t.Fatalf("%v %v", err, rep.Refused)
			}
			check(t, tw)
			if name == "merged cells over several rows" {
				if a := formatstest.Get(t, tw.Snapshot(), "WS-WS2"); a.Road != "人民路" {
					t.Errorf("the road of a merged cell is %q in its second row", a.Road)
				}
				if a := formatstest.Get(t, tw.Snapshot(), "WS-WS1~WS3"); a.From != "WS-WS1" || a.Road != "人民路" {
					t.Errorf("%+v", a)
				}
			}
		})
	}
}

// TestTextLayouts reads one survey from the layouts that books have when they are saved as text.
func TestTextLayouts(t *testing.T) {
	for name, c := range map[string]struct{ points, lines string }{
		"a header of two rows": {
			"某市排水管线点成果表,,,,,,\n物探点号,坐标,,地面高程,特征,附属物,井底埋深\n,X,Y,(m),,,(m)\nWS1,3459000.125,500100.25,38.123,,检查井,3\nWS2,3459040.125,500130.25,38.5,转折点,,\n",
			"起点,,终点,,管径,材质,道路名称,建设年代\n点号,埋深,点号,埋深,,,,\nWS1,2.345,WS2,2.801,DN300,混凝土,人民路,2010\n",
		},
		"an upper row that would do alone": {
			points,
			"起点点号,终点点号,起点,终点,管径,材质,道路名称,建设年代\n,,埋深,埋深,(mm),,,\nWS1,WS2,2.345,2.801,DN300,混凝土,人民路,2010\n",
		},
		"totals": {points + "合计,,2,,,,\n", lines + "合计：,,,,1,,,\n"},
	} {
		tw := formatstest.Twin(t)
		semicolons := strings.NewReplacer(",", ";")
		for _, files := range [][]formats.File{
			{formatstest.File("WSPOINT.csv", c.points), formatstest.File("WSLINE.csv", c.lines)},
			{formatstest.File("WSPOINT.csv", semicolons.Replace(c.points)), formatstest.File("WSLINE.csv", gbk(t, c.lines))},
		} {
			if rep, err := load(t, tw, formats.Options{CRS: formatstest.CRS(t, "EPSG:4547")}, files...); err != nil {
				t.Errorf("%s: %v %v", name, err, rep.Refused)
				continue
			}
			check(t, tw)
		}
	}
}

// TestThousands tells commas that part thousands from decimal ones.
func TestThousands(t *testing.T) {
	tw := formatstest.Twin(t)
	p := strings.NewReplacer("3459000.125", `"3,459,000.125"`, "500100.250", `"500,100.250"`).Replace(points)
	if rep, err := load(t, tw, formats.Options{CRS: formatstest.CRS(t, "EPSG:4547")}, formatstest.File("WSPOINT.csv", p), formatstest.File("WSLINE.csv", lines)); err != nil {
		t.Fatalf("%v %v", err, rep.Refused)
	}
	check(t, tw)
}

// TestChamberWords: what surveys call a manhole is a chamber, what they call a fitting is none.
func TestChamberWords(t *testing.T) {
	chambers := []string{"检查井", "窨井", "检修井", "人孔", "手孔", "阀门井", "雨水井", "污水井", "水表井", "沉泥井", "跌水井", "接线井", "人孔井", "消防井", "圆形井"}
	text := "物探点号,X坐标,Y坐标,地面高程,附属物\n"
	for i, w := range append(slices.Clone(chambers), "阀门", "消防栓", "水表") {
		text += "W" + string(rune('a'+i)) + ",34590" + string(rune('0'+i/10)) + string(rune('0'+i%10)) + ",500100,38," + w + "\n"
	}
	tw := formatstest.Twin(t)
	if _, err := load(t, tw, formats.Options{CRS: formatstest.CRS(t, "EPSG:4547")}, formatstest.File("WSPOINT.csv", text)); err != nil {
		t.Fatal(err)
	}
	for a := range tw.Snapshot().All {
		x := a.Asset()
		if want := slices.Contains(chambers, x.Appurtenance); (x.Kind == twin.KindChamber) != want {
			t.Errorf("%s is a %v", x.Appurtenance, x.Kind)
		}
	}
}
