package geometry

import "math"

// Distance is how far p lies from a closed mesh, metres; 0 inside and on it, +Inf for a mesh without triangles.
func (m Mesh) Distance(p Point) float64 {
	best, angle := math.Inf(1), 0.0
	for i := 0; i+2 < len(m.Indices); i += 3 {
		a, b, c := m.Positions[m.Indices[i]], m.Positions[m.Indices[i+1]], m.Positions[m.Indices[i+2]]
		best = min(best, triangleDistance(p, a, b, c))
		angle += solidAngle(a.Sub(p), b.Sub(p), c.Sub(p))
	}
	if angle > 2*math.Pi { // 4π inside, 0 outside
		return 0
	}
	return best
}

// solidAngle is the angle that a triangle covers seen from the origin, signed (Van Oosterom and Strackee, 1983).
func solidAngle(a, b, c Point) float64 {
	la, lb, lc := a.Len(), b.Len(), c.Len()
	return 2 * math.Atan2(a.Dot(b.Cross(c)), la*lb*lc+a.Dot(b)*lc+b.Dot(c)*la+c.Dot(a)*lb)
}

// triangleDistance is how far p lies from a triangle: from its plane where it stands over it, else from its nearest side.
func triangleDistance(p, a, b, c Point) float64 {
	n := b.Sub(a).Cross(c.Sub(a))
	if l := n.Len(); l > 1e-12 {
		over := true
		for _, e := range [...][2]Point{{a, b}, {b, c}, {c, a}} {
			over = over && e[1].Sub(e[0]).Cross(p.Sub(e[0])).Dot(n) >= 0
		}
		if over {
			return math.Abs(p.Sub(a).Dot(n)) / l
		}
	}
	return min(SegmentDistance(p, p, a, b), SegmentDistance(p, p, b, c), SegmentDistance(p, p, c, a))
}

// sharpEdge is the cosine above which two neighbouring faces count as one smooth surface: 40°.
const sharpEdge = 0.766

// Edges are the sides at which the surface of a mesh bends sharply or ends, each once, in the order of the triangles.
func (m Mesh) Edges() [][2]Point {
	type key [6]float64
	type side struct {
		a, b, n Point
		smooth  bool
	}
	at := map[key]int{}
	var sides []side
	for i := 0; i+2 < len(m.Indices); i += 3 {
		v := [3]Point{m.Positions[m.Indices[i]], m.Positions[m.Indices[i+1]], m.Positions[m.Indices[i+2]]}
		n := v[1].Sub(v[0]).Cross(v[2].Sub(v[0]))
		l := n.Len()
		if l < 1e-12 {
			continue
		}
		n = n.Scale(1 / l)
		for j := range v {
			a, b := v[j], v[(j+1)%3]
			if k, ok := at[key{b.E, b.N, b.H, a.E, a.N, a.H}]; ok {
				sides[k].smooth = sides[k].smooth || sides[k].n.Dot(n) > sharpEdge
				continue
			}
			at[key{a.E, a.N, a.H, b.E, b.N, b.H}] = len(sides)
			sides = append(sides, side{a: a, b: b, n: n})
		}
	}
	var out [][2]Point
	for _, s := range sides {
		if !s.smooth {
			out = append(out, [2]Point{s.a, s.b})
		}
	}
	return out
}
