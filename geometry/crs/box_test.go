package crs_test

import (
	"math"
	"testing"

	"github.com/undercity/undercity/geometry/crs"
)

func TestParseBox(t *testing.T) {
	inf := math.Inf(1)
	for text, want := range map[string]crs.Box{
		"122,37,122.5,38":      {122, 37, 122.5, 38, -inf, inf},
		" 1 , 2,3, 4 ":         {1, 2, 3, 4, -inf, inf},
		"122,37,-9,122.5,38,4": {122, 37, 122.5, 38, -9, 4},
		"5,5,5,5":              {5, 5, 5, 5, -inf, inf},
	} {
		if got, err := crs.ParseBox(text); err != nil || got != want {
			t.Errorf("%q: %v %v", text, got, err)
		}
	}
	for _, text := range []string{"", "1,2,3", "1,2,3,4,5", "1,2,3,x", "3,2,1,4", "1,4,3,2", "1,2,NaN,4", "-181,0,0,0", "0,0,0,91", "0,0,9,1,1,8", "0,0,-Inf,1,1,8"} {
		if got, err := crs.ParseBox(text); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestPlaneBox holds every place of a box of degrees, and no more than it must: the way back is hardly larger.
func TestPlaneBox(t *testing.T) {
	c, err := crs.Parse("EPSG:4550")
	if err != nil {
		t.Fatal(err)
	}
	f, err := crs.NewFrame(c, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	d := crs.Box{West: 121.9, South: 37.3, East: 122.3, North: 37.6, Low: -5, High: 9}
	b, err := f.PlaneBox(d)
	if err != nil || b.Min.H != -5 || b.Max.H != 9 {
		t.Fatal(b, err)
	}
	for i := range 11 * 11 {
		e, n, err := f.Plane(d.West+float64(i%11)/10*(d.East-d.West), d.South+float64(i/11)/10*(d.North-d.South))
		if err != nil || e < b.Min.E-1 || e > b.Max.E+1 || n < b.Min.N-1 || n > b.Max.N+1 {
			t.Errorf("%g %g is outside %v: %v", e, n, b, err)
		}
	}
	back := f.Degrees(b)
	for i, want := range [4]float64{d.West, d.South, d.East, d.North} {
		if math.Abs(back[i]-want) > 0.005 {
			t.Errorf("back to %v", back)
		}
	}
}
