package twin

import (
	"math"
	"time"

	"github.com/undercity/undercity/geometry"
)

// ID names an asset: NETWORK-NUMBER from the source's own number. See NewID for what it may hold.
type ID = string

// Unknown is the value of a height that is not known. Test with IsUnknown: NaN equals nothing.
func Unknown() float64 { return math.NaN() }

// IsUnknown reports whether the height h is not known.
func IsUnknown(h float64) bool { return math.IsNaN(h) }

// Attr is one attribute that the model has no field for, under the name it had in its source.
type Attr struct{ Key, Value string }

// Asset is one thing below ground with an ID and a history. Assets handed out by a Snapshot are copies: changing one changes nothing
// until it goes through a ChangeSet.
type Asset struct {
	ID      ID
	Kind    Kind
	Network string // code of the catalog ("JS", "XF")
	Name    string
	Owner   string
	// Material is the catalog's code ("DI"), or the source's own word where the catalog has none; "" is unknown.
	Material string
	Status   Status
	Secrecy  Secrecy // SecrecyUnset: as the policy has it for its like
	// Section is the clear cross-section of a line, the plan shape of a chamber; Width 0 is of unknown size.
	Section geometry.Section
	// Structure is what axis and section alone do not say, nil for most. It is shared and must not be changed: replace it.
	Structure *geometry.Structure

	// Line holds the vertices: one for a node or chamber, two or more for lines, a ring (first = last) for a zone. E and N are metres in the frame; H is
	// the height of Reference at the vertex. A reader leaves an unknown H as Unknown(); Twin.Apply then draws it at the network's
	// standard cover and sets its bit in HeightAssumed.
	// For a node H is the height of the line it ends; for a chamber it is the ground (lid).
	Line      []geometry.Point
	Reference Reference
	// Ground is the height of the surface, one value a vertex, Unknown() where it is not known; nil when it is nowhere known.
	Ground []float64
	// HeightAssumed says for each vertex whether its H is assumed; nil when none is.
	HeightAssumed []bool
	Bottom        float64 // height of a chamber's floor; Unknown() when not known or not a chamber

	From, To ID // ends of a segment: nodes or chambers
	In       ID // the gallery, tunnel or bridge it lies in

	Quality Quality
	Assumed Assumed

	Installed string    // year or date as the source has it ("1998", "1998-05-02")
	ValidFrom time.Time // validity: built; zero is unknown
	ValidTo   time.Time // validity: removed; zero is still there
	Recorded  time.Time // when this version was recorded; set by Twin.Apply
	Version   uint32    // number of this state of the asset, from 1; set by Twin.Apply
	Revision  uint64    // revision of the twin that made this version; set by Twin.Apply

	SourceNumber string // the source's own number, unescaped
	Road         string
	Feature      string // 特征 word of a node
	Appurtenance string // 附属物 word of a node or chamber
	Attributes   []Attr // in the order of the source
}

// Attr returns the attribute named key.
func (a *Asset) Attr(key string) (string, bool) {
	for _, t := range a.Attributes {
		if t.Key == key {
			return t.Value, true
		}
	}
	return "", false
}

// GroundAt is the ground height at vertex i, Unknown() when it is not known.
func (a *Asset) GroundAt(i int) float64 {
	if i < len(a.Ground) {
		return a.Ground[i]
	}
	return Unknown()
}

// HeightKnown reports whether the height of vertex i is known rather than assumed.
func (a *Asset) HeightKnown(i int) bool {
	return i < len(a.Line) && !IsUnknown(a.Line[i].H) && (i >= len(a.HeightAssumed) || !a.HeightAssumed[i])
}

// axisOffset is what to add to a height at reference r to reach the axis of section s, metres.
func axisOffset(r Reference, s geometry.Section) float64 {
	switch r {
	case RefInvert:
		return s.InvertBelowAxis()
	case RefInnerTop:
		return -s.InvertBelowAxis()
	case RefCrown:
		return -s.CrownAboveAxis()
	default:
		return 0
	}
}

// Axis returns the vertices with the heights of the axis, through section s (Section, or Catalog.DrawnSection where the size is not known).
func (a *Asset) Axis(s geometry.Section) []geometry.Point {
	ps := make([]geometry.Point, len(a.Line))
	d := axisOffset(a.Reference, s)
	for i, p := range a.Line {
		p.H += d
		ps[i] = p
	}
	return ps
}

// Invert is the height of the inner bottom at vertex i, Unknown() where it is not known.
func (a *Asset) Invert(i int) float64 {
	if !a.HeightKnown(i) {
		return Unknown()
	}
	if a.Reference == RefInvert {
		return a.Line[i].H
	}
	if !a.Section.Known() {
		return Unknown()
	}
	return a.Line[i].H + axisOffset(a.Reference, a.Section) - a.Section.InvertBelowAxis()
}

// Crown is the height of the outer top at vertex i, Unknown() where it is not known.
func (a *Asset) Crown(i int) float64 {
	if !a.HeightKnown(i) {
		return Unknown()
	}
	if a.Reference == RefCrown {
		return a.Line[i].H
	}
	if !a.Section.Known() {
		return Unknown()
	}
	return a.Line[i].H + axisOffset(a.Reference, a.Section) + a.Section.CrownAboveAxis()
}

// Cover is the depth from ground to crown at vertex i, metres, positive down, Unknown() where it is not known.
func (a *Asset) Cover(i int) float64 {
	return a.GroundAt(i) - a.Crown(i)
}

// MinCover is the least known cover along the asset, Unknown() when none is known.
func (a *Asset) MinCover() float64 {
	least := Unknown()
	if len(a.Ground) == 0 || a.Reference != RefCrown && !a.Section.Known() {
		return least
	}
	// From the reference to the crown it is as far at each vertex (see Crown).
	up := 0.0
	if a.Reference != RefCrown {
		up = axisOffset(a.Reference, a.Section) + a.Section.CrownAboveAxis()
	}
	for i := range a.Line {
		if !a.HeightKnown(i) {
			continue
		}
		if c := a.GroundAt(i) - (a.Line[i].H + up); !IsUnknown(c) && (IsUnknown(least) || c < least) {
			least = c
		}
	}
	return least
}

// PlanLength is the length of the asset in plan, metres.
func (a *Asset) PlanLength() float64 {
	var l float64
	for i := 1; i < len(a.Line); i++ {
		l += a.Line[i].PlanDist(a.Line[i-1])
	}
	return l
}
