package tiles

import (
	"encoding/binary"
	"errors"
	"maps"
	"math"
	"slices"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// The index is kept in the twin's start file, so that a start of a large city need not look at every asset: a header, the layers with their tiles, and
// the handles of all tiles. All numbers are little-endian.

// keptAs is the name of the index in the start file; another form of it gets another name.
const keptAs = "tiles 5"

// keepIndex returns the index of a snapshot as bytes.
func (g *Generator) keepIndex(s *twin.Snapshot) []byte {
	g.mu.RLock()
	x := g.now
	defer g.mu.RUnlock()
	if x == nil || x.snap != s {
		x = newIndex(s)
	}
	return x.marshal()
}

func (x *index) marshal() []byte {
	b := append(make([]byte, 0, 1<<20+4*x.snap.Len()), x.first, x.base, byteOf(x.followed), byte(len(x.layers)))
	var handles []byte
	for _, code := range slices.Sorted(maps.Keys(x.layers)) {
		l := x.layers[code]
		b = append(append(b, byte(len(code))), code...)
		b = append(b, l.levels[:]...)
		b = binary.LittleEndian.AppendUint32(b, uint32(l.count))
		b = binary.LittleEndian.AppendUint32(b, uint32(l.built))
		b = binary.LittleEndian.AppendUint32(b, uint32(len(l.tiles)))
		for c, t := range l.tiles {
			b = append(b, c.level)
			for _, v := range [...]uint32{c.x, c.y, uint32(len(t.handles)), uint32(t.weight)} {
				b = binary.LittleEndian.AppendUint32(b, v)
			}
			for _, v := range [...]geometry.Point{t.box.Min, t.box.Max, t.ownBox.Min, t.ownBox.Max, {E: t.below, N: t.ownSize}} {
				for _, f := range [...]float64{v.E, v.N, v.H} {
					b = binary.LittleEndian.AppendUint64(b, math.Float64bits(f))
				}
			}
			for _, h := range t.handles {
				handles = binary.LittleEndian.AppendUint32(handles, uint32(h))
			}
		}
	}
	return append(b, handles...)
}

func byteOf(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// keptReader reads what marshal wrote.
type keptReader struct {
	b     []byte
	short bool
}

func (r *keptReader) bytes(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.short = true
		return make([]byte, max(0, min(n, 256)))
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *keptReader) byte() byte { return r.bytes(1)[0] }
func (r *keptReader) uint() int  { return int(binary.LittleEndian.Uint32(r.bytes(4))) }
func (r *keptReader) point() (p geometry.Point) {
	for _, f := range [...]*float64{&p.E, &p.N, &p.H} {
		*f = math.Float64frombits(binary.LittleEndian.Uint64(r.bytes(8)))
	}
	return p
}

var errKept = errors.New("the kept tile index does not fit the twin")

// readIndex returns the index that was kept for a snapshot.
func readIndex(s *twin.Snapshot, b []byte) (*index, error) {
	x := emptyIndex(s)
	r := &keptReader{b: b}
	if r.byte() != x.first || r.byte() != x.base {
		return nil, errKept
	}
	x.followed = r.byte() != 0
	var order []*tile
	var sizes []int
	total := 0
	for range r.byte() {
		l := &layer{code: string(r.bytes(int(r.byte())))}
		copy(l.levels[:], r.bytes(len(l.levels)))
		l.count, l.built = r.uint(), r.uint()
		n := r.uint()
		if r.short || n > len(r.b) {
			return nil, errKept
		}
		tiles := make([]tile, n)
		l.tiles = make(map[cell]*tile, n)
		for i := range tiles {
			t := &tiles[i]
			c := cell{level: r.byte(), x: uint32(r.uint()), y: uint32(r.uint())}
			n := r.uint()
			t.weight = r.uint()
			l.deep = max(l.deep, c.level)
			t.box, t.ownBox = geometry.Box{Min: r.point(), Max: r.point()}, geometry.Box{Min: r.point(), Max: r.point()}
			p := r.point()
			t.below, t.ownSize = p.E, p.N
			l.tiles[c] = t
			order, sizes = append(order, t), append(sizes, n)
			total += n
		}
		x.layers[l.code] = l
	}
	if r.short || len(r.b) != 4*total || total != s.Len() {
		return nil, errKept
	}
	handles := make([]twin.Handle, total)
	for i := range handles {
		handles[i] = twin.Handle(binary.LittleEndian.Uint32(r.b[4*i:]))
	}
	for i, t := range order {
		t.handles = handles[:sizes[i]:sizes[i]]
		handles = handles[sizes[i]:]
	}
	return x, nil
}
