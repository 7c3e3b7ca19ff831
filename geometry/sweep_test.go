package geometry_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/undercity/undercity/geometry"
)

// TestSweepIsASolid sweeps random shapes along random paths: the mesh is closed, right side out, and holds area × length.
func TestSweepIsASolid(t *testing.T) {
	shapes := []geometry.Section{geometry.Round(0.6, 0.05), {Shape: geometry.Egg, Width: 0.6, Height: 0.9}, {Shape: geometry.Rectangle, Width: 2, Height: 1}, {Shape: geometry.Arch, Width: 1, Height: 1.3}}
	rapid.Check(t, func(r *rapid.T) {
		s := rapid.SampledFrom(shapes).Draw(r, "shape")
		o := s.Outline(24, true)
		path := []geometry.Point{{E: 10, N: 20, H: 3}}
		heading := rapid.Float64Range(0, 6.28).Draw(r, "heading")
		for range rapid.IntRange(1, 5).Draw(r, "pieces") {
			heading += rapid.Float64Range(-0.7, 0.7).Draw(r, "bend")
			l, p := rapid.Float64Range(8, 40).Draw(r, "length"), path[len(path)-1]
			path = append(path, geometry.Point{E: p.E + l*math.Cos(heading), N: p.N + l*math.Sin(heading), H: p.H + rapid.Float64Range(-1, 1).Draw(r, "rise")})
		}
		m := geometry.Sweep(path, o)
		closed(r, "sweep", m)
		var length float64
		for i := 1; i < len(path); i++ {
			length += path[i].Dist(path[i-1])
		}
		if want, got := geometry.Area(o)*length, m.Volume(); math.Abs(got-want) > 0.05*want {
			r.Fatalf("volume %.4f, want %.4f", got, want)
		}
	})
}

// TestSheetsStayRightSideOut sweeps sheets and tall sections, beside the axis or on it, around bends that slope, where an upright frame twists: each part is
// closed and faces outwards.
func TestSheetsStayRightSideOut(t *testing.T) {
	tall := &geometry.Structure{Tunnel: &geometry.Tunnel{Tubes: []geometry.Tube{{Across: 1, Up: 1, Shape: geometry.UChannel.String(), Width: 1, Height: 12, Deck: 1}}}}
	good(t, tall, []geometry.Point{{E: 100, N: 200, H: 3}, {E: 101, N: 204, H: 2}, {E: 100, N: 208, H: 1}}, geometry.Round(1, 0.1), geometry.Detail{Bottom: 1, Err: 0.05})
	rapid.Check(t, func(r *rapid.T) {
		size := func(name string, low, high float64) float64 { return rapid.Float64Range(low, high).Draw(r, name) }
		path := []geometry.Point{{E: 100, N: 200, H: 3}}
		for range 2 + rapid.IntRange(0, 2).Draw(r, "pieces") {
			path = append(path, path[len(path)-1].Add(geometry.Point{E: size("e", -6, 6), N: size("n", 2, 8), H: size("h", -2, 2)}))
		}
		half, thick, tilt := size("half", 1, 8), size("thick", 0.001, 1), size("tilt", -1.5, 1.5)
		sin, cos := math.Sincos(tilt)
		var o []geometry.Flat
		for _, p := range [][2]float64{{-half, 0}, {half, 0}, {half, thick}, {-half, thick}} {
			o = append(o, geometry.Flat{X: 1 + p[0]*cos - p[1]*sin, Y: 1 + p[0]*sin + p[1]*cos})
		}
		closed(r, "sheet", geometry.Sweep(path, o))
	})
}

// closed holds a mesh against what every mesh promises: finite, each side of a triangle run along once in each direction, normals of unit length and to
// the outside, and a volume.
func closed(t interface {
	Helper()
	Fatalf(string, ...any)
}, name string, m geometry.Mesh) {
	t.Helper()
	edges := map[[2]geometry.Point]int{}
	for i := 0; i < len(m.Indices); i += 3 {
		a, b, c := m.Positions[m.Indices[i]], m.Positions[m.Indices[i+1]], m.Positions[m.Indices[i+2]]
		n := b.Sub(a).Cross(c.Sub(a))
		for k := range 3 {
			v := m.Indices[i+k]
			if p := m.Positions[v]; !p.IsFinite() || !m.Normals[v].IsFinite() {
				t.Fatalf("%s: vertex %d is %v, normal %v", name, v, p, m.Normals[v])
			}
			if l := m.Normals[v].Len(); math.Abs(l-1) > 0.02 {
				t.Fatalf("%s: normal %v is %.3f long", name, m.Normals[v], l)
			}
			if area := n.Len(); area > 1e-6 && n.Dot(m.Normals[v]) < 0.2*area {
				t.Fatalf("%s: normal %v of vertex %d looks away from its triangle %v", name, m.Normals[v], v, n.Scale(1/area))
			}
			p, q := m.Positions[m.Indices[i+k]], m.Positions[m.Indices[i+(k+1)%3]]
			edges[[2]geometry.Point{p, q}]++
			edges[[2]geometry.Point{q, p}]--
		}
	}
	for e, n := range edges {
		if n != 0 {
			t.Fatalf("%s: the side from %v to %v is open", name, e[0], e[1])
		}
	}
	if len(m.Indices) > 0 && m.Volume() <= 0 {
		t.Fatalf("%s: volume %v", name, m.Volume())
	}
}
