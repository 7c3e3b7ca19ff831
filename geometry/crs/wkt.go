package crs

import (
	"fmt"
	"strings"
)

// wktNames are the names of a method and of its parameters in well-known text 1, in the order of the table.
var wktNames = map[int][]string{
	9807: {"Transverse_Mercator", "latitude_of_origin", "central_meridian", "scale_factor", "false_easting", "false_northing"},
	9801: {"Lambert_Conformal_Conic_1SP", "latitude_of_origin", "central_meridian", "scale_factor", "false_easting", "false_northing"},
	9802: {"Lambert_Conformal_Conic_2SP", "latitude_of_origin", "central_meridian", "standard_parallel_1", "standard_parallel_2", "false_easting", "false_northing"},
	9809: {"Oblique_Stereographic", "latitude_of_origin", "central_meridian", "scale_factor", "false_easting", "false_northing"},
}

// WKT is the definition as well-known text 1 (OGC 01-009), as GeoPackage wants it; "undefined" for methods it has no name for.
func (c *CRS) WKT() string {
	g := c.Geographic()
	inv := 0.0
	if g.ell.f != 0 {
		inv = 1 / g.ell.f
	}
	geog := fmt.Sprintf(`GEOGCS[%q,DATUM[%q,SPHEROID["ellipsoid",%.10g,%.12g]],PRIMEM["meridian",%.12g],UNIT["degree",0.0174532925199433]%s]`,
		g.name, strings.ReplaceAll(g.datum, " ", "_"), g.ell.a, inv, g.meridian, authority(g.code))
	if c.kind == Geographic {
		return geog
	}
	names, ok := wktNames[c.method]
	if !ok || len(c.params) < len(names)-1 {
		return "undefined"
	}
	var b strings.Builder
	fmt.Fprintf(&b, `PROJCS[%q,%s,PROJECTION[%q]`, c.name, geog, names[0])
	for i, n := range names[1:] {
		v := c.params[i]
		if strings.HasPrefix(n, "false_") {
			v /= c.unit.Metres
		}
		fmt.Fprintf(&b, `,PARAMETER[%q,%.15g]`, n, v)
	}
	fmt.Fprintf(&b, `,UNIT[%q,%.15g],AXIS["Easting",EAST],AXIS["Northing",NORTH]%s]`, c.unit.Name, c.unit.Metres, authority(c.code))
	return b.String()
}

func authority(code string) string {
	a, n, ok := strings.Cut(code, ":")
	if !ok || a != "EPSG" {
		return ""
	}
	return fmt.Sprintf(`,AUTHORITY[%q,%q]`, a, n)
}
