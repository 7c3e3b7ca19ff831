package crs_test

import (
	"math"
	"strings"
	"testing"

	"github.com/undercity/undercity/geometry/crs"
)

// TestShiftsAgainstPROJ holds seven-parameter shifts, in both sign conventions and from Paris, against cct with the same parameters.
func TestShiftsAgainstPROJ(t *testing.T) {
	x80, err := crs.HelmertShift(crs.Stated{Name: "city", Source: "configuration", Accuracy: 0.1}, [3]float64{-12.5, 8.25, 3.75}, [3]float64{1.2, -0.8, 2.1}, -1.5)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		crs      *crs.CRS
		e, n     float64
		lon, lat float64
		source   string
		accuracy float64
	}{
		{parse(t, "EPSG:28992"), 155000, 463000, 5.3872035084, 52.1551723012, "EPSG:4833", 1},
		{parse(t, "EPSG:27700"), 530000, 180000, -0.1283539405, 51.5039908276, "EPSG:1314", 2},
		{parse(t, "EPSG:2326"), 835000, 818000, 114.1645688038, 22.3009410784, "EPSG:1825", 1},
		{parse(t, "EPSG:27572"), 600000, 2425000, 2.3365060542, 48.8233838639, "EPSG:1193", 2},
		{parse(t, "EPSG:2383").WithShift(x80), 530000, 3380000, 114.3134957822, 30.5400095800, "configuration", 0.1},
	} {
		s, ok := x.crs.ShiftToWGS84()
		if !ok || s.Source != x.source || s.Accuracy != x.accuracy {
			t.Errorf("%s: shift %v, %v", x.crs.Code(), s, ok)
		}
		f, err := crs.NewFrame(x.crs, "", 0)
		if err != nil {
			t.Errorf("%s: %v", x.crs.Code(), err)
			continue
		}
		lon, lat := f.LonLat(x.e, x.n)
		if d := groundDistance(lon, lat, x.lon, x.lat); d > 1e-3 {
			t.Errorf("%s: %.10f, %.10f is %.4f m from PROJ's", x.crs.Code(), lon, lat, d)
		}
	}
}

func TestAccuracies(t *testing.T) {
	for code, want := range map[string]float64{
		"EPSG:32650": 0, "EPSG:4547": 1, "EPSG:4490": 1, "EPSG:25832": 1, "EPSG:6677": 1, "EPSG:2451": 1, "EPSG:28356": 3, "EPSG:7856": 3, "EPSG:26915": 4,
		"EPSG:26904": 4, "EPSG:2193": 1, "EPSG:6437": 2, "EPSG:31467": 3, "EPSG:31370": 1,
	} {
		if s, ok := parse(t, code).ShiftToWGS84(); !ok || s.Accuracy != want {
			t.Errorf("%s: %v m by %s (%s), %v; want %g m", code, s.Accuracy, s.Name, s.Source, ok, want)
		}
	}
	// Public parameters for these are 1 to 15 m, and for parts of the country only.
	for _, code := range []string{"EPSG:2414", "EPSG:2435", "EPSG:4214", "EPSG:2383", "EPSG:2362", "EPSG:4610"} {
		if s, ok := parse(t, code).ShiftToWGS84(); ok {
			t.Errorf("%s: a shift by %s nobody configured", code, s.Name)
		}
	}
}

func TestTransform(t *testing.T) {
	for _, x := range []struct {
		crs, unit, frame string
		x, y             float64
		e, n             float64
		accuracy         float64
		note             string
	}{
		{"EPSG:4547", "", "EPSG:4547", 517052.25, 3384000.5, 517052.25, 3384000.5, 0, ""},
		{"EPSG:4526", "", "EPSG:4547", 38517052.25, 3384000.5, 517052.25, 3384000.5, 0, ""},
		{"EPSG:4547", "mm", "EPSG:4547", 517052250, 3384000500, 517052.25, 3384000.5, 0, ""},
		{"EPSG:4490", "", "EPSG:4547", 114, 30, 500000, 3320113.398, 0, ""},
		{"EPSG:4326", "", "EPSG:4547", 114, 30, 500000, 3320113.398, 1, "CGCS2000 to WGS 84 as equal"},
		{"OGC:CRS84", "", "EPSG:32650", 117, 31, 500000, 3429601.9338, 0, ""},
		{"EPSG:2263", "", "EPSG:32118", 984250, 196850, 300000, 60000, 0, ""},
		{"EPSG:2817", "ftUS", "EPSG:2817", 2746229.223, 1118867.764, 2746229.223 * 1200 / 3937, 1118867.764 * 1200 / 3937, 0, ""},
		{"local:114,30", "", "EPSG:4547", 100, 200, 500100, 3320313.398, 1, "CGCS2000"},
	} {
		tr, err := crs.NewTransform(source(t, x.crs, x.unit), frame(t, x.frame))
		if err != nil {
			t.Errorf("%s to %s: %v", x.crs, x.frame, err)
			continue
		}
		e, n, err := tr.Point(x.x, x.y)
		if err != nil || math.Hypot(e-x.e, n-x.n) > 2e-3 {
			t.Errorf("%s to %s: %.4f, %.4f, not %.4f, %.4f (%v)", x.crs, x.frame, e, n, x.e, x.n, err)
		}
		if math.Abs(tr.Accuracy()-x.accuracy) > 1e-9 || (x.note == "") != (tr.Note() == "") || !strings.Contains(tr.Note(), x.note) {
			t.Errorf("%s to %s: accuracy %g, note %q", x.crs, x.frame, tr.Accuracy(), tr.Note())
		}
	}
}

func TestTransformRefuses(t *testing.T) {
	f := frame(t, "EPSG:4547")
	_, err := crs.NewTransform(source(t, "EPSG:2435", ""), f)
	if err == nil || !strings.Contains(err.Error(), "no datum shift from Beijing 1954") || !strings.Contains(err.Error(), "four parameters") {
		t.Errorf("Beijing 1954 on CGCS2000: %v", err)
	}
	if _, err := crs.NewTransform(source(t, "EPSG:4547", ""), nil); err == nil {
		t.Error("a transform without a frame")
	}
	for _, x := range []struct {
		crs  string
		x, y float64
	}{
		{"EPSG:4547", 38517052, 3384000}, {"EPSG:4547", 3384000, 517052}, {"EPSG:4547", math.NaN(), 0}, {"EPSG:4547", 1e300, math.Inf(1)},
		{"EPSG:4490", 30, 114}, {"EPSG:4490", 517052, 3384000}, {"local:114,30", 3e6, 0},
	} {
		tr, err := crs.NewTransform(source(t, x.crs, ""), f)
		if err != nil {
			t.Fatal(err)
		}
		if e, n, err := tr.Point(x.x, x.y); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %g, %g lies at %g, %g (%v)", x.crs, x.x, x.y, e, n, err)
		}
	}
}

// TestFourParameters takes a city's grid, turned and moved, onto CGCS2000 and back.
func TestFourParameters(t *testing.T) {
	st := crs.Stated{Name: "city grid to CGCS2000", Source: "configuration", Accuracy: 0.05}
	to := parse(t, "EPSG:4547")
	s, err := crs.PlaneShift(st, to, -18.25, 112.5, 36, 12) // 36″ = 1.745329e-4 rad
	if err != nil {
		t.Fatal(err)
	}
	city := parse(t, "EPSG:2435").WithShift(s)
	f := frame(t, "EPSG:4547")
	tr, err := crs.NewTransform(crs.Source{CRS: city}, f)
	if err != nil {
		t.Fatal(err)
	}
	const x, y = 3384000.0, 517052.0 // north, east
	alpha, m := 36.0/3600*math.Pi/180, 1+12e-6
	wantN := -18.25 + m*(x*math.Cos(alpha)-y*math.Sin(alpha))
	wantE := 112.5 + m*(x*math.Sin(alpha)+y*math.Cos(alpha))
	e, n, err := tr.Point(y, x)
	if err != nil || math.Hypot(e-wantE, n-wantN) > 1e-4 {
		t.Errorf("%.4f, %.4f, not %.4f, %.4f (%v)", e, n, wantE, wantN, err)
	}
	if tr.Accuracy() != 0.05 || !strings.Contains(tr.Note(), "city grid to CGCS2000 (configuration), stated accuracy 0.05 m") {
		t.Errorf("accuracy %g, note %q", tr.Accuracy(), tr.Note())
	}
	back, err := crs.NewFrame(city, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	e2, n2, err := back.Plane(back.LonLat(y, x))
	if err != nil || math.Hypot(e2-y, n2-x) > 1e-3 {
		t.Errorf("back at %.4f, %.4f (%v)", e2, n2, err)
	}
	if _, err := crs.NewTransform(crs.Source{CRS: parse(t, "EPSG:4214").WithShift(s)}, f); err == nil {
		t.Error("four parameters on a geographic CRS")
	}
}

func TestStatedShiftsRefuse(t *testing.T) {
	nan := math.NaN()
	if _, err := crs.HelmertShift(crs.Stated{Accuracy: 1}, [3]float64{nan}, [3]float64{}, 0); err == nil {
		t.Error("a NaN translation")
	}
	if _, err := crs.HelmertShift(crs.Stated{Accuracy: -1}, [3]float64{}, [3]float64{}, 0); err == nil {
		t.Error("a negative accuracy")
	}
	if _, err := crs.PlaneShift(crs.Stated{}, nil, 0, 0, 0, 0); err == nil {
		t.Error("four parameters to nowhere")
	}
	if _, err := crs.PlaneShift(crs.Stated{}, parse(t, "EPSG:4490"), 0, 0, 0, 0); err == nil {
		t.Error("four parameters to a geographic CRS")
	}
	if _, err := crs.PlaneShift(crs.Stated{}, parse(t, "EPSG:4547"), 0, 0, 0, -1e6); err == nil {
		t.Error("a scale of nothing")
	}
}
