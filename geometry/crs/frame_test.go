package crs_test

import (
	"math"
	"strings"
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"pgregory.net/rapid"
)

func frame(t testing.TB, code string) *crs.Frame {
	t.Helper()
	f, err := crs.NewFrame(parse(t, code), "1985国家高程基准", 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestNewFrameRefuses(t *testing.T) {
	for _, x := range []struct {
		code string
		sep  float64
		says string
	}{
		{"EPSG:4490", 0, "must be a projected CRS in metres"},
		{"local:114,30", 0, "must be a projected CRS in metres"},
		{"EPSG:2263", 0, "must be a projected CRS in metres"},
		{"EPSG:2048", 0, "must be a projected CRS in metres"},
		{"EPSG:2218", 0, "counts westwards"},
		{"EPSG:2435", 0, "no datum shift from Beijing 1954"},
		{"EPSG:4547", math.NaN(), "separation"},
		{"EPSG:4547", 2000, "separation"},
	} {
		if _, err := crs.NewFrame(parse(t, x.code), "", x.sep); err == nil || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%s, %g: %v; want %q", x.code, x.sep, err, x.says)
		}
	}
	if _, err := crs.NewFrame(nil, "", 0); err == nil {
		t.Error("a frame without CRS")
	}
}

func TestFrameFor(t *testing.T) {
	for _, x := range []struct {
		place    string
		lon, lat float64
		code     string
	}{
		{"Wuhan", 114.3, 30.6, "EPSG:4547"}, {"Beijing", 116.4, 39.9, "EPSG:4548"}, {"Shanghai", 121.45, 31.2, "EPSG:4549"},
		{"Kashgar", 75.99, 39.47, "EPSG:4534"}, {"Yining", 81.3, 43.9, "EPSG:4536"}, {"Lhasa", 91.1, 29.65, "EPSG:4539"},
		{"Kunming", 102.7, 25.0, "EPSG:4543"}, {"Sanya", 109.4, 18.25, "EPSG:4545"}, {"Harbin", 126.6, 45.8, "EPSG:4551"}, {"Mohe", 122.37, 53.48, "EPSG:4550"},
		{"Fuyuan", 134.3, 48.36, "EPSG:4554"}, {"Hong Kong", 114.16, 22.3, "EPSG:4547"}, {"Erenhot", 111.97, 43.65, "EPSG:4546"},
		{"Seoul", 127, 37.55, "EPSG:32652"}, {"Pyongyang", 125.75, 39.03, "EPSG:32651"}, {"Ulaanbaatar", 106.9, 47.9, "EPSG:32648"},
		{"Hanoi", 105.85, 21.03, "EPSG:32648"}, {"Kathmandu", 85.3, 27.7, "EPSG:32645"}, {"Delhi", 77.2, 28.6, "EPSG:32643"}, {"Almaty", 76.9, 43.25, "EPSG:32643"},
		{"Vladivostok", 131.9, 43.1, "EPSG:32652"}, {"Nagasaki", 129.87, 32.75, "EPSG:32652"},
		{"Amsterdam", 4.9, 52.4, "EPSG:32631"}, {"Sydney", 151.2, -33.9, "EPSG:32756"}, {"Suva", 178.4, -18.1, "EPSG:32760"}, {"Quito", -78.5, -0.2, "EPSG:32717"},
		{"the antimeridian", 180, 10, "EPSG:32660"}, {"and beyond", 181, 10, "EPSG:32601"},
	} {
		c := crs.FrameFor(x.lon, x.lat)
		if c.Code() != x.code {
			t.Errorf("%s: %s (%s), not %s", x.place, c.Code(), c.Name(), x.code)
		}
		if _, err := crs.NewFrame(c, "", 0); err != nil {
			t.Errorf("%s: %v", x.place, err)
		}
	}
}

// TestConvergence holds angle and scale against what proj -V gives.
func TestConvergence(t *testing.T) {
	for _, x := range []struct {
		code           string
		lon, lat       float64
		convergence, k float64
	}{
		{"EPSG:4547", 114.3, 30.6, 0.15271347, 1.00001021},
		{"EPSG:32650", 117.9, 31, 0.46356270, 0.99969106},
		{"EPSG:2817", -95, 39, -0.31466508, 0.99996427},
		{"EPSG:2154", 2.35, 48.85, -0.47164505, 0.99988780},
	} {
		f := frame(t, x.code)
		e, n, err := f.CRS.Forward(x.lon, x.lat)
		if err != nil {
			t.Fatal(err)
		}
		gamma, k := f.Convergence(e, n)
		// The shift of EPSG:2817 moves the place by a metre: 1e-5°.
		if math.Abs(gamma*180/math.Pi-x.convergence) > 3e-5 || math.Abs(k-x.k) > 1e-6 {
			t.Errorf("%s: convergence %.7f°, scale %.8f; proj: %.7f°, %.8f", x.code, gamma*180/math.Pi, k, x.convergence, x.k)
		}
	}
}

// TestLocalToECEF holds the matrix of a tile against the exact way, at any place of many frames, the antimeridian's among them.
func TestLocalToECEF(t *testing.T) {
	codes := []string{"EPSG:4547", "EPSG:4526", "EPSG:32650", "EPSG:32756", "EPSG:2154", "EPSG:28992", "EPSG:27700", "EPSG:31370", "EPSG:2193", "EPSG:32660", "EPSG:32601"}
	rapid.Check(t, func(rt *rapid.T) {
		f, err := crs.NewFrame(parse(t, rapid.SampledFrom(codes).Draw(rt, "frame")), "datum", 25)
		if err != nil {
			rt.Fatal(err)
		}
		w, s, e, n, _ := f.CRS.Area()
		if w > e {
			e += 360
		}
		// A thousandth of the area is at its very edges, which for zone 60 and zone 1 is the antimeridian.
		lon := w + (e-w)*rapid.SampledFrom([]float64{0, 0.3, 0.5, 0.8, 1}).Draw(rt, "x")
		x, y, err := f.CRS.Forward(lon, rapid.Float64Range(s, n).Draw(rt, "lat"))
		if err != nil {
			rt.Fatal(err)
		}
		origin := geometry.Point{E: x, N: y, H: rapid.Float64Range(-100, 500).Draw(rt, "h")}
		d := geometry.Point{E: rapid.Float64Range(-300, 300).Draw(rt, "de"), N: rapid.Float64Range(-300, 300).Draw(rt, "dn"), H: rapid.Float64Range(-50, 50).Draw(rt, "dh")}
		m := f.LocalToECEF(origin)
		want := f.ECEF(origin.Add(d))
		got := [3]float64{}
		for i := range 3 {
			got[i] = m[i]*d.E + m[4+i]*d.N + m[8+i]*d.H + m[12+i]
		}
		err3 := math.Sqrt(sq(got[0]-want[0]) + sq(got[1]-want[1]) + sq(got[2]-want[2]))
		// What a plane cannot follow: the fall of the earth, the height's own scale, and the projection's change of scale over 424 m.
		if fall := (d.E*d.E + d.N*d.N) / 12_742_000; err3 > 1.2*fall+0.06 {
			rt.Errorf("%s: %v off by %.4f m where the earth falls by %.4f m", f.CRS.Code(), d, err3, fall)
		}
		if m[3] != 0 || m[7] != 0 || m[11] != 0 || m[15] != 1 {
			rt.Errorf("bottom row of %v", m)
		}
	})
}

func sq(x float64) float64 { return x * x }

func TestFrameRoundTrip(t *testing.T) {
	for _, code := range []string{"EPSG:4547", "EPSG:4526", "EPSG:28992", "EPSG:27700", "EPSG:2154", "EPSG:2326", "EPSG:31467", "EPSG:32756"} {
		f := frame(t, code)
		w, s, e, n, _ := f.CRS.Area()
		x, y, err := f.CRS.Forward((w+e)/2, (s+n)/2)
		if err != nil {
			t.Fatal(err)
		}
		x2, y2, err := f.Plane(f.LonLat(x, y))
		if err != nil || math.Hypot(x2-x, y2-y) > 1e-4 {
			t.Errorf("%s: %.4f, %.4f comes back at %.4f, %.4f (%v)", code, x, y, x2, y2, err)
		}
	}
	f := frame(t, "EPSG:4547")
	for _, p := range [][2]float64{{math.NaN(), 30}, {114, math.Inf(1)}, {204, 0}} {
		if _, _, err := f.Plane(p[0], p[1]); err == nil {
			t.Errorf("Plane(%v) is a place", p)
		}
	}
	if lon, lat := f.LonLat(math.NaN(), 0); !math.IsNaN(lon) || !math.IsNaN(lat) {
		t.Errorf("NaN lies at %g, %g", lon, lat)
	}
}

func TestGCJ02(t *testing.T) {
	lon, lat := crs.ToGCJ02(114.3, 30.6)
	// A published pair of the public implementations: about 500 m to the east-south-east.
	if d := groundDistance(lon, lat, 114.3, 30.6); d < 300 || d > 800 {
		t.Errorf("GCJ-02 moves Wuhan by %.1f m", d)
	}
	rapid.Check(t, func(t *rapid.T) {
		lon := rapid.Float64Range(73, 135).Draw(t, "lon")
		lat := rapid.Float64Range(3, 54).Draw(t, "lat")
		lon2, lat2 := crs.FromGCJ02(crs.ToGCJ02(lon, lat))
		if d := groundDistance(lon, lat, lon2, lat2); d > 0.001 {
			t.Errorf("%g, %g comes back %g m away", lon, lat, d)
		}
	})
	if lon, lat := crs.ToGCJ02(2.35, 48.85); lon != 2.35 || lat != 48.85 {
		t.Errorf("Paris moves to %g, %g", lon, lat)
	}
}
