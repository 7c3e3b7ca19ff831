// Package subtree writes the binary subtrees of an implicit quadtree (3D Tiles 1.1, implicit tiling, 7): which tiles, contents and further subtrees there
// are, and the true bounding box and geometric error of each tile that is. It knows no twin.
package subtree

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
)

// Encode writes a subtree. boxes are twelve numbers and errors one of double precision for each available tile, in the order of the availability bits: level
// by level, each in the order of Place.
func Encode(tiles, contents, children *Bits, boxes, errors []byte) ([]byte, error) {
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
	availability := func(b *Bits) map[string]any {
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

// Bits is a bitstream of an availability, lowest bit first.
type Bits struct {
	data     []byte
	n, count int
}

// NewBits is the availability of n tiles, none of which is there yet.
func NewBits(n int) *Bits { return &Bits{data: make([]byte, (n+7)/8), n: n} }

// Set makes a tile available, which was not before.
func (b *Bits) Set(i int) {
	b.data[i/8] |= 1 << (i % 8)
	b.count++
}

// Place takes a Morton index apart into x (even bits) and y (odd bits).
func Place(m uint32) (x, y uint32) {
	for i := range 16 {
		x |= m >> (2 * i) & 1 << i
		y |= m >> (2*i + 1) & 1 << i
	}
	return x, y
}
