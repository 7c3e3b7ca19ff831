// Package twin is the model of what lies under a city: pipes, chambers, galleries, tunnels and bridges with their sections, heights,
// owners, quality and history.
//
// A Twin owns the current state. Readers take a Snapshot, which never changes and costs nothing to hold; writers call Twin.Apply,
// which stores a ChangeSet and then publishes the next Snapshot. A reader that keeps one Snapshot for a whole request sees one
// revision of the city, whatever is written meanwhile.
//
// All lengths are metres in the installation's frame (geometry/crs.Frame). Unknown is never zero: an unknown height is NaN (Unknown),
// an unknown size is a Section with Width 0, and whatever is drawn or answered in its place is flagged in Assumed.
package twin
