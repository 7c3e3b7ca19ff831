package geometry

import (
	"math"
	"slices"
)

// space makes storeys below the ring of a zone, which is their clear plan: slabs, walls around it and columns. Where neither wall nor slab is known, each
// storey is a block.
func (b *builder) space(s *Space) {
	k := spaceMaker{builder: b, s: s, origin: b.axis[0]}
	for _, p := range b.axis {
		k.clear = append(k.clear, Flat{p.E - k.origin.E, p.N - k.origin.N})
	}
	if !k.ready() {
		return
	}
	if s.Wall > 0 {
		k.outer = moved(k.clear, s.Wall, true)
		k.hollow = Area(k.outer) > Area(k.clear) && !crossesItself(k.outer) && within(k.clear, k.outer, nil)
		if !k.hollow {
			k.outer = k.clear
		}
	}
	if s.Column > 0 && s.Grid > 0 {
		k.placeColumns()
	}
	for i, t := range s.Storeys {
		if k.full() {
			return
		}
		k.storey(i, t)
	}
}

// ready turns the plan counter-clockwise; false where it is none.
func (k *spaceMaker) ready() bool {
	k.clear = withoutDoubles(k.clear)
	if len(k.clear) < 3 || math.Abs(Area(k.clear)) < leastArea || crossesItself(k.clear) {
		return false
	}
	if Area(k.clear) < 0 {
		slices.Reverse(k.clear)
	}
	k.outer = k.clear
	return true
}

// leastArea is the area of the smallest plan of a space, square metres.
const leastArea = 0.01

type spaceMaker struct {
	*builder
	s            *Space
	origin       Point
	clear, outer []Flat
	hollow       bool      // the wall goes around in one
	feet         []Element // of the columns of each storey
}

func (k *spaceMaker) slab(name string, i int, low, high float64) {
	if high-low > 1e-3 {
		k.add(name, i, Prism(k.origin, Profile{Outer: k.outer}, low, high))
	}
}

func (k *spaceMaker) storey(i int, t Storey) {
	s := k.s
	if s.Wall <= 0 && s.Slab <= 0 {
		k.slab("storey", i, t.Floor, t.Ceiling)
		return
	}
	if i == 0 {
		k.slab("roof", 0, t.Ceiling, t.Ceiling+s.Slab)
	}
	below := t.Floor - s.Slab
	if i+1 < len(s.Storeys) {
		below = s.Storeys[i+1].Ceiling // the slab between reaches from ceiling to floor
	}
	k.slab("slab", i, below, t.Floor)
	k.walls(i, t)
	k.columns(i, t)
}

func (k *spaceMaker) walls(i int, t Storey) {
	switch {
	case k.s.Wall <= 0:
	case k.hollow:
		k.add("wall", i, Prism(k.origin, Profile{Outer: k.outer, Bores: [][]Flat{k.clear}}, t.Floor, t.Ceiling))
	default: // so many corners that the outside would cross itself: a wall a side
		var m Mesh
		for j, p := range k.clear {
			q := k.clear[(j+1)%len(k.clear)]
			n := normalOf(p, q)
			out := Flat{n.X * k.s.Wall, n.Y * k.s.Wall}
			m.Add(Prism(k.origin, Profile{Outer: []Flat{{p.X + out.X, p.Y + out.Y}, {q.X + out.X, q.Y + out.Y}, q, p}}, t.Floor, t.Ceiling))
		}
		k.add("wall", i, m)
	}
}

// columns stand from floor to ceiling.
func (k *spaceMaker) columns(i int, t Storey) {
	list := slices.Clone(k.feet)
	for j := range list {
		list[j].At.H, list[j].Z = (t.Floor+t.Ceiling)/2, Point{H: (t.Ceiling - t.Floor) / 2}
	}
	k.addElements("columns", i, list)
}

// placeColumns puts columns on a grid along the longest side, where they lie wholly inside.
func (k *spaceMaker) placeColumns() {
	x := k.longest()
	y := Flat{-x.Y, x.X}
	var turned []Flat
	for _, p := range k.clear {
		turned = append(turned, Flat{p.X*x.X + p.Y*x.Y, p.X*y.X + p.Y*y.Y})
	}
	low, high := bounds(turned)
	grid := k.s.Grid
	for (high.X-low.X)/grid*(high.Y-low.Y)/grid > maxElements {
		grid *= 2
	}
	h := k.s.Column / 2
	for u := low.X + grid; u < high.X; u += grid {
		for v := low.Y + grid; v < high.Y; v += grid {
			if within(rect(u-h, v-h, u+h, v+h), turned, nil) {
				at := k.origin.Add(Point{E: u*x.X + v*y.X, N: u*x.Y + v*y.Y})
				k.feet = append(k.feet, Element{At: at, X: Point{E: x.X * h, N: x.Y * h}, Y: Point{E: y.X * h, N: y.Y * h}})
			}
		}
	}
}

// longest is the direction of the longest side.
func (k *spaceMaker) longest() Flat {
	best, d := 0.0, Flat{X: 1}
	for i, p := range k.clear {
		q := k.clear[(i+1)%len(k.clear)]
		if l := math.Hypot(q.X-p.X, q.Y-p.Y); l > best {
			best, d = l, Flat{(q.X - p.X) / l, (q.Y - p.Y) / l}
		}
	}
	return d
}
