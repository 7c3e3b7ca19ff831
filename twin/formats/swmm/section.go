package swmm

import (
	"fmt"
	"math"
	"strings"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin/formats/inp"
)

// shape says how the Geom fields of a SWMM shape make a section (EPA SWMM 5 user's manual, table of cross-sections; tables/sections.csv).
type shape struct {
	form   geometry.Shape
	width  int     // which Geom is the width; 0 where the shape fixes it
	aspect float64 // width over height where the shape fixes it
}

// shapes by name. Geom1 is the full height of each.
var shapes = map[string]shape{
	"CIRCULAR": {geometry.Circle, 0, 1}, "FORCE_MAIN": {geometry.Circle, 0, 1}, "FILLED_CIRCULAR": {geometry.Circle, 0, 1},
	"RECT_CLOSED": {geometry.Rectangle, 2, 0}, "RECT_OPEN": {geometry.OpenRectangle, 2, 0}, "TRAPEZOIDAL": {geometry.Trapezoid, 2, 0}, "TRIANGULAR": {geometry.Triangle, 2, 0},
	"HORIZ_ELLIPSE": {geometry.Ellipse, 2, 0}, "VERT_ELLIPSE": {geometry.Ellipse, 2, 0}, "ARCH": {geometry.PipeArch, 2, 0}, "PARABOLIC": {geometry.Parabola, 2, 0}, "POWER": {geometry.Custom, 2, 0},
	"RECT_TRIANGULAR": {geometry.RectTriangle, 2, 0}, "RECT_ROUND": {geometry.RectRound, 2, 0}, "MODBASKETHANDLE": {geometry.ModBasketHandle, 2, 0},
	"EGG": {geometry.Egg, 0, 2.0 / 3}, "HORSESHOE": {geometry.Horseshoe, 0, 1}, "GOTHIC": {geometry.Gothic, 0, 0.84}, "CATENARY": {geometry.Catenary, 0, 0.9},
	"SEMIELLIPTICAL": {geometry.SemiElliptical, 0, 1}, "BASKETHANDLE": {geometry.BasketHandle, 0, 0.944}, "SEMICIRCULAR": {geometry.Semicircle, 0, 1.64},
}

// cell is a field of [XSECTIONS] and what is wrong with it, for the report.
type cell struct{ value, note string }

// form is the section of a link: what shape and size do not say is in the structure.
type form struct {
	geometry.Section
	structure *geometry.Structure
}

// outlinePoints is how many points a full turn of an outline of its own has.
const outlinePoints = 48

// section is the section of a link, and what there is to say about it. A shape without a size gives one of unknown size.
func (m *model) section(link string) (form, cell) {
	r := m.shape
	if r.Line == 0 {
		return form{}, cell{link, "the link has no cross-section: its size is unknown"}
	}
	name := strings.ToUpper(r.At(1))
	switch name {
	case "DUMMY":
		return form{}, cell{} // a link of the computation alone
	case "IRREGULAR":
		return m.irregular(r)
	case "STREET":
		return m.street(r)
	case "CUSTOM":
		return m.custom(r)
	}
	sh, ok := shapes[name]
	if !ok {
		return form{}, cell{r.At(1), "not a shape that is known: the size is unknown"}
	}
	s, c := m.sized(r, name, sh)
	if !s.Known() {
		return form{Section: s}, c
	}
	return form{s, m.detailed(r, name, s)}, c
}

// detailed is what the third size of a shape says: a radius, a height or an exponent, or how deep a pipe is filled. One that cannot be is left to the shape.
func (m *model) detailed(r inp.Row, name string, s geometry.Section) *geometry.Structure {
	field := 4
	if name == "FILLED_CIRCULAR" {
		field = 3
	}
	v, err := inp.Number(r.At(field))
	if err != nil || !(v > 0) {
		return nil
	}
	var p geometry.Pipe
	switch name {
	case "FILLED_CIRCULAR":
		p.Sediment = v * m.unit
	case "RECT_TRIANGULAR":
		p.Outline = geometry.RectTriangleOutline(s.Width, s.Height, v*m.unit)
	case "RECT_ROUND":
		p.Outline = geometry.RectRoundOutline(s.Width, s.Height, v*m.unit, outlinePoints)
	case "MODBASKETHANDLE":
		p.Outline = geometry.ModBasketHandleOutline(s.Width, s.Height, v*m.unit, outlinePoints)
	case "POWER":
		p.Outline, p.Open = geometry.PowerOutline(s.Width, s.Height, v, outlinePoints), true
	default:
		return nil
	}
	return checked(p)
}

// checked is the structure of a pipe that can be drawn, nil of one that cannot.
func checked(p geometry.Pipe) *geometry.Structure {
	st := &geometry.Structure{Pipe: &p}
	if st.Check() != nil {
		return nil
	}
	return st
}

// sized reads the size of a shape from its Geom fields, Geom1 being field 2.
func (m *model) sized(r inp.Row, name string, sh shape) (geometry.Section, cell) {
	unknown := geometry.Section{Shape: sh.form}
	if h, w, ok, c := standard(r, name); ok || c.note != "" {
		return geometry.Section{Shape: sh.form, Height: h, Width: w}, c
	}
	h, err := inp.Number(r.At(2))
	if err != nil || h <= 0 {
		return unknown, cell{r.At(2), "not a height above 0: the size is unknown"}
	}
	s := geometry.Section{Shape: sh.form, Height: h * m.unit, Width: h * m.unit * sh.aspect}
	if sh.width > 0 {
		v := r.At(1 + sh.width)
		w, err := inp.Number(v)
		if err != nil || w < 0 || (w == 0 && name != "TRAPEZOIDAL") {
			return unknown, cell{v, "not a width above 0: the size is unknown"}
		}
		s.Width = w * m.unit
	}
	if name != "TRAPEZOIDAL" {
		return s, cell{}
	}
	left, errL := inp.Number(r.At(4))
	right, errR := inp.Number(r.At(5))
	if errL != nil || errR != nil || left < 0 || right < 0 {
		return unknown, cell{r.At(4) + " " + r.At(5), "not two side slopes: the size is unknown"}
	}
	s.Top = s.Width + (left+right)*s.Height
	if s.Width == 0 {
		s.Shape, s.Width, s.Top = geometry.Triangle, s.Top, 0 // no base: a triangle
	}
	return s, cell{}
}

// standard is the size of an ellipse or an arch that stands as the code of a standard pipe: in Geom3, or in Geom1 where there is no width.
func standard(r inp.Row, name string) (height, width float64, ok bool, c cell) {
	const inch = 0.0254
	if name != "HORIZ_ELLIPSE" && name != "VERT_ELLIPSE" && name != "ARCH" {
		return 0, 0, false, cell{}
	}
	text := r.At(4)
	code, err := inp.Number(text)
	if w, e := inp.Number(r.At(3)); err != nil || code <= 0 {
		if e == nil && w > 0 {
			return 0, 0, false, cell{} // height and width
		}
		text = r.At(2)
		code, err = inp.Number(text)
	}
	sizes := ellipses
	if name == "ARCH" {
		sizes = arches
	}
	if err != nil || code != math.Trunc(code) || code < 1 || int(code) > len(sizes) {
		return 0, 0, false, cell{text, fmt.Sprintf("not a code of a standard size, 1 to %d, and there is no width: the size is unknown", len(sizes))}
	}
	z := sizes[int(code)-1]
	if name == "VERT_ELLIPSE" {
		z[0], z[1] = z[1], z[0]
	}
	return z[0] * inch, z[1] * inch, true, cell{}
}
