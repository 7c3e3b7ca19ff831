package swmm

import (
	"fmt"
	"iter"
	"strings"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin/formats/inp"
)

// profile is a section that stands elsewhere in the file: in units of the file for a transect, of the full height for a custom shape.
type profile struct {
	width, height, area float64
	bad                 string // why it cannot be read
	outline             []geometry.Flat
}

// transects reads [TRANSECTS] (HEC-2 rows: X1 opens one, GR lists elevation and station).
func transects(rows iter.Seq[inp.Row]) map[string]profile {
	type open struct {
		name            string
		factor          float64
		station, height []float64
		bad             string
	}
	all := map[string]profile{}
	var t open
	end := func() {
		if t.name == "" {
			return
		}
		p := outline(t.station, t.height)
		p.width, p.area = p.width*t.factor, p.area*t.factor
		for i := range p.outline {
			p.outline[i].X *= t.factor
		}
		if t.bad != "" {
			p.bad = t.bad
		}
		all[t.name] = p
	}
	for r := range rows {
		switch strings.ToUpper(r.At(0)) {
		case "X1":
			end()
			t = open{name: r.At(1), factor: 1}
			if f, err := inp.Number(r.At(8)); err == nil && f > 0 { // the factor of stations, as in HEC-2
				t.factor = f
			}
		case "GR":
			for i := 1; i+1 < r.Len(); i += 2 {
				h, err1 := inp.Number(r.At(i))
				s, err2 := inp.Number(r.At(i + 1))
				if err1 != nil || err2 != nil || (len(t.station) > 0 && s < t.station[len(t.station)-1]) {
					t.bad = fmt.Sprintf("its points in line %d cannot be read", r.Line)
					continue
				}
				t.height, t.station = append(t.height, h), append(t.station, s)
			}
		}
	}
	end()
	return all
}

// outline is the size of a channel through points from bank to bank.
func outline(x, y []float64) profile {
	if len(x) < 2 {
		return profile{bad: "it has fewer than two points"}
	}
	low, high := y[0], y[0]
	for _, v := range y {
		low, high = min(low, v), max(high, v)
	}
	p := profile{width: x[len(x)-1] - x[0], height: high - low}
	for i := 1; i < len(x); i++ {
		p.area += (high - (y[i]+y[i-1])/2) * (x[i] - x[i-1])
	}
	if p.width <= 0 || p.height <= 0 {
		p.bad = "it has no width or no height"
	}
	middle := geometry.Flat{X: (x[0] + x[len(x)-1]) / 2, Y: (low + high) / 2}
	for i := range x {
		if q := (geometry.Flat{X: x[i] - middle.X, Y: y[i] - middle.Y}); i == 0 || q != p.outline[len(p.outline)-1] {
			p.outline = append(p.outline, q)
		}
	}
	return p
}

// times is an outline in metres, of which unit there are so many to one of its own.
func times(o []geometry.Flat, unit float64) []geometry.Flat {
	out := make([]geometry.Flat, len(o))
	for i, p := range o {
		out[i] = geometry.Flat{X: p.X * unit, Y: p.Y * unit}
	}
	return out
}

type curve struct{ depth, width []float64 }

// outline runs up the right side and down the left one, about the middle of the full height 1.
func (c *curve) outline() (o []geometry.Flat) {
	n := len(c.depth)
	for i := range 2 * n {
		k, side := i, 0.5
		if i >= n {
			k, side = 2*n-1-i, -0.5
		}
		if q := (geometry.Flat{X: side * c.width[k], Y: c.depth[k] - 0.5}); len(o) == 0 || q != o[len(o)-1] {
			o = append(o, q)
		}
	}
	if len(o) > 1 && o[0] == o[len(o)-1] {
		o = o[1:]
	}
	return o
}

// curves reads the SHAPE curves of [CURVES]: width over full height against depth over full height.
func curves(rows iter.Seq[inp.Row]) map[string]profile {
	list := map[string]*curve{}
	for r := range rows {
		first := 1
		if strings.EqualFold(r.At(1), "SHAPE") {
			first = 2
			if list[r.At(0)] == nil {
				list[r.At(0)] = &curve{}
			}
		}
		c := list[r.At(0)]
		if c == nil {
			continue // of another kind
		}
		for i := first; i+1 < r.Len(); i += 2 {
			d, err1 := inp.Number(r.At(i))
			w, err2 := inp.Number(r.At(i + 1))
			if err1 == nil && err2 == nil {
				c.depth, c.width = append(c.depth, d), append(c.width, w)
			}
		}
	}
	all := map[string]profile{}
	for name, c := range list {
		p := profile{height: 1}
		for i, w := range c.width {
			p.width = max(p.width, w)
			if i > 0 {
				p.area += (w + c.width[i-1]) / 2 * (c.depth[i] - c.depth[i-1])
			}
		}
		if p.width <= 0 {
			p.bad = "it has no width"
		}
		p.outline = c.outline()
		all[name] = p
	}
	return all
}

// irregular draws a transect as what it is, or as a trapezoid of its height, width and area where its points cannot be drawn.
func (m *model) irregular(r inp.Row) (form, cell) {
	p, ok := m.transects[r.At(2)]
	if !ok {
		return form{}, cell{r.At(2), "there is no such transect in [TRANSECTS]: the size is unknown"}
	}
	if p.bad != "" {
		return form{}, cell{r.At(2), "the transect cannot be used, " + p.bad + ": the size is unknown"}
	}
	if st := checked(geometry.Pipe{Outline: times(p.outline, m.unit), Open: true}); st != nil {
		return form{geometry.Section{Shape: geometry.Custom, Width: p.width * m.unit, Height: p.height * m.unit}, st}, cell{}
	}
	base := max(0.01*p.width, min(p.width, 2*p.area/p.height-p.width))
	s := geometry.Section{Shape: geometry.Trapezoid, Width: base * m.unit, Height: p.height * m.unit, Top: p.width * m.unit}
	return form{Section: s}, cell{r.At(2), "the transect is drawn as a trapezoid of its height and width"}
}

// custom draws a closed shape by its curve, or as the nearest of rectangle and ellipse by its area where the curve cannot be drawn.
func (m *model) custom(r inp.Row) (form, cell) {
	h, err := inp.Number(r.At(2))
	if err != nil || h <= 0 {
		return form{}, cell{r.At(2), "not a height above 0: the size is unknown"}
	}
	p, ok := m.curves[r.At(3)]
	if !ok {
		return form{}, cell{r.At(3), "there is no such SHAPE curve in [CURVES]: the size is unknown"}
	}
	if p.bad != "" {
		return form{}, cell{r.At(3), "the curve cannot be used, " + p.bad + ": the size is unknown"}
	}
	s := geometry.Section{Shape: geometry.Custom, Height: h * m.unit, Width: p.width * h * m.unit}
	if st := checked(geometry.Pipe{Outline: times(p.outline, h*m.unit)}); st != nil {
		return form{s, st}, cell{}
	}
	s.Shape = geometry.Ellipse
	if p.area > 0.89*p.width {
		s.Shape = geometry.Rectangle
	}
	return form{Section: s}, cell{r.At(3), fmt.Sprintf("the shape of the curve is drawn as the nearest one, %s; height and width are kept", s.Shape)}
}
