package twin

import "github.com/undercity/undercity/geometry"

// AppendNear appends to list the handle of every asset whose drawn box meets b in plan, whatever its height, and of some whose box lies a rounding (some
// centimetres) beside it: no record is looked at. They come in no particular order.
func (s *Snapshot) AppendNear(list []Handle, b geometry.Box) []Handle {
	from := len(list)
	list = s.index.base.tree.appendNear(list, b)
	if !s.AllCurrent() {
		kept := list[:from]
		for _, h := range list[from:] {
			if s.Current(h) {
				kept = append(kept, h)
			}
		}
		list = kept
	}
	return s.AppendEdited(list, b)
}

// appendNear appends the handles of the leaves that meet b, as search finds them.
func (t *packedTree) appendNear(list []Handle, b geometry.Box) []Handle {
	if len(t.handles) == 0 {
		return list
	}
	top := len(t.levels) - 1
	return t.gather(list, flatten(b, t.originE, t.originN), top, t.levels[top])
}

// gather descends from the node at index i of the level; of nodes within the box it takes the leaves, which lie one behind the other, untested.
func (t *packedTree) gather(list []Handle, b flat, level, i int) []Handle {
	f := t.node(i)
	if f[0] > b[2] || f[1] > b[3] || f[2] < b[0] || f[3] < b[1] {
		return list
	}
	k := i - t.levels[level]
	if f[0] >= b[0] && f[1] >= b[1] && f[2] <= b[2] && f[3] <= b[3] {
		width := fanout
		for range level {
			width *= fanout
		}
		return append(list, t.handles[k*width:min((k+1)*width, len(t.handles))]...)
	}
	if level > 0 {
		below := t.levels[level-1]
		for j := below + k*fanout; j < min(below+(k+1)*fanout, t.levels[level]); j++ {
			list = t.gather(list, b, level-1, j)
		}
		return list
	}
	q := f.inner(b)
	for j := k * fanout; j < min((k+1)*fanout, len(t.handles)); j++ {
		if l := t.leaves[4*j : 4*j+4 : 4*j+4]; l[0] <= q[2] && l[1] <= q[3] && l[2] >= q[0] && l[3] >= q[1] {
			list = append(list, t.handles[j])
		}
	}
	return list
}
