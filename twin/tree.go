package twin

import (
	"math"

	"github.com/undercity/undercity/geometry"
)

// fanout is how many children a node of the packed tree has.
const fanout = 16

// units is how many parts the box of the lowest nodes is divided in along each side, for the boxes of their leaves.
const units = 65535

// packedTree is a static R-tree over boxes in plan, packed along a Hilbert curve: 8 B a box, 4 B a handle, 7 % for the nodes above.
// Boxes are rounded outwards, those of the nodes to float32 relative to an origin, those of the leaves to parts of the node above.
type packedTree struct {
	originE, originN float64
	leaves           []uint16  // minE minN maxE maxN of each leaf
	handles          []Handle  // of the leaves
	boxes            []float32 // minE minN maxE maxN of the nodes, level by level to the root
	levels           []int     // index of each level's first node; the last level has one
}

// flat is a box in plan, rounded outwards, relative to an origin: minE minN maxE maxN.
type flat [4]float32

func flatten(b geometry.Box, originE, originN float64) flat {
	return flat{float32Below(b.Min.E - originE), float32Below(b.Min.N - originN), float32Above(b.Max.E - originE), float32Above(b.Max.N - originN)}
}

func (f flat) union(o flat) flat {
	return flat{min(f[0], o[0]), min(f[1], o[1]), max(f[2], o[2]), max(f[3], o[3])}
}

// newPackedTree packs the boxes of the handles, which are relative to the origin.
func newPackedTree(handles []Handle, boxes []flat, originE, originN float64) *packedTree {
	t := &packedTree{originE: originE, originN: originN}
	n := len(handles)
	if n == 0 {
		return t
	}
	keys := hilbertKeys(boxes)
	t.handles = make([]Handle, n)
	t.leaves = make([]uint16, 4*n)
	nodes := (n + fanout - 1) / fanout
	t.boxes = make([]float32, 4*nodes, 4*(nodes+nodes/(fanout-1)+8))
	inParts(nodes, func(_, from, to int) {
		for node := from; node < to; node++ {
			run := keys[node*fanout : min((node+1)*fanout, n)]
			u := boxes[uint32(run[0])]
			for _, k := range run[1:] {
				u = u.union(boxes[uint32(k)])
			}
			copy(t.boxes[4*node:], u[:])
			for i, k := range run {
				leaf := node*fanout + i
				t.handles[leaf] = handles[uint32(k)]
				in := u.inner(boxes[uint32(k)])
				copy(t.leaves[4*leaf:], in[:])
			}
		}
	})
	t.levels = []int{0}
	for first, count := 0, nodes; count > 1; {
		next := len(t.boxes) / 4
		for i := 0; i < count; i += fanout {
			u := t.node(first + i)
			for j := i + 1; j < min(i+fanout, count); j++ {
				u = u.union(t.node(first + j))
			}
			t.boxes = append(t.boxes, u[:]...)
		}
		t.levels = append(t.levels, next)
		first, count = next, len(t.boxes)/4-next
	}
	return t
}

func (t *packedTree) node(i int) flat { return flat(t.boxes[4*i : 4*i+4]) }

// scale is how many units a metre of the box has along E and N.
func (f flat) scale() (e, n float64) { return scaleOf(f[0], f[2]), scaleOf(f[1], f[3]) }

func scaleOf(low, high float32) float64 {
	if high <= low {
		return 0
	}
	return units / (float64(high) - float64(low))
}

// inner is box b in units of f, outwards.
func (f flat) inner(b flat) [4]uint16 {
	e, n := f.scale()
	return [4]uint16{
		unitsOf(math.Floor((float64(b[0])-float64(f[0]))*e - 0.01)), unitsOf(math.Floor((float64(b[1])-float64(f[1]))*n - 0.01)),
		unitsOf(math.Ceil((float64(b[2])-float64(f[0]))*e + 0.01)), unitsOf(math.Ceil((float64(b[3])-float64(f[1]))*n + 0.01)),
	}
}

func unitsOf(v float64) uint16 { return uint16(max(0, min(units, v))) }

// search calls yield with the handle of every leaf whose box meets b in plan, until yield returns false. sure is false where the leaf may also
// lie a rounding beside b.
func (t *packedTree) search(b geometry.Box, yield func(h Handle, sure bool) bool) bool {
	if len(t.handles) == 0 {
		return true
	}
	top := len(t.levels) - 1
	root := t.node(t.levels[top])
	far := max(-root[0], -root[1], root[2], root[3])
	s := searching{tree: t, box: flatten(b, t.originE, t.originN), slack: 2 * float64(math.Nextafter32(far, math.MaxFloat32)-far), yield: yield}
	return s.visit(top, t.levels[top])
}

type searching struct {
	tree  *packedTree
	box   flat
	slack float64 // metres that rounding to float32 may cost
	yield func(Handle, bool) bool
}

// visit descends from the node at index i of the level.
func (s *searching) visit(level, i int) bool {
	t := s.tree
	f := t.node(i)
	if f[0] > s.box[2] || f[1] > s.box[3] || f[2] < s.box[0] || f[3] < s.box[1] {
		return true
	}
	if level == 0 {
		return s.leaves(i, f)
	}
	below := t.levels[level-1]
	first := below + (i-t.levels[level])*fanout
	last := min(first+fanout, t.levels[level])
	for j := first; j < last; j++ {
		if !s.visit(level-1, j) {
			return false
		}
	}
	return true
}

// leaves tests the leaves of one node in its units.
func (s *searching) leaves(node int, f flat) bool {
	t := s.tree
	e, n := f.scale()
	q := f.inner(s.box)
	me, mn := int(2+s.slack*e), int(2+s.slack*n) // a leaf that reaches this far into the box meets it for sure
	last := min((node+1)*fanout, len(t.handles))
	for i := node * fanout; i < last; i++ {
		b := t.leaves[4*i : 4*i+4 : 4*i+4]
		if b[0] > q[2] || b[1] > q[3] || b[2] < q[0] || b[3] < q[1] {
			continue
		}
		sure := int(b[0])+me <= int(q[2]) && int(b[1])+mn <= int(q[3]) && int(b[2]) >= int(q[0])+me && int(b[3]) >= int(q[1])+mn
		if !s.yield(t.handles[i], sure) {
			return false
		}
	}
	return true
}
