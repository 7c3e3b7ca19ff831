package tiles_test

import (
	"fmt"
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/twin"
)

// TestLayerGrows adds many pipes in small changes: each is in one content all the time, and no content grows without end.
func TestLayerGrows(t *testing.T) {
	tw := lines(t, []geometry.Section{geometry.Round(0.2, 0.01)})
	g := tiles.New(tw, tiles.Options{})
	n := 1
	for round := range 12 {
		cs := tw.NewChangeSet("t", "")
		for i := range 400 {
			at := geometry.Point{E: 499500 + float64((round*400+i)%97)*10, N: 4149500 + float64((round*400+i)/97)*18, H: 3}
			a := &twin.Asset{ID: fmt.Sprintf("JS-%d-%d", round, i), Kind: twin.KindSegment, Network: "JS", Section: geometry.Round(0.2, 0.01),
				Line: []geometry.Point{at, at.Add(geometry.Point{E: 8})}, Bottom: twin.Unknown()}
			if err := cs.Create(a); err != nil {
				t.Fatal(err)
			}
			n++
		}
		ch, err := tw.Apply(t.Context(), cs)
		if err != nil {
			t.Fatal(err)
		}
		if ch.Bulk {
			t.Fatal("the change is large: the index would be made anew anyhow")
		}
		v := tiles.View{Snapshot: tw.Snapshot()}
		seen, most := map[string]bool{}, 0
		for _, f := range contents(t, g, v) {
			r, err := g.Content(t.Context(), v, f.address, compress.Identity)
			if err != nil {
				t.Fatal(err)
			}
			ids := decode(t, r.Body).ids
			for _, id := range ids {
				if seen[id] {
					t.Fatalf("%s is in two contents", id)
				}
				seen[id] = true
			}
			most = max(most, len(ids))
		}
		if len(seen) != n {
			t.Errorf("round %d: %d assets in contents, %d in the twin", round, len(seen), n)
		}
		if most > 5000 {
			t.Errorf("round %d: a content has %d assets", round, most)
		}
	}
}
