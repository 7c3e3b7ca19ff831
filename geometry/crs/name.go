package crs

import (
	"strconv"
	"strings"
	"sync"
)

// byName finds projected and geographic CRSs by their folded names; 0 where several have the name.
var byName = sync.OnceValue(func() map[string]int {
	m := map[string]int{}
	add := func(name string, code int) {
		k := foldName(name)
		if old, there := m[k]; there && old != code {
			code = 0
		}
		m[k] = code
	}
	t := epsg()
	for code, line := range t.projected {
		add(strings.SplitN(line, "\t", 4)[2], code)
	}
	for _, code := range [...]int{4326, 4490, 4258, 4269, 4267, 4214, 4610, 4277, 4612, 6668} {
		if c, ok := t.geographic(code); ok {
			add(c.name, code)
		}
	}
	return m
})

// nameWords are words that EPSG and ESRI spell differently.
var nameWords = strings.NewReplacer("gauss-kruger", "gk", "gauss_kruger", "gk", "gauss kruger", "gk", "wgs 1984", "wgs84", "wgs_1984", "wgs84", "china geodetic coordinate system 2000", "cgcs2000", "china_geodetic_coordinate_system_2000", "cgcs2000")

// foldName makes the spellings of a name one: "CGCS2000 / 3-degree Gauss-Kruger CM 120E" and "CGCS2000_3_Degree_GK_CM_120E".
func foldName(name string) string {
	name = nameWords.Replace(strings.ToLower(name))
	name = strings.TrimPrefix(name, "gcs_")
	var b strings.Builder
	for _, r := range name {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127 {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// ByName returns the CRS that EPSG gives a name, as EPSG spells it or as ESRI does; false where there is none, or more than one.
func ByName(name string) (*CRS, bool) {
	code := byName()[foldName(name)]
	if code == 0 {
		return nil, false
	}
	c, err := Parse("EPSG:" + strconv.Itoa(code))
	return c, err == nil
}
