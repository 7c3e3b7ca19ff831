package tiles_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/twin"
)

// Bounds of a content.
const (
	mostAssets = 10_000
	mostBytes  = 1_000_000
)

// absurd are places that no city has, each with its assets.
func absurd(r *rand.Rand) map[string][]twin.Asset {
	pipe := func(id string, a, b geometry.Point, d float64) twin.Asset {
		return twin.Asset{ID: id, Kind: twin.KindSegment, Network: "JS", Section: geometry.Round(d, 0.01), Line: []geometry.Point{a, b}, Bottom: twin.Unknown()}
	}
	at := func(e, n, h float64) geometry.Point { return geometry.Point{E: 500000 + e, N: 4150000 + n, H: h} }
	m := map[string][]twin.Asset{}
	for i := range 24_000 {
		e, n := 200*r.Float64(), 10*r.Float64()
		m["a street of 24,000 pipes"] = append(m["a street of 24,000 pipes"], pipe(fmt.Sprintf("JS-%d", i), at(e, n, 3), at(e+5, n, 2), 0.05+r.Float64()))
	}
	for i := range 20_000 {
		m["20,000 pipes at one spot"] = append(m["20,000 pipes at one spot"], pipe(fmt.Sprintf("JS-%d", i), at(0, 0, float64(-i)/1000), at(4, 0, float64(-i)/1000), 0.2))
	}
	for i := range 40 {
		turn := float64(i) / 40 * math.Pi
		s, c := math.Sincos(turn)
		m["lines of 20 km"] = append(m["lines of 20 km"], pipe(fmt.Sprintf("JS-%d", i), at(-10000*c, -10000*s, 1), at(10000*c, 10000*s, 5), 0.3))
	}
	ring := func(n int, radius float64) (line []geometry.Point) {
		for i := range n {
			s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			k := radius * (1 + 0.2*float64(i%2))
			line = append(line, at(k*c, k*s, 4))
		}
		return append(line, line[0])
	}
	m["one huge zone"] = []twin.Asset{{ID: "JS-Z1", Kind: twin.KindZone, Network: "JS", Line: ring(8000, 900), Bottom: twin.Unknown()}}
	var long []geometry.Point
	for i := range 20_000 {
		long = append(long, at(float64(i)/8, 40*math.Sin(float64(i)/300), 2))
	}
	m["a pipe of 20,000 vertices"] = []twin.Asset{{ID: "JS-L1", Kind: twin.KindSegment, Network: "JS", Section: geometry.Round(0.3, 0.01), Line: long, Bottom: twin.Unknown()}}
	for i := range 600 {
		p := &geometry.Pipe{}
		for k := range 40 {
			p.Holes = append(p.Holes, geometry.DuctHole{X: float64(k%8)*0.12 - 0.42, Y: float64(k/8)*0.12 - 0.24, Diameter: 0.05 + 0.05*r.Float64()})
		}
		e, n := 300*r.Float64(), 300*r.Float64()
		m["600 banks that are all different"] = append(m["600 banks that are all different"], twin.Asset{ID: fmt.Sprintf("JS-B%d", i), Kind: twin.KindSegment, Network: "JS",
			Section: geometry.Section{Shape: geometry.DuctBank, Width: 1.2, Height: 0.8}, Structure: &geometry.Structure{Pipe: p},
			Line: []geometry.Point{at(e, n, 2), at(e+20, n, 2)}, Bottom: twin.Unknown()})
	}
	for i := range 1500 {
		e, n, depth := 300*r.Float64(), 300*r.Float64(), 2+2*r.Float64()
		c := &geometry.Chamber{Lid: geometry.Plan{Round: true, Width: 0.5 + 0.3*r.Float64()}, Wall: 0.2, Layers: []geometry.Layer{{Plan: geometry.Plan{Round: true, Width: 0.9}, Height: 1}, {Plan: geometry.Plan{Width: 1.2 + r.Float64(), Length: 1 + r.Float64()}}}}
		for k := range 6 {
			c.Openings = append(c.Openings, geometry.Opening{Bearing: 60 * float64(k), Invert: 4 - depth + 0.3, Diameter: 0.2 + 0.1*r.Float64()})
		}
		m["1,500 chambers that are all different"] = append(m["1,500 chambers that are all different"], twin.Asset{ID: fmt.Sprintf("JS-C%d", i), Kind: twin.KindChamber, Network: "JS",
			Section: geometry.Section{Shape: geometry.Rectangle, Width: 1.2, Height: 1}, Structure: &geometry.Structure{Chamber: c}, Line: []geometry.Point{at(e, n, 4)}, Bottom: 4 - depth})
	}
	tunnel, gallery := &geometry.Tunnel{Lining: 1.5}, &geometry.Gallery{}
	for i := range 3000 {
		tunnel.Tubes = append(tunnel.Tubes, geometry.Tube{Across: 7 * float64(i%50), Up: 7 * float64(i/50), Shape: "circle", Width: 5, Height: 5, Wall: 0.3})
		gallery.Compartments = append(gallery.Compartments, geometry.Compartment{Left: 0.03 * float64(i), Width: 0.02, Height: 2})
	}
	solid := &geometry.Solid{}
	for i := range 12_000 { // a bundle of needles, closed each
		e, n, k := float64(i%100), float64(i/100), uint32(4*i)
		solid.Vertices = append(solid.Vertices, [3]float64{e, n, 0}, [3]float64{e + 0.3, n, 0}, [3]float64{e, n + 0.3, 0}, [3]float64{e, n, 3})
		solid.Faces = append(solid.Faces, [3]uint32{k, k + 2, k + 1}, [3]uint32{k, k + 1, k + 3}, [3]uint32{k + 1, k + 2, k + 3}, [3]uint32{k + 2, k, k + 3})
	}
	straight := []geometry.Point{at(0, 0, -20), at(3000, 0, -20)}
	m["one structure that is too much"] = []twin.Asset{
		{ID: "JS-T", Kind: twin.KindTunnel, Network: "JS", Section: geometry.Round(5, 0.3), Line: straight, Structure: &geometry.Structure{Tunnel: tunnel}, Bottom: twin.Unknown()},
		{ID: "JS-G", Kind: twin.KindGallery, Network: "JS", Section: geometry.Section{Shape: geometry.Rectangle, Width: 90, Height: 2}, Line: straight, Structure: &geometry.Structure{Gallery: gallery}, Bottom: twin.Unknown()},
		{ID: "JS-O", Kind: twin.KindSolid, Network: "JS", Line: []geometry.Point{at(0, 500, 0)}, Structure: &geometry.Structure{Solid: solid}, Bottom: twin.Unknown()},
	}
	for i := range 600 {
		line := ring(12, 20+float64(i%50))
		m["600 bent egg sewers in one place"] = append(m["600 bent egg sewers in one place"], twin.Asset{ID: fmt.Sprintf("JS-E%d", i), Kind: twin.KindSegment, Network: "JS",
			Section: geometry.Section{Shape: geometry.Egg, Width: 1, Height: 1.5, Wall: 0.1}, Line: line[:12], Bottom: twin.Unknown()})
	}
	return m
}

// TestContentsStayWithinBounds fills places as no city does: every asset is in just one content, none is too large, and everything else holds as always.
func TestContentsStayWithinBounds(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	for name, list := range absurd(rand.New(rand.NewPCG(seed, 0))) {
		t.Run(name, func(t *testing.T) {
			tw := twinOf(t, list)
			g := tiles.New(tw, tiles.Options{CacheBytes: 1})
			checkTree(t, g, tw.Snapshot(), len(list))
		})
	}
}

// TestFullTileSpills adds to a full place in small changes, and takes away again: bounds hold all the time.
func TestFullTileSpills(t *testing.T) {
	r := rand.New(rand.NewPCG(rand.Uint64(), 0))
	list := absurd(r)["a street of 24,000 pipes"]
	tw := twinOf(t, list[:16_000])
	g := tiles.New(tw, tiles.Options{CacheBytes: 1})
	n := 16_000
	for round := range 4 {
		cs := tw.NewChangeSet("t", "")
		for i := range 600 {
			if err := cs.Create(&list[n+i]); err != nil {
				t.Fatal(err)
			}
		}
		n += 600
		for i := range 40 { // and some that were there before
			rec, _ := tw.Snapshot().Find(list[40*round+i].ID)
			if err := cs.Remove(rec.ID(), rec.Version()); err != nil {
				t.Fatal(err)
			}
		}
		ch, err := tw.Apply(t.Context(), cs)
		if err != nil {
			t.Fatal(err)
		}
		if ch.Bulk {
			t.Fatal("the change is large: the index would be made anew anyhow")
		}
		checkTree(t, g, tw.Snapshot(), n-40*(round+1))
	}
}

// checkTree holds what schemas cannot say: each asset once, contents within bounds and inside their boxes, boxes inside their parents', errors that fall,
// and that what is available, and only that, is served.
func checkTree(t *testing.T, g *tiles.Generator, s *twin.Snapshot, assets int) {
	t.Helper()
	v := tiles.View{Snapshot: s}
	seen := map[string]bool{}
	available := map[tiles.Address]bool{}
	for _, f := range contents(t, g, v) {
		available[f.address] = true
		res, err := g.Content(t.Context(), v, f.address, compress.Identity)
		if err != nil {
			t.Fatal(err)
		}
		d := decode(t, res.Body)
		if len(d.ids) > mostAssets || len(res.Body) > mostBytes {
			t.Errorf("%v has %d assets and %d bytes", f.address, len(d.ids), len(res.Body))
		}
		for _, id := range d.ids {
			if seen[id] {
				t.Fatalf("%s is in two contents", id)
			}
			seen[id] = true
		}
		checkPlaces(t, s, d, f)
		if t.Failed() {
			return
		}
	}
	if len(seen) != assets || len(seen) != s.Len() {
		t.Errorf("%d assets in contents, %d in the twin, want %d", len(seen), s.Len(), assets)
	}
	checkAvailability(t, g, v, available)
	checkBoxes(t, everyTile(t, g, v))
}

// checkBoxes holds each tile against its parent: inside its box, and with no greater error.
func checkBoxes(t *testing.T, list []file) {
	t.Helper()
	byAddress := map[tiles.Address]file{}
	for _, f := range list {
		byAddress[f.address] = f
	}
	for _, f := range list {
		a := f.address
		if a.Level == 0 {
			continue
		}
		up, ok := byAddress[tiles.Address{Layer: a.Layer, Level: a.Level - 1, X: a.X / 2, Y: a.Y / 2}]
		if !ok {
			t.Errorf("%v has no parent", a)
			continue
		}
		if f.err > up.err {
			t.Errorf("%v has an error of %v, its parent %v", a, f.err, up.err)
		}
		for k := range 8 {
			var p [3]float64
			for i := range p {
				p[i] = f.box[i]
				for axis := range 3 {
					p[i] += f.box[3+3*axis+i] * float64(k>>axis&1*2-1)
				}
			}
			// Both boxes are 5 cm larger than they need to be.
			insideBy(t, p, up, 0.06)
		}
	}
}

// checkAvailability asks for tiles beside and below those that are available.
func checkAvailability(t *testing.T, g *tiles.Generator, v tiles.View, available map[tiles.Address]bool) {
	t.Helper()
	for a := range available {
		for k := range uint32(4) {
			for _, b := range []tiles.Address{{Layer: a.Layer, Level: a.Level, X: a.X ^ k&1, Y: a.Y ^ k>>1}, {Layer: a.Layer, Level: a.Level + 1, X: 2*a.X + k&1, Y: 2*a.Y + k>>1}} {
				_, err := g.Content(t.Context(), v, b, compress.Identity)
				if served := err == nil; served != available[b] {
					t.Errorf("%v: available %v, served %v", b, available[b], served)
				}
			}
		}
	}
}
