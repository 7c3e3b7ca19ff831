// Package generate makes a synthetic coastal city: streets with names, a ground that falls to the sea, and below the streets the networks
// of a Chinese city with their chambers, valves, hydrants and services. The same Options give the same city, byte for byte.
//
// The city has no hard clash of its own, by construction: along a street each line has its own offset from the centreline, and each network
// keeps to its own band of depth, so that lines of different networks cross at different levels and lines of one network meet in a node.
// The whole plan is drawn on straight coordinates (u along the coast, v inland) and then bent by one smooth map, which keeps neighbours apart.
//
// Units are metres in the frame of the city, heights in its vertical datum. A City is immutable and safe for all goroutines; each range
// over Assets is a generation of its own.
package generate
