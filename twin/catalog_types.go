package twin

import "github.com/undercity/undercity/geometry"

// Flow says how a network's lines work, which decides what their depth goes to.
type Flow string

// The flows of tables/networks.csv.
const (
	FlowPressure Flow = "pressure"
	FlowGravity  Flow = "gravity"
	FlowCable    Flow = "cable"
	FlowNone     Flow = "none"
)

// Network is one utility system, by code.
type Network struct {
	Code       string
	Parent     string // "" for a top code
	NameZH     string
	NameEN     string
	Industry   string
	Flow       Flow
	SurveyedTo Reference // what a depth of the survey goes to (CJJ 61): invert for gravity, crown else
	Clearance  string    // its word in the clearance and cover tables
	ColourDark string    // "#3DA5FF", on a dark screen
	ColourLite string
	RGB        [3]uint8 // for DXF and print
	ACI        int
	Materials  []string // usual materials, codes
	KnownAs    string   // how the row is known
}

// Rule is a value of a standard with its source and whether an administrator has confirmed it.
type Rule struct {
	ID        string
	Value     float64
	Source    string
	KnownAs   string
	Confirmed bool
}

// Material is a pipe material.
type Material struct {
	Code    string
	NameZH  string
	NameEN  string
	NamedBy string // what its nominal diameter measures: inner, outer, nominal, "inner or outer" or ""
	KnownAs string
}

// PointFeature is a word for what stands at a survey point (特征, 附属物).
type PointFeature struct {
	Networks []string // codes, or "any"
	Term     string
	IsPart   bool // 附属物 (appurtenance) rather than 特征 (feature)
	NameEN   string
	Kind     Kind
	DrawnAs  string // "valve", "manhole", "hydrant" …
	KnownAs  string
}

// Pipe is one row of the table of pipe sections, metres.
type Pipe struct {
	Material           string
	Name               string // class, e.g. SDR11, K9
	Nominal            float64
	Outer, Wall, Inner float64 // 0 is unknown
	Standard, KnownAs  string
}

// SurveyColumn is one column of the CJJ 61 tables with the headers it is known under.
type SurveyColumn struct {
	Table    string // point, line or census
	Field    string
	NameZH   string
	Unit     string
	Type     string
	Required bool
	Aliases  []string
}

// DrawnSection is the section that a line of unknown size is drawn with, and whether it is assumed.
type DrawnSection struct {
	Section geometry.Section
	Assumed bool
}
