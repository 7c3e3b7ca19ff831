// Package feature turns the features of geodata files, points and lines with properties, into assets of the city: which field a property is,
// which network a feature belongs to, where a line ends, what its heights and sizes mean. The formats that carry features (GeoJSON,
// GeoPackage) share it.
package feature

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin/formats"
)

// Feature is one feature of a file.
type Feature struct {
	Line  int    // line of the file or row of the layer, for reports
	Place string // which feature it is where Line does not say, for reports; "" where it does
	Row   string // what names a feature without a number: its layer or file, and which one it is there ("LAYER.7")
	Props map[string]string
	Geom  Geometry
	Fault error // why the geometry could not be read; nil where it could
}

// Geometry is the positions of a feature in its layer's coordinates, x east or longitude and y north or latitude.
type Geometry struct {
	Kind  string // Point, LineString or Polygon (outer rings); "" for none
	Parts [][]Position
}

// Position is a place, and a height where the file has one.
type Position struct {
	X, Y, Z float64
	HasZ    bool
}

// Layer is features of a file in one CRS.
type Layer struct {
	File formats.File
	Name string   // "" where the format has no layers
	CRS  *crs.CRS // nil: the file names none that is known
	// Stranger says which CRS the file names where it is none that is known, in half a sentence; "" where it names none.
	Stranger string
}

func (l *Layer) label() string {
	if l.Name == "" {
		return l.File.Name
	}
	return l.File.Name + " [" + l.Name + "]"
}

// title is what may name the network: the layer, or the file without its ending.
func (l *Layer) title() string {
	if l.Name != "" {
		return l.Name
	}
	return strings.TrimSuffix(l.File.Name, filepath.Ext(l.File.Name))
}

// Each calls f with every feature of a file, in the same order each time. The CRS of a layer may become known with its last feature.
type Each func(ctx context.Context, file formats.File, f func(*Layer, *Feature) error) error
