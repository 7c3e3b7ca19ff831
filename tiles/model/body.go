package model

import (
	"strconv"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/draw"
	"github.com/undercity/undercity/tiles/likeness"
	"github.com/undercity/undercity/twin"
)

// body is a closed solid that an asset consists of, in the plane of the frame.
type body struct {
	name string // of a part, "" where the asset is one
	mesh geometry.Mesh
}

// modelOutline is how many sides a round body of a model has.
const modelOutline = 32

// lidRise is how far the lid of a manhole stands out of the ground, and its half thickness, metres: as in contents.
const (
	lidRise   = 0.03
	lidHalf   = 0.04
	lidRadius = 0.35
)

// bodies are the solids of an asset whose axis is cut down to some pieces; of what is no line the one piece is its place or ring.
func bodies(cat *twin.Catalog, r twin.Record, drawn geometry.Section, pieces []piece) []body {
	if s := r.Structure(); s != nil {
		return structureBodies(r, s, drawn, pieces)
	}
	var one geometry.Mesh
	for _, p := range pieces {
		switch r.Kind() {
		case twin.KindNode:
			return []body{{mesh: likeness.Mesh(cat, r, p.axis[0])}}
		case twin.KindChamber:
			return chamberBodies(r, drawn, p.axis[0])
		case twin.KindZone, twin.KindSolid:
			wall := geometry.Section{Shape: geometry.Rectangle, Width: 0.1, Height: 0.4}
			one.Add(geometry.Sweep(p.axis, wall.Outline(8, true)))
		default:
			one.Add(geometry.SweepProfile(p.axis, drawn.Profile(modelOutline), nil))
		}
	}
	return []body{{mesh: one}}
}

// structureBodies are the parts of an asset with a structure, each under its name and, where there are several of it, its number from 1.
func structureBodies(r twin.Record, s *geometry.Structure, drawn geometry.Section, pieces []piece) (list []body) {
	whole := lengthInPlan(r.Axis(nil))
	times := map[string]int{}
	var parts []geometry.Part
	for _, p := range pieces {
		st, sec := s, drawn
		if r.Kind().IsLine() && (p.from > shortestPiece || p.to < whole-shortestPiece) {
			st, sec = s.Cut(drawn, p.from, p.to, whole)
		}
		parts = append(parts, st.Parts(p.axis, sec, geometry.Detail{Bottom: draw.BottomOf(r)})...)
	}
	for _, p := range parts {
		times[p.Name]++
	}
	seen := map[string]int{}
	for _, p := range parts {
		name := p.Name
		if seen[name]++; times[name] > 1 {
			name += " " + strconv.Itoa(seen[name])
		}
		list = append(list, body{name, p.Whole(modelOutline / 2)})
	}
	if len(list) == 1 {
		list[0].name = ""
	}
	return list
}

// chamberBodies are the shaft of a chamber from the ground to its floor, and its lid.
func chamberBodies(r twin.Record, drawn geometry.Section, at geometry.Point) []body {
	low := min(r.DrawnBottom(), at.H-0.05)
	lid := geometry.Round(2*lidRadius, 0)
	return []body{{"shaft", likeness.Post(at, low, at.H, drawn)}, {"lid", likeness.Post(at, at.H+lidRise-lidHalf, at.H+lidRise+lidHalf, lid)}}
}
