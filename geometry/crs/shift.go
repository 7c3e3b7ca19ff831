package crs

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Shift is a datum shift to WGS 84: seven stated parameters (position vector, EPSG method 9606), or four between two planes.
type Shift struct {
	Name     string
	Source   string      // "EPSG:15934", or the installation's configuration
	Accuracy float64     // metres, as its source states it; NaN when it states none
	params   [7]float64  // metres, radians, scale difference
	plane    *similarity // four parameters instead
	text     string      // as ParseShift reads it
}

// Stated is where a datum shift comes from and how good it is said to be.
type Stated struct {
	Name     string
	Source   string  // who says so
	Accuracy float64 // metres
}

const arcsec = math.Pi / 180 / 3600

// HelmertShift states a city's own seven parameters to WGS 84 (CGCS2000): translations in metres, rotations in arc seconds in the position
// vector convention, scale difference in parts per million.
func HelmertShift(st Stated, t, r [3]float64, ppm float64) (Shift, error) {
	if !finite(t[0], t[1], t[2], r[0], r[1], r[2], ppm) || !(st.Accuracy >= 0) {
		return Shift{}, errors.New("a datum shift's parameters and accuracy must be numbers")
	}
	return Shift{Name: st.Name, Source: st.Source, Accuracy: st.Accuracy,
		params: [7]float64{t[0], t[1], t[2], r[0] * arcsec, r[1] * arcsec, r[2] * arcsec, ppm * 1e-6}}, nil
}

// WithShift returns c with the installation's own shift to WGS 84 (Beijing 1954, Xian 1980 and city datums have none that is public and good).
func (c *CRS) WithShift(s Shift) *CRS {
	d := *c
	d.given = &s
	return &d
}

func (s *Shift) isNull() bool { return s.params == [7]float64{} && s.plane == nil }

// apply moves geocentric coordinates to WGS 84.
func (s *Shift) apply(x, y, z float64) (float64, float64, float64) {
	p := &s.params
	m := 1 + p[6]
	return p[0] + m*(x-p[5]*y+p[4]*z), p[1] + m*(p[5]*x+y-p[3]*z), p[2] + m*(-p[4]*x+p[3]*y+z)
}

// undo is the exact inverse of apply.
func (s *Shift) undo(x, y, z float64) (float64, float64, float64) {
	p := &s.params
	m := 1 + p[6]
	x, y, z = (x-p[0])/m, (y-p[1])/m, (z-p[2])/m
	a, b, c := p[3], p[4], p[5]
	// Cramer's rule on [1 -c b; c 1 -a; -b a 1].
	d := 1 + a*a + b*b + c*c
	return ((1+a*a)*x + (c+a*b)*y + (a*c-b)*z) / d,
		((a*b-c)*x + (1+b*b)*y + (a+b*c)*z) / d,
		((b+a*c)*x + (b*c-a)*y + (1+c*c)*z) / d
}

// sameAsWGS84 are geographic CRSs that EPSG gives no Helmert row for in every edition, but whose frames agree with WGS 84 within what is
// stated: realisations of ITRF, and of NAD83, which lies up to 2 m from it.
var sameAsWGS84 = map[int]Shift{
	4326: {Name: "WGS 84", Source: "definition", Accuracy: 0},
	4490: {Name: "CGCS2000 to WGS 84 as equal", Source: "null shift; realisation of ITRF at epoch 2000.0", Accuracy: 1},
	6668: {Name: "JGD2011 to WGS 84 as equal", Source: "null shift; realisation of ITRF", Accuracy: 1},
	6318: {Name: "NAD83(2011) to WGS 84 as equal", Source: "null shift", Accuracy: 2},
	6783: {Name: "NAD83(CORS96) to WGS 84 as equal", Source: "null shift", Accuracy: 2},
	4759: {Name: "NAD83(NSRS2007) to WGS 84 as equal", Source: "null shift", Accuracy: 2},
	6322: {Name: "NAD83(PA11) to WGS 84 as equal", Source: "null shift", Accuracy: 3},
	6325: {Name: "NAD83(MA11) to WGS 84 as equal", Source: "null shift", Accuracy: 3},
	4140: csrs, 8237: csrs, 8240: csrs, 8246: csrs, 8252: csrs, 8255: csrs,
	9470: {Name: "SRGI2013 to WGS 84 as equal", Source: "null shift; realisation of ITRF", Accuracy: 1},
	7844: {Name: "GDA2020 to WGS 84 as equal", Source: "null shift; realisation of ITRF", Accuracy: 3},
}

var csrs = Shift{Name: "NAD83(CSRS) to WGS 84 as equal", Source: "null shift", Accuracy: 2}

// ShiftToWGS84 is how the CRS's datum goes to WGS 84: the installation's own parameters, else the most accurate of EPSG's that covers the CRS's
// area of use. ok is false when none does.
func (c *CRS) ShiftToWGS84() (Shift, bool) {
	if c.given != nil {
		return *c.given, true
	}
	datum := c.datumCode
	if g, ok := epsg().greenwich[datum]; ok {
		datum = g
	}
	if s, ok := sameAsWGS84[datum]; ok {
		return s, true
	}
	var fit, null []shiftLine
	for _, s := range epsg().shifts[datum] {
		if c.covered(s.area) {
			fit = append(fit, s)
		}
		if s.shift.isNull() {
			null = append(null, s)
		}
	}
	// EPSG cuts some null shifts into areas (NAD83); a CRS across two of them takes the poorer accuracy.
	if len(fit) == 0 && len(null) > 0 {
		return slices.MaxFunc(null, byAccuracy).shift, true
	}
	if len(fit) == 0 {
		return Shift{}, false
	}
	return slices.MinFunc(fit, byAccuracy).shift, true
}

// byAccuracy puts the most accurate first, and of equals the latest edition: EPSG numbers them "(1)", "(2)".
func byAccuracy(a, b shiftLine) int {
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(edition(b), edition(a)))
}

func edition(s shiftLine) int {
	i := strings.LastIndexByte(s.shift.Name, '(')
	n := 0
	if _, err := fmt.Sscanf(s.shift.Name[max(0, i):], "(%d)", &n); err != nil {
		return 0 // without a number it is the first
	}
	return n
}

func rank(s shiftLine) float64 {
	if math.IsNaN(s.shift.Accuracy) {
		return 1e6
	}
	return s.shift.Accuracy
}

// covered reports whether an area holds the CRS's own, by and large: half a degree is not held against it.
func (c *CRS) covered(b box) bool {
	if !c.area.known() {
		return false
	}
	lon, lat := c.area.center()
	return b.contains(c.area.w, c.area.s, 0.5) && b.contains(c.area.e, c.area.n, 0.5) && b.contains(normal(lon), lat, 0.5)
}
