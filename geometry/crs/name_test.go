package crs_test

import (
	"testing"

	"github.com/undercity/undercity/geometry/crs"
)

// TestByName finds CRSs by the names that EPSG and ESRI give them, and none by what is no such name.
func TestByName(t *testing.T) {
	for name, want := range map[string]string{
		"CGCS2000 / 3-degree Gauss-Kruger CM 120E": "EPSG:4549", "CGCS2000_3_Degree_GK_CM_120E": "EPSG:4549", "CGCS2000_3_Degree_GK_Zone_40": "EPSG:4528", "WGS_1984_UTM_Zone_50N": "EPSG:32650", "WGS 84 / UTM zone 50N": "EPSG:32650",
		"Xian_1980_3_Degree_GK_CM_120E": "EPSG:2385", "GCS_WGS_1984": "EPSG:4326", "GCS_China_Geodetic_Coordinate_System_2000": "EPSG:4490", "amersfoort / rd new": "EPSG:28992",
		"": "", "Weihai city grid": "", "CGCS2000": "EPSG:4490", "3-degree Gauss-Kruger CM 120E": "",
	} {
		got := ""
		if c, ok := crs.ByName(name); ok {
			got = c.Code()
		}
		if got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}
