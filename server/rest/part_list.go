package rest

import (
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// part is a part of an asset with its solid in the plane of the frame.
type part struct {
	json     partJSON
	mesh     geometry.Mesh
	volume   float64
	distance float64
}

// coarse makes curves of eight sides: their edges then outline a part.
var coarse = geometry.Detail{Err: 1e9}

const (
	coverPlate   = 0.7   // diameter of the lid that is drawn on a chamber of which no more is known, metres (GB/T 23858: 600 to 800 mm)
	floorSheet   = 0.01  // thickness of the sheet that stands for the floor of a chamber without a known slab, metres
	maxTriangles = 2e6   // of all parts of an asset together
	coarseSides  = 8     // of elements
	leastVolume  = 1e-12 // cubic metres
)

// partsOf lists what an asset consists of: clear spaces first, as they are what a person means, then what is built. It counts what is not in the list.
func partsOf(s *twin.Snapshot, a *twin.Asset) ([]part, leftOutJSON) {
	r, ok := s.Find(a.ID)
	if !ok {
		return nil, leftOutJSON{}
	}
	axis, drawn, _ := r.Drawing(nil)
	d := coarse
	d.Bottom = math.NaN()
	if a.Kind == twin.KindChamber {
		d.Bottom = r.DrawnBottom()
	}
	st := a.Structure
	l := lister{at: map[partKey]int{}, sec: a.Section}
	if l.plain = st == nil; l.plain {
		st = plainStructure(a, drawn)
	}
	if st == nil {
		return nil, leftOutJSON{}
	}
	l.s = st
	clear := st.Clear(axis, drawn, d)
	l.inside = len(clear) > 0
	for _, p := range clear {
		l.add(p)
	}
	parts, uncut := st.PartsUncut(axis, drawn, d)
	for _, p := range parts {
		l.add(p)
	}
	if st.Chamber != nil {
		l.sheet(axis[0], d.Bottom)
	}
	return l.list, leftOutJSON{Parts: l.more, Openings: uncut}
}

// plainStructure is the structure of an asset of which only axis and section are known; nil for what is one piece.
func plainStructure(a *twin.Asset, drawn geometry.Section) *geometry.Structure {
	switch {
	case a.Kind == twin.KindChamber:
		plan := geometry.Plan{Round: drawn.IsRound(), Width: drawn.Width, Length: drawn.Height}
		if plan.Width <= 0 {
			return nil
		}
		return &geometry.Structure{Chamber: &geometry.Chamber{Lid: geometry.Plan{Round: true, Width: min(coverPlate, plan.Width)}, Wall: drawn.Wall, Slab: drawn.Wall,
			Layers: []geometry.Layer{{Name: "shaft", Plan: plan}}}}
	case a.Kind.IsLine() && drawn.Known():
		return &geometry.Structure{Pipe: &geometry.Pipe{}}
	}
	return nil
}

type partKey struct {
	name  string
	index int
}

// lister gathers parts; what has the same name and number is one part, as a fire door across all compartments.
type lister struct {
	list      []part
	at        map[partKey]int
	s         *geometry.Structure
	sec       geometry.Section // as it is known
	plain     bool             // nothing is known of the inside
	inside    bool             // there are clear spaces
	triangles int
	more      int // parts beyond the bounds
}

func (l *lister) add(p geometry.Part) {
	if p.Name == "fireDoorLeaf" {
		p.Name = "fireDoor"
	}
	m := p.Whole(coarseSides)
	v := m.Volume()
	if !(v > leastVolume) {
		return
	}
	if l.triangles += len(m.Indices) / 3; l.triangles > maxTriangles {
		l.more++
		return
	}
	k := partKey{p.Name, p.Index}
	if i, ok := l.at[k]; ok {
		l.list[i].mesh.Add(m)
		l.list[i].volume += v
		return
	}
	if len(l.list) == maxParts {
		l.more++
		return
	}
	l.at[k] = len(l.list)
	j := partJSON{Name: p.Name, Index: p.Index, Count: len(p.Elements), Container: l.contains(p.Name)}
	switch {
	case j.Count == 1:
		j.Count = 0
	case p.Name == "ducts":
		j.Count = len(l.s.Pipe.Holes) // each has a disc at both ends
	}
	if !l.plain || p.Name != "lid" && l.sec.Known() {
		measure(&j, l.s, l.sec)
	}
	l.list = append(l.list, part{json: j, mesh: m, volume: v})
}

// contains reports whether other parts lie within a part of that name.
func (l *lister) contains(name string) bool {
	switch name {
	case "shell", "pipe":
		return l.inside
	case "wall", "slab", "roof":
		return l.inside && l.s.Space != nil
	}
	return false
}

// sheet stands for the floor of a chamber whose slab is not known.
func (l *lister) sheet(at geometry.Point, bottom float64) {
	c := l.s.Chamber
	if _, ok := l.at[partKey{"floor", 0}]; ok || math.IsNaN(bottom) || len(c.Layers) == 0 {
		return
	}
	low := min(bottom, at.H-floorSheet)
	plan := c.Layers[len(c.Layers)-1].Plan
	o := geometry.Section{Shape: geometry.Rectangle, Width: plan.LengthOr(), Height: plan.Width}
	if plan.Round {
		o = geometry.Round(plan.Width, 0)
	}
	l.add(geometry.Part{Name: "floor", Mesh: geometry.Prism(at, geometry.Profile{Outer: o.Outline(coarseSides, false)}, low-floorSheet, low)})
}
