package twin

import "github.com/undercity/undercity/geometry"

// blockBits is log2 of the assets in a block.
const blockBits = 8

// Blocks are the assets that have not changed lately, in runs of 256 that lie near each other. They are the same in every snapshot until so much has
// changed that all is packed anew, whoever reads: so what is derived of a block may be kept, and held against Current when it is used. Blocks may be compared.
type Blocks struct{ tree *packedTree }

// Blocks returns those of the snapshot.
func (s *Snapshot) Blocks() Blocks { return Blocks{s.index.base.tree} }

// Len is how many there are.
func (p Blocks) Len() int { return (len(p.tree.handles) + 1<<blockBits - 1) >> blockBits }

// Handles are the assets of a block, at most 256. They must not be changed.
func (p Blocks) Handles(i int) []Handle {
	return p.tree.handles[i<<blockBits : min((i+1)<<blockBits, len(p.tree.handles))]
}

// Box is the box around the drawn boxes of a block in plan, metres, rounded outwards.
func (p Blocks) Box(i int) geometry.Box {
	t := p.tree
	f := t.node(i * fanout)
	for j := i*fanout + 1; j < min((i+1)*fanout, (len(t.handles)+fanout-1)/fanout); j++ {
		f = f.union(t.node(j))
	}
	return geometry.Box{Min: geometry.Point{E: t.originE + float64(f[0]), N: t.originN + float64(f[1])}, Max: geometry.Point{E: t.originE + float64(f[2]), N: t.originN + float64(f[3])}}
}

// AppendNear appends to list the number of every block that meets b in plan, in their order.
func (p Blocks) AppendNear(list []int, b geometry.Box) []int {
	t := p.tree
	if len(t.handles) == 0 {
		return list
	}
	top := len(t.levels) - 1
	return t.blocksNear(list, flatten(b, t.originE, t.originN), top, t.levels[top])
}

// blocksNear descends from the node at index i of the level to those that have a block below them.
func (t *packedTree) blocksNear(list []int, b flat, level, i int) []int {
	f := t.node(i)
	if f[0] > b[2] || f[1] > b[3] || f[2] < b[0] || f[3] < b[1] {
		return list
	}
	if level <= 1 {
		return append(list, i-t.levels[level])
	}
	below := t.levels[level-1]
	k := i - t.levels[level]
	for j := below + k*fanout; j < min(below+(k+1)*fanout, t.levels[level]); j++ {
		list = t.blocksNear(list, b, level-1, j)
	}
	return list
}

// Current reports whether an asset of a block is still what the snapshot has, and its reader sees it.
func (s *Snapshot) Current(h Handle) bool { return s.Shows(h) && !s.index.dead.Contains(h) }

// AllCurrent reports whether every asset of every block is current.
func (s *Snapshot) AllCurrent() bool {
	return s.index.dead.Len() == 0 && (s.seen == nil || s.seen.marks == nil)
}

// AppendEdited appends the handle of every asset that is in no block and whose drawn box meets b in plan.
func (s *Snapshot) AppendEdited(list []Handle, b geometry.Box) []Handle {
	low, high := plan(b)
	s.index.tree.Search(low, high, func(_, _ [2]float64, h Handle) bool {
		if s.Shows(h) {
			list = append(list, h)
		}
		return true
	})
	return list
}
