package twin

import (
	"bytes"
	"encoding/binary"
	"math"
	"time"

	"github.com/undercity/undercity/geometry"
)

// Record is a view of one packed asset. It costs no allocation, may be used from any goroutine and never changes.
type Record struct {
	rec    []byte
	dict   *dict
	cat    *Catalog
	veil   *Veil // what its reader does not see of it
	handle Handle
}

// IsZero reports whether r views nothing.
func (r Record) IsZero() bool { return r.rec == nil }

// Handle names this version of the asset in the twin's memory.
func (r Record) Handle() Handle { return r.handle }

// Kind is what the asset is.
func (r Record) Kind() Kind { return kindOf(r.rec[0]) }

// Network is the code of its network.
func (r Record) Network() string { return r.cat.networks[r.rec[1]].Code }

// Flow says how the lines of its network work.
func (r Record) Flow() Flow { return r.cat.networks[r.rec[1]].Flow }

// Layer is the code of the layer it belongs to.
func (r Record) Layer() string { return r.cat.layerOf[r.rec[1]] }

// Status is where it stands in its life.
func (r Record) Status() Status { return Status(r.rec[2] & 15) }

// Level is its locate quality level.
func (r Record) Level() Level { return Level(r.rec[2] >> 4) }

// Reference is the surface its heights were surveyed to.
func (r Record) Reference() Reference { return Reference(r.rec[3] >> 6) }

// Assumed is the set of its keys whose value is assumed.
func (r Record) Assumed() Assumed { return Assumed(binary.LittleEndian.Uint16(r.rec[4:])) }

// Version is the number of this state of the asset, from 1.
func (r Record) Version() uint32 { return binary.LittleEndian.Uint32(r.rec[offVersion:]) }

// Revision is the revision of the twin that made this version.
func (r Record) Revision() uint64 { return r.stamp().revision }

// Recorded is when this version was recorded.
func (r Record) Recorded() time.Time {
	s := r.stamp()
	if s == (stamp{}) {
		return time.Time{}
	}
	return time.UnixMilli(s.ms).UTC()
}

func (r Record) stamp() stamp {
	if r.dict == nil {
		return stamp{}
	}
	return r.dict.stampOf(binary.LittleEndian.Uint32(r.rec[offStamp:]))
}

func (r Record) presence() uint16 { return binary.LittleEndian.Uint16(r.rec[6:]) }

// stream reads the variable part of a record. The records are our own, so there is nothing to distrust.
type stream struct{ b []byte }

func (s *stream) uint() uint64 {
	b := s.b
	if b[0] < 0x80 {
		s.b = b[1:]
		return uint64(b[0])
	}
	return s.long()
}

// long reads a number of any length. It is no part of uint, so that the short way is small enough to be copied to where it is used.
//
//go:noinline
func (s *stream) long() uint64 {
	v, n := uvarint(s.b)
	s.b = s.b[n:]
	return v
}

func (s *stream) int() int64 {
	v := s.long()
	return int64(v>>1) ^ -int64(v&1)
}

func (s *stream) bytes(n int) []byte {
	b := s.b[:n]
	s.b = s.b[n:]
	return b
}

// skip passes n numbers.
func (s *stream) skip(n int) {
	i := 0
	for ; n > 0; i++ {
		if s.b[i] < 0x80 {
			n--
		}
	}
	s.b = s.b[i:]
}

func (s *stream) str() string { return string(s.bytes(int(s.uint()))) }

func (r Record) stream() stream { return stream{r.rec[offStream:]} }

func (r Record) idBytes() []byte {
	s := r.stream()
	return s.bytes(int(s.uint()))
}

// ID names the asset.
func (r Record) ID() ID { return string(r.idBytes()) }

// AppendID appends the asset's ID to b.
func (r Record) AppendID(b []byte) []byte { return append(b, r.idBytes()...) }

func (r Record) afterID() stream {
	s := r.stream()
	s.bytes(int(s.uint()))
	return s
}

func (r Record) readSection(s *stream) geometry.Section {
	sec := geometry.Section{Shape: geometry.Shape(r.rec[3] & 63)}
	p := r.presence()
	if p&hasStructure != 0 {
		r.skipText(s)
	}
	if p&hasSection == 0 {
		return sec
	}
	sec.Width = float64(s.uint()) / perSize
	sec.Height = float64(s.uint()) / perSize
	sec.Wall = float64(s.uint()) / perSize
	if p&hasExtras != 0 {
		sec.Top = float64(s.uint()) / perSize
		x := s.bytes(2)
		sec.Cols, sec.Rows = x[0], x[1]
	}
	return sec
}

// Section is the clear cross-section; Width 0 is of unknown size.
func (r Record) Section() geometry.Section {
	s := r.afterID()
	return r.readSection(&s)
}

// Drawn is the section it is drawn with: the network's usual one where its own is not known.
func (r Record) Drawn() geometry.Section {
	s := r.afterID()
	return r.drawn(r.readSection(&s))
}

func (r Record) drawn(sec geometry.Section) geometry.Section {
	d, _ := r.cat.drawnSection(r.Kind(), r.cat.networks[r.rec[1]].Code, sec)
	return d
}

// offset is what to add to a stored height to reach the axis.
func (r Record) offset(sec geometry.Section) float64 {
	if r.Kind().IsPoint() {
		return 0
	}
	return axisOffset(r.Reference(), r.drawn(sec))
}

func (r Record) readLine(s *stream, buf []geometry.Point, offset float64) []geometry.Point {
	var e, n, h int64
	in := *s
	for range in.uint() {
		e += in.int()
		n += in.int()
		h += in.int()
		buf = append(buf, geometry.Point{E: float64(e) / perPos, N: float64(n) / perPos, H: float64(h)/perPos + offset})
	}
	*s = in
	return buf
}

// Axis appends the vertices of the drawn axis to buf: the middle of the clear section; of a node where it is, of a chamber its lid.
func (r Record) Axis(buf []geometry.Point) []geometry.Point {
	s := r.afterID()
	sec := r.readSection(&s)
	return r.readLine(&s, buf, r.offset(sec))
}

// Middle is the point of the axis that stands for the asset: the middle vertex, or the middle of the middle piece.
func (r Record) Middle() geometry.Point {
	var few [16]geometry.Point
	return MiddleOf(r.Axis(few[:0]))
}

// MiddleOf is the middle vertex of an axis, or the middle of its middle piece.
func MiddleOf(axis []geometry.Point) geometry.Point {
	n := len(axis)
	if n%2 == 1 {
		return axis[n/2]
	}
	return axis[n/2-1].Lerp(axis[n/2], 0.5)
}

// Low and High bound the drawn heights, metres.
func (r Record) heightRange() (low, high float64) {
	return float64(math.Float32frombits(binary.LittleEndian.Uint32(r.rec[offLow:]))),
		float64(math.Float32frombits(binary.LittleEndian.Uint32(r.rec[offHigh:])))
}

// Drawing is what is needed to draw an asset, decoded at once: the axis (see Axis), appended to buf, the section drawn with, and the box around it.
func (r Record) Drawing(buf []geometry.Point) (axis []geometry.Point, drawn geometry.Section, box geometry.Box) {
	s := r.afterID()
	sec := r.readSection(&s)
	drawn = r.drawn(sec)
	offset := 0.0
	if !r.Kind().IsPoint() {
		offset = axisOffset(r.Reference(), drawn)
	}
	axis = r.readLine(&s, buf, offset)
	box = r.boxAround(&s, axis[len(buf):], drawn)
	r.lengthen(axis[len(buf):], drawn)
	return axis, drawn, box
}

// lengthen makes the axis of what has no length as long as it is wide.
func (r Record) lengthen(axis []geometry.Point, drawn geometry.Section) {
	if r.Assumed()&AssumedLength != 0 && !r.HasStructure() {
		stretch(axis, min(drawn.OuterWidth(), drawn.OuterHeight()))
	}
}

// DrawingOf is as Drawing without the box, and decodes heights and section into a as Heights does, and material and installation too, at once.
func (r Record) DrawingOf(a *Asset, buf []geometry.Point) (axis []geometry.Point, drawn geometry.Section) {
	a.Bottom = Unknown()
	r.decode(a, detailShared)
	drawn = r.drawn(a.Section)
	offset := 0.0
	if !r.Kind().IsPoint() {
		offset = axisOffset(r.Reference(), drawn)
	}
	from := len(buf)
	for _, p := range a.Line {
		p.H += offset
		buf = append(buf, p)
	}
	r.lengthen(buf[from:], drawn)
	return buf, drawn
}

// CompareID orders records by ID.
func (r Record) CompareID(o Record) int { return bytes.Compare(r.idBytes(), o.idBytes()) }

// Box is the box around the drawn outer surface.
func (r Record) Box() geometry.Box { return r.computeBox() }

func (r Record) computeBox() geometry.Box {
	var few [16]geometry.Point
	s := r.afterID()
	sec := r.readSection(&s)
	drawn := r.drawn(sec)
	ps := r.readLine(&s, few[:0], r.offset(sec))
	return r.boxAround(&s, ps, drawn)
}

// boxAround is the box around the drawn surface along an axis; s stands behind the line.
func (r Record) boxAround(s *stream, ps []geometry.Point, drawn geometry.Section) geometry.Box {
	b := geometry.BoxOf(ps...)
	if st := r.Structure(); st != nil {
		if r.Kind() == KindChamber {
			b.Min.H = min(b.Min.H, r.floor(s, ps[0].H))
		}
		return st.Reach(drawn, ps).Box(b)
	}
	if r.Kind() == KindZone || r.Kind() == KindSolid {
		return b
	}
	if r.Kind() == KindChamber {
		// The plan shape of a chamber: width and length.
		w := max(drawn.OuterWidth(), drawn.OuterHeight()) / 2
		b.Min.H = min(b.Min.H, r.floor(s, ps[0].H))
		grow := geometry.Point{E: w, N: w}
		return geometry.Box{Min: b.Min.Sub(grow), Max: b.Max.Add(grow)}
	}
	return drawn.Reach(ps).Box(b)
}

// floor is the height a chamber with its lid at height top is drawn down to; s stands behind the line.
func (r Record) floor(s *stream, top float64) float64 {
	p := r.presence()
	if p&hasBottom == 0 {
		return top - assumedChamberDepth
	}
	if p&hasHeightGaps != 0 {
		s.bytes(1)
	}
	var few [1]float64
	readGround(s, few[:0], 1, p)
	return float64(s.int()) / perPos
}

// assumedChamberDepth is how deep a chamber is drawn whose floor is not known, metres. Project assumption.
const assumedChamberDepth = 1.5

// DrawnBottom is the height that a chamber is drawn down to: its floor, or 1.5 m below its lid where the floor is not known.
func (r Record) DrawnBottom() float64 {
	if b := r.Bottom(); !IsUnknown(b) {
		return b
	}
	var few [1]geometry.Point
	return r.Axis(few[:0])[0].H - assumedChamberDepth
}
