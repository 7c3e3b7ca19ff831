package geometry

import (
	"math"
	"slices"
)

// Part is a piece of an asset that can be named and picked: a wall, a deck, a row of piles. Each mesh is closed by itself, with normals outwards.
type Part struct {
	Name     string // in lower camel case: "shell", "fireDoor"
	Index    int    // of several with one name, in the order of the structure
	Mesh     Mesh
	Elements []Element // of parts that are many times the same; Mesh is then empty
	Unit     Mesh      // what each element is where it is neither a box nor a cylinder: from −1 to 1 along its axes
}

// Element is a box or a cylinder about its Z, from −1 to 1 along each of its half axes, which stand at right angles.
type Element struct {
	Round   bool
	At      Point
	X, Y, Z Point
}

// Whole is the part as one mesh, its blocks too; cylinders have n sides.
func (p Part) Whole(n int) Mesh {
	m := Mesh{}
	m.Add(p.Mesh)
	for _, b := range p.Elements {
		if len(p.Unit.Indices) > 0 {
			m.Add(b.of(p.Unit))
		} else {
			m.Add(b.Mesh(n))
		}
	}
	return m
}

// of is a unit put where the element is.
func (b Element) of(unit Mesh) Mesh {
	m := Mesh{Indices: slices.Clone(unit.Indices)}
	x, y, z := b.X.Scale(1/b.X.Dot(b.X)), b.Y.Scale(1/b.Y.Dot(b.Y)), b.Z.Scale(1/b.Z.Dot(b.Z))
	for i, p := range unit.Positions {
		m.Positions = append(m.Positions, b.At.Add(b.X.Scale(p.E)).Add(b.Y.Scale(p.N)).Add(b.Z.Scale(p.H)))
		n := unit.Normals[i]
		v := x.Scale(n.E).Add(y.Scale(n.N)).Add(z.Scale(n.H))
		m.Normals = append(m.Normals, v.Scale(1/max(v.Len(), 1e-12)))
	}
	m.reflat() // what was round may have been pressed flat
	return m
}

// Mesh is the block as a mesh of its own.
func (b Element) Mesh(n int) Mesh {
	o := rect(-1, -1, 1, 1)
	if b.Round {
		o = full(1, 1, max(8, n))
	}
	x, y := b.X, b.Y
	if x.Cross(y).Dot(b.Z) < 0 {
		x = x.Scale(-1)
	}
	p := Profile{Outer: o}
	m := loft(frame{b.At.Add(b.Z), x, y}, frame{b.At.Sub(b.Z), x, y}, p, p)
	for i, v := range m.Normals {
		if l := v.Len(); l > 0 {
			m.Normals[i] = v.Scale(1 / l)
		}
	}
	return m
}

// Detail says how finely, and what of the asset, parts are made.
type Detail struct {
	Err      float64 // how far a chord may lie from its curve, metres; 0 is 5 mm
	Bottom   float64 // height of a chamber's floor; NaN where it is not known
	Fittings bool    // of a chamber only the openings and what stands inside
	Closed   bool    // walls are not cut open where pipes, shafts and passages enter: a hole costs more than the wall around it
}

// sides is how many sides a circle has.
func (d Detail) sides(radius float64) int {
	if d.Err <= 0 {
		return Sides(radius, 0.005)
	}
	return Sides(radius, d.Err)
}

const (
	// maxElements bounds the elements of a part: of more only each second, third … is made.
	maxElements = 5000
	// maxSize bounds the vertices and elements of an asset: what comes when there are so many is left out.
	maxSize = 1_000_000
)

// Parts returns what an asset with the structure s consists of. axis and sec are those it is drawn with (the ring of a zone). Whatever the input, each part
// is closed and finite; what cannot be (an opening above the lid, a duct outside its bank) is left out.
func (s *Structure) Parts(axis []Point, sec Section, d Detail) []Part {
	parts, _ := s.PartsUncut(axis, sec, d)
	return parts
}

// PartsUncut is as Parts, and says how many openings, shafts and passages are not cut out of a wall that they enter, so that their collars alone are drawn:
// those that come after the bound of the work for one structure, and those that no hole fits for. What has no place at all, such as an opening wider than
// its chamber, counts too.
func (s *Structure) PartsUncut(axis []Point, sec Section, d Detail) (parts []Part, uncut int) {
	for _, p := range axis {
		if !p.IsFinite() {
			return nil, 0
		}
	}
	if len(axis) == 0 {
		return nil, 0
	}
	b := builder{axis: axis, sec: sec, detail: d}
	switch {
	case s.Pipe != nil:
		b.pipe(s.Pipe)
	case s.Chamber != nil:
		b.chamber(s.Chamber)
	case s.Gallery != nil:
		b.gallery(s.Gallery)
	case s.Tunnel != nil:
		b.tunnel(s.Tunnel)
	case s.Bridge != nil:
		b.bridge(s.Bridge)
	case s.Space != nil:
		b.space(s.Space)
	case s.Solid != nil:
		b.add("solid", 0, s.Solid.Mesh(axis[0]))
	}
	return b.parts, b.uncut
}

// builder gathers parts.
type builder struct {
	axis   []Point
	sec    Section
	detail Detail
	parts  []Part
	size   int // vertices and elements
	work   int // corners that were looked at, see maxWork
	uncut  int // openings whose hole is not in the wall that they enter
}

// full reports whether no more may be added.
func (b *builder) full() bool { return b.size > maxSize }

func (b *builder) put(p Part) {
	if b.full() || len(p.Mesh.Indices)+len(p.Elements) == 0 {
		return
	}
	b.size += len(p.Mesh.Positions) + len(p.Elements)
	b.parts = append(b.parts, p)
}

func (b *builder) add(name string, index int, m Mesh) { b.put(Part{Name: name, Index: index, Mesh: m}) }

func (b *builder) addElements(name string, index int, list []Element) {
	b.put(Part{Name: name, Index: index, Elements: list})
}

// alignment is an axis with its chainages in plan.
type alignment struct {
	path  []Point
	chain []float64
}

// along is the alignment of the axis; ok is false where it has no length in plan.
func (b *builder) along() (a alignment, ok bool) {
	a.path = withoutRepeats(b.axis)
	for i, p := range a.path {
		c := 0.0
		if i > 0 {
			c = a.chain[i-1] + p.PlanDist(a.path[i-1])
		}
		a.chain = append(a.chain, c)
	}
	return a, len(a.path) > 1 && a.length() > 1e-3
}

func (a alignment) length() float64 { return a.chain[len(a.chain)-1] }

// station is a place on an alignment: ahead and right lie level, along has the gradient.
type station struct{ at, ahead, right, along Point }

// at is the station at a chainage, which is brought to the alignment.
func (a alignment) at(chainage float64) station {
	chainage = min(max(chainage, 0), a.length())
	i := 1
	for i < len(a.chain)-1 && (a.chain[i] < chainage || a.chain[i]-a.chain[i-1] < 1e-6) {
		i++
	}
	for i > 1 && a.chain[i]-a.chain[i-1] < 1e-6 { // upright at the end
		i--
	}
	p, q := a.path[i-1], a.path[i]
	t := 0.0
	if l := a.chain[i] - a.chain[i-1]; l > 1e-6 {
		t = min(1, (chainage-a.chain[i-1])/l)
	}
	d := q.Sub(p)
	s := station{at: p.Lerp(q, t), along: d.Scale(1 / d.Len())}
	flat := Point{E: d.E, N: d.N}
	if l := flat.Len(); l > 1e-9 {
		s.ahead = flat.Scale(1 / l)
	} else {
		s.ahead = Point{N: 1}
	}
	s.right = Point{E: s.ahead.N, N: -s.ahead.E}
	return s
}

// cross is the upright plane across the alignment, looking ahead.
func (s station) cross() frame { return frame{s.at, s.right, Point{H: 1}} }

// wall is a profile across the alignment, thick by so much, half of it before the station and half behind.
func (s station) wall(p Profile, thick float64) Mesh {
	f, g := s.cross(), s.cross()
	f.at, g.at = s.at.Sub(s.ahead.Scale(thick/2)), s.at.Add(s.ahead.Scale(thick/2))
	return loft(f, g, p, p)
}

// box is a box across, along and up, with the middle of its top at a point.
func (s station) box(top Point, across, along, height float64) Element {
	return Element{At: top.Sub(Point{H: height / 2}), X: s.right.Scale(across / 2), Y: s.ahead.Scale(along / 2), Z: Point{H: height / 2}}
}

// post stands upright between two heights, its width along the way and its length across.
func (s station) post(at Point, p Plan, low, high float64) Element {
	at.H = (low + high) / 2
	return Element{Round: p.Round, At: at, X: s.right.Scale(p.across() / 2), Y: s.ahead.Scale(p.Width / 2), Z: Point{H: (high - low) / 2}}
}

// across is the length across, that of a round plan its diameter.
func (p Plan) across() float64 {
	if p.Round {
		return p.Width
	}
	return p.LengthOr()
}

// loop is the plan with the width along Y and the length along X.
func (p Plan) loop(n int) []Flat {
	if p.Round {
		return full(p.Width/2, p.Width/2, n)
	}
	w, l := p.Width/2, p.LengthOr()/2
	return rect(-l, -w, l, w)
}

// even is the plan as 8·m points, two plans of which can be joined: from the right, over the corner, to ahead and so on.
func (p Plan) even(m int) []Flat {
	if p.Round {
		return full(p.Width/2, p.Width/2, 8*m)
	}
	l, w := p.LengthOr()/2, p.Width/2
	o := make([]Flat, 8*m)
	for i := range o {
		t := float64(i%(8*m)) / float64(m) // 1 is the corner, 2 ahead
		q := math.Mod(t, 8)
		var x, y float64
		switch {
		case q < 1:
			x, y = 1, q
		case q < 3:
			x, y = 2-q, 1
		case q < 5:
			x, y = -1, 4-q
		case q < 7:
			x, y = q-6, -1
		default:
			x, y = 1, q-8
		}
		o[i] = Flat{x * l, y * w}
	}
	return o
}

// tube is the solid between a plan and the wall around it; the plan alone where there is no wall.
func (p Plan) tube(wall float64, n int) Profile {
	clear := p.loop(n)
	if wall <= 0 {
		return Profile{Outer: clear}
	}
	if p.Round {
		return Profile{Outer: full(p.Width/2+wall, p.Width/2+wall, n), Bores: [][]Flat{clear}}
	}
	return Profile{Outer: offset(clear, wall), Bores: [][]Flat{clear}}
}

// Area is the clear area in plan, square metres.
func (p Plan) Area() float64 {
	if p.Round {
		return math.Pi * p.Width * p.Width / 4
	}
	return p.Width * p.LengthOr()
}
