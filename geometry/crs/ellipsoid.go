package crs

import "math"

// ellipsoid is a figure of the earth: a in metres, eccentricity e, flattening f, third flattening n.
type ellipsoid struct{ a, f, e2, e, n float64 }

func newEllipsoid(a, inverseFlattening float64) ellipsoid {
	l := ellipsoid{a: a}
	if inverseFlattening != 0 {
		l.f = 1 / inverseFlattening
	}
	l.e2 = l.f * (2 - l.f)
	l.e = math.Sqrt(l.e2)
	l.n = l.f / (2 - l.f)
	return l
}

// conformalTan returns the tangent of the conformal latitude whose geodetic latitude has the tangent tau (Karney 2011, eq. 7).
func (l ellipsoid) conformalTan(tau float64) float64 {
	sigma := math.Sinh(l.e * math.Atanh(l.e*tau/math.Hypot(1, tau)))
	return tau*math.Hypot(1, sigma) - sigma*math.Hypot(1, tau)
}

// geodeticTan is the inverse of conformalTan, by Newton's method (Karney 2011, eq. 19–21).
func (l ellipsoid) geodeticTan(taup float64) float64 {
	tau := taup / (1 - l.e2)
	for range 6 {
		t := l.conformalTan(tau)
		d := (taup - t) / math.Hypot(1, t) * (1 + (1-l.e2)*tau*tau) / ((1 - l.e2) * math.Hypot(1, tau))
		tau += d
		if !(math.Abs(d) > 1e-15*max(1, math.Abs(tau))) {
			break
		}
	}
	return tau
}

// cartesian returns geocentric coordinates of a position, metres; angles in radians.
func (l ellipsoid) cartesian(lon, lat, h float64) (x, y, z float64) {
	s, c := math.Sincos(lat)
	nu := l.a / math.Sqrt(1-l.e2*s*s)
	sl, cl := math.Sincos(lon)
	return (nu + h) * c * cl, (nu + h) * c * sl, (nu*(1-l.e2) + h) * s
}

// geodetic returns the position of geocentric coordinates; angles in radians. Bowring's start and two iterations: below 1 nm near the
// surface.
func (l ellipsoid) geodetic(x, y, z float64) (lon, lat, h float64) {
	p := math.Hypot(x, y)
	b := l.a * (1 - l.f)
	beta := math.Atan2(z*l.a, p*b)
	for range 3 {
		sb, cb := math.Sincos(beta)
		lat = math.Atan2(z+l.e2/(1-l.e2)*b*sb*sb*sb, p-l.e2*l.a*cb*cb*cb)
		s, c := math.Sincos(lat)
		beta = math.Atan2((1-l.f)*s, c)
	}
	s, c := math.Sincos(lat)
	nu := l.a / math.Sqrt(1-l.e2*s*s)
	return math.Atan2(y, x), lat, p*c + (z+l.e2*nu*s)*s - nu
}
