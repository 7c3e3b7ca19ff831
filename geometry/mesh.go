package geometry

import "math"

// Mesh is a triangle mesh with a normal a vertex; positions are metres in the frame.
type Mesh struct {
	Positions []Point
	Normals   []Point
	Indices   []uint32
}

// Volume is the volume within a closed mesh, cubic metres; negative when it is inside out.
func (m Mesh) Volume() float64 {
	if len(m.Positions) == 0 {
		return 0
	}
	return m.volumeFrom(m.Positions[0])
}

// volumeFrom is what the triangles enclose together with a point.
func (m Mesh) volumeFrom(o Point) (v float64) {
	for i := 0; i < len(m.Indices); i += 3 {
		a, b, c := m.Positions[m.Indices[i]].Sub(o), m.Positions[m.Indices[i+1]].Sub(o), m.Positions[m.Indices[i+2]].Sub(o)
		v += a.Dot(b.Cross(c)) / 6
	}
	return v
}

// Add puts the triangles of o to those of m.
func (m *Mesh) Add(o Mesh) {
	base := uint32(len(m.Positions))
	m.Positions, m.Normals = append(m.Positions, o.Positions...), append(m.Normals, o.Normals...)
	for _, i := range o.Indices {
		m.Indices = append(m.Indices, base+i)
	}
}

// edgeNormals gives each edge of an outline the normals at its two ends: smooth across flat bends, sharp across corners.
func edgeNormals(o []Flat) [][2]Flat {
	n := len(o)
	edge := make([]Flat, n)
	for i := range o {
		if edge[i] = normalOf(o[i], o[(i+1)%n]); math.Abs(edge[i].X)+math.Abs(edge[i].Y) < 0.5 {
			edge[i] = Flat{X: 1} // of an edge of no length; a normal is never nothing
		}
	}
	smooth := func(i, j int) Flat { // normal at the end of edge i that meets edge j
		if edge[i].X*edge[j].X+edge[i].Y*edge[j].Y < 0.7 {
			return edge[i]
		}
		s := Flat{edge[i].X + edge[j].X, edge[i].Y + edge[j].Y}
		l := math.Hypot(s.X, s.Y)
		return Flat{s.X / l, s.Y / l}
	}
	out := make([][2]Flat, n)
	for i := range o {
		out[i] = [2]Flat{smooth(i, (i+n-1)%n), smooth(i, (i+1)%n)}
	}
	return out
}

// frame is a plane that an outline stands in.
type frame struct{ at, right, up Point }

func (f frame) put(p Flat) Point { return f.at.Add(f.direct(p)) }

func (f frame) direct(p Flat) Point { return f.right.Scale(p.X).Add(f.up.Scale(p.Y)) }

// skin is a loop of an outline: the vertices that the edges begin and end with, shared where the surface is smooth.
type skin struct {
	normals    []Flat // of the vertices
	points     []int  // of the outline
	begin, end []int  // vertex of each edge
	other      []bool // which diagonal cuts the face of an edge: always from left to right, so that opposite faces of a twisted slab stay apart
	slopes     bool   // the surface is not along the way: normals are to stand upright on it
}

// upright is a normal without what of it runs along a line of the surface.
func upright(n, line Point) Point {
	d := line.Dot(line)
	if d < 1e-18 {
		return n
	}
	v := n.Sub(line.Scale(n.Dot(line) / d))
	if l := v.Len(); l > 1e-6 {
		return v.Scale(1 / l)
	}
	return n
}

func skinOf(o []Flat) skin {
	var s skin
	edges := edgeNormals(o)
	n := len(o)
	s.begin, s.end, s.other = make([]int, n), make([]int, n), make([]bool, n)
	for k := range o {
		before := (k + n - 1) % n
		p, q := o[k], o[(k+1)%n]
		s.other[k] = p.X > q.X || p.X == q.X && p.Y > q.Y
		s.begin[k] = len(s.normals)
		s.end[before] = len(s.normals)
		s.normals, s.points = append(s.normals, edges[k][0]), append(s.points, k)
		if edges[before][1] != edges[k][0] {
			s.end[before] = len(s.normals)
			s.normals, s.points = append(s.normals, edges[before][1]), append(s.points, k)
		}
	}
	return s
}

// strip joins two rings of a loop. Seen along the way from a to b the loop runs counter-clockwise about what is inside; bore turns it round.
func (m *Mesh) strip(s skin, a, b []Point, fa, fb frame, bore bool) {
	base := uint32(len(m.Positions))
	sign := 1.0
	if bore {
		sign = -1
	}
	for i, k := range s.points {
		m.Positions = append(m.Positions, a[k], b[k])
		na, nb := fa.direct(s.normals[i]).Scale(sign), fb.direct(s.normals[i]).Scale(sign)
		if s.slopes {
			na, nb = upright(na, b[k].Sub(a[k])), upright(nb, b[k].Sub(a[k]))
		}
		m.Normals = append(m.Normals, na, nb)
	}
	for k := range s.begin {
		i, j := base+2*uint32(s.begin[k]), base+2*uint32(s.end[k])
		two := [2][3]uint32{{i, j + 1, j}, {i, i + 1, j + 1}}
		if s.other[k] {
			two = [2][3]uint32{{i, i + 1, j}, {i + 1, j + 1, j}}
		}
		for _, t := range two {
			if bore {
				t[1], t[2] = t[2], t[1]
			}
			if s.slopes {
				t = m.flattened(t)
			}
			m.Indices = append(m.Indices, t[:]...)
		}
	}
}

// flattened is a triangle, with vertices of its own where a normal looks too far away from it: a steep cone between unlike plans.
func (m *Mesh) flattened(t [3]uint32) [3]uint32 {
	a, b, c := m.Positions[t[0]], m.Positions[t[1]], m.Positions[t[2]]
	n := b.Sub(a).Cross(c.Sub(a))
	l := n.Len()
	if l < 1e-12 {
		return t
	}
	n = n.Scale(1 / l)
	if min(n.Dot(m.Normals[t[0]]), n.Dot(m.Normals[t[1]]), n.Dot(m.Normals[t[2]])) > 0.5 {
		return t
	}
	base := uint32(len(m.Positions))
	m.Positions, m.Normals = append(m.Positions, a, b, c), append(m.Normals, n, n, n)
	return [3]uint32{base, base + 1, base + 2}
}

// lid closes the rings of a profile with triangles that number their points; turned looks against the way of the profile.
func (m *Mesh) lid(rings [][]Point, triangles []uint32, normal Point, turned bool) {
	base := uint32(len(m.Positions))
	for _, r := range rings {
		for _, p := range r {
			m.Positions, m.Normals = append(m.Positions, p), append(m.Normals, normal)
		}
	}
	for i := 0; i < len(triangles); i += 3 {
		a, b, c := base+triangles[i], base+triangles[i+1], base+triangles[i+2]
		if turned {
			b, c = c, b
		}
		m.Indices = append(m.Indices, a, b, c)
	}
}

// Prism is a profile that stands upright between two heights: X east and Y north of at.
func Prism(at Point, p Profile, low, high float64) Mesh {
	return loft(flatFrame(at, high), flatFrame(at, low), p, p)
}

// flatFrame lies level at a height: X east, Y north.
func flatFrame(at Point, height float64) frame {
	return frame{at: Point{at.E, at.N, height}, right: Point{E: 1}, up: Point{N: 1}}
}

// loft joins two profiles of as many points in two planes. Whoever looks from the first to the second has right and up as in the planes: of level ones
// the first is the higher one.
func loft(fa, fb frame, a, b Profile) Mesh {
	var m Mesh
	if len(a.Outer) < 3 || len(a.Outer) != len(b.Outer) || len(a.Bores) != len(b.Bores) {
		return m
	}
	ra, rb := ringsOf(fa, a), ringsOf(fb, b)
	for i, loop := range a.loops() {
		s := skinOf(loop)
		s.slopes = true
		m.strip(s, ra[i], rb[i], fa, fb, i > 0)
	}
	m.lid(ra, Triangulate(a.Outer, a.Bores...), fa.right.Cross(fa.up), false)
	m.lid(rb, Triangulate(b.Outer, b.Bores...), fb.up.Cross(fb.right), true)
	return m
}

func (p Profile) loops() [][]Flat { return append([][]Flat{p.Outer}, p.Bores...) }

func ringsOf(f frame, p Profile) [][]Point {
	var rings [][]Point
	for _, l := range p.loops() {
		r := make([]Point, len(l))
		for i, o := range l {
			r[i] = f.put(o)
		}
		rings = append(rings, r)
	}
	return rings
}
