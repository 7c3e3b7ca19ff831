package geometry_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/undercity/undercity/geometry"
)

// wall is the wall of the lowest layer of a chamber on a round or square plan, 4 m deep.
func wallOf(t interface {
	Helper()
	Fatalf(string, ...any)
}, c geometry.Chamber, d geometry.Detail) geometry.Mesh {
	t.Helper()
	d.Bottom = 0
	s := geometry.Structure{Chamber: &c}
	for _, p := range good(t, &s, []geometry.Point{{E: 100, N: 200, H: 4}}, geometry.Section{}, d) {
		if p.Name == "chamber" {
			return p.Mesh
		}
	}
	t.Fatalf("there is no wall")
	return geometry.Mesh{}
}

func TestOpeningsGoThroughTheWall(t *testing.T) {
	const wall, r = 0.24, 0.25
	hole := r + max(0.03, 0.08*2*r)/2 // in the middle of the collar
	square := geometry.Plan{Width: 2, Length: 1.6}
	round := geometry.Plan{Round: true, Width: 2}
	// What a cylinder takes out of a round wall: the depth of the wall over each point of the hole.
	through := func(in, out float64) float64 {
		v, steps := 0.0, 20_000
		for i := range steps {
			x := (float64(i)+0.5)/float64(steps)*2*hole - hole
			v += 2 * math.Sqrt(hole*hole-x*x) * (math.Sqrt(out*out-x*x) - math.Sqrt(in*in-x*x)) * 2 * hole / float64(steps)
		}
		return v
	}
	for _, c := range []struct {
		name     string
		plan     geometry.Plan
		bearings []float64
		want     float64 // volume taken out
	}{
		{"square, ahead", square, []float64{0}, math.Pi * hole * hole * wall},
		{"square, all four", square, []float64{0, 90, 180, 270}, 4 * math.Pi * hole * hole * wall},
		{"square, askew", square, []float64{15}, math.Pi * hole * hole * wall / math.Cos(15*math.Pi/180)},
		{"round", round, []float64{0}, through(1, 1+wall)},
		{"round, three", round, []float64{45, 143.7, 270}, 3 * through(1, 1+wall)},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := geometry.Chamber{Lid: geometry.Plan{Round: true, Width: 0.7}, Wall: wall, Layers: []geometry.Layer{{Plan: c.plan}}}
			d := geometry.Detail{Err: 1e-5}
			whole := wallOf(t, m, d).Volume()
			for i, b := range c.bearings {
				m.Openings = append(m.Openings, geometry.Opening{Bearing: b, Invert: 0.5 + 0.2*float64(i), Diameter: 2 * r})
			}
			cut := wallOf(t, m, d)
			want := c.want * 64 / (2 * math.Pi) * math.Sin(2*math.Pi/64) // circles have at most 64 sides
			if got := whole - cut.Volume(); math.Abs(got-want) > 0.001*want {
				t.Errorf("%.5f m³ are taken out, want %.5f", got, want)
			}
			for i, b := range c.bearings {
				s, co := math.Sincos(b * math.Pi / 180)
				from := geometry.Point{E: 100, N: 200, H: 0.5 + 0.2*float64(i) + r}
				ray := geometry.Point{E: s, N: co}
				if n := hits(cut, from, ray); n != 0 {
					t.Errorf("at %g° the wall is still there: %d sides", b, n)
				}
				if n := hits(cut, from.Add(geometry.Point{E: 0.01, N: 0.007, H: 1.2 * hole}), ray); n == 0 {
					t.Errorf("at %g° above the opening there is no wall", b)
				}
			}
		})
	}
}

// hits is how many triangles a ray meets.
func hits(m geometry.Mesh, from, ray geometry.Point) (n int) {
	for i := 0; i+2 < len(m.Indices); i += 3 {
		a, b, c := m.Positions[m.Indices[i]].Sub(from), m.Positions[m.Indices[i+1]].Sub(from), m.Positions[m.Indices[i+2]].Sub(from)
		x, y, z := ray.Dot(a.Cross(b)), ray.Dot(b.Cross(c)), ray.Dot(c.Cross(a))
		if (x > 0 && y > 0 && z > 0 || x < 0 && y < 0 && z < 0) && a.Dot(b.Sub(a).Cross(c.Sub(a)))*ray.Dot(b.Sub(a).Cross(c.Sub(a))) > 0 {
			n++
		}
	}
	return n
}

// TestOpeningAtTheFloor: the bottom of the hole lies on the floor, as that of most drains.
func TestOpeningAtTheFloor(t *testing.T) {
	m := geometry.Chamber{Lid: geometry.Plan{Round: true, Width: 0.7}, Wall: 0.24, Layers: []geometry.Layer{{Plan: geometry.Plan{Round: true, Width: 1.5}}},
		Openings: []geometry.Opening{{Bearing: 30, Diameter: 0.6}, {Bearing: 210, Diameter: 0.4}}}
	cut := wallOf(t, m, geometry.Detail{})
	for _, o := range m.Openings {
		s, c := math.Sincos(o.Bearing * math.Pi / 180)
		for _, h := range []float64{0.02, o.Diameter / 2, o.Diameter - 0.02} {
			if n := hits(cut, geometry.Point{E: 100, N: 200, H: h}, geometry.Point{E: s, N: c}); n != 0 {
				t.Errorf("at %g°, %g m above the floor: %d sides of the wall", o.Bearing, h, n)
			}
		}
	}
}

// TestEveryOpeningThatFitsIsCut tries any bearings, heights and sizes that leave room between them.
func TestEveryOpeningThatFitsIsCut(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := draws{r}
		m := geometry.Chamber{Lid: geometry.Plan{Round: true, Width: 0.7}, Wall: d.size("wall", 0.05, 0.5), Bearing: float64(d.some("bearing", 35)) * 10,
			Layers: []geometry.Layer{{Plan: geometry.Plan{Round: rapid.Bool().Draw(r, "round"), Width: d.size("width", 1.5, 3)}}}}
		whole := wallOf(r, m, geometry.Detail{}).Volume()
		for i := range 1 + d.some("openings", 2) {
			bearing := m.Bearing + 120*float64(i)
			if !m.Layers[0].Plan.Round {
				bearing = m.Bearing + 90*float64(i)
			} else if rapid.Bool().Draw(r, "askew") {
				bearing += d.size("by", -15, 15)
			}
			m.Openings = append(m.Openings, geometry.Opening{Bearing: math.Mod(bearing, 360), Invert: d.size("invert", 0, 2), Diameter: d.size("diameter", 0.1, 0.6)})
			next := wallOf(r, m, geometry.Detail{}).Volume()
			if least := 0.8 * math.Pi / 4 * m.Openings[i].Diameter * m.Openings[i].Diameter * m.Wall; whole-next < least {
				r.Fatalf("opening %d: %.4f m³ are taken out, less than %.4f: %s", i, whole-next, least, fmt.Sprintf("%+v", m))
			}
			whole = next
		}
	})
}

// opened is how much smaller a part is with something than without it, of parts that are all good.
func opened(t *testing.T, name string, index int, with, without *geometry.Structure, axis []geometry.Point, sec geometry.Section) (by float64, cut geometry.Mesh) {
	t.Helper()
	pick := func(s *geometry.Structure) geometry.Mesh {
		for _, p := range good(t, s, axis, sec, geometry.Detail{Err: 1e-4}) {
			if p.Name == name && p.Index == index {
				return p.Mesh
			}
		}
		t.Fatalf("there is no %s %d", name, index)
		return geometry.Mesh{}
	}
	cut = pick(with)
	return pick(without).Volume() - cut.Volume(), cut
}

func TestShaftsOpenTheRoof(t *testing.T) {
	axis := []geometry.Point{{E: 0, N: 0, H: -8}, {E: 120, N: 0, H: -8}, {E: 200, N: 30, H: -8.5}}
	up := geometry.Point{H: 1}
	shaft := geometry.Shaft{Chainage: 60, Plan: geometry.Plan{Width: 2, Length: 1.5}, Wall: 0.3, Top: 1}
	round := shaft
	round.Plan = geometry.Plan{Round: true, Width: 1.2}

	g := *structures()["gallery"].Gallery
	sec := geometry.Section{Shape: geometry.Rectangle, Width: 5, Height: 3, Wall: 0.4}
	shaft.Across, round.Across, round.Chainage = 1.2, -1.3, 90
	h := g
	h.Shafts = []geometry.Shaft{shaft, round}
	by, cut := opened(t, "shell", 0, &geometry.Structure{Gallery: &h}, &geometry.Structure{Gallery: &g}, axis, sec)
	near(t, "gallery", by, 0.4*(2*1.5+math.Pi*0.36*64/2/math.Pi*math.Sin(2*math.Pi/64)))
	for _, from := range []geometry.Point{{E: 60.2, N: -1.2, H: -8}, {E: 90.1, N: 1.2, H: -8}} {
		if n := hits(cut, from, up); n != 0 {
			t.Errorf("the roof above %v is closed: %d sides", from, n)
		}
		if n := hits(cut, from, up.Scale(-1)); n == 0 {
			t.Errorf("the floor under %v is open", from)
		}
	}
	// A round tube: the wall over a point x across is as thick as the two circles are apart there.
	const in, out = 3.0, 3.4
	tube := geometry.Tunnel{Tubes: []geometry.Tube{{Across: 2, Shape: "circle", Width: 2 * in, Height: 2 * in, Wall: out - in}}}
	holed := tube
	shaft.Across = 2
	holed.Shafts = []geometry.Shaft{shaft}
	by, cut = opened(t, "tube", 0, &geometry.Structure{Tunnel: &holed}, &geometry.Structure{Tunnel: &tube}, axis, geometry.Section{})
	want := 0.0
	for i := range 1000 {
		x := (float64(i)+0.5)/1000*1.5 - 0.75
		want += 2 * 1.5 / 1000 * (math.Sqrt(out*out-x*x) - math.Sqrt(in*in-x*x))
	}
	near(t, "tube", by, want)
	if n := hits(cut, geometry.Point{E: 60.2, N: -2.1, H: -8}, up); n != 0 {
		t.Errorf("the crown is closed: %d sides", n)
	}
}

func TestPassagesOpenTheTubes(t *testing.T) {
	axis := []geometry.Point{{E: 0, N: 0, H: -20}, {E: 120, N: 0, H: -20}, {E: 200, N: 30, H: -20.5}}
	const in, out = 2.75, 3.1
	tube := func(x float64) geometry.Tube {
		return geometry.Tube{Across: x, Shape: "circle", Width: 2 * in, Height: 2 * in, Wall: out - in, Deck: 1}
	}
	two := geometry.Tunnel{Tubes: []geometry.Tube{tube(8), tube(-8)}}
	joined := two
	joined.Passages = []geometry.CrossPassage{{Chainage: 60, Width: 2, Height: 2.2}}
	for i, x := range []float64{8, -8} {
		by, cut := opened(t, "tube", i, &geometry.Structure{Tunnel: &joined}, &geometry.Structure{Tunnel: &two}, axis, geometry.Section{})
		want, low, high := 0.0, -1.75-0.15, -1.75+2.2+0.15 // the hole reaches to the middle of the passage's wall of 0.3 m
		for k := range 1000 {
			y := low + (float64(k)+0.5)/1000*(high-low)
			want += (high - low) / 1000 * 2.3 * (math.Sqrt(out*out-y*y) - math.Sqrt(in*in-y*y))
		}
		near(t, fmt.Sprintf("tube %d", i), by, want)
		from := geometry.Point{E: 60.1, N: -x, H: -20.5} // in the tube; south is right
		side := geometry.Point{N: math.Copysign(1, x)}
		if n := hits(cut, from, side); n != 0 {
			t.Errorf("tube %d is closed to the other: %d sides", i, n)
		}
		if n := hits(cut, from, side.Scale(-1)); n == 0 {
			t.Errorf("tube %d is open on its far side", i)
		}
	}
}
