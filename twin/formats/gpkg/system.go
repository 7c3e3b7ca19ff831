package gpkg

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/undercity/undercity/geometry/crs"
)

var (
	wktName      = regexp.MustCompile(`(?i)^\s*(?:PROJCS|PROJCRS|PROJECTEDCRS|GEOGCS|GEOGCRS|GEODCRS)\s*\[\s*"([^"]{1,200})"`)
	wktParameter = regexp.MustCompile(`(?i)PARAMETER\s*\[\s*"([^"]{1,100})"\s*,\s*([-+0-9.eE]+)`)
)

// parameterNames are the names that WKT 1, WKT 2 and ESRI have for one parameter.
var parameterNames = map[string]string{
	"latitudeoforigin": "lat", "latitudeofnaturalorigin": "lat", "latitudeoffalseorigin": "lat", "centralmeridian": "lon", "longitudeofnaturalorigin": "lon", "longitudeoffalseorigin": "lon", "longitudeofcenter": "lon",
	"scalefactor": "scale", "scalefactoratnaturalorigin": "scale", "falseeasting": "east", "eastingatfalseorigin": "east", "falsenorthing": "north", "northingatfalseorigin": "north",
}

// parameters of a projection in well-known text.
func parameters(wkt string) map[string]float64 {
	m := map[string]float64{}
	for _, p := range wktParameter.FindAllStringSubmatch(wkt, 20) {
		name := parameterNames[strings.ToLower(strings.NewReplacer("_", "", " ", "").Replace(p[1]))]
		if v, err := strconv.ParseFloat(p[2], 64); err == nil && name != "" {
			m[name] = v
		}
	}
	return m
}

// named is the CRS that well-known text without a code of its own names as EPSG or ESRI do, where its parameters are those of that CRS too;
// nil else. A city's grid that bears another name is not guessed at.
func named(wkt string) *crs.CRS {
	const maxWKT = 20_000
	if len(wkt) > maxWKT {
		return nil
	}
	m := wktName.FindStringSubmatch(wkt)
	if m == nil {
		return nil
	}
	c, ok := crs.ByName(m[1])
	if !ok {
		return nil
	}
	own := parameters(c.WKT())
	given := parameters(wkt)
	if (len(own) > 0) != (len(given) > 0) {
		return nil
	}
	for name, v := range given {
		if w, known := own[name]; known && math.Abs(v-w) > 1e-6*max(1, math.Abs(w)) {
			return nil
		}
	}
	return c
}
