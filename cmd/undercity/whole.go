package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/undercity/undercity/tiles"
)

// whole is a file or folder that comes into being as a whole, or not at all: it is written beside its place and moved there.
type whole struct {
	path    string
	replace bool
}

// newWhole looks whether something may be written at a place.
func newWhole(path string, file, overwrite bool) (*whole, error) {
	w := &whole{path: filepath.Clean(path)}
	info, err := os.Lstat(w.path)
	if errors.Is(err, fs.ErrNotExist) {
		if up, err := os.Stat(filepath.Dir(w.path)); err != nil || !up.IsDir() {
			return nil, noFolder(path)
		}
		return w, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be written: %w", path, errors.Unwrap(err))
	}
	w.replace = true
	if file {
		if !info.Mode().IsRegular() {
			return nil, fmt.Errorf("%s is not a file; name another place", path)
		}
		if !overwrite {
			return nil, fmt.Errorf("%s is there already; give --overwrite to replace it, or name another file", path)
		}
		return w, nil
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is a file; name another folder", path)
	}
	list, err := os.ReadDir(w.path)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", path, errors.Unwrap(err))
	}
	switch {
	case len(list) == 0:
	case !isExport(w.path):
		return nil, fmt.Errorf("%s holds files that are not an export of 3D Tiles; name another folder", path)
	case !overwrite:
		return nil, fmt.Errorf("%s holds an export already; give --overwrite to replace it, or name another folder", path)
	}
	return w, nil
}

// isExport reports whether a folder is one that this command has written, so that replacing it loses nothing of anybody's.
func isExport(path string) bool {
	f, err := os.Open(filepath.Join(path, "tileset.json"))
	if err != nil {
		return false
	}
	defer f.Close()
	head, _ := bufio.NewReaderSize(f, 4096).Peek(4096) // the mark of the export stands before
	return strings.Contains(string(head), `"generator":"undercity"`)
}

// write has f write beside the place, and moves what it wrote there.
func (w *whole) write(f func(path string) (tiles.Exported, error)) (done tiles.Exported, err error) {
	dir, err := os.MkdirTemp(filepath.Dir(w.path), ".undercity-")
	if err != nil {
		return done, fmt.Errorf("%s cannot be written: %w", w.path, errors.Unwrap(err))
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	fresh, old := filepath.Join(dir, "new"), filepath.Join(dir, "old")
	if done, err = f(fresh); err != nil {
		return done, err
	}
	if info, statErr := os.Stat(w.path); w.replace && statErr == nil && info.IsDir() { // a folder cannot be moved onto another
		if err := os.Rename(w.path, old); err != nil {
			return done, fmt.Errorf("%s cannot be replaced: %w", w.path, errors.Unwrap(err))
		}
	}
	if err := os.Rename(fresh, w.path); err != nil {
		return done, errors.Join(fmt.Errorf("%s cannot be written: %w", w.path, err), w.restore(old))
	}
	return done, nil
}

// restore moves the old folder back.
func (w *whole) restore(old string) error {
	if err := os.Rename(old, w.path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// noFolder says that the folder of what is to be written is not there.
func noFolder(path string) error {
	return fmt.Errorf("%s cannot be written: there is no folder %s; make it first", path, filepath.Dir(filepath.Clean(path)))
}
