package mvt

import (
	"encoding/binary"
	"math"
)

// Kinds of geometry (specification 4.3.4).
const (
	typePoint = 1 + iota
	typeLine
	typePolygon
)

// Cell is a point of the tile's grid.
type Cell struct{ X, Y int32 }

// Layer gathers the features of one layer of a tile. Of a feature its geometry comes first (Point, Line, Ring), then its attributes (Tag and what ends in
// Tag), then End. A Layer is for one goroutine.
type Layer struct {
	name     string
	keys     []string
	features []byte
	count    int

	tags, shape []byte // of the feature at work
	kind        byte
	at          Cell // the pen

	values  []byte
	used    uint32 // values written
	texts   map[string]uint32
	numbers numbers
}

// NewLayer begins a layer whose features have attributes of the keys.
func NewLayer(name string, keys []string) *Layer {
	return &Layer{name: name, keys: keys, texts: map[string]uint32{}}
}

// Clear empties the layer for another tile; its room is kept.
func (l *Layer) Clear() {
	l.Reset()
	l.features, l.values, l.count, l.used = l.features[:0], l.values[:0], 0, 0
	clear(l.texts)
	clear(l.numbers.slots)
	l.numbers.used = 0
}

// Size is how many bytes Append will write at most.
func (l *Layer) Size() int { return len(l.features) + len(l.values) + 200 + 16*len(l.keys) }

// move writes a MoveTo to c.
func (l *Layer) move(c Cell) {
	l.shape = binary.AppendUvarint(l.shape, command(1, 1))
	l.step(c)
}

func command(id, count uint64) uint64 { return count<<3 | id }

// step writes the way of the pen to c.
func (l *Layer) step(c Cell) {
	l.shape = appendZigzag(appendZigzag(l.shape, c.X-l.at.X), c.Y-l.at.Y)
	l.at = c
}

func appendZigzag(b []byte, v int32) []byte {
	u := uint32(v<<1) ^ uint32(v>>31)
	switch {
	case u < 1<<7:
		return append(b, byte(u))
	case u < 1<<14:
		return append(b, byte(u)|0x80, byte(u>>7))
	}
	return binary.AppendUvarint(b, uint64(u))
}

// Point gives the feature a point.
func (l *Layer) Point(c Cell) {
	l.kind = typePoint
	l.move(c)
}

// Line gives the feature a line, or one more. cells are at least two, none equal to the one before it.
func (l *Layer) Line(cells []Cell) {
	l.kind = typeLine
	l.path(cells)
}

func (l *Layer) path(cells []Cell) {
	l.move(cells[0])
	l.shape = binary.AppendUvarint(l.shape, command(2, uint64(len(cells)-1)))
	for _, c := range cells[1:] {
		l.step(c)
	}
}

// Straight gives the feature a line of two cells that are not the same, or one more.
func (l *Layer) Straight(a, b Cell) {
	l.kind = typeLine
	s := append(l.shape, 1<<3|1)
	s = append(appendZigzag(appendZigzag(s, a.X-l.at.X), a.Y-l.at.Y), 1<<3|2)
	l.shape = appendZigzag(appendZigzag(s, b.X-a.X), b.Y-a.Y)
	l.at = b
}

// Ring gives the feature the outer ring of a polygon. The first cell is not repeated at the end; rings that run the other way are turned, so that they
// are clockwise as seen (specification 4.3.4.4). It reports whether the ring has an area.
func (l *Layer) Ring(cells []Cell) bool {
	if len(cells) < 3 {
		return false
	}
	area := int64(0)
	for i, c := range cells {
		d := cells[(i+1)%len(cells)]
		area += int64(c.X)*int64(d.Y) - int64(d.X)*int64(c.Y)
	}
	if area == 0 {
		return false
	}
	if area < 0 {
		for i, j := 0, len(cells)-1; i < j; i, j = i+1, j-1 {
			cells[i], cells[j] = cells[j], cells[i]
		}
	}
	l.kind = typePolygon
	l.path(cells)
	l.shape = binary.AppendUvarint(l.shape, command(7, 1))
	return true
}

// Text returns the number of a value that several features may have.
func (l *Layer) Text(s string) uint32 {
	if n, ok := l.texts[s]; ok {
		return n
	}
	l.addText([]byte(s))
	l.texts[s] = l.used - 1
	return l.used - 1
}

func (l *Layer) addText(s []byte) {
	l.values = AppendText(l.values, s)
	l.used++
}

// AppendText appends a text as a layer writes it among its values.
func AppendText(b, s []byte) []byte {
	if len(s) < 126 { // nearly always: both lengths are one byte
		return append(append(b, 4<<3|2, byte(len(s)+2), 1<<3|2, byte(len(s))), s...)
	}
	size := uint64(1 + uvarintLen(uint64(len(s))) + len(s))
	b = binary.AppendUvarint(append(b, 4<<3|2), size)
	return append(binary.AppendUvarint(append(b, 1<<3|2), uint64(len(s))), s...)
}

// AppendNumber appends the ID of a feature as a layer writes it; 0 is none.
func AppendNumber(b []byte, id uint64) []byte {
	if id == 0 {
		return b
	}
	return binary.AppendUvarint(append(b, 1<<3), id)
}

// Tag gives the feature the attribute of the key with a value that Text returned.
func (l *Layer) Tag(key int, value uint32) {
	switch {
	case value < 1<<7:
		l.tags = append(l.tags, byte(key), byte(value))
	case value < 1<<14:
		l.tags = append(l.tags, byte(key), byte(value)|0x80, byte(value>>7))
	default:
		l.tags = binary.AppendUvarint(append(l.tags, byte(key)), uint64(value))
	}
}

// Tags are the attributes that the feature at work has been given, for Repeat with another feature of the layer; they hold until the next call.
func (l *Layer) Tags() []byte { return l.tags }

// Untag takes the attributes behind the first n bytes of Tags back.
func (l *Layer) Untag(n int) { l.tags = l.tags[:n] }

// Repeat gives the feature attributes that Tags returned.
func (l *Layer) Repeat(tags []byte) { l.tags = append(l.tags, tags...) }

// OwnTag gives the feature a text that no other feature has.
func (l *Layer) OwnTag(key int, s []byte) {
	l.addText(s)
	l.Tag(key, l.used-1)
}

// MilliTag gives the feature the number of thousandths as a double.
func (l *Layer) MilliTag(key int, thousandths int32) { l.Tag(key, l.Milli(thousandths)) }

// Milli returns the number of a value that is some thousandths as a double.
func (l *Layer) Milli(thousandths int32) uint32 {
	n, known := l.numbers.find(thousandths, l.used)
	if !known {
		l.values = append(l.values, 4<<3|2, 9, 3<<3|1)
		l.values = binary.LittleEndian.AppendUint64(l.values, math.Float64bits(float64(thousandths)/1000))
		l.used++
	}
	return n
}

// End ends the feature, id 0 being none; one without geometry is left out.
func (l *Layer) End(id uint64) {
	var room [11]byte
	l.end(AppendNumber(room[:0], id))
}

func (l *Layer) end(number []byte) {
	if len(l.shape) > 0 {
		size := len(number) + 1 + uvarintLen(uint64(len(l.tags))) + len(l.tags) + 2 + 1 + uvarintLen(uint64(len(l.shape))) + len(l.shape)
		f := append(binary.AppendUvarint(append(l.features, 2<<3|2), uint64(size)), number...)
		f = append(binary.AppendUvarint(append(f, 2<<3|2), uint64(len(l.tags))), l.tags...)
		f = append(f, 3<<3, l.kind)
		l.features = append(binary.AppendUvarint(append(f, 4<<3|2), uint64(len(l.shape))), l.shape...)
		l.count++
	}
	l.Reset()
}

// Reset forgets the feature at work.
func (l *Layer) Reset() { l.tags, l.shape, l.at = l.tags[:0], l.shape[:0], Cell{} }

// Append appends the layer to a tile; one without features is left out, as the specification (4.1) asks.
func (l *Layer) Append(tile []byte) []byte {
	if l.count == 0 {
		return tile
	}
	head := append([]byte{15 << 3, 2}, 1<<3|2)
	head = append(binary.AppendUvarint(head, uint64(len(l.name))), l.name...)
	var tail []byte
	for _, k := range l.keys {
		tail = append(binary.AppendUvarint(append(tail, 3<<3|2), uint64(len(k))), k...)
	}
	extent := binary.AppendUvarint([]byte{5 << 3}, Extent)
	tile = binary.AppendUvarint(append(tile, 3<<3|2), uint64(len(head)+len(l.features)+len(tail)+len(l.values)+len(extent)))
	for _, part := range [...][]byte{head, l.features, tail, l.values, extent} {
		tile = append(tile, part...)
	}
	return tile
}

func uvarintLen(v uint64) int {
	n := 1
	for ; v >= 0x80; v >>= 7 {
		n++
	}
	return n
}

// numbers finds the value that stands for a number: a hash table with open addresses, since a map is half of what writing a tile takes.
type numbers struct {
	slots []numberSlot
	used  int
}

type numberSlot struct {
	number int32
	value  uint32 // and 1
}

// find returns the value of a number, or makes next its value.
func (t *numbers) find(number int32, next uint32) (value uint32, known bool) {
	if 2*t.used >= len(t.slots) {
		t.grow()
	}
	for i := slotOf(number, len(t.slots)); ; i = (i + 1) & (len(t.slots) - 1) {
		s := &t.slots[i]
		if s.value == 0 {
			*s = numberSlot{number, next + 1}
			t.used++
			return next, false
		}
		if s.number == number {
			return s.value - 1, true
		}
	}
}

func slotOf(number int32, size int) int { return int(uint32(number)*2654435769>>8) & (size - 1) }

func (t *numbers) grow() {
	old := t.slots
	t.slots = make([]numberSlot, max(256, 2*len(old)))
	for _, s := range old {
		if s.value == 0 {
			continue
		}
		i := slotOf(s.number, len(t.slots))
		for t.slots[i].value != 0 {
			i = (i + 1) & (len(t.slots) - 1)
		}
		t.slots[i] = s
	}
}
