// Package formatstest holds what the tests of readers share: an empty installation, files in memory, the real files of shared/data, and
// what an import of them gives.
package formatstest

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/store"
)

// Twin is an installation with nothing in it, closed with the test.
func Twin(t testing.TB) *twin.Twin {
	t.Helper()
	s, err := store.Open(t.Context(), t.TempDir(), store.Options{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	tw, err := twin.Open(t.Context(), s, twin.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tw.Close(); err != nil {
			t.Error(err)
		}
	})
	return tw
}

type content struct{ *bytes.Reader }

func (content) Close() error { return nil }

// File is a file in memory.
func File(name, text string) formats.File {
	return formats.File{Name: name, Size: int64(len(text)), Open: func() (formats.Content, error) { return content{bytes.NewReader([]byte(text))}, nil }}
}

// OnDisk are the files of paths.
func OnDisk(t testing.TB, paths ...string) (files []formats.File) {
	t.Helper()
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, formats.File{Name: filepath.Base(path), Size: info.Size(), Open: func() (formats.Content, error) { return os.Open(path) }})
	}
	return files
}

// Shared is a real file of shared/data beside the repository; the test is left out where that is missing. root is the way from the
// test's package to the repository.
func Shared(t testing.TB, root, name string) formats.File {
	t.Helper()
	path := filepath.Join(root, "../shared/data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("../shared/data/%s is not here: the real file is left out", name)
	}
	return OnDisk(t, path)[0]
}

// CRS is the coordinate system of a name, nil for "".
func CRS(t testing.TB, name string) *crs.CRS {
	t.Helper()
	if name == "" {
		return nil
	}
	c, err := crs.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Import imports files that must go in, and returns the state after it with its report.
func Import(t testing.TB, r formats.Reader, o formats.Options, files ...formats.File) (*twin.Snapshot, *formats.Report) {
	t.Helper()
	tw := Twin(t)
	rep, err := formats.Import(t.Context(), tw, []formats.Reader{r}, files, o)
	if err != nil {
		t.Fatal(err)
	}
	return tw.Snapshot(), rep
}

// Get is an asset that must be there.
func Get(t testing.TB, s *twin.Snapshot, id string) *twin.Asset {
	t.Helper()
	a, ok := s.Get(id)
	if !ok {
		t.Fatalf("%s is not there", id)
	}
	return a
}

// Noted reports whether a report has a note at a line (0: any) whose sentence holds words.
func Noted(r *formats.Report, line int, words string) bool {
	for _, n := range r.Notes {
		if (line == 0 || n.Line == line) && bytes.Contains([]byte(n.String()), []byte(words)) {
			return true
		}
	}
	return false
}
