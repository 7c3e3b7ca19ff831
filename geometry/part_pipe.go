package geometry

import "slices"

// maxBores bounds the bores of a profile: what a cap costs grows with their square. The ducts of a bank with more are drawn as discs on its ends.
const maxBores = 200

// discDepth is how far the discs of many ducts stand into and out of the end of a bank, metres.
const discDepth = 0.01

func (b *builder) pipe(p *Pipe) {
	n := b.detail.sides(max(b.sec.OuterWidth(), b.sec.OuterHeight()) / 2)
	profile := p.Profile(b.sec, n, false)
	var taper *Taper
	if p.tapers() {
		taper = &Taper{p.Profile(b.sec, n, true)}
	}
	path := b.bent(p, n)
	b.add("pipe", 0, SweepProfile(path, profile, taper))
	if p.Sediment > 0 {
		b.sediment(p, n, path)
	}
	if len(p.Holes) > maxBores {
		b.discs(p, profile.Outer, path)
	}
}

func (p *Pipe) tapers() bool { return p.EndWidth > 0 && p.EndHeight > 0 || p.EndWall > 0 }

// bent is the axis with its bends rounded; a bend too narrow for the section is mitred.
func (b *builder) bent(p *Pipe, n int) []Point {
	return rounded(b.axis, p.BendRadius, 0, 1.1*max(reachOf(p.Profile(b.sec, n, false)), reachOf(p.Profile(b.sec, n, true))))
}

// Profile is the solid cross-section at the first vertex of a segment whose section is sec, or at the last one; curves have about n points in a full turn.
// A duct outside the bank, or that cuts another, is left out.
func (p *Pipe) Profile(sec Section, n int, end bool) Profile {
	x, y := 1.0, 1.0
	if end && p.EndWidth > 0 && sec.Width > 0 && sec.Height > 0 {
		x, y = p.EndWidth/sec.Width, p.EndHeight/sec.Height
	}
	if end && p.EndWall > 0 {
		sec.Wall = p.EndWall
	}
	var o Profile
	if len(p.Outline) > 2 {
		o = p.own(sec, x, y)
	} else {
		s := sec
		s.Width, s.Height, s.Top = sec.Width*x, sec.Height*y, sec.Top*x
		if s.IsRound() && s.Width != s.Height {
			s.Shape = Ellipse
		}
		o = s.Profile(n)
	}
	if len(p.Holes) == 0 || len(p.Holes) > maxBores {
		if len(p.Holes) > 0 {
			o.Bores = nil
		}
		return o
	}
	o.Bores = nil
	for _, h := range p.Holes {
		if d := at(ductOutline(h.Diameter*min(x, y), min(n, ductPoints)), h.X*x, h.Y*y); within(d, o.Outer, o.Bores) {
			o.Bores = append(o.Bores, d)
		}
	}
	return o
}

// own is the profile of an outline of its own.
func (p *Pipe) own(sec Section, x, y float64) Profile {
	clear := withoutDoubles(slices.Clone(p.Outline))
	for i := range clear {
		clear[i] = Flat{clear[i].X * x, clear[i].Y * y}
	}
	switch {
	case p.Open:
		by := sec.Wall
		if by <= 0 {
			by = bedSheet
		}
		if c := channel(clear, by); Area(c) > 0 && !crossesItself(c) {
			return Profile{Outer: c}
		}
		return Profile{Outer: clear} // so crooked that its bed would cross itself: what it holds
	case sec.Wall > 0:
		return Profile{Outer: offset(clear, sec.Wall), Bores: [][]Flat{clear}}
	}
	return Profile{Outer: clear}
}

// discs are the ends of many ducts.
func (b *builder) discs(p *Pipe, outer []Flat, path []Point) {
	if len(path) < 2 {
		return
	}
	pieces := piecesOf(path)
	first, last := pieces[0], pieces[len(pieces)-1]
	var list []Element
	for _, h := range p.Holes {
		if !inside(Flat{h.X, h.Y}, outer) {
			continue
		}
		for _, end := range [...]struct {
			at Point
			p  piece
		}{{first.from, first}, {last.to, last}} {
			r := h.Diameter / 2
			f := frame{end.at, end.p.right, end.p.up}
			list = append(list, Element{Round: true, At: f.put(Flat{h.X, h.Y}), X: f.right.Scale(r), Y: f.up.Scale(r), Z: end.p.along.Scale(discDepth)})
		}
	}
	b.addElements("ducts", 0, list)
}

// sediment is what has settled in a closed section.
func (b *builder) sediment(p *Pipe, n int, path []Point) {
	clear := slices.Clone(p.Outline)
	if len(clear) < 3 {
		clear = b.sec.Outline(n, false)
	}
	if len(clear) < 3 {
		return
	}
	low, _ := bounds(clear)
	// Of an outline with several lowest places the clipped parts hang together by lines without width, which no solid has: it is not drawn.
	if o := clipped(clear, low.Y, low.Y+p.Sediment); len(o) > 2 && thickness(o) >= leastThickness && !crossesItself(snapped(o)) {
		b.add("sediment", 0, SweepProfile(path, Profile{Outer: o}, nil))
	}
}
