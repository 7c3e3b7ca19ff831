package crs_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/undercity/undercity/geometry/crs"
)

func TestParse(t *testing.T) {
	for _, x := range []struct{ name, code string }{
		{"EPSG:4549", "EPSG:4549"},
		{" epsg:4549 ", "EPSG:4549"},
		{"4549", "EPSG:4549"},
		{"urn:ogc:def:crs:EPSG::4549", "EPSG:4549"},
		{"urn:ogc:def:crs:EPSG:10.076:4549", "EPSG:4549"},
		{"urn:x-ogc:def:crs:EPSG::4549", "EPSG:4549"},
		{"http://www.opengis.net/def/crs/EPSG/0/4549", "EPSG:4549"},
		{"https://www.opengis.net/def/crs/EPSG/9.9.1/28992", "EPSG:28992"},
		{"http://www.opengis.net/gml/srs/epsg.xml#31467", "EPSG:31467"},
		{"EPSG:4326", "EPSG:4326"},
		{"OGC:CRS84", "OGC:CRS84"},
		{"urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84"},
		{"http://www.opengis.net/def/crs/OGC/1.3/CRS84", "OGC:CRS84"},
		{"local:114.3,30.6", "local:114.3,30.6"},
		{"local:114.3, 30.6, -12.5", "local:114.3,30.6,-12.5"},
	} {
		c, err := crs.Parse(x.name)
		if err != nil {
			t.Errorf("%q: %v", x.name, err)
			continue
		}
		if c.Code() != x.code {
			t.Errorf("%q is %s, not %s", x.name, c.Code(), x.code)
		}
		if again, err := crs.Parse(c.Code()); err != nil || again.Code() != c.Code() {
			t.Errorf("%s does not parse as its own code: %v", c.Code(), err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, x := range []struct{ name, says string }{
		{"", "not the name of a CRS"},
		{"Beijing", "not the name of a CRS"},
		{"EPSG:", "not the name of a CRS"},
		{"EPSG:99999999999999999999", "not the name of a CRS"},
		{"EPSG:999999", "not in the table"},
		{"EPSG:2056", "uses the projection method \"Hotine Oblique Mercator (variant B)\", which is not built in yet"},
		{"EPSG:3857", "Pseudo Mercator"},
		{"local:", "is not local:LON,LAT"},
		{"local:200,30", "\"200\" is not a number of degrees"},
		{"local:114,NaN", "\"NaN\" is not"},
		{"local:114,Inf", "is not a number of degrees"},
		{"local:114,30,1,2", "is not local:LON,LAT"},
		{strings.Repeat("x", 1_000_000), "not the name of a CRS"},
	} {
		_, err := crs.Parse(x.name)
		if err == nil || !strings.Contains(err.Error(), x.says) || len(err.Error()) > 400 {
			t.Errorf("%.40q: %.500v; want %q", x.name, err, x.says)
		}
	}
}

func TestDefinition(t *testing.T) {
	for _, x := range []struct {
		code, unit string
		kind       crs.Kind
		northFirst bool
		zone       int
		meridian   float64
	}{
		{"EPSG:4526", "m", crs.Projected, true, 38, 0},
		{"EPSG:4547", "m", crs.Projected, true, 0, 0},
		{"EPSG:4491", "m", crs.Projected, true, 13, 0},
		{"EPSG:2414", "m", crs.Projected, true, 38, 0},
		{"EPSG:2362", "m", crs.Projected, true, 38, 0},
		{"EPSG:32650", "m", crs.Projected, false, 0, 0},
		{"EPSG:2263", "ftUS", crs.Projected, false, 0, 0},
		{"EPSG:2222", "ft", crs.Projected, false, 0, 0},
		{"EPSG:2817", "m", crs.Projected, false, 0, 0},
		{"EPSG:31467", "m", crs.Projected, true, 3, 0},
		{"EPSG:4326", "degree", crs.Geographic, true, 0, 0},
		{"OGC:CRS84", "degree", crs.Geographic, false, 0, 0},
		{"EPSG:4807", "grad", crs.Geographic, true, 0, 2.33722917},
		{"EPSG:27572", "m", crs.Projected, false, 0, 2.33722917},
		{"local:1,2", "m", crs.LocalPlane, false, 0, 0},
	} {
		c := parse(t, x.code)
		if c.Unit().Name != x.unit || c.Kind() != x.kind || c.NorthingFirst() != x.northFirst || c.ZonePrefix() != x.zone ||
			math.Abs(c.PrimeMeridian()-x.meridian) > 1e-9 || c.IsSchematic() != (x.kind == crs.LocalPlane) {
			t.Errorf("%s: unit %v, kind %v, northing first %v, zone %d, meridian %g", x.code, c.Unit(), c.Kind(), c.NorthingFirst(), c.ZonePrefix(), c.PrimeMeridian())
		}
		if c.Unit().Degrees() != (x.kind == crs.Geographic) {
			t.Errorf("%s: Degrees() is %v", x.code, c.Unit().Degrees())
		}
	}
}

// TestChinaZones reads every Gauss-Krüger zone of CGCS2000 and holds its central meridian and false easting against the rule.
func TestChinaZones(t *testing.T) {
	check := func(code int, meridian, easting float64) {
		t.Helper()
		e, _, err := parse(t, fmt.Sprint(code)).Forward(meridian, 35)
		if err != nil || math.Abs(e-easting) > 1e-6 {
			t.Errorf("EPSG:%d at %g°: easting %.6f, not %.0f (%v)", code, meridian, e, easting, err)
		}
	}
	for z := 13; z <= 23; z++ {
		check(4491+z-13, float64(6*z-3), float64(z)*1e6+5e5)
		check(4502+z-13, float64(6*z-3), 5e5)
	}
	for z := 25; z <= 45; z++ {
		check(4513+z-25, float64(3*z), float64(z)*1e6+5e5)
		check(4534+z-25, float64(3*z), 5e5)
	}
}

// TestEveryDefinition reads the whole table: names, units, areas and a point in each.
func TestEveryDefinition(t *testing.T) {
	codes := crs.ProjectedCodes()
	if len(codes) < 5000 {
		t.Errorf("%d projected CRSs", len(codes))
	}
	bare := 0
	for _, code := range codes {
		c := parse(t, fmt.Sprint(code))
		if c.Name() == "" || c.Datum() == "" || !(c.Unit().Metres > 0) {
			t.Errorf("EPSG:%d: name %q, datum %q, unit %v", code, c.Name(), c.Datum(), c.Unit())
		}
		w, s, e, n, ok := c.Area()
		if !ok {
			bare++
			continue
		}
		if w > e {
			e += 360
		}
		if _, _, err := c.Forward((w+e)/2, (s+n)/2); err != nil {
			t.Errorf("EPSG:%d at the middle of its area: %v", code, err)
		}
	}
	if bare > 20 {
		t.Errorf("%d definitions have no area of use", bare)
	}
}

func TestForwardRefuses(t *testing.T) {
	c := parse(t, "EPSG:4547")
	for _, p := range [][2]float64{{math.NaN(), 30}, {114, math.Inf(1)}, {114, 91}, {204, 0}} {
		if e, n, err := c.Forward(p[0], p[1]); err == nil {
			t.Errorf("Forward(%g, %g) gives %g, %g", p[0], p[1], e, n)
		}
	}
	for _, p := range [][2]float64{{math.NaN(), 0}, {0, math.Inf(-1)}, {1e300, 0}, {38517052, 3380000}} {
		if lon, lat, err := c.Inverse(p[0], p[1]); err == nil {
			t.Errorf("Inverse(%g, %g) gives %g, %g", p[0], p[1], lon, lat)
		}
	}
}

func TestLocal(t *testing.T) {
	c := parse(t, "local:114.3,30.6,90") // x points north
	lon, lat, err := c.Inverse(100, 0)
	if err != nil || groundDistance(lon, lat, 114.3, 30.6+100/110_860.0) > 0.01 {
		t.Errorf("100 m along x lies at %.7f, %.7f (%v)", lon, lat, err)
	}
	x, y, err := c.Forward(lon, lat)
	if err != nil || math.Hypot(x-100, y) > 1e-6 {
		t.Errorf("and comes back at %g, %g (%v)", x, y, err)
	}
}

func TestParseUnit(t *testing.T) {
	for s, metres := range map[string]float64{"m": 1, "ft": 0.3048, "ftUS": 1200.0 / 3937, "ftus": 1200.0 / 3937, "mm": 0.001} {
		if u, err := crs.ParseUnit(s); err != nil || u.Metres != metres {
			t.Errorf("%q: %v, %v", s, u, err)
		}
	}
	for _, s := range []string{"", "km", "degree", "metre s"} {
		if u, err := crs.ParseUnit(s); err == nil {
			t.Errorf("%q is %v", s, u)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"EPSG:4549", "urn:ogc:def:crs:EPSG:9.9:4549", "http://www.opengis.net/def/crs/EPSG/0/4549", "OGC:CRS84", "local:114.3,30.6,-5", "local:1e9,,", "EPSG:2056", "4807"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := crs.Parse(s)
		if err != nil {
			return
		}
		again, err := crs.Parse(c.Code())
		if err != nil || again.Code() != c.Code() || again.Name() != c.Name() || again.Kind() != c.Kind() {
			t.Errorf("%q gives %s, which gives %v (%v)", s, c.Code(), again, err)
		}
		if lon, lat, err := c.Inverse(0, 0); err == nil && !(math.Abs(lat) <= 90.0001 && math.Abs(lon) <= 360) {
			t.Errorf("%s: 0, 0 lies at %g, %g", c.Code(), lon, lat)
		}
	})
}

// TestHorizontalPart reads compound and geographic 3D CRSs as their horizontal ones.
func TestHorizontalPart(t *testing.T) {
	for name, want := range map[string]string{"EPSG:4979": "EPSG:4326", "EPSG:4480": "EPSG:4490", "EPSG:7415": "EPSG:28992", "urn:ogc:def:crs:EPSG::4937": "EPSG:4258"} {
		c, err := crs.Parse(name)
		if err != nil || c.Code() != want {
			t.Errorf("%s is %v, %v, want %s", name, c, err, want)
		}
	}
}
