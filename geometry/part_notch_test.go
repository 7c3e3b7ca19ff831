package geometry_test

import (
	"testing"

	"github.com/undercity/undercity/geometry"
)

// TestNotches gives outlines with notches narrower than their wall, tapers whose ends have other corners, and sediment that lies in two places: what is
// drawn of each is closed and right side out.
func TestNotches(t *testing.T) {
	axes := [][]geometry.Point{{{E: 100, N: 200, H: 3}, {E: 101, N: 201, H: 4}, {E: 102, N: 202, H: 5.75}},
		{{E: 100, N: 200, H: 3}, {E: 101, N: 201, H: 4}, {E: 102, N: 202, H: 5}, {E: 103, N: 202.5, H: 6}}, {{E: 100, N: 200, H: 3}, {E: 101, N: 201, H: 4}, {E: 102, N: 202.875, H: 5}}}
	round := geometry.Round(1, 0.1)
	for name, c := range map[string]struct {
		pipe geometry.Pipe
		sec  geometry.Section
	}{
		"notch of four corners":  {geometry.Pipe{Outline: []geometry.Flat{{X: -1, Y: -1}, {X: 0.0625, Y: 0.0625}, {X: 0.015625, Y: 0.03125}, {X: 0.5, Y: 1}}}, round},
		"notch of five corners":  {geometry.Pipe{Outline: []geometry.Flat{{X: -1, Y: 1}, {X: -1, Y: -1}, {X: 0.125, Y: 0.125}, {X: 0.03125, Y: 0.0625}, {X: 0.5, Y: 1}}}, round},
		"spike, sediment in two": {geometry.Pipe{Sediment: 0.01, Outline: []geometry.Flat{{X: 1, Y: 1}, {X: -1, Y: -1.9921875}, {X: 0.5, Y: -1}, {X: 1, Y: -2}}}, round},
		"tapering notch": {geometry.Pipe{BendRadius: 0.5, EndWall: 0.2, EndWidth: 1, EndHeight: 0.25, Outline: []geometry.Flat{{X: 1, Y: -1}, {X: 0.125, Y: 1}, {X: 0.25, Y: 0.5}, {X: -1, Y: 1}}},
			geometry.Section{Shape: geometry.Rectangle, Width: 2, Height: 1.5, Wall: 0.2}},
		"tapering basket handle": {geometry.Pipe{EndWidth: 1.5, EndHeight: 1}, geometry.Section{Shape: 13, Width: 0.944, Height: 1, Wall: 0.1}},
		"tapering duct bank": {geometry.Pipe{EndWidth: 1, EndHeight: 0.25, Holes: []geometry.DuctHole{{X: 0.5, Y: 1, Diameter: 1}, {X: 1, Y: 0.5, Diameter: 0.25}, {X: 0.5, Y: 0.5, Diameter: 0.5}}},
			geometry.Section{Shape: geometry.Rectangle, Width: 2, Height: 1.5, Wall: 0.2}},
	} {
		t.Run(name, func(t *testing.T) {
			s := &geometry.Structure{Pipe: &c.pipe}
			if err := s.Check(); err != nil {
				t.Fatal(err)
			}
			for _, axis := range axes {
				if got := names(good(t, s, axis, c.sec, geometry.Detail{Bottom: 1, Err: 0.05})); got["pipe"] != 1 {
					t.Errorf("there are %v", got)
				}
			}
		})
	}
}
