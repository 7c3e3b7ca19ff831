package crs

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Shift is a datum shift to WGS 84 by seven stated parameters (position vector, EPSG method 9606).
type Shift struct {
	Name     string
	Source   string     // "EPSG:15934", or the installation's configuration
	Accuracy float64    // metres, as its source states it; NaN when it states none
	params   [7]float64 // metres, radians, scale difference
}

// HelmertShift states a city's own parameters: translations in metres, rotations in arc seconds in the position vector convention, scale
// difference in parts per million.
func HelmertShift(name, source string, accuracy float64, t, r [3]float64, ppm float64) (Shift, error) {
	if !finite(t[0], t[1], t[2], r[0], r[1], r[2], ppm) || !(accuracy >= 0) {
		return Shift{}, errors.New("a datum shift's parameters and accuracy must be numbers")
	}
	const arcsec = math.Pi / 180 / 3600
	return Shift{Name: name, Source: source, Accuracy: accuracy,
		params: [7]float64{t[0], t[1], t[2], r[0] * arcsec, r[1] * arcsec, r[2] * arcsec, ppm * 1e-6}}, nil
}

// WithShift returns c with the installation's own shift to WGS 84 (Beijing 1954, Xian 1980 and city datums have none that is public and good).
func (c *CRS) WithShift(s Shift) *CRS {
	d := *c
	d.given = &s
	return &d
}

func (s *Shift) isNull() bool { return s.params == [7]float64{} }

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

// sameAsWGS84 are geographic CRSs that EPSG gives no Helmert row for but whose frames agree with WGS 84 within what is stated.
var sameAsWGS84 = map[int]Shift{
	4326: {Name: "WGS 84", Source: "definition", Accuracy: 0},
	4490: {Name: "CGCS2000 to WGS 84 as equal", Source: "EPSG:15936-like null shift; both are realisations of ITRF", Accuracy: 1},
	6668: {Name: "JGD2011 to WGS 84 as equal", Source: "null shift; realisation of ITRF", Accuracy: 1},
	6318: {Name: "NAD83(2011) to WGS 84 as equal", Source: "null shift", Accuracy: 2},
	6783: {Name: "NAD83(CORS96) to WGS 84 as equal", Source: "null shift", Accuracy: 2},
	4759: {Name: "NAD83(NSRS2007) to WGS 84 as equal", Source: "null shift", Accuracy: 2},
	7844: {Name: "GDA2020 to WGS 84 as equal", Source: "null shift; realisation of ITRF", Accuracy: 3},
}

// ShiftToWGS84 is how the CRS's datum goes to WGS 84: the installation's own parameters, else the most accurate of EPSG's that covers the CRS's
// area of use. ok is false when none does.
func (c *CRS) ShiftToWGS84() (Shift, bool) {
	if c.given != nil {
		return *c.given, true
	}
	if s, ok := sameAsWGS84[c.datumCode]; ok {
		return s, true
	}
	var fit []shiftLine
	for _, s := range epsg().shifts[c.datumCode] {
		if c.covered(s.area) {
			fit = append(fit, s)
		}
	}
	if len(fit) == 0 {
		return Shift{}, false
	}
	best := slices.MinFunc(fit, func(a, b shiftLine) int { return cmp.Compare(rank(a), rank(b)) })
	return best.shift, true
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

// datumShift moves positions between the datums of two CRSs through WGS 84.
type datumShift struct {
	none     bool
	from, to *CRS
	a, b     Shift
	accuracy float64
}

func newDatumShift(from, to *CRS) (*datumShift, error) {
	d := &datumShift{from: from, to: to}
	if from.datumCode == to.datumCode && from.given == nil && to.given == nil {
		d.none = true
		return d, nil
	}
	var ok bool
	if d.a, ok = from.ShiftToWGS84(); !ok {
		return nil, noShift(from)
	}
	if d.b, ok = to.ShiftToWGS84(); !ok {
		return nil, noShift(to)
	}
	d.accuracy = math.Hypot(known(d.a.Accuracy), known(d.b.Accuracy))
	d.none = d.a.isNull() && d.b.isNull() && from.ell == to.ell
	return d, nil
}

func known(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}

func noShift(c *CRS) error {
	return fmt.Errorf("no datum shift from %s (%s) to WGS 84 is known for its area; state the city's own seven parameters in the configuration, or use a file on CGCS2000", c.datum, c.code)
}

// move returns longitude and latitude, degrees, on the datum of to. The height is taken as 0: over a city's range of heights that moves nothing by
// more than a millimetre.
func (d *datumShift) move(lon, lat float64) (float64, float64) {
	if d.none {
		return lon, lat
	}
	x, y, z := d.from.ell.cartesian(radians(lon), radians(lat), 0)
	x, y, z = d.a.apply(x, y, z)
	x, y, z = d.b.undo(x, y, z)
	l, f, _ := d.to.ell.geodetic(x, y, z)
	return degreesOf(l), degreesOf(f)
}
