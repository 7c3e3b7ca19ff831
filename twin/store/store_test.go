package store_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/generate"
	"github.com/undercity/undercity/twin/store"
	"github.com/undercity/undercity/twin/storetest"
)

// TestStore runs with a row for each asset, as small revisions have by default, with packs for everything, and with both.
func TestStore(t *testing.T) {
	for name, o := range map[string]store.Options{"rows": {}, "packs": {PackFrom: 1, PackOf: 3}, "both": {PackFrom: 4, PackOf: 2}} {
		o.Quick = true
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(t *testing.T, dir string) twin.Store {
				s, err := store.Open(t.Context(), dir, o)
				if err != nil {
					t.Fatal(err)
				}
				return s
			})
		})
	}
}

func TestSecondWriterIsRefused(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.Open(t.Context(), dir, store.Options{})
	if twin.KindOf(err) != twin.Unavailable || !strings.Contains(err.Error(), "POST /imports") {
		t.Errorf("a second writer got %v", err)
	}
	r, err := store.Open(t.Context(), dir, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatalf("a reader beside the writer: %v", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if s, err = store.Open(t.Context(), dir, store.Options{}); err != nil {
		t.Fatalf("after the first has gone: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestOtherProgramsReadIt opens the file with GDAL, as QGIS does.
func TestOtherProgramsReadIt(t *testing.T) {
	if _, err := exec.LookPath("ogrinfo"); err != nil {
		t.Skip("ogrinfo is not installed; apt-get install gdal-bin to run this test")
	}
	dir := t.TempDir()
	s, err := store.Open(t.Context(), dir, store.Options{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	tw, err := twin.Open(t.Context(), s, twin.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := generate.New(generate.Options{Segments: 500})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := generate.Load(t.Context(), tw, c); err != nil {
		t.Fatal(err)
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, store.FileName)
	out, err := exec.Command("ogrinfo", "-ro", "-al", "-so", file).CombinedOutput()
	if err != nil {
		t.Fatalf("ogrinfo: %v\n%s", err, out)
	}
	text := string(out)
	for _, want := range []string{"Layer name: segment", "Geometry: 3D Line String", "Feature Count: 500", "Layer name: chamber", "Geometry: 3D Point", "Layer name: street", `ID["EPSG",4550]`, "cover_start: Real"} {
		if !strings.Contains(text, want) {
			t.Errorf("ogrinfo does not say %q", want)
		}
	}
	for _, bad := range []string{"ERROR", "Warning"} {
		if strings.Contains(text, bad) {
			t.Errorf("ogrinfo says %s:\n%.3000s", bad, text)
		}
	}
}
