package crs

import "math"

// lambert is the Lambert conformal conic family (guidance note 7-2, 3.1.1): EPSG methods 9801, 9802, 9803, 9826 and 1051, which differ in how the
// cone is stated and in which way the plane is counted.
type lambert struct {
	l      ellipsoid
	lon0   float64
	n, aF  float64 // cone constant; ellipsoid's radius × F × scale, metres
	r0     float64 // radius of the origin
	fe, fn float64
	turn   float64 // Belgium: added to the angle, radians
	west   bool    // counted westwards
}

func (c *lambert) t(lat float64) float64 {
	s := math.Sin(lat)
	return math.Tan(math.Pi/4-lat/2) * math.Exp(c.l.e*math.Atanh(c.l.e*s))
}

func (c *lambert) m(lat float64) float64 {
	s, co := math.Sincos(lat)
	return co / math.Sqrt(1-c.l.e2*s*s)
}

func (c *lambert) radius(lat float64) float64 { return c.aF * math.Pow(max(c.t(lat), 0), c.n) }

// newLambert1SP takes latitude and longitude of origin, scale factor, false easting and northing.
func newLambert1SP(l ellipsoid, p []float64) projection { return oneParallel(l, p) }

func oneParallel(l ellipsoid, p []float64) *lambert {
	c := &lambert{l: l, lon0: radians(p[1]), fe: p[3], fn: p[4]}
	lat0 := radians(p[0])
	c.n = math.Sin(lat0)
	c.aF = p[2] * l.a * c.m(lat0) / (c.n * math.Pow(c.t(lat0), c.n))
	c.r0 = c.radius(lat0)
	return c
}

func newLambertWest(l ellipsoid, p []float64) projection {
	c := oneParallel(l, p)
	c.west = true
	return c
}

// newLambert2SP takes latitude and longitude of the false origin, both standard parallels, easting and northing at the false origin.
func newLambert2SP(l ellipsoid, p []float64) projection { return twoParallels(l, p) }

func twoParallels(l ellipsoid, p []float64) *lambert {
	c := &lambert{l: l, lon0: radians(p[1]), fe: p[4], fn: p[5]}
	lat0, lat1, lat2 := radians(p[0]), radians(p[2]), radians(p[3])
	c.n = math.Sin(lat1)
	if lat1 != lat2 {
		c.n = (math.Log(c.m(lat1)) - math.Log(c.m(lat2))) / (math.Log(c.t(lat1)) - math.Log(c.t(lat2)))
	}
	c.aF = l.a * c.m(lat1) / (c.n * math.Pow(c.t(lat1), c.n))
	if math.Abs(math.Abs(p[0])-90) > 1e-9 {
		c.r0 = c.radius(lat0)
	}
	return c
}

// belgianTurn is the rotation of method 9803, 29.2985″.
const belgianTurn = 29.2985 / 3600 * math.Pi / 180

func newLambertBelgium(l ellipsoid, p []float64) projection {
	c := twoParallels(l, p)
	c.turn = -belgianTurn
	return c
}

// newLambertMichigan takes an ellipsoid scaling factor besides.
func newLambertMichigan(l ellipsoid, p []float64) projection {
	c := twoParallels(l, p)
	c.aF *= p[6]
	c.r0 *= p[6]
	return c
}

func (c *lambert) forward(lon, lat float64) (e, n float64) {
	r := c.radius(lat)
	theta := c.n*math.Remainder(lon-c.lon0, 2*math.Pi) + c.turn
	s, co := math.Sincos(theta)
	if c.west {
		s = -s
	}
	return c.fe + r*s, c.fn + c.r0 - r*co
}

func (c *lambert) inverse(e, n float64) (lon, lat float64) {
	x, y := e-c.fe, c.r0-(n-c.fn)
	if c.west {
		x = -x
	}
	r := math.Copysign(math.Hypot(x, y), c.n)
	t := math.Pow(r/c.aF, 1/c.n)
	theta := math.Atan2(math.Copysign(1, c.n)*x, math.Copysign(1, c.n)*y) - c.turn
	// The isometric latitude gives the conformal latitude, and that the geodetic one.
	return c.lon0 + theta/c.n, math.Atan(c.l.geodeticTan(math.Sinh(-math.Log(t))))
}
