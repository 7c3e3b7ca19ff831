package twin

import (
	"math"
	"math/bits"
	"time"

	"github.com/undercity/undercity/geometry"
)

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
	a.Kind, a.Network, a.Status, a.Secrecy = r.Kind(), r.Network(), r.Status(), r.Secrecy()
	a.Reference, a.Assumed = r.Reference(), r.Assumed()
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
	if r.veil != nil {
		r.veil.copyHidden(a, &nothing)
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
		n := int(s.uint())
		list := make([]Attr, 0, n)
		for range n {
			if t := (Attr{Key: r.text(s), Value: s.str()}); r.veil == nil || !r.veil.attributes[t.Key] {
				list = append(list, t)
			}
		}
		a.Attributes = list
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
func (r Record) Owner() string {
	if r.veil.Hides("owner") {
		return ""
	}
	s := r.afterHeights()
	return r.text(&s)
}

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
