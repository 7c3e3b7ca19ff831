package vector_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/planar"

	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/twin"
)

// TestPreparedTilesAreAsOthers compares tiles at random of prepared assets with those of assets that are decoded for each tile: the same features with the
// same attributes, and the same lines but for how a vertex is rounded. Room for prepared assets is so little that most are dropped again; assets change
// meanwhile; readers who see all, some of the assets, and some of their attributes take turns.
func TestPreparedTilesAreAsOthers(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	tw := everything(t, 1500)
	prepared := tiles.New(tw, tiles.Options{CacheBytes: 1, PreparedBytes: 60000})
	others := tiles.New(tw, tiles.Options{CacheBytes: 1, PreparedBytes: -1})
	sights := []*twin.Sight{nil,
		{Key: "half", Sees: func(r twin.Record) bool { id := r.ID(); return id[len(id)-1]%2 == 0 }},
		{Key: "veiled", Veil: twin.NewVeil([]string{"name", "material", "installed"})}}
	then := tw.Snapshot()
	features := 0
	for round := range 60 {
		if round%5 == 4 {
			editSome(t, tw, r, 40)
		}
		v := tiles.View{Snapshot: tw.View(sights[round%3])}
		if round%10 == 9 {
			v = tiles.View{Snapshot: then, Past: true}
		}
		b := v.Snapshot.Extent()
		f := v.Snapshot.Frame()
		lon, lat := f.LonLat(b.Min.E+r.Float64()*b.Size().E, b.Min.N+r.Float64()*b.Size().N)
		z := 14 + r.IntN(9)
		m := maptile.At(orb.Point{lon, lat}, maptile.Zoom(z))
		a := tiles.VectorAddress{Z: uint8(z), X: m.X, Y: m.Y}
		features += compareDrawn(t, a, byID(vector(t, prepared, v, a)), byID(vector(t, others, v, a)))
	}
	if features < 1000 {
		t.Errorf("%d features show too little", features)
	}
}

// editSome gives some assets at random another width, name and place.
func editSome(t *testing.T, tw *twin.Twin, r *rand.Rand, n int) {
	t.Helper()
	var ids []string
	for rec := range tw.Snapshot().All {
		ids = append(ids, rec.ID())
	}
	cs := tw.NewChangeSet("t", "")
	for i := range n {
		a, _ := tw.Snapshot().Get(ids[r.IntN(len(ids))])
		if cs.Has(a.ID) || a.Kind != twin.KindSegment || a.Structure != nil {
			continue
		}
		a.Section.Width, a.Section.Height, a.Name = 0.3+r.Float64(), 0, fmt.Sprint("线", i)
		a.Section.Height = a.Section.Width
		for k := range a.Line {
			a.Line[k].E += 3
		}
		if err := cs.Update(a, a.Version); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := tw.Apply(t.Context(), cs); err != nil {
		t.Fatal(err)
	}
}

func byID(list []feature) map[string]feature {
	m := map[string]feature{}
	for _, f := range list {
		m[fmt.Sprint(f.layer, f.Properties["id"], f.Properties["name"])] = f
	}
	return m
}

// compareDrawn returns how many features are in both.
func compareDrawn(t *testing.T, a tiles.VectorAddress, got, want map[string]feature) (both int) {
	t.Helper()
	for id, w := range want {
		g, ok := got[id]
		if !ok {
			if !marginal(w) {
				t.Errorf("%v: %s is missing", a, id)
			}
			continue
		}
		both++
		if diff := cmp.Diff(map[string]any(w.Properties), map[string]any(g.Properties)); diff != "" || w.ID != g.ID {
			t.Errorf("%v: %s is other: %s", a, id, diff)
		}
		p, q := partsOf(g.Geometry), partsOf(w.Geometry)
		if len(p) != len(q) {
			t.Errorf("%v: %s has %d parts, want %d", a, id, len(p), len(q))
			continue
		}
		for i := range p {
			compareLine(t, fmt.Sprint(a, id), p[i], q[i], 1.5+0.005*math.Ldexp(mvtExtent, int(a.Z))/4e7)
		}
	}
	for id, g := range got {
		if _, ok := want[id]; !ok && !marginal(g) {
			t.Errorf("%v: %s should not be there", a, id)
		}
	}
	return both
}

const mvtExtent = 4096

// compareLine compares straights by their ends. room, in units, is for two coordinates that are rounded the other way, and for 5 mm by which a line that is
// straight in the plane is bent on the map. Of lines with bends, rounding may decide which
// vertices are thinned out: those that are left lie within what thinning may change.
func compareLine(t *testing.T, name string, got, want orb.LineString, room float64) {
	t.Helper()
	if len(got) == 2 && len(want) == 2 {
		for k := range got {
			if planar.Distance(got[k], want[k]) > room {
				t.Errorf("%s: at %v, want %v", name, got[k], want[k])
			}
		}
		return
	}
	for _, way := range [...][2]orb.LineString{{got, want}, {want, got}} {
		for _, v := range way[0] {
			if d := planar.DistanceFrom(way[1], v); d > 8.0/3+room {
				t.Errorf("%s: %v is %.1f units away: got %v, want %v", name, v, d, got, want)
			}
		}
	}
}

// marginal reports whether rounding may decide if a feature is there: it is about a pixel long, or lies at the rim of the margin.
func marginal(f feature) bool {
	b := f.Geometry.Bound()
	long := max(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1])
	return math.Abs(long-8) <= 1 || long <= 1 || b.Max[0] < -50 || b.Max[1] < -50 || b.Min[0] > 4146 || b.Min[1] > 4146
}
