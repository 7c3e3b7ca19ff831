package cjj61_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/formatstest"
)

// TestFormulas imports texts that a spreadsheet would calculate, writes them so that none does, and imports those: the same texts.
func TestFormulas(t *testing.T) {
	texts := []string{"=HYPERLINK(1)", "+86 1", "-cmd", "@SUM(A1)", "'quoted'", "it's", "-3.5", "'=1", "＝1"}
	point := "物探点号,X坐标,Y坐标,地面高程,所在道路,权属单位\n"
	for i, s := range texts {
		point += strings.Join([]string{"P" + string(rune('a'+i)), "4150000.5", "500000.25", "-1.5", formats.Calm(s), formats.Calm(s)}, ",") + "\n"
	}
	read := func(text string) *twin.Snapshot {
		t.Helper()
		tw := formatstest.Twin(t)
		rep, err := load(t, tw, formats.Options{CRS: formatstest.CRS(t, "EPSG:4549")}, formatstest.File("JSPOINT.csv", text))
		if err != nil || rep.Created != len(texts) {
			t.Fatalf("%v, %+v", err, rep)
		}
		return tw.Snapshot()
	}
	check := func(s *twin.Snapshot) {
		t.Helper()
		for i, want := range texts {
			a, ok := s.Get("JS-P" + string(rune('a'+i)))
			if !ok || a.Road != want || a.Owner != want || a.GroundAt(0) != -1.5 {
				t.Errorf("%q: %+v", want, a)
			}
		}
	}
	one := read(point)
	check(one)
	written, _ := tables(t, one)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(written["JSPOINT"], "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+@\t") || strings.HasPrefix(cell, "-") && cell != "-1.5" && cell != "-3.5" || strings.HasPrefix(cell, "＝") {
				t.Errorf("the cell %q would be calculated", cell)
			}
		}
	}
	check(read(written["JSPOINT"]))
}
