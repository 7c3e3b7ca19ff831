package cjj61_test

import (
	"math"
	"strings"
	"testing"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/cjj61"
	"github.com/undercity/undercity/twin/formats/formatstest"
)

// TestColumnsFilledWithZero: a column of heights that was filled with 0 is unknown, and said once; a height of 0 by the sea is a height.
func TestColumnsFilledWithZero(t *testing.T) {
	const head, lines = "物探点号,X坐标,Y坐标,地面高程\n", "起点点号,终点点号,管径,起点高程,终点高程\n"
	survey := func(ground, from, to [3]string) (string, string) {
		p, l := head, lines
		for i, n := range []string{"A", "B", "C", "D"} {
			p += n + ",4150000,5000" + n1(i) + "0," + ground[i%3] + "\n"
		}
		for i, n := range []string{"A,B", "B,C", "C,D"} {
			l += n + ",300," + from[i] + "," + to[i] + "\n"
		}
		return p, l
	}
	tests := []struct {
		name             string
		ground, from, to [3]string
		notes            int
		invert           float64 // of the first line's start, NaN for unknown
	}{
		{"all filled", [3]string{"38", "38.5", "39"}, [3]string{"0", "0", "0"}, [3]string{"0", "0.000", "0"}, 2, math.NaN()},
		{"most filled", [3]string{"38", "38.5", "39"}, [3]string{"0", "0", "36"}, [3]string{"36", "36", "36"}, 1, math.NaN()},
		{"measured", [3]string{"38", "38.5", "39"}, [3]string{"36.5", "36.4", "36"}, [3]string{"36", "36", "36"}, 0, 36.5},
		{"by the sea", [3]string{"1.2", "1.5", "1.1"}, [3]string{"0", "-0.2", "0.1"}, [3]string{"-0.1", "0.2", "0"}, 0, 0},
		{"ground filled too", [3]string{"0", "0", "0"}, [3]string{"36.5", "36", "36"}, [3]string{"36", "36", "36"}, 1, 36.5},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, l := survey(test.ground, test.from, test.to)
			s, rep := formatstest.Import(t, cjj61.Reader{}, formats.Options{CRS: formatstest.CRS(t, "EPSG:4549")}, formatstest.File("WSPOINT.csv", p), formatstest.File("WSLINE.csv", l))
			got := formatstest.Get(t, s, "WS-A~B").Invert(0)
			if math.IsNaN(got) != math.IsNaN(test.invert) || math.Abs(got-test.invert) > 1e-3 {
				t.Errorf("invert %v, want %v", got, test.invert)
			}
			notes := 0
			for _, n := range rep.Notes {
				if strings.Contains(n.Reason, "exactly 0, which cannot be meant") {
					notes++
				}
			}
			if notes != test.notes {
				t.Errorf("%d notes, want %d: %v", notes, test.notes, rep.Notes)
			}
			if a := formatstest.Get(t, s, "WS-A"); test.ground[0] == "0" && !twin.IsUnknown(a.GroundAt(0)) {
				t.Errorf("ground %v", a.GroundAt(0))
			}
		})
	}
}

func n1(i int) string { return string(rune('1' + i)) }
