package swmm

import (
	"fmt"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin/formats/inp"
)

// street is a cross-section of [STREETS] in the units of the model, as EPA SWMM 5.2 describes it (User's Manual, appendix D.2 and C.21): from the curb to the
// crown the road rises evenly, a gutter along the curb may be depressed below that, and behind the curb lies a backing that rises away from it.
type street struct {
	crown, curb, slope        float64 // curb to crown; height of the curb above the road where that meets it; rise of the road a unit of width
	depression, gutter        float64 // of the gutter at the curb, and its width
	backing, backSlope        float64 // width and rise of the backing
	oneSided                  bool    // from the curb to a wall at the crown; else both sides of the crown alike
	top, edge, crownUp, curbs float64 // heights above the bottom of the gutter: of the section, the gutter's inner edge, the crown, the curb
}

// streetOf reads a row of [STREETS]: name, Tcrown, Hcurb, Sx, nRoad, a, W, Sides, Tback, Sback, nBack. ok is false where it has no width or no curb.
func streetOf(r inp.Row) (s street, ok bool) {
	field := func(i int, or float64) float64 {
		if v, err := inp.Number(r.At(i)); err == nil && v >= 0 {
			return v
		}
		return or
	}
	s = street{crown: field(1, 0), curb: field(2, 0), slope: field(3, 0) / 100, depression: field(5, 0), gutter: field(6, 0), backing: field(8, 0), backSlope: field(9, 0) / 100,
		oneSided: field(7, 2) == 1}
	s.gutter = min(s.gutter, s.crown)
	s.curbs = s.curb + s.depression
	s.edge = s.depression + s.slope*s.gutter
	s.crownUp = s.edge + s.slope*(s.crown-s.gutter)
	s.top = max(s.curbs+s.backSlope*s.backing, s.crownUp)
	return s, s.crown > 0 && s.curb > 0
}

// leastAbove is how far the ends of the section stand above the crown where that is as high, metres: the channel must not be parted by its crown.
const leastAbove = 1e-4

// outline is the section from its upper left to its upper right edge in metres, its width and its height.
func (s street) outline(unit float64) (o []geometry.Flat, width, height float64) {
	half := []geometry.Flat{{X: -s.crown - s.backing, Y: s.top}, {X: -s.crown, Y: s.curbs}, {X: -s.crown, Y: 0}, {X: s.gutter - s.crown, Y: s.edge}, {X: 0, Y: s.crownUp}}
	width, height = (s.crown+s.backing)*unit, s.top*unit
	if s.crownUp*unit > height-leastAbove {
		height += leastAbove
	}
	middle := -width / 2
	if !s.oneSided {
		middle, width = 0, 2*width
	}
	put := func(x, y float64) {
		p := geometry.Flat{X: x - middle, Y: y - height/2}
		if n := len(o); n == 0 || o[n-1] != p {
			o = append(o, p)
		}
	}
	put(half[0].X*unit, height)
	for _, p := range half[1:] {
		put(p.X*unit, p.Y*unit)
	}
	if s.oneSided {
		put(0, height)
		return o, width, height
	}
	for i := len(half) - 2; i > 0; i-- {
		put(-half[i].X*unit, half[i].Y*unit)
	}
	put(-half[0].X*unit, height)
	return o, width, height
}

// street draws a street as what it is, or as an open rectangle of its size where its outline cannot be drawn.
func (m *model) street(r inp.Row) (form, cell) {
	row, ok := m.streets[r.At(2)]
	if !ok {
		return form{}, cell{r.At(2), "there is no such street in [STREETS]: the size is unknown"}
	}
	s, ok := streetOf(row)
	if !ok {
		return form{}, cell{r.At(2), fmt.Sprintf("the street in line %d has no width or no curb: the size is unknown", row.Line)}
	}
	o, w, h := s.outline(m.unit)
	if st := checked(geometry.Pipe{Outline: o, Open: true}); st != nil {
		return form{geometry.Section{Shape: geometry.Custom, Width: w, Height: h}, st}, cell{}
	}
	return form{Section: geometry.Section{Shape: geometry.OpenRectangle, Width: w, Height: h}}, cell{r.At(2), "the street is drawn as an open rectangle of its size"}
}
