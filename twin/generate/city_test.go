package generate_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"testing"

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

func TestCityIsDeterministicAndExact(t *testing.T) {
	sum := func(o generate.Options) (string, int) {
		c, err := generate.New(o)
		if err != nil {
			t.Fatal(err)
		}
		h, n := sha256.New(), 0
		for a := range c.Assets {
			st, err := json.Marshal(a.Structure)
			if err != nil {
				t.Fatal(err)
			}
			b := *a
			b.Structure = nil
			fmt.Fprintf(h, "%+v %s\n", b, st)
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
