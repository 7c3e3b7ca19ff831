package crs_test

import (
	"bufio"
	"errors"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/undercity/undercity/geometry/crs"
)

// around makes a survey of some streets around a point.
func around(x, y, step float64) [][2]float64 {
	var pts [][2]float64
	for i := range 10 {
		for j := range 10 {
			pts = append(pts, [2]float64{x + float64(i)*step, y + float64(j)*step})
		}
	}
	return pts
}

func exchanged(pts [][2]float64) [][2]float64 {
	for i, p := range pts {
		pts[i] = [2]float64{p[1], p[0]}
	}
	return pts
}

func scaled(pts [][2]float64, k float64) [][2]float64 {
	for i, p := range pts {
		pts[i] = [2]float64{p[0] * k, p[1] * k}
	}
	return pts
}

func TestCheck(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	wuhan := func() [][2]float64 { return around(517052, 3384000, 100) }
	for _, x := range []struct {
		name, crs, unit string
		pts             [][2]float64
		reason, flag    string // "" where the coordinates are right
	}{
		{"right", "EPSG:4547", "", wuhan(), "", ""},
		{"right with prefix", "EPSG:4526", "", around(38517052, 3384000, 100), "", ""},
		{"right geographic", "EPSG:4490", "", around(114.3, 30.5, 0.001), "", ""},
		{"right feet", "EPSG:2263", "", around(980000, 200000, 100), "", ""},
		{"right unit", "EPSG:4547", "mm", scaled(wuhan(), 1000), "", ""},
		{"right drawing", "local:114.3,30.5", "", around(500, 2000, 50), "", ""},
		{"no points", "EPSG:4547", "", nil, "", ""},
		{"near the origin", "EPSG:6677", "", around(-10, -20, 5), "", ""},
		{"prefix not expected", "EPSG:4547", "", around(38517052, 3384000, 100), "zone prefix 38", "--crs EPSG:4526"},
		{"prefix of another zone", "EPSG:4547", "", around(39517052, 3384000, 100), "zone prefix 39", "--crs EPSG:4527"},
		{"prefix of a 6° zone", "EPSG:4547", "", around(19800000, 3384000, 100), "zone prefix 19", "--crs EPSG:4497"},
		{"prefix missing", "EPSG:4526", "", wuhan(), "no zone prefix", "--crs EPSG:4547"},
		{"prefix missing where a 6° zone has the meridian too", "EPSG:4529", "", around(500052, 4152000, 100), "no zone prefix", "--crs EPSG:4550"},
		{"prefix on Beijing 1954", "EPSG:2435", "", around(38517052, 3384000, 100), "zone prefix 38", "--crs EPSG:2414"},
		{"prefix on Xian 1980", "EPSG:2383", "", around(38517052, 3384000, 100), "zone prefix 38", "--crs EPSG:2362"},
		{"prefix in millimetres", "EPSG:4526", "", scaled(around(38517052, 3384000, 100), 1000), "do in mm", "--crs-unit mm"},
		{"axes exchanged", "EPSG:4547", "", exchanged(wuhan()), "axes exchanged", "northing"},
		{"axes exchanged with prefix", "EPSG:4547", "", exchanged(around(38517052, 3384000, 100)), "axes exchanged", "northing"},
		{"latitude first", "EPSG:4490", "", exchanged(around(114.3, 30.5, 0.001)), "axes exchanged", ""},
		{"degrees", "EPSG:4547", "", around(114.3, 30.5, 0.001), "look like degrees", "--crs EPSG:4490"},
		{"latitude and longitude", "EPSG:4547", "", exchanged(around(114.3, 30.5, 0.001)), "latitude and longitude", "--crs EPSG:4490"},
		{"degrees beside a false origin", "EPSG:27700", "", around(-0.13, 51.5, 0.001), "look like degrees", "--crs EPSG:4277"},
		{"degrees in a drawing", "local:114.3,30.5", "", around(114.3, 30.5, 0.001), "look like degrees", "--crs EPSG:4326"},
		{"metres as degrees", "EPSG:4490", "", wuhan(), "not degrees", ""},
		{"prefixed metres as degrees", "EPSG:4490", "", around(38517052, 3384000, 100), "look like metres of EPSG:4526", "--crs EPSG:4526"},
		{"US feet as metres", "EPSG:2817", "", around(2746000, 1118000, 100), "do in ftUS", "--crs-unit ftUS"},
		{"metres as US feet", "EPSG:2263", "", scaled(around(302000, 61000, 30), 1), "", "--crs-unit m"},
		{"millimetres", "EPSG:4547", "", scaled(wuhan(), 1000), "do in mm", "--crs-unit mm"},
		{"metres as millimetres", "EPSG:4547", "mm", wuhan(), "do in m", "--crs-unit m"},
		{"not numbers", "EPSG:4547", "", [][2]float64{{nan, 1}, {inf, 2}, {1, -inf}}, "not numbers", ""},
		{"elsewhere", "EPSG:28992", "", around(2_500_000, 1_200_000, 100), "do not lie in the area of EPSG:28992", ""},
		{"drawing too large", "local:114.3,30.5", "", around(2_500_000, 1_200_000, 100), "more than 200 km", ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			err := crs.Check(source(t, x.crs, x.unit), x.pts)
			if x.reason == "" && x.flag == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			var m *crs.Misfit
			if !errors.As(err, &m) {
				t.Fatalf("got %v, not a misfit", err)
			}
			if !strings.Contains(m.Reason, x.reason) || !strings.Contains(m.Flag, x.flag) || !strings.Contains(m.Error(), x.flag) {
				t.Errorf("got %q, flag %q; want %q, flag %q", m.Error(), m.Flag, x.reason, x.flag)
			}
			if m.Total != len(x.pts) || m.Outside*2 <= m.Total || strings.Contains(m.Error(), "\n") {
				t.Errorf("%d of %d outside: %q", m.Outside, m.Total, m.Error())
			}
		})
	}
}

func source(t testing.TB, name, unit string) crs.Source {
	t.Helper()
	s := crs.Source{CRS: parse(t, name)}
	if unit != "" {
		u, err := crs.ParseUnit(unit)
		if err != nil {
			t.Fatal(err)
		}
		s.Unit = &u
	}
	return s
}

// TestCheckLetsStrayPoints leaves a few bad points of a good file to their rows.
func TestCheckLetsStrayPoints(t *testing.T) {
	pts := around(517052, 3384000, 100)
	pts[3], pts[50] = [2]float64{0, 0}, [2]float64{math.NaN(), 1}
	src := source(t, "EPSG:4547", "")
	if err := crs.Check(src, pts); err != nil {
		t.Error(err)
	}
	tr, err := crs.NewTransform(src, frame(t, "EPSG:4547"))
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range pts {
		if _, _, err := tr.Point(p[0], p[1]); (err != nil) != (i == 3 || i == 50) {
			t.Errorf("point %d %v: %v", i, p, err)
		}
	}
}

func TestCheckSource(t *testing.T) {
	for _, x := range []struct {
		src  crs.Source
		says string
	}{
		{crs.Source{}, "--crs EPSG:n"},
		{source(t, "EPSG:4490", "m"), "leave --crs-unit out"},
	} {
		if err := crs.Check(x.src, around(1, 2, 3)); err == nil || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%v, want %q", err, x.says)
		}
	}
}

// TestStatePlane holds a real model, whose title names EPSG:2817 (metres) while its numbers are US feet.
func TestStatePlane(t *testing.T) {
	const file = "../../../shared/data/01_swmm/model_state_plane.inp"
	pts, err := coordinates(file)
	if err != nil {
		t.Skipf("the shared data is not here: %v", err)
	}
	if len(pts) < 30 {
		t.Fatalf("%d coordinates", len(pts))
	}
	var m *crs.Misfit
	if err := crs.Check(source(t, "EPSG:2817", ""), pts); !errors.As(err, &m) || m.Flag != "--crs-unit ftUS" {
		t.Errorf("as it stands: %v", err)
	}
	src := source(t, "EPSG:2817", "ftUS")
	if err := crs.Check(src, pts); err != nil {
		t.Errorf("in US feet: %v", err)
	}
	tr, err := crs.NewTransform(src, frame(t, "EPSG:26915"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pts {
		if _, _, err := tr.Point(p[0], p[1]); err != nil {
			t.Error(err)
		}
	}
}

// coordinates reads the section of that name.
func coordinates(file string) ([][2]float64, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var pts [][2]float64
	in := false
	for sc := bufio.NewScanner(f); sc.Scan(); {
		w := strings.Fields(sc.Text())
		switch {
		case len(w) > 0 && strings.HasPrefix(w[0], "["):
			in = w[0] == "[COORDINATES]"
		case in && len(w) == 3 && !strings.HasPrefix(w[0], ";"):
			x, err1 := strconv.ParseFloat(w[1], 64)
			y, err2 := strconv.ParseFloat(w[2], 64)
			if err := errors.Join(err1, err2); err != nil {
				return nil, err
			}
			pts = append(pts, [2]float64{x, y})
		}
	}
	return pts, nil
}
