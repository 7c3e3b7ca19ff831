package tiles_test

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/twin"
)

// yard are one asset of each kind of structure, along a street.
func yard() []*twin.Asset {
	at := func(e, n, h float64) geometry.Point { return geometry.Point{E: 500000 + e, N: 4150000 + n, H: h} }
	round := func(d float64) geometry.Plan { return geometry.Plan{Round: true, Width: d} }
	return []*twin.Asset{
		{ID: "DL-bank", Kind: twin.KindSegment, Network: "DL", Section: geometry.Section{Shape: geometry.DuctBank, Width: 0.9, Height: 0.7},
			Line: []geometry.Point{at(0, 0, 2), at(30, 0, 2), at(40, 20, 1.8)}, Structure: &geometry.Structure{Pipe: &geometry.Pipe{BendRadius: 3, Holes: []geometry.DuctHole{{X: -0.2, Diameter: 0.15}, {X: 0.2, Diameter: 0.15, Use: "DL"}}}}},
		{ID: "YS-taper", Kind: twin.KindSegment, Network: "YS", Section: geometry.Round(1.2, 0.12), Line: []geometry.Point{at(0, 10, 1), at(12, 10, 0.9)},
			Structure: &geometry.Structure{Pipe: &geometry.Pipe{EndWidth: 0.8, EndHeight: 0.8, EndWall: 0.08}}},
		{ID: "YS-channel", Kind: twin.KindSegment, Network: "YS", Section: geometry.Section{Shape: geometry.Custom, Width: 3, Height: 1}, Line: []geometry.Point{at(0, 20, 4), at(25, 20, 3.9)},
			Structure: &geometry.Structure{Pipe: &geometry.Pipe{Open: true, Outline: []geometry.Flat{{X: -1.5, Y: 0.5}, {X: -0.6, Y: -0.1}, {X: -0.3, Y: -0.5}, {X: 0.4, Y: -0.5}, {X: 1.5, Y: 0.4}}}}},
		{ID: "WS-drop", Kind: twin.KindChamber, Network: "WS", Section: geometry.Section{Shape: geometry.Rectangle, Width: 1.4, Height: 1.8}, Line: []geometry.Point{at(60, 0, 5)}, Bottom: 0,
			Structure: &geometry.Structure{Chamber: &geometry.Chamber{Bearing: 30, Lid: round(0.7), Wall: 0.24, Layers: []geometry.Layer{{Name: "shaft", Plan: round(0.7), Height: 1},
				{Name: "cone", Plan: round(1), Height: 0.5, Cone: true}, {Plan: geometry.Plan{Width: 1.4, Length: 1.8}}}, Openings: []geometry.Opening{{Bearing: 30, Invert: 3, Diameter: 0.4}, {Bearing: 210, Invert: 0.1, Diameter: 0.6, Out: true}},
				Sump: 0.3, Rungs: true, Inside: []geometry.InsidePart{{Name: "pump", Height: 0.2}}}}},
		{ID: "ZH-1", Kind: twin.KindGallery, Network: "ZH", Section: geometry.Section{Shape: geometry.Rectangle, Width: 5, Height: 3, Wall: 0.4}, Line: []geometry.Point{at(0, 60, -5), at(300, 80, -6)},
			Structure: &geometry.Structure{Gallery: &geometry.Gallery{Compartments: []geometry.Compartment{{Name: "电力舱", Left: -2.5, Floor: -1.5, Width: 2.3, Height: 3}, {Left: 0.1, Floor: -1.5, Width: 2.4, Height: 3}},
				Brackets: []geometry.Bracket{{Compartment: 1, Up: 0.5, Reach: 0.6, Every: 1}}, FireDoors: []float64{100, 200}, Shafts: []geometry.Shaft{{Chainage: 50, Plan: geometry.Plan{Width: 2, Length: 3}, Wall: 0.3, Top: 4.5}}}}},
		{ID: "SD-1", Kind: twin.KindTunnel, Network: "SD", Section: geometry.Round(5.5, 0.35), Line: []geometry.Point{at(0, 120, -12), at(400, 120, -20), at(700, 180, -22)},
			Structure: &geometry.Structure{Tunnel: &geometry.Tunnel{Tubes: []geometry.Tube{{Across: -7, Shape: "circle", Width: 5.5, Height: 5.5, Wall: 0.35, Deck: 1.2}, {Across: 7, Shape: "horseshoe", Width: 5.5, Height: 5.5, Wall: 0.35}},
				Portals: []geometry.Portal{{Width: 26, Height: 9, Depth: 1}}, Passages: []geometry.CrossPassage{{Chainage: 200, Width: 2, Height: 2.4}}, Lining: 1.5, Shafts: []geometry.Shaft{{Chainage: 390, Across: 7, Plan: round(6), Wall: 0.5, Top: 5}}}}},
		{ID: "QL-1", Kind: twin.KindBridge, Network: "QL", Line: []geometry.Point{at(0, 200, 14), at(90, 200, 14.5)},
			Structure: &geometry.Structure{Bridge: &geometry.Bridge{Deck: geometry.Deck{Width: 12, Thickness: 0.3, GirderWidth: 6, GirderDepth: 1.4, Parapet: 1.1}, Supports: []geometry.Support{
				{Chainage: 0, Abutment: true, Ground: 6, Cap: geometry.Block{Across: 12, Along: 1.5, Height: 1}, Footing: geometry.Block{Across: 13, Along: 4, Height: 1.5}, Piles: geometry.Piles{Across: 4, Along: 2, Spacing: 3, Diameter: 1, Toe: -20}},
				{Chainage: 45, Columns: 2, Column: round(1.2), Spacing: 5, Ground: 4, Cap: geometry.Block{Across: 9, Along: 1.6, Height: 1.2}, Footing: geometry.Block{Across: 9, Along: 5, Height: 2}, Piles: geometry.Piles{Across: 3, Along: 2, Spacing: 3, Diameter: 1, Toe: -25}}}}}},
		{ID: "DK-park", Kind: twin.KindZone, Network: "DK", Line: []geometry.Point{at(150, 0, 4), at(190, 0, 4), at(190, 25, 4), at(168, 25, 4), at(168, 50, 4), at(150, 50, 4), at(150, 0, 4)},
			Structure: &geometry.Structure{Space: &geometry.Space{Storeys: []geometry.Storey{{Name: "B1", Floor: -0.5, Ceiling: 3}, {Name: "B2", Floor: -4.2, Ceiling: -0.9}}, Wall: 0.4, Slab: 0.35, Column: 0.6, Grid: 8}}},
		{ID: "DK-solid", Kind: twin.KindSolid, Network: "DK", Line: []geometry.Point{at(220, 0, 2)},
			Structure: &geometry.Structure{Solid: &geometry.Solid{Vertices: [][3]float64{{0, 0, 0}, {4, 0, 0}, {0, 4, 0}, {0, 0, 3}}, Faces: [][3]uint32{{0, 2, 1}, {0, 1, 3}, {1, 2, 3}, {2, 0, 3}}}}},
	}
}

// open makes a twin of some assets.
func open(t testing.TB, list []*twin.Asset) *twin.Twin {
	t.Helper()
	all := make([]twin.Asset, len(list))
	for i, a := range list {
		if a.Kind != twin.KindChamber {
			a.Bottom = twin.Unknown()
		}
		all[i] = *a
	}
	return twinOf(t, all)
}

// eachVertex lists every drawn vertex with the asset it belongs to, in geocentric coordinates.
func (d glb) eachVertex(t testing.TB, each func(id string, at [3]float64)) {
	t.Helper()
	for _, node := range d.doc.Nodes[1:] {
		vertices := d.verticesOf(t, node)
		if list, ok := d.instancesOf(t, node); ok {
			for i, f := range d.features(t, node) {
				for _, v := range vertices {
					each(d.ids[f], d.ecef(list[i].apply(v)))
				}
			}
			continue
		}
		n := 0
		for _, p := range d.doc.Meshes[*node.Mesh].Primitives {
			for _, f := range d.numbers(t, p.Attributes["_FEATURE_ID_0"]) {
				each(d.ids[int(f)], d.ecef(vertices[n]))
				n++
			}
		}
	}
}

// boxIn is a function that says how far outside a box of the plane a geocentric point lies, metres: the plane is taken about the middle of the box.
func boxIn(f *crs.Frame, b geometry.Box) func([3]float64) float64 {
	c, s := b.Center(), b.Size()
	o := f.ECEF(c)
	var axes [3][3]float64
	for i, d := range [...]geometry.Point{{E: 1}, {N: 1}, {H: 1}} {
		a, z := f.ECEF(c.Add(d)), f.ECEF(c.Sub(d))
		for k := range 3 {
			axes[i][k] = (a[k] - z[k]) / 2
		}
	}
	half := [3]float64{s.E / 2, s.N / 2, s.H / 2}
	return func(p [3]float64) float64 {
		out := 0.0
		for i, a := range axes {
			l := a[0]*a[0] + a[1]*a[1] + a[2]*a[2]
			out = max(out, math.Abs(((p[0]-o[0])*a[0]+(p[1]-o[1])*a[1]+(p[2]-o[2])*a[2])/l)-half[i])
		}
		return out
	}
}

// TestStructuresAreDrawnInTheirBox draws one of each structure and finds every vertex inside the box that the asset is found by, in contents and in models;
// the box is used well by what is drawn.
func TestStructuresAreDrawnInTheirBox(t *testing.T) {
	tw := open(t, yard())
	s := tw.Snapshot()
	g := tiles.New(tw, tiles.Options{})
	v := tiles.View{Snapshot: s}
	seen := map[string]int{}
	for _, f := range contents(t, g, v) {
		r, err := g.Content(t.Context(), v, f.address, compress.Identity)
		if err != nil {
			t.Fatal(err)
		}
		decode(t, r.Body).eachVertex(t, func(id string, at [3]float64) {
			rec, _ := s.Find(id)
			seen[id]++
			if d := boxIn(s.Frame(), rec.Box())(at); d > 0.03 { // the plane over 700 m, and roundings
				t.Fatalf("%s: a vertex lies %.3f m outside its box", id, d)
			}
			inside(t, at, f)
		})
	}
	for rec := range s.All {
		if seen[rec.ID()] < 12 {
			t.Errorf("%s has %d vertices", rec.ID(), seen[rec.ID()])
		}
		m, err := g.Model(t.Context(), v, rec.ID())
		if err != nil {
			t.Fatal(err)
		}
		root := plainModel(t, m.Body)
		for _, n := range root.all() {
			if len(n.mesh.Indices) == 0 {
				continue
			}
			checkClosed(t, rec.ID()+" "+n.name, n.mesh)
			for _, p := range n.mesh.Positions {
				if d := boxIn(s.Frame(), rec.Box())(root.put(t, p)); d > 0.03 {
					t.Fatalf("%s %s: a vertex lies %.3f m outside its box", rec.ID(), n.name, d)
				}
			}
		}
	}
}

// TestPartsHaveNamesInModels holds the nodes of a model against the parts that the structure has.
func TestPartsHaveNamesInModels(t *testing.T) {
	tw := open(t, yard())
	g := tiles.New(tw, tiles.Options{})
	v := tiles.View{Snapshot: tw.Snapshot()}
	for id, want := range map[string][]string{
		"WS-drop": {"lid", "shaft", "cone", "slab", "chamber", "floor", "opening 1", "opening 2", "rungs", "inside"},
		"SD-1":    {"tube 1", "tube 2", "roadway", "lining 1", "lining 2", "portal", "passage", "shaft"},
		"QL-1":    {"deck", "girder", "parapet 1", "parapet 2", "abutment", "cap 1", "cap 2", "columns", "footing 1", "footing 2", "piles 1", "piles 2"},
		"DK-park": {"roof", "slab 1", "slab 2", "wall 1", "wall 2", "columns 1", "columns 2"},
	} {
		m, err := g.Model(t.Context(), v, id)
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for _, n := range plainModel(t, m.Body).children {
			names[n.name] = true
		}
		for _, n := range want {
			if !names[n] {
				t.Errorf("%s has no %q: %v", id, n, names)
			}
		}
		if len(names) != len(want) {
			t.Errorf("%s: %d parts, want %d: %v", id, len(names), len(want), names)
		}
	}
}

// TestStructuresAreValid has Khronos' validator read the content and the model of each structure.
func TestStructuresAreValid(t *testing.T) {
	if _, err := os.Stat("testdata/validator/node_modules"); err != nil {
		t.Skip("the validators are not installed: run make test, or npm ci in tiles/testdata/validator")
	}
	tw := open(t, yard())
	g := tiles.New(tw, tiles.Options{})
	v := tiles.View{Snapshot: tw.Snapshot()}
	dir := t.TempDir()
	n := 0
	write := func(name string, r tiles.Result, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), r.Body, 0o600); err != nil {
			t.Fatal(err)
		}
		n++
	}
	for _, f := range contents(t, g, v) {
		r, err := g.Content(t.Context(), v, f.address, compress.Identity)
		write(fmt.Sprintf("%s_%d_%d_%d.glb", f.address.Layer, f.address.Level, f.address.X, f.address.Y), r, err)
	}
	for rec := range tw.Snapshot().All {
		r, err := g.Model(t.Context(), v, rec.ID())
		write(rec.ID()+".glb", r, err)
	}
	out, err := exec.CommandContext(t.Context(), "node", "testdata/validator/validate.js", dir).CombinedOutput()
	if want := fmt.Sprintf("%d files\n", n); err != nil || string(out) != want {
		t.Errorf("want %q, got %v\n%.3000s", want, err, out)
	}
}

// BenchmarkStructure is what drawing each structure costs, and its bytes.
func BenchmarkStructure(b *testing.B) {
	tw := open(b, yard())
	v := tiles.View{Snapshot: tw.Snapshot()}
	g := tiles.New(tw, tiles.Options{CacheBytes: 1})
	for _, f := range contents(b, g, v) {
		b.Run(f.address.Layer, func(b *testing.B) {
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				r, err := g.Content(b.Context(), v, f.address, compress.Zstd)
				if err != nil {
					b.Fatal(err)
				}
				size = len(r.Body)
			}
			b.ReportMetric(float64(size), "B/content")
		})
	}
}

// TestPipeOutOfTheGroundIsDrawnAsItIs: one whose diameter is above its cover stands out, and its cover says so.
func TestPipeOutOfTheGroundIsDrawnAsItIs(t *testing.T) {
	a := &twin.Asset{ID: "YS-high", Kind: twin.KindSegment, Network: "YS", Section: geometry.Round(2, 0.2), Line: []geometry.Point{{E: 500000, N: 4150000, H: 4.5}, {E: 500020, N: 4150000, H: 4.5}}, Ground: []float64{5, 5}}
	tw := open(t, []*twin.Asset{a})
	s := tw.Snapshot()
	r, _ := s.Find("YS-high")
	if c := r.MinCover(); math.Abs(c+0.7) > 1e-3 { // the crown is at 5.7 m
		t.Errorf("cover %v m, want -0.7", c)
	}
	body, err := contentOf(s, "YS-high")
	if err != nil {
		t.Fatal(err)
	}
	high := math.Inf(-1)
	decode(t, body).eachVertex(t, func(_ string, at [3]float64) {
		high = max(high, boxIn(s.Frame(), geometry.BoxOf(a.Line...))(at))
	})
	if math.Abs(high-1.2) > 0.02 {
		t.Errorf("it reaches %.3f m from its axis, want 1.2", high)
	}
}

// TestNoLengthIsDrawn looks for what has no length in its content: it is as long as it is wide, round or not.
func TestNoLengthIsDrawn(t *testing.T) {
	at := geometry.Point{E: 500000, N: 4150000, H: 2}
	for _, section := range []geometry.Section{geometry.Round(0.6, 0), {Shape: geometry.Rectangle, Width: 0.6, Height: 0.6}} {
		s := open(t, []*twin.Asset{{ID: "YS-none", Kind: twin.KindSegment, Network: "YS", Section: section, Line: []geometry.Point{at, at}}}).Snapshot()
		body, err := contentOf(s, "YS-none")
		if err != nil {
			t.Fatal(err)
		}
		o, east := s.Frame().ECEF(at), s.Frame().ECEF(at.Add(geometry.Point{E: 1}))
		from, to := math.Inf(1), math.Inf(-1)
		decode(t, body).eachVertex(t, func(_ string, v [3]float64) {
			along := 0.0
			for k := range 3 {
				along += (v[k] - o[k]) * (east[k] - o[k])
			}
			from, to = min(from, along), max(to, along)
		})
		if math.Abs(from+0.3) > 0.02 || math.Abs(to-0.3) > 0.02 {
			t.Errorf("%v without length is drawn from %.2f to %.2f m eastwards", section.Shape, from, to)
		}
		var p twin.Plan
		r, _ := s.Find("YS-none")
		if r.Plan(&p); math.Abs(p.Line[0].Dist(p.Line[1])-0.6) > 1e-6 {
			t.Errorf("%v without length is %v on a map", section.Shape, p.Line)
		}
	}
}
