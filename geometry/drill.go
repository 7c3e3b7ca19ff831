package geometry

import (
	"cmp"
	"math"
	"slices"
)

// drill is a straight hole of a convex outline, from a plane onwards: right and up of the frame lie in that plane, and whoever looks along the hole sees
// the outline run counter-clockwise.
type drill struct {
	frame
	hole   []Flat
	length float64
}

func (d drill) along() Point { return d.up.Cross(d.right) }

// drillTurns are the turns of a hole that are tried, radians: where a corner of the hole meets a side of the wall exactly, the next does not.
var drillTurns = [...]float64{0, 1e-3, -2.3e-3, 4.1e-3, -6.7e-3}

// drilled is a closed mesh with a hole through the one wall that the drill meets, and the reveal of that hole. The drill has to begin and end in the
// open, and the wall to go all around it. Where that is not so the mesh stays as it is and ok is false; what is returned is closed in any case. tried is
// how often the whole mesh was looked at.
func (m Mesh) drilled(d drill) (out Mesh, ok bool, tried int) {
	if len(d.hole) < 3 || !(d.length > 0) || !convex(d.hole) || Area(d.hole) < 1e-6 {
		return m, false, 0
	}
	out = m
	whole := m.Volume()
	for _, a := range drillTurns {
		tried++
		s, c := math.Sincos(a)
		t := d
		t.hole = make([]Flat, len(d.hole))
		for i, p := range d.hole {
			t.hole[i] = Flat{c*p.X - s*p.Y, s*p.X + c*p.Y}
		}
		k := driller{drill: t, way: t.along()}
		if !k.cut(m) || !k.reveal() || k.turned || ok && k.thin || !k.balanced() {
			continue
		}
		if v := k.volume(k.gone) - k.volume(k.out.Indices); !(v > 0 && v < whole) {
			continue
		}
		out, ok = k.out, true
		out.Indices = append(k.kept, k.out.Indices...)
		if !k.thin {
			break
		}
	}
	return out, ok, tried
}

// maxWork bounds what is looked at for the holes, shafts and portals of one structure, in corners: each hole looks at the whole mesh and each shaft at all
// tubes, so that the work grows with the square of their number. A tunnel of 10 km with forty cross passages and eight shafts takes 10 million, a chamber
// with six pipes 8,000.
const maxWork = 12_000_000

// drill takes a hole out of a part, unless there were too many: those that come after have their collars alone. It reports whether the hole is there.
func (b *builder) drill(part int, d drill) bool {
	if b.work > maxWork {
		return false
	}
	p := &b.parts[part]
	m, ok, tried := p.Mesh.drilled(d)
	b.work += tried * len(p.Mesh.Indices)
	if ok {
		b.size += len(m.Positions) - len(p.Mesh.Positions)
		p.Mesh = m
	}
	return ok
}

// before is an order of points.
func before(p, q Point) bool {
	return cmp.Or(cmp.Compare(p.E, q.E), cmp.Compare(p.N, q.N), cmp.Compare(p.H, q.H)) < 0
}

// driller makes one hole.
type driller struct {
	drill
	way        Point
	out        Mesh     // its triangles are those that are new
	kept, gone []uint32 // triangles of the mesh that stay, and that do not
	// thin is a triangle so thin that single precision would turn it round; turned is one that is turned round already.
	thin, turned bool
	rims         [2][]rimPoint // of the surface that the drill goes in through, and of the one that it comes out through
}

// rimPoint is a point of the rim of the hole: turn is how many sides of the hole lie before it and what part of its own.
type rimPoint struct {
	turn float64
	at   Point
}

// corner is a vertex of a triangle, seen along the hole.
type corner struct {
	at, normal Point
	flat       Flat
}

func (k *driller) corner(at, normal Point) corner {
	v := at.Sub(k.at)
	return corner{at, normal, Flat{v.Dot(k.right), v.Dot(k.up)}}
}

// deep is how far along the hole a point lies.
func (k *driller) deep(p Point) float64 { return p.Sub(k.at).Dot(k.way) }

// cut takes the hole out of each triangle; false where it does not go through cleanly.
func (k *driller) cut(m Mesh) bool {
	low, high := bounds(k.hole)
	k.out = Mesh{Positions: slices.Clone(m.Positions), Normals: slices.Clone(m.Normals)}
	k.kept = make([]uint32, 0, len(m.Indices))
	for i := 0; i+2 < len(m.Indices); i += 3 {
		var t [3]corner
		lo, hi := Flat{math.Inf(1), math.Inf(1)}, Flat{math.Inf(-1), math.Inf(-1)}
		for j := range t {
			v := m.Indices[i+j]
			t[j] = k.corner(m.Positions[v], m.Normals[v])
			lo, hi = Flat{min(lo.X, t[j].flat.X), min(lo.Y, t[j].flat.Y)}, Flat{max(hi.X, t[j].flat.X), max(hi.Y, t[j].flat.Y)}
		}
		touched := lo.X <= high.X && hi.X >= low.X && lo.Y <= high.Y && hi.Y >= low.Y
		cut, fine := false, true
		if touched {
			cut, fine = k.triangle(t)
		}
		switch {
		case !fine:
			return false
		case cut:
			k.gone = append(k.gone, m.Indices[i:i+3]...)
		default:
			k.kept = append(k.kept, m.Indices[i:i+3]...)
		}
	}
	return true
}

// rimCrossing is where a side of a triangle crosses the rim.
type rimCrossing struct {
	rimPoint
	flat  Flat
	side  int // of the triangle
	enter bool
}

// triangle cuts one triangle. cut is false where it stays as it is; fine where the hole cannot be made.
func (k *driller) triangle(t [3]corner) (cut, fine bool) {
	size := turn(t[0].flat, t[1].flat, t[2].flat)
	turned := size < 0
	if turned {
		t[1], t[2] = t[2], t[1]
	}
	var list []rimCrossing
	for i := range t {
		list = k.crossings(list, t[i], t[(i+1)%3], i)
	}
	whole := len(list) == 0
	if math.Abs(size) < 1e-10 { // seen from its edge
		return false, whole && !inside(t[0].flat, k.hole) || k.beyond(t)
	}
	var near []Point
	for _, c := range list {
		near = append(near, c.at)
	}
	for _, c := range t {
		if inside(c.flat, k.hole) {
			near = append(near, c.at)
		}
	}
	within := 0
	for _, p := range k.hole {
		if turn(t[0].flat, t[1].flat, p) > 0 && turn(t[1].flat, t[2].flat, p) > 0 && turn(t[2].flat, t[0].flat, p) > 0 {
			near = append(near, k.lift(t, p))
			within++
		}
	}
	in, beyond := 0, 0
	for _, p := range near {
		if w := k.deep(p); w > 0 && w < k.length {
			in++
		} else {
			beyond++
		}
	}
	switch {
	case in == 0:
		return false, true
	case beyond > 0:
		return false, false
	case !whole:
		return true, k.around(t, list, turned)
	case within == len(k.hole):
		k.bore(t, turned)
	case within > 0:
		return true, false
	}
	return true, true
}

// beyond reports whether what is seen from its edge lies before or behind the hole.
func (k *driller) beyond(t [3]corner) bool {
	a, b, c := k.deep(t[0].at), k.deep(t[1].at), k.deep(t[2].at)
	return max(a, b, c) < 0 || min(a, b, c) > k.length
}

// crossings puts where a side of a triangle enters and leaves the hole to a list (Cyrus and Beck). Both triangles of a side get the same points.
func (k *driller) crossings(list []rimCrossing, a, b corner, side int) []rimCrossing {
	swapped := before(b.at, a.at)
	if swapped {
		a, b = b, a
	}
	from, to, first, last := 0.0, 1.0, -1, -1
	n := len(k.hole)
	for i, p := range k.hole {
		q := k.hole[(i+1)%n]
		x, y := turn(p, q, a.flat), turn(p, q, b.flat)
		switch {
		case x < 0 && y < 0:
			return list
		case x < 0:
			if t := x / (x - y); t > from {
				from, first = t, i
			}
		case y < 0:
			if t := x / (x - y); t < to {
				to, last = t, i
			}
		}
	}
	if from >= to {
		return list
	}
	put := func(t float64, i int, enter bool) {
		c := rimCrossing{side: side, enter: enter != swapped, flat: Flat{a.flat.X + t*(b.flat.X-a.flat.X), a.flat.Y + t*(b.flat.Y-a.flat.Y)}}
		p, q := k.hole[i], k.hole[(i+1)%n]
		d := Flat{q.X - p.X, q.Y - p.Y}
		part := ((c.flat.X-p.X)*d.X + (c.flat.Y-p.Y)*d.Y) / (d.X*d.X + d.Y*d.Y)
		c.at, c.turn = a.at.Lerp(b.at, t), float64(i)+min(max(part, 0), 1-1e-12)
		list = append(list, c)
	}
	enter := func() {
		if first >= 0 {
			put(from, first, true)
		}
	}
	if !swapped {
		enter()
	}
	if last >= 0 {
		put(to, last, false)
	}
	if swapped {
		enter()
	}
	return list
}

// lift is a point of the hole's outline in the plane of a triangle.
func (k *driller) lift(t [3]corner, p Flat) Point {
	w := [3]float64{turn(t[1].flat, t[2].flat, p), turn(t[2].flat, t[0].flat, p), turn(t[0].flat, t[1].flat, p)}
	sum := w[0] + w[1] + w[2]
	deep := 0.0
	for i := range t {
		deep += w[i] / sum * k.deep(t[i].at)
	}
	return k.put(p).Add(k.way.Scale(deep))
}

// around takes the hole out of a triangle whose sides it cuts: along the sides outside the hole, and back along its rim.
func (k *driller) around(t [3]corner, list []rimCrossing, turned bool) bool {
	n := len(list)
	if n%2 != 0 {
		return false
	}
	for i := range list {
		if list[i].enter == list[(i+1)%n].enter {
			return false
		}
	}
	done := make([]bool, n)
	for start := range list {
		if done[start] || list[start].enter {
			continue
		}
		var loop []corner
		for at := start; !done[at]; {
			out, in := list[at], list[(at+1)%n]
			done[at] = true
			loop = append(loop, k.on(t, out.rimPoint, out.flat))
			corners := (in.side - out.side + 3) % 3
			if corners == 0 && (at+1)%n <= at { // all the way round
				corners = 3
			}
			for j := 1; j <= corners; j++ {
				loop = append(loop, t[(out.side+j)%3])
			}
			next, rim := k.back(t, list, (at+1)%n)
			if next < 0 {
				return false
			}
			loop = append(loop, rim...)
			at = next
		}
		k.fill(loop, turned)
	}
	return k.rim(t, list, turned)
}

// on is a point of the rim as a vertex of a triangle.
func (k *driller) on(t [3]corner, p rimPoint, flat Flat) corner {
	w := [3]float64{turn(t[1].flat, t[2].flat, flat), turn(t[2].flat, t[0].flat, flat), turn(t[0].flat, t[1].flat, flat)}
	var n Point
	for i := range t {
		n = n.Add(t[i].normal.Scale(max(0, w[i])))
	}
	return corner{p.at, n.Scale(1 / max(n.Len(), 1e-12)), flat}
}

// back goes along the rim, clockwise, from where the triangle's side enters the hole to where one leaves it.
func (k *driller) back(t [3]corner, list []rimCrossing, from int) (to int, rim []corner) {
	n := float64(len(k.hole))
	least := math.Inf(1)
	to = -1
	for i, c := range list {
		if c.enter {
			continue
		}
		if d := math.Mod(list[from].turn-c.turn+n, n); d < least {
			least, to = d, i
		}
	}
	if to < 0 {
		return to, nil
	}
	rim = append(rim, k.on(t, list[from].rimPoint, list[from].flat))
	for _, i := range k.between(list[from].turn, list[to].turn) {
		p := k.hole[i]
		rim = append(rim, k.on(t, rimPoint{float64(i), k.lift(t, p)}, p))
	}
	return to, rim
}

// between are the corners of the hole on the way from one place of the rim to another, clockwise.
func (k *driller) between(from, to float64) (list []int) {
	n := len(k.hole)
	way := math.Mod(from-to+float64(n), float64(n))
	for i := int(math.Floor(from)); from-float64(i) < way; i-- {
		list = append(list, (i+n)%n)
	}
	return list
}

// rim notes the parts of the rim that lie in a triangle.
func (k *driller) rim(t [3]corner, list []rimCrossing, turned bool) bool {
	r := &k.rims[0]
	if turned {
		r = &k.rims[1]
	}
	for i, c := range list {
		if !c.enter {
			continue
		}
		*r = append(*r, c.rimPoint)
		to, _ := k.back(t, list, i)
		if to < 0 {
			return false
		}
		for _, j := range k.between(c.turn, list[to].turn) {
			*r = append(*r, rimPoint{float64(j), k.lift(t, k.hole[j])})
		}
	}
	return true
}

// bore takes the whole hole out of one triangle.
func (k *driller) bore(t [3]corner, turned bool) {
	r := &k.rims[0]
	if turned {
		r = &k.rims[1]
	}
	all := []corner{t[0], t[1], t[2]}
	for i, p := range k.hole {
		q := rimPoint{float64(i), k.lift(t, p)}
		*r = append(*r, q)
		all = append(all, k.on(t, q, p))
	}
	k.emit(all, Triangulate([]Flat{t[0].flat, t[1].flat, t[2].flat}, k.hole), turned)
}

// fill puts a loop of a triangle's plane to the mesh.
func (k *driller) fill(loop []corner, turned bool) {
	flat := make([]Flat, len(loop))
	for i, c := range loop {
		flat[i] = c.flat
	}
	k.emit(loop, Triangulate(flat), turned)
}

func (k *driller) emit(all []corner, triangles []uint32, turned bool) {
	base := uint32(len(k.out.Positions))
	for _, c := range all {
		k.out.Positions, k.out.Normals = append(k.out.Positions, c.at), append(k.out.Normals, c.normal)
	}
	for i := 0; i+2 < len(triangles); i += 3 {
		k.judge(all[triangles[i]].flat, all[triangles[i+1]].flat, all[triangles[i+2]].flat)
		a, b, c := base+triangles[i], base+triangles[i+1], base+triangles[i+2]
		if turned {
			b, c = c, b
		}
		k.out.Indices = append(k.out.Indices, a, b, c)
	}
}

// thinnest is how far the corners of a triangle lie at least from its sides, metres.
const thinnest = 1e-4

func (k *driller) judge(a, b, c Flat) {
	size := turn(a, b, c)
	longest := max(math.Hypot(b.X-a.X, b.Y-a.Y), math.Hypot(c.X-b.X, c.Y-b.Y), math.Hypot(a.X-c.X, a.Y-c.Y))
	k.turned = k.turned || size < -1e-9*longest
	k.thin = k.thin || size < thinnest*longest
}

// reveal joins the two rims, a side of the hole after the other.
func (k *driller) reveal() bool {
	n := len(k.hole)
	for i := range k.rims {
		slices.SortFunc(k.rims[i], func(a, b rimPoint) int { return cmp.Compare(a.turn, b.turn) })
		if len(k.rims[i]) < n {
			return false
		}
	}
	normals := edgeNormals(k.hole)
	for s := range n {
		in, out := k.sideOf(0, s), k.sideOf(1, s)
		if len(in) < 2 || len(out) < 2 {
			return false
		}
		k.zip(in, out, float64(s), normals[s])
	}
	return true
}

// sideOf is what of a rim lies on a side of the hole, with both its corners.
func (k *driller) sideOf(which, side int) (list []rimPoint) {
	r := k.rims[which]
	for _, p := range r {
		if p.turn >= float64(side) && p.turn < float64(side+1) {
			list = append(list, p)
		}
	}
	for _, p := range r {
		if p.turn == float64((side+1)%len(k.hole)) {
			return append(list, rimPoint{float64(side + 1), p.at})
		}
	}
	return nil
}
