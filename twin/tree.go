package twin

import (
	"math"
	"slices"

	"github.com/undercity/undercity/geometry"
)

// fanout is how many children a node of the packed tree has.
const fanout = 16

// packedTree is a static R-tree over boxes in plan, packed along a Hilbert curve: 16 B a box, 4 B a handle, 7 % for the levels above.
// Boxes are float32 relative to an origin, rounded outwards.
type packedTree struct {
	originE, originN float64
	boxes            []float32 // minE minN maxE maxN, leaves first, then level by level to the root
	handles          []Handle  // of the leaves
	levels           []int     // index of each level's first box; the last level has one box
}

func (t *packedTree) clear(b geometry.Box) [4]float32 {
	return [4]float32{
		float32Below(b.Min.E - t.originE), float32Below(b.Min.N - t.originN),
		float32Above(b.Max.E - t.originE), float32Above(b.Max.N - t.originN),
	}
}

// newPackedTree packs the boxes of the handles.
func newPackedTree(handles []Handle, extent geometry.Box, box func(Handle) geometry.Box) *packedTree {
	t := &packedTree{}
	if len(handles) == 0 {
		return t
	}
	t.originE, t.originN = extent.Min.E, extent.Min.N
	n := len(handles)
	leaf := make([]float32, 4*n)
	keys := make([]uint64, n)
	size := extent.Size()
	scale := 65535 / max(size.E, size.N, 1e-9)
	inParts(n, func(_, from, to int) {
		for i := from; i < to; i++ {
			b := box(handles[i])
			f := t.clear(b)
			copy(leaf[4*i:], f[:])
			c := b.Center()
			keys[i] = uint64(hilbert(gridOf(c.E-t.originE, scale), gridOf(c.N-t.originN, scale)))<<32 | uint64(i)
		}
	})
	slices.Sort(keys)
	t.handles = make([]Handle, n)
	t.boxes = make([]float32, 0, 4*n+4*n/(fanout-1)+64)
	for i, k := range keys {
		j := int(uint32(k))
		t.handles[i] = handles[j]
		t.boxes = append(t.boxes, leaf[4*j:4*j+4]...)
	}
	t.levels = []int{0}
	for first, count := 0, n; count > 1; {
		next := len(t.boxes) / 4
		for i := 0; i < count; i += fanout {
			t.boxes = append(t.boxes, unionOf(t.boxes[4*(first+i):4*(first+min(i+fanout, count))])...)
		}
		t.levels = append(t.levels, next)
		first, count = next, len(t.boxes)/4-next
	}
	return t
}

func unionOf(boxes []float32) []float32 {
	u := slices.Clone(boxes[:4])
	for i := 4; i < len(boxes); i += 4 {
		u[0], u[1] = min(u[0], boxes[i]), min(u[1], boxes[i+1])
		u[2], u[3] = max(u[2], boxes[i+2]), max(u[3], boxes[i+3])
	}
	return u
}

func gridOf(d, scale float64) uint32 { return uint32(math.Min(65535, math.Max(0, d*scale))) }

// hilbert is the place of cell x, y along a Hilbert curve over 65536 × 65536 cells.
func hilbert(x, y uint32) uint32 {
	var d uint32
	for s := uint32(1 << 15); s > 0; s >>= 1 {
		var rx, ry uint32
		if x&s != 0 {
			rx = 1
		}
		if y&s != 0 {
			ry = 1
		}
		d += s * s * ((3 * rx) ^ ry)
		if ry == 0 {
			if rx == 1 {
				x, y = 65535-x, 65535-y
			}
			x, y = y, x
		}
	}
	return d
}

// search calls yield with the handle of every leaf whose box meets b in plan, until yield returns false.
func (t *packedTree) search(b geometry.Box, yield func(Handle) bool) bool {
	if len(t.handles) == 0 {
		return true
	}
	q := t.clear(b)
	top := len(t.levels) - 1
	return t.visit(top, t.levels[top], q, yield)
}

// visit descends from the box at index i of the level.
func (t *packedTree) visit(level, i int, q [4]float32, yield func(Handle) bool) bool {
	b := t.boxes[4*i : 4*i+4 : 4*i+4]
	if b[0] > q[2] || b[1] > q[3] || b[2] < q[0] || b[3] < q[1] {
		return true
	}
	if level == 0 {
		return yield(t.handles[i])
	}
	below := t.levels[level-1]
	first := below + (i-t.levels[level])*fanout
	last := min(first+fanout, t.levels[level])
	for j := first; j < last; j++ {
		if !t.visit(level-1, j, q, yield) {
			return false
		}
	}
	return true
}
