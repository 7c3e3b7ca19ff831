package mvt

import (
	"encoding/binary"
	"slices"
)

// Tag is an attribute: the place of its key, and the number of its value.
type Tag struct {
	Key   int
	Value uint32
}

// Straight is a feature that is a line of two cells, most of which is known before the tile.
type Straight struct {
	Number []byte // its ID as AppendNumber writes it
	Own    []byte // the text that no other feature has, as AppendText writes it, for the first key
	Tags   []byte // attributes as Layer.Tags gives them
	More   []Tag
	A, B   Cell // not the same
}

// straightRoom is the most that a straight takes where AddStraight may write it: no length in it takes two bytes.
const straightRoom = 127

// AddStraight adds a whole feature. It writes each part once, to its place, which takes a third of what gathering attributes and geometry first does: the
// lengths before them are one byte and are filled in at the end.
func (l *Layer) AddStraight(s *Straight) {
	const around = 2 + 2 + 2 + 2 + 22 // heads of the feature, its attributes, kind and geometry, and the geometry
	if around+len(s.Number)+len(s.Tags)+6*(1+len(s.More)) > straightRoom {
		l.Straight(s.A, s.B)
		l.EndWith(s)
		return
	}
	at := len(l.features)
	l.features = slices.Grow(l.features, straightRoom+1)
	b := (*[straightRoom + 1]byte)(l.features[at : at+straightRoom+1])
	n := 2 + copy(b[2:], s.Number)
	tags := n + 1
	n = tags + 1 + copy(b[tags+1:], s.Tags)
	n = putTag(b, n, 0, l.used)
	for _, t := range s.More {
		n = putTag(b, n, t.Key, t.Value)
	}
	shape := n + 3
	b[shape+1] = 1<<3 | 1
	n = putZigzag(b, shape+2, s.A.X)
	n = putZigzag(b, n, s.A.Y)
	b[n] = 1<<3 | 2
	n = putZigzag(b, n+1, s.B.X-s.A.X)
	n = putZigzag(b, n, s.B.Y-s.A.Y)
	b[0], b[1], b[tags-1], b[tags], b[shape-3], b[shape-2], b[shape-1], b[shape] = 2<<3|2, byte(n-2), 2<<3|2, byte(shape-4-tags), 3<<3, typeLine, 4<<3|2, byte(n-1-shape)
	l.features = l.features[:at+n]
	l.values = append(l.values, s.Own...)
	l.used++
	l.count++
}

// EndWith gives the feature at work the attributes of s and ends it.
func (l *Layer) EndWith(s *Straight) {
	l.Repeat(s.Tags)
	l.values = append(l.values, s.Own...)
	l.Tag(0, l.used)
	l.used++
	for _, t := range s.More {
		l.Tag(t.Key, t.Value)
	}
	l.end(s.Number)
}

func putTag(b *[straightRoom + 1]byte, n, key int, value uint32) int {
	b[n] = byte(key)
	return putUint(b, n+1, value)
}

func putZigzag(b *[straightRoom + 1]byte, n int, v int32) int {
	return putUint(b, n, uint32(v<<1)^uint32(v>>31))
}

func putUint(b *[straightRoom + 1]byte, n int, v uint32) int {
	if v < 1<<7 {
		b[n] = byte(v)
		return n + 1
	}
	if v < 1<<14 {
		b[n], b[n+1] = byte(v)|0x80, byte(v>>7)
		return n + 2
	}
	return n + binary.PutUvarint(b[n:], uint64(v))
}
