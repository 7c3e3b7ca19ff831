package formats

import (
	"fmt"

	"github.com/undercity/undercity/twin"
)

// Zeros tells heights of 0 from a column that was filled with 0 where nothing is known. Every height of a file goes through Height, every
// ground through Ground, and then Filled says which it is. The zero value is ready to use.
type Zeros struct {
	zeros, others int
	flat, raised  int // grounds at 0, and not at 0
}

// Height counts a height of the file; one that is not known counts for nothing.
func (z *Zeros) Height(h float64) {
	switch {
	case twin.IsUnknown(h):
	case h == 0:
		z.zeros++
	default:
		z.others++
	}
}

// Ground counts a height of the ground above the things of the file.
func (z *Zeros) Ground(h float64) {
	switch {
	case twin.IsUnknown(h):
	case h == 0:
		z.flat++
	default:
		z.raised++
	}
}

// Filled reports whether a height of exactly 0 is unknown: more than half are 0 while the others are not, or all are 0 and nothing says that
// the ground is there too.
func (z *Zeros) Filled() bool {
	if z.others > 0 {
		return z.zeros > z.others
	}
	return z.zeros > 0 && (z.raised > 0 || z.flat == 0)
}

// Note says once for a file that its zeros were taken as unknown.
func (z *Zeros) Note(file, field string) Row {
	return Row{File: file, Field: field, Value: "0", Reason: fmt.Sprintf("%d of %d heights are exactly 0, which cannot be meant: they are taken as unknown", z.zeros, z.zeros+z.others)}
}
