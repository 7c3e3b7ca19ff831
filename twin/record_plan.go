package twin

import (
	"encoding/binary"
	"math/bits"

	"github.com/undercity/undercity/geometry"
)

// Plan is what a map needs of an asset, decoded in one pass over its record. A Plan may be used for one record after another; its slices are used again.
type Plan struct {
	ID      []byte           // a view of the record: must not be changed
	Name    []byte           // as ID; empty when it has none
	Line    []geometry.Point // the vertices as they were surveyed: the height is that of the reference, 0 where it is not known
	Section geometry.Section // as Record.Section
	Drawn   geometry.Section // as Record.Drawn
	Cover   float64          // as Record.MinCover, metres

	Material, Installed string // as of Asset
	MaterialRef         uint32 // equal where the materials of two records of one twin are
}

// Plan decodes the record into p.
func (r Record) Plan(p *Plan) {
	has := r.presence()
	n, at := number(r.rec, offStream)
	p.ID = r.rec[at : at+int(n) : at+int(n)]
	at = r.planSection(p, at+int(n), has)
	at = planLine(p, r.rec, at)
	r.lengthen(p.Line, p.Drawn)
	at = r.planCover(p, at, has)
	s := stream{r.rec[at:]}
	r.skipText(&s) // the owner
	if r.dict != nil {
		p.MaterialRef = uint32(s.uint())
		p.Material = r.dict.text(p.MaterialRef)
	} else {
		p.MaterialRef, p.Material = 0, s.str()
	}
	p.Installed = r.text(&s)
	p.Name = nil
	if has&hasName != 0 {
		r.skipText(&s) // the road
		if has&hasWords != 0 {
			r.skipText(&s)
			r.skipText(&s)
		}
		p.Name = s.bytes(int(s.uint()))
	}
	r.veil.cover(p)
}

// NetworkNumber is the place of its network in the catalog, for tables by network.
func (r Record) NetworkNumber() uint8 { return r.rec[1] }

// number reads the number at a place of a record and returns the place behind it. Places are handed on as values, and not kept in memory as a stream's
// is: that is half of what decoding takes.
func number(b []byte, at int) (uint64, int) {
	v, n := uvarint(b[at:])
	return v, at + n
}

func signed(b []byte, at int) (int64, int) {
	v, n := uvarint(b[at:])
	return int64(v>>1) ^ -int64(v&1), at + n
}

// planSection reads structure and section, as readSection does.
func (r Record) planSection(p *Plan, at int, has uint16) int {
	p.Section = geometry.Section{Shape: geometry.Shape(r.rec[3] & 63)}
	if has&hasStructure != 0 {
		s := stream{r.rec[at:]}
		r.skipText(&s)
		at = len(r.rec) - len(s.b)
	}
	if has&hasSection != 0 {
		var width, height, wall uint64
		width, at = number(r.rec, at)
		height, at = number(r.rec, at)
		wall, at = number(r.rec, at)
		p.Section.Width, p.Section.Height, p.Section.Wall = float64(width)/perSize, float64(height)/perSize, float64(wall)/perSize
	}
	if has&hasSection != 0 && has&hasExtras != 0 {
		var top uint64
		top, at = number(r.rec, at)
		p.Section.Top, p.Section.Cols, p.Section.Rows = float64(top)/perSize, r.rec[at], r.rec[at+1]
		at += 2
	}
	p.Drawn = p.Section
	if !p.Section.Known() {
		p.Drawn = r.drawn(p.Section)
	}
	return at
}

// planLine reads the vertices, as readLine does.
func planLine(p *Plan, b []byte, at int) int {
	line := p.Line[:0]
	var n uint64
	var e, north, h, d int64
	for n, at = number(b, at); n > 0; n-- {
		d, at = signed(b, at)
		e += d
		d, at = signed(b, at)
		north += d
		d, at = signed(b, at)
		h += d
		line = append(line, geometry.Point{E: float64(e) / perPos, N: float64(north) / perPos, H: float64(h) / perPos})
	}
	p.Line = line
	return at
}

// planCover reads which heights are assumed, ground and bottom, and finds the least cover of what is known: see Asset.MinCover.
func (r Record) planCover(p *Plan, at int, has uint16) int {
	p.Cover = Unknown()
	size := (len(p.Line) + 7) / 8
	var assumed, known []byte
	if has&hasHeightGaps != 0 {
		assumed = r.rec[at : at+size]
		at += size
	}
	if has&hasGround != 0 {
		if has&hasGroundGaps != 0 {
			known = r.rec[at : at+size]
			at += size
		}
		at = r.planGround(p, at, assumed, known)
	}
	if has&hasBottom != 0 {
		_, at = number(r.rec, at)
	}
	return at
}

func (r Record) planGround(p *Plan, at int, assumed, known []byte) int {
	up := 0.0
	covered := r.Reference() == RefCrown || p.Section.Known()
	if r.Reference() != RefCrown {
		up = axisOffset(r.Reference(), p.Section) + p.Section.CrownAboveAxis()
	}
	var ground, d int64
	for i := range p.Line {
		if known != nil && !bitOf(known, i) {
			continue
		}
		d, at = signed(r.rec, at)
		ground += d
		if !covered || assumed != nil && bitOf(assumed, i) {
			continue
		}
		if c := float64(ground)/perPos - (p.Line[i].H + up); IsUnknown(p.Cover) || c < p.Cover {
			p.Cover = c
		}
	}
	return at
}

func bitOf(b []byte, i int) bool { return b[i/8]&(1<<(i%8)) != 0 }

// uvarint is the number that begins at b and its length, for most numbers without a loop: the seven bits of up to eight bytes are pushed together.
func uvarint(b []byte) (uint64, int) {
	if len(b) < 8 {
		return binary.Uvarint(b)
	}
	x := binary.LittleEndian.Uint64(b)
	ends := ^x & 0x8080808080808080
	if ends == 0 {
		return binary.Uvarint(b)
	}
	x &= ends ^ (ends - 1)
	x = x&0x007f007f007f007f | x&0x7f007f007f007f00>>1
	x = x&0x00003fff00003fff | x&0x3fff00003fff0000>>2
	x = x&0x000000000fffffff | x&0x0fffffff00000000>>4
	return x, bits.TrailingZeros64(ends)/8 + 1
}
