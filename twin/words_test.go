package twin_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/undercity/undercity/twin"
)

// TestHolding looks for words in a city of all sorts of names, over a packed tree with edits on it and as two readers, and compares with every asset
// looked at.
func TestHolding(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	m := newMemory()
	tw := open(t, m, twin.Options{})
	odd := func(i int) *twin.Asset {
		a := pipe(fmt.Sprint(i), 500000+float64(i), 4150000)
		a.Road = []string{"", "海滨路", "Harbour Road", "环海路"}[r.IntN(4)]
		a.Name = []string{"", "", "主管 A7", "Main b12"}[r.IntN(4)]
		a.Secrecy = twin.Secrecy(r.IntN(5))
		if r.IntN(5) == 0 {
			a.SourceNumber = fmt.Sprintf("Alt/%d", i)
		}
		if r.IntN(4) == 0 {
			a.Feature, a.Appurtenance = "三通", "阀门"
		}
		return a
	}
	put := func(from, to int) {
		t.Helper()
		if _, err := apply(t, tw, func(cs *twin.ChangeSet) error {
			for i := from; i < to; i++ {
				if err := cs.Put(odd(i)); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	put(0, 400)
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	tw = open(t, m, twin.Options{})
	put(350, 450)
	for _, v := range []*twin.Sight{nil, sight(twin.SecrecyInternal, "road"), sight(twin.SecrecyRestricted, "name")} {
		s := tw.View(v)
		for _, q := range []string{"1", "js-12", "JS-12", "harbour", "HARBOUR r", "海滨", "路", "主管", "b12", "alt/3", "x", "none of them", "s-", "阀门"} {
			low := strings.ToLower(q)
			var want []string
			for rec := range s.All {
				a := rec.Asset()
				if slices.ContainsFunc([]string{a.ID, a.Road, a.Name, a.SourceNumber}, func(w string) bool { return strings.Contains(strings.ToLower(w), low) }) {
					want = append(want, a.ID)
				}
			}
			for _, limit := range []int{1, 7, 1000} {
				var got []string
				for _, rec := range s.Holding(twin.NewWords(q), limit) {
					got = append(got, rec.ID())
				}
				if !slices.Equal(got, want[:min(limit, len(want))]) {
					t.Fatalf("%q up to %d: %v, want %v", q, limit, got, want)
				}
			}
		}
	}
}
