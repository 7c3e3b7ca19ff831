package geometry

import "math"

// Clear returns the clear spaces that an asset has inside, each as a closed solid: the compartments of a gallery, the ducts of a bank, the bore of a pipe,
// the storeys of a space. Where no wall is known around a space, the space itself is what Parts gives and Clear leaves it out. axis and sec are as for Parts; s may be nil.
func (s *Structure) Clear(axis []Point, sec Section, d Detail) []Part {
	for _, p := range axis {
		if !p.IsFinite() {
			return nil
		}
	}
	b := builder{axis: axis, sec: sec, detail: d}
	switch {
	case len(axis) < 2:
	case s == nil:
		b.clearPipe(&Pipe{})
	case s.Pipe != nil:
		b.clearPipe(s.Pipe)
	case s.Gallery != nil:
		if a, ok := b.along(); ok {
			if _, bores := s.Gallery.shell(sec); bores != nil {
				b.clearBores("compartment", bores, a.path)
			}
		}
	case s.Space != nil && (s.Space.Wall > 0 || s.Space.Slab > 0):
		k := spaceMaker{builder: &b, s: s.Space, origin: axis[0]}
		for _, p := range axis {
			k.clear = append(k.clear, Flat{p.E - k.origin.E, p.N - k.origin.N})
		}
		if k.ready() {
			for i, t := range s.Space.Storeys {
				k.slab("storey", i, t.Floor, t.Ceiling)
			}
		}
	}
	return b.parts
}

func (b *builder) clearBores(name string, bores [][]Flat, path []Point) {
	for i, o := range bores {
		b.add(name, i, SweepProfile(path, Profile{Outer: o}, nil))
	}
}

// clearPipe is the bore of a pipe, or the ducts of a bank.
func (b *builder) clearPipe(p *Pipe) {
	n := b.detail.sides(max(b.sec.OuterWidth(), b.sec.OuterHeight()) / 2)
	first := p.Profile(b.sec, n, false)
	name := "bore"
	if b.sec.Shape == DuctBank || len(p.Holes) > 0 {
		name = "duct"
	}
	path := b.bent(p, n)
	if p.tapers() {
		last := p.Profile(b.sec, n, true)
		for i, o := range first.Bores {
			if i < len(last.Bores) && len(last.Bores[i]) == len(o) {
				b.add(name, i, SweepProfile(path, Profile{Outer: o}, &Taper{Profile{Outer: last.Bores[i]}}))
			}
		}
		return
	}
	if len(p.Holes) == 0 {
		b.clearBores(name, first.Bores, path)
		return
	}
	for _, o := range first.Bores { // a hole that could not be made has none
		b.add(name, p.holeAt(o), SweepProfile(path, Profile{Outer: o}, nil))
	}
}

// holeAt is which hole of the bank an outline stands for.
func (p *Pipe) holeAt(o []Flat) int {
	low, high := bounds(o)
	best, far := 0, math.Inf(1)
	for i, h := range p.Holes {
		if d := math.Hypot(h.X-(low.X+high.X)/2, h.Y-(low.Y+high.Y)/2); d < far {
			best, far = i, d
		}
	}
	return best
}
