// Package vector draws Mapbox Vector Tiles 2.1 of a snapshot: each asset for itself from zoom 14 on, runs of mains before, and the streets of the base data.
// It keeps nothing of a tile; who serves tiles keeps them until an asset in them changes, which Touched tells.
package vector
