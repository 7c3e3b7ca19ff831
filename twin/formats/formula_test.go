package formats_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/undercity/undercity/twin/formats"
)

// TestCalm puts an apostrophe before what a spreadsheet would calculate, and before nothing else.
func TestCalm(t *testing.T) {
	for s, want := range map[string]string{
		"=1+1": "'=1+1", "=cmd|' /C calc'!A0": "'=cmd|' /C calc'!A0", "@SUM(1)": "'@SUM(1)", "+cmd": "'+cmd", "-cmd": "'-cmd", "-3.5": "-3.5", "+3": "+3", "-1e-7": "-1e-7", "-.5": "-.5",
		"-3.5+1": "'-3.5+1", "--1": "'--1", "-": "'-", "+86 631 5231234": "'+86 631 5231234", "-0x10": "'-0x10", "-Inf": "'-Inf", "\t=1": "'\t=1", "\r=1": "'\r=1", "\n=1": "'\n=1", " =1": "' =1",
		"＝1+1": "'＝1+1", "－1": "'－1", "＠x": "'＠x", "\ufeff=1": "'\ufeff=1", "'=1": "''=1", "it's": "it's", "'quoted'": "''quoted'", "": "", "300": "300", "JS-1": "JS-1", "海湾路": "海湾路", "DN300=x": "DN300=x",
	} {
		if got := formats.Calm(s); got != want {
			t.Errorf("%q is written %q, want %q", s, got, want)
		}
	}
}

// TestCalmAndBack gives back whatever was written, through a file.
func TestCalmAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`['=+\-@ \t＝]{0,4}[0-9a-z.]{0,4}`)).Draw(t, "cell")
		s = strings.ReplaceAll(s, "\r", "") // which a CSV reader takes for part of a line's end
		var b strings.Builder
		w := formats.NewSheet(&b)
		if err := w.Write([]string{s, "x"}); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
		if err != nil || len(rows) != 1 {
			t.Fatalf("%q: %v %v", b.String(), rows, err)
		}
		if got := formats.Uncalm(rows[0][0]); got != s {
			t.Fatalf("%q came back as %q", s, got)
		}
	})
}
