package crs

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ParseShift reads a city's own datum shift as people and configurations state it:
//
//	helmert:DX,DY,DZ,RX,RY,RZ,PPM@ACCURACY   seven parameters to CGCS2000 (WGS 84): metres, arc seconds (position vector), parts per million
//	plane:CRS,DNORTH,DEAST,ROTATION,PPM@ACCURACY   four parameters to the plane of a projected CRS: metres, arc seconds from north towards east, parts per million
//
// ACCURACY is in metres and has to be stated, because every answer names it.
func ParseShift(text string) (Shift, error) {
	wrong := func(why string) (Shift, error) {
		return Shift{}, fmt.Errorf("%.120q is not a datum shift: %s; write helmert:DX,DY,DZ,RX,RY,RZ,PPM@ACCURACY or plane:EPSG:n,DNORTH,DEAST,ROTATION,PPM@ACCURACY", text, why)
	}
	body, acc, ok := strings.Cut(strings.TrimSpace(text), "@")
	if !ok {
		return wrong("it does not state its accuracy")
	}
	st := Stated{Name: "own shift " + body, Source: "stated by the installation"}
	var err error
	if st.Accuracy, err = strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(acc), "m"), 64); err != nil || !finite(st.Accuracy) {
		return wrong("the accuracy is not a number of metres")
	}
	var s Shift
	if list, found := strings.CutPrefix(body, "helmert:"); found {
		v, err := numbers(list, 7)
		if err != nil {
			return wrong(err.Error())
		}
		s, err = HelmertShift(st, [3]float64(v[:3]), [3]float64(v[3:6]), v[6])
		if err != nil {
			return wrong(err.Error())
		}
	} else if list, found := strings.CutPrefix(body, "plane:"); found {
		name, rest, _ := strings.Cut(list, ",")
		to, err := Parse(name)
		if err != nil {
			return wrong(err.Error())
		}
		v, err := numbers(rest, 4)
		if err != nil {
			return wrong(err.Error())
		}
		if s, err = PlaneShift(st, to, v[0], v[1], v[2], v[3]); err != nil {
			return wrong(err.Error())
		}
	} else {
		return wrong("it is neither helmert nor plane")
	}
	s.text = body + "@" + strconv.FormatFloat(st.Accuracy, 'g', -1, 64)
	return s, nil
}

func numbers(list string, want int) ([]float64, error) {
	f := strings.Split(list, ",")
	if len(f) != want {
		return nil, fmt.Errorf("it has %d parameters, not %d", len(f), want)
	}
	v := make([]float64, want)
	for i, t := range f {
		x, err := strconv.ParseFloat(strings.TrimSpace(t), 64)
		if err != nil || !finite(x) {
			return nil, errors.New(strconv.Quote(t) + " is not a number")
		}
		v[i] = x
	}
	return v, nil
}

// Takes reports whether a shift that a city states can be meant for coordinates in the CRS. Seven parameters are not for what is on CGCS2000 or
// WGS 84 already, where they lead; four are for a plane, and not for the one where they lead.
func (c *CRS) Takes(s Shift) bool {
	if s.plane != nil {
		return c.kind == Projected && c.code != s.plane.to.code
	}
	return c.kind != LocalPlane && c.datumCode != 4326 && c.datumCode != 4490
}

// IsPlane reports whether the shift is of four parameters between two planes.
func (s *Shift) IsPlane() bool { return s.plane != nil }

// String is what ParseShift reads, "" for a shift that was not stated that way.
func (s *Shift) String() string { return s.text }

// Given is the installation's own shift of the CRS, if it has one.
func (c *CRS) Given() (Shift, bool) {
	if c.given == nil {
		return Shift{}, false
	}
	return *c.given, true
}

// sameGiven reports whether both CRSs have the same shift of the installation's, or none.
func sameGiven(a, b *CRS) bool {
	if a.given == nil || b.given == nil {
		return a.given == b.given
	}
	return a.given == b.given || a.given.text != "" && a.given.text == b.given.text
}
