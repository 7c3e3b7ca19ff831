package geometry

import (
	"fmt"
	"math"
	"slices"
)

// Region is a part of the plane within rings: a district, a site. It is prepared so that asking costs little however many corners it has, never changes,
// and may be used from any goroutine. What lies on its border counts as inside.
type Region struct {
	rings [][]Flat // E and N, metres; not closed
	edges []regionEdge
	box   Box // of any height
	grid  regionGrid
}

type regionEdge struct{ a, b Flat }

// regionGrid divides the box of an area into cells: each lies wholly inside, wholly outside, or has edges in it.
type regionGrid struct {
	min          Flat
	step         Flat
	cols, rows   int
	state        []uint8 // cellOutside, cellInside or cellEdge
	first, edges []int32 // of cell i: edges[first[i]:first[i+1]]
}

const (
	cellOutside = iota
	cellInside
	cellEdge
)

// MaxRegionCorners bounds the corners of one Region.
const MaxRegionCorners = 50_000

// RingError says which ring of an area cannot be one, and why.
type RingError struct {
	Ring   int // among all rings, from 0
	Reason string
	At     Point // where, when Placed
	Placed bool
}

// Error is one sentence.
func (e *RingError) Error() string { return fmt.Sprintf("ring %d %s", e.Ring+1, e.Reason) }

// NewRegion prepares the region within rings of E and N, metres, whose last corner may repeat the first: what lies within an odd number of them, so that
// holes and several parts are rings too. It fails with a RingError for a ring without extent, or one that crosses or touches itself or another.
func NewRegion(rings [][]Point) (*Region, error) {
	a := &Region{box: EmptyBox()}
	of := []int{} // the ring of each edge
	for i, ring := range rings {
		flat, err := flatRing(i, ring)
		if err != nil {
			return nil, err
		}
		a.rings = append(a.rings, flat)
		for k, p := range flat {
			a.edges = append(a.edges, regionEdge{p, flat[(k+1)%len(flat)]})
			of = append(of, i)
			a.box = a.box.Add(Point{E: p.X, N: p.Y})
		}
		if len(a.edges) > MaxRegionCorners {
			return nil, &RingError{Ring: i, Reason: fmt.Sprintf("has too many corners: an area has at most %d", MaxRegionCorners)}
		}
	}
	if len(rings) == 0 {
		return nil, &RingError{Reason: "is missing"}
	}
	a.box.Min.H, a.box.Max.H = math.Inf(-1), math.Inf(1)
	a.lay()
	return a, a.simple(of)
}

func flatRing(i int, ring []Point) ([]Flat, error) {
	flat := make([]Flat, 0, len(ring))
	for _, p := range ring {
		if !(math.Abs(p.E) < 1e9 && math.Abs(p.N) < 1e9) {
			return nil, &RingError{Ring: i, Reason: "has a corner that is no place"}
		}
		if f := (Flat{p.E, p.N}); len(flat) == 0 || flat[len(flat)-1] != f {
			flat = append(flat, f)
		}
	}
	if n := len(flat); n > 1 && flat[0] == flat[n-1] {
		flat = flat[:n-1]
	}
	if len(flat) < 3 {
		return nil, &RingError{Ring: i, Reason: "has fewer than three corners"}
	}
	if math.Abs(Area(near(flat))) < 1e-6 {
		return nil, &RingError{Ring: i, Reason: "encloses nothing"}
	}
	return flat, nil
}

// near is a ring by its first corner, so that the plane's large numbers cost no digits.
func near(ring []Flat) []Flat {
	list := make([]Flat, len(ring))
	for i, p := range ring {
		list[i] = Flat{p.X - ring[0].X, p.Y - ring[0].Y}
	}
	return list
}

// lay makes the grid: some cells an edge, at most 256 on a side.
func (a *Region) lay() {
	g := &a.grid
	size := a.box.Size()
	n := int(min(256, max(4, 2*math.Sqrt(float64(len(a.edges))))))
	g.cols, g.rows = n, n
	g.min = Flat{a.box.Min.E, a.box.Min.N}
	g.step = Flat{max(size.E, 1e-6) / float64(n), max(size.N, 1e-6) / float64(n)}
	cells := make([][]int32, n*n)
	for i, e := range a.edges {
		g.along(e.a, e.b, func(c int) bool {
			cells[c] = append(cells[c], int32(i))
			return true
		})
	}
	g.state, g.first = make([]uint8, n*n), make([]int32, n*n+1)
	for c, list := range cells {
		g.edges = append(g.edges, list...)
		g.first[c+1] = int32(len(g.edges))
		if len(list) > 0 {
			g.state[c] = cellEdge
		}
	}
	for row := range n {
		a.fillRow(row)
	}
}

// fillRow finds which cells of a row without edges lie inside: those whose middle does.
func (a *Region) fillRow(row int) {
	g := &a.grid
	y := g.min.Y + (float64(row)+0.5)*g.step.Y
	var xs []float64
	for _, e := range a.edges {
		if (e.a.Y > y) != (e.b.Y > y) {
			xs = append(xs, e.a.X+(y-e.a.Y)/(e.b.Y-e.a.Y)*(e.b.X-e.a.X))
		}
	}
	slices.Sort(xs)
	for col := range g.cols {
		x := g.min.X + (float64(col)+0.5)*g.step.X
		i, _ := slices.BinarySearch(xs, x)
		if c := row*g.cols + col; g.state[c] != cellEdge && i%2 == 1 {
			g.state[c] = cellInside
		}
	}
}

// cells are the columns and rows that a box touches, with a rounding around it; false where it lies beside the grid.
func (g *regionGrid) cells(low, high Flat) (c0, c1, r0, r1 int, ok bool) {
	at := func(v, from, step float64, n int) int {
		return int(max(-1, min(float64(n), math.Floor((v-from)/step))))
	}
	const rounding = 1e-6
	c0, c1 = at(low.X-rounding, g.min.X, g.step.X, g.cols), at(high.X+rounding, g.min.X, g.step.X, g.cols)
	r0, r1 = at(low.Y-rounding, g.min.Y, g.step.Y, g.rows), at(high.Y+rounding, g.min.Y, g.step.Y, g.rows)
	if c1 < 0 || r1 < 0 || c0 >= g.cols || r0 >= g.rows {
		return 0, 0, 0, 0, false
	}
	return max(c0, 0), min(c1, g.cols-1), max(r0, 0), min(r1, g.rows-1), true
}

// along calls f with each cell that the line from p to q may touch, row by row, until f returns false.
func (g *regionGrid) along(p, q Flat, f func(cell int) bool) bool {
	low, high := Flat{min(p.X, q.X), min(p.Y, q.Y)}, Flat{max(p.X, q.X), max(p.Y, q.Y)}
	_, _, r0, r1, ok := g.cells(low, high)
	if !ok {
		return true
	}
	for r := r0; r <= r1; r++ {
		// The part of the line within the row.
		from, to := low, high
		if d := q.Y - p.Y; d != 0 && r0 != r1 {
			y0, y1 := g.min.Y+float64(r)*g.step.Y, g.min.Y+float64(r+1)*g.step.Y
			x0, x1 := p.X+(max(low.Y, min(high.Y, y0))-p.Y)/d*(q.X-p.X), p.X+(max(low.Y, min(high.Y, y1))-p.Y)/d*(q.X-p.X)
			from.X, to.X = min(x0, x1), max(x0, x1)
		}
		c0, c1, _, _, ok := g.cells(from, to)
		for c := c0; ok && c <= c1; c++ {
			if !f(r*g.cols + c) {
				return false
			}
		}
	}
	return true
}

// simple refuses edges that cross or touch others than their neighbours.
func (a *Region) simple(of []int) error {
	for c := range a.grid.state {
		list := a.grid.edges[a.grid.first[c]:a.grid.first[c+1]]
		for i, x := range list {
			for _, y := range list[i+1:] {
				if err := a.apart(int(x), int(y), of); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (a *Region) apart(i, j int, of []int) error {
	p, q := a.edges[i], a.edges[j]
	if !touches(p.a, p.b, q.a, q.b) {
		return nil
	}
	// Neighbours share a corner, and no more than that: they do not lead back along each other.
	if follows := p.b == q.a; of[i] == of[j] && follows != (q.b == p.a) {
		level := turn(p.a, p.b, q.a) == 0 && turn(p.a, p.b, q.b) == 0
		if !level || (p.b.X-p.a.X)*(q.b.X-q.a.X)+(p.b.Y-p.a.Y)*(q.b.Y-q.a.Y) > 0 {
			return nil
		}
	}
	reason := "crosses or touches itself"
	if of[i] != of[j] {
		reason = fmt.Sprintf("crosses or touches ring %d", of[j]+1)
	}
	return &RingError{Ring: of[i], Reason: reason, At: meeting(p, q), Placed: true}
}

// meeting is about where two edges meet.
func meeting(p, q regionEdge) Point {
	r, s := Flat{p.b.X - p.a.X, p.b.Y - p.a.Y}, Flat{q.b.X - q.a.X, q.b.Y - q.a.Y}
	t := 0.5
	if d := r.X*s.Y - r.Y*s.X; d != 0 {
		t = max(0, min(1, ((q.a.X-p.a.X)*s.Y-(q.a.Y-p.a.Y)*s.X)/d))
	}
	return Point{E: p.a.X + t*r.X, N: p.a.Y + t*r.Y}
}

// Box is the box around the area in plan; it holds every height.
func (a *Region) Box() Box { return a.box }

// Size is the extent of the area, square metres.
func (a *Region) Size() float64 {
	total := 0.0
	for i, ring := range a.rings {
		depth := 0 // of the ring within others: odd is a hole
		for j, other := range a.rings {
			if j != i && inside(ring[0], other) {
				depth++
			}
		}
		total += math.Abs(Area(near(ring))) * float64(1-2*(depth%2))
	}
	return total
}

// Contains reports whether p lies in the area in plan.
func (a *Region) Contains(p Point) bool { return a.holds(Flat{p.E, p.N}) }

func (a *Region) holds(p Flat) bool {
	g := &a.grid
	c0, c1, r0, r1, ok := g.cells(p, p)
	if !ok {
		return false
	}
	if c0 == c1 && r0 == r1 && g.state[r0*g.cols+c0] != cellEdge {
		return g.state[r0*g.cols+c0] == cellInside
	}
	for r := r0; r <= r1; r++ {
		for c := c0; c <= c1; c++ {
			for _, i := range g.edges[g.first[r*g.cols+c]:g.first[r*g.cols+c+1]] {
				if e := a.edges[i]; touches(e.a, e.b, p, p) {
					return true
				}
			}
		}
	}
	in := false
	for _, e := range a.edges {
		if (e.a.Y > p.Y) != (e.b.Y > p.Y) && p.X < e.a.X+(p.Y-e.a.Y)/(e.b.Y-e.a.Y)*(e.b.X-e.a.X) {
			in = !in
		}
	}
	return in
}

// Meets reports whether a line, or a place, has a point in the area in plan.
func (a *Region) Meets(line []Point) bool {
	for i, p := range line {
		q := line[min(i+1, len(line)-1)]
		if a.meets(Flat{p.E, p.N}, Flat{q.E, q.N}) {
			return true
		}
	}
	return false
}

// MeetsRing is Meets for a ring, which may also hold the region within it.
func (a *Region) MeetsRing(ring []Point) bool {
	if a.Meets(ring) {
		return true
	}
	flat := make([]Flat, len(ring))
	for i, p := range ring {
		flat[i] = Flat{p.E, p.N}
	}
	return slices.ContainsFunc(a.rings, func(r []Flat) bool { return inside(r[0], flat) })
}

func (a *Region) meets(p, q Flat) bool {
	g := &a.grid
	mixed, found := false, false
	g.along(p, q, func(c int) bool {
		switch g.state[c] {
		case cellInside:
			// The rounding around the line may reach into a cell that the line does not.
			found = a.holds(p) || a.holds(q) || p != q && a.crossed(c, p, q)
		case cellEdge:
			mixed = true
			for _, i := range g.edges[g.first[c]:g.first[c+1]] {
				if e := a.edges[i]; touches(e.a, e.b, p, q) {
					found = true
				}
			}
		}
		return !found
	})
	return found || mixed && a.holds(p)
}

// crossed reports whether a line touches a cell.
func (a *Region) crossed(c int, p, q Flat) bool {
	g := &a.grid
	x0, y0 := g.min.X+float64(c%g.cols)*g.step.X, g.min.Y+float64(c/g.cols)*g.step.Y
	x1, y1 := x0+g.step.X, y0+g.step.Y
	corner := [4]Flat{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}
	for i := range corner {
		if touches(corner[i], corner[(i+1)%4], p, q) {
			return true
		}
	}
	return p.X >= x0 && p.X <= x1 && p.Y >= y0 && p.Y <= y1
}
