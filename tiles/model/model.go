// Package model makes plain glTF models of assets for other programs: ordinary meshes in metres, Y up and −Z north about their middle, no extension, nodes
// named by the IDs of assets and the names of their parts. The extras of the root say where the model belongs.
package model

import (
	"cmp"
	"math"
	"slices"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/tiles/local"
	"github.com/undercity/undercity/twin"
)

// Bounds of a cut-out. They keep a model to what other programs open at once.
const (
	MaxCutArea   = 4e6 // square metres in plan
	MaxCutAssets = 5000
	maxCutPoints = 4_000_000 // vertices
)

// item is an asset of a model, in the plane.
type item struct {
	rec    twin.Record
	bodies []body
	box    geometry.Box // of the bodies
	cut    bool         // not the whole asset
}

// Model is some assets about a place, each as the closed solids that it consists of.
type Model struct {
	snap  *twin.Snapshot
	items []item // by network, then ID
	place *local.Place
	alone bool // one asset, which is the root
}

// newModel makes the bodies of assets, of what of them lies in a region when one is given.
func newModel(s *twin.Snapshot, list []twin.Record, in *region) (*Model, error) {
	slices.SortFunc(list, func(a, b twin.Record) int {
		return cmp.Or(cmp.Compare(a.Layer(), b.Layer()), a.CompareID(b))
	})
	m := &Model{snap: s}
	all, points := geometry.EmptyBox(), 0
	for _, r := range list {
		it, ok := itemOf(s, r, in)
		if !ok {
			continue
		}
		for _, b := range it.bodies {
			points += len(b.mesh.Positions)
		}
		if points > maxCutPoints {
			return nil, twin.Errorf(twin.Invalid, "the model has more than %d vertices", maxCutPoints).WithHint("ask for a smaller box, or for 3D Tiles")
		}
		all = all.Union(it.box)
		m.items = append(m.items, it)
	}
	if !all.IsEmpty() {
		m.about(all)
	}
	return m, nil
}

// about puts the model about the middle of a box.
func (m *Model) about(b geometry.Box) { m.place = local.NewPlace(m.snap.Frame(), b) }

// middleOf is the box of a cut-out with the heights of what is in it.
func middleOf(b geometry.Box, items []item) geometry.Box {
	b.Min.H, b.Max.H = math.Inf(1), math.Inf(-1)
	for _, it := range items {
		b.Min.H, b.Max.H = min(b.Min.H, it.box.Min.H), max(b.Max.H, it.box.Max.H)
	}
	return b
}

// itemOf makes the bodies of an asset; ok is false where nothing of it lies in the region.
func itemOf(s *twin.Snapshot, r twin.Record, in *region) (it item, ok bool) {
	axis, drawn, box := r.Drawing(nil)
	pieces := []piece{{axis: axis, to: lengthInPlan(axis)}}
	it = item{rec: r, box: geometry.EmptyBox()}
	switch {
	case in == nil:
	case r.Kind() == twin.KindNode:
		if !in.contains(axis[0]) {
			return it, false
		}
	case r.Kind().IsLine():
		whole := pieces[0].to
		pieces = in.cut(axis)
		it.cut = len(pieces) != 1 || pieces[0].to-pieces[0].from < whole-shortestPiece
		if r.Kind() == twin.KindSegment {
			pieces = in.outside(s, r, axis).cut(axis)
		}
	case !in.touches(box):
		return it, false
	}
	for _, b := range bodies(s.Catalog(), r, drawn, pieces) {
		if len(b.mesh.Indices) == 0 {
			continue
		}
		for _, p := range b.mesh.Positions {
			if !p.IsFinite() {
				return it, false
			}
			it.box = it.box.Add(p)
		}
		it.bodies = append(it.bodies, b)
	}
	return it, len(it.bodies) > 0
}

// touches reports whether a box reaches into the region: no plane has all of it behind.
func (g region) touches(b geometry.Box) bool {
	for _, f := range g.planes {
		far := b.Min // the corner farthest along the normal
		if f.normal.E > 0 {
			far.E = b.Max.E
		}
		if f.normal.N > 0 {
			far.N = b.Max.N
		}
		if f.normal.H > 0 {
			far.H = b.Max.H
		}
		if f.normal.Dot(far) < f.least {
			return false
		}
	}
	return true
}

func lengthInPlan(axis []geometry.Point) float64 {
	l := 0.0
	for i := 1; i < len(axis); i++ {
		l += axis[i].PlanDist(axis[i-1])
	}
	return l
}

// georeference is what puts a model back where it belongs.
func (m *Model) georeference() map[string]any {
	f, o := m.snap.Frame(), m.place.Origin
	lon, lat := f.LonLat(o.E, o.N)
	// Y is up here, and Z south: the columns are those of east, up and south.
	p := m.place.Matrix
	var geocentric [16]float64
	copy(geocentric[0:4], p[0:4])
	copy(geocentric[4:8], p[8:12])
	for i := range 4 {
		geocentric[8+i] = -p[4+i]
	}
	copy(geocentric[12:], p[12:])
	round := func(v, k float64) float64 { return math.Round(v*k) / k }
	return map[string]any{
		"crs": f.CRS.Code(), "heightDatum": f.VerticalDatum, "separation": f.Separation,
		"origin": map[string]any{"easting": round(o.E, 1e4), "northing": round(o.N, 1e4), "height": round(o.H, 1e4), "longitude": round(lon, 1e10), "latitude": round(lat, 1e10)},
		"axes":   "X east, Y up, Z south", "unit": "metre", "toGeocentric": geocentric, "revision": m.snap.Revision(),
	}
}

// extras say what a node of an asset is; what is not known is not there.
func (it *item) extras() map[string]any {
	r := it.rec
	x := map[string]any{"id": r.ID(), "kind": r.Kind().String(), "network": r.Network(), "status": r.Status().String()}
	if a := r.Assumed(); a != 0 {
		x["assumed"] = a.Names()
	}
	if it.cut {
		x["cut"] = true
	}
	if s := r.Section(); s.Known() {
		if s.IsRound() {
			x["diameter"] = s.Width
		} else {
			x["width"], x["height"] = s.Width, s.Height
		}
		x["shape"] = s.Shape.String()
	}
	if n := r.Name(); n != "" {
		x["name"] = n
	}
	return x
}

// Of is a model of one asset. NotFound where there is none, Invalid where it has no size.
func Of(s *twin.Snapshot, id twin.ID) (*Model, error) {
	r, ok := s.Find(id)
	if !ok {
		return nil, twin.Errorf(twin.NotFound, "there is no asset %s", id)
	}
	m, err := newModel(s, []twin.Record{r}, nil)
	if err != nil {
		return nil, err
	}
	if len(m.items) == 0 {
		return nil, twin.Errorf(twin.Invalid, "%s has no size that could be drawn", id)
	}
	m.alone = true
	return m, nil
}

// CutOut is a model of what lies in a box. Invalid where that is nothing, or too much.
func CutOut(s *twin.Snapshot, d crs.Box) (*Model, error) {
	if s.Frame() == nil || s.Len() == 0 {
		return nil, twin.Errorf(twin.Invalid, "there is nothing in the installation to cut out yet")
	}
	box, err := s.Frame().PlaneBox(d)
	if err != nil {
		return nil, twin.Errorf(twin.Invalid, "the box lies far outside the area of %s", s.Frame().CRS.Code())
	}
	if size := box.Size(); size.E*size.N > MaxCutArea {
		return nil, twin.Errorf(twin.Invalid, "the box is %.2f km² large, and a cut-out at most %g km²", size.E*size.N/1e6, MaxCutArea/1e6).WithHint("ask for a smaller box, or for 3D Tiles")
	}
	in, err := regionOf(s.Frame(), d)
	if err != nil {
		return nil, twin.Errorf(twin.Invalid, "the box lies far outside the area of %s", s.Frame().CRS.Code())
	}
	var list []twin.Record
	s.In(box, func(r twin.Record) bool {
		list = append(list, r)
		return len(list) <= MaxCutAssets
	})
	if len(list) > MaxCutAssets {
		return nil, twin.Errorf(twin.Invalid, "the box holds more than %d assets, which a cut-out may have at most", MaxCutAssets).WithHint("ask for a smaller box, or for 3D Tiles")
	}
	m, err := newModel(s, list, &in)
	if err != nil {
		return nil, err
	}
	if len(m.items) == 0 {
		return nil, twin.Errorf(twin.Invalid, "nothing lies in the box")
	}
	m.about(middleOf(box, m.items))
	return m, nil
}
