//go:build viewer

package viewer

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Built says whether this binary carries the built explorer (true) or the placeholder page.
const Built = true

// Files returns the explorer's files, index.html at the root.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil { // only an invalid name can do this, and the name is the constant above
		return dist
	}
	return files
}
