// Package tiles serves a twin as 3D Tiles 1.1: an implicit quadtree a layer, whose contents are made on demand from the snapshot and kept
// until the assets in them change. Nothing is baked.
//
// Content never carries live state: a feature's asset ID is in its property table and viewers colour features by ID; a sensor's message
// therefore never makes a tile. Positions inside a content are metres in a local east-north-up system at the content's own origin; the
// double-precision matrix of its node takes them to geocentric coordinates.
//
// Contents draw structures with fewer of their small things than models do: the rungs of a chamber are in its model and in cut-outs alone, and there walls
// are cut open at pipes, shafts and passages, while contents, in which chambers of one make share one shape, have a collar around the pipe,
// which runs on to the middle of the chamber: where it ends would depend on the chamber, so that a content would have to be made anew, and
// tagged anew, with each change of a chamber that it does not hold, and both ends of each of its pipes be looked up. A structure that is too much for a
// content (structureRoom) has some of its walls as boxes there and fewer of its small things; its model has all.
package tiles
