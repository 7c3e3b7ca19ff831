// Package geometry turns centrelines and cross-sections into solids, and measures the space between them. All coordinates are
// metres in one right-handed, projected frame: E east, N north, H height in the installation's vertical datum, up. Nothing here
// knows longitude, latitude or a datum; package geometry/crs converts at the edges of the program.
package geometry
