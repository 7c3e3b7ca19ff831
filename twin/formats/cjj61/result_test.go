package cjj61_test

import (
	"math"
	"testing"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/formatstest"
)

// TestResultTable reads a table of results (成果表), whose rows are points and tell the lines that leave them: from one end or from both.
func TestResultTable(t *testing.T) {
	tw := formatstest.Twin(t)
	rep, err := load(t, tw, formats.Options{CRS: formatstest.CRS(t, "EPSG:4549")}, formatstest.File("WS成果表.csv", "图上点号,物探点号,连接点号,特征,附属物,X,Y,地面高程,管顶(沟底)高程,埋深,管径,材质,权属单位\n"+
		"1,WS101,WS102,,检查井,3459000.125,500100.25,38.123,35.778,2.345,300,砼,排水处\n"+
		"2,WS102,WS101,,检查井,3459040.125,500130.25,38.500,35.699,2.801,300,砼,排水处\n"+
		"2,WS102,3,,检查井,3459040.125,500130.25,38.500,35.600,2.900,400,砼,排水处\n"+
		"3,WS103,,,出水口,3459080,500160,38.1,35.5,2.6,,,\n"))
	if err != nil {
		t.Fatal(err)
	}
	if rep.Created != 5 || rep.RefusedCount != 0 {
		t.Fatalf("%d created, refused %v", rep.Created, rep.Refused)
	}
	for id, want := range map[twin.ID][4]float64{"WS-WS101~WS102": {35.778, 35.699, 0.3, 38.123}, "WS-WS102~WS103": {35.6, 35.5, 0.4, 38.5}} {
		a, ok := tw.Snapshot().Get(id)
		if !ok {
			t.Errorf("%s is missing", id)
			continue
		}
		if math.Abs(a.Invert(0)-want[0]) > 5e-4 || math.Abs(a.Invert(1)-want[1]) > 5e-4 || a.Section.Width != want[2] || a.GroundAt(0) != want[3] || a.Owner != "排水处" {
			t.Errorf("%s: %v, %v, %+v", id, a.Invert(0), a.Invert(1), a)
		}
	}
	if p, ok := tw.Snapshot().Get("WS-WS102"); !ok || p.Kind != twin.KindChamber || p.Line[0].N != 3459040.125 {
		t.Errorf("%+v", p)
	}
	rep, err = load(t, formatstest.Twin(t), formats.Options{CRS: formatstest.CRS(t, "EPSG:4549")}, formatstest.File("WS成果表.csv", "物探点号,连接点号,X,Y,地面高程,埋深,管径,材质\n1,2,3459000,500100,38,2,300,砼\n1,3,3459009,500100,38,2,300,砼\n2,9,3459040,500130,38,2,300,砼\n3,,3459050,500130,38,,,\n"))
	if err == nil || rep.RefusedCount != 2 || rep.Refused[0].Line != 3 || rep.Refused[0].Field != "物探点号" || rep.Refused[1].Line != 4 || rep.Refused[1].Value != "9" {
		t.Errorf("%v, %v", err, rep.Refused)
	}
}

// TestLineWithPlaces reads a line table whose rows carry the places of both ends, without a point table.
func TestLineWithPlaces(t *testing.T) {
	tw := formatstest.Twin(t)
	rep, err := load(t, tw, formats.Options{CRS: formatstest.CRS(t, "EPSG:4549")}, formatstest.File("JSLINE.csv", "管线段号,起点点号,终点点号,起点X,起点Y,终点X,终点Y,起点高程,终点高程,起点埋深,终点埋深,管径,材质,坡度\n"+
		"G7,A1,A2,3459000,500100,3459040,500130,36.5,36.25,1.5,1.75,DN300,球墨铸铁,2‰\n"))
	if err != nil || rep.Created != 1 {
		t.Fatalf("%v, %+v", err, rep)
	}
	a, ok := tw.Snapshot().Get("JS-G7")
	if !ok || a.SourceNumber != "G7" || a.Line[0].N != 3459000 || a.Line[1].E != 500130 || a.GroundAt(0) != 38 || math.Abs(a.Cover(1)-1.75) > 1e-3 {
		t.Errorf("%+v", a)
	}
	var slope string
	for _, at := range a.Attributes {
		if at.Key == "坡度" {
			slope = at.Value
		}
	}
	if slope != "2‰" {
		t.Errorf("a column that the model has no place for is lost: %v", a.Attributes)
	}
}

// TestOwnNumbers names lines by their own numbers, but not by those of a data base's rows or of a point.
func TestOwnNumbers(t *testing.T) {
	const pts = "管线点号,X坐标,Y坐标\n1,3459000,500100\n2,3459040,500130\n3,3459050,500160\n"
	for head, want := range map[string][2]twin.ID{"管段编号": {"JS-77", "JS-2~3"}, "OBJECTID": {"JS-1~2", "JS-2~3"}} {
		tw := formatstest.Twin(t)
		if _, err := load(t, tw, formats.Options{CRS: formatstest.CRS(t, "EPSG:4549")}, formatstest.File("JSPOINT.csv", pts), formatstest.File("JSLINE.csv", head+",起点点号,终点点号,管径\n77,1,2,300\n3,2,3,300\n")); err != nil {
			t.Fatal(err)
		}
		for _, id := range want {
			if _, ok := tw.Snapshot().Get(id); !ok {
				t.Errorf("%s: %s is missing", head, id)
			}
		}
	}
}

// TestNetworkOfPoints reads the class of the network from a column of the point table.
func TestNetworkOfPoints(t *testing.T) {
	tw := formatstest.Twin(t)
	if _, err := load(t, tw, formats.Options{CRS: formatstest.CRS(t, "EPSG:4549")}, formatstest.File("点.csv", "管线点号,管线类型,X坐标,Y坐标\n1,给水,3459000,500100\n2,燃气,3459040,500130\n")); err != nil {
		t.Fatal(err)
	}
	for _, id := range []twin.ID{"JS-1", "RQ-2"} {
		if _, ok := tw.Snapshot().Get(id); !ok {
			t.Errorf("%s is missing", id)
		}
	}
}
