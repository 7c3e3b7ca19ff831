package gpkg_test

import (
	"math"
	"strings"
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin/db"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/formatstest"
	"github.com/undercity/undercity/twin/formats/gpkg"
)

// TestArcs holds what is made of arcs against the circles they lie on: every position on the circle, every chord within 1 cm, the whole length.
func TestArcs(t *testing.T) {
	const e, n = 500000.0, 4150000.0
	for name, c := range map[string]struct{ radius, from, sweep float64 }{
		"a quarter":        {100, 0, math.Pi / 2},
		"clockwise":        {25, 1, -2},
		"more than a half": {1000, -3, 5},
		"nearly a circle":  {5, 0.5, -6.2},
		"a small bend":     {0.3, 2, 1.5},
		"a whole circle":   {50, 0, 2 * math.Pi},
	} {
		at := func(turn float64) (x, y float64) { return e + c.radius*math.Cos(turn), n + c.radius*math.Sin(turn) }
		ax, ay := at(c.from)
		bx, by := at(c.from + c.sweep/2)
		cx, cy := at(c.from + c.sweep)
		if c.sweep == 2*math.Pi {
			cx, cy = ax, ay
		}
		g, err := gpkg.Geometry(formatstest.Blob(8, ax, ay, bx, by, cx, cy))
		if err != nil || g.Kind != "LineString" || len(g.Parts) != 1 {
			t.Fatalf("%s: %+v, %v", name, g, err)
		}
		length := 0.0
		line := g.Parts[0]
		for i, p := range line {
			if d := math.Abs(math.Hypot(p.X-e, p.Y-n) - c.radius); d > 1e-6 {
				t.Errorf("%s: position %d lies %g m off the circle", name, i, d)
			}
			if i == 0 {
				continue
			}
			q := line[i-1]
			length += math.Hypot(p.X-q.X, p.Y-q.Y)
			if d := c.radius - math.Hypot((p.X+q.X)/2-e, (p.Y+q.Y)/2-n); d > 0.0101 && c.radius > 0.02 && c.radius*(1-math.Cos(math.Pi/8)) > 0.01 {
				t.Errorf("%s: chord %d lies %g m off the arc", name, i, d)
			}
		}
		if want := c.radius * math.Abs(c.sweep); length > want+1e-6 || length < 0.97*want {
			t.Errorf("%s: %.3f m long, want %.3f", name, length, want)
		}
		if p, q := line[0], line[len(line)-1]; p.X != ax || q.X != cx || p.Y != ay || q.Y != cy {
			t.Errorf("%s: the ends moved", name)
		}
	}
}

// TestCompoundCurve joins a straight part and an arc.
func TestCompoundCurve(t *testing.T) {
	head := []byte("GP\x00\x01\x00\x00\x00\x00\x01\x09\x00\x00\x00\x02\x00\x00\x00")
	blob := append(append(head, formatstest.WKB(2, 0, 1000, 100, 1000)...), formatstest.WKB(8, 100, 1000, 150, 1050, 100, 1100)...)
	g, err := gpkg.Geometry(blob)
	if err != nil || g.Kind != "LineString" || len(g.Parts) != 1 {
		t.Fatalf("%+v, %v", g, err)
	}
	line := g.Parts[0]
	length := 0.0
	for i := 1; i < len(line); i++ {
		length += geometry.Point{E: line[i].X, N: line[i].Y}.PlanDist(geometry.Point{E: line[i-1].X, N: line[i-1].Y})
	}
	if want := 100 + 50*math.Pi; math.Abs(length-want) > 0.1 || line[0].X != 0 || line[1].X != 100 {
		t.Errorf("%.3f m long, want %.3f; %v", length, want, line[:2])
	}
	for text, bad := range map[string][]byte{
		"three positions": formatstest.Blob(8, 1, 2, 3, 4),
		"too early":       blob[:len(blob)-4],
		"not of its type": append(append([]byte{}, head...), append(formatstest.WKB(1, 0, 0), formatstest.WKB(1, 0, 0)...)...),
	} {
		if _, err := gpkg.Geometry(bad); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%v, want %s", err, text)
		}
	}
}

// TestSystemByName takes the CRS that well-known text without a code names, where its parameters are those of that name.
func TestSystemByName(t *testing.T) {
	esri := func(name, meridian, east string) string {
		return `PROJCS["` + name + `",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",` +
			east + `],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",` + meridian + `],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`
	}
	for definition, want := range map[string]string{
		esri("CGCS2000_3_Degree_GK_CM_120E", "120.0", "500000.0"): "",
		esri("CGCS2000_3_Degree_GK_CM_120E", "121.5", "500000.0"): "say which CRS it is with --crs EPSG:n",
		esri("CGCS2000_3_Degree_GK_CM_120E", "120.0", "0.0"):      "say which CRS it is with --crs EPSG:n",
		esri("Weihai_2000", "120.0", "500000.0"):                  "say which CRS it is with --crs EPSG:n",
	} {
		path := t.TempDir() + "/a.gpkg"
		d, err := db.Open(t.Context(), path, db.Options{Quick: true})
		if err != nil {
			t.Fatal(err)
		}
		p := formatstest.NewGeoPackage(t, d)
		p.System(100001, "mine", "NONE", 0, definition)
		p.Layer("JS_LINE", 100001, "id text")
		p.Run("insert into JS_LINE (geom, id) values ($1, 'L1')", formatstest.Blob(8, 500000, 4150000, 500100, 4150100, 500200, 4150000))
		p.Close()
		tw := formatstest.Twin(t)
		_, err = formats.Import(t.Context(), tw, readers, formatstest.OnDisk(t, path), formats.Options{})
		switch {
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, want %s", definition, err, want)
		case want == "" && err != nil:
			t.Errorf("%s: %v", definition, err)
		case want == "":
			if a := formatstest.Get(t, tw.Snapshot(), "JS-L1"); tw.Snapshot().Frame().CRS.Code() != "EPSG:4549" || len(a.Line) < 10 {
				t.Errorf("%s, %d vertices", tw.Snapshot().Frame().CRS.Code(), len(a.Line))
			}
		}
	}
}
