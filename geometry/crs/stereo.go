package crs

import "math"

// obliqueStereographic is EPSG method 9809 (guidance note 7-2, 3.2.6): the ellipsoid on a conformal sphere, the sphere on a plane.
type obliqueStereographic struct {
	l          ellipsoid
	lon0       float64 // of the origin
	chi0       float64 // conformal latitude of the origin on the sphere
	n, c       float64
	r2k        float64 // twice the sphere's radius × scale factor
	fe, fn     float64
	sin0, cos0 float64
}

// newObliqueStereographic takes latitude and longitude of origin, scale factor, false easting and northing.
func newObliqueStereographic(l ellipsoid, p []float64) projection {
	o := &obliqueStereographic{l: l, lon0: radians(p[1]), fe: p[3], fn: p[4]}
	s, co := math.Sincos(radians(p[0]))
	rho := l.a * (1 - l.e2) / math.Pow(1-l.e2*s*s, 1.5)
	nu := l.a / math.Sqrt(1-l.e2*s*s)
	o.r2k = 2 * math.Sqrt(rho*nu) * p[2]
	o.n = math.Sqrt(1 + l.e2*co*co*co*co/(1-l.e2))
	w1 := o.w(radians(p[0]), 1)
	chi := (w1 - 1) / (w1 + 1)
	o.c = (o.n + s) * (1 - chi) / ((o.n - s) * (1 + chi))
	w2 := o.c * w1
	o.chi0 = math.Asin((w2 - 1) / (w2 + 1))
	o.sin0, o.cos0 = math.Sincos(o.chi0)
	return o
}

func (o *obliqueStereographic) w(lat, c float64) float64 {
	s := math.Sin(lat)
	return c * math.Pow((1+s)/(1-s)*math.Pow((1-o.l.e*s)/(1+o.l.e*s), o.l.e), o.n)
}

func (o *obliqueStereographic) forward(lon, lat float64) (e, n float64) {
	w := o.w(lat, o.c)
	sin := (w - 1) / (w + 1)
	cos := math.Sqrt(max(0, 1-sin*sin))
	sd, cd := math.Sincos(o.n * math.Remainder(lon-o.lon0, 2*math.Pi))
	b := 1 + sin*o.sin0 + cos*o.cos0*cd
	return o.fe + o.r2k*cos*sd/b, o.fn + o.r2k*(sin*o.cos0-cos*o.sin0*cd)/b
}

func (o *obliqueStereographic) inverse(e, n float64) (lon, lat float64) {
	x, y := e-o.fe, n-o.fn
	rho := math.Hypot(x, y)
	if rho == 0 {
		return o.lon0, o.geodetic(o.sin0)
	}
	sc, cc := math.Sincos(2 * math.Atan(rho/o.r2k))
	sin := cc*o.sin0 + y*sc*o.cos0/rho
	d := math.Atan2(x*sc, rho*o.cos0*cc-y*o.sin0*sc)
	return o.lon0 + d/o.n, o.geodetic(sin)
}

// geodetic returns the latitude whose conformal latitude on the sphere has the given sine.
func (o *obliqueStereographic) geodetic(sin float64) float64 {
	psi := math.Log((1+sin)/(o.c*(1-sin))) / (2 * o.n)
	return math.Atan(o.l.geodeticTan(math.Sinh(psi)))
}
