package twin

import (
	"math"
	"slices"
	"sync"

	"github.com/undercity/undercity/geometry"
)

// Surface is the ground: a terrain of the base data, or one made from the ground heights of the survey. It is immutable.
type Surface struct {
	grid   *Terrain // nil: nothing is known
	source string
}

// Source says where the surface comes from: "terrain", "survey" or "none".
func (g *Surface) Source() string { return g.source }

// Grid is the surface as a regular grid of at most 200 × 200 heights when it is made from the survey; nil when nothing is known.
func (g *Surface) Grid() *Terrain { return g.grid }

// Height is the ground at a point of the plane, metres, Unknown() outside what is known.
func (g *Surface) Height(e, n float64) float64 {
	if g.grid == nil {
		return Unknown()
	}
	return g.grid.Height(e, n)
}

// Height interpolates the terrain at a point of the plane, metres, Unknown() outside it.
func (t *Terrain) Height(e, n float64) float64 {
	x, y := (e-t.MinE)/t.StepE, (n-t.MinN)/t.StepN
	// Half a cell beyond the edge still counts, so that what lies on the edge is on the ground.
	if !(x >= -0.5 && y >= -0.5 && x <= float64(t.Cols)-0.5 && y <= float64(t.Rows)-0.5) {
		return Unknown()
	}
	i, fx := cellOf(x, t.Cols)
	j, fy := cellOf(y, t.Rows)
	var sum, weight float64
	for k, w := range [...]float64{(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy} {
		h := float64(t.Heights[min(j+k/2, t.Rows-1)*t.Cols+min(i+k%2, t.Cols-1)])
		if w > 0 && !IsUnknown(h) {
			sum += w * h
			weight += w
		}
	}
	if weight == 0 {
		return Unknown()
	}
	return sum / weight
}

func cellOf(x float64, n int) (int, float64) {
	x = max(0, min(x, float64(n-1)))
	i := min(int(x), max(n-2, 0))
	return i, x - float64(i)
}

// surfaceOnce makes a surface when it is first asked for; snapshots that differ little share one.
type surfaceOnce struct {
	once    sync.Once
	surface *Surface
	terrain *Terrain
}

// Ground is the surface of the ground. The first call after an import makes it, some 0.1 s for a large city.
func (s *Snapshot) Ground() *Surface {
	s.surface.once.Do(func() {
		if t := s.surface.terrain; t != nil {
			s.surface.surface = &Surface{t, "terrain"}
			return
		}
		w := s.Whole() // the ground is there for everybody, and shared
		s.surface.surface = surfaceOf(w.All, w.Len())
	})
	return s.surface.surface
}

const (
	surfaceCells   = 200     // greatest number of cells along a side
	surfaceCell    = 10      // least size of a cell, metres
	surfaceSamples = 300_000 // enough for any grid of this size
)

type groundSample struct{ e, n, h float64 }

// surfaceOf makes a surface from the known ground heights of some of the n assets.
func surfaceOf(all func(func(Record) bool), n int) *Surface {
	var samples []groundSample
	stride := max(1, n/surfaceSamples)
	var a Asset
	i := 0
	all(func(r Record) bool {
		if i++; i%stride != 0 || r.presence()&hasGround == 0 {
			return true
		}
		r.Heights(&a)
		for k := 0; k < len(a.Line); k += max(1, len(a.Line)-1) {
			if g := a.GroundAt(k); !IsUnknown(g) {
				samples = append(samples, groundSample{a.Line[k].E, a.Line[k].N, g})
			}
		}
		return true
	})
	samples = withoutOutliers(samples)
	if len(samples) == 0 {
		return &Surface{nil, "none"}
	}
	return &Surface{gridOfSamples(samples), "survey"}
}

// withoutOutliers drops heights far outside what nearly all are: one lid at 555 m among 38 m must not raise a hill.
func withoutOutliers(s []groundSample) []groundSample {
	if len(s) < 20 {
		return s
	}
	hs := make([]float64, len(s))
	for i := range s {
		hs[i] = s[i].h
	}
	slices.Sort(hs)
	low, high := hs[len(hs)/50], hs[len(hs)-1-len(hs)/50]
	margin := 20 + 2*(high-low)
	return slices.DeleteFunc(s, func(g groundSample) bool { return g.h < low-margin || g.h > high+margin })
}

func gridOfSamples(samples []groundSample) *Terrain {
	b := geometry.EmptyBox()
	for _, g := range samples {
		b = b.Add(geometry.Point{E: g.e, N: g.n, H: g.h})
	}
	size := b.Size()
	cells := func(l float64) int { return max(2, min(surfaceCells, int(math.Ceil(l/surfaceCell))+1)) }
	t := &Terrain{MinE: b.Min.E, MinN: b.Min.N, Cols: cells(size.E), Rows: cells(size.N), Source: "survey"}
	t.StepE = max(size.E/float64(t.Cols-1), 1)
	t.StepN = max(size.N/float64(t.Rows-1), 1)
	sum, weight := make([]float64, t.Cols*t.Rows), make([]float64, t.Cols*t.Rows)
	for _, g := range samples {
		i, fx := cellOf((g.e-t.MinE)/t.StepE, t.Cols)
		j, fy := cellOf((g.n-t.MinN)/t.StepN, t.Rows)
		for k, w := range [...]float64{(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy} {
			c := (j+k/2)*t.Cols + i + k%2
			w *= w // near samples count more
			sum[c] += w * g.h
			weight[c] += w
		}
	}
	t.Heights = fillGrid(t.Cols, t.Rows, sum, weight)
	return t
}

// fillGrid divides sums by weights and fills the holes from coarser and coarser grids (pull and push).
func fillGrid(cols, rows int, sum, weight []float64) []float32 {
	h := make([]float32, cols*rows)
	var coarse []float32
	cc, cr := (cols+1)/2, (rows+1)/2
	if slices.Contains(weight, 0) && (cols > 1 || rows > 1) {
		cs, cw := make([]float64, cc*cr), make([]float64, cc*cr)
		for j := range rows {
			for i := range cols {
				c, k := j/2*cc+i/2, j*cols+i
				if weight[k] > 0 {
					cs[c] += sum[k] / weight[k]
					cw[c]++
				}
			}
		}
		coarse = fillGrid(cc, cr, cs, cw)
	}
	for j := range rows {
		for i := range cols {
			k := j*cols + i
			if weight[k] > 0 {
				h[k] = float32(sum[k] / weight[k])
			} else {
				t := Terrain{StepE: 1, StepN: 1, Cols: cc, Rows: cr, Heights: coarse}
				h[k] = float32(t.Height(min(float64(cc)-1, max(0, float64(i)/2-0.25)), min(float64(cr)-1, max(0, float64(j)/2-0.25))))
			}
		}
	}
	return h
}
