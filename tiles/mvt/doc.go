// Package mvt writes Mapbox Vector Tiles 2.1, the form in which a city's networks go to flat maps such as MapLibre, QGIS and the viewer's own, and cuts
// and thins lines for them.
//
// Coordinates are in units of a tile: Extent along a side from its north-west corner, x to the east, y to the south. The package knows nothing of the twin.
// Format: https://github.com/mapbox/vector-tile-spec/tree/master/2.1
package mvt

// Extent is how many units a tile is wide and high.
const Extent = 4096
