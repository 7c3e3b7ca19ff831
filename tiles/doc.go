// Package tiles serves a twin as 3D Tiles 1.1: an implicit quadtree a layer, whose contents are made on demand from the snapshot and kept
// until the assets in them change. Nothing is baked.
//
// Content never carries live state: a feature's asset ID is in its property table and viewers colour features by ID; a sensor's message
// therefore never makes a tile. Positions inside a content are metres in a local east-north-up system at the content's own origin; the
// double-precision matrix of its node takes them to geocentric coordinates.
//
// The root knows where assets are: which tile holds which (index, fill, spill), what of that is kept (keep, cache), what a class of rights sees of it
// (class), and how all of it is written to files (export). What a tile is made of is below:
//
//   - draw turns assets into a content, from likeness, the shapes of what stands at nodes;
//   - glb writes contents, and meshopt their columns;
//   - local takes what lies in the plane to the system of a content;
//   - subtree writes which tiles there are;
//   - model makes plain models and cut-outs for other programs;
//   - vector makes vector tiles, which mvt writes;
//   - compress makes bodies smaller, and archive puts the files of an export where they are kept.
//
// The twin is known to draw, likeness, model and vector alone.
package tiles
