package formats

import (
	"cmp"
	"iter"
	"math"
	"slices"
)

// grid finds the readings with a height by place.
type grid struct {
	e, n, size float32
	nx, ny     int
	start      []uint32   // of each cell in list
	list       []*reading // by cell
	low, high  []float32  // of each cell's heights
}

// perCell is about how many readings a cell holds; maxSide bounds the cells.
const (
	perCell = 12
	maxSide = 1500
)

// newGrid makes a grid over the readings, nil where there are too few heights to compare.
func newGrid(r *readings) *grid {
	var es, ns []float32
	count, step := 0, r.n/20_000+1
	r.each(func(d *reading) {
		if !isNaN(d.h) {
			if count++; count%step == 0 {
				es, ns = append(es, d.e), append(ns, d.n)
			}
		}
	})
	if len(es) < 3 {
		return nil
	}
	slices.Sort(es)
	slices.Sort(ns)
	g := &grid{e: es[len(es)/50], n: ns[len(ns)/50]}
	w, h := max(1, es[len(es)-1-len(es)/50]-g.e), max(1, ns[len(ns)-1-len(ns)/50]-g.n)
	g.size = max(10, float32(math.Sqrt(float64(w)*float64(h)*perCell/float64(count))), max(w, h)/maxSide)
	g.nx, g.ny = int(w/g.size)+1, int(h/g.size)+1
	g.fill(r, count)
	return g
}

func isNaN(h float32) bool { return h != h }

// cell is the cell of a place; places outside count to the cells at the edge.
func (g *grid) cell(d *reading) int {
	x := min(max(int((d.e-g.e)/g.size), 0), g.nx-1)
	y := min(max(int((d.n-g.n)/g.size), 0), g.ny-1)
	return y*g.nx + x
}

func (g *grid) fill(r *readings, count int) {
	cells := g.nx * g.ny
	g.start, g.list = make([]uint32, cells+2), make([]*reading, count)
	g.low, g.high = make([]float32, cells), make([]float32, cells)
	for c := range cells {
		g.low[c], g.high[c] = math.MaxFloat32, -math.MaxFloat32
	}
	r.each(func(d *reading) {
		if !isNaN(d.h) {
			g.start[g.cell(d)+2]++
		}
	})
	for c := range cells {
		g.start[c+2] += g.start[c+1]
	}
	r.each(func(d *reading) {
		if isNaN(d.h) {
			return
		}
		c := g.cell(d)
		g.list[g.start[c+1]] = d
		g.start[c+1]++
		g.low[c], g.high[c] = min(g.low[c], d.h), max(g.high[c], d.h)
	})
}

func (g *grid) cells() iter.Seq[int] {
	return func(yield func(int) bool) {
		for c := range g.nx * g.ny {
			if !yield(c) {
				return
			}
		}
	}
}

func (g *grid) in(c int) []*reading { return g.list[g.start[c]:g.start[c+1]] }

// square calls f for the cells within k of c.
func (g *grid) square(c, k int, f func(c int)) {
	x, y := c%g.nx, c/g.nx
	for j := max(0, y-k); j <= min(g.ny-1, y+k); j++ {
		for i := max(0, x-k); i <= min(g.nx-1, x+k); i++ {
			f(j*g.nx + i)
		}
	}
}

// range3 is how much the heights in a cell and its neighbours differ; where these are too few to compare with, it is without bounds.
func (g *grid) range3(c int) float64 {
	low, high, n := float32(math.MaxFloat32), float32(-math.MaxFloat32), 0
	g.square(c, 1, func(c int) {
		low, high = min(low, g.low[c]), max(high, g.high[c])
		n += len(g.in(c))
	})
	if n < enough {
		return math.Inf(1)
	}
	return float64(high - low)
}

const (
	enough    = 8   // places to compare with, where there are as many
	mostRings = 40  // cells away that they are looked for
	mostNear  = 400 // readings that are compared with
)

// around appends the places in and around a cell, out to where there are enough.
func (g *grid) around(near []place, c int) []place {
	for k := 1; ; k++ {
		near = near[:0]
		total := 0
		g.square(c, k, func(c int) { total += len(g.in(c)) })
		step := total/mostNear + 1
		i := 0
		g.square(c, k, func(c int) {
			for _, d := range g.in(c) {
				if i++; i%step == 0 {
					near = append(near, place{d.e, d.n, d.h})
				}
			}
		})
		near = together(near)
		if len(near) >= enough || k >= mostRings || (2*k+1 > g.nx && 2*k+1 > g.ny && k > max(g.nx, g.ny)) {
			return near
		}
	}
}

// together makes one of the readings at the same place, with the middle of their heights: a lid that is wrong makes every pipe that ends at
// it wrong, and would outvote its neighbours.
func together(near []place) []place {
	slices.SortFunc(near, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.e, b.e), cmp.Compare(a.n, b.n), cmp.Compare(a.h, b.h))
	})
	out := near[:0]
	for i := 0; i < len(near); {
		j := i
		for j < len(near) && near[j].e == near[i].e && near[j].n == near[i].n {
			j++
		}
		out = append(out, near[(i+j)/2])
		i = j
	}
	return out
}
