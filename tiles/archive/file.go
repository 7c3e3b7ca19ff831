// Package archive puts the files of an export where they are kept: in a 3D Tiles archive (.3tz), or in a folder for a server of files. It knows names and
// bytes, and nothing of what is in them.
package archive

import "time"

// File is one file of an export.
type File struct {
	Name string // relative, with slashes
	Body []byte
	Time time.Time // of the revision

	packed packed // what an output made of it
}

// Output takes the files of an export: Pack is called from many goroutines, Put by one, in an order that is the same for the same snapshot.
type Output interface {
	Pack(f *File) error
	Put(f *File) error
}
