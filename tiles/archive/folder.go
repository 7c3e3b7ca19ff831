package archive

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/undercity/undercity/tiles/compress"
)

// Folder writes the files of an export into a folder, which need not exist.
type Folder struct {
	path string
	gzip bool
	made map[string]bool
}

var _ Output = (*Folder)(nil)

// FolderOptions are the settings of a Folder; the zero value is the default.
type FolderOptions struct {
	// Gzip puts NAME.gz beside each file that it makes smaller, as servers of files look for it (gzip_static of nginx, precompressed of Caddy).
	Gzip bool
}

// NewFolder begins a folder.
func NewFolder(path string, o FolderOptions) *Folder {
	return &Folder{path: path, gzip: o.Gzip, made: map[string]bool{}}
}

// Pack compresses a file where that is wanted.
func (d *Folder) Pack(f *File) (err error) {
	if !d.gzip {
		return nil
	}
	b, err := compress.Body(f.Body, compress.Gzip)
	if len(b) < len(f.Body) {
		f.packed.data = b
	}
	return err
}

// Put writes a file that was packed, and what it was packed to beside it.
func (d *Folder) Put(f *File) error {
	name := filepath.Join(d.path, filepath.FromSlash(f.Name))
	if dir := filepath.Dir(name); !d.made[dir] {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("folder of the tiles: %w", err)
		}
		d.made[dir] = true
	}
	if err := os.WriteFile(name, f.Body, 0o644); err != nil {
		return err
	}
	if f.packed.data == nil {
		return nil
	}
	return os.WriteFile(name+".gz", f.packed.data, 0o644)
}
