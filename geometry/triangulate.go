package geometry

import (
	"math"
	"slices"
)

// Triangulate cuts what lies within an outline and outside its bores into triangles by clipping ears. All run counter-clockwise; the bores lie within the
// outline and apart. The triangles run counter-clockwise, too, and number the points of the outline, then those of each bore. Each edge of the outline
// and of a bore is the edge of just one triangle, whatever the input: of an outline that crosses itself the triangles overlap, but they still close.
func Triangulate(outer []Flat, bores ...[]Flat) []uint32 {
	if len(outer) < 3 {
		return nil
	}
	c := clipper{}
	ring := c.take(outer, false)
	for _, b := range bores {
		if len(b) >= 3 {
			c.bores = append(c.bores, c.take(b, true))
		} else {
			c.points = append(c.points, b...) // its numbers stay
		}
	}
	// A bore farther right is joined first, so that what the others see is there.
	slices.SortStableFunc(c.bores, func(a, b []uint32) int {
		switch x, y := c.points[c.rightmost(a)].X, c.points[c.rightmost(b)].X; {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	for _, b := range c.bores {
		ring = c.join(ring, b)
	}
	return c.clip(ring)
}

type clipper struct {
	points []Flat
	bores  [][]uint32
}

// take adds the points of a ring; turned runs it the other way.
func (c *clipper) take(o []Flat, turned bool) []uint32 {
	base := uint32(len(c.points))
	c.points = append(c.points, o...)
	ring := make([]uint32, len(o))
	for i := range ring {
		ring[i] = base + uint32(i)
	}
	if turned {
		slices.Reverse(ring)
	}
	return ring
}

func (c *clipper) rightmost(ring []uint32) uint32 {
	best := ring[0]
	for _, i := range ring {
		if c.points[i].X > c.points[best].X {
			best = i
		}
	}
	return best
}

// join cuts a ring open to a bore, from the bore's rightmost point to one that it sees (Eberly, Triangulation by Ear Clipping).
func (c *clipper) join(ring, bore []uint32) []uint32 {
	m := c.rightmost(bore)
	at := c.seenFrom(c.points[m], ring)
	start := slices.Index(bore, m)
	out := make([]uint32, 0, len(ring)+len(bore)+2)
	out = append(out, ring[:at+1]...)
	out = append(out, bore[start:]...)
	out = append(out, bore[:start+1]...)
	return append(out, ring[at:]...)
}

// seenFrom is the place in a ring of a vertex that p sees, looking right.
func (c *clipper) seenFrom(p Flat, ring []uint32) int {
	n := len(ring)
	best, x := -1, math.Inf(1)
	for i := range ring {
		a, b := c.points[ring[i]], c.points[ring[(i+1)%n]]
		if a.Y > p.Y || b.Y <= p.Y && !(a.Y == p.Y && b.Y == p.Y) { // edges that run upwards have the inside on their left
			continue
		}
		t := 0.0
		if b.Y > a.Y {
			t = (p.Y - a.Y) / (b.Y - a.Y)
		}
		if hit := a.X + t*(b.X-a.X); hit >= p.X && hit < x {
			x, best = hit, i
			if b.X > a.X {
				best = (i + 1) % n
			}
		}
	}
	if best < 0 {
		return c.nearest(p, ring)
	}
	return c.clearOf(p, Flat{x, p.Y}, ring, best)
}

// clearOf is the vertex in the triangle of p, what it hits and the farther end of that edge, which hides that end from p; that end where there is none.
func (c *clipper) clearOf(p, hit Flat, ring []uint32, end int) int {
	n := len(ring)
	e := c.points[ring[end]]
	best, angle := end, math.Inf(1)
	for i, k := range ring {
		q := c.points[k]
		if q == e || q.X < p.X || !inTriangle(q, p, hit, e) || turn(c.points[ring[(i+n-1)%n]], q, c.points[ring[(i+1)%n]]) > 0 {
			continue
		}
		if a := math.Abs(math.Atan2(q.Y-p.Y, q.X-p.X)); a < angle {
			angle, best = a, i
		}
	}
	if best != end {
		return best
	}
	// The end may stand in the ring more than once: take the one whose corner opens to p.
	for i, k := range ring {
		if c.points[k] == e && c.opens(ring, i, p) {
			return i
		}
	}
	return end
}

// opens reports whether p lies within the corner of a ring at i.
func (c *clipper) opens(ring []uint32, i int, p Flat) bool {
	n := len(ring)
	a, b, d := c.points[ring[(i+n-1)%n]], c.points[ring[i]], c.points[ring[(i+1)%n]]
	if turn(a, b, d) > 0 {
		return turn(a, b, p) >= 0 && turn(b, d, p) >= 0
	}
	return turn(a, b, p) >= 0 || turn(b, d, p) >= 0
}

func (c *clipper) nearest(p Flat, ring []uint32) int {
	best, d := 0, math.Inf(1)
	for i, k := range ring {
		if l := math.Hypot(c.points[k].X-p.X, c.points[k].Y-p.Y); l < d {
			best, d = i, l
		}
	}
	return best
}

// inTriangle reports whether p lies in a triangle or on its edge, however it runs.
func inTriangle(p, a, b, d Flat) bool {
	x, y, z := turn(a, b, p), turn(b, d, p), turn(d, a, p)
	return x >= 0 && y >= 0 && z >= 0 || x <= 0 && y <= 0 && z <= 0
}

// clip takes off one ear after the other. Where there is none, which no simple outline comes to, it takes the corner that turns most.
func (c *clipper) clip(ring []uint32) []uint32 {
	n := len(ring)
	out := make([]uint32, 0, 3*(n-2))
	next, prev := make([]int, n), make([]int, n)
	for i := range n {
		next[i], prev[i] = (i+1)%n, (i+n-1)%n
	}
	for at, since := 0, 0; n > 3; {
		if !c.ear(ring, prev, next, at) {
			at = next[at]
			if since++; since <= n {
				continue
			}
			at = c.sharpest(ring, prev, next, at)
		}
		since = 0
		out = append(out, ring[prev[at]], ring[at], ring[next[at]])
		next[prev[at]], prev[next[at]] = next[at], prev[at]
		at = next[next[at]] // not the neighbour: slivers fan out less
		n--
		if n == 3 {
			return append(out, ring[prev[at]], ring[at], ring[next[at]])
		}
	}
	return append(out, ring...)
}

// ear reports whether the corner at i can be taken off: it turns left and no other vertex lies in it.
func (c *clipper) ear(ring []uint32, prev, next []int, i int) bool {
	a, b, d := c.points[ring[prev[i]]], c.points[ring[i]], c.points[ring[next[i]]]
	if turn(a, b, d) <= 0 {
		return false
	}
	lowX, highX, lowY, highY := min(a.X, b.X, d.X), max(a.X, b.X, d.X), min(a.Y, b.Y, d.Y), max(a.Y, b.Y, d.Y)
	for j := next[next[i]]; j != prev[i]; j = next[j] {
		p := c.points[ring[j]]
		if p.X < lowX || p.X > highX || p.Y < lowY || p.Y > highY || p == a || p == b || p == d {
			continue
		}
		if turn(a, b, p) >= 0 && turn(b, d, p) >= 0 && turn(d, a, p) >= 0 {
			return false
		}
	}
	return true
}

func (c *clipper) sharpest(ring []uint32, prev, next []int, from int) int {
	best, most := from, math.Inf(-1)
	for i, first := from, true; first || i != from; i, first = next[i], false {
		if t := turn(c.points[ring[prev[i]]], c.points[ring[i]], c.points[ring[next[i]]]); t > most {
			best, most = i, t
		}
	}
	return best
}
