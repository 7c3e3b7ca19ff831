package geometry_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/undercity/undercity/geometry"
)

// draws makes random structures that pass their check, sensible or not.
type draws struct{ r *rapid.T }

func (d draws) size(name string, low, high float64) float64 {
	return rapid.Float64Range(low, high).Draw(d.r, name)
}

func (d draws) maybe(name string, high float64) float64 {
	if rapid.Bool().Draw(d.r, name+"?") {
		return 0
	}
	return d.size(name, 0.01, high)
}

func (d draws) some(name string, most int) int { return rapid.IntRange(0, most).Draw(d.r, name) }

func (d draws) plan(name string) geometry.Plan {
	return geometry.Plan{Round: rapid.Bool().Draw(d.r, name+" round"), Width: d.size(name, 0.2, 6), Length: d.maybe(name+" length", 6)}
}

func (d draws) chamber() *geometry.Chamber {
	m := &geometry.Chamber{Bearing: d.size("bearing", -180, 360), Lid: d.plan("lid"), Wall: d.maybe("wall", 0.6), Slab: d.maybe("slab", 0.6), Sump: d.maybe("sump", 2),
		LidOffsetX: d.size("x", -3, 3), LidOffsetY: d.size("y", -3, 3), Rungs: rapid.Bool().Draw(d.r, "rungs")}
	for range d.some("layers", 5) {
		m.Layers = append(m.Layers, geometry.Layer{Plan: d.plan("layer"), Height: d.size("height", 0.01, 4), Cone: rapid.Bool().Draw(d.r, "cone")})
	}
	for range d.some("openings", 4) {
		m.Openings = append(m.Openings, geometry.Opening{Bearing: d.size("to", 0, 360), Invert: d.size("invert", -8, 8), Diameter: d.maybe("diameter", 3)})
	}
	for range d.some("inside", 2) {
		m.Inside = append(m.Inside, geometry.InsidePart{X: d.size("in x", -2, 2), Y: d.size("in y", -2, 2), Height: d.size("in", -6, 6)})
	}
	return m
}

func (d draws) shafts() (list []geometry.Shaft) {
	for range d.some("shafts", 2) {
		list = append(list, geometry.Shaft{Chainage: d.size("at", 0, 200), Across: d.size("across", -15, 15), Plan: d.plan("shaft"), Wall: d.maybe("shaft wall", 1), Top: d.size("top", -30, 30)})
	}
	return list
}

func (d draws) tunnel() *geometry.Tunnel {
	t := &geometry.Tunnel{Shafts: d.shafts(), Lining: d.maybe("lining", 3)}
	for range d.some("tubes", 3) {
		s := rapid.SampledFrom(sections).Draw(d.r, "shape").s
		u := geometry.Tube{Across: d.size("across", -12, 12), Up: d.size("up", -4, 4), Shape: s.Shape.String(), Width: d.size("width", 1, 12), Height: d.size("height", 1, 12), Wall: d.maybe("wall", 1)}
		u.Deck = d.size("deck", 0, u.Height)
		u.Lanes = d.some("lanes", 3)
		t.Tubes = append(t.Tubes, u)
	}
	for range d.some("portals", 2) {
		t.Portals = append(t.Portals, geometry.Portal{AtEnd: rapid.Bool().Draw(d.r, "end"), Width: d.size("portal", 1, 40), Height: d.size("high", 1, 20), Depth: d.size("depth", 0.1, 5)})
	}
	for range d.some("passages", 2) {
		t.Passages = append(t.Passages, geometry.CrossPassage{Chainage: d.size("passage", 0, 200), Width: d.size("wide", 0.5, 5), Height: d.size("tall", 0.5, 5)})
	}
	return t
}

func (d draws) block(name string) geometry.Block {
	return geometry.Block{Across: d.maybe(name+" across", 20), Along: d.maybe(name+" along", 10), Height: d.maybe(name+" high", 4)}
}

func (d draws) bridge() *geometry.Bridge {
	b := &geometry.Bridge{Deck: geometry.Deck{Width: d.size("deck", 0.3, 30), Thickness: d.size("thick", 0.05, 2), GirderWidth: d.maybe("girder", 20), GirderDepth: d.maybe("deep", 4), Parapet: d.maybe("parapet", 2)}}
	for range d.some("supports", 3) {
		s := geometry.Support{Chainage: d.size("at", 0, 200), Abutment: rapid.Bool().Draw(d.r, "abutment"), Cap: d.block("cap"), Columns: d.some("columns", 4), Column: d.plan("column"), Spacing: d.maybe("spacing", 6),
			Footing: d.block("footing"), Ground: d.size("ground", -20, 20)}
		s.Piles = geometry.Piles{Across: d.some("across", 3), Along: d.some("along", 3), Spacing: d.size("pile spacing", 0.5, 5), Diameter: d.size("pile", 0.2, 2), Toe: s.Ground - d.size("toe", 0.1, 30)}
		b.Supports = append(b.Supports, s)
	}
	return b
}

func (d draws) space() *geometry.Space {
	s := &geometry.Space{Wall: d.maybe("wall", 2), Slab: d.maybe("slab", 1), Column: d.maybe("column", 2), Grid: d.size("grid", 2, 20)}
	h := d.size("top", -5, 5)
	for range 1 + d.some("storeys", 3) {
		t := geometry.Storey{Ceiling: h - d.size("between", 0, 1)}
		t.Floor = t.Ceiling - d.size("high", 0.1, 6)
		s.Storeys = append(s.Storeys, t)
		h = t.Floor
	}
	return s
}

func (d draws) pipe() *geometry.Pipe {
	p := &geometry.Pipe{BendRadius: d.maybe("radius", 10), EndWall: d.maybe("end wall", 1), Sediment: d.maybe("sediment", 1)}
	if rapid.Bool().Draw(d.r, "tapers") {
		p.EndWidth, p.EndHeight = d.size("end width", 0.1, 4), d.size("end height", 0.1, 4)
	}
	for range d.some("holes", 6) {
		p.Holes = append(p.Holes, geometry.DuctHole{X: d.size("x", -2, 2), Y: d.size("y", -2, 2), Diameter: d.size("hole", 0.05, 1)})
	}
	for range d.some("outline", 9) {
		p.Outline = append(p.Outline, geometry.Flat{X: d.size("ox", -2, 2), Y: d.size("oy", -2, 2)})
	}
	p.Open = rapid.Bool().Draw(d.r, "open")
	return p
}

// TestAnyStructureHasGoodParts draws structures at random, on axes at random: each part is closed, faces outwards, is finite and within reach.
func TestAnyStructureHasGoodParts(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := draws{r}
		s := &geometry.Structure{}
		kind := rapid.SampledFrom([]string{"pipe", "chamber", "gallery", "tunnel", "bridge", "space"}).Draw(r, "kind")
		axis := []geometry.Point{{E: 100, N: 200, H: 3}}
		for range 1 + d.some("pieces", 3) {
			axis = append(axis, axis[len(axis)-1].Add(geometry.Point{E: d.size("e", -60, 60), N: d.size("n", -60, 60), H: d.size("h", -6, 6)}))
		}
		switch kind {
		case "pipe":
			s.Pipe = d.pipe()
		case "chamber":
			s.Chamber, axis = d.chamber(), axis[:1]
		case "gallery":
			s.Gallery = structures()["gallery"].Gallery
			s.Gallery.Shafts, s.Gallery.FireDoors = d.shafts(), []float64{d.size("door", 0, 200)}
		case "tunnel":
			s.Tunnel = d.tunnel()
		case "bridge":
			s.Bridge = d.bridge()
		case "space":
			s.Space = d.space()
			axis = append(axis, axis[0])
		}
		if s.Check() != nil {
			return // an outline that crosses itself
		}
		sec := rapid.SampledFrom(sections).Draw(r, "section").s
		good(r, s, axis, sec, geometry.Detail{Bottom: d.size("bottom", -10, 4), Err: 0.05})
	})
}

// TestMuchIsBounded: the most that a check lets through ends, and soon.
func TestMuchIsBounded(t *testing.T) {
	const many = 10_000
	g := &geometry.Gallery{Compartments: make([]geometry.Compartment, 100), Brackets: make([]geometry.Bracket, many), FireDoors: make([]float64, many)}
	for i := range g.Compartments {
		g.Compartments[i] = geometry.Compartment{Left: float64(i%10) * 3, Floor: float64(i/10) * 3, Width: 2.5, Height: 2.5}
	}
	for i := range many {
		g.Brackets[i] = geometry.Bracket{Reach: 1, Every: 0.2}
		g.FireDoors[i] = float64(i)
	}
	u := &geometry.Tunnel{Tubes: make([]geometry.Tube, many), Passages: make([]geometry.CrossPassage, many), Lining: 0.1}
	for i := range many {
		u.Tubes[i] = geometry.Tube{Across: float64(i)/100 - 50, Shape: "circle", Width: 5, Height: 5, Wall: 0.3}
		u.Passages[i] = geometry.CrossPassage{Chainage: float64(i), Width: 2, Height: 2}
	}
	b := &geometry.Bridge{Deck: geometry.Deck{Width: 10, Thickness: 1}, Supports: make([]geometry.Support, many)}
	for i := range many {
		b.Supports[i] = geometry.Support{Columns: 50, Column: geometry.Plan{Width: 1}, Piles: geometry.Piles{Across: 50, Along: 50, Spacing: 1, Diameter: 1, Toe: -20}}
	}
	sp := &geometry.Space{Wall: 0.3, Slab: 0.1, Column: 0.3, Grid: 2, Storeys: make([]geometry.Storey, many)}
	for i := range many {
		sp.Storeys[i] = geometry.Storey{Floor: -float64(i) / 20, Ceiling: -float64(i)/20 + 0.04}
	}
	c := &geometry.Chamber{Lid: geometry.Plan{Round: true, Width: 0.7}, Wall: 0.3, Layers: []geometry.Layer{{Plan: geometry.Plan{Round: true, Width: 12}}}, Openings: make([]geometry.Opening, many)}
	for i := range many {
		c.Openings[i] = geometry.Opening{Bearing: float64(i % 360), Invert: float64(i/360) / 3, Diameter: 0.05}
	}
	hall := &geometry.Gallery{Compartments: g.Compartments, Shafts: make([]geometry.Shaft, many)}
	for i := range many {
		hall.Shafts[i] = geometry.Shaft{Chainage: float64(i) / 5, Across: float64(i%27) + 1, Plan: geometry.Plan{Width: 0.1}, Wall: 0.02, Top: 60}
	}
	thin, stacked := &geometry.Tunnel{Tubes: make([]geometry.Tube, many), Shafts: make([]geometry.Shaft, many)}, &geometry.Tunnel{Tubes: make([]geometry.Tube, many), Portals: make([]geometry.Portal, many)}
	for i := range many {
		x := float64(i)/50 - 100
		thin.Tubes[i] = geometry.Tube{Across: x, Shape: "circle", Width: 0.015, Height: 0.015, Wall: 0.001}
		thin.Shafts[i] = geometry.Shaft{Chainage: float64(i) / 5, Across: x, Plan: geometry.Plan{Round: true, Width: 0.01}, Wall: 0.001, Top: 20}
		stacked.Tubes[i] = geometry.Tube{Up: x, Shape: "egg", Width: 0.1, Height: 0.03}
		stacked.Portals[i] = geometry.Portal{Width: 1, Height: 1, Depth: 1}
	}
	stacked.Shafts = thin.Shafts
	layered := &geometry.Chamber{Lid: c.Lid, Wall: c.Wall, Openings: c.Openings, Layers: make([]geometry.Layer, many)}
	for i := range many {
		layered.Layers[i] = geometry.Layer{Plan: geometry.Plan{Round: true, Width: 12 + float64(i%2)}, Height: 0.004}
	}
	for name, s := range map[string]*geometry.Structure{"thin tubes": {Tunnel: thin}, "stacked tubes": {Tunnel: stacked}, "layers": {Chamber: layered}, "gallery": {Gallery: g}, "shafts": {Gallery: hall}, "tunnel": {Tunnel: u}, "bridge": {Bridge: b}, "space": {Space: sp}, "chamber": {Chamber: c}} {
		start := time.Now()
		if err := s.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		axis := []geometry.Point{{H: 5}, {E: 2000, H: 5}}
		if name == "space" {
			axis = []geometry.Point{{}, {E: 200}, {E: 200, N: 200}, {N: 200}, {}}
		}
		n := 0
		for _, p := range s.Parts(axis, geometry.Section{Shape: geometry.Rectangle, Width: 30, Height: 30, Wall: 1}, geometry.Detail{}) {
			n += len(p.Mesh.Positions) + len(p.Elements)
		}
		if n == 0 || n > 1_100_000 {
			t.Errorf("%s: %d vertices and elements", name, n)
		}
		t.Logf("%s: %d in %v", name, n, time.Since(start))
	}
}

// BenchmarkSweep is a bent pipe with its bore, an egg and a duct bank.
func BenchmarkSweep(b *testing.B) {
	path := geometry.Rounded([]geometry.Point{{}, {E: 30}, {E: 50, N: 20}, {E: 80, N: 20, H: -1}}, 3, 0)
	for _, s := range []geometry.Section{geometry.Round(1, 0.1), {Shape: geometry.Egg, Width: 1, Height: 1.5, Wall: 0.2}, {Shape: geometry.DuctBank, Width: 0.9, Height: 0.6, Cols: 4, Rows: 3}} {
		b.Run(s.Shape.String(), func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n = len(geometry.SweepProfile(path, s.Profile(24), nil).Indices) / 3
			}
			b.ReportMetric(float64(n), "triangles")
		})
	}
}

// BenchmarkParts is each structure.
func BenchmarkParts(b *testing.B) {
	for _, kind := range []string{"pipe", "chamber", "gallery", "tunnel", "bridge", "space", "solid"} {
		s := structures()[kind]
		axis, sec := axisOf(kind)
		b.Run(kind, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Parts(axis, sec, geometry.Detail{Err: 0.01, Bottom: 0})
			}
		})
	}
}
