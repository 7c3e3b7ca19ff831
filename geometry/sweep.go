package geometry

import "math"

// Mesh is a triangle mesh with a normal a vertex; positions are metres in the frame.
type Mesh struct {
	Positions []Point
	Normals   []Point
	Indices   []uint32
}

// Sweep moves an outline along a path and closes both ends: mitred at bends, turned upright, flat-shaded along edges that are sharp. Its
// surface is closed and its normals point outwards. Points that repeat are left out; a path of no length gives no mesh.
func Sweep(path []Point, outline []Flat) Mesh {
	path = withoutRepeats(path)
	var m Mesh
	if len(path) < 2 || len(outline) < 3 {
		return m
	}
	rings := make([][]Point, len(path))
	for i := range path {
		rings[i] = ring(path, i, outline)
	}
	normals := outlineNormals(outline)
	for i := 1; i < len(path); i++ {
		right, up := uprights(path[i].Sub(path[i-1]))
		m.strip(rings[i-1], rings[i], right, up, normals)
	}
	first, last := path[1].Sub(path[0]), path[len(path)-1].Sub(path[len(path)-2])
	m.cap(rings[0], first.Scale(-1/first.Len()), true)
	m.cap(rings[len(rings)-1], last.Scale(1/last.Len()), false)
	return m
}

func withoutRepeats(path []Point) []Point {
	out := path[:0:0]
	for _, p := range path {
		if len(out) == 0 || p.Dist(out[len(out)-1]) > 1e-6 {
			out = append(out, p)
		}
	}
	return out
}

// uprights returns the directions right of and above a line that runs along d. A vertical line has east to its right.
func uprights(d Point) (right, up Point) {
	t := d.Scale(1 / d.Len())
	right = t.Cross(Point{H: 1})
	if l := right.Len(); l > 1e-6 {
		right = right.Scale(1 / l)
	} else {
		right = Point{E: 1}
	}
	return right, right.Cross(t)
}

// mitreLimit is how far a mitre may run out, times the distance from the axis: a bend sharper than about 120° is cut off.
const mitreLimit = 2

// ring is the outline at vertex i, in the plane that halves the bend there.
func ring(path []Point, i int, outline []Flat) []Point {
	a := max(i, 1)
	d := path[a].Sub(path[a-1])
	t := d.Scale(1 / d.Len())
	right, up := uprights(d)
	n := t
	if i > 0 && i < len(path)-1 {
		e := path[i+1].Sub(path[i])
		if h := t.Add(e.Scale(1 / e.Len())); h.Len() > 1e-3 {
			n = h.Scale(1 / h.Len())
		}
	}
	ps := make([]Point, len(outline))
	for k, o := range outline {
		off := right.Scale(o.X).Add(up.Scale(o.Y))
		slide := -off.Dot(n) / max(t.Dot(n), 1e-3)
		if limit := mitreLimit * off.Len(); math.Abs(slide) > limit {
			slide = math.Copysign(limit, slide)
		}
		ps[k] = path[i].Add(off).Add(t.Scale(slide))
	}
	return ps
}

// outlineNormals gives each edge of an outline the normals at its two ends: smooth across flat bends, sharp across corners.
func outlineNormals(o []Flat) [][2]Flat {
	n := len(o)
	edge := make([]Flat, n)
	for i := range o {
		d := Flat{o[(i+1)%n].X - o[i].X, o[(i+1)%n].Y - o[i].Y}
		l := max(math.Hypot(d.X, d.Y), 1e-12)
		edge[i] = Flat{d.Y / l, -d.X / l}
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

func (m *Mesh) strip(a, b []Point, right, up Point, normals [][2]Flat) {
	n := len(a)
	for k := range n {
		l := (k + 1) % n
		base := uint32(len(m.Positions))
		m.Positions = append(m.Positions, a[k], a[l], b[l], b[k])
		n1 := right.Scale(normals[k][0].X).Add(up.Scale(normals[k][0].Y))
		n2 := right.Scale(normals[k][1].X).Add(up.Scale(normals[k][1].Y))
		m.Normals = append(m.Normals, n1, n2, n2, n1)
		m.Indices = append(m.Indices, base, base+2, base+1, base, base+3, base+2)
	}
}

// cap closes a ring. The outline is star-shaped about its middle for every shape there is, so a fan does it.
func (m *Mesh) cap(r []Point, normal Point, start bool) {
	base := uint32(len(m.Positions))
	var c Point
	for _, p := range r {
		c = c.Add(p)
	}
	m.Positions = append(m.Positions, c.Scale(1/float64(len(r))))
	m.Normals = append(m.Normals, normal)
	for _, p := range r {
		m.Positions = append(m.Positions, p)
		m.Normals = append(m.Normals, normal)
	}
	n := uint32(len(r))
	for k := range n {
		i, j := base+1+k, base+1+(k+1)%n
		if start {
			m.Indices = append(m.Indices, base, i, j)
		} else {
			m.Indices = append(m.Indices, base, j, i)
		}
	}
}

// Volume is the volume within a closed mesh, cubic metres; negative when it is inside out.
func (m Mesh) Volume() float64 {
	if len(m.Positions) == 0 {
		return 0
	}
	o := m.Positions[0]
	var v float64
	for i := 0; i < len(m.Indices); i += 3 {
		a, b, c := m.Positions[m.Indices[i]].Sub(o), m.Positions[m.Indices[i+1]].Sub(o), m.Positions[m.Indices[i+2]].Sub(o)
		v += a.Dot(b.Cross(c)) / 6
	}
	return v
}
