package twin

import (
	"encoding/binary"
	"math"

	"github.com/undercity/undercity/geometry"
)

// A packed asset is a header of fixed fields and a stream of variable ones. Positions are kept to 0.1 mm and sizes to 0.01 mm, about 100 bytes
// a segment, with no pointer for the garbage collector to follow.
//
//	0 kind, secrecy<<4  1 network  2 status, level<<4  3 shape, reference<<6  4 assumed u16  6 presence u16
//	8 version u32  12 stamp in the dictionary u32  16 lowest height f32  20 highest f32  24 stream
//
// Bytes 8 to 16 are set when the asset is published; the rest is equal for equal assets.
const (
	offVersion = 8
	offStamp   = 12
	offLow     = 16
	offHigh    = 20
	offStream  = 24
)

const (
	hasSection = 1 << iota
	hasHeightGaps
	hasGround
	hasGroundGaps
	hasBottom
	hasName
	hasEnds
	hasIn
	hasQuality
	hasValidity
	hasNumber
	hasAttrs
	hasExtras
	hasWords
	isUnsettled // heights are still to be assumed; never published
	hasStructure
)

const (
	posUnit  = 1e-4 // metres
	sizeUnit = 1e-5 // metres
	// Dividing by the whole number gives the nearest float, 0.3 and not 0.30000000000000004.
	perPos  = 1e4
	perSize = 1e5
	// maxAbs bounds every coordinate, metres: beyond any projection with a zone prefix.
	maxAbs = 1e9
)

// packer packs assets; it reuses its buffer and is for one goroutine.
type packer struct {
	buf  []byte
	box  geometry.Box // around what was packed last
	dict *dict
	cat  *Catalog
}

func (p *packer) uint(v uint64) { p.buf = binary.AppendUvarint(p.buf, v) }
func (p *packer) int(v int64)   { p.buf = binary.AppendVarint(p.buf, v) }
func (p *packer) str(s string)  { p.uint(uint64(len(s))); p.buf = append(p.buf, s...) }

// text packs a shared string: by reference, or in full where there is no dictionary.
func (p *packer) text(s string) {
	if p.dict == nil {
		p.str(s)
		return
	}
	p.uint(uint64(p.dict.ref(s)))
}

func quantum(v float64) int64 { return int64(math.Round(v / posUnit)) }

// pack returns the packed form of a without version and stamp, valid until the next call. a has passed checkAsset.
func (p *packer) pack(a *Asset) []byte {
	network, _ := p.cat.networkIndex(a.Network)
	p.buf = append(p.buf[:0], make([]byte, offStream)...)
	presence := presenceOf(a)
	assumed := a.Assumed
	unsettled := false
	p.str(a.ID)
	if presence&hasStructure != 0 {
		p.structure(a.Structure)
	}
	if presence&hasSection != 0 {
		p.section(a.Section, presence&hasExtras != 0)
	}
	p.uint(uint64(len(a.Line)))
	var e, n, h int64
	for _, v := range a.Line {
		if IsUnknown(v.H) {
			unsettled = true
			v.H = 0
		}
		qe, qn, qh := quantum(v.E), quantum(v.N), quantum(v.H)
		p.int(qe - e)
		p.int(qn - n)
		p.int(qh - h)
		e, n, h = qe, qn, qh
	}
	if unsettled {
		presence |= isUnsettled | hasHeightGaps
	}
	if presence&hasHeightGaps != 0 {
		p.bits(len(a.Line), func(i int) bool { return !a.HeightKnown(i) })
	}
	p.ground(a, presence)
	if presence&hasBottom != 0 {
		p.int(quantum(a.Bottom))
	}
	p.text(a.Owner)
	p.text(a.Material)
	p.text(a.Installed)
	p.text(a.Road)
	p.rest(a, presence)

	b := p.buf
	b[0] = kindByte(a.Kind, a.Secrecy)
	b[1] = byte(network)
	b[2] = byte(a.Status) | byte(a.Quality.Level)<<4
	b[3] = byte(a.Section.Shape) | byte(a.Reference)<<6
	binary.LittleEndian.PutUint16(b[4:], uint16(assumed))
	binary.LittleEndian.PutUint16(b[6:], presence)
	p.heights()
	return p.buf
}

// heights writes the range of the drawn heights into the header.
func (p *packer) heights() {
	r := Record{rec: p.buf, dict: p.dict, cat: p.cat}
	p.box = r.computeBox()
	binary.LittleEndian.PutUint32(p.buf[offLow:], math.Float32bits(float32Below(p.box.Min.H)))
	binary.LittleEndian.PutUint32(p.buf[offHigh:], math.Float32bits(float32Above(p.box.Max.H)))
}

func setMeta(b []byte, version, stamp uint32) {
	binary.LittleEndian.PutUint32(b[offVersion:], version)
	binary.LittleEndian.PutUint32(b[offStamp:], stamp)
}

func presenceOf(a *Asset) uint16 {
	var m uint16
	set := func(bit uint16, on bool) {
		if on {
			m |= bit
		}
	}
	s := a.Section
	set(hasSection, s.Width > 0 || s.Height > 0 || s.Wall > 0 || s.Top > 0 || s.Cols > 0)
	set(hasExtras, s.Top > 0 || s.Cols > 0 || s.Rows > 0)
	known := 0
	for i := range a.Line {
		if !IsUnknown(a.GroundAt(i)) {
			known++
		}
		set(hasHeightGaps, !a.HeightKnown(i))
	}
	set(hasGround, known > 0)
	set(hasGroundGaps, known > 0 && known < len(a.Line))
	set(hasBottom, a.Kind == KindChamber && !IsUnknown(a.Bottom))
	set(hasName, a.Name != "")
	set(hasEnds, a.From != "" || a.To != "")
	set(hasIn, a.In != "")
	q := a.Quality
	set(hasQuality, q.Horizontal > 0 || q.Vertical > 0 || q.Source != "")
	set(hasValidity, !a.ValidFrom.IsZero() || !a.ValidTo.IsZero())
	set(hasNumber, a.SourceNumber != numberOf(a))
	set(hasAttrs, len(a.Attributes) > 0)
	set(hasWords, a.Feature != "" || a.Appurtenance != "")
	set(hasStructure, a.Structure != nil)
	return m
}

// numberOf is the source number that goes without saying: what follows the network's code in the ID.
func numberOf(a *Asset) string {
	if len(a.ID) > len(a.Network)+1 && a.ID[:len(a.Network)] == a.Network && a.ID[len(a.Network)] == '-' {
		return a.ID[len(a.Network)+1:]
	}
	return ""
}

func (p *packer) section(s geometry.Section, extras bool) {
	for _, v := range [...]float64{s.Width, s.Height, s.Wall} {
		p.uint(uint64(math.Round(v / sizeUnit)))
	}
	if extras {
		p.uint(uint64(math.Round(s.Top / sizeUnit)))
		p.buf = append(p.buf, s.Cols, s.Rows)
	}
}

func (p *packer) bits(n int, on func(i int) bool) {
	for i := 0; i < n; i += 8 {
		var b byte
		for j := i; j < min(i+8, n); j++ {
			if on(j) {
				b |= 1 << (j - i)
			}
		}
		p.buf = append(p.buf, b)
	}
}

func (p *packer) ground(a *Asset, presence uint16) {
	if presence&hasGround == 0 {
		return
	}
	if presence&hasGroundGaps != 0 {
		p.bits(len(a.Line), func(i int) bool { return !IsUnknown(a.GroundAt(i)) })
	}
	var last int64
	for i := range a.Line {
		if g := a.GroundAt(i); !IsUnknown(g) {
			q := quantum(g)
			p.int(q - last)
			last = q
		}
	}
}

func (p *packer) rest(a *Asset, presence uint16) {
	if presence&hasWords != 0 {
		p.text(a.Feature)
		p.text(a.Appurtenance)
	}
	if presence&hasName != 0 {
		p.str(a.Name)
	}
	if presence&hasEnds != 0 {
		p.str(a.From)
		p.str(a.To)
	}
	if presence&hasIn != 0 {
		p.str(a.In)
	}
	if presence&hasQuality != 0 {
		p.uint(uint64(math.Round(a.Quality.Horizontal / sizeUnit)))
		p.uint(uint64(math.Round(a.Quality.Vertical / sizeUnit)))
		p.text(a.Quality.Source)
	}
	if presence&hasValidity != 0 {
		p.int(unixOf(a.ValidFrom))
		p.int(unixOf(a.ValidTo))
	}
	if presence&hasNumber != 0 {
		p.str(a.SourceNumber)
	}
	if presence&hasAttrs != 0 {
		p.uint(uint64(len(a.Attributes)))
		for _, t := range a.Attributes {
			p.text(t.Key)
			p.str(t.Value)
		}
	}
}

func float32Below(v float64) float32 {
	f := float32(v)
	if float64(f) > v {
		f = math.Nextafter32(f, float32(math.Inf(-1)))
	}
	return f
}

func float32Above(v float64) float32 {
	f := float32(v)
	if float64(f) < v {
		f = math.Nextafter32(f, float32(math.Inf(1)))
	}
	return f
}
