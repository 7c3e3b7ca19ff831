package vector_test

import (
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/twin"
)

// TestVectorChange changes one asset and reads every tile of the city at some zooms before and after: those that changed are those it lies in.
func TestVectorChange(t *testing.T) {
	tw := everything(t, 400)
	g := tiles.New(tw, tiles.Options{})
	for _, id := range []string{"JS-wavy", "JS-000010", "ZH-zone"} {
		r, ok := tw.Snapshot().Find(id)
		if !ok {
			t.Fatalf("no %s", id)
		}
		box := r.Box().Grow(400)
		tags := func() map[tiles.VectorAddress]string {
			m := map[tiles.VectorAddress]string{}
			v := tiles.View{Snapshot: tw.Snapshot()}
			for _, z := range []uint8{8, 12, 13, 14, 15, 16, 17, 18, 19} {
				west, south := v.Snapshot.Frame().LonLat(box.Min.E, box.Min.N)
				east, north := v.Snapshot.Frame().LonLat(box.Max.E, box.Max.N)
				a, b := maptile.At(orb.Point{west, north}, maptile.Zoom(z)), maptile.At(orb.Point{east, south}, maptile.Zoom(z))
				for x := a.X; x <= b.X; x++ {
					for y := a.Y; y <= b.Y; y++ {
						addr := tiles.VectorAddress{Z: z, X: x, Y: y}
						res, err := g.Vector(t.Context(), v, addr, compress.Identity)
						if err != nil {
							t.Fatal(err)
						}
						m[addr] = res.ETag
					}
				}
			}
			return m
		}
		holds := func(addr tiles.VectorAddress) bool {
			for _, f := range vector(t, g, tiles.View{Snapshot: tw.Snapshot()}, addr) {
				if f.Properties["id"] == id {
					return true
				}
			}
			return false
		}
		before := tags()
		held := map[tiles.VectorAddress]bool{}
		for addr := range before {
			held[addr] = holds(addr)
		}
		a := r.Asset()
		a.Status = twin.StatusAbandoned
		cs := tw.NewChangeSet("t", "")
		if err := cs.Update(a, a.Version); err != nil {
			t.Fatal(err)
		}
		if _, err := tw.Apply(t.Context(), cs); err != nil {
			t.Fatal(err)
		}
		changed := 0
		for addr, tag := range tags() {
			switch {
			case addr.Z < 14 && id != "ZH-zone": // runs do not tell of a status
				if tag != before[addr] {
					t.Errorf("%s: %v changed", id, addr)
				}
			case (tag != before[addr]) != held[addr]:
				t.Errorf("%s: %v changed: %v, held it: %v", id, addr, tag != before[addr], held[addr])
			case tag != before[addr]:
				changed++
			}
		}
		if changed < 5 || changed > len(before)*9/10 {
			t.Errorf("%s: %d of %d tiles changed: the test would show nothing", id, changed, len(before))
		}
	}
}
