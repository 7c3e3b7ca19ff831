package twin

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"
	"time"

	"github.com/undercity/undercity/geometry"
)

// Record is a view of one packed asset. It costs no allocation, may be used from any goroutine and never changes.
type Record struct {
	rec    []byte
	dict   *dict
	cat    *Catalog
	handle Handle
}

// IsZero reports whether r views nothing.
func (r Record) IsZero() bool { return r.rec == nil }

// Handle names this version of the asset in the twin's memory.
func (r Record) Handle() Handle { return r.handle }

// Kind is what the asset is.
func (r Record) Kind() Kind { return Kind(r.rec[0]) }

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
	v, n := binary.Uvarint(s.b)
	s.b = s.b[n:]
	return v
}

func (s *stream) int() int64 {
	v, n := binary.Varint(s.b)
	s.b = s.b[n:]
	return v
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
	for range s.uint() {
		e += s.int()
		n += s.int()
		h += s.int()
		buf = append(buf, geometry.Point{E: float64(e) / perPos, N: float64(n) / perPos, H: float64(h)/perPos + offset})
	}
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
	return axis, drawn, r.boxAround(&s, axis[len(buf):], drawn)
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
	for _, p := range a.Line {
		p.H += offset
		buf = append(buf, p)
	}
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

// Asset decodes the whole asset.
func (r Record) Asset() *Asset {
	a := &Asset{Bottom: Unknown()}
	r.decode(a, detailAll)
	return a
}

// detail says how far decode goes.
type detail uint8

const (
	detailHeights detail = iota // line, ground, bottom
	detailShared                // and owner, material, installed, road, words
	detailAll
)

// text reads a shared string.
func (r Record) text(s *stream) string {
	if r.dict == nil {
		return s.str()
	}
	return r.dict.text(uint32(s.uint()))
}

// decode reads the record into a.
func (r Record) decode(a *Asset, d detail) {
	p := r.presence()
	s := r.stream()
	a.Kind, a.Network, a.Status, a.Reference, a.Assumed = r.Kind(), r.Network(), r.Status(), r.Reference(), r.Assumed()
	a.Version, a.Revision = r.Version(), r.Revision()
	a.Quality.Level = r.Level()
	idb := s.bytes(int(s.uint()))
	if d == detailAll {
		a.ID = string(idb)
		a.Recorded = r.Recorded()
	}
	if d == detailAll {
		a.Structure = r.Structure()
	}
	a.Section = r.readSection(&s)
	a.Line = r.readLine(&s, a.Line[:0], 0)
	n := len(a.Line)
	a.HeightAssumed = a.HeightAssumed[:0]
	if p&hasHeightGaps != 0 {
		bits := s.bytes((n + 7) / 8)
		for i := range n {
			gap := bits[i/8]&(1<<(i%8)) != 0
			a.HeightAssumed = append(a.HeightAssumed, gap)
			if gap && p&isUnsettled != 0 {
				a.Line[i].H = Unknown()
			}
		}
	}
	if len(a.HeightAssumed) == 0 {
		a.HeightAssumed = nil
	}
	a.Ground = readGround(&s, a.Ground[:0], n, p)
	if p&hasBottom != 0 {
		a.Bottom = float64(s.int()) / perPos
	}
	if d == detailHeights {
		return
	}
	a.Owner = r.text(&s)
	a.Material = r.text(&s)
	a.Installed = r.text(&s)
	a.Road = r.text(&s)
	if p&hasWords != 0 {
		a.Feature = r.text(&s)
		a.Appurtenance = r.text(&s)
	}
	if d == detailAll {
		r.decodeRest(a, &s, p)
	}
}

func (r Record) decodeRest(a *Asset, s *stream, p uint16) {
	if p&hasName != 0 {
		a.Name = s.str()
	}
	if p&hasEnds != 0 {
		a.From, a.To = s.str(), s.str()
	}
	if p&hasIn != 0 {
		a.In = s.str()
	}
	if p&hasQuality != 0 {
		a.Quality.Horizontal = float64(s.uint()) / perSize
		a.Quality.Vertical = float64(s.uint()) / perSize
		a.Quality.Source = r.text(s)
	}
	if p&hasValidity != 0 {
		a.ValidFrom, a.ValidTo = timeOf(s.int()), timeOf(s.int())
	}
	a.SourceNumber = numberOf(a)
	if p&hasNumber != 0 {
		a.SourceNumber = s.str()
	}
	if p&hasAttrs != 0 {
		a.Attributes = make([]Attr, s.uint())
		for i := range a.Attributes {
			a.Attributes[i] = Attr{Key: r.text(s), Value: s.str()}
		}
	}
}

func readGround(s *stream, buf []float64, n int, p uint16) []float64 {
	if p&hasGround == 0 {
		return nil
	}
	var bits []byte
	if p&hasGroundGaps != 0 {
		bits = s.bytes((n + 7) / 8)
	}
	var last int64
	for i := range n {
		if bits != nil && bits[i/8]&(1<<(i%8)) == 0 {
			buf = append(buf, Unknown())
			continue
		}
		last += s.int()
		buf = append(buf, float64(last)/perPos)
	}
	return buf
}

// size is the length of the packed asset, bytes.
func (r Record) size() int {
	a := Asset{}
	p := r.presence()
	s := r.stream()
	s.bytes(int(s.uint()))
	r.readSection(&s)
	n := int(s.uint())
	for range 3 * n {
		s.int()
	}
	if p&hasHeightGaps != 0 {
		s.bytes((n + 7) / 8)
	}
	readGround(&s, nil, n, p)
	if p&hasBottom != 0 {
		s.int()
	}
	words := 4
	if p&hasWords != 0 {
		words = 6
	}
	for range words {
		r.text(&s)
	}
	r.decodeRest(&a, &s, p)
	return len(r.rec) - len(s.b)
}

// unixOf and timeOf keep the zero time apart from 1970.
func unixOf(t time.Time) int64 {
	if t.IsZero() {
		return math.MinInt64
	}
	return t.Unix()
}

func timeOf(u int64) time.Time {
	if u == math.MinInt64 {
		return time.Time{}
	}
	return time.Unix(u, 0).UTC()
}

// Heights decodes what MinCover, Ground and Bottom need into a, whose slices are reused; its other fields are not set.
func (r Record) Heights(a *Asset) {
	a.Bottom = Unknown()
	r.decode(a, detailHeights)
}

// MinCover is the least known cover along the asset, metres, Unknown() when none is known.
func (r Record) MinCover() float64 {
	var line [16]geometry.Point
	var ground [16]float64
	a := Asset{Line: line[:0], Ground: ground[:0]}
	r.Heights(&a)
	return a.MinCover()
}

// Ground appends the height of the surface at each vertex to buf, Unknown() where it is not known.
func (r Record) Ground(buf []float64) []float64 {
	var line [16]geometry.Point
	a := Asset{Line: line[:0]}
	r.Heights(&a)
	for i := range a.Line {
		buf = append(buf, a.GroundAt(i))
	}
	return buf
}

// Bottom is the height of a chamber's floor, Unknown() when it is not known.
func (r Record) Bottom() float64 {
	if r.presence()&hasBottom == 0 {
		return Unknown()
	}
	var line [4]geometry.Point
	a := Asset{Line: line[:0]}
	r.Heights(&a)
	return a.Bottom
}

func (r Record) shared() *Asset {
	var line [16]geometry.Point
	a := Asset{Line: line[:0]}
	r.decode(&a, detailShared)
	return &a
}

// Term returns the words for what stands at a node or chamber (特征, 附属物).
func (r Record) Term() (feature, appurtenance string) {
	if r.presence()&hasWords == 0 {
		return "", ""
	}
	s := r.afterHeights()
	for range 4 {
		r.skipText(&s)
	}
	return r.text(&s), r.text(&s)
}

// skipText skips a shared string.
func (r Record) skipText(s *stream) {
	n := s.uint()
	if r.dict == nil {
		s.bytes(int(n))
	}
}

// afterHeights stands behind section, line, ground and bottom.
func (r Record) afterHeights() stream {
	s := r.afterID()
	r.readSection(&s)
	p := r.presence()
	n := int(s.uint())
	s.skip(3 * n)
	if p&hasHeightGaps != 0 {
		s.bytes((n + 7) / 8)
	}
	if p&hasGround != 0 {
		known := n
		if p&hasGroundGaps != 0 {
			known = 0
			gaps := s.bytes((n + 7) / 8)
			for i, b := range gaps {
				if i == len(gaps)-1 && n%8 != 0 {
					b &= 1<<(n%8) - 1 // what lies behind is of no vertex
				}
				known += bits.OnesCount8(b)
			}
		}
		s.skip(known)
	}
	if p&hasBottom != 0 {
		s.skip(1)
	}
	return s
}

// Road is the street it lies in, "" when not known.
func (r Record) Road() string { return r.shared().Road }

// Owner is who owns it, "" when not known.
func (r Record) Owner() string { return r.shared().Owner }

// Material is the catalog's code or the source's own word, "" when not known.
func (r Record) Material() string { return r.shared().Material }

// SourceNumber is the source's own number.
func (r Record) SourceNumber() string { return r.Asset().SourceNumber }

// Name is its name, "" when it has none.
func (r Record) Name() string {
	if r.presence()&hasName == 0 {
		return ""
	}
	return r.Asset().Name
}

// Ends returns the IDs of the nodes or chambers that a segment runs between, and of what it lies in; "" where there is none.
func (r Record) Ends() (from, to, in ID) {
	if r.presence()&(hasEnds|hasIn) == 0 {
		return "", "", ""
	}
	s := r.afterHeights()
	p := r.presence()
	words := 4
	if p&hasWords != 0 {
		words = 6
	}
	for range words {
		r.skipText(&s)
	}
	if p&hasName != 0 {
		s.bytes(int(s.uint()))
	}
	if p&hasEnds != 0 {
		from, to = s.str(), s.str()
	}
	if p&hasIn != 0 {
		in = s.str()
	}
	return from, to, in
}
