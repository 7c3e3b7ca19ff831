package tiles_test

import (
	"bytes"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/tiles/archive"
	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/generate"
	"github.com/undercity/undercity/twin/store"
)

// tags are the ETags of every file of every layer.
func tags(t testing.TB, g *tiles.Generator, s *twin.Snapshot) map[tiles.Address]string {
	t.Helper()
	v := tiles.View{Snapshot: s}
	m := map[tiles.Address]string{}
	for _, f := range contents(t, g, v) {
		r, err := g.Content(t.Context(), v, f.address, compress.Identity)
		if err != nil {
			t.Fatal(err)
		}
		m[f.address] = r.ETag
	}
	return m
}

// TestIndexIsKept starts again from the start file, with and without changes since the index was built, and finds the same tiles.
func TestIndexIsKept(t *testing.T) {
	dir := t.TempDir()
	open := func() (*twin.Twin, *tiles.Generator) {
		s, err := store.Open(t.Context(), dir, store.Options{Quick: true})
		if err != nil {
			t.Fatal(err)
		}
		tw, err := twin.Open(t.Context(), s, twin.Options{StartFile: filepath.Join(dir, store.StartFileName)})
		if err != nil {
			t.Fatal(err)
		}
		return tw, tiles.New(tw, tiles.Options{})
	}
	tw, g := open()
	c, err := generate.New(generate.Options{Segments: 3000})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := generate.Load(t.Context(), tw, c); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		want := tags(t, g, tw.Snapshot())
		if err := tw.Close(); err != nil {
			t.Fatal(err)
		}
		tw, g = open()
		if d := cmp.Diff(want, tags(t, g, tw.Snapshot())); d != "" {
			t.Fatal(d)
		}
		a, _ := tw.Snapshot().Get("JS-000100")
		a.Section = geometry.Round(a.Section.Width*2, 0.02)
		cs := tw.NewChangeSet("t", "")
		if err := cs.Update(a, a.Version); err != nil {
			t.Fatal(err)
		}
		if _, err := tw.Apply(t.Context(), cs); err != nil {
			t.Fatal(err)
		}
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestExportTakesTheKeptIndex exports from the index in the start file, and again after a layer has lost its lines, and wants
// what an export without it gives.
func TestExportTakesTheKeptIndex(t *testing.T) {
	dir := t.TempDir()
	open := func(readOnly bool) *twin.Twin {
		s, err := store.Open(t.Context(), dir, store.Options{Quick: true, ReadOnly: readOnly})
		if err != nil {
			t.Fatal(err)
		}
		tw, err := twin.Open(t.Context(), s, twin.Options{StartFile: filepath.Join(dir, store.StartFileName), ReadOnly: readOnly})
		if err != nil {
			t.Fatal(err)
		}
		return tw
	}
	same := func(when string) {
		t.Helper()
		tw := open(true)
		if kept, _ := tw.Kept(tiles.KeptAs); len(kept) == 0 {
			t.Fatalf("%s: no index is kept", when)
		}
		s := tw.Snapshot()
		if !bytes.Equal(archived(t, s, archive.Store, tiles.ExportOptions{Twin: tw}), archived(t, s, archive.Store, tiles.ExportOptions{})) {
			t.Errorf("%s: an export from the kept index has other files", when)
		}
		if err := tw.Close(); err != nil {
			t.Fatal(err)
		}
	}
	tw := open(false)
	tiles.New(tw, tiles.Options{})
	c, err := generate.New(generate.Options{Segments: 6000})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := generate.Load(t.Context(), tw, c); err != nil {
		t.Fatal(err)
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	same("fresh")
	tw = open(false)
	tiles.New(tw, tiles.Options{})
	var ids []twin.ID
	for r := range tw.Snapshot().All {
		if r.Layer() == "TX" && r.Kind() == twin.KindSegment {
			ids = append(ids, r.ID())
		}
	}
	for list := range slices.Chunk(ids, 200) {
		cs := tw.NewChangeSet("t", "")
		for _, id := range list {
			a, _ := tw.Snapshot().Get(id)
			if err := cs.Remove(id, a.Version); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := tw.Apply(t.Context(), cs); err != nil {
			t.Fatal(err)
		}
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	same("changed")
}
