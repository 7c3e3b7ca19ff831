package crs

import (
	"math"
	"math/cmplx"
)

// transverseMercator is EPSG method 9807 (guidance note 7-2, 3.2.3) by Krüger's series to the sixth order in the third flattening
// (Karney 2011, eq. 35 and 36): below a micrometre within 10° of the central meridian, below a millimetre within 30°.
type transverseMercator struct {
	l           ellipsoid
	lon0        float64
	scale       float64 // k0 × rectifying radius
	fe, fn      float64 // fn includes the northing of the latitude of origin
	alpha, beta [7]float64
}

// newTransverseMercator takes latitude and longitude of origin, scale factor, false easting and northing.
func newTransverseMercator(l ellipsoid, p []float64) *transverseMercator {
	t := &transverseMercator{l: l, lon0: radians(p[1]), fe: p[3], fn: p[4]}
	n := l.n
	n2, n3, n4, n5, n6 := n*n, n*n*n, n*n*n*n, n*n*n*n*n, n*n*n*n*n*n
	t.scale = p[2] * l.a / (1 + n) * (1 + n2/4 + n4/64 + n6/256)
	t.alpha = [7]float64{0,
		n/2 - n2*2/3 + n3*5/16 + n4*41/180 - n5*127/288 + n6*7891/37800,
		n2*13/48 - n3*3/5 + n4*557/1440 + n5*281/630 - n6*1983433/1935360,
		n3*61/240 - n4*103/140 + n5*15061/26880 + n6*167603/181440,
		n4*49561/161280 - n5*179/168 + n6*6601661/7257600,
		n5*34729/80640 - n6*3418889/1995840,
		n6 * 212378941 / 319334400,
	}
	t.beta = [7]float64{0,
		n/2 - n2*2/3 + n3*37/96 - n4/360 - n5*81/512 + n6*96199/604800,
		n2/48 + n3/15 - n4*437/1440 + n5*46/105 - n6*1118711/3870720,
		n3*17/480 - n4*37/840 - n5*209/4480 + n6*5569/90720,
		n4*4397/161280 - n5*11/504 - n6*830251/7257600,
		n5*4583/161280 - n6*108847/3991680,
		n6 * 20648693 / 638668800,
	}
	_, n0 := t.forward(t.lon0, radians(p[0]))
	t.fn -= n0 - t.fn
	return t
}

// tmReach is how far from the central meridian, in radians of the plane (82° on the equator), the series is asked at all: further out it means
// nothing, and its hyperbolic functions overflow. PROJ draws the same line.
const tmReach = 2.623395162778

// clenshaw sums c[j]·sin(2j·z) for j from 1 to 6.
func clenshaw(c *[7]float64, z complex128) complex128 {
	x := 2 * cmplx.Cos(2*z)
	var b1, b2 complex128
	for j := 6; j >= 1; j-- {
		b1, b2 = x*b1-b2+complex(c[j], 0), b1
	}
	return b1 * cmplx.Sin(2*z)
}

func (t *transverseMercator) forward(lon, lat float64) (e, n float64) {
	d := math.Remainder(lon-t.lon0, 2*math.Pi)
	taup := t.l.conformalTan(math.Tan(lat))
	s, c := math.Sincos(d)
	z := complex(math.Atan2(taup, c), math.Asinh(s/math.Hypot(taup, c)))
	if !(math.Abs(imag(z)) <= tmReach) {
		return math.NaN(), math.NaN()
	}
	z += clenshaw(&t.alpha, z)
	return t.fe + t.scale*imag(z), t.fn + t.scale*real(z)
}

func (t *transverseMercator) inverse(e, n float64) (lon, lat float64) {
	z := complex((n-t.fn)/t.scale, (e-t.fe)/t.scale)
	if math.Abs(imag(z)) > tmReach || math.Abs(real(z)) > 2*math.Pi {
		return math.NaN(), math.NaN()
	}
	z -= clenshaw(&t.beta, z)
	xi, eta := real(z), imag(z)
	sh := math.Sinh(eta)
	s, c := math.Sincos(xi)
	return t.lon0 + math.Atan2(sh, c), math.Atan(t.l.geodeticTan(s / math.Hypot(sh, c)))
}

// southOrientated is EPSG method 9808: the same grid counted westwards and southwards.
type southOrientated struct {
	t      *transverseMercator
	fe, fn float64 // false westing and southing
}

func newSouthOrientated(l ellipsoid, p []float64) projection {
	return southOrientated{newTransverseMercator(l, p), p[3], p[4]}
}

func (s southOrientated) forward(lon, lat float64) (w, so float64) {
	e, n := s.t.forward(lon, lat)
	return 2*s.fe - e, 2*s.fn - n
}

func (s southOrientated) inverse(w, so float64) (lon, lat float64) {
	return s.t.inverse(2*s.fe-w, 2*s.fn-so)
}
