package tiles

import (
	"encoding/binary"
	"math"

	"github.com/undercity/undercity/tiles/local"
	"github.com/undercity/undercity/tiles/subtree"
)

// maxSubtreeLevels is how many levels one subtree file covers at most.
const maxSubtreeLevels = 5

// subtree writes the binary subtree (3D Tiles 1.1, implicit tiling, 7) whose root is the tile c. Every available tile carries its true
// bounding box and geometric error, in the order of the availability bits.
func (x *index) subtree(l *layer, c cell) ([]byte, error) {
	levels := l.subtreeLevels()
	total := (1<<(2*levels) - 1) / 3
	tiles, contents := subtree.NewBits(total), subtree.NewBits(total)
	children := subtree.NewBits(1 << (2 * levels))
	var boxes, errors []byte
	for level := range levels {
		for m := range 1 << (2 * level) {
			dx, dy := subtree.Place(uint32(m))
			k := cell{c.level + uint8(level), c.x<<level + dx, c.y<<level + dy}
			t := l.tiles[k]
			if t == nil {
				continue
			}
			bit := (1<<(2*level)-1)/3 + m
			tiles.Set(bit)
			if len(t.handles) > 0 {
				contents.Set(bit)
			}
			for _, v := range local.OrientedBox(x.snap.Frame(), t.box) {
				boxes = binary.LittleEndian.AppendUint64(boxes, math.Float64bits(v))
			}
			errors = binary.LittleEndian.AppendUint64(errors, math.Float64bits(t.below))
		}
	}
	for m := range 1 << (2 * levels) {
		dx, dy := subtree.Place(uint32(m))
		if l.tiles[cell{c.level + uint8(levels), c.x<<levels + dx, c.y<<levels + dy}] != nil {
			children.Set(m)
		}
	}
	return subtree.Encode(tiles, contents, children, boxes, errors)
}
