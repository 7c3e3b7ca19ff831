package local_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/tiles/local"
)

// TestPlaceIsExact holds points of a content 4 km wide against the exact transform to geocentric coordinates.
func TestPlaceIsExact(t *testing.T) {
	c, err := crs.Parse("EPSG:4547")
	if err != nil {
		t.Fatal(err)
	}
	f, err := crs.NewFrame(c, "1985国家高程基准", 0)
	if err != nil {
		t.Fatal(err)
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	at := geometry.Point{E: 530_000, N: 3_360_000, H: 12}
	box := geometry.BoxOf(at).Grow(2000)
	p := local.NewPlace(f, box)
	m := p.Matrix
	for range 1000 {
		q := at.Add(geometry.Point{E: 4000 * (r.Float64() - 0.5), N: 4000 * (r.Float64() - 0.5), H: 100 * (r.Float64() - 0.5)})
		l, want := p.At(q), f.ECEF(q)
		off := 0.0
		for i := range 3 {
			off = math.Hypot(off, m[i]*l.E+m[4+i]*l.N+m[8+i]*l.H+m[12+i]-want[i])
		}
		if off > 1e-3 {
			t.Fatalf("%v lies %.4f m from where it belongs", q, off)
		}
	}
}

// TestTurns wants each rotation to lay X along its direction, or against it where the two look the same.
func TestTurns(t *testing.T) {
	for _, d := range []geometry.Point{{E: 1}, {E: -1}, {N: 1}, {N: -1}, {H: 1}, {H: -1}, {E: 3, N: -4, H: 0.2}, {E: -2, N: 1, H: -5}} {
		d = d.Scale(1 / d.Len())
		if got := turned(local.TurnAlong(d), geometry.Point{E: 1}); got.Dist(d) > 1e-9 {
			t.Errorf("TurnAlong(%v) lays X along %v", d, got)
		}
		if y := turned(local.TurnAlong(d), geometry.Point{N: 1}); math.Abs(y.H) > 1e-9 {
			t.Errorf("TurnAlong(%v) tilts Y to %v", d, y)
		}
		if got := turned(local.RoundTurn(d), geometry.Point{E: 1}); min(got.Dist(d), got.Scale(-1).Dist(d)) > 1e-9 {
			t.Errorf("RoundTurn(%v) lays X along %v", d, got)
		}
	}
}

// turned is a vector turned by a quaternion.
func turned(q [4]float64, v geometry.Point) geometry.Point {
	u := geometry.Point{E: q[0], N: q[1], H: q[2]}
	w := u.Cross(v).Scale(2)
	return v.Add(w.Scale(q[3])).Add(u.Cross(w))
}
