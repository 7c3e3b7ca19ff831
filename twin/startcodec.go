package twin

import (
	"encoding/binary"
	"math"

	"github.com/undercity/undercity/geometry"
)

// What the start file holds beside arrays, and stores of their base data: lengths, texts and numbers one after the other.

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendFloats(b []byte, v ...float64) []byte {
	for _, x := range v {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	return b
}

func (c *cursor) text() string { return string(c.bytes(c.uint())) }

func (c *cursor) float() float64 {
	b := c.bytes(8)
	if b == nil {
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b))
}

// count reads how many things follow, each of at least size bytes.
func (c *cursor) count(size int) int {
	n := c.uint()
	if n > uint64((len(c.b)-c.i)/size) {
		c.fail(errCutOff)
		return 0
	}
	return int(n)
}

func (c *cursor) point() geometry.Point {
	return geometry.Point{E: c.float(), N: c.float(), H: c.float()}
}

func (d *dict) marshal() []byte {
	texts, stamps := *d.texts.Load(), *d.stamps.Load()
	b := binary.AppendUvarint(nil, uint64(len(texts)))
	for _, s := range texts {
		b = appendText(b, s)
	}
	b = binary.AppendUvarint(b, uint64(len(stamps)))
	for _, s := range stamps {
		b = binary.AppendVarint(binary.AppendUvarint(b, s.revision), s.ms)
	}
	return b
}

func (d *dict) unmarshal(b []byte) error {
	c := &cursor{b: b}
	texts := make([]string, c.count(1))
	for i := range texts {
		texts[i] = c.text()
	}
	stamps := make([]stamp, c.count(2))
	for i := range stamps {
		stamps[i] = stamp{c.uint(), c.int()}
	}
	if c.err == nil && (len(texts) == 0 || texts[0] != "" || len(stamps) == 0 || stamps[0] != stamp{}) {
		c.fail(errDamaged)
	}
	d.load(texts, stamps)
	return c.err
}

// Marshal returns the bytes that ReadBase reads. JSON takes ten times as long to read, where the terrain is large.
func (b *Base) Marshal() []byte {
	o := appendText(nil, b.Title)
	o = binary.AppendUvarint(o, uint64(len(b.Credit)))
	for _, s := range b.Credit {
		o = appendText(o, s)
	}
	o = binary.AppendUvarint(o, uint64(len(b.Streets)))
	for _, s := range b.Streets {
		o = appendFloats(appendText(appendText(appendText(o, s.Name), s.NameEN), s.Class), s.Width)
		o = binary.AppendUvarint(o, uint64(len(s.Line)))
		for _, p := range s.Line {
			o = appendFloats(o, p.E, p.N, p.H)
		}
	}
	o = binary.AppendUvarint(o, uint64(len(b.Places)))
	for _, p := range b.Places {
		o = appendFloats(appendText(appendText(appendText(o, p.Name), p.NameEN), p.Class), p.At.E, p.At.N, p.At.H)
	}
	t := b.Terrain
	if t == nil {
		return append(o, 0)
	}
	o = appendFloats(appendText(append(o, 1), t.Source), t.MinE, t.MinN, t.StepE, t.StepN)
	o = binary.AppendUvarint(binary.AppendUvarint(o, uint64(t.Cols)), uint64(t.Rows))
	o = binary.AppendUvarint(o, uint64(len(t.Heights)))
	for _, h := range t.Heights {
		o = binary.LittleEndian.AppendUint32(o, math.Float32bits(h))
	}
	return o
}

// ReadBase returns the base data of the bytes that Base.Marshal made. Broken bytes give an error; whether a terrain has as many heights as it says is
// for who reads the files of others.
func ReadBase(data []byte) (*Base, error) {
	c := &cursor{b: data}
	b := &Base{Title: c.text()}
	for range c.count(1) {
		b.Credit = append(b.Credit, c.text())
	}
	if n := c.count(12); n > 0 {
		b.Streets = make([]Street, n)
	}
	for i := range b.Streets {
		s := Street{Name: c.text(), NameEN: c.text(), Class: c.text(), Width: c.float()}
		if n := c.count(24); n > 0 {
			s.Line = make([]geometry.Point, n)
		}
		for k := range s.Line {
			s.Line[k] = c.point()
		}
		b.Streets[i] = s
	}
	for range c.count(27) {
		b.Places = append(b.Places, Place{Name: c.text(), NameEN: c.text(), Class: c.text(), At: c.point()})
	}
	if c.uint() == 1 {
		t := &Terrain{Source: c.text(), MinE: c.float(), MinN: c.float(), StepE: c.float(), StepN: c.float(), Cols: int(c.uint()), Rows: int(c.uint())}
		heights := c.bytes(uint64(4 * c.count(4)))
		t.Heights = make([]float32, len(heights)/4)
		for i := range t.Heights {
			t.Heights[i] = math.Float32frombits(binary.LittleEndian.Uint32(heights[4*i:]))
		}
		b.Terrain = t
	}
	if c.i != len(data) {
		c.fail(errDamaged)
	}
	if c.err != nil {
		return nil, c.err
	}
	return b, nil
}
