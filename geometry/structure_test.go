package geometry_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/undercity/undercity/geometry"
)

// tetrahedron is a closed mesh that faces outwards.
func tetrahedron() *geometry.Solid {
	return &geometry.Solid{Vertices: [][3]float64{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, Faces: [][3]uint32{{0, 2, 1}, {0, 1, 3}, {1, 2, 3}, {2, 0, 3}}}
}

// structures are one good structure of each kind.
func structures() map[string]*geometry.Structure {
	return map[string]*geometry.Structure{
		"pipe":    {Pipe: &geometry.Pipe{BendRadius: 1.5, EndWidth: 0.6, EndHeight: 0.6, Holes: []geometry.DuctHole{{X: -0.1, Y: 0, Diameter: 0.1, Use: "DL"}}}},
		"chamber": {Chamber: &geometry.Chamber{Lid: geometry.Plan{Round: true, Width: 0.7}, Wall: 0.24, Layers: []geometry.Layer{{Name: "shaft", Plan: geometry.Plan{Round: true, Width: 0.7}, Height: 1}, {Name: "cone", Plan: geometry.Plan{Round: true, Width: 1}, Height: 0.5, Cone: true}, {Plan: geometry.Plan{Width: 1.2, Length: 1.6}}}, Openings: []geometry.Opening{{Bearing: 90, Invert: 2.5, Diameter: 0.4}}}},
		"gallery": {Gallery: &geometry.Gallery{Compartments: []geometry.Compartment{{Name: "电力舱", Left: -2.5, Floor: -1.5, Width: 2.4, Height: 3}, {Left: 0.1, Floor: -1.5, Width: 2.4, Height: 3}}, Brackets: []geometry.Bracket{{Compartment: 1, Up: 0.5, Reach: 0.6, Every: 1}}, FireDoors: []float64{200}}},
		"tunnel":  {Tunnel: &geometry.Tunnel{Tubes: []geometry.Tube{{Across: -8, Shape: "circle", Width: 5.5, Height: 5.5, Wall: 0.35}, {Across: 8, Shape: "circle", Width: 5.5, Height: 5.5, Wall: 0.35}}, Portals: []geometry.Portal{{Width: 30, Height: 9, Depth: 1}}, Passages: []geometry.CrossPassage{{Chainage: 100, Width: 2, Height: 2.2}}, Lining: 1.5}},
		"bridge":  {Bridge: &geometry.Bridge{Deck: geometry.Deck{Width: 12, Thickness: 0.3, GirderWidth: 6, GirderDepth: 1.2}, Supports: []geometry.Support{{Chainage: 20, Columns: 2, Column: geometry.Plan{Round: true, Width: 1}, Spacing: 5, Ground: 2, Footing: geometry.Block{Across: 8, Along: 3, Height: 1.5}, Piles: geometry.Piles{Across: 3, Along: 2, Spacing: 3, Diameter: 1, Toe: -25}}}}},
		"space":   {Space: &geometry.Space{Use: "车库", Storeys: []geometry.Storey{{Name: "B1", Floor: -3, Ceiling: 0.5}, {Name: "B2", Floor: -6.5, Ceiling: -3.3}}, Wall: 0.4, Slab: 0.3, Column: 0.6, Grid: 8}},
		"solid":   {Solid: tetrahedron()},
	}
}

func TestStructuresAreGoodAndKeepTheirJSON(t *testing.T) {
	for name, s := range structures() {
		if err := s.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		back := &geometry.Structure{}
		if err := json.Unmarshal(b, back); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(s, back); d != "" {
			t.Errorf("%s changed on the way there and back:\n%s", name, d)
		}
	}
}

func TestStructuresThatCannotBe(t *testing.T) {
	for _, c := range []struct {
		name, of string
		spoil    func(s *geometry.Structure)
		says     string
	}{
		{"nothing set", "pipe", func(s *geometry.Structure) { s.Pipe = nil }, "exactly one"},
		{"two set", "pipe", func(s *geometry.Structure) { s.Solid = tetrahedron() }, "exactly one"},
		{"NaN", "tunnel", func(s *geometry.Structure) { s.Tunnel.Tubes[1].Across = math.NaN() }, "tunnel/tubes/1/across: "},
		{"negative size", "pipe", func(s *geometry.Structure) { s.Pipe.Holes[0].Diameter = -1 }, "pipe/holes/0/diameter: "},
		{"half a taper", "pipe", func(s *geometry.Structure) { s.Pipe.EndHeight = 0 }, "go together"},
		{"crossing outline", "pipe", func(s *geometry.Structure) {
			s.Pipe.Outline = []geometry.Flat{{X: -1, Y: -1}, {X: 3, Y: 1}, {X: 1, Y: -1}, {X: 3, Y: 2}, {X: -1, Y: 2}}
		}, "crosses itself"},
		{"a film", "pipe", func(s *geometry.Structure) {
			s.Pipe.Outline = []geometry.Flat{{X: -2}, {X: 2}, {X: 2, Y: 5e-4}, {X: -2, Y: 5e-4}}
		}, "thinner than 1 mm"},
		{"outline turned round", "pipe", func(s *geometry.Structure) {
			s.Pipe.Outline = []geometry.Flat{{X: 0, Y: 0}, {X: 0, Y: 1}, {X: 1, Y: 0}}
		}, "counter-clockwise"},
		{"10,001 holes", "pipe", func(s *geometry.Structure) { s.Pipe.Holes = make([]geometry.DuctHole, 10_001) }, "pipe/holes: 10001 are more than 10000"},
		{"compartments overlap", "gallery", func(s *geometry.Structure) { s.Gallery.Compartments[1].Left = -0.5 }, "gallery/compartments/1: it overlaps compartment 0"},
		{"no such compartment", "gallery", func(s *geometry.Structure) { s.Gallery.Brackets[0].Compartment = 2 }, "there is no compartment 2"},
		{"unknown shape", "tunnel", func(s *geometry.Structure) { s.Tunnel.Tubes[0].Shape = "heart" }, `"heart" is not the name of a shape`},
		{"piles above their footing", "bridge", func(s *geometry.Structure) { s.Bridge.Supports[0].Piles.Toe = 4 }, "not below the footing"},
		{"no storey", "space", func(s *geometry.Structure) { s.Space.Storeys = nil }, "there is none"},
		{"storeys overlap", "space", func(s *geometry.Structure) { s.Space.Storeys[1].Ceiling = -2 }, "reaches into the storey above"},
		{"ceiling below floor", "space", func(s *geometry.Structure) { s.Space.Storeys[0].Ceiling = -4 }, "not above its floor"},
		{"open solid", "solid", func(s *geometry.Structure) { s.Solid.Faces = append(s.Solid.Faces[:3:3], [3]uint32{0, 2, 3}) }, "solid/faces"},
		{"three faces", "solid", func(s *geometry.Structure) { s.Solid.Faces = s.Solid.Faces[:3] }, "close nothing"},
		{"solid inside out", "solid", func(s *geometry.Structure) {
			for i, f := range s.Solid.Faces {
				s.Solid.Faces[i] = [3]uint32{f[0], f[2], f[1]}
			}
		}, "look inwards"},
		{"no such vertex", "solid", func(s *geometry.Structure) { s.Solid.Faces[0][0] = 9 }, "does not exist"},
	} {
		s := structures()[c.of]
		c.spoil(s)
		if err := s.Check(); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
	}
}

// TestSolidReachesAsFarAsItIsDrawn: a vertex that no face names makes no asset larger.
func TestSolidReachesAsFarAsItIsDrawn(t *testing.T) {
	s, axis := &geometry.Structure{Solid: tetrahedron()}, []geometry.Point{{}}
	want := s.Reach(geometry.Section{}, axis).Box(geometry.BoxOf(axis...))
	s.Solid.Vertices = append(s.Solid.Vertices, [3]float64{19_000, 0, -300})
	if got := s.Reach(geometry.Section{}, axis).Box(geometry.BoxOf(axis...)); got != want {
		t.Errorf("%v with a vertex far off, %v without", got, want)
	}
}
