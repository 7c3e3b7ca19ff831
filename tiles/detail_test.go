package tiles_test

import (
	"testing"

	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/twin"
)

// TestDetail looks at which contents of a city show things at full detail: each asset of a dense layer that is small is in one of them, and a change gives its
// content another state, and the others not.
func TestDetail(t *testing.T) {
	tw := city(t, 20_000)
	g := tiles.New(tw, tiles.Options{})
	view := tiles.View{Snapshot: tw.Snapshot()}
	states := func() (map[tiles.Address]tiles.DetailState, map[twin.ID]tiles.Address) {
		m, in := map[tiles.Address]tiles.DetailState{}, map[twin.ID]tiles.Address{}
		for level := range uint8(8) {
			for x := range uint32(1) << level {
				for y := range uint32(1) << level {
					a := tiles.Address{Layer: "JS", Level: level, X: x, Y: y}
					if d, ok := g.Detail(view, a); ok {
						m[a] = d.State
						d.Each(func(r twin.Record) { in[r.ID()] = a })
					}
				}
			}
		}
		return m, in
	}
	before, in := states()
	if len(before) < 4 {
		t.Fatalf("%d contents show full detail", len(before))
	}
	var id twin.ID
	for r := range tw.Snapshot().All {
		if r.Layer() == "JS" && r.Kind() == twin.KindSegment && r.Drawn().OuterWidth() < 0.1 {
			if _, ok := in[r.ID()]; !ok {
				t.Fatalf("%s is in no content at full detail", r.ID())
			}
			id = r.ID()
		}
	}
	old, _ := tw.Snapshot().Get(id)
	moved := *old
	moved.Name = "renamed"
	cs := tw.NewChangeSet("t", "")
	if err := cs.Update(&moved, old.Version); err != nil {
		t.Fatal(err)
	}
	if _, err := tw.Apply(t.Context(), cs); err != nil {
		t.Fatal(err)
	}
	view.Snapshot = tw.Snapshot()
	after, _ := states()
	for a, s := range before {
		if (after[a] != s) != (a == in[id]) {
			t.Errorf("%v: another state %v, the change was in %v", a, after[a] != s, in[id])
		}
	}
}
