package twin

import "strings"

// Assumed is the set of an asset's keys whose value is assumed, not known. The bits are stored and sent in tiles: append only.
type Assumed uint16

// The keys that can be assumed, by their name in JSON.
const (
	AssumedGeometry      Assumed = 1 << iota // the heights of one or more vertices
	AssumedDiameter                          // the size of the section
	AssumedOuterDiameter                     // the wall, taken as 0 or from a table of nominal sizes
	AssumedGround                            // the ground height of one or more vertices
	AssumedCover                             // the cover, because the heights, the ground or the size are
	AssumedMaterial                          // the material
	AssumedPosition                          // the place in plan: a schematic drawing
	AssumedBottom                            // the floor of a chamber
	AssumedLength                            // of a line both of whose ends are in one place
)

var assumedNames = [...]string{"geometry", "diameter", "outerDiameter", "ground", "cover", "material", "position", "bottom", "length"}

// Names lists the keys of a in the order of their bits.
func (a Assumed) Names() []string {
	names := make([]string, 0, 4)
	for i, n := range assumedNames {
		if a&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return names
}

// ParseAssumed returns the set of the named keys; names nobody knows are left out.
func ParseAssumed(names []string) Assumed {
	var a Assumed
	for _, s := range names {
		for i, n := range assumedNames {
			if n == strings.TrimSpace(s) {
				a |= 1 << i
			}
		}
	}
	return a
}
