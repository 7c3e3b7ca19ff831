package tiles

import (
	"strconv"

	"github.com/undercity/undercity/geometry"
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
			return []body{{mesh: nodeMesh(cat, r, p.axis[0])}}
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
		parts = append(parts, st.Parts(p.axis, sec, geometry.Detail{Bottom: bottomOf(r)})...)
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

// post stands upright between two heights.
func post(at geometry.Point, low, high float64, s geometry.Section) geometry.Mesh {
	top, bottom := at, at
	top.H, bottom.H = high, low
	return geometry.Sweep([]geometry.Point{bottom, top}, s.Outline(modelOutline, true))
}

// chamberBodies are the shaft of a chamber from the ground to its floor, and its lid.
func chamberBodies(r twin.Record, drawn geometry.Section, at geometry.Point) []body {
	low := min(r.DrawnBottom(), at.H-0.05)
	lid := geometry.Round(2*lidRadius, 0)
	return []body{{"shaft", post(at, low, at.H, drawn)}, {"lid", post(at, at.H+lidRise-lidHalf, at.H+lidRise+lidHalf, lid)}}
}

// drawnAs is how the catalog draws what stands at a node or chamber ("valve", "hydrant"), "" for nothing special.
func drawnAs(cat *twin.Catalog, r twin.Record) string {
	feature, part := r.Term()
	return cat.DrawnAs(r.Network(), feature, part)
}

// nodeMesh is what stands at a node, as contents draw it.
func nodeMesh(cat *twin.Catalog, r twin.Record, line geometry.Point) geometry.Mesh {
	if m, at := likenessOf(cat, r, line); m != nil {
		return m.put(at, line)
	}
	size := plainNode
	if s := r.Section(); s.Known() {
		size = s.OuterWidth() / 2
	}
	return ball(line, size)
}
