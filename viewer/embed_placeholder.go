//go:build !viewer

package viewer

import (
	"embed"
	"io/fs"
)

//go:embed placeholder
var placeholder embed.FS

// Built says whether this binary carries the built explorer or the placeholder page (false).
const Built = false

// Files returns the placeholder's files, index.html at the root.
func Files() fs.FS {
	files, err := fs.Sub(placeholder, "placeholder")
	if err != nil { // only an invalid name can do this, and the name is the constant above
		return placeholder
	}
	return files
}
