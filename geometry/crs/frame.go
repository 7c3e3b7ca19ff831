package crs

import (
	"errors"
	"fmt"
	"math"

	"github.com/undercity/undercity/geometry"
)

// Frame is the coordinate frame of an installation: a projected CRS in metres, a named vertical datum, and the constant separation
// that turns its heights into ellipsoidal ones for display. Make it with NewFrame; it is immutable then.
type Frame struct {
	CRS           *CRS
	VerticalDatum string  // name, e.g. "1985国家高程基准"; never converted silently
	Separation    float64 // metres, ellipsoidal height = height + Separation; display only
	toWGS84       *datumShift
	fromWGS84     *datumShift
}

// NewFrame makes a frame. The CRS must be projected, in metres, counted east and north, and have a known shift to WGS 84.
func NewFrame(c *CRS, verticalDatum string, separation float64) (*Frame, error) {
	if c == nil {
		return nil, errors.New("an installation's frame needs a CRS")
	}
	if _, south := c.proj.(southOrientated); c.kind != Projected || c.unit != Metre || south {
		return nil, fmt.Errorf("%s cannot be an installation's frame, which must be a projected CRS in metres, east and north", c.code)
	}
	if l, ok := c.proj.(*lambert); ok && l.west {
		return nil, fmt.Errorf("%s counts westwards and cannot be an installation's frame", c.code)
	}
	if !finite(separation) || math.Abs(separation) > 200 {
		return nil, errors.New("a separation of the height datum from the ellipsoid is at most 200 m")
	}
	wgs, _ := epsg().geographic(4326)
	to, err := newDatumShift(c, wgs)
	if err != nil {
		return nil, err
	}
	from, err := newDatumShift(wgs, c)
	if err != nil {
		return nil, err
	}
	return &Frame{CRS: c, VerticalDatum: verticalDatum, Separation: separation, toWGS84: to, fromWGS84: from}, nil
}

// FrameFor is the projected CRS chosen for a site whose files bring none that fits: CGCS2000 in 3° zones without prefix inside China, else WGS 84 / UTM.
func FrameFor(lon, lat float64) *CRS {
	if nearChina(lon, lat) {
		zone := min(45, max(25, int(math.Round(lon/3)))) // CM 75°E (EPSG:4534) to 135°E (EPSG:4554)
		if c, err := epsg().project(4534 + zone - 25); err == nil {
			return c
		}
	}
	zone := min(60, max(1, int(math.Floor((normal(lon)+180)/6))+1))
	code := 32600 + zone
	if lat < 0 {
		code += 100
	}
	c, err := epsg().project(code)
	if err != nil {
		panic(err) // a test reads every definition
	}
	return c
}

// LonLat returns WGS 84 (CGCS2000) longitude and latitude, degrees, of a point of the plane.
func (f *Frame) LonLat(e, n float64) (lon, lat float64) {
	lon, lat, err := f.CRS.Inverse(e, n)
	if err != nil {
		return math.NaN(), math.NaN()
	}
	return f.toWGS84.move(lon, lat)
}

// Plane returns the point of the plane at a WGS 84 longitude and latitude, degrees.
func (f *Frame) Plane(lon, lat float64) (e, n float64, err error) {
	if !finite(lon, lat) {
		return 0, 0, errNotFinite
	}
	return f.CRS.Forward(f.fromWGS84.move(lon, lat))
}

// ECEF returns geocentric WGS 84 coordinates, metres, for display.
func (f *Frame) ECEF(p geometry.Point) [3]float64 {
	lon, lat := f.LonLat(p.E, p.N)
	x, y, z := wgs84.cartesian(radians(lon), radians(lat), p.H+f.Separation)
	return [3]float64{x, y, z}
}

var wgs84 = newEllipsoid(6378137, 298.257223563)

// Convergence returns the angle from true north to grid north, radians, positive clockwise, and the scale of the projection at a point.
func (f *Frame) Convergence(e, n float64) (gamma, k float64) {
	const d = 50 // metres; the projections are smooth over a city block
	lon0, lat0 := f.LonLat(e, n)
	lon1, lat1 := f.LonLat(e, n-d)
	lon2, lat2 := f.LonLat(e, n+d)
	x1, y1, z1 := wgs84.cartesian(radians(lon1), radians(lat1), 0)
	x2, y2, z2 := wgs84.cartesian(radians(lon2), radians(lat2), 0)
	east, north := tangent(radians(lon0), radians(lat0))
	v := [3]float64{x2 - x1, y2 - y1, z2 - z1}
	de, dn := dot(v, east), dot(v, north)
	return math.Atan2(de, dn), 2 * d / math.Hypot(de, dn)
}

func tangent(lon, lat float64) (east, north [3]float64) {
	sl, cl := math.Sincos(lon)
	sf, cf := math.Sincos(lat)
	return [3]float64{-sl, cl, 0}, [3]float64{-sf * cl, -sf * sl, cf}
}

func dot(a, b [3]float64) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

// LocalToECEF returns the column-major 4 × 4 matrix that takes east, north and up in metres of the plane, counted from origin, to
// geocentric coordinates: turned by the meridian convergence and scaled by 1/k. Away from the origin the earth falls below it by
// d²/12,742 km.
func (f *Frame) LocalToECEF(origin geometry.Point) [16]float64 {
	gamma, k := f.Convergence(origin.E, origin.N)
	lon, lat := f.LonLat(origin.E, origin.N)
	east, north := tangent(radians(lon), radians(lat))
	sl, cl := math.Sincos(radians(lon))
	sf, cf := math.Sincos(radians(lat))
	up := [3]float64{cf * cl, cf * sl, sf}
	s, c := math.Sincos(gamma)
	o := f.ECEF(origin)
	var m [16]float64
	for i := range 3 {
		m[i] = (c*east[i] - s*north[i]) / k // grid east
		m[4+i] = (s*east[i] + c*north[i]) / k
		m[8+i] = up[i]
		m[12+i] = o[i]
	}
	m[15] = 1
	return m
}
