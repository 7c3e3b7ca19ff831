package main

import (
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/cjj61"
	"github.com/undercity/undercity/twin/formats/epanet"
	"github.com/undercity/undercity/twin/formats/geojson"
	"github.com/undercity/undercity/twin/formats/gpkg"
	"github.com/undercity/undercity/twin/formats/swmm"
)

// readers are the formats that can be imported.
func readers() []formats.Reader {
	return []formats.Reader{cjj61.Reader{}, swmm.Reader{}, epanet.Reader{}, geojson.Reader{}, gpkg.Reader{}}
}
