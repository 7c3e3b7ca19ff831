// Package generate makes a synthetic coastal city: streets with names, a ground that falls to the sea, and below the streets the networks
// of a Chinese city with their chambers, valves, hydrants and services. The same Options give the same city, byte for byte.
//
// The city has no hard clash of its own, by construction: along a street each line has its own offset from the centreline, and each network
// keeps to its own band of depth, so that lines of different networks cross at different levels and lines of one network meet in a node.
// Works that are no lines along a street have their own places: a gallery below a diagonal avenue with its lines inside, a road tunnel of two tubes
// deeper still, car parks, foundations and tanks inside the blocks, an elevated railway in the middle strip of main streets, a bridge over the sea,
// a ditch along the upper edge. A city that is too small for one of them goes without.
//
// The whole plan is drawn on straight coordinates (u along the coast, v inland) and then bent by one smooth map, which keeps neighbours apart.
//
// Units are metres in the frame of the city, heights in its vertical datum. A City is immutable and safe for all goroutines; each range
// over Assets is a generation of its own.
package generate
