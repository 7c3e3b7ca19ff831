// Package formats reads survey and model files into assets, so that what a city already knows of its underground becomes its twin.
//
// Each format is a package below this one and knows nothing of the others; a Reader turns files into assets, and Import gathers them into one
// change set: all or nothing for a command, unless bad rows may be skipped. What a file does not say is unknown and stays unknown.
// Coordinates leave a Reader in metres of the installation's frame, heights in metres of its vertical datum.
package formats
