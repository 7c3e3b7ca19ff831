package tiles

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"

	"github.com/undercity/undercity/tiles/local"
)

// maxSubtreeLevels is how many levels one subtree file covers at most.
const maxSubtreeLevels = 5

// subtree writes the binary subtree (3D Tiles 1.1, implicit tiling, 7) whose root is the tile c. Every available tile carries its true
// bounding box and geometric error, in the order of the availability bits.
func (x *index) subtree(l *layer, c cell) ([]byte, error) {
	levels := l.subtreeLevels()
	total := (1<<(2*levels) - 1) / 3
	tiles, contents := newBits(total), newBits(total)
	children := newBits(1 << (2 * levels))
	var boxes, errors []byte
	for level := range levels {
		for m := range 1 << (2 * level) {
			dx, dy := unmorton(uint32(m))
			k := cell{c.level + uint8(level), c.x<<level + dx, c.y<<level + dy}
			t := l.tiles[k]
			if t == nil {
				continue
			}
			bit := (1<<(2*level)-1)/3 + m
			tiles.set(bit)
			if len(t.handles) > 0 {
				contents.set(bit)
			}
			for _, v := range local.OrientedBox(x.snap.Frame(), t.box) {
				boxes = binary.LittleEndian.AppendUint64(boxes, math.Float64bits(v))
			}
			errors = binary.LittleEndian.AppendUint64(errors, math.Float64bits(t.below))
		}
	}
	for m := range 1 << (2 * levels) {
		dx, dy := unmorton(uint32(m))
		if l.tiles[cell{c.level + uint8(levels), c.x<<levels + dx, c.y<<levels + dy}] != nil {
			children.set(m)
		}
	}
	return encodeSubtree(tiles, contents, children, boxes, errors)
}

func encodeSubtree(tiles, contents, children *bits, boxes, errors []byte) ([]byte, error) {
	var body []byte
	var views []map[string]any
	view := func(b []byte) int {
		for len(body)%8 != 0 {
			body = append(body, 0)
		}
		views = append(views, map[string]any{"buffer": 0, "byteOffset": len(body), "byteLength": len(b)})
		body = append(body, b...)
		return len(views) - 1
	}
	availability := func(b *bits) map[string]any {
		switch b.count {
		case 0:
			return map[string]any{"constant": 0}
		case b.n:
			return map[string]any{"constant": 1}
		}
		return map[string]any{"bitstream": view(b.data), "availableCount": b.count}
	}
	doc := map[string]any{
		"tileAvailability":         availability(tiles),
		"contentAvailability":      []any{availability(contents)},
		"childSubtreeAvailability": availability(children),
	}
	if tiles.count > 0 {
		doc["propertyTables"] = []any{map[string]any{"class": "tile", "count": tiles.count, "properties": map[string]any{
			"boundingBox": map[string]any{"values": view(boxes)}, "geometricError": map[string]any{"values": view(errors)}}}}
		doc["tileMetadata"] = 0
	}
	if len(body) > 0 {
		for len(body)%8 != 0 {
			body = append(body, 0)
		}
		doc["buffers"] = []any{map[string]any{"byteLength": len(body)}}
		doc["bufferViews"] = views
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("subtree: %w", err)
	}
	for len(text)%8 != 0 {
		text = append(text, ' ')
	}
	out := append(make([]byte, 0, 24+len(text)+len(body)), "subt"...)
	out = binary.LittleEndian.AppendUint32(out, 1)
	out = binary.LittleEndian.AppendUint64(out, uint64(len(text)))
	out = binary.LittleEndian.AppendUint64(out, uint64(len(body)))
	return append(append(out, text...), body...), nil
}

// bits is a bitstream of an availability, lowest bit first.
type bits struct {
	data     []byte
	n, count int
}

func newBits(n int) *bits { return &bits{data: make([]byte, (n+7)/8), n: n} }

func (b *bits) set(i int) {
	b.data[i/8] |= 1 << (i % 8)
	b.count++
}

// unmorton takes a Morton index apart into x (even bits) and y (odd bits).
func unmorton(m uint32) (x, y uint32) {
	for i := range 16 {
		x |= m >> (2 * i) & 1 << i
		y |= m >> (2*i + 1) & 1 << i
	}
	return x, y
}
