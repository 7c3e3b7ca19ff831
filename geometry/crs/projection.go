package crs

import "math"

// projection maps longitude (from the CRS's prime meridian) and latitude, radians, to metres and back. Adding a method is one file
// with a projection and one line in methods; gen takes its parameters from EPSG by a line of its own.
type projection interface {
	forward(lon, lat float64) (e, n float64)
	inverse(e, n float64) (lon, lat float64)
}

// methods makes projections by EPSG method code from parameters in degrees, metres and plain numbers, in the order that gen writes them.
var methods = map[int]func(ellipsoid, []float64) projection{
	9807: func(l ellipsoid, p []float64) projection { return newTransverseMercator(l, p) },
	9808: newSouthOrientated,
	9801: newLambert1SP,
	9826: newLambertWest,
	9802: newLambert2SP,
	9803: newLambertBelgium,
	1051: newLambertMichigan,
	9809: newObliqueStereographic,
}

// zonePrefix is the zone number in front of the false easting of a Gauss-Krüger zone (38 500 000), 0 for none.
func zonePrefix(p projection) int {
	tm, ok := p.(*transverseMercator)
	if !ok || tm.fe < 1e6 || math.Mod(tm.fe, 1e6) != 500000 {
		return 0
	}
	return int(tm.fe / 1e6)
}
