package vector_test

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/generate"
	"github.com/undercity/undercity/twin/store"
)

// open opens the twin of a folder.
func open(t testing.TB, dir string) *twin.Twin {
	t.Helper()
	s, err := store.Open(t.Context(), dir, store.Options{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	tw, err := twin.Open(t.Context(), s, twin.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return tw
}

// packed makes a twin of what fill puts in, and opens it again, so that all of it is packed and none of it an edit.
func packed(t testing.TB, fill func(*twin.Twin)) *twin.Twin {
	t.Helper()
	dir := t.TempDir()
	tw := open(t, dir)
	fill(tw)
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	tw = open(t, dir)
	t.Cleanup(func() {
		if err := tw.Close(); err != nil {
			t.Error(err)
		}
	})
	return tw
}

// city makes a twin of a generated city.
func city(t testing.TB, segments int) *twin.Twin {
	t.Helper()
	return packed(t, func(tw *twin.Twin) { load(t, tw, segments) })
}

func load(t testing.TB, tw *twin.Twin, segments int) {
	t.Helper()
	c, err := generate.New(generate.Options{Segments: segments})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := generate.Load(t.Context(), tw, c); err != nil {
		t.Fatal(err)
	}
}

// lines makes a twin of one sloping run of each section.
func lines(t testing.TB, sections []geometry.Section) *twin.Twin {
	t.Helper()
	var list []twin.Asset
	for i, sec := range sections {
		turn := 0.7 * float64(i)
		at := geometry.Point{E: 500000 + 40*float64(i), N: 4150000, H: 3}
		end := at.Add(geometry.Point{E: 30 * math.Cos(turn), N: 30 * math.Sin(turn), H: 4})
		list = append(list, twin.Asset{ID: fmt.Sprintf("YS-%d", i), Kind: twin.KindSegment, Network: "YS", Section: sec, Line: []geometry.Point{at, end}, Bottom: twin.Unknown()})
	}
	return twinOf(t, list)
}

// twinOf makes a twin of some assets.
func twinOf(t testing.TB, list []twin.Asset) *twin.Twin {
	t.Helper()
	return packed(t, func(tw *twin.Twin) {
		c, err := crs.Parse("EPSG:4549")
		if err != nil {
			t.Fatal(err)
		}
		f, err := crs.NewFrame(c, "1985国家高程基准", 0)
		if err != nil {
			t.Fatal(err)
		}
		cs := tw.NewChangeSet("t", "")
		cs.SetFrame(f)
		for i := range list {
			if err := cs.Create(&list[i]); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := tw.Apply(t.Context(), cs); err != nil {
			t.Fatal(err)
		}
	})
}

// processorTime is what this process has used of all processors: it says what work costs also where others work beside it.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// benchSegments is the size of the cities, or what UNDERCITY_BENCH_SEGMENTS says.
func benchSegments() int {
	if n, err := strconv.Atoi(os.Getenv("UNDERCITY_BENCH_SEGMENTS")); err == nil {
		return n
	}
	return 100_000
}
