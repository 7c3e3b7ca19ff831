package crs

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/undercity/undercity/geometry"
)

// Box is a box of WGS 84 longitude and latitude, degrees, and of heights in the frame's datum, metres: from −Inf to Inf where none are given.
type Box struct{ West, South, East, North, Low, High float64 }

var errBox = errors.New("not west,south,east,north in degrees, nor west,south,low,east,north,high with heights in metres")

// ParseBox reads "west,south,east,north" or "west,south,low,east,north,high" (RFC 7946, 5).
func ParseBox(text string) (Box, error) {
	parts := strings.Split(text, ",")
	if len(parts) != 4 && len(parts) != 6 {
		return Box{}, errBox
	}
	var v [6]float64
	for i, p := range parts {
		f, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil || !finite(f) {
			return Box{}, errBox
		}
		v[i] = f
	}
	b := Box{v[0], v[1], v[3], v[4], v[2], v[5]}
	if len(parts) == 4 {
		b = Box{v[0], v[1], v[2], v[3], math.Inf(-1), math.Inf(1)}
	}
	if b.West < -180 || b.East > 180 || b.South < -90 || b.North > 90 || b.West > b.East || b.South > b.North || b.Low > b.High {
		return Box{}, errBox
	}
	return b, nil
}

// PlaneBox is the box of the plane around a box of longitude and latitude. It fails where that is not in the area of the projection.
func (f *Frame) PlaneBox(d Box) (geometry.Box, error) {
	b := geometry.EmptyBox()
	for i := range 9 { // a parallel is a curve in the plane
		e, n, err := f.Plane(d.West+float64(i%3)/2*(d.East-d.West), d.South+float64(i/3)/2*(d.North-d.South))
		if err != nil {
			return b, err
		}
		b = b.Add(geometry.Point{E: e, N: n})
	}
	b.Min.H, b.Max.H = d.Low, d.High
	return b, nil
}

// Degrees is the box in longitude and latitude around a box of the plane: west, south, east, north.
func (f *Frame) Degrees(b geometry.Box) [4]float64 {
	out := [4]float64{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for i := range 9 {
		lon, lat := f.LonLat(b.Min.E+float64(i%3)/2*(b.Max.E-b.Min.E), b.Min.N+float64(i/3)/2*(b.Max.N-b.Min.N))
		out = [4]float64{min(out[0], lon), min(out[1], lat), max(out[2], lon), max(out[3], lat)}
	}
	return out
}
