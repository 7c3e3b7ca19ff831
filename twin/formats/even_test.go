package formats_test

import (
	"slices"
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

func TestEven(t *testing.T) {
	line := []geometry.Point{{E: 0}, {E: 10}, {E: 40}, {E: 40, N: 60}}
	v := []float64{10, twin.Unknown(), twin.Unknown(), 0}
	formats.Even(line, v)
	if want := []float64{10, 9, 6, 0}; !slices.Equal(v, want) {
		t.Errorf("%v, want %v", v, want)
	}
	v = []float64{10, twin.Unknown(), twin.Unknown(), twin.Unknown()}
	formats.Even(line, v)
	if !twin.IsUnknown(v[1]) {
		t.Error("nothing is known between an end that is known and one that is not")
	}
}
