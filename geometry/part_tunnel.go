package geometry

import (
	"cmp"
	"math"
	"slices"
)

// Sizes of what a tunnel has that its description does not give, metres; project assumptions.
const (
	deckThickness = 0.3
	passageWall   = 0.3
	ringWidth     = 0.04 // of the joint between rings of lining segments
	ringRise      = 0.02
)

func (b *builder) tunnel(t *Tunnel) {
	a, ok := b.along()
	if !ok {
		return
	}
	wall := a.stopped(b.openings(t.Shafts, t.Passages))
	if len(t.Tubes) == 0 {
		u := Tube{Shape: b.sec.Shape.String(), Width: b.sec.Width, Height: b.sec.Height, Wall: b.sec.Wall}
		b.openTube(b.tube(0, u, a, wall), u, t.Shafts, a)
	}
	lining := make([]int, len(t.Tubes)) // the part of each tube
	for i, u := range t.Tubes {
		if b.full() {
			return
		}
		lining[i] = b.tube(i, u, a, wall)
		b.openTube(lining[i], u, t.Shafts, a)
		b.lanes(i, u, a)
		if t.Lining > 0 {
			b.rings(i, u, a, t.Lining)
		}
	}
	for i, p := range t.Portals {
		if !b.full() {
			b.portal(i, p, t.Tubes, a)
		}
	}
	for i, p := range t.Passages {
		if !b.full() {
			b.passages(i, p, t.Tubes, lining, a)
		}
	}
	if len(t.Shafts) > 0 {
		b.shafts(t.Shafts, a, t.roof(b.sec))
	}
}

// Section is the cross-section of the tube.
func (u Tube) Section() Section {
	s, _ := ParseShape(u.Shape)
	return Section{Shape: s, Width: u.Width, Height: u.Height, Wall: u.Wall}
}

// tube draws a tube, its lining along a path with the points that its openings need; it returns which part the lining is.
func (b *builder) tube(i int, u Tube, a alignment, wall []Point) int {
	part := len(b.parts)
	sec := u.Section()
	n := b.detail.sides(max(sec.OuterWidth(), sec.OuterHeight()) / 2)
	p := sec.Profile(n)
	b.add("tube", i, SweepProfile(wall, p.moved(u.Across, u.Up), nil))
	if u.Deck <= 0 || len(p.Bores) == 0 {
		return part
	}
	low := -u.Height / 2
	if d := clipped(p.Bores[0], max(low, low+u.Deck-deckThickness), low+u.Deck); len(d) > 2 {
		b.add("roadway", i, SweepProfile(a.path, Profile{Outer: at(d, u.Across, u.Up)}, nil))
	}
	return part
}

// crownPart is how much of the width of a tube a shaft may open.
const crownPart = 0.7

// openTube opens the crown of a tube below its shafts.
func (b *builder) openTube(part int, u Tube, shafts []Shaft, a alignment) {
	for _, s := range shafts {
		if u.Wall > 0 && s.Chainage <= a.length()+fitSlack {
			b.openRoof(part, s, a, vault{u.Across - crownPart*u.Width/2, u.Across + crownPart*u.Width/2, u.Up})
		}
	}
}

// openSide opens the side of a tube to a passage, in the middle of the passage's wall, which is the reveal that is seen.
func (b *builder) openSide(part int, u Tube, p CrossPassage, s station, right bool) {
	if u.Wall <= 0 {
		return
	}
	up, out := Point{H: 1}, s.right
	if !right {
		out = out.Scale(-1)
	}
	middle := u.Deck - u.Height/2 + p.Height/2 // above the axis of the tube
	low := max(u.Deck-u.Height/2-passageWall/2, -0.4*u.Height)
	hole := clipped(offset(rect(-p.Width/2, -p.Height/2, p.Width/2, p.Height/2), passageWall/2), low-middle, 0.4*u.Height-middle)
	d := drill{frame: frame{s.at.Add(s.right.Scale(u.Across)).Add(up.Scale(u.Up + middle)), out.Cross(up), up}, hole: hole, length: u.Width + 2*u.Wall}
	b.open(part, d)
}

// moved is the profile elsewhere in its plane.
func (p Profile) moved(x, y float64) Profile {
	o := Profile{Outer: at(slices.Clone(p.Outer), x, y)}
	for _, l := range p.Bores {
		o.Bores = append(o.Bores, at(slices.Clone(l), x, y))
	}
	return o
}

// clipped is what lies of a convex outline between two heights (Sutherland and Hodgman).
func clipped(o []Flat, low, high float64) []Flat {
	cut := func(o []Flat, in func(p Flat) float64) []Flat {
		var out []Flat
		for i, p := range o {
			q := o[(i+1)%len(o)]
			a, b := in(p), in(q)
			if a >= 0 {
				out = append(out, p)
			}
			if a > 0 && b < 0 || a < 0 && b > 0 {
				t := a / (a - b)
				out = append(out, Flat{p.X + t*(q.X-p.X), p.Y + t*(q.Y-p.Y)})
			}
		}
		return out
	}
	out := cut(slices.Clone(o), func(p Flat) float64 { return p.Y - low })
	out = withoutDoubles(cut(out, func(p Flat) float64 { return high - p.Y }))
	if len(out) < 3 || Area(out) < 1e-6 {
		return nil
	}
	return out
}

// rings are the joints of the lining, seen from inside.
func (b *builder) rings(i int, u Tube, a alignment, every float64) {
	sec := u.Section()
	sec.Wall = 0
	clear := sec.Profile(b.detail.sides(max(u.Width, u.Height) / 2)).Outer
	if sec.IsOpen() || len(clear) < 3 {
		return
	}
	k := 1 - 2*ringRise/min(u.Width, u.Height)
	if k <= 0 {
		return
	}
	in := min(ringRise, u.Wall/2) // into the wall, so that both surfaces are not one
	w, h := u.Width/2+in, u.Height/2+in
	ring := Profile{Bores: [][]Flat{nil}}
	for _, p := range clear {
		ring.Outer = append(ring.Outer, Flat{2 * p.X / u.Width, 2 * p.Y / u.Height})
		ring.Bores[0] = append(ring.Bores[0], Flat{p.X * k / w, p.Y * k / h})
	}
	every *= math.Ceil(a.length() / every / maxElements)
	part := Part{Name: "lining", Index: i, Unit: SweepProfile([]Point{{E: -1}, {E: 1}}, ring, nil)}
	for ch := every; ch < a.length()-ringWidth; ch += every {
		s := a.at(ch)
		f := s.cross()
		part.Elements = append(part.Elements, Element{At: f.put(Flat{u.Across, u.Up}), X: s.ahead.Scale(ringWidth / 2), Y: f.right.Scale(-w), Z: f.up.Scale(h)})
	}
	b.put(part)
}

// extent is the box around the outsides of all tubes.
func extent(tubes []Tube, sec Section) (low, high Flat) {
	if len(tubes) == 0 {
		w, h := sec.OuterWidth()/2, sec.OuterHeight()/2
		return Flat{-w, -h}, Flat{w, h}
	}
	low, high = Flat{math.Inf(1), math.Inf(1)}, Flat{math.Inf(-1), math.Inf(-1)}
	for _, u := range tubes {
		s := u.Section()
		w, h := u.Width/2+s.Shell(), u.Height/2+s.Shell()
		low = Flat{min(low.X, u.Across-w), min(low.Y, u.Up-h)}
		high = Flat{max(high.X, u.Across+w), max(high.Y, u.Up+h)}
	}
	return low, high
}

// portal is the face at an end, standing on the lowest invert, with the tubes going through it.
func (b *builder) portal(i int, p Portal, tubes []Tube, a alignment) {
	low, high := extent(tubes, b.sec)
	w := max(p.Width/2, high.X, -low.X)
	outer := rect(-w, low.Y, w, max(high.Y, low.Y+p.Height))
	if len(tubes) == 0 {
		tubes = []Tube{{Shape: b.sec.Shape.String(), Width: b.sec.Width, Height: b.sec.Height, Wall: b.sec.Wall}}
	}
	face := Profile{Outer: outer}
	for _, u := range tubes {
		if b.work += roofSides; len(face.Bores) >= maxBores || b.work > maxWork {
			break
		}
		sec := u.Section()
		sec.Wall = 0
		clear := sec.Outline(b.detail.sides(max(u.Width, u.Height)/2), false)
		if clear = at(clear, u.Across, u.Up); within(clear, outer, face.Bores) {
			face.Bores = append(face.Bores, clear)
		}
	}
	depth := min(p.Depth, a.length())
	ch := depth / 2
	if p.AtEnd {
		ch = a.length() - depth/2
	}
	b.add("portal", i, a.at(ch).wall(face, depth))
}

// passages join each tube to the next on the right; lining is the part of each.
func (b *builder) passages(i int, p CrossPassage, tubes []Tube, lining []int, a alignment) {
	if len(tubes) > maxBores || p.Chainage > a.length()+fitSlack {
		return
	}
	list := make([]int, len(tubes))
	for k := range list {
		list[k] = k
	}
	slices.SortStableFunc(list, func(x, y int) int { return cmp.Compare(tubes[x].Across, tubes[y].Across) })
	s := a.at(p.Chainage)
	for k := 1; k < len(list); k++ {
		l, r := tubes[list[k-1]], tubes[list[k]]
		from, to := l.side(p.Height), r.side(p.Height)
		x, y := l.Across+from, r.Across-to
		if y-x < 0.05 {
			continue // they touch
		}
		foot := func(u Tube) float64 { return u.Up - u.Height/2 + u.Deck + p.Height/2 }
		path := []Point{s.at.Add(s.right.Scale(x)).Add(Point{H: foot(l)}), s.at.Add(s.right.Scale(y)).Add(Point{H: foot(r)})}
		clear := rect(-p.Width/2, -p.Height/2, p.Width/2, p.Height/2)
		b.add("passage", i, SweepProfile(path, Profile{Outer: offset(clear, passageWall), Bores: [][]Flat{clear}}, nil))
		b.openSide(lining[list[k-1]], l, p, s, true)
		b.openSide(lining[list[k]], r, p, s, false)
	}
}

// side is how far the clear side lies from the middle of a tube at half the height of a passage.
func (u Tube) side(height float64) float64 {
	sec := u.Section()
	sec.Wall = 0
	if x := halfAt(sec.Outline(48, false), -u.Height/2+u.Deck+height/2); x > 0 {
		return x
	}
	return u.Width / 2
}

// roof says how far above the axis the outside of the tunnel is at distances across, of which those are asked that lie between two.
func (t *Tunnel) roof(sec Section) roofOf {
	outlines := make([][]Flat, len(t.Tubes))
	for i, u := range t.Tubes {
		outlines[i] = u.Section().Outline(roofSides, true)
	}
	_, top := extent(t.Tubes, sec)
	return func(from, to float64) (func(across float64) float64, int) {
		var near []int
		for i, u := range t.Tubes {
			if half := u.Width/2 + u.Wall; len(outlines[i]) > 2 && u.Across+half > from && u.Across-half < to {
				near = append(near, i)
			}
		}
		return func(across float64) float64 {
			best, found := math.Inf(-1), false
			for _, i := range near {
				if u := t.Tubes[i]; math.Abs(across-u.Across) < u.Width/2+u.Wall {
					best, found = max(best, u.Up+topAt(outlines[i], across-u.Across)), true
				}
			}
			if !found {
				return top.Y
			}
			return best
		}, roofSides * len(near)
	}
}

// roofSides are the sides of a tube as its roof is looked for.
const roofSides = 48

// topAt is the height of an outline at a distance across.
func topAt(o []Flat, x float64) float64 {
	best := math.Inf(-1)
	for i, p := range o {
		q := o[(i+1)%len(o)]
		if (p.X > x) != (q.X > x) {
			best = max(best, p.Y+(x-p.X)/(q.X-p.X)*(q.Y-p.Y))
		}
	}
	if math.IsInf(best, -1) {
		_, high := bounds(o)
		return high.Y
	}
	return best
}
