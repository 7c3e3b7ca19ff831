package twin

// Kind is what an asset is.
type Kind uint8

// The kinds of assets. The numbers are stored and sent in tiles: append only.
const (
	KindSegment Kind = iota
	KindNode
	KindChamber
	KindGallery
	KindTunnel
	KindBridge
	KindZone
	KindSolid
	kindCount
)

var kindNames = [kindCount]string{"segment", "node", "chamber", "gallery", "tunnel", "bridge", "zone", "solid"}

// Kinds lists every kind in the order of their numbers.
func Kinds() []Kind {
	ks := make([]Kind, kindCount)
	for i := range ks {
		ks[i] = Kind(i)
	}
	return ks
}

// String is the kind's name in JSON and SQL ("segment").
func (k Kind) String() string { return nameOf(kindNames[:], int(k)) }

// ParseKind returns the kind named s.
func ParseKind(s string) (Kind, bool) { i, ok := indexOf(kindNames[:], s); return Kind(i), ok }

// IsLine reports whether assets of kind k are lines with at least two vertices.
func (k Kind) IsLine() bool {
	return k == KindSegment || k == KindGallery || k == KindTunnel || k == KindBridge
}

// IsPoint reports whether assets of kind k have exactly one vertex.
func (k Kind) IsPoint() bool { return k == KindNode || k == KindChamber }

// Status is where an asset stands in its life (not to be confused with a sensor's state).
type Status uint8

// The life-cycle statuses. The numbers are stored and sent in tiles: append only.
const (
	StatusPlanned Status = iota
	StatusDesigned
	StatusBuilding
	StatusInService
	StatusOutOfUse
	StatusAbandoned
	StatusRemoved
	statusCount
)

var statusNames = [statusCount]string{"planned", "designed", "building", "inService", "outOfUse", "abandoned", "removed"}

// String is the status's name in JSON and SQL ("inService").
func (s Status) String() string { return nameOf(statusNames[:], int(s)) }

// ParseStatus returns the status named s.
func ParseStatus(s string) (Status, bool) { i, ok := indexOf(statusNames[:], s); return Status(i), ok }

// Statuses lists every status in the order of their numbers.
func Statuses() []Status {
	ss := make([]Status, statusCount)
	for i := range ss {
		ss[i] = Status(i)
	}
	return ss
}

// Level is a locate quality level on one scale for ASCE 38, PAS 128 and CJJ 61 (tables/locate_quality.csv, column our_scale).
type Level uint8

// The locate quality levels; LevelUnknown is not a level but the lack of one.
const (
	LevelUnknown Level = iota
	LevelA
	LevelB
	LevelC
	LevelD
)

var levelNames = [...]string{"", "A", "B", "C", "D"}

// String is "A" to "D", "" for unknown.
func (l Level) String() string { return nameOf(levelNames[:], int(l)) }

// ParseLevel returns the level named s; "" is LevelUnknown.
func ParseLevel(s string) (Level, bool) { i, ok := indexOf(levelNames[:], s); return Level(i), ok }

// Quality is how well an asset's position is known.
type Quality struct {
	Level      Level
	Horizontal float64 // metres at 95 %, 0 is unknown
	Vertical   float64 // metres at 95 %, 0 is unknown
	Source     string  // where the level comes from: "survey", "CJJ 61 隐蔽管线点", "network model", …
}

// Reference is the surface that an asset's heights were surveyed to.
type Reference uint8

// The references of a height. The numbers are stored: append only.
const (
	RefAxis     Reference = iota // middle of the clear section
	RefInvert                    // inner bottom
	RefInnerTop                  // inner top
	RefCrown                     // outer top, also the top of a cable or of a duct block
	refCount
)

var refNames = [refCount]string{"axis", "invert", "innerTop", "crown"}

// String is the reference's name in SQL and files ("invert").
func (r Reference) String() string { return nameOf(refNames[:], int(r)) }

// ParseReference returns the reference named s.
func ParseReference(s string) (Reference, bool) {
	i, ok := indexOf(refNames[:], s)
	return Reference(i), ok
}

func nameOf(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return "unknown"
}

func indexOf(names []string, s string) (int, bool) {
	for i, n := range names {
		if n == s {
			return i, true
		}
	}
	return 0, false
}
