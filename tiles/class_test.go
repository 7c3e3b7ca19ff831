package tiles_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/twin"
)

// upTo is the sight of who sees what is graded at most so; without a grade of its own an asset is internal.
func upTo(most twin.Secrecy, veiled ...string) *twin.Sight {
	return &twin.Sight{Key: fmt.Sprint(most, veiled), Veil: twin.NewVeil(veiled), Sees: func(r twin.Record) bool {
		g := r.Secrecy()
		if g == twin.SecrecyUnset {
			g = twin.SecrecyInternal
		}
		return g <= most
	}}
}

// regrade gives some assets of a city grades at random.
func regrade(t *testing.T, tw *twin.Twin, r *rand.Rand, n int) {
	t.Helper()
	var ids []string
	for rec := range tw.Snapshot().All {
		ids = append(ids, rec.ID())
	}
	cs := tw.NewChangeSet("test", "")
	for range n {
		a, _ := tw.Snapshot().Get(ids[r.IntN(len(ids))])
		if cs.Has(a.ID) {
			continue
		}
		a.Secrecy = twin.Secrecy(r.IntN(5))
		if err := cs.Update(a, a.Version); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := tw.Apply(t.Context(), cs); err != nil {
		t.Fatal(err)
	}
}

// TestClassesSeeTheirs decodes every content of three classes of rights: each holds what its class sees, once, within the boxes, and no byte of an ID of
// what is hidden; as grades change, one by one and many at once.
func TestClassesSeeTheirs(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	tw := city(t, 800)
	g := tiles.New(tw, tiles.Options{})
	sights := []*twin.Sight{nil, upTo(twin.SecrecyPublic), upTo(twin.SecrecyInternal, "material"), upTo(twin.SecrecyRestricted)}
	regrade(t, tw, r, 700)
	for round := range 4 {
		for i, v := range sights {
			if round == 2 && i == 1 {
				continue // takes over two rounds at once
			}
			compareClass(t, g, tw, v)
		}
		for range 3 {
			regrade(t, tw, r, 1+r.IntN(20))
		}
	}
	then, err := tw.AsOf(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	past, err := tw.Past(t.Context(), then, sights[1])
	if err != nil {
		t.Fatal(err)
	}
	compareContents(t, g, tiles.View{Snapshot: past, Past: true})
}

func compareClass(t *testing.T, g *tiles.Generator, tw *twin.Twin, v *twin.Sight) {
	t.Helper()
	s := tw.View(v)
	view := tiles.View{Snapshot: s}
	compareContents(t, g, view)
	root, err := g.Root(t.Context(), view, compress.Identity)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct{ Extras *struct{ Withheld int } }
	if err := json.Unmarshal(root.Body, &doc); err != nil || (v == nil) != (doc.Extras == nil) || v != nil && doc.Extras.Withheld != s.Withheld() {
		t.Errorf("the root says %+v of %d withheld, %v", doc.Extras, s.Withheld(), err)
	}
}

func compareContents(t *testing.T, g *tiles.Generator, view tiles.View) {
	t.Helper()
	s := view.Snapshot
	hidden := map[string]bool{}
	for r := range s.Whole().All {
		if s.Hides(r.ID()) {
			hidden[r.ID()] = true
		}
	}
	var got []string
	for _, f := range contents(t, g, view) {
		res, err := g.Content(t.Context(), view, f.address, compress.Identity)
		if err != nil {
			t.Fatal(err)
		}
		c := decode(t, res.Body)
		got = append(got, c.ids...)
		for _, id := range c.ids {
			if hidden[id] {
				t.Fatalf("%v holds %s", f.address, id)
			}
		}
		if id := named(res.Body, hidden, c.ids); id != "" {
			t.Fatalf("%v names %s", f.address, id)
		}
	}
	var want []string
	for r := range s.All {
		want = append(want, r.ID())
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Fatalf("the contents hold %d assets, want %d", len(got), len(want))
	}
}

// named returns a hidden ID that stands in the bytes, "" where there is none; IDs may stand one behind the other with nothing between. A hidden ID is not
// named by a longer one that begins with it.
func named(b []byte, hidden map[string]bool, shown []string) string {
	known := maps.Clone(hidden)
	for _, id := range shown {
		known[id] = false
	}
	longest := 0
	for id := range known {
		longest = max(longest, len(id))
	}
	for i := 0; i+4 < len(b); i++ {
		if b[i+2] != '-' {
			continue
		}
		for n := min(longest, len(b)-i); n > 3; n-- {
			if is, ok := known[string(b[i:i+n])]; ok {
				if is {
					return string(b[i : i+n])
				}
				break
			}
		}
	}
	return ""
}

// TestClassesUnderLoad reads contents and vector tiles as several classes while grades change.
func TestClassesUnderLoad(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	tw := city(t, 300)
	g := tiles.New(tw, tiles.Options{})
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for _, v := range []*twin.Sight{nil, upTo(twin.SecrecyPublic), upTo(twin.SecrecyInternal), upTo(twin.SecrecyRestricted)} {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				view := tiles.View{Snapshot: tw.View(v)}
				res, err := g.Content(t.Context(), view, tiles.Address{Layer: "JS", Level: 0}, compress.Identity)
				if err != nil && twin.KindOf(err) != twin.NotFound {
					t.Error(err)
					return
				}
				_ = res
			}
		})
	}
	for range 60 {
		regrade(t, tw, r, 5)
	}
	close(stop)
	readers.Wait()
}
