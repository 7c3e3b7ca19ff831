package geometry_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/undercity/undercity/geometry"
)

// star is a ring around a middle whose corners lie at random distances, so that it never crosses itself.
func star(r *rand.Rand, e, n, least, most float64, corners int) []geometry.Point {
	ring := make([]geometry.Point, corners)
	for i := range ring {
		d, w := least+(most-least)*r.Float64(), 2*math.Pi*float64(i)/float64(corners)
		ring[i] = geometry.Point{E: e + d*math.Cos(w), N: n + d*math.Sin(w)}
	}
	return ring
}

// TestRegion holds districts with holes against a plain count of crossings, for points and for lines.
func TestRegion(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for _, corners := range []int{3, 4, 9, 60, 700} {
		e, n := 500000+1000*r.Float64(), 4150000.0
		rings := [][]geometry.Point{star(r, e, n, 200, 500, corners), star(r, e, n, 20, 90, corners)}
		if corners == 3 { // a triangle's sides come nearer than its corners
			rings = rings[:1]
		}
		a, err := geometry.NewRegion(rings)
		if err != nil {
			t.Fatal(err)
		}
		in := func(p geometry.Point) bool {
			odd := false
			for _, ring := range rings {
				for i, u := range ring {
					v := ring[(i+1)%len(ring)]
					if (u.N > p.N) != (v.N > p.N) && p.E < u.E+(p.N-u.N)/(v.N-u.N)*(v.E-u.E) {
						odd = !odd
					}
				}
			}
			return odd
		}
		at := func() geometry.Point {
			return geometry.Point{E: e + 1200*(r.Float64()-0.5), N: n + 1200*(r.Float64()-0.5)}
		}
		inside := 0
		for range 600 {
			p := at()
			if a.Contains(p) != in(p) {
				t.Fatalf("%d corners: %v inside: %t", corners, p, a.Contains(p))
			}
			if in(p) {
				inside++
			}
			q := geometry.Point{E: p.E + 60*(r.Float64()-0.5), N: p.N + 60*(r.Float64()-0.5)}
			meets, sampled := a.Meets([]geometry.Point{p, q}), false
			for k := range 41 {
				sampled = sampled || in(p.Lerp(q, float64(k)/40))
			}
			// Between two samples a line may touch a corner.
			if sampled && !meets || meets && !sampled && !grazes(p, q, in) {
				t.Fatalf("%d corners: %v to %v meets: %t", corners, p, q, meets)
			}
		}
		if want := float64(inside) / 600 * 1200 * 1200; math.Abs(a.Size()-want) > 0.25*want+40000 {
			t.Errorf("%d corners: %.0f m², about %.0f by chance", corners, a.Size(), want)
		}
		around := star(r, e, n, 2000, 2100, 40)
		if !a.MeetsRing(around) || a.Meets(around) {
			t.Error("the ring around an area does not hold it")
		}
	}
}

// grazes looks more closely whether a line has a point inside.
func grazes(p, q geometry.Point, in func(geometry.Point) bool) bool {
	for k := range 20001 {
		if in(p.Lerp(q, float64(k)/20000)) {
			return true
		}
	}
	return false
}

// TestRegionRefuses gives rings that enclose no area that anybody could mean.
func TestRegionRefuses(t *testing.T) {
	p := func(e, n float64) geometry.Point { return geometry.Point{E: e, N: n} }
	square := []geometry.Point{p(0, 0), p(10, 0), p(10, 10), p(0, 10), p(0, 0)}
	for name, rings := range map[string][][]geometry.Point{
		"nothing": {}, "a point": {{p(1, 1)}}, "a line": {{p(0, 0), p(5, 5), p(0, 0)}}, "flat": {{p(0, 0), p(5, 0), p(9, 0)}},
		"bow tie": {{p(0, 0), p(10, 10), p(10, 0), p(0, 10)}}, "back along itself": {{p(0, 0), p(10, 0), p(5, 0), p(5, 5)}},
		"a corner on a side": {{p(0, 0), p(10, 0), p(10, 10), p(5, 0), p(0, 10)}}, "two that cross": {square, {p(5, 5), p(15, 5), p(15, 15)}},
		"no place": {{p(math.NaN(), 0), p(1, 0), p(1, 1)}}, "far": {{p(1e12, 0), p(1, 0), p(1, 1)}}, "twice the same": {square, square},
	} {
		var e *geometry.RingError
		if _, err := geometry.NewRegion(rings); !errors.As(err, &e) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := geometry.NewRegion([][]geometry.Point{square, {p(2, 2), p(4, 2), p(4, 4)}, {p(20, 0), p(30, 0), p(30, 9)}}); err != nil {
		t.Error(err)
	}
	if _, err := geometry.NewRegion([][]geometry.Point{{p(0, 0), p(5, 0), p(10, 0), p(10, 10)}}); err != nil {
		t.Errorf("a corner in the middle of a side: %v", err)
	}
	if _, err := geometry.NewRegion([][]geometry.Point{make([]geometry.Point, 0), square}); err == nil {
		t.Error("an empty ring was taken")
	}
}

func BenchmarkRegionMeets(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	a, err := geometry.NewRegion([][]geometry.Point{star(r, 500000, 4150000, 1000, 1500, 1000)})
	if err != nil {
		b.Fatal(err)
	}
	lines := make([][]geometry.Point, 1024)
	for i := range lines {
		p := geometry.Point{E: 500000 + 4000*(r.Float64()-0.5), N: 4150000 + 4000*(r.Float64()-0.5)}
		lines[i] = []geometry.Point{p, p.Add(geometry.Point{E: 30, N: 5})}
	}
	for i := 0; b.Loop(); i++ {
		a.Meets(lines[i%1024])
	}
}
