package crs

import (
	"errors"
	"fmt"
	"math"
)

// similarity takes one plane to another by four parameters.
type similarity struct {
	to       *CRS
	de, dn   float64 // metres
	cos, sin float64 // times the scale
}

// PlaneShift states a city's own four parameters from the plane of a projected CRS, or of the city's grid declared as one, to the plane of
// another: translation north and east in metres, rotation from north towards east in arc seconds, scale difference in parts per million. With X
// north and Y east that is X' = X₀ + m·(X·cos α − Y·sin α), Y' = Y₀ + m·(X·sin α + Y·cos α).
func PlaneShift(st Stated, to *CRS, north, east, rotation, ppm float64) (Shift, error) {
	if to == nil || to.kind != Projected {
		return Shift{}, errors.New("four parameters lead to the plane of a projected CRS; name it")
	}
	if !finite(north, east, rotation, ppm) || !(st.Accuracy >= 0) || !(ppm > -1e6) {
		return Shift{}, errors.New("a datum shift's parameters and accuracy must be numbers")
	}
	s, c := math.Sincos(rotation * arcsec)
	m := 1 + ppm*1e-6
	return Shift{Name: st.Name, Source: st.Source, Accuracy: st.Accuracy, plane: &similarity{to: to, de: east, dn: north, cos: m * c, sin: m * s}}, nil
}

func (p *similarity) apply(e, n float64) (float64, float64) {
	return p.de + n*p.sin + e*p.cos, p.dn + n*p.cos - e*p.sin
}

func (p *similarity) undo(e, n float64) (float64, float64) {
	e, n = e-p.de, n-p.dn
	m2 := p.cos*p.cos + p.sin*p.sin
	return (e*p.cos - n*p.sin) / m2, (e*p.sin + n*p.cos) / m2
}

// leg is the way from one CRS's datum to WGS 84.
type leg struct {
	crs      *CRS
	plane    *similarity // first, when four parameters are stated
	on       *CRS        // whose datum the seven parameters are of
	shift    Shift
	names    string
	accuracy float64 // metres; of the plane step alone while the datums behind are the same
}

func newLeg(c *CRS) (leg, error) {
	s, ok := c.ShiftToWGS84()
	if !ok {
		return leg{}, noShift(c)
	}
	if s.plane == nil {
		return leg{crs: c, on: c, shift: s}, nil
	}
	if c.kind != Projected {
		return leg{}, fmt.Errorf("four parameters hold between planes, and %s is none", c.code)
	}
	l := leg{crs: c, plane: s.plane, on: s.plane.to, names: s.label(), accuracy: s.Accuracy}
	if l.shift, ok = l.on.ShiftToWGS84(); !ok || l.shift.plane != nil {
		return leg{}, noShift(l.on)
	}
	return l, nil
}

func (s *Shift) label() string { return fmt.Sprintf("%s (%s)", s.Name, s.Source) }

// enter takes a position on the CRS's own datum to the one that the seven parameters are of, degrees.
func (l *leg) enter(lon, lat float64) (float64, float64) {
	if l.plane == nil {
		return lon, lat
	}
	return replant(l.crs, l.on, l.plane.apply, lon, lat)
}

// leave is the inverse of enter.
func (l *leg) leave(lon, lat float64) (float64, float64) {
	if l.plane == nil {
		return lon, lat
	}
	return replant(l.on, l.crs, l.plane.undo, lon, lat)
}

// replant projects a position, moves it in the plane, and takes it back to longitude and latitude.
func replant(from, to *CRS, move func(e, n float64) (float64, float64), lon, lat float64) (float64, float64) {
	e, n, err := from.Forward(lon, lat)
	if err == nil {
		lon, lat, err = to.Inverse(move(e, n))
	}
	if err != nil {
		return math.NaN(), math.NaN()
	}
	return lon, lat
}

// datumShift moves positions between the datums of two CRSs, through WGS 84 unless they are on the same.
type datumShift struct {
	same     bool // the same datum: nothing between a and b
	level    bool // b is the local datum, where the height is 0
	a, b     leg
	note     string
	accuracy float64
}

func newDatumShift(from, to *CRS) (*datumShift, error) {
	// A file on the installation's own datum needs no shift of its own; a grid that only borrows a CRS's name does.
	borrowed := to.given != nil && to.given.plane != nil
	if from.datumCode == to.datumCode && (sameGiven(from, to) || from.given == nil && !borrowed) {
		return &datumShift{same: true, a: leg{crs: from, on: from}, b: leg{crs: to, on: to}}, nil
	}
	d := &datumShift{}
	var err error
	if d.a, err = newLeg(from); err != nil {
		return nil, err
	}
	if d.b, err = newLeg(to); err != nil {
		return nil, err
	}
	d.level = d.a.shift.isNull() && !d.b.shift.isNull()
	d.same = d.a.shift == d.b.shift && d.a.on.ell == d.b.on.ell
	d.accuracy = math.Hypot(d.a.accuracy, d.b.accuracy)
	names := []string{d.a.names, d.b.names}
	if !d.same {
		d.accuracy = math.Hypot(d.accuracy, math.Hypot(d.a.shift.Accuracy, d.b.shift.Accuracy))
		names = []string{d.a.names, d.a.shift.label(), d.b.shift.label(), d.b.names}
	}
	d.describe(names)
	return d, nil
}

// describe writes the note from the names of the steps that say anything.
func (d *datumShift) describe(names []string) {
	steps := ""
	for _, n := range names {
		if n == "" || n == "WGS 84 (definition)" {
			continue
		}
		if steps != "" {
			steps += " and "
		}
		steps += n
	}
	switch {
	case steps == "":
	case math.IsNaN(d.accuracy):
		d.note = "datum shift by " + steps + ", whose source states no accuracy"
	default:
		d.note = fmt.Sprintf("datum shift by %s, stated accuracy %.2g m", steps, d.accuracy)
	}
}

func noShift(c *CRS) error {
	return fmt.Errorf("no datum shift from %s (%s) to WGS 84 is known for its area; state the city's own seven or four parameters with --shift, or use a file on CGCS2000", c.datum, c.code)
}

// move returns longitude and latitude, degrees, on the datum of to. The height is taken as 0 on the local datum, whose ellipsoid lies near the
// ground: at 1,000 m a shift of 150 m then errs by 2.4 cm, far below its stated accuracy. Both ways take it on the same side, so that there and
// back is the same place.
func (d *datumShift) move(lon, lat float64) (float64, float64) {
	lon, lat = d.a.enter(lon, lat)
	if !d.same {
		l, f, h := d.through(lon, lat, 0)
		if d.level {
			up := -h // a height of the one is a height of the other but for parts in a million
			_, _, h = d.through(lon, lat, up)
			l, f, _ = d.through(lon, lat, up-h)
		}
		lon, lat = l, f
	}
	return d.b.leave(lon, lat)
}

// through goes from the datum of a to that of b; degrees and metres.
func (d *datumShift) through(lon, lat, h float64) (float64, float64, float64) {
	x, y, z := d.a.on.ell.cartesian(radians(lon), radians(lat), h)
	x, y, z = d.a.shift.apply(x, y, z)
	x, y, z = d.b.shift.undo(x, y, z)
	l, f, h := d.b.on.ell.geodetic(x, y, z)
	return degreesOf(l), degreesOf(f), h
}
