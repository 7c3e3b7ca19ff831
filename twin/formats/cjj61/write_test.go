package cjj61_test

import (
	"bytes"
	"io"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/cjj61"
	"github.com/undercity/undercity/twin/formats/formatstest"
	"github.com/undercity/undercity/twin/generate"
)

type table struct{ bytes.Buffer }

func (*table) Close() error { return nil }

// tables writes a snapshot and returns its tables by name.
func tables(t *testing.T, s *twin.Snapshot) (map[string]string, cjj61.Written) {
	t.Helper()
	made := map[string]*table{}
	w, err := cjj61.Write(t.Context(), s, func(name string) (io.WriteCloser, error) {
		made[name] = &table{}
		return made[name], nil
	})
	if err != nil {
		t.Fatal(err)
	}
	text := map[string]string{}
	for n, b := range made {
		text[n] = b.String()
	}
	return text, w
}

// shapes counts what the tables hold without its form.
func shapes(s *twin.Snapshot) (n int) {
	for r := range s.All {
		switch a := r.Asset(); {
		case !a.Kind.IsPoint() && a.Kind != twin.KindSegment:
		case a.Structure != nil || a.Section.Shape == geometry.Egg || a.Section.Shape == geometry.Arch || a.Section.Shape == geometry.Trapezoid || a.Section.Shape == geometry.OpenRectangle:
			n++
		}
	}
	return n
}

// TestThereAndBack writes a city as tables, imports them, and writes them again: the same tables, and no height off by a millimetre.
func TestThereAndBack(t *testing.T) {
	city, err := generate.New(generate.Options{Segments: 600, Seed: 11})
	if err != nil {
		t.Fatal(err)
	}
	one := formatstest.Twin(t)
	if _, err := generate.Load(t.Context(), one, city); err != nil {
		t.Fatal(err)
	}
	first, w := tables(t, one.Snapshot())
	if w.Lines < 600 || w.Points == 0 || len(first) < 12 || w.Left == 0 || w.Shapes != shapes(one.Snapshot()) || w.Shapes == 0 {
		t.Fatalf("%+v in %d tables", w, len(first))
	}
	var files []formats.File
	for n, text := range first {
		files = append(files, formatstest.File(n+".csv", text))
	}
	two := formatstest.Twin(t)
	rep, err := load(t, two, formats.Options{CRS: formatstest.CRS(t, one.Snapshot().Frame().CRS.Code())}, files...)
	if err != nil || rep.RefusedCount > 0 || rep.Created != w.Points+w.Lines {
		t.Fatalf("%v, %d of %d created, refused %v", err, rep.Created, w.Points+w.Lines, rep.Refused)
	}
	segments := 0
	for r := range one.Snapshot().All {
		if r.Kind() != twin.KindSegment {
			continue
		}
		a := r.Asset()
		b, ok := two.Snapshot().Get(a.ID)
		if !ok {
			t.Fatalf("%s is lost", a.ID)
		}
		segments++
		if len(a.Line) > 2 {
			continue // a line a leg
		}
		for i := range a.Line {
			x := [...]float64{a.Invert(i), a.Crown(i), a.GroundAt(i), a.Line[i].E, a.Line[i].N}
			y := [...]float64{b.Invert(i), b.Crown(i), b.GroundAt(i), b.Line[i].E, b.Line[i].N}
			for k := range x {
				if k == 2 && math.IsNaN(x[k]) {
					continue // the ground of the point at the end holds for the line too
				}
				if math.Abs(x[k]-y[k]) > 5e-4 || math.IsNaN(x[k]) != math.IsNaN(y[k]) {
					t.Fatalf("%s, vertex %d: %v became %v\n%+v\n%+v", a.ID, i, x, y, a, b)
				}
			}
			if a.HeightKnown(i) != b.HeightKnown(i) {
				t.Errorf("%s, vertex %d: known %v became %v", a.ID, i, a.HeightKnown(i), b.HeightKnown(i))
			}
		}
		if a.Material != b.Material || a.Owner != b.Owner || a.Status != b.Status || a.Quality.Level < twin.LevelC && a.Quality.Level != b.Quality.Level || a.Installed != b.Installed {
			t.Errorf("%+v became %+v", a, b)
		}
	}
	if segments != 600 {
		t.Errorf("%d segments were compared", segments)
	}
	second, _ := tables(t, two.Snapshot())
	three := formatstest.Twin(t)
	files = files[:0]
	for n, text := range second {
		files = append(files, formatstest.File(n+".csv", text))
	}
	if _, err := load(t, three, formats.Options{CRS: formatstest.CRS(t, one.Snapshot().Frame().CRS.Code())}, files...); err != nil {
		t.Fatal(err)
	}
	third, _ := tables(t, three.Snapshot())
	for n := range second {
		if d := cmp.Diff(second[n], third[n]); d != "" {
			t.Errorf("%s: -second +third\n%.2000s", n, d)
		}
	}
}
