package tiles_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/store"
)

// TestSectionsHaveTheirShape draws sloping runs of every kind of section and holds each vertex against the section swept along the axis.
func TestSectionsHaveTheirShape(t *testing.T) {
	sections := []geometry.Section{
		geometry.Round(0.8, 0.05),
		{Shape: geometry.Rectangle, Width: 3, Height: 2, Wall: 0.25},
		{Shape: geometry.Egg, Width: 1, Height: 1.5, Wall: 0.15},
		{Shape: geometry.Arch, Width: 2.4, Height: 1.8, Wall: 0.3},
		{Shape: geometry.Horseshoe, Width: 2, Height: 2, Wall: 0.2},
		{Shape: geometry.Trapezoid, Width: 1, Top: 3, Height: 1, Wall: 0.15},
		{Shape: geometry.UChannel, Width: 1, Height: 1.2, Wall: 0.12},
		{Shape: geometry.OpenRectangle, Width: 1, Height: 0.8},
		{Shape: geometry.DuctBank, Width: 0.9, Height: 0.6, Cols: 3, Rows: 2},
	}
	tw := lines(t, sections)
	s := tw.Snapshot()
	for i, sec := range sections {
		t.Run(sec.Shape.String(), func(t *testing.T) {
			id := fmt.Sprintf("YS-%d", i)
			body, err := contentOf(s, id)
			if err != nil {
				t.Fatal(err)
			}
			d := decode(t, body)
			rec, _ := s.Find(id)
			n := 0
			for _, node := range d.doc.Nodes[1:] {
				list, _ := d.instancesOf(t, node)
				for _, p := range list {
					for _, u := range d.verticesOf(t, node) {
						checkVertex(t, s, rec, d.ecef(p.apply(u)), sec)
						n++
					}
				}
			}
			if n < 8 {
				t.Errorf("%d vertices", n)
			}
		})
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
	st, err := store.Open(t.Context(), t.TempDir(), store.Options{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	tw, err := twin.Open(t.Context(), st, twin.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tw.Close(); err != nil {
			t.Error(err)
		}
	})
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
	return tw
}

// checkVertex holds one drawn vertex against the nearest of the section swept along the axis in the plane of the frame, which differs from space by
// less than a millimetre over 30 m.
func checkVertex(t *testing.T, s *twin.Snapshot, r twin.Record, at [3]float64, sec geometry.Section) {
	t.Helper()
	axis := r.Axis(nil)
	best := math.Inf(1)
	frame := s.Frame()
	for _, p := range geometry.SweepProfile(axis, sec.Profile(24), nil).Positions {
		w := frame.ECEF(p)
		best = min(best, math.Sqrt(sq(w[0]-at[0])+sq(w[1]-at[1])+sq(w[2]-at[2])))
	}
	limit := 0.02 // units of bytes
	if sec.IsRound() {
		limit = 0.12 // twelve points a turn instead of twenty-four
	}
	if best > limit && !onAxis(frame, axis, at) {
		t.Errorf("a vertex lies %.3f m from the section", best)
	}
}

// onAxis reports whether a vertex is the middle of a cap.
func onAxis(f *crs.Frame, axis []geometry.Point, at [3]float64) bool {
	for _, p := range axis {
		w := f.ECEF(p)
		if math.Sqrt(sq(w[0]-at[0])+sq(w[1]-at[1])+sq(w[2]-at[2])) < 0.01 {
			return true
		}
	}
	return false
}
