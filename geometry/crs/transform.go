package crs

import (
	"errors"
	"fmt"
	"math"
)

// Source is how a file's coordinates are to be read.
type Source struct {
	CRS  *CRS
	Unit *Unit // nil: the CRS's own
}

// unit is metres a file unit, or 0 for degrees.
func (s Source) unit() float64 {
	if s.Unit != nil {
		return s.Unit.Metres
	}
	return s.CRS.unit.Metres
}

func (s Source) check() error {
	if s.CRS == nil {
		return errors.New("the file names no CRS; say which with --crs EPSG:n, or --crs local:LON,LAT for a drawing without one")
	}
	if s.CRS.kind == Geographic && s.Unit != nil && !s.Unit.Degrees() {
		return fmt.Errorf("%s is in degrees, so a unit of length makes no sense; leave --crs-unit out", s.CRS.code)
	}
	return nil
}

// Transform turns a file's coordinates into an installation's plane. It may be used from any goroutine.
type Transform struct {
	src   Source
	unit  float64
	frame *Frame
	shift *datumShift
	same  bool // the file's plane is the frame's
}

// NewTransform returns the transform from src to frame; it fails when no datum shift between the two is known.
func NewTransform(src Source, frame *Frame) (*Transform, error) {
	if err := src.check(); err != nil {
		return nil, err
	}
	if frame == nil {
		return nil, errors.New("a transform needs the installation's frame")
	}
	d, err := newDatumShift(src.CRS, frame.CRS)
	if err != nil {
		return nil, err
	}
	t := &Transform{src: src, unit: src.unit(), frame: frame, shift: d}
	t.same = src.CRS.kind == Projected && src.CRS.code == frame.CRS.code && (src.CRS.given == nil || sameGiven(src.CRS, frame.CRS))
	return t, nil
}

// Accuracy is the accuracy that the sources of the datum shift state, metres: 0 where no shift is needed, NaN where a source states none.
func (t *Transform) Accuracy() float64 { return t.shift.accuracy }

// Note says which datum shift is used and how good it is said to be, "" for none.
func (t *Transform) Note() string { return t.shift.note }

// Unit is metres a horizontal unit of the file, 1 for degrees.
func (t *Transform) Unit() float64 {
	if t.unit == 0 {
		return 1
	}
	return t.unit
}

// Schematic reports whether what is placed by the transform is schematic.
func (t *Transform) Schematic() bool { return t.src.CRS.IsSchematic() }

// areaMargin is how far outside its area of use, degrees, a CRS is still believed: surveys cross borders.
const areaMargin = 1.0

// Point returns the place in the plane of x east (or longitude) and y north (or latitude), in the file's unit and whatever the CRS's axis order.
// It fails for what is not a number or lies outside the CRS's area of use.
func (t *Transform) Point(x, y float64) (e, n float64, err error) {
	lon, lat, err := t.src.lonLat(x, y)
	if err != nil {
		return 0, 0, err
	}
	if t.src.CRS.kind == LocalPlane && !t.src.fits(x, y) {
		return 0, 0, fmt.Errorf("%.12g, %.12g lies more than %d km from the place of %s", x, y, localReach/1000, t.src.CRS.code)
	}
	if !t.src.CRS.area.contains(lon, lat, areaMargin) && t.src.CRS.area.known() {
		return 0, 0, fmt.Errorf("%.12g, %.12g lies at longitude %.4f, latitude %.4f, outside the area of %s", x, y, lon, lat, t.src.CRS.code)
	}
	if t.same {
		return x * t.unit, y * t.unit, nil
	}
	return t.frame.CRS.Forward(t.shift.move(lon, lat))
}

// lonLat returns the position on the source's own datum.
func (s Source) lonLat(x, y float64) (lon, lat float64, err error) {
	if !finite(x, y) {
		return 0, 0, errNotFinite
	}
	if s.CRS.kind == Geographic {
		lon, lat = x*s.CRS.angle+s.CRS.meridian, y*s.CRS.angle
		if math.Abs(lat) > 90 || math.Abs(lon) > 360 {
			return 0, 0, fmt.Errorf("%.12g, %.12g is not a longitude and latitude in degrees", x, y)
		}
		return lon, lat, nil
	}
	u := s.unit()
	return s.CRS.Inverse(x*u, y*u)
}

// Place is about where the points of a sample lie: WGS 84 longitude and latitude of their middle one, by its own datum where no shift is known.
func (s Source) Place(sample [][2]float64) (lon, lat float64, err error) {
	if err := s.check(); err != nil {
		return 0, 0, err
	}
	if s.CRS.kind == LocalPlane {
		return s.CRS.Inverse(s.CRS.cx, s.CRS.cy)
	}
	var sx, sy float64
	n := 0
	for _, p := range sample {
		if finite(p[0], p[1]) && s.fits(p[0], p[1]) {
			sx, sy, n = sx+p[0], sy+p[1], n+1
		}
	}
	if n == 0 {
		if !s.CRS.area.known() {
			return 0, 0, errors.New("none of the coordinates lies in the area of the CRS")
		}
		lon, lat = s.CRS.area.center()
		return normal(lon), lat, nil
	}
	return s.lonLat(sx/float64(n), sy/float64(n))
}
