package swmm

import (
	"fmt"
	"strings"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin/formats/inp"
)

// shape says how the Geom fields of a SWMM shape make a section (EPA SWMM 5 user's manual, table of cross-sections; tables/sections.csv).
type shape struct {
	form   geometry.Shape
	width  int     // field of the width, counted from Geom1; 0 for none
	aspect float64 // width over height where the shape fixes it
}

// shapes by name. Geom1 is the full height of each.
var shapes = map[string]shape{
	"CIRCULAR": {geometry.Circle, 0, 1}, "FORCE_MAIN": {geometry.Circle, 0, 1}, "FILLED_CIRCULAR": {geometry.Circle, 0, 1},
	"RECT_CLOSED": {geometry.Rectangle, 2, 0}, "RECT_OPEN": {geometry.OpenRectangle, 2, 0}, "TRAPEZOIDAL": {geometry.Trapezoid, 2, 0}, "TRIANGULAR": {geometry.Triangle, 2, 0},
	"HORIZ_ELLIPSE": {geometry.Ellipse, 2, 0}, "VERT_ELLIPSE": {geometry.Ellipse, 2, 0}, "ARCH": {geometry.Arch, 2, 0}, "PARABOLIC": {geometry.Parabola, 2, 0}, "POWER": {geometry.Parabola, 2, 0},
	"RECT_TRIANGULAR": {geometry.RectTriangle, 2, 0}, "RECT_ROUND": {geometry.RectRound, 2, 0}, "MODBASKETHANDLE": {geometry.BasketHandle, 2, 0},
	"EGG": {geometry.Egg, 0, 2.0 / 3}, "HORSESHOE": {geometry.Horseshoe, 0, 1}, "GOTHIC": {geometry.Arch, 0, 0.84}, "CATENARY": {geometry.Arch, 0, 0.9},
	"SEMIELLIPTICAL": {geometry.Arch, 0, 1}, "BASKETHANDLE": {geometry.BasketHandle, 0, 0.944}, "SEMICIRCULAR": {geometry.Semicircle, 0, 1.64},
}

// approximated are shapes that are drawn as the nearest one there is.
var approximated = map[string]bool{"GOTHIC": true, "CATENARY": true, "SEMIELLIPTICAL": true, "POWER": true, "MODBASKETHANDLE": true}

// section is the section of a link, and what there is to say about it. A shape without a size gives one of unknown size.
func (m *model) section(link string) (geometry.Section, string) {
	r, ok := m.shapes[link]
	if !ok {
		return geometry.Section{}, "the link has no cross-section: its size is unknown"
	}
	name := strings.ToUpper(r.At(1))
	sh, ok := shapes[name]
	if !ok {
		switch name {
		case "DUMMY":
			return geometry.Section{}, ""
		case "IRREGULAR", "STREET", "CUSTOM":
			return geometry.Section{}, fmt.Sprintf("the size of a %s section stands in another section of the file, which is not read: unknown", name)
		}
		return geometry.Section{}, fmt.Sprintf("%q is not a shape that is known: the size is unknown", r.At(1))
	}
	h, err := inp.Number(r.At(2))
	if err != nil || h <= 0 {
		return geometry.Section{Shape: sh.form}, fmt.Sprintf("%q is not a height above 0: the size is unknown", r.At(2))
	}
	s := geometry.Section{Shape: sh.form, Height: h * m.unit, Width: h * m.unit * sh.aspect}
	if sh.width > 0 {
		w, err := inp.Number(r.At(1 + sh.width))
		if err != nil || w <= 0 {
			if name == "TRAPEZOIDAL" && err == nil {
				w = 0.01 // a base of no width
			} else {
				return geometry.Section{Shape: sh.form}, fmt.Sprintf("%q is not a width above 0 (size codes are not read): the size is unknown", r.At(1+sh.width))
			}
		}
		s.Width = w * m.unit
	}
	if name == "TRAPEZOIDAL" {
		left, _ := inp.Number(r.At(4))
		right, _ := inp.Number(r.At(5))
		s.Top = s.Width + (max(0, left)+max(0, right))*s.Height
	}
	if approximated[name] {
		return s, fmt.Sprintf("a %s section is drawn as the nearest shape, %s; height and width are kept", name, s.Shape)
	}
	return s, ""
}
