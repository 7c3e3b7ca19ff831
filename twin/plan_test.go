package twin_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// plan is what a map needs of an asset, gathered the slow way or the quick one.
type plan struct {
	ID, Name            string
	Line                []geometry.Point
	Section, Drawn      geometry.Section
	Cover               float64
	Network             string
	Material, Installed string
}

// TestPlan holds what is decoded in one pass against the ways that decode each thing for itself. The same Plan serves one asset after another.
func TestPlan(t *testing.T) {
	codec := twin.NewCodec(twin.Standard())
	networks := twin.Standard().Networks()
	var p twin.Plan
	rapid.Check(t, func(t *rapid.T) {
		b, err := codec.Marshal(normal(drawAsset(t)))
		if err != nil {
			t.Fatal(err)
		}
		for r := range (&records{newMemory(), [][]byte{bytes.Clone(b)}}).open(t).All {
			r.Plan(&p)
			a := r.Asset()
			got := plan{string(p.ID), string(p.Name), p.Line, p.Section, p.Drawn, p.Cover, networks[r.NetworkNumber()].Code, p.Material, p.Installed}
			want := plan{a.ID, a.Name, a.Line, a.Section, r.Drawn(), a.MinCover(), a.Network, a.Material, a.Installed}
			if d := cmp.Diff(want, got, cmpopts.EquateNaNs()); d != "" {
				t.Fatalf("-want +got\n%s", d)
			}
		}
	})
}
