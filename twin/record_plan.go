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
	s := r.stream()
	p.ID = s.bytes(int(s.uint()))
	p.Section = r.readSection(&s)
	p.Drawn = p.Section
	if !p.Section.Known() {
		p.Drawn = r.drawn(p.Section)
	}
	p.Line = r.readLine(&s, p.Line[:0], 0)
	p.Cover = r.readCover(&s, p, has)
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
}

// NetworkNumber is the place of its network in the catalog, for tables by network.
func (r Record) NetworkNumber() uint8 { return r.rec[1] }

// readCover reads heights that are assumed, ground and bottom, and is the least cover of what is known: see Asset.MinCover.
func (r Record) readCover(s *stream, p *Plan, has uint16) float64 {
	least, n := Unknown(), len(p.Line)
	var assumed, known []byte
	if has&hasHeightGaps != 0 {
		assumed = s.bytes((n + 7) / 8)
	}
	if has&hasGround != 0 {
		if has&hasGroundGaps != 0 {
			known = s.bytes((n + 7) / 8)
		}
		up := 0.0
		if r.Reference() != RefCrown {
			up = axisOffset(r.Reference(), p.Section) + p.Section.CrownAboveAxis()
		}
		var ground int64
		for i := range n {
			if known != nil && !bitOf(known, i) {
				continue
			}
			ground += s.int()
			if assumed != nil && bitOf(assumed, i) {
				continue
			}
			if c := float64(ground)/perPos - (p.Line[i].H + up); IsUnknown(least) || c < least {
				least = c
			}
		}
	}
	if has&hasBottom != 0 {
		s.skip(1)
	}
	if r.Reference() != RefCrown && !p.Section.Known() {
		return Unknown()
	}
	return least
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
