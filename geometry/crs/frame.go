package crs

import "github.com/undercity/undercity/geometry"

// Frame is the coordinate frame of an installation: a projected CRS in metres, a named vertical datum, and the constant separation
// that turns its heights into ellipsoidal ones for display.
type Frame struct {
	CRS           *CRS
	VerticalDatum string  // name, e.g. "1985 国家高程基准"; never converted silently
	Separation    float64 // metres, ellipsoidal height = height + Separation; display only
}

var _ geometry.Point
