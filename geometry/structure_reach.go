package geometry

import "math"

// Reach is how far an asset with a structure extends beyond its axis: to the sides in plan and up and down from the axis, metres, and the heights of the
// vertical datum that it also reaches, NaN where there are none.
type Reach struct{ Side, Up, Down, Lowest, Highest float64 }

// Box is the box around everything within reach of an axis.
func (r Reach) Box(axis Box) Box {
	b := Box{axis.Min.Sub(Point{r.Side, r.Side, r.Down}), axis.Max.Add(Point{r.Side, r.Side, r.Up})}
	if !math.IsNaN(r.Lowest) {
		b.Min.H = min(b.Min.H, r.Lowest)
	}
	if !math.IsNaN(r.Highest) {
		b.Max.H = max(b.Max.H, r.Highest)
	}
	return b
}

// Reach is how far the asset extends whose section is sec and whose axis is given.
func (s *Structure) Reach(sec Section, axis []Point) Reach {
	r := reacher{Reach: Reach{Lowest: math.NaN(), Highest: math.NaN()}}
	switch {
	case s.Pipe != nil:
		r.section(sec)
		r.pipe(s.Pipe, sec)
	case s.Chamber != nil:
		r.chamber(s.Chamber, sec)
		return r.Reach
	case s.Gallery != nil:
		r.section(sec)
		for _, c := range s.Gallery.Compartments {
			r.rect(c.Left, c.Left+c.Width, c.Floor, c.Floor+c.Height, sec.Wall)
		}
		r.shafts(s.Gallery.Shafts)
	case s.Tunnel != nil:
		r.section(sec)
		r.tunnel(s.Tunnel)
	case s.Bridge != nil:
		r.bridge(s.Bridge)
	case s.Space != nil:
		r.Side = s.Space.Wall
		for _, t := range s.Space.Storeys {
			r.height(t.Floor - s.Space.Slab)
			r.height(t.Ceiling + s.Space.Slab)
		}
		return r.Reach
	case s.Solid != nil:
		for _, v := range s.Solid.used() {
			r.Side, r.Up, r.Down = max(r.Side, math.Abs(v[0]), math.Abs(v[1])), max(r.Up, v[2]), max(r.Down, -v[2])
		}
		return r.Reach
	}
	return r.swept(axis)
}

// Reach is how far an asset without a structure extends whose section is s, swept along an axis.
func (s Section) Reach(axis []Point) Reach {
	r := reacher{Reach: Reach{Lowest: math.NaN(), Highest: math.NaN()}}
	r.section(s)
	if s.IsRound() { // drawn with balls at its bends
		d := max(r.Side, r.Up)
		r.Side, r.Up, r.Down = d, d, d
		return r.Reach
	}
	return r.swept(axis)
}

// swept is the reach of what reaches so far in its own plane when it is swept along an axis: slopes turn its height into the plan, mitres stretch it by up
// to √2 at a right angle, and where one surface ends and the next begins both reach out as far as the section does.
func (r Reach) swept(axis []Point) Reach {
	var slope, bend float64
	var last Point
	for i := 1; i < len(axis); i++ {
		d := axis[i].Sub(axis[i-1])
		l := d.Len()
		if l < 1e-6 {
			continue
		}
		slope = max(slope, math.Abs(d.H)/l)
		if last != (Point{}) {
			bend = max(bend, 1-d.Dot(last)/l)
		}
		last = d.Scale(1 / l)
	}
	tall := max(r.Up, r.Down)
	whole := math.Hypot(r.Side, tall)
	r.Side += slope * tall
	if bend > 1e-9 {
		r.Side, r.Up, r.Down = max(r.Side, math.Sqrt2*whole), r.Up+slope*whole, r.Down+slope*whole
	}
	return r
}

type reacher struct{ Reach }

func (r *reacher) height(h float64) {
	if math.IsNaN(r.Lowest) || h < r.Lowest {
		r.Lowest = h
	}
	if math.IsNaN(r.Highest) || h > r.Highest {
		r.Highest = h
	}
}

// rect takes in a rectangle of the section and the wall around it.
func (r *reacher) rect(left, right, low, high, wall float64) {
	r.Side = max(r.Side, wall-left, right+wall)
	r.Up, r.Down = max(r.Up, high+wall), max(r.Down, wall-low)
}

// section takes in a section about the axis.
func (r *reacher) section(s Section) {
	w := max(s.Width, s.Top)/2 + s.Shell()
	h := s.Height/2 + s.Shell()
	r.Side, r.Up, r.Down = max(r.Side, w), max(r.Up, h), max(r.Down, h)
}

func (r *reacher) pipe(p *Pipe, sec Section) {
	wall := max(sec.Wall, p.EndWall)
	if p.Open || sec.IsOpen() {
		wall = max(wall, bedSheet)
	}
	x, y := 1.0, 1.0 // how much larger all is at the end
	if p.EndWidth > 0 && sec.Width > 0 && sec.Height > 0 {
		x, y = max(1, p.EndWidth/sec.Width), max(1, p.EndHeight/sec.Height)
	}
	w, h := max(sec.Width, sec.Top)/2*x, sec.Height/2*y
	r.rect(-w, w, -h, h, wall)
	for _, o := range p.Outline {
		r.rect(o.X*x, o.X*x, o.Y*y, o.Y*y, wall)
	}
	for _, h := range p.Holes {
		r.rect((h.X-h.Diameter/2)*x, (h.X+h.Diameter/2)*x, (h.Y-h.Diameter/2)*y, (h.Y+h.Diameter/2)*y, 0)
	}
	if len(p.Holes) > maxBores { // discs on the ends
		r.Side, r.Up, r.Down = r.Side+discDepth, r.Up+discDepth, r.Down+discDepth
	}
}

// half is how far a plan reaches from its middle, however it is turned.
func (p Plan) half() float64 {
	if p.Round {
		return p.Width / 2
	}
	return math.Hypot(p.Width, p.LengthOr()) / 2
}

// LengthOr is the length, or the width where none is given.
func (p Plan) LengthOr() float64 {
	if p.Length > 0 {
		return p.Length
	}
	return p.Width
}

func (r *reacher) chamber(m *Chamber, sec Section) {
	slab := max(m.Wall, m.Slab)
	for _, o := range m.Openings {
		slab = max(slab, collar(o.Diameter))
	}
	r.Up, r.Down = lidStandsOut, m.Sump+slab+max(leastDepth, lidThickness)
	off := math.Hypot(m.LidOffsetX, m.LidOffsetY)
	r.Side = max(m.Lid.half()+1.5*m.Wall, math.Hypot(sec.Width, sec.Height)/2+1.5*m.Wall+off)
	for _, l := range m.Layers {
		r.Side = max(r.Side, l.Plan.half()+1.5*m.Wall+off)
	}
}

func (r *reacher) shafts(list []Shaft) {
	for _, s := range list {
		r.Side = max(r.Side, math.Abs(s.Across)+s.Plan.half()+1.5*s.Wall)
		r.height(s.Top)
	}
}

func (r *reacher) tunnel(t *Tunnel) {
	for _, u := range t.Tubes {
		s := u.Section()
		r.rect(u.Across-u.Width/2, u.Across+u.Width/2, u.Up-u.Height/2, u.Up+u.Height/2, s.Shell())
		if u.Lanes > 0 { // marks stand in the road as deep as they are high
			r.Down = max(r.Down, u.Height/2-u.Up-u.Deck+markHigh)
		}
		for _, p := range t.Passages {
			foot := u.Up - u.Height/2 + u.Deck
			r.Up, r.Down = max(r.Up, foot+p.Height+passageWall), max(r.Down, passageWall-foot)
		}
	}
	wide := 0.0
	for _, p := range t.Passages {
		wide = max(wide, p.Width/2+passageWall)
	}
	r.Side += wide
	lift := 0.0
	for _, u := range t.Tubes {
		lift = max(lift, u.Up)
	}
	for _, p := range t.Portals {
		r.Side = max(r.Side, math.Hypot(p.Width/2, p.Depth))
		r.Up = max(r.Up, p.Height+lift)
	}
	r.shafts(t.Shafts)
}

func (r *reacher) bridge(b *Bridge) {
	d := b.Deck
	under := d.Thickness + d.GirderDepth
	r.Side, r.Up, r.Down = max(d.Width, d.GirderWidth)/2, d.Parapet, under
	for _, s := range b.Supports {
		across := max(s.Cap.Across, s.Footing.Across, float64(max(s.Columns-1, 0))*s.Spacing+2*s.Column.half(), float64(max(s.Piles.Across-1, 0))*s.Piles.Spacing+s.Piles.Diameter)
		along := max(s.Cap.Along, s.Footing.Along, 2*s.Column.half(), float64(max(s.Piles.Along-1, 0))*s.Piles.Spacing+s.Piles.Diameter)
		if s.Abutment {
			across, along = max(across, d.Width), max(along, abutmentThick)
		}
		r.Side = max(r.Side, math.Hypot(across, along)/2)
		r.Down = max(r.Down, under+s.Cap.Height)
		r.height(s.Ground)
		r.height(s.Ground - s.Footing.Height)
		if s.Piles.Across > 0 && s.Piles.Along > 0 {
			r.height(s.Piles.Toe)
		}
	}
}
