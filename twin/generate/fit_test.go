package generate_test

import (
	"math/rand/v2"
	"testing"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/generate"
)

// TestChambersOfLargeCities: a chamber reaches below every pipe that opens into it. In small cities no street comes in much deeper than another.
func TestChambersOfLargeCities(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	c, err := generate.New(generate.Options{Segments: 200_000, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for a := range c.Assets {
		if a.Structure == nil || a.Structure.Chamber == nil || twin.IsUnknown(a.Bottom) {
			continue
		}
		for _, o := range a.Structure.Chamber.Openings {
			n++
			if o.Invert < a.Bottom {
				t.Errorf("%s: the opening of %s at %.3f m is below the floor at %.3f m", a.ID, o.Asset, o.Invert, a.Bottom)
			}
		}
	}
	if n < 1000 {
		t.Errorf("%d openings", n)
	}
}
