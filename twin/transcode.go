package twin

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/undercity/undercity/geometry"
)

var (
	errCutOff  = errors.New("the record of an asset is cut off")
	errDamaged = errors.New("the record of an asset is damaged")
)

// transcoder turns marshalled assets into packed records of a dictionary, without the Asset in between. It trusts nothing of what it reads: what
// it returns can be read as our own. It is for one goroutine.
type transcoder struct {
	packer
	shapes [64]bool
	refs   map[string]uint32 // of the dictionary, without its lock
	slots  [8]slot           // what stood in the same place of the record before: mostly the same again
	last   string            // code of the network before and its index
	index  int
	made   stamp // of the record read last, and its reference
	ref    uint32
}

func newTranscoder(d *dict, c *Catalog) *transcoder {
	t := &transcoder{packer: packer{dict: d, cat: c}, refs: map[string]uint32{"": 0}, index: -1}
	for i := range t.shapes {
		s := geometry.Shape(i)
		_, known := geometry.ParseShape(s.String())
		t.shapes[i] = s == geometry.ShapeUnknown || known && s.String() != geometry.ShapeUnknown.String()
	}
	return t
}

// record returns the packed record of a marshalled asset, valid until the next call.
func (t *transcoder) record(b []byte) ([]byte, error) {
	rec, err := behindNetwork(b)
	if err != nil {
		return nil, err
	}
	_, w := binary.Uvarint(b[1:])
	if code := b[1+w : len(b)-len(rec)]; t.index < 0 || string(code) != t.last {
		i, ok := t.cat.networkIndex(string(code))
		if !ok {
			return nil, fmt.Errorf("the record of an asset names the network %q, which the tables do not have", code)
		}
		t.last, t.index = string(code), i
	}
	t.buf = append(t.buf[:0], rec[:offStream]...) // the heights follow below
	t.stamp(rec)
	t.buf[1] = byte(t.index)
	r := Record{rec: t.buf}
	if r.Kind() >= kindCount || r.Secrecy() >= secrecyCount || r.Status() >= statusCount || r.Level() > LevelD || r.Reference() >= refCount || !t.shapes[rec[3]&63] {
		return nil, errDamaged
	}
	c := &cursor{b: rec, i: codecHead}
	t.id(c)
	t.structure(c, r.presence())
	t.fixed(c, r)
	t.texts(c, r.presence())
	if c.err == nil && (c.i != len(rec) || len(t.buf) > maxRecord) {
		c.err = errDamaged
	}
	if c.err != nil {
		return nil, c.err
	}
	// What an asset of unknown size is drawn with belongs to the tables of today.
	t.heights()
	return t.buf, nil
}

// slot is a shared text and its reference.
type slot struct {
	text []byte
	ref  uint32
	set  bool
}

// stamp takes over when the record was made.
func (t *transcoder) stamp(rec []byte) {
	s := stamp{uint64(binary.LittleEndian.Uint32(rec[offStamp:])), int64(binary.LittleEndian.Uint64(rec[offStamp+4:]))}
	if t.dict != nil && s != t.made {
		t.ref = t.dict.stamp(s)
	}
	t.made = s
	binary.LittleEndian.PutUint32(t.buf[offStamp:], t.ref)
}

// cursor reads bytes that may be anything; after the first error it reads zeros.
type cursor struct {
	b   []byte
	i   int
	err error
}

func (c *cursor) uint() uint64 {
	v, n := binary.Uvarint(c.b[c.i:])
	return uint64(advance(c, int64(v), n))
}

func (c *cursor) int() int64 {
	v, n := binary.Varint(c.b[c.i:])
	return advance(c, v, n)
}

func advance(c *cursor, v int64, n int) int64 {
	if n <= 0 {
		c.fail(errCutOff)
		return 0
	}
	c.i += n
	return v
}

func (c *cursor) fail(err error) {
	if c.err == nil {
		c.err, c.i = err, len(c.b)
	}
}

func (c *cursor) bytes(n uint64) []byte {
	if n > uint64(len(c.b)-c.i) {
		c.fail(errCutOff)
		return nil
	}
	b := c.b[c.i : c.i+int(n)]
	c.i += int(n)
	return b
}

// within fails unless v is between the limits.
func (c *cursor) within(v, low, high int64) {
	if v < low || v > high {
		c.fail(errDamaged)
	}
}

// string returns a text of at most MaxText bytes of UTF-8.
func (c *cursor) string() []byte {
	b := c.bytes(c.uint())
	if len(b) > MaxText || !utf8.Valid(b) {
		c.fail(errDamaged)
	}
	return b
}

func (t *transcoder) id(c *cursor) {
	from := c.i
	b := c.bytes(c.uint())
	plain := len(b) > 0 && len(b) <= MaxID
	for _, x := range b {
		plain = plain && x < utf8.RuneSelf && idRune(rune(x))
	}
	if !plain && c.err == nil && CheckID(string(b)) != nil {
		c.fail(errDamaged)
	}
	t.copy(c, from)
}

// copy takes over what c has read since from.
func (t *transcoder) copy(c *cursor, from int) {
	if c.err == nil {
		t.buf = append(t.buf, c.b[from:c.i]...)
	}
}

// Limits of what checkAsset lets through, in the units of a record.
const (
	maxQuantum  = int64(maxAbs/posUnit) + 1
	minHeightQ  = int64(MinHeight/posUnit) - 1
	maxHeightQ  = int64(MaxHeight/posUnit) + 1
	maxSizeQ    = int64(MaxSize/sizeUnit) + 1
	maxAccuracy = int64(1e4/sizeUnit) + 1
)

// fixed takes over what is the same in every dictionary: section, line, gaps, ground and bottom.
func (t *transcoder) fixed(c *cursor, r Record) {
	from, p := c.i, r.presence()
	if p&hasSection != 0 {
		for range 3 {
			c.within(int64(c.uint()), 0, maxSizeQ)
		}
		if p&hasExtras != 0 {
			c.within(int64(c.uint()), 0, maxSizeQ)
			c.bytes(2)
		}
	}
	n := c.uint()
	k := r.Kind()
	if n == 0 || n > MaxVertices || k.IsPoint() && n != 1 || k.IsLine() && n < 2 || k == KindZone && n < 4 {
		c.fail(errDamaged)
		return
	}
	var e, north, h int64
	for range n {
		e, north, h = e+c.int(), north+c.int(), h+c.int()
		c.within(e, -maxQuantum, maxQuantum)
		c.within(north, -maxQuantum, maxQuantum)
		c.within(h, minHeightQ, maxHeightQ)
	}
	if p&isUnsettled != 0 && p&hasHeightGaps == 0 || p&hasBottom != 0 && k != KindChamber {
		c.fail(errDamaged)
	}
	if p&hasHeightGaps != 0 {
		c.bytes((n + 7) / 8)
	}
	if p&hasGround != 0 {
		skipGround(c, int(n), p)
	}
	if p&hasBottom != 0 {
		c.within(c.int(), minHeightQ, maxHeightQ)
	}
	t.copy(c, from)
}

func skipGround(c *cursor, n int, p uint16) {
	var bits []byte
	if p&hasGroundGaps != 0 {
		if bits = c.bytes(uint64(n+7) / 8); bits == nil {
			return
		}
	}
	var g int64
	for i := range n {
		if bits == nil || bits[i/8]&(1<<(i%8)) != 0 {
			g += c.int()
			c.within(g, minHeightQ, maxHeightQ)
		}
	}
}

// texts takes over what follows, with shared texts by reference.
func (t *transcoder) texts(c *cursor, p uint16) {
	words := 4
	if p&hasWords != 0 {
		words = 6
	}
	for i := range words {
		t.shared(c, i)
	}
	own := func(bit uint16, count int) {
		for range count {
			if p&bit != 0 {
				from := c.i
				c.string()
				t.copy(c, from)
			}
		}
	}
	own(hasName, 1)
	if p&hasEnds != 0 {
		t.end(c)
		t.end(c)
	}
	if p&hasIn != 0 {
		t.end(c)
	}
	if p&hasQuality != 0 {
		from := c.i
		c.within(int64(c.uint()), 0, maxAccuracy)
		c.within(int64(c.uint()), 0, maxAccuracy)
		t.copy(c, from)
		t.shared(c, 6)
	}
	if p&hasValidity != 0 {
		from := c.i
		c.int()
		c.int()
		t.copy(c, from)
	}
	own(hasNumber, 1)
	if p&hasAttrs == 0 {
		return
	}
	from := c.i
	n := c.uint()
	c.within(int64(n), 0, MaxAttributes)
	t.copy(c, from)
	for i := uint64(0); i < n && c.err == nil; i++ {
		t.shared(c, 7)
		own(hasAttrs, 1)
	}
}

// end takes over the ID of another asset, or "".
func (t *transcoder) end(c *cursor) {
	if c.i < len(c.b) && c.b[c.i] == 0 {
		c.i++
		t.buf = append(t.buf, 0)
		return
	}
	t.id(c)
}

// shared takes over a shared text in one of the slots.
func (t *transcoder) shared(c *cursor, in int) {
	s := &t.slots[in]
	if from := c.i; s.set {
		if b := c.bytes(c.uint()); c.err == nil && bytes.Equal(b, s.text) {
			t.uint(uint64(s.ref))
			return
		}
		if c.err != nil {
			return
		}
		c.i = from
	}
	b := c.string()
	if c.err != nil {
		return
	}
	if t.dict == nil {
		t.buf = binary.AppendUvarint(t.buf, uint64(len(b)))
		t.buf = append(t.buf, b...)
		return
	}
	ref, ok := t.refs[string(b)]
	if !ok {
		s := string(b)
		ref = t.dict.ref(s)
		t.refs[s] = ref
	}
	t.uint(uint64(ref))
	s.text, s.ref, s.set = append(s.text[:0], b...), ref, true
}
