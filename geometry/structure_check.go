package geometry

import (
	"errors"
	"fmt"
	"math"
)

// Bounds of a structure, so that no input makes something absurd.
const (
	maxParts     = 10_000 // of one list
	maxOutline   = 1_000  // points
	maxLength    = 20_000 // metres: chainages
	maxExtent    = 500    // metres: any width, height or distance across
	maxSolid     = 200_000
	lowestHeight = -1000
	highest      = 9000
)

// Check returns why s cannot be drawn, nil when it can. The message names the member ("gallery/compartments/2: …").
func (s *Structure) Check() error {
	set := 0
	for _, on := range [...]bool{s.Pipe != nil, s.Chamber != nil, s.Gallery != nil, s.Tunnel != nil, s.Bridge != nil, s.Space != nil, s.Solid != nil} {
		if on {
			set++
		}
	}
	if set != 1 {
		return errors.New("a structure has exactly one of pipe, chamber, gallery, tunnel, bridge, space and solid")
	}
	var c check
	switch {
	case s.Pipe != nil:
		c.pipe(s.Pipe)
	case s.Chamber != nil:
		c.chamber(s.Chamber)
	case s.Gallery != nil:
		c.gallery(s.Gallery)
	case s.Tunnel != nil:
		c.tunnel(s.Tunnel)
	case s.Bridge != nil:
		c.bridge(s.Bridge)
	case s.Space != nil:
		c.space(s.Space)
	default:
		c.solid(s.Solid)
	}
	return c.err
}

// check keeps the first fault.
type check struct{ err error }

func (c *check) fail(where, format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("%s: %s", where, fmt.Sprintf(format, args...))
	}
}

func (c *check) list(where string, n int) bool {
	if n > maxParts {
		c.fail(where, "%d are more than %d", n, maxParts)
	}
	return c.err == nil
}

// size wants a length above 0, or 0 too where it may be left out.
func (c *check) size(where string, v float64, optional bool) {
	if !(v > 0 || optional && v == 0) || v > maxExtent {
		c.fail(where, "%g m is not a length up to %d m", v, maxExtent)
	}
}

func (c *check) within(where string, v, low, high float64) {
	if !(v >= low && v <= high) {
		c.fail(where, "%g is not between %g and %g", v, low, high)
	}
}

func (c *check) offset(where string, v float64)   { c.within(where, v, -maxExtent, maxExtent) }
func (c *check) height(where string, v float64)   { c.within(where, v, lowestHeight, highest) }
func (c *check) chainage(where string, v float64) { c.within(where, v, 0, maxLength) }

func (c *check) text(where, s string) {
	if len(s) > 200 {
		c.fail(where, "longer than 200 bytes")
	}
}

func (c *check) plan(where string, p Plan) {
	c.size(where+"/width", p.Width, false)
	c.size(where+"/length", p.Length, true)
}

func (c *check) block(where string, b Block) {
	c.size(where+"/across", b.Across, true)
	c.size(where+"/along", b.Along, true)
	c.size(where+"/height", b.Height, true)
}

func (c *check) pipe(p *Pipe) {
	c.size("pipe/bendRadius", p.BendRadius, true)
	c.size("pipe/endWidth", p.EndWidth, true)
	c.size("pipe/endHeight", p.EndHeight, true)
	c.size("pipe/endWall", p.EndWall, true)
	c.size("pipe/sediment", p.Sediment, true)
	if (p.EndWidth > 0) != (p.EndHeight > 0) {
		c.fail("pipe", "endWidth and endHeight go together")
	}
	if len(p.Outline) > maxOutline {
		c.fail("pipe/outline", "%d points are more than %d", len(p.Outline), maxOutline)
	}
	if !c.list("pipe/holes", len(p.Holes)) {
		return
	}
	for i, h := range p.Holes {
		at := fmt.Sprintf("pipe/holes/%d", i)
		c.offset(at+"/x", h.X)
		c.offset(at+"/y", h.Y)
		c.size(at+"/diameter", h.Diameter, false)
		c.text(at+"/use", h.Use)
	}
	c.outline(p.Outline)
}

// leastThickness is of an outline, metres.
const leastThickness = 1e-3

func (c *check) outline(o []Flat) {
	if len(o) == 0 || c.err != nil {
		return
	}
	for i, p := range o {
		c.offset(fmt.Sprintf("pipe/outline/%d/x", i), p.X)
		c.offset(fmt.Sprintf("pipe/outline/%d/y", i), p.Y)
	}
	switch {
	case c.err != nil:
	case len(o) < 3 || Area(o) < 1e-6:
		c.fail("pipe/outline", "it has no area; list its points counter-clockwise")
	case thickness(o) < leastThickness:
		c.fail("pipe/outline", "it is thinner than 1 mm; give it the thickness that it has")
	case crossesItself(snapped(o)):
		c.fail("pipe/outline", "it crosses itself")
	}
}

func (c *check) chamber(m *Chamber) {
	c.within("chamber/bearing", m.Bearing, -360, 360)
	c.plan("chamber/lid", m.Lid)
	c.size("chamber/wall", m.Wall, true)
	c.size("chamber/slab", m.Slab, true)
	c.size("chamber/sump", m.Sump, true)
	c.offset("chamber/lidOffsetX", m.LidOffsetX)
	c.offset("chamber/lidOffsetY", m.LidOffsetY)
	if !c.list("chamber/layers", len(m.Layers)) || !c.list("chamber/openings", len(m.Openings)) || !c.list("chamber/inside", len(m.Inside)) {
		return
	}
	for i, l := range m.Layers {
		at := fmt.Sprintf("chamber/layers/%d", i)
		c.text(at+"/name", l.Name)
		c.plan(at+"/plan", l.Plan)
		c.size(at+"/height", l.Height, i == len(m.Layers)-1)
	}
	for i, o := range m.Openings {
		at := fmt.Sprintf("chamber/openings/%d", i)
		c.within(at+"/bearing", o.Bearing, -360, 360)
		c.height(at+"/invert", o.Invert)
		c.size(at+"/diameter", o.Diameter, true)
		c.text(at+"/asset", o.Asset)
	}
	for i, p := range m.Inside {
		at := fmt.Sprintf("chamber/inside/%d", i)
		c.text(at+"/name", p.Name)
		c.offset(at+"/x", p.X)
		c.offset(at+"/y", p.Y)
		c.height(at+"/height", p.Height)
	}
}

func (c *check) shafts(where string, list []Shaft) {
	if !c.list(where, len(list)) {
		return
	}
	for i, s := range list {
		at := fmt.Sprintf("%s/%d", where, i)
		c.text(at+"/use", s.Use)
		c.chainage(at+"/chainage", s.Chainage)
		c.offset(at+"/across", s.Across)
		c.plan(at+"/plan", s.Plan)
		c.size(at+"/wall", s.Wall, true)
		c.height(at+"/top", s.Top)
	}
}

func (c *check) gallery(g *Gallery) {
	if !c.list("gallery/compartments", len(g.Compartments)) || !c.list("gallery/brackets", len(g.Brackets)) || !c.list("gallery/fireDoors", len(g.FireDoors)) {
		return
	}
	for i, p := range g.Compartments {
		at := fmt.Sprintf("gallery/compartments/%d", i)
		c.text(at+"/name", p.Name)
		c.text(at+"/use", p.Use)
		c.offset(at+"/left", p.Left)
		c.offset(at+"/floor", p.Floor)
		c.size(at+"/width", p.Width, false)
		c.size(at+"/height", p.Height, false)
		for k, o := range g.Compartments[:i] {
			if overlap(p.Left, p.Left+p.Width, o.Left, o.Left+o.Width) && overlap(p.Floor, p.Floor+p.Height, o.Floor, o.Floor+o.Height) {
				c.fail(at, "it overlaps compartment %d", k)
			}
		}
	}
	for i, b := range g.Brackets {
		at := fmt.Sprintf("gallery/brackets/%d", i)
		if b.Compartment < 0 || b.Compartment >= len(g.Compartments) {
			c.fail(at+"/compartment", "there is no compartment %d", b.Compartment)
		}
		c.size(at+"/up", b.Up, true)
		c.size(at+"/reach", b.Reach, false)
		c.within(at+"/every", b.Every, 0.2, maxExtent)
	}
	for i, d := range g.FireDoors {
		c.chainage(fmt.Sprintf("gallery/fireDoors/%d", i), d)
	}
	c.shafts("gallery/shafts", g.Shafts)
}

// overlap reports whether two spans share more than a millimetre.
func overlap(a, b, c, d float64) bool { return math.Min(b, d)-math.Max(a, c) > 1e-3 }

func (c *check) tunnel(t *Tunnel) {
	if !c.list("tunnel/tubes", len(t.Tubes)) || !c.list("tunnel/portals", len(t.Portals)) || !c.list("tunnel/passages", len(t.Passages)) {
		return
	}
	for i, u := range t.Tubes {
		at := fmt.Sprintf("tunnel/tubes/%d", i)
		c.text(at+"/name", u.Name)
		c.offset(at+"/across", u.Across)
		c.offset(at+"/up", u.Up)
		if s, ok := ParseShape(u.Shape); !ok || s == ShapeUnknown {
			c.fail(at+"/shape", "%q is not the name of a shape", u.Shape)
		}
		c.size(at+"/width", u.Width, false)
		c.size(at+"/height", u.Height, false)
		c.size(at+"/wall", u.Wall, true)
		c.within(at+"/deck", u.Deck, 0, max(0, u.Height))
		c.within(at+"/lanes", float64(u.Lanes), 0, 20)
	}
	for i, p := range t.Portals {
		at := fmt.Sprintf("tunnel/portals/%d", i)
		c.size(at+"/width", p.Width, false)
		c.size(at+"/height", p.Height, false)
		c.size(at+"/depth", p.Depth, false)
	}
	for i, p := range t.Passages {
		at := fmt.Sprintf("tunnel/passages/%d", i)
		c.chainage(at+"/chainage", p.Chainage)
		c.size(at+"/width", p.Width, false)
		c.size(at+"/height", p.Height, false)
	}
	c.within("tunnel/lining", t.Lining, 0, maxExtent)
	c.shafts("tunnel/shafts", t.Shafts)
}

func (c *check) bridge(b *Bridge) {
	c.size("bridge/deck/width", b.Deck.Width, false)
	c.size("bridge/deck/thickness", b.Deck.Thickness, false)
	c.size("bridge/deck/girderWidth", b.Deck.GirderWidth, true)
	c.size("bridge/deck/girderDepth", b.Deck.GirderDepth, true)
	c.size("bridge/deck/parapet", b.Deck.Parapet, true)
	if !c.list("bridge/supports", len(b.Supports)) {
		return
	}
	for i, s := range b.Supports {
		at := fmt.Sprintf("bridge/supports/%d", i)
		c.chainage(at+"/chainage", s.Chainage)
		c.block(at+"/cap", s.Cap)
		c.block(at+"/footing", s.Footing)
		c.within(at+"/columns", float64(s.Columns), 0, 50)
		if s.Columns > 0 {
			c.plan(at+"/column", s.Column)
		}
		c.size(at+"/spacing", s.Spacing, true)
		c.height(at+"/ground", s.Ground)
		p := s.Piles
		c.within(at+"/piles/across", float64(p.Across), 0, 50)
		c.within(at+"/piles/along", float64(p.Along), 0, 50)
		if p.Across > 0 && p.Along > 0 {
			c.size(at+"/piles/diameter", p.Diameter, false)
			c.size(at+"/piles/spacing", p.Spacing, p.Across*p.Along == 1)
			c.height(at+"/piles/toe", p.Toe)
			if p.Toe >= s.Ground {
				c.fail(at+"/piles/toe", "%g m is not below the footing at %g m", p.Toe, s.Ground)
			}
		}
	}
}

func (c *check) space(s *Space) {
	c.text("space/use", s.Use)
	c.size("space/wall", s.Wall, true)
	c.size("space/slab", s.Slab, true)
	c.size("space/column", s.Column, true)
	if s.Column > 0 {
		c.within("space/grid", s.Grid, 2, maxExtent)
	}
	if !c.list("space/storeys", len(s.Storeys)) {
		return
	}
	if len(s.Storeys) == 0 {
		c.fail("space/storeys", "there is none")
	}
	for i, st := range s.Storeys {
		at := fmt.Sprintf("space/storeys/%d", i)
		c.text(at+"/name", st.Name)
		c.height(at+"/floor", st.Floor)
		c.height(at+"/ceiling", st.Ceiling)
		if st.Ceiling <= st.Floor {
			c.fail(at, "its ceiling at %g m is not above its floor at %g m", st.Ceiling, st.Floor)
		}
		if i > 0 && st.Ceiling > s.Storeys[i-1].Floor+1e-6 {
			c.fail(at, "it reaches into the storey above it")
		}
	}
}
