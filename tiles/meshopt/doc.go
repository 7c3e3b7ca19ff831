// Package meshopt writes the numbers of a glTF buffer view as EXT_meshopt_compression has them, so that a compressor after it finds little left to do:
// mode ATTRIBUTES of the codec's version 0, and the filter EXPONENTIAL for numbers of a fixed step.
//
// The form is that of the extension's appendix A; every client that knows the extension undoes it, whatever the numbers are for.
package meshopt
