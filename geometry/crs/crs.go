package crs

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// Kind is what a CRS's coordinates are.
type Kind uint8

// The kinds of CRSs.
const (
	Projected  Kind = iota // metres or feet on a map projection
	Geographic             // degrees of longitude and latitude
	LocalPlane             // a drawing put down at a place
)

// Unit is a unit of length, or of angle (Metres 0).
type Unit struct {
	Name   string
	Metres float64
}

// The units of length that files come in.
var (
	Metre      = Unit{"m", 1}
	Foot       = Unit{"ft", 0.3048}
	USFoot     = Unit{"ftUS", 1200.0 / 3937}
	Millimetre = Unit{"mm", 0.001}
)

// Degrees reports whether u is a unit of angle.
func (u Unit) Degrees() bool { return u.Metres == 0 }

// ParseUnit returns the unit named m, ft, ftUS or mm.
func ParseUnit(s string) (Unit, error) {
	for _, u := range []Unit{Metre, Foot, USFoot, Millimetre} {
		if strings.EqualFold(s, u.Name) {
			return u, nil
		}
	}
	return Unit{}, fmt.Errorf("%q is not a unit of length; use m, ft, ftUS or mm", s)
}

// CRS is a coordinate reference system. It is immutable and may be used from any goroutine.
type CRS struct {
	code, name string
	kind       Kind
	datum      string
	datumCode  int // EPSG code of the geographic CRS
	ell        ellipsoid
	meridian   float64 // longitude of the prime meridian, degrees
	unit       Unit
	angle      float64 // degrees a unit, of a geographic CRS
	northFirst bool
	area       box
	proj       projection
	method     int
	params     []float64
	zone       int
	turn       float64 // radians, of a local plane
	cx, cy     float64 // of a local plane: what lies at its place, metres
	given      *Shift  // stated by the installation
}

var (
	epsgName  = regexp.MustCompile(`(?i)^\s*(?:epsg[:/ ]*|urn:(?:x-)?ogc:def:crs:epsg:[^:]*:|https?://www\.opengis\.net/(?:def/crs/epsg/[^/]+/|gml/srs/epsg\.xml#))?(\d{4,6})\s*$`)
	crs84Name = regexp.MustCompile(`(?i)^\s*(?:(?:ogc[:/])?crs:?84h?|urn:ogc:def:crs:ogc:[^:]*:crs84h?|https?://www\.opengis\.net/def/crs/ogc/[^/]+/crs84h?|wgs ?84)\s*$`)
)

// Parse returns the CRS with a name: "EPSG:4549", its URN or URL, "OGC:CRS84", or "local:LON,LAT[,DEGREES]" for a drawing put down at a
// place, its x axis turned counter-clockwise from east. Of a compound or geographic 3D CRS it is the horizontal one: heights are on a
// datum that is named apart.
func Parse(name string) (*CRS, error) {
	if rest, ok := strings.CutPrefix(strings.TrimSpace(name), "local:"); ok {
		return parseLocal(rest)
	}
	if crs84Name.MatchString(name) {
		c, _ := epsg().geographic(4326)
		c.code, c.name, c.northFirst = "OGC:CRS84", "WGS 84 (longitude, latitude)", false
		return c, nil
	}
	m := epsgName.FindStringSubmatch(name)
	if m == nil {
		return nil, fmt.Errorf("%.80q is not the name of a CRS; use EPSG:n, or local:LON,LAT[,DEGREES] for a drawing without one", name)
	}
	code, err := strconv.Atoi(m[1])
	if err != nil {
		return nil, fmt.Errorf("%.80q is not the name of a CRS: %w", name, err)
	}
	t := epsg()
	if h, ok := t.horizontal[code]; ok {
		code = h
	}
	if c, ok := t.geographic(code); ok {
		return c, nil
	}
	if _, ok := t.projected[code]; ok {
		return t.project(code)
	}
	if line, ok := t.other[code]; ok {
		f := strings.Split(line, "\t")
		return nil, fmt.Errorf("EPSG:%d (%s) uses the projection method %q, which is not built in yet; transform the file to another CRS first", code, f[2], f[3])
	}
	return nil, fmt.Errorf("EPSG:%d is not in the table of CRSs (%s); check the number, or name a CRS of the same area", code, t.version)
}

func parseLocal(s string) (*CRS, error) {
	parts := strings.Split(s, ",")
	for i, p := range parts {
		parts[i] = strings.TrimSpace(p)
	}
	v := floats(parts)
	if len(v) < 2 || len(v) > 3 {
		return nil, fmt.Errorf("local:%.60s is not local:LON,LAT[,DEGREES]", s)
	}
	for i, limit := range []float64{180, 85, 360}[:len(v)] {
		if !(math.Abs(v[i]) <= limit) {
			return nil, fmt.Errorf("local:%.60s: %q is not a number of degrees between %g and %g", s, parts[i], -limit, limit)
		}
	}
	turn := 0.0
	if len(v) == 3 {
		turn = v[2]
	}
	return Local(v[0], v[1], turn), nil
}

// Local is the plane of a drawing put down at a place: x and y in metres from lon, lat, the x axis turned counter-clockwise from east by
// degrees. What is placed so is schematic.
func Local(lon, lat, degrees float64) *CRS {
	g, _ := epsg().geographic(4326)
	code := fmt.Sprintf("local:%s,%s", strconv.FormatFloat(lon, 'f', -1, 64), strconv.FormatFloat(lat, 'f', -1, 64))
	if degrees != 0 {
		code += "," + strconv.FormatFloat(degrees, 'f', -1, 64)
	}
	return &CRS{code: code, name: "drawing at a place", kind: LocalPlane, datum: g.datum, datumCode: 4326, ell: g.ell, unit: Metre,
		proj: newTransverseMercator(g.ell, []float64{lat, lon, 1, 0, 0}), turn: degrees * math.Pi / 180}
}

// Centred is the local plane c with the point x, y of the drawing, metres, at its place instead of the drawing's origin.
func (c *CRS) Centred(x, y float64) *CRS {
	d := *c
	d.cx, d.cy = x, y
	return &d
}

// Code is the CRS's name as Parse takes it ("EPSG:4549").
func (c *CRS) Code() string { return c.code }

// Name is what its authority calls it.
func (c *CRS) Name() string { return c.name }

// Kind is what its coordinates are.
func (c *CRS) Kind() Kind { return c.kind }

// IsSchematic reports whether what is placed by it is schematic.
func (c *CRS) IsSchematic() bool { return c.kind == LocalPlane }

// Unit is the unit of its coordinates.
func (c *CRS) Unit() Unit { return c.unit }

// NorthingFirst reports whether its definition names northing or latitude before easting or longitude.
func (c *CRS) NorthingFirst() bool { return c.northFirst }

// Area is its area of use, degrees; west > east where it crosses the antimeridian. ok is false when none is stated.
func (c *CRS) Area() (west, south, east, north float64, ok bool) {
	return c.area.w, c.area.s, c.area.e, c.area.n, c.area.known()
}

// Datum is the name of its datum.
func (c *CRS) Datum() string { return c.datum }

// Geographic is the geographic CRS on the same datum.
func (c *CRS) Geographic() *CRS {
	g, ok := epsg().geographic(c.datumCode)
	if !ok || c.kind == Geographic {
		return c
	}
	g.given = c.given
	return g
}

// PrimeMeridian is the longitude of its prime meridian from Greenwich, degrees.
func (c *CRS) PrimeMeridian() float64 { return c.meridian }

// ZonePrefix is the zone number that its eastings carry in front (38 for EPSG:4526), 0 for none.
func (c *CRS) ZonePrefix() int { return c.zone }

// errNotFinite is what every projection says of NaN and infinity.
var errNotFinite = errors.New("the coordinate is not a number")

// Forward projects longitude and latitude on the CRS's own datum (from Greenwich, degrees) to metres east and north. For a geographic CRS
// it returns degrees. South-orientated grids count west and south, as their definition does.
func (c *CRS) Forward(lon, lat float64) (e, n float64, err error) {
	if c.kind == Geographic {
		return lon, lat, nil
	}
	if !(math.Abs(lat) <= 90 && math.Abs(lon) <= 540) {
		return 0, 0, fmt.Errorf("longitude %g, latitude %g is no place on earth", lon, lat)
	}
	e, n = c.proj.forward(radians(lon-c.meridian), radians(lat))
	if !finite(e, n) {
		return 0, 0, fmt.Errorf("longitude %g, latitude %g cannot be projected by %s", lon, lat, c.code)
	}
	if c.turn != 0 {
		s, co := math.Sincos(c.turn)
		e, n = e*co+n*s, -e*s+n*co
	}
	return e + c.cx, n + c.cy, nil
}

// Inverse returns the longitude (from Greenwich) and latitude, degrees on the CRS's own datum, of a point given in metres east and north.
func (c *CRS) Inverse(e, n float64) (lon, lat float64, err error) {
	if !finite(e, n) {
		return 0, 0, errNotFinite
	}
	if c.kind == Geographic {
		return e, n, nil
	}
	e, n = e-c.cx, n-c.cy
	if c.turn != 0 {
		s, co := math.Sincos(c.turn)
		e, n = e*co-n*s, e*s+n*co
	}
	l, f := c.proj.inverse(e, n)
	if !finite(l, f) || math.Abs(f) > math.Pi/2+1e-9 || math.Abs(l) > 3*math.Pi {
		return 0, 0, fmt.Errorf("%.10g, %.10g is no point of %s", e, n, c.code)
	}
	return normal(degreesOf(l) + c.meridian), degreesOf(f), nil
}

func normal(lon float64) float64 {
	for lon > 180 {
		lon -= 360
	}
	for lon < -180 {
		lon += 360
	}
	return lon
}

func finite(vs ...float64) bool {
	for _, v := range vs {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

func radians(d float64) float64   { return d * math.Pi / 180 }
func degreesOf(r float64) float64 { return r * 180 / math.Pi }
