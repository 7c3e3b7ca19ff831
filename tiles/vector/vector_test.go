package vector_test

import (
	"flag"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/planar"
	"github.com/paulmach/orb/project"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/twin"
)

var update = flag.Bool("update", false, "write the golden files anew")

// everything is a city with some of each kind: what is generated, and what is written here.
func everything(t testing.TB, segments int) *twin.Twin {
	t.Helper()
	return packed(t, func(tw *twin.Twin) {
		load(t, tw, segments)
		c := tw.Snapshot().Extent().Center()
		at := func(e, n float64) geometry.Point { return geometry.Point{E: c.E + e, N: c.N + n, H: 2} }
		round := geometry.Round(0.3, 0.02)
		cs := tw.NewChangeSet("t", "")
		for _, a := range []*twin.Asset{
			{ID: "ZH-zone", Kind: twin.KindZone, Network: "ZH", Name: "地下车库", Line: []geometry.Point{at(0, 0), at(90, 10), at(80, 70), at(30, 60), at(-10, 50), at(0, 0)}},
			{ID: "ZH-solid", Kind: twin.KindSolid, Network: "ZH", Line: []geometry.Point{at(100, 100)}, Structure: &geometry.Structure{Solid: &geometry.Solid{
				Vertices: [][3]float64{{0, 0, 0}, {10, 0, 0}, {0, 8, 0}, {2, 2, 6}}, Faces: [][3]uint32{{0, 2, 1}, {0, 1, 3}, {1, 2, 3}, {2, 0, 3}}}}},
			{ID: "QL-bridge", Kind: twin.KindBridge, Network: "SD", Line: []geometry.Point{at(-200, -50), at(-120, -60)}, Structure: &geometry.Structure{Bridge: &geometry.Bridge{Deck: geometry.Deck{Width: 14, Thickness: 1}}}},
			{ID: "JS-upright", Kind: twin.KindSegment, Network: "JS", Section: round, Line: []geometry.Point{at(5, 5), at(5, 5).Add(geometry.Point{H: -2})}},
			{ID: "JS-wavy", Kind: twin.KindSegment, Network: "JS", Section: geometry.Round(1, 0.1), Line: wave(at(-300, -300), 400)},
		} {
			a.Bottom, a.Status = twin.Unknown(), twin.StatusInService
			if err := cs.Create(a); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := tw.Apply(t.Context(), cs); err != nil {
			t.Fatal(err)
		}
	})
}

func wave(p geometry.Point, n int) []geometry.Point {
	line := make([]geometry.Point, n)
	for i := range line {
		line[i] = p.Add(geometry.Point{E: 2 * float64(i), N: 6 * math.Sin(float64(i)/3)})
	}
	return line
}

type feature struct {
	*geojson.Feature
	layer string
}

// vector reads one tile with orb.
func vector(t testing.TB, g *tiles.Generator, v tiles.View, a tiles.VectorAddress) []feature {
	t.Helper()
	r, err := g.Vector(t.Context(), v, a, compress.Identity)
	if err != nil {
		t.Fatal(err)
	}
	layers, err := mvt.Unmarshal(r.Body)
	if err != nil {
		t.Fatalf("%v: %v", a, err)
	}
	var list []feature
	for _, l := range layers {
		if l.Version != 2 || l.Extent != 4096 || len(l.Features) == 0 {
			t.Errorf("%v: layer %s: version %d, extent %d, %d features", a, l.Name, l.Version, l.Extent, len(l.Features))
		}
		for _, f := range l.Features {
			list = append(list, feature{f, l.Name})
		}
	}
	return list
}

// unitsOf projects as orb does: the exact way of the frame to degrees, and from there to units of the tile.
func unitsOf(f interface {
	LonLat(e, n float64) (lon, lat float64)
}, a tiles.VectorAddress, p geometry.Point) orb.Point {
	lon, lat := f.LonLat(p.E, p.N)
	m := project.WGS84.ToMercator(orb.Point{lon, lat})
	const world = 2 * math.Pi * 6378137
	n := math.Ldexp(1, int(a.Z))
	return orb.Point{((m[0]/world+0.5)*n - float64(a.X)) * 4096, ((0.5-m[1]/world)*n - float64(a.Y)) * 4096}
}

// seenFrom is the rule of what is shown, written down a second time: least outer size by zoom.
func seenFrom(c *twin.Catalog, r twin.Record, z uint8) bool {
	switch r.Kind() {
	case twin.KindNode:
		return z >= 18
	case twin.KindChamber:
		return z >= 17
	case twin.KindSegment:
		net, _ := c.Network(r.Network())
		size := max(r.Drawn().OuterWidth(), r.Drawn().OuterHeight())
		if net.Flow == twin.FlowPressure || net.Flow == twin.FlowCable {
			size *= 2
		}
		least := map[uint8]float64{8: 1.2, 9: 1.2, 10: 1, 11: 0.8, 12: 0.5, 13: 0.3, 14: 0.15}[z]
		return size >= least
	}
	return true
}

func partsOf(g orb.Geometry) []orb.LineString {
	switch g := g.(type) {
	case orb.LineString:
		return []orb.LineString{g}
	case orb.MultiLineString:
		return g
	case orb.Polygon:
		return []orb.LineString{orb.LineString(g[0])}
	}
	return nil
}

func fromLine(p orb.Point, parts []orb.LineString) float64 {
	best := math.Inf(1)
	for _, l := range parts {
		best = min(best, planar.DistanceFrom(l, p))
	}
	return best
}

// TestVectorTiles holds each tile of some zooms against every asset of the snapshot, projected the exact way: what should be seen is there, where it is and
// as it is; what lies outside or is too small is not.
func TestVectorTiles(t *testing.T) {
	tw := everything(t, 600)
	s := tw.Snapshot()
	g := tiles.New(tw, tiles.Options{})
	v := tiles.View{Snapshot: s}
	var all []twin.Record
	for r := range s.All {
		all = append(all, r)
	}
	f := s.Frame()
	c := s.Extent().Center()
	for _, z := range []uint8{14, 15, 16, 17, 18, 20} {
		lon, lat := f.LonLat(c.E, c.N)
		m := maptile.At(orb.Point{lon, lat}, maptile.Zoom(z))
		reach := uint32(1)
		features, checked := 0, 0
		for x := m.X - reach; x <= m.X+reach; x++ {
			for y := m.Y - reach; y <= m.Y+reach; y++ {
				a := tiles.VectorAddress{Z: z, X: x, Y: y}
				n, k := compareTile(t, s, all, a, vector(t, g, v, a))
				features, checked = features+n, checked+k
			}
		}
		if checked < 10 {
			t.Errorf("zoom %d: only %d assets had to be there", z, checked)
		}
		t.Logf("zoom %d: %d features, %d had to be there", z, features, checked)
	}
}

// compareTile returns how many features of assets the tile has, and how many assets had to be there.
func compareTile(t *testing.T, s *twin.Snapshot, all []twin.Record, a tiles.VectorAddress, got []feature) (features, due int) {
	t.Helper()
	byID := map[string]feature{}
	for _, f := range got {
		if f.layer == "street" {
			continue
		}
		id, _ := f.Properties["id"].(string)
		if _, twice := byID[id]; twice || id == "" {
			t.Fatalf("%v: %q is there twice or has no ID", a, id)
		}
		byID[id] = f
	}
	perMetre := func(p geometry.Point) float64 {
		u, w := unitsOf(s.Frame(), a, p), unitsOf(s.Frame(), a, p.Add(geometry.Point{E: 1}))
		return planar.Distance(u, w)
	}
	tolerance := 8.0/3 + 1
	if a.Z >= 18 {
		tolerance = 1
	}
	for _, r := range all {
		asset := r.Asset()
		ps := asset.Line
		if r.Kind() == twin.KindSolid && asset.Structure != nil {
			ps = nil
			for _, q := range asset.Structure.Solid.Vertices {
				ps = append(ps, asset.Line[0].Add(geometry.Point{E: q[0], N: q[1]}))
			}
		}
		line := make(orb.LineString, len(ps))
		for i, p := range ps {
			line[i] = unitsOf(s.Frame(), a, p)
		}
		b := line.Bound()
		half := (r.Box().Max.E - r.Box().Min.E) // more than its half width
		margin := 66 + half*perMetre(ps[0])
		if r.Kind() == twin.KindSegment {
			margin = 66 + r.Drawn().OuterWidth()*perMetre(ps[0])
		}
		f, there := byID[r.ID()]
		outside := b.Min[0] > 4096+margin || b.Min[1] > 4096+margin || b.Max[0] < -margin || b.Max[1] < -margin
		if there && (outside || !seenFrom(s.Catalog(), r, a.Z)) {
			t.Errorf("%v: %s should not be there", a, r.ID())
		}
		inside := false
		for i := range line {
			for k := range 11 {
				p := line[i]
				if i > 0 {
					t := float64(k) / 10
					p = orb.Point{line[i-1][0] + t*(line[i][0]-line[i-1][0]), line[i-1][1] + t*(line[i][1]-line[i-1][1])}
				}
				if p[0] < 0 || p[0] > 4096 || p[1] < 0 || p[1] > 4096 {
					continue
				}
				inside = true
				if there && !r.Kind().IsPoint() && r.Kind() != twin.KindSolid {
					if d := fromLine(p, partsOf(f.Geometry)); d > tolerance {
						t.Errorf("%v: %s lacks its part at %v: %.1f units away", a, r.ID(), p, d)
					}
				}
			}
		}
		long := max(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1])
		large := r.Kind().IsPoint() || a.Z >= 17 && long > 2 || long > 8.5
		if inside && seenFrom(s.Catalog(), r, a.Z) && large {
			due++
			if !there {
				t.Errorf("%v: %s is missing (%v long)", a, r.ID(), long)
				continue
			}
		}
		if !there {
			continue
		}
		delete(byID, r.ID())
		features++
		compareFeature(t, asset, r, f, line, tolerance)
	}
	for id := range byID {
		t.Errorf("%v: there is no asset %s", a, id)
	}
	return features, due
}

// compareFeature holds geometry and attributes against the asset.
func compareFeature(t *testing.T, a *twin.Asset, r twin.Record, f feature, line orb.LineString, tolerance float64) {
	t.Helper()
	want := map[string]any{"id": a.ID, "network": a.Network, "layer": r.Layer(), "kind": a.Kind.String(), "status": a.Status.String()}
	if a.Name != "" {
		want["name"] = a.Name
	}
	if a.Section.Known() {
		want["diameter"] = math.Round(a.Section.Width*1000) / 1000
	}
	if c := a.MinCover(); !twin.IsUnknown(c) {
		want["cover"] = math.Round(c*100) / 100
	}
	if twin.MaterialIsKnown(a.Material) {
		want["material"] = a.Material
	}
	if y := twin.YearOf(a.Installed); y != 0 {
		want["installed"] = float64(y)
	}
	if a.Quality.Level != twin.LevelUnknown {
		want["quality"] = a.Quality.Level.String()
	}
	got := map[string]any(f.Properties)
	if a.Assumed != 0 {
		want["assumed"] = strings.Join(a.Assumed.Names(), ",")
	}
	delete(got, "symbol")
	if w, ok := got["width"].(float64); ok {
		if drawn := r.Drawn().OuterWidth(); a.Structure == nil && math.Abs(w-drawn) > 0.001 || w <= 0 {
			t.Errorf("%s is %v wide, drawn %v", a.ID, w, drawn)
		}
		delete(got, "width")
	} else if a.Kind != twin.KindZone && a.Kind != twin.KindSolid {
		t.Errorf("%s has no width", a.ID)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %s", a.ID, diff)
	}
	if f.layer != a.Kind.String() {
		t.Errorf("%s is in layer %s", a.ID, f.layer)
	}
	if id, ok := f.ID.(float64); !ok || id < 1 || id >= 1<<49 {
		t.Errorf("%s has the number %v", a.ID, f.ID)
	}
	switch g := f.Geometry.(type) {
	case orb.Point:
		if !a.Kind.IsPoint() || planar.Distance(g, line[0]) > 0.8 {
			t.Errorf("%s at %v, want %v", a.ID, g, line[0])
		}
	case orb.Polygon:
		if a.Kind != twin.KindZone && a.Kind != twin.KindSolid {
			t.Errorf("%s is a polygon", a.ID)
		}
	default:
		for _, part := range partsOf(g) {
			for _, p := range part {
				if d := planar.DistanceFrom(line, p); d > tolerance {
					t.Errorf("%s: vertex %v is %.1f units off", a.ID, p, d)
				}
			}
		}
	}
}

// TestVectorRuns holds the tiles of coarse zooms against the mains of the snapshot: every one that is shown lies along a run of its layer, and runs lie
// along mains.
func TestVectorRuns(t *testing.T) {
	tw := everything(t, 4000)
	s := tw.Snapshot()
	g := tiles.New(tw, tiles.Options{})
	v := tiles.View{Snapshot: s}
	c := s.Extent().Center()
	lon, lat := s.Frame().LonLat(c.E, c.N)
	for _, z := range []uint8{9, 11, 12, 13} {
		m := maptile.At(orb.Point{lon, lat}, maptile.Zoom(z))
		a := tiles.VectorAddress{Z: z, X: m.X, Y: m.Y}
		runs, others := map[string][]orb.LineString{}, map[string]bool{}
		for _, f := range vector(t, g, v, a) {
			if f.layer != "segment" {
				if id, ok := f.Properties["id"].(string); ok {
					others[id] = true
				}
				continue
			}
			if f.ID != nil || f.Properties["id"] != nil {
				t.Errorf("zoom %d: a run has an ID", z)
			}
			n := f.Properties["layer"].(string)
			runs[n] = append(runs[n], partsOf(f.Geometry)...)
		}
		mains := map[string][]orb.LineString{}
		for r := range s.All {
			if r.Kind() != twin.KindSegment || !seenFrom(s.Catalog(), r, z) {
				continue
			}
			var line orb.LineString
			for _, p := range r.Asset().Line {
				line = append(line, unitsOf(s.Frame(), a, p))
			}
			if b := line.Bound(); b.Max[0] < -99 || b.Max[1] < -99 || b.Min[0] > 4195 || b.Min[1] > 4195 {
				continue
			}
			mains[r.Layer()] = append(mains[r.Layer()], line)
		}
		missed, total := 0, 0
		for layer, list := range mains {
			for _, line := range list {
				if p := line[0]; p[0] < 0 || p[0] > 4096 || p[1] < 0 || p[1] > 4096 {
					continue
				}
				total++
				// Half a pixel for the grid, half one for thinning, and lone pieces below a pixel are left out.
				if d := fromLine(line[0], runs[layer]); d > 8 {
					missed++
				}
			}
		}
		if allowed := total / 50; z >= 11 && missed > allowed || missed > total/10 {
			t.Errorf("zoom %d: %d of %d mains are in no run", z, missed, total)
		}
		for layer, list := range runs {
			for _, run := range list {
				for _, p := range run {
					if d := fromLine(p, mains[layer]); d > 16 && p[0] >= 0 && p[0] <= 4096 && p[1] >= 0 && p[1] <= 4096 {
						t.Errorf("zoom %d: a run of %s at %v is %.1f units from any main: %v", z, layer, p, d, run)
					}
				}
			}
		}
		if z >= 12 && (total == 0 || !others["ZH-zone"] && z >= 13) {
			t.Errorf("zoom %d: %d mains, others %v", z, total, others)
		}
		t.Logf("zoom %d: %d mains, %d in no run", z, total, missed)
	}
}

// TestVectorStreets wants each street of the base data at the finest zooms, by name, and new base data at once.
func TestVectorStreets(t *testing.T) {
	tw := everything(t, 300)
	s, f := tw.Snapshot(), tw.Snapshot().Frame()
	g := tiles.New(tw, tiles.Options{})
	v := tiles.View{Snapshot: s}
	names := func() map[string]bool {
		m := map[string]bool{}
		for _, st := range tw.Base().Streets {
			for _, p := range st.Line {
				lon, lat := f.LonLat(p.E, p.N)
				at := maptile.At(orb.Point{lon, lat}, 16)
				for _, ft := range vector(t, g, v, tiles.VectorAddress{Z: 16, X: at.X, Y: at.Y}) {
					if ft.layer != "street" {
						continue
					}
					m[ft.Properties["name"].(string)] = true
				}
			}
		}
		return m
	}
	got := names()
	for _, st := range tw.Base().Streets {
		if !got[st.Name] {
			t.Errorf("%s is missing", st.Name)
		}
	}
	if len(got) == 0 {
		t.Fatal("no street")
	}
	b := tw.Base().Clone()
	for i := range b.Streets {
		b.Streets[i].Name += "新"
	}
	if err := tw.SetBase(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	for n := range names() {
		if got[n] {
			t.Errorf("%s is still there", n)
		}
	}
}

// TestVectorBounds asks for tiles that cannot be, and for such as hold nothing.
func TestVectorBounds(t *testing.T) {
	tw := everything(t, 200)
	g := tiles.New(tw, tiles.Options{})
	v := tiles.View{Snapshot: tw.Snapshot()}
	for _, a := range []tiles.VectorAddress{{Z: 23}, {Z: 255}, {Z: 0, X: 1}, {Z: 1, Y: 2}, {Z: 22, X: 1 << 22}, {Z: 14, X: math.MaxUint32}} {
		if _, err := g.Vector(t.Context(), v, a, compress.Identity); err == nil {
			t.Errorf("%v is a tile", a)
		}
	}
	for _, a := range []tiles.VectorAddress{{Z: 0}, {Z: 14, X: 0, Y: 0}, {Z: 22, X: 1<<22 - 1, Y: 1<<22 - 1}, {Z: 14, X: 8192, Y: 16383}} {
		for _, enc := range []compress.Encoding{compress.Identity, compress.Gzip, compress.Zstd, compress.Brotli} {
			r, err := g.Vector(t.Context(), v, a, enc)
			if err != nil || len(r.Body) != 0 || r.ETag == "" || r.Encoding != compress.Identity {
				t.Errorf("%v %q: %v, %d bytes, tag %s", a, enc, err, len(r.Body), r.ETag)
			}
		}
	}
	none := lines(t, nil)
	if r, err := tiles.New(none, tiles.Options{}).Vector(t.Context(), tiles.View{Snapshot: none.Snapshot()}, tiles.VectorAddress{Z: 3}, compress.Gzip); err != nil || len(r.Body) != 0 {
		t.Errorf("a twin without assets: %v, %d bytes", err, len(r.Body))
	}
}
