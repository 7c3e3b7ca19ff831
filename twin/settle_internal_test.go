package twin

import (
	"fmt"
	"testing"

	"github.com/undercity/undercity/geometry"
)

// TestSettledInPlace settles lines whose heights need the ground of others, and finds each once in memory, as it would have been packed at first.
func TestSettledInPlace(t *testing.T) {
	cat := Standard()
	cs := &ChangeSet{pack: packer{dict: newDict(), cat: cat}, extent: geometry.EmptyBox()}
	line := func(i, vertices int) *Asset {
		a := &Asset{ID: NewID("JS", fmt.Sprint("L", i)), Kind: KindSegment, Network: "JS", Reference: RefCrown, Bottom: Unknown(), Status: StatusInService}
		for v := range vertices {
			a.Line = append(a.Line, geometry.Point{E: 500000 + float64(10*i+v), N: 4150000 + float64(i%7), H: Unknown()})
			a.Ground = append(a.Ground, Unknown())
		}
		return a
	}
	const n = 50
	for i := range n {
		if err := cs.Put(line(i, 2+i%5)); err != nil {
			t.Fatal(err)
		}
	}
	high := func(e, n float64) float64 { return 4000 + e - 500000 }
	for item := range cs.items {
		a := cs.record(cs.items[item].handle).Asset()
		cat.settle(a, high)
		cs.repack(item, a)
	}
	if cs.arena.count != n {
		t.Errorf("%d records for %d assets", cs.arena.count, n)
	}
	for i := range n {
		got, ok := cs.Get(NewID("JS", fmt.Sprint("L", i)))
		if !ok {
			t.Fatalf("asset %d is gone", i)
		}
		want := 4000 + got.Line[0].E - 500000 - cat.StandardCover("JS").Value
		if h := got.Line[0].H; h < want-1e-3 || h > want+1e-3 || !got.HeightAssumed[0] {
			t.Errorf("asset %d is drawn at %.3f, want %.3f", i, h, want)
		}
	}
}
