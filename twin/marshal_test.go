package twin_test

import (
	"bytes"
	"context"
	"testing"

	"pgregory.net/rapid"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// marshalled is a store that holds Commit.Record against the codec.
type marshalled struct {
	*memory
	t  *rapid.T
	of map[twin.ID]bool
}

func (m *marshalled) Commit(ctx context.Context, c *twin.Commit) error {
	codec := twin.NewCodec(twin.Standard())
	for op, a := range c.Changes {
		if op == twin.OpRemove {
			continue
		}
		want, err := codec.Marshal(a)
		if err != nil {
			m.t.Fatal(err)
		}
		if got := c.Record([]byte("before")); !bytes.Equal(got, append([]byte("before"), want...)) {
			m.t.Fatalf("%+v\nis marshalled as\n%q, want\n%q", a, got, want)
		}
		m.of[a.ID] = true
	}
	return m.memory.Commit(ctx, c)
}

// TestCommitRecord holds what a commit hands over as records against what the codec makes of its assets, for creates, updates and removals.
func TestCommitRecord(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m := &marshalled{newMemory(), r, map[twin.ID]bool{}}
		tw, err := twin.Open(t.Context(), m, twin.Options{})
		if err != nil {
			r.Fatal(err)
		}
		list := rapid.SliceOfNDistinct(rapid.Custom(drawAsset), 1, 20, func(a *twin.Asset) twin.ID { return a.ID }).Draw(r, "assets")
		for round := range 2 {
			cs := tw.NewChangeSet("a", "n")
			cs.SetFrame(frame(t))
			for i, a := range list {
				a.From, a.To = "", ""
				if round == 1 {
					if i%3 == 0 {
						if err := cs.Remove(a.ID, 1); err != nil {
							r.Fatal(err)
						}
						continue
					}
					a.Name += "!"
				}
				if err := cs.Put(a); err != nil {
					r.Fatal(err)
				}
			}
			end := &twin.Asset{ID: "WS-end", Network: "WS", Kind: twin.KindNode, Line: []geometry.Point{{E: 500000, N: 4150000, H: float64(round)}}, Bottom: twin.Unknown()}
			line := &twin.Asset{ID: "WS-end~end", Network: "WS", Kind: twin.KindSegment, From: end.ID, To: end.ID, In: end.ID, Line: []geometry.Point{{E: 500000, N: 4150000}, {E: 500001, N: 4150000, H: float64(round)}},
				Bottom: twin.Unknown()}
			for _, a := range []*twin.Asset{end, line} {
				if err := cs.Put(a); err != nil {
					r.Fatal(err)
				}
			}
			if _, err := tw.Apply(t.Context(), cs); err != nil {
				r.Fatal(err)
			}
		}
		if len(m.of) != len(list)+2 {
			r.Fatalf("%d assets were looked at, not %d", len(m.of), len(list)+2)
		}
	})
}
