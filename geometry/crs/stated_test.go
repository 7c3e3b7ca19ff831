package crs_test

import (
	"math"
	"strings"
	"testing"

	"github.com/undercity/undercity/geometry/crs"
)

// TestParseShift reads stated shifts, writes them as they were and gives the same places.
func TestParseShift(t *testing.T) {
	base := source(t, "EPSG:2414", "").CRS // Beijing 1954, zone 38
	for _, text := range []string{
		"helmert:12.5,-147.3,-76.9,0.1,-0.2,0.3,1.5@0.5",
		"plane:EPSG:4526,12.3,-45.6,1.25,3.5@0.05",
	} {
		s, err := crs.ParseShift(text)
		if err != nil {
			t.Fatal(err)
		}
		if s.String() != text {
			t.Errorf("%s became %s", text, s.String())
		}
		again, err := crs.ParseShift(s.String())
		if err != nil {
			t.Fatal(err)
		}
		one, err := crs.NewFrame(base.WithShift(s), "1985国家高程基准", 0)
		if err != nil {
			t.Fatal(err)
		}
		two, err := crs.NewFrame(base.WithShift(again), "1985国家高程基准", 0)
		if err != nil {
			t.Fatal(err)
		}
		lon, lat := one.LonLat(38517052, 3384000)
		lon2, lat2 := two.LonLat(38517052, 3384000)
		if lon != lon2 || lat != lat2 || math.IsNaN(lon) {
			t.Errorf("%s: %v %v, then %v %v", text, lon, lat, lon2, lat2)
		}
		// Files on the installation's own plane need no shift of their own, and lie where they say.
		tr, err := crs.NewTransform(crs.Source{CRS: base.WithShift(again)}, one)
		if err != nil {
			t.Fatal(err)
		}
		if e, n, err := tr.Point(38517052.25, 3384000.5); err != nil || e != 38517052.25 || n != 3384000.5 {
			t.Errorf("%s: %v %v %v", text, e, n, err)
		}
	}
	own, err := crs.ParseShift("helmert:12.5,-147.3,-76.9,0,0,0,0@0.5")
	if err != nil {
		t.Fatal(err)
	}
	f, err := crs.NewFrame(base.WithShift(own), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	if tr, err := crs.NewTransform(crs.Source{CRS: base}, f); err != nil || tr.Accuracy() != 0 {
		t.Errorf("a file on the installation's own datum: %v", err)
	}
	if tr, err := crs.NewTransform(source(t, "EPSG:4526", ""), f); err != nil || !strings.Contains(tr.Note(), "stated by the installation") || tr.Accuracy() < 0.5 {
		t.Errorf("a file on another datum: %v", err)
	}
	for text, want := range map[string]string{
		"":                           "accuracy",
		"helmert:1,2,3,4,5,6,7":      "accuracy",
		"helmert:1,2,3@1":            "3 parameters, not 7",
		"helmert:1,2,3,4,5,6,x@1":    `"x" is not a number`,
		"helmert:1,2,3,4,5,6,NaN@1":  "not a number",
		"plane:EPSG:4490,1,2,3,4@1":  "projected",
		"plane:1,2,3,4@1":            "not the name of a CRS",
		"grid:a@1":                   "neither",
		"helmert:1,2,3,4,5,6,7@much": "metres",
		"helmert:1,2,3,4,5,6,7@-1":   "accuracy must be numbers",
	} {
		if _, err := crs.ParseShift(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: want %q, got %v", text, want, err)
		}
	}
}

func FuzzParseShift(f *testing.F) {
	f.Add("helmert:1,2,3,4,5,6,7@1")
	f.Add("plane:EPSG:4526,1,2,3,4@0.1m")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := crs.ParseShift(text)
		if err != nil {
			return
		}
		if _, err := crs.ParseShift(s.String()); err != nil {
			t.Errorf("%q is written %q, which is not read: %v", text, s.String(), err)
		}
	})
}
