package limit

import (
	"math"
	"math/bits"

	"github.com/undercity/undercity/geometry"
)

// CellSize is the width of the cells that areas are counted in, metres of the installation's plane. Whatever of a cell is shown, all of it counts.
const CellSize = 100.0

// CellArea is the area of a cell, square kilometres.
const CellArea = CellSize * CellSize / 1e6

// block is a square of 8 × 8 cells, by the place of its south-western one divided by 8.
type block struct{ e, n int32 }

// part is some cells of a block: bit 8n+e.
type part struct {
	block
	cells uint64
}

// Area is a set of cells of the plane, made of boxes and lines. The zero Area is empty.
type Area struct {
	parts []part
	past  bool // more than is counted
}

// maxBlocks bounds the blocks that one box is cut into: a larger one is beyond every limit but none.
const maxBlocks = 200_000

// AddBox adds the cells that a box covers some of in plan.
func (a *Area) AddBox(b geometry.Box) {
	if b.Min.E > b.Max.E || b.Min.N > b.Max.N {
		return
	}
	e0, n0, e1, n1 := cellOf(b.Min.E), cellOf(b.Min.N), cellOf(b.Max.E), cellOf(b.Max.N)
	if blocks := (float64(e1>>3) - float64(e0>>3) + 1) * (float64(n1>>3) - float64(n0>>3) + 1); !(blocks <= maxBlocks) {
		a.past = true
		return
	}
	for n := n0 >> 3; n <= n1>>3; n++ {
		// The rows and columns of the block that the box covers.
		low, high := max(n0-n<<3, 0), min(n1-n<<3, 7)
		for e := e0 >> 3; e <= e1>>3; e++ {
			left, right := max(e0-e<<3, 0), min(e1-e<<3, 7)
			row := uint64(0xff>>(7-right+left)) << left
			p := part{block: block{e, n}}
			for r := low; r <= high; r++ {
				p.cells |= row << (8 * r)
			}
			a.add(p)
		}
	}
}

func (a *Area) add(p part) {
	if last := len(a.parts) - 1; last >= 0 && a.parts[last].block == p.block {
		a.parts[last].cells |= p.cells
		return
	}
	a.parts = append(a.parts, p)
}

// step is how far apart the places of a line are at most that are looked at, metres.
const step = CellSize / 4

// AddLine adds the cells that a line goes through, but for corners that it cuts within less than a step.
func (a *Area) AddLine(line []geometry.Point) {
	for i, p := range line {
		a.AddBox(geometry.Box{Min: p, Max: p})
		if i == 0 {
			continue
		}
		from := line[i-1]
		pieces := math.Ceil(from.PlanDist(p) / step)
		if !(pieces <= maxBlocks) {
			a.past = true
			return
		}
		for k := 1.0; k < pieces; k++ {
			q := from.Lerp(p, k/pieces)
			a.AddBox(geometry.Box{Min: q, Max: q})
		}
	}
}

// cellOf is the number of the cell along one axis; far places are those at the end of the numbers.
func cellOf(metres float64) int32 {
	return int32(max(math.MinInt32/2, min(math.MaxInt32/2, math.Floor(metres/CellSize))))
}

// covered is the union of areas.
type covered struct {
	cells map[block]uint64
	count int // of cells
}

// join adds an area as long as the union has at most so many cells; else it stays as it was, and ok is false.
func (c *covered) join(a Area, most int) (grown, ok bool) {
	type change struct {
		block
		before uint64
	}
	var changes []change
	for _, p := range a.parts {
		before := c.cells[p.block]
		if p.cells&^before == 0 {
			continue
		}
		changes = append(changes, change{p.block, before})
		c.cells[p.block] = before | p.cells
		c.count += bits.OnesCount64(p.cells &^ before)
	}
	if len(changes) == 0 && !a.past {
		return false, true // what was shown already costs nothing
	}
	if c.count <= most && !a.past {
		return true, true
	}
	for i := len(changes) - 1; i >= 0; i-- {
		ch := changes[i]
		c.count -= bits.OnesCount64(c.cells[ch.block] &^ ch.before)
		if c.cells[ch.block] = ch.before; ch.before == 0 {
			delete(c.cells, ch.block)
		}
	}
	return false, false
}
