package generate_test

import (
	"crypto/sha256"
	"fmt"
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/generate"
	"github.com/undercity/undercity/twin/store"
)

func load(t testing.TB, o generate.Options) *twin.Snapshot {
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
	c, err := generate.New(o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := generate.Load(t.Context(), tw, c); err != nil {
		t.Fatal(err)
	}
	return tw.Snapshot()
}

func TestCityHasNoClash(t *testing.T) {
	for _, o := range []generate.Options{{Segments: 4000, Seed: 1}, {Segments: 6000, Seed: 7}, {Segments: 3000, Seed: 99}} {
		t.Run(fmt.Sprintf("seed %d", o.Seed), func(t *testing.T) {
			s := load(t, o)
			bad := 0
			for r := range s.All {
				s.In(r.Box().Grow(0.05), func(q twin.Record) bool {
					if q.Handle() <= r.Handle() || joined(r, q) {
						return true
					}
					if d := clearance(r, q); d < 0.03 {
						if bad++; bad <= 10 {
							t.Errorf("%s (%s) and %s (%s): %.3f m apart", r.ID(), r.Drawn().Shape, q.ID(), q.Drawn().Shape, d)
						}
					}
					return true
				})
			}
			if bad > 10 {
				t.Errorf("and %d more", bad-10)
			}
		})
	}
}

// joined reports whether two assets belong together: one ends at the other, or both end at the same node.
func joined(a, b twin.Record) bool {
	if a.Network() != b.Network() {
		return false
	}
	if a.Kind() == twin.KindTunnel || a.Kind() == twin.KindGallery {
		p, q := a.Axis(nil), b.Axis(nil)
		return p[len(p)-1] == q[0] || q[len(q)-1] == p[0]
	}
	af, at, _ := a.Ends()
	bf, bt, _ := b.Ends()
	ids := map[string]bool{a.ID(): true}
	for _, id := range []string{af, at} {
		if id != "" {
			ids[id] = true
		}
	}
	return ids[b.ID()] || (bf != "" && ids[bf]) || (bt != "" && ids[bt])
}

// clearance is a lower bound of the distance between outer surfaces: every section as the round one about it.
func clearance(a, b twin.Record) float64 {
	best := 1e9
	pa, ra := body(a)
	pb, rb := body(b)
	for i := 1; i < len(pa); i++ {
		for j := 1; j < len(pb); j++ {
			best = min(best, geometry.SegmentDistance(pa[i-1], pa[i], pb[j-1], pb[j])-ra-rb)
		}
	}
	return best
}

func body(r twin.Record) ([]geometry.Point, float64) {
	d := r.Drawn()
	ps := r.Axis(nil)
	radius := max(d.OuterWidth(), d.OuterHeight()) / 2
	switch r.Kind() {
	case twin.KindChamber:
		low := ps[0]
		low.H = r.DrawnBottom()
		return []geometry.Point{ps[0], low}, radius
	case twin.KindNode:
		return []geometry.Point{ps[0], ps[0]}, radius
	}
	return ps, radius
}

func TestCityIsDeterministicAndExact(t *testing.T) {
	sum := func(o generate.Options) (string, int) {
		c, err := generate.New(o)
		if err != nil {
			t.Fatal(err)
		}
		h, n := sha256.New(), 0
		for a := range c.Assets {
			fmt.Fprintf(h, "%+v\n", *a)
			if a.Kind == twin.KindSegment {
				n++
			}
		}
		return fmt.Sprintf("%x", h.Sum(nil)), n
	}
	for _, n := range []int{200, 3000, 20000} {
		a, count := sum(generate.Options{Segments: n, Seed: 5})
		if b, _ := sum(generate.Options{Segments: n, Seed: 5}); a != b {
			t.Errorf("%d segments: the same seed gave two cities", n)
		}
		if b, _ := sum(generate.Options{Segments: n, Seed: 6}); a == b {
			t.Errorf("%d segments: two seeds gave one city", n)
		}
		if count != n {
			t.Errorf("%d segments, want %d", count, n)
		}
	}
}

func TestGravityFalls(t *testing.T) {
	s := load(t, generate.Options{Segments: 5000})
	for r := range s.All {
		if a := r.Asset(); a.Kind == twin.KindSegment && (a.Network == "WS" || a.Network == "YS") {
			if up, down := a.Invert(0), a.Invert(len(a.Line)-1); !(down <= up) && !twin.IsUnknown(up) {
				t.Errorf("%s rises from %.3f to %.3f", a.ID, up, down)
			}
		}
	}
}

func BenchmarkCity(b *testing.B) {
	c, err := generate.New(generate.Options{Segments: 50000})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		n := 0
		for range c.Assets {
			n++
		}
	}
	b.ReportMetric(50000*float64(b.N)/b.Elapsed().Seconds(), "segments/s")
}
