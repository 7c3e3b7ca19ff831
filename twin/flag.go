package twin

import (
	"math"

	"github.com/undercity/undercity/geometry"
)

// Flag is something of an asset that is held as it was given, and that somebody should look at.
type Flag uint8

// The flags of an asset.
const (
	FlagNoLength    Flag = iota // a line both of whose ends are in one place
	FlagTurnsBack               // a line that turns back on itself
	FlagUpright                 // a line with a piece that stands upright
	FlagAboveGround             // a closed segment whose top lies above the ground
)

var flagNames = [...]string{"noLength", "turnsBack", "upright", "aboveGround"}

// String is the name of the flag over the wire.
func (f Flag) String() string { return flagNames[f] }

// Reason is the flag as a sentence, "" for what is usual and no more than worth knowing.
func (f Flag) Reason() string {
	switch f {
	case FlagNoLength:
		return "both ends are in one place: it is drawn as long as it is wide, and marked as assumed"
	case FlagTurnsBack:
		return "the line turns back on itself"
	case FlagAboveGround:
		return "its top lies above the ground: check the diameter, the depth and the ground height"
	}
	return ""
}

const (
	leastLength = 1e-3    // metres; positions are kept to 0.1 mm
	backCos     = -0.9999 // of the angle from which a bend turns back: 179.2 degrees
	leastAbove  = 0.01    // metres, above a ground that was surveyed with the asset
	clearAbove  = 1.0     // metres, above a ground that is read from a surface
)

// Flags says what of an asset somebody should look at, in the order of the flags. The surface is the ground where the asset does not know
// its own; nil where there is none.
func (a *Asset) Flags(ground *Surface) (list []Flag) {
	if !a.Kind.IsLine() || len(a.Line) < 2 {
		return nil
	}
	if hasNoLength(a.Line) {
		list = append(list, FlagNoLength)
	}
	back, upright := bendsOf(a.Line)
	if back {
		list = append(list, FlagTurnsBack)
	}
	if upright {
		list = append(list, FlagUpright)
	}
	if a.Kind == KindSegment && !a.Section.IsOpen() && a.isAbove(ground) {
		list = append(list, FlagAboveGround)
	}
	return list
}

// isAbove reports whether the top of a line is known to lie above the ground: its own, else that of a surface.
func (a *Asset) isAbove(ground *Surface) bool {
	if c := a.MinCover(); !IsUnknown(c) || ground == nil {
		return c < -leastAbove
	}
	for i, p := range a.Line {
		if a.HeightKnown(i) && a.Crown(i)-ground.Height(p.E, p.N) > clearAbove {
			return true
		}
	}
	return false
}

// between is the way from p to q, level where a height is not known.
func between(p, q geometry.Point) geometry.Point {
	d := q.Sub(p)
	if math.IsNaN(d.H) {
		d.H = 0
	}
	return d
}

func hasNoLength(line []geometry.Point) bool {
	for _, p := range line {
		if between(line[0], p).Len() > leastLength {
			return false
		}
	}
	return true
}

// bendsOf reports whether a line turns back on itself, and whether a piece of it stands upright.
func bendsOf(line []geometry.Point) (back, upright bool) {
	var last geometry.Point // direction of the piece before, 0 for none
	for i := 1; i < len(line); i++ {
		d := between(line[i-1], line[i])
		l := d.Len()
		if l <= leastLength {
			continue
		}
		d = d.Scale(1 / l)
		back = back || last.Dot(d) < backCos
		upright = upright || math.Abs(d.H) > 1-1e-6
		last = d
	}
	return back, upright
}

// stretch gives an axis without length one, eastwards about its middle.
func stretch(axis []geometry.Point, length float64) {
	if n := len(axis); n > 1 {
		axis[0].E -= length / 2
		axis[n-1].E += length / 2
	}
}
