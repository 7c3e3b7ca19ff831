package formats_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin/formats"
)

func circle(d float64) formats.Size { return formats.Size{Shape: geometry.Circle, Width: d, Height: d} }

func TestParseSize(t *testing.T) {
	box := formats.Size{Shape: geometry.Rectangle, Width: 0.6, Height: 0.4}
	bank := formats.Size{Shape: geometry.DuctBank, Cols: 3, Rows: 2}
	for _, c := range []struct {
		text  string
		holes int
		want  formats.Size
	}{
		{"DN300", 0, circle(0.3)}, {"300", 0, circle(0.3)}, {"dn300", 0, circle(0.3)}, {"D300", 0, circle(0.3)}, {"ＤＮ３００", 0, circle(0.3)},
		{"Φ110", 0, circle(0.11)}, {"φ 110", 0, circle(0.11)}, {"Ø110", 0, circle(0.11)}, {"⌀110", 0, circle(0.11)},
		{"600X400", 0, box}, {"600x400", 0, box}, {"600*400", 0, box}, {"600×400", 0, box}, {"600＊400", 6, box},
		{"3×2", 6, bank}, {"3×2孔", 0, bank}, {"3X2 孔", 0, bank},
		{"Φ219×7", 0, formats.Size{Shape: geometry.Circle, Width: 0.219, Height: 0.219, Wall: 0.007, Outer: true}},
		{"D108x4", 0, formats.Size{Shape: geometry.Circle, Width: 0.108, Height: 0.108, Wall: 0.004, Outer: true}},
	} {
		got, err := formats.ParseSize(c.text, c.holes)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
		} else if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%q: %s", c.text, d)
		}
	}
	for _, text := range []string{"", "0", "不详", "-", "0X0"} {
		if _, err := formats.ParseSize(text, 0); !formats.IsUnknownSize(err) {
			t.Errorf("%q is unknown, got %v", text, err)
		}
	}
	for _, text := range []string{"300/400", "大", "2xDN300", "2×DN300", "3×2", "219*7", "7×600", "99999", "2.5×3孔"} {
		if z, err := formats.ParseSize(text, 0); err == nil || formats.IsUnknownSize(err) {
			t.Errorf("%q must be refused, got %+v, %v", text, z, err)
		}
	}
}

func FuzzSize(f *testing.F) {
	for _, s := range []string{"DN300", "600X400", "3×2孔", "D108x4", "不详", "∅110"} {
		f.Add(s, 6)
	}
	f.Fuzz(func(t *testing.T, s string, holes int) {
		z, err := formats.ParseSize(s, holes)
		if err == nil && z.Shape != geometry.DuctBank && !(z.Width > 0 && z.Height > 0 && z.Width <= 20 && z.Height <= 20) {
			t.Errorf("%q gave %+v", s, z)
		}
		if err == nil && z.Shape == geometry.DuctBank && (z.Cols == 0 || z.Rows == 0) {
			t.Errorf("%q gave a bank without ducts", s)
		}
	})
}

func TestReportIsNoFormula(t *testing.T) {
	var b bytes.Buffer
	if err := formats.WriteReport(&b, []formats.Row{{File: "a.csv", Line: 3, Field: "材质", Value: "=HYPERLINK(1)", Reason: "no"}, {File: "a.csv", Value: "-1.5", Reason: "no"}}); err != nil {
		t.Fatal(err)
	}
	want := "file,line,field,value,reason\na.csv,3,材质,'=HYPERLINK(1),no\na.csv,,,-1.5,no\n"
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Error(d)
	}
}

func TestLinesRefuse(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "is empty"}, {"  \n", "is empty"}, {"a\x00b\n", "zero byte"}, {strings.Repeat("x", 1_000_000), "line 1: longer than"},
	} {
		l, err := formats.NewLines("f.csv", strings.NewReader(c.text), formats.GB18030)
		if err == nil {
			_, _, err = l.Next()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "f.csv") {
			t.Errorf("want %q, got %v", c.want, err)
		}
	}
}
