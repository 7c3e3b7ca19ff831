package crs_test

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/undercity/undercity/geometry/crs"
	"pgregory.net/rapid"
)

// TestFiguresOfPROJ compares every method, forward and back, with what PROJ gave over the areas of use (testdata, made by gen/figures).
func TestFiguresOfPROJ(t *testing.T) {
	f, err := os.Open("testdata/proj.txt.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	sc := bufio.NewScanner(z)
	lines, worst, worstBack := 0, 0.0, 0.0
	for ; sc.Scan(); lines++ {
		forward, back := compareLine(t, strings.Fields(sc.Text()))
		worst, worstBack = max(worst, forward), max(worstBack, back)
	}
	t.Logf("%d CRSs: at most %.3f mm from PROJ, %.3f mm back", lines, worst*1e3, worstBack*1e3)
	if lines < 1000 {
		t.Errorf("%d lines of figures", lines)
	}
}

// compareLine returns the greatest distance from PROJ's figures, and from their places back, metres.
func compareLine(t *testing.T, f []string) (forward, back float64) {
	t.Helper()
	v := make([]float64, len(f)-1)
	for i, s := range f[1:] {
		var err error
		if v[i], err = strconv.ParseFloat(s, 64); err != nil {
			t.Fatalf("%s: %v", f[0], err)
		}
	}
	c := parse(t, f[0])
	figures := v[4:]
	side := int(math.Sqrt(float64(len(figures) / 2)))
	for i := range len(figures) / 2 {
		lon := v[0] + (v[2]-v[0])*float64(i%side)/float64(side-1)
		lat := v[1] + (v[3]-v[1])*float64(i/side)/float64(side-1)
		wantE, wantN := figures[2*i]/1e4, figures[2*i+1]/1e4
		e, n, err := c.Forward(lon, lat)
		if err != nil {
			t.Errorf("%s at %g, %g: %v", f[0], lon, lat, err)
			return
		}
		gotLon, gotLat, err := c.Inverse(wantE, wantN)
		if err != nil {
			t.Errorf("%s back from %g, %g: %v", f[0], wantE, wantN, err)
			return
		}
		forward = max(forward, math.Hypot(e-wantE, n-wantN))
		back = max(back, groundDistance(lon, lat, gotLon, gotLat))
	}
	if forward > 1e-3 || back > 1e-3 {
		t.Errorf("%s %s: %.6f m from PROJ, %.6f m back", f[0], c.Name(), forward, back)
	}
	return forward, back
}

// groundDistance is near enough the distance of two places close together, metres.
func groundDistance(lon1, lat1, lon2, lat2 float64) float64 {
	const degree = 111_320
	return math.Hypot(math.Remainder(lon2-lon1, 360)*math.Cos(lat1*math.Pi/180), lat2-lat1) * degree
}

func parse(t testing.TB, name string) *crs.CRS {
	t.Helper()
	c, err := crs.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestRoundTrip goes there and back within 0.1 mm at any place of any CRS's area of use.
func TestRoundTrip(t *testing.T) {
	codes := crs.ProjectedCodes()
	rapid.Check(t, func(t *rapid.T) {
		c, err := crs.Parse(fmt.Sprint(rapid.SampledFrom(codes).Draw(t, "code")))
		if err != nil {
			t.Fatal(err)
		}
		w, s, e, n, ok := c.Area()
		if !ok {
			t.Skip("no area of use")
		}
		if w > e {
			e += 360
		}
		lon := rapid.Float64Range(w, e).Draw(t, "lon")
		lat := rapid.Float64Range(s, n).Draw(t, "lat")
		east, north, err := c.Forward(lon, lat)
		if err != nil {
			t.Fatal(err)
		}
		lon2, lat2, err := c.Inverse(east, north)
		if err != nil {
			t.Fatal(err)
		}
		if d := groundDistance(lon, lat, lon2, lat2); !(d < 1e-4) {
			t.Errorf("%s: %g, %g comes back %g m away", c.Code(), lon, lat, d)
		}
	})
}

// TestGuidanceNote checks the worked examples of EPSG guidance note 7-2 that are in the table: an independent source beside PROJ.
func TestGuidanceNote(t *testing.T) {
	dms := func(d, m, s float64) float64 { return math.Copysign(math.Abs(d)+m/60+s/3600, d) }
	for _, x := range []struct {
		code     string
		lon, lat float64
		e, n     float64 // of the CRS's unit
	}{
		{"EPSG:27700", dms(0, 30, 0), dms(50, 30, 0), 577274.99, 69740.50},
		{"EPSG:24200", -dms(76, 56, 37.26), dms(17, 55, 55.80), 255966.58, 142493.51},
		{"EPSG:32040", -dms(96, 0, 0), dms(28, 30, 0), 2963503.91, 254759.80},
		{"EPSG:31300", dms(5, 48, 26.533), dms(50, 40, 46.461), 251763.20, 153034.13},
		{"EPSG:28992", dms(6, 0, 0), dms(53, 0, 0), 196105.283, 557057.739},
	} {
		c := parse(t, x.code)
		e, n, err := c.Forward(x.lon, x.lat)
		if err != nil {
			t.Fatal(err)
		}
		u := c.Unit().Metres
		if d := math.Hypot(e/u-x.e, n/u-x.n); d > 0.01 {
			t.Errorf("%s: %.3f, %.3f is not %.3f, %.3f of the guidance note", x.code, e/u, n/u, x.e, x.n)
		}
	}
}

// TestWestOrientated holds Greenland's Lambert zones, which PROJ 9.1 does not know, against the same cone counted eastwards.
func TestWestOrientated(t *testing.T) {
	c := parse(t, "EPSG:2218") // central meridian 24° W, latitude of origin 70.5°
	if !c.NorthingFirst() {
		t.Error("EPSG:2218 names northing first")
	}
	w1, n1, err1 := c.Forward(-25, 71)
	w2, n2, err2 := c.Forward(-23, 71)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if math.Abs(w1+w2) > 1e-6 || math.Abs(n1-n2) > 1e-6 || w1 < 35_000 || w1 > 37_000 || n1 < 55_000 || n1 > 57_000 {
		t.Errorf("1° west is at %.3f, %.3f, 1° east at %.3f, %.3f", w1, n1, w2, n2)
	}
	if lon, lat, err := c.Inverse(w1, n1); err != nil || groundDistance(-25, 71, lon, lat) > 1e-4 {
		t.Errorf("back at %g, %g: %v", lon, lat, err)
	}
}
