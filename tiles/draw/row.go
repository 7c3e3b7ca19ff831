package draw

import (
	"math"

	"github.com/undercity/undercity/tiles/glb"
	"github.com/undercity/undercity/twin"
)

// rowOf is the row of an asset in the table of a content; a is the same asset, as DrawingOf decodes it. What is beyond the columns' reach is given as their
// largest.
func rowOf(cat *twin.Catalog, r twin.Record, a *twin.Asset) glb.Row {
	k := glb.Row{Kind: uint8(r.Kind()), Diameter: glb.NoDiameter, Cover: glb.NoCover, Material: cat.MaterialNumber(a.Material), Year: twin.YearOf(a.Installed),
		Status: uint8(r.Status()), Quality: uint8(r.Level()), Assumed: uint16(r.Assumed())}
	if a.Section.Known() {
		k.Diameter = uint16(max(0, min(glb.NoDiameter-1, math.Round(1000*a.Section.Width))))
	}
	if c := a.MinCover(); !math.IsNaN(c) {
		k.Cover = int16(max(glb.NoCover+1, min(math.MaxInt16, math.Round(100*c))))
	}
	return k
}
