package geometry_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/undercity/undercity/geometry"
)

// axisOf is an axis that a structure of a kind is put on, with its section.
func axisOf(kind string) ([]geometry.Point, geometry.Section) {
	line := []geometry.Point{{E: 1000, N: 2000, H: 5}, {E: 1200, N: 2050, H: 4}, {E: 1390, N: 2000, H: 2}}
	switch kind {
	case "pipe":
		return []geometry.Point{{E: 0, N: 0, H: 2}, {E: 30, N: 0, H: 2}, {E: 40, N: 25, H: 1.8}}, geometry.Section{Shape: geometry.DuctBank, Width: 0.8, Height: 0.6, Cols: 3, Rows: 2}
	case "chamber":
		return []geometry.Point{{E: 10, N: 20, H: 5}}, geometry.Section{Shape: geometry.Rectangle, Width: 1.2, Height: 1.6}
	case "gallery":
		return line, geometry.Section{Shape: geometry.Rectangle, Width: 5, Height: 3, Wall: 0.4}
	case "tunnel":
		return line, geometry.Section{Shape: geometry.Circle, Width: 5.5, Height: 5.5, Wall: 0.35}
	case "bridge":
		return []geometry.Point{{E: 0, N: 0, H: 12}, {E: 60, N: 0, H: 12.5}}, geometry.Section{}
	case "space": // an L
		return []geometry.Point{{E: 0, N: 0}, {E: 40, N: 0}, {E: 40, N: 25}, {E: 18, N: 25}, {E: 18, N: 60}, {E: 0, N: 60}, {E: 0, N: 0}}, geometry.Section{}
	}
	return []geometry.Point{{E: 3, N: 4, H: 5}}, geometry.Section{}
}

func names(parts []geometry.Part) map[string]int {
	n := map[string]int{}
	for _, p := range parts {
		n[p.Name] += max(1, len(p.Elements))
	}
	return n
}

// holds a structure's parts against what all parts promise.
func good(t interface {
	Helper()
	Fatalf(string, ...any)
}, s *geometry.Structure, axis []geometry.Point, sec geometry.Section, d geometry.Detail) []geometry.Part {
	t.Helper()
	box := s.Reach(sec, axis).Box(geometry.BoxOf(axis...))
	if s.Chamber != nil { // the floor is not the structure's to know
		if box.Min.H = min(box.Min.H, d.Bottom-s.Reach(sec, axis).Down); math.IsNaN(d.Bottom) {
			box.Min.H = math.Inf(-1)
		}
	}
	box = box.Grow(1e-5)
	parts := s.Parts(axis, sec, d)
	for _, p := range parts {
		name := fmt.Sprintf("%s %d", p.Name, p.Index)
		if len(p.Elements) == 0 {
			closed(t, name, p.Mesh)
		}
		for i, e := range p.Elements {
			closed(t, name, geometry.Part{Elements: []geometry.Element{e}, Unit: p.Unit}.Whole(12))
			if i > 50 {
				break
			}
		}
		for _, v := range p.Whole(8).Positions {
			if !box.Contains(v) {
				t.Fatalf("%s: %v lies outside %v", name, v, box)
			}
		}
	}
	return parts
}

func TestEachStructureHasItsParts(t *testing.T) {
	want := map[string]map[string]int{
		"pipe":    {"pipe": 1},
		"chamber": {"lid": 1, "shaft": 1, "cone": 1, "chamber": 1, "floor": 1, "opening": 1, "slab": 1},
		"gallery": {"shell": 1, "brackets": 403, "fireDoor": 2, "fireDoorLeaf": 2},
		"tunnel":  {"tube": 2, "portal": 1, "passage": 1, "lining": 536},
		"bridge":  {"deck": 1, "girder": 1, "columns": 2, "footing": 1, "piles": 6},
		"space":   {"roof": 1, "slab": 2, "wall": 2, "columns": 40},
		"solid":   {"solid": 1},
	}
	for kind, s := range structures() {
		axis, sec := axisOf(kind)
		got := names(good(t, s, axis, sec, geometry.Detail{Bottom: 1}))
		for n, c := range want[kind] {
			if got[n] != c {
				t.Errorf("%s: %d of %q, want %d; there are %v", kind, got[n], n, c, got)
			}
		}
		for n := range got {
			if want[kind][n] == 0 {
				t.Errorf("%s: nobody asked for %q", kind, n)
			}
		}
	}
}

// TestSweptVolumes holds each shape's volume against its formula: area × length on the straight, Pappus in a bend, the frustum of a taper.
func TestSweptVolumes(t *testing.T) {
	const fine = 256
	for _, c := range sections {
		p := c.s.Profile(fine)
		straight := []geometry.Point{{E: 5, N: 5, H: 5}, {E: 45, N: 25, H: 8}}
		m := geometry.SweepProfile(straight, p, nil)
		closed(t, c.s.Shape.String(), m)
		near(t, c.s.Shape.String()+" straight", m.Volume(), p.Area()*straight[0].Dist(straight[1]))
		solid := geometry.Sweep(straight, c.s.Outline(fine, false))
		near(t, c.s.Shape.String()+" clear", solid.Volume(), c.area*straight[0].Dist(straight[1]))
	}
	// A quarter of a torus between two straights: the middle of the area goes R·π/2.
	pipe := geometry.Round(0.8, 0.1)
	corner := []geometry.Point{{E: 0, N: 0}, {E: 20, N: 0}, {E: 20, N: 20}}
	m := geometry.SweepProfile(geometry.Rounded(corner, 3, 0), pipe.Profile(fine), nil)
	closed(t, "bend", m)
	near(t, "bend", m.Volume(), math.Pi*(0.25-0.16)*(2*17+3*math.Pi/2))
	// An egg bent in plan: its middle lies on the axis, across; a channel's does, too.
	egg := geometry.Section{Shape: geometry.Egg, Width: 1, Height: 1.5, Wall: 0.1}.Profile(fine)
	near(t, "egg bend", geometry.SweepProfile(geometry.Rounded(corner, 3, 0), egg, nil).Volume(), egg.Area()*(2*17+3*math.Pi/2))
	// A mitred right angle keeps area × length of its axis.
	m = geometry.SweepProfile(corner, pipe.Profile(fine), nil)
	closed(t, "mitre", m)
	near(t, "mitre", m.Volume(), math.Pi*(0.25-0.16)*40)
	// A cone.
	s := &geometry.Structure{Pipe: &geometry.Pipe{EndWidth: 0.4, EndHeight: 0.4, EndWall: 0.05}}
	parts := s.Parts([]geometry.Point{{}, {E: 10}}, geometry.Round(1, 0.1), geometry.Detail{Err: 0.0001})
	frustum := func(a, b float64) float64 { return math.Pi * 10 / 3 * (a*a + a*b + b*b) }
	if got, want := parts[0].Mesh.Volume(), frustum(0.6, 0.25)-frustum(0.5, 0.2); math.Abs(got-want) > 0.002*want { // 64 sides
		t.Errorf("taper: %.4f, want %.4f", got, want)
	}
}

func near(t *testing.T, name string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 0.001*want {
		t.Errorf("%s: volume %.5f, want %.5f", name, got, want)
	}
}

// TestPathsThatCannotBeSweptHaveAnAnswer: each gives closed meshes, or none.
func TestPathsThatCannotBeSweptHaveAnAnswer(t *testing.T) {
	round, box := geometry.Round(0.6, 0.05).Profile(24), geometry.Section{Shape: geometry.Rectangle, Width: 1, Height: 0.6, Wall: 0.1}.Profile(24)
	nan := math.NaN()
	for _, c := range []struct {
		name string
		path []geometry.Point
		none bool
	}{
		{"no point", nil, true},
		{"one point", []geometry.Point{{E: 1}}, true},
		{"no length", []geometry.Point{{E: 1}, {E: 1}, {E: 1}}, true},
		{"not numbers", []geometry.Point{{E: nan}, {H: math.Inf(1)}}, true},
		{"a point that is no number", []geometry.Point{{}, {E: nan}, {E: 5}}, false},
		{"zero-length piece", []geometry.Point{{}, {E: 5}, {E: 5}, {E: 9, N: 3}}, false},
		{"straight up", []geometry.Point{{}, {H: 5}}, false},
		{"straight down", []geometry.Point{{}, {H: -5}}, false},
		{"up and along", []geometry.Point{{}, {H: 5}, {N: 5, H: 5}}, false},
		{"along, up, across", []geometry.Point{{}, {E: 5}, {E: 5, H: 5}, {E: 5, N: 5, H: 5}}, false},
		{"back on itself", []geometry.Point{{}, {E: 5}, {}}, false},
		{"nearly back on itself", []geometry.Point{{}, {E: 5}, {N: 0.01}}, false},
		{"sharp", []geometry.Point{{}, {E: 5}, {E: 2, N: 2}}, false},
		{"pieces shorter than the section is wide", []geometry.Point{{}, {E: 0.1}, {E: 0.1, N: 0.1}, {E: 0.2, N: 0.1}, {E: 0.2, N: 0.2}}, false},
		{"a spiral", []geometry.Point{{}, {E: 2}, {E: 2, N: 2, H: 0.5}, {N: 2, H: 1}, {H: 1.5}, {E: 2, H: 2}}, false},
	} {
		for _, p := range []geometry.Profile{round, box} {
			for _, radius := range []float64{0, 0.5, 100} {
				m := geometry.SweepProfile(geometry.Rounded(c.path, radius, 0), p, nil)
				if (len(m.Indices) == 0) != c.none {
					t.Errorf("%s: %d indices", c.name, len(m.Indices))
				}
				closed(t, fmt.Sprintf("%s, radius %g", c.name, radius), m)
			}
		}
	}
}

// TestSweepStaysWithinReach sweeps sections along any path: closed, outwards, and within the box that the asset is found by.
func TestSweepStaysWithinReach(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		sec := rapid.SampledFrom(sections).Draw(r, "section").s
		path := []geometry.Point{{E: 100, N: 200, H: 3}}
		for range rapid.IntRange(1, 6).Draw(r, "pieces") {
			step := func(name string) float64 { return rapid.Float64Range(-4, 4).Draw(r, name) }
			path = append(path, path[len(path)-1].Add(geometry.Point{E: step("e"), N: step("n"), H: step("h")}))
		}
		p := sec.Profile(16)
		m := geometry.SweepProfile(path, p, nil)
		closed(r, sec.Shape.String(), m)
		if sec.IsRound() {
			return // drawn with balls
		}
		box := sec.Reach(path).Box(geometry.BoxOf(path...)).Grow(1e-6)
		for _, v := range m.Positions {
			if !box.Contains(v) {
				r.Fatalf("%v lies outside %v", v, box)
			}
		}
	})
}

func TestBadInputHasAnAnswer(t *testing.T) {
	many := &geometry.Pipe{}
	for i := range 10_000 {
		many.Holes = append(many.Holes, geometry.DuctHole{X: float64(i%100)*0.02 - 1, Y: float64(i/100)*0.02 - 1, Diameter: 0.015})
	}
	bank := geometry.Section{Shape: geometry.DuctBank, Width: 2.1, Height: 2.1}
	line := []geometry.Point{{}, {E: 20}}
	parts := good(t, &geometry.Structure{Pipe: many}, line, bank, geometry.Detail{})
	if n := names(parts); n["ducts"] != 20_000 || n["pipe"] != 1 {
		t.Errorf("10,000 holes: %v", n)
	}
	few := &geometry.Structure{Pipe: &geometry.Pipe{Holes: []geometry.DuctHole{{X: 0, Y: 0, Diameter: 0.2}, {X: 0.05, Y: 0, Diameter: 0.2}, {X: 5, Y: 0, Diameter: 0.2}, {X: 0.9, Y: 0.9, Diameter: 0.2}}}}
	parts = good(t, few, line, bank, geometry.Detail{})
	if p := few.Pipe.Profile(bank, 24, false); len(p.Bores) != 2 {
		t.Errorf("of four holes, one in another and one outside, %d are bored", len(p.Bores))
	}
	for _, c := range []struct {
		name string
		s    *geometry.Structure
		axis []geometry.Point
		sec  geometry.Section
	}{
		{"a bow tie for a ring", structures()["space"], []geometry.Point{{}, {E: 9, N: 9}, {E: 9}, {N: 9}, {}}, geometry.Section{}},
		{"a ring of no area", structures()["space"], []geometry.Point{{}, {E: 9}, {}}, geometry.Section{}},
		{"a tunnel of no length", structures()["tunnel"], []geometry.Point{{}, {}}, geometry.Round(5, 0.3)},
		{"a shaft for a tunnel", structures()["tunnel"], []geometry.Point{{}, {H: 20}}, geometry.Round(5, 0.3)},
		{"a gallery that turns back", structures()["gallery"], []geometry.Point{{}, {E: 50}, {}}, geometry.Section{Shape: geometry.Rectangle, Width: 5, Height: 3, Wall: 0.3}},
		{"compartments without walls", structures()["gallery"], line, geometry.Section{}},
		{"a bridge below the ground", structures()["bridge"], []geometry.Point{{H: -50}, {E: 60, H: -50}}, geometry.Section{}},
		{"a chamber of no depth", structures()["chamber"], []geometry.Point{{H: 1}}, geometry.Section{}},
		{"no axis", structures()["solid"], nil, geometry.Section{}},
		{"an axis that is no number", structures()["pipe"], []geometry.Point{{E: math.NaN()}, {}}, bank},
		{"no size", structures()["pipe"], line, geometry.Section{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			good(t, c.s, c.axis, c.sec, geometry.Detail{Bottom: 1})
			good(t, c.s, c.axis, c.sec, geometry.Detail{Bottom: math.NaN()})
		})
	}
	if len(parts) != 1 {
		t.Errorf("%d parts", len(parts))
	}
}
