package geometry

import "math"

// Taper is how a profile changes to its end: the profile there, with as many points in each loop; in between it changes evenly.
type Taper struct{ End Profile }

// Sweep moves an outline along a path, see SweepProfile.
func Sweep(path []Point, outline []Flat) Mesh {
	return SweepProfile(path, Profile{Outer: outline}, nil)
}

// SweepProfile moves a profile along a path and closes both ends, between outside and bores: upright, mitred at bends, flat-shaded along edges that are
// sharp. Its surface is closed and its normals point outwards. Points that repeat or are not finite are left out; a path of no length gives no mesh.
//
// Where a mitre cannot be (a bend sharper than a right angle, pieces shorter than the mitre is long, a section that would be twisted between an upright
// piece and its neighbours) the surface ends and begins anew: each part is closed, they reach into each other, and a path that turns back on itself has
// two ends where it turns.
func SweepProfile(path []Point, p Profile, taper *Taper) Mesh {
	path = withoutRepeats(path)
	var m Mesh
	if len(path) < 2 || len(p.Outer) < 3 {
		return m
	}
	s := sweeper{mesh: &m, profile: p, end: p, triangles: Triangulate(p.Outer, p.Bores...)}
	if taper != nil && sameLoops(p, taper.End) && mixable(p, taper.End) {
		s.end, s.tapers = taper.End, true
	}
	for _, l := range p.loops() {
		k := skinOf(l)
		k.slopes = s.tapers
		s.skins = append(s.skins, k)
	}
	reach, round := max(reachOf(p), reachOf(s.end)), isRoundOutline(p) && isRoundOutline(s.end)
	twist := math.Inf(1)
	if !round {
		twist = min(mostTwist(p, reach), mostTwist(s.end, reach))
	}
	pieces := piecesOf(path)
	for i := range pieces {
		s.length += pieces[i].length
	}
	from := 0
	for i := 1; i <= len(pieces); i++ {
		if i < len(pieces) && joins(pieces[i-1], pieces[i], reach, twist) {
			continue
		}
		if i < len(pieces) {
			butt(&pieces[i-1], &pieces[i], reach)
		}
		s.run(pieces[from:i], round)
		from = i
	}
	return m
}

func sameLoops(a, b Profile) bool {
	if len(a.Outer) != len(b.Outer) || len(a.Bores) != len(b.Bores) {
		return false
	}
	for i := range a.Bores {
		if len(a.Bores[i]) != len(b.Bores[i]) {
			return false
		}
	}
	return true
}

// mixable reports whether what lies between two profiles is a profile: the walls of hollow outlines may have other corners at one end than at the other,
// and ducts may run into each other where an end is narrower.
func mixable(a, b Profile) bool {
	if convex(a.Outer) && convex(b.Outer) && len(a.Bores) == 0 {
		return true
	}
	for _, t := range [...]float64{0.1, 0.25, 0.5, 0.75, 0.9, 1} {
		p := between(a, b, t)
		if crossesItself(snapped(p.Outer)) || Area(p.Outer) <= 0 {
			return false
		}
		for i, bore := range p.Bores {
			if !within(bore, p.Outer, p.Bores[i+1:]) || crossesItself(snapped(bore)) {
				return false
			}
		}
	}
	return true
}

// reachOf is how far the farthest point lies from the axis.
func reachOf(p Profile) float64 {
	var r float64
	for _, o := range p.Outer {
		r = max(r, math.Hypot(o.X, o.Y))
	}
	return r
}

// isRoundOutline reports whether every loop is a circle about the axis, which looks the same however it is turned.
func isRoundOutline(p Profile) bool {
	for _, l := range p.loops() {
		low, high := math.Inf(1), 0.0
		for _, o := range l {
			r := math.Hypot(o.X, o.Y)
			low, high = min(low, r), max(high, r)
		}
		if high-low > 1e-6*high || len(l) < 8 {
			return false
		}
	}
	return true
}

// butt lets two pieces reach into each other beyond their vertex, so that the outer side of the bend is closed; where the path turns back, not.
func butt(a, b *piece, reach float64) {
	angle := math.Atan2(a.along.Cross(b.along).Len(), a.along.Dot(b.along))
	if angle > 2.6 {
		return
	}
	by := reach * min(1, math.Tan(angle/2))
	a.behind, b.before = by, by
}

// sweeper makes the mesh of one sweep.
type sweeper struct {
	mesh         *Mesh
	profile, end Profile
	tapers       bool
	skins        []skin
	triangles    []uint32
	length, done float64 // of the path, and of what is swept
}

// run sweeps pieces that join.
func (s *sweeper) run(ps []piece, round bool) {
	if round { // without a twist, however it goes
		for i := 1; i < len(ps); i++ {
			ps[i].right = carried(ps[i-1].right, ps[i-1].along, ps[i].along)
			ps[i].up = ps[i].right.Cross(ps[i].along)
		}
	}
	first := ps[0]
	at := first.from.Sub(first.along.Scale(first.before))
	a := s.rings(at, first, first.along, s.done)
	s.mesh.lid(a, s.lidAt(s.done), first.along.Scale(-1), false)
	for i, p := range ps {
		n, end := p.along, p.to
		if i+1 < len(ps) {
			n = p.along.Add(ps[i+1].along)
			n = n.Scale(1 / n.Len())
		} else {
			end = end.Add(p.along.Scale(p.behind))
		}
		s.done += p.length
		b := s.rings(end, p, n, s.done)
		fa, fb := frame{right: p.right, up: p.up}, frame{right: p.right, up: p.up}
		if i > 0 {
			fa = smoothed(ps[i-1], p)
		}
		if i+1 < len(ps) {
			fb = smoothed(p, ps[i+1])
			if fb.right == (Point{}) {
				fb = frame{right: p.right, up: p.up}
			}
		}
		if fa.right == (Point{}) {
			fa = frame{right: p.right, up: p.up}
		}
		for k := range a {
			s.mesh.strip(s.skins[k], a[k], b[k], fa, fb, k > 0)
		}
		a = b
	}
	s.mesh.lid(a, s.lidAt(s.done), ps[len(ps)-1].along, true)
}

// lidAt are the triangles that close the profile at a distance along the path.
func (s *sweeper) lidAt(distance float64) []uint32 {
	if !s.tapers {
		return s.triangles
	}
	p := between(s.profile, s.end, distance/s.length)
	return Triangulate(p.Outer, p.Bores...)
}

// smoothed is the frame that normals have between two pieces of a gentle bend; none where the bend is an edge.
func smoothed(a, b piece) frame {
	if a.along.Dot(b.along) < 0.94 {
		return frame{}
	}
	right, up := a.right.Add(b.right), a.up.Add(b.up)
	return frame{right: right.Scale(1 / right.Len()), up: up.Scale(1 / up.Len())}
}

// rings are the loops at a point of a piece, slid along it into the plane across n.
func (s *sweeper) rings(at Point, p piece, n Point, distance float64) [][]Point {
	pr := s.profile
	if s.tapers && s.length > 0 {
		pr = between(s.profile, s.end, distance/s.length)
	}
	var rings [][]Point
	for _, l := range pr.loops() {
		r := make([]Point, len(l))
		for k, o := range l {
			off := p.right.Scale(o.X).Add(p.up.Scale(o.Y))
			r[k] = at.Add(off).Sub(p.along.Scale(off.Dot(n) / p.along.Dot(n)))
		}
		rings = append(rings, r)
	}
	return rings
}

// between is the profile a part of the way from a to b.
func between(a, b Profile, t float64) Profile {
	mix := func(x, y []Flat) []Flat {
		o := make([]Flat, len(x))
		for i := range x {
			o[i] = Flat{x[i].X + t*(y[i].X-x[i].X), x[i].Y + t*(y[i].Y-x[i].Y)}
		}
		return o
	}
	p := Profile{Outer: mix(a.Outer, b.Outer)}
	for i := range a.Bores {
		p.Bores = append(p.Bores, mix(a.Bores[i], b.Bores[i]))
	}
	return p
}

// Sides is how many sides a circle of a radius needs so that none lies farther from it than err, metres: a multiple of 4 between 8 and 64.
func Sides(radius, err float64) int {
	if !(radius > 0) || !(err > 0) || err >= radius {
		return 8
	}
	n := math.Pi / math.Acos(1-err/radius)
	return int(min(64, max(8, 4*math.Ceil(n/4))))
}
