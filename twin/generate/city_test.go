package generate_test

import (
	"crypto/sha256"
	"fmt"
	"math"
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
	for _, o := range []generate.Options{{Segments: 200, Seed: 3}, {Segments: 333, Seed: 12}, {Segments: 900, Seed: 5}, {Segments: 2000, Seed: 1}, {Segments: 6000, Seed: 7}, {Segments: 20000, Seed: 99}, {Segments: 20000}} {
		t.Run(fmt.Sprintf("seed %d", o.Seed), func(t *testing.T) {
			s := load(t, o)
			bad := 0
			for r := range s.All {
				s.In(r.Box().Grow(0.05), func(q twin.Record) bool {
					if q.Handle() <= r.Handle() || joined(r, q) {
						return true
					}
					if d := clearance(r, q); d < 0.05 {
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
	if a.Kind() == twin.KindTunnel {
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

// body is the outer solid of an asset: an axis with half a width and half a height about it.
type body struct {
	axis       []geometry.Point
	half, tall float64
	round      bool
}

func bodyOf(r twin.Record) body {
	d := r.Drawn()
	b := body{axis: r.Axis(nil), half: d.OuterWidth() / 2, tall: d.OuterHeight() / 2, round: d.IsRound()}
	last := len(b.axis) - 1
	low, high := b.axis[0].H, b.axis[last].H
	switch {
	case r.Kind() == twin.KindChamber:
		low = r.DrawnBottom()
		high = b.axis[0].H
		b.half = max(d.OuterWidth(), d.OuterHeight()) / 2
		if !b.round {
			b.half *= math.Sqrt2 // however it is turned
		}
	case last > 0 && b.axis[0].PlanDist(b.axis[last]) < 0.01: // a riser
	default:
		return b
	}
	b.axis = []geometry.Point{{E: b.axis[0].E, N: b.axis[0].N, H: (low + high) / 2}}
	b.tall, b.round = math.Abs(high-low)/2, false
	return b
}

// clearance is the space between two bodies. Round lines are measured exactly. Others count as upright boxes along their axes, which are sampled every
// quarter of a metre: they are apart by the greater of the gaps in plan and in height.
func clearance(a, b twin.Record) float64 {
	p, q := bodyOf(a), bodyOf(b)
	best := math.Inf(1)
	if p.round && q.round {
		for i := range segments(p.axis) {
			for j := range segments(q.axis) {
				best = min(best, geometry.SegmentDistance(p.axis[i], p.axis[min(i+1, len(p.axis)-1)], q.axis[j], q.axis[min(j+1, len(q.axis)-1)])-p.half-q.half)
			}
		}
		return best
	}
	for i := range segments(p.axis) {
		s, t := p.axis[i], p.axis[min(i+1, len(p.axis)-1)]
		n := 1 + int(s.PlanDist(t)/0.25)
		for k := range n + 1 {
			at := s.Lerp(t, float64(k)/float64(n))
			for j := range segments(q.axis) {
				near := nearestInPlan(at, q.axis[j], q.axis[min(j+1, len(q.axis)-1)])
				plan, height := at.PlanDist(near)-p.half-q.half, math.Abs(at.H-near.H)-p.tall-q.tall
				best = min(best, max(plan, height))
			}
		}
	}
	return best
}

func segments(axis []geometry.Point) int { return max(1, len(axis)-1) }

func nearestInPlan(p, a, b geometry.Point) geometry.Point {
	d := b.Sub(a)
	l := d.E*d.E + d.N*d.N
	if l == 0 {
		return a
	}
	return a.Lerp(b, max(0, min(1, ((p.E-a.E)*d.E+(p.N-a.N)*d.N)/l)))
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

func TestEveryNumberOfSegments(t *testing.T) {
	for seed := range uint64(30) {
		for n := 200; n < 1600; n += 97 {
			c, err := generate.New(generate.Options{Segments: n, Seed: seed})
			if err != nil {
				t.Fatal(err)
			}
			count := 0
			for a := range c.Assets {
				if a.Kind == twin.KindSegment {
					count++
				}
			}
			if count != n {
				t.Errorf("seed %d: %d segments, want %d", seed, count, n)
			}
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

// TestCityHasEverything looks for each thing a demonstration has to show.
func TestCityHasEverything(t *testing.T) {
	c, err := generate.New(generate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	total := 0
	for a := range c.Assets {
		found[a.Network]++
		found[a.Kind.String()]++
		found[a.Section.Shape.String()]++
		found["level "+a.Quality.Level.String()]++
		found[a.Status.String()]++
		found[a.Appurtenance]++
		if a.Road == "" || a.Owner == "" {
			t.Fatalf("%s has no road or owner", a.ID)
		}
		if a.Kind != twin.KindSegment {
			continue
		}
		total++
		if !a.HeightKnown(0) {
			found["no depth"]++
		}
		if !a.Section.Known() {
			found["no size"]++
		}
		if a.Ground == nil {
			found["no ground"]++
		}
	}
	for _, w := range []string{"JS", "RQ", "RL", "DL", "TX", "YS", "WS", "GY", "LD", "ZH", "SD", "node", "chamber", "gallery", "tunnel", "circle", "rectangle", "egg", "arch",
		"ductBank", "cable", "level A", "level B", "level C", "level D", "inService", "abandoned", "消火栓", "阀门", "阀门井", "雨水箅", "出水口", "排水泵站", "路灯", "人孔", "手孔"} {
		if found[w] == 0 {
			t.Errorf("the city has no %s", w)
		}
	}
	for _, w := range []string{"no depth", "no size", "no ground"} {
		if share := float64(found[w]) / float64(total); share < 0.005 || share > 0.1 {
			t.Errorf("%.1f %% of the segments have %s, want a few", 100*share, w)
		}
	}
}

func TestEndsExist(t *testing.T) {
	s := load(t, generate.Options{Segments: 5000})
	for r := range s.All {
		from, to, _ := r.Ends()
		for _, id := range []string{from, to} {
			if id == "" {
				continue
			}
			q, ok := s.Find(id)
			if !ok || q.Network() != r.Network() {
				t.Errorf("%s ends at %s, which is not there", r.ID(), id)
			}
		}
	}
}

func TestBase(t *testing.T) {
	for _, n := range []int{200, 20000, 400000} {
		c, err := generate.New(generate.Options{Segments: n, Seed: 11})
		if err != nil {
			t.Fatal(err)
		}
		b := c.Base()
		zh, en := map[string]string{}, map[string]string{}
		for _, s := range b.Streets {
			if en[s.Name] != "" && en[s.Name] != s.NameEN || zh[s.NameEN] != "" && zh[s.NameEN] != s.Name {
				t.Errorf("%s (%s) and %s (%s) have one name", s.Name, s.NameEN, zh[s.NameEN], en[s.Name])
			}
			zh[s.NameEN], en[s.Name] = s.Name, s.NameEN
		}
		for a := range c.Assets {
			for i, p := range a.Line {
				if g, want := a.GroundAt(i), b.Terrain.Height(p.E, p.N); !twin.IsUnknown(g) && math.Abs(g-want) > 1e-9 {
					t.Fatalf("%s: ground %g, terrain %g", a.ID, g, want)
				}
			}
			if a.Kind != twin.KindGallery && a.Kind != twin.KindTunnel && en[a.Road] == "" {
				t.Fatalf("%s lies in %q, which is no street", a.ID, a.Road)
			}
		}
	}
}

func TestOptionsOutOfBounds(t *testing.T) {
	for _, o := range []generate.Options{{Segments: 199}, {Segments: -1}, {Segments: generate.MaxSegments + 1}, {Lon: 200, Lat: 1}, {Lon: 1, Lat: math.NaN()}} {
		if _, err := generate.New(o); twin.KindOf(err) != twin.Invalid {
			t.Errorf("%+v: %v, want an Invalid error", o, err)
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
