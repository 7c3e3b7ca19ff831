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

// Reach is how far the asset extends whose section is sec.
func (s *Structure) Reach(sec Section) Reach {
	r := reacher{Reach{Side: max(sec.OuterWidth(), sec.Top+2*sec.Wall) / 2, Up: sec.OuterHeight() / 2, Down: sec.OuterHeight() / 2, Lowest: math.NaN(), Highest: math.NaN()}}
	switch {
	case s.Pipe != nil:
		r.pipe(s.Pipe, sec)
	case s.Chamber != nil:
		r.chamber(s.Chamber)
	case s.Gallery != nil:
		r.shafts(s.Gallery.Shafts)
		for _, c := range s.Gallery.Compartments {
			r.rect(c.Left, c.Left+c.Width, c.Floor, c.Floor+c.Height, sec.Wall)
		}
	case s.Tunnel != nil:
		r.tunnel(s.Tunnel)
	case s.Bridge != nil:
		r.bridge(s.Bridge)
	case s.Space != nil:
		r.Reach = Reach{Side: s.Space.Wall, Lowest: math.NaN(), Highest: math.NaN()}
		for _, t := range s.Space.Storeys {
			r.height(t.Floor - s.Space.Slab)
			r.height(t.Ceiling + s.Space.Slab)
		}
	case s.Solid != nil:
		r.Reach = Reach{Lowest: math.NaN(), Highest: math.NaN()}
		for _, v := range s.Solid.Vertices {
			r.Side, r.Up, r.Down = max(r.Side, math.Abs(v[0]), math.Abs(v[1])), max(r.Up, v[2]), max(r.Down, -v[2])
		}
	}
	return r.Reach
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

func (r *reacher) pipe(p *Pipe, sec Section) {
	wall := max(sec.Wall, p.EndWall)
	r.rect(-p.EndWidth/2, p.EndWidth/2, -p.EndHeight/2, p.EndHeight/2, wall)
	for _, o := range p.Outline {
		r.rect(o.X, o.X, o.Y, o.Y, wall)
	}
	for _, h := range p.Holes {
		r.rect(h.X-h.Diameter/2, h.X+h.Diameter/2, h.Y-h.Diameter/2, h.Y+h.Diameter/2, 0)
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

func (r *reacher) chamber(m *Chamber) {
	wall := max(m.Wall, m.Slab)
	r.Up, r.Down = 0, m.Sump+wall
	r.Side = max(r.Side, m.Lid.half()+math.Hypot(m.LidOffsetX, m.LidOffsetY))
	for _, l := range m.Layers {
		r.Side = max(r.Side, l.Plan.half()+wall+math.Hypot(m.LidOffsetX, m.LidOffsetY))
	}
}

func (r *reacher) shafts(list []Shaft) {
	for _, s := range list {
		r.Side = max(r.Side, math.Abs(s.Across)+s.Plan.half()+s.Wall)
		r.height(s.Top)
	}
}

func (r *reacher) tunnel(t *Tunnel) {
	for _, u := range t.Tubes {
		r.rect(u.Across-u.Width/2, u.Across+u.Width/2, u.Up-u.Height/2, u.Up+u.Height/2, u.Wall)
	}
	for _, p := range t.Portals {
		r.Side = max(r.Side, math.Hypot(p.Width/2, p.Depth))
		r.Up, r.Down = max(r.Up, p.Height), max(r.Down, p.Height)
	}
	r.shafts(t.Shafts)
}

func (r *reacher) bridge(b *Bridge) {
	d := b.Deck
	r.Side, r.Up, r.Down = d.Width/2, d.Parapet, d.Thickness+d.GirderDepth
	for _, s := range b.Supports {
		across := max(s.Cap.Across, s.Footing.Across, float64(max(s.Columns-1, 0))*s.Spacing+2*s.Column.half(), float64(max(s.Piles.Across-1, 0))*s.Piles.Spacing+s.Piles.Diameter)
		along := max(s.Cap.Along, s.Footing.Along, 2*s.Column.half(), float64(max(s.Piles.Along-1, 0))*s.Piles.Spacing+s.Piles.Diameter)
		r.Side = max(r.Side, math.Hypot(across, along)/2)
		r.height(s.Ground)
		r.height(s.Ground - s.Footing.Height)
		if s.Piles.Across > 0 && s.Piles.Along > 0 {
			r.height(s.Piles.Toe)
		}
	}
}
