package twin_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// sight sees what is graded at most most; what has no grade counts as internal.
func sight(most twin.Secrecy, veiled ...string) *twin.Sight {
	grade := func(r twin.Record) twin.Secrecy {
		if g := r.Secrecy(); g != twin.SecrecyUnset {
			return g
		}
		return twin.SecrecyInternal
	}
	return &twin.Sight{Key: fmt.Sprint(most, veiled), Grade: grade, Sees: func(r twin.Record) bool { return grade(r) <= most }, Veil: twin.NewVeil(veiled)}
}

// counts is the grade that counts of an asset for the sights of this test.
func counts(a *twin.Asset) twin.Secrecy {
	if a.Secrecy == twin.SecrecyUnset {
		return twin.SecrecyInternal
	}
	return a.Secrecy
}

// TestView changes a city in many steps and holds what three classes see against everything looked at, as of now and as of before.
func TestView(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	m := newMemory()
	tw := open(t, m, twin.Options{})
	graded := func(id string) *twin.Asset {
		a := pipe(id, 500000+900*r.Float64(), 4150000+900*r.Float64())
		a.Secrecy, a.Owner = twin.Secrecy(r.IntN(5)), "水务集团"
		return a
	}
	if _, err := apply(t, tw, func(cs *twin.ChangeSet) error {
		for i := range 300 {
			if err := cs.Create(graded(fmt.Sprint(i))); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	most := []twin.Secrecy{twin.SecrecyPublic, twin.SecrecyInternal, twin.SecrecyRestricted}
	sights := []*twin.Sight{sight(most[0]), sight(most[1], "owner"), sight(most[2])}
	for step := range 30 {
		if _, err := apply(t, tw, func(cs *twin.ChangeSet) error { return randomGrades(r, tw.Snapshot(), cs, graded) }); err != nil {
			t.Fatal(err)
		}
		if step%10 == 5 { // everything lies in the packed tree
			if err := tw.Close(); err != nil {
				t.Fatal(err)
			}
			tw = open(t, m, twin.Options{})
		}
		if step%7 == 3 {
			if err := tw.SetBase(t.Context(), &twin.Base{Title: fmt.Sprint(step)}); err != nil {
				t.Fatal(err)
			}
		}
		for _, v := range sights {
			if step%3 == 0 || v != sights[0] { // a class that is brought up to date over several changes at once
				compareView(t, r, tw.Snapshot(), tw.View(v), v)
			}
		}
	}
	for i, v := range sights {
		comparePast(t, tw, 5, v, most[i])
	}
}

func randomGrades(r *rand.Rand, s *twin.Snapshot, cs *twin.ChangeSet, graded func(string) *twin.Asset) error {
	for range 1 + r.IntN(12) {
		id := fmt.Sprint(r.IntN(330))
		if cs.Has("JS-" + id) {
			continue
		}
		old, ok := s.Find("JS-" + id)
		var err error
		switch {
		case !ok:
			err = cs.Create(graded(id))
		case r.IntN(4) == 0:
			err = cs.Remove(old.ID(), old.Version())
		default:
			err = cs.Update(graded(id), old.Version())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func compareView(t *testing.T, r *rand.Rand, whole, s *twin.Snapshot, v *twin.Sight) {
	t.Helper()
	var want []string
	extent := geometry.EmptyBox()
	for rec := range whole.All {
		if v.Sees(rec) {
			want = append(want, rec.ID())
			extent = extent.Union(rec.Box())
		}
		_, found := s.Find(rec.ID())
		a, got := s.Get(rec.ID())
		if found != v.Sees(rec) || got != found || s.Hides(rec.ID()) == found {
			t.Fatalf("%s of grade %s: found %t, got %t, hidden %t", rec.ID(), rec.Secrecy(), found, got, s.Hides(rec.ID()))
		}
		if got && (a.Owner == "") != v.Veil.Hides("owner") {
			t.Fatalf("%s has the owner %q", a.ID, a.Owner)
		}
	}
	var all, page []string
	for rec := range s.All {
		all = append(all, rec.ID())
	}
	for after := ""; ; {
		list, next := s.Page(after, 17, nil)
		for _, rec := range list {
			page = append(page, rec.ID())
		}
		if after = next; next == "" {
			break
		}
	}
	if !slices.Equal(all, want) || !slices.Equal(page, want) || s.Len() != len(want) || s.Withheld() != whole.Len()-len(want) || s.Revision() != whole.Revision() {
		t.Fatalf("%d in all, %d in pages, %d counted, %d withheld; want %d of %d", len(all), len(page), s.Len(), s.Withheld(), len(want), whole.Len())
	}
	if !holds(s.Extent(), extent) {
		t.Fatalf("the extent %v does not hold %v", s.Extent(), extent)
	}
	for range 20 {
		compareIn(t, r, whole, s, v)
	}
}

func holds(a, b geometry.Box) bool { return b.IsEmpty() || a.Union(b) == a }

// compareIn compares what lies in a box.
func compareIn(t *testing.T, r *rand.Rand, whole, s *twin.Snapshot, v *twin.Sight) {
	t.Helper()
	e, n, size := 500000+900*r.Float64(), 4150000+900*r.Float64(), 300*r.Float64()
	box := geometry.Box{Min: geometry.Point{E: e, N: n, H: math.Inf(-1)}, Max: geometry.Point{E: e + size, N: n + size, H: math.Inf(1)}}
	in := func(s *twin.Snapshot) (ids []string) {
		s.In(box, func(rec twin.Record) bool {
			if v.Sees(rec) || s.Sight() != nil {
				ids = append(ids, rec.ID())
			}
			return true
		})
		slices.Sort(ids)
		return ids
	}
	if want, got := in(whole), in(s); !slices.Equal(want, got) {
		t.Fatalf("in %v: %v, want %v", box, got, want)
	}
	for _, h := range s.AppendNear(nil, box) {
		if !v.Sees(whole.Record(h)) {
			t.Fatalf("%s is near", whole.Record(h).ID())
		}
	}
	for _, rec := range s.Nearest(box.Min, 200, 5) {
		if !v.Sees(rec) {
			t.Fatalf("%s is nearest", rec.ID())
		}
	}
}

// comparePast wants of an earlier state what was to be seen then and is still, or was last.
func comparePast(t *testing.T, tw *twin.Twin, revision uint64, v *twin.Sight, most twin.Secrecy) {
	t.Helper()
	then, err := tw.AsOf(t.Context(), revision)
	if err != nil {
		t.Fatal(err)
	}
	s, err := tw.Past(t.Context(), then, v)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for rec := range then.All {
		vs, err := tw.History(t.Context(), rec.ID())
		if err != nil {
			t.Fatal(err)
		}
		vs = slices.DeleteFunc(vs, func(v twin.Version) bool { return v.Op == twin.OpRemove })
		last := counts(vs[len(vs)-1].Asset) <= most
		if last && v.Sees(rec) {
			want = append(want, rec.ID())
		}
		seen, withheld, err := tw.HistoryFor(t.Context(), rec.ID(), v)
		if (err == nil) != last || err == nil && len(seen)+withheld < len(vs) {
			t.Fatalf("history of %s: %d versions, %d withheld, %v", rec.ID(), len(seen), withheld, err)
		}
		for _, h := range seen {
			if h.Op != twin.OpRemove && (counts(h.Asset) > most || (h.Asset.Owner == "") != v.Veil.Hides("owner")) {
				t.Fatalf("%s: a version of grade %q, owner %q", rec.ID(), h.Asset.Secrecy, h.Asset.Owner)
			}
		}
	}
	var got []string
	for rec := range s.All {
		got = append(got, rec.ID())
	}
	if !slices.Equal(got, want) {
		t.Fatalf("as of %d: %v, want %v", revision, got, want)
	}
}

// TestSurveyKeepsGrades imports a survey again that says nothing of grades, after somebody has graded an asset.
func TestSurveyKeepsGrades(t *testing.T) {
	tw := open(t, newMemory(), twin.Options{})
	put := func(grade twin.Secrecy, wall float64) {
		t.Helper()
		a := pipe("1", 500000, 4150000)
		a.Secrecy, a.Section.Wall = grade, wall
		if _, err := apply(t, tw, func(cs *twin.ChangeSet) error { return cs.Put(a) }); err != nil {
			t.Fatal(err)
		}
	}
	put(twin.SecrecyUnset, 0.01)
	put(twin.SecrecySecret, 0.01)
	put(twin.SecrecyUnset, 0.02)
	if a, _ := tw.Snapshot().Get("JS-1"); a.Secrecy != twin.SecrecySecret || a.Section.Wall != 0.02 || a.Version != 3 {
		t.Errorf("after the import: %s, wall %v, version %d", a.Secrecy, a.Section.Wall, a.Version)
	}
	put(twin.SecrecyUnset, 0.02)
	if r := tw.Snapshot().Revision(); r != 3 {
		t.Errorf("the same again made revision %d", r)
	}
	put(twin.SecrecyPublic, 0.02)
	if a, _ := tw.Snapshot().Get("JS-1"); a.Secrecy != twin.SecrecyPublic {
		t.Errorf("after a grade was said: %s", a.Secrecy)
	}
}

// TestViewsUnderLoad reads as several classes while the city changes.
func TestViewsUnderLoad(t *testing.T) {
	tw := open(t, newMemory(), twin.Options{})
	grades := twin.Secrecies()
	put := func(n int) error {
		_, err := apply(t, tw, func(cs *twin.ChangeSet) error {
			for i := range 20 {
				a := pipe(fmt.Sprint(i), 500000+float64(10*i), 4150000)
				a.Secrecy, a.Name = grades[(i+n)%len(grades)], fmt.Sprint(n)
				if err := cs.Put(a); err != nil {
					return err
				}
			}
			return nil
		})
		return err
	}
	if err := put(0); err != nil {
		t.Fatal(err)
	}
	var readers sync.WaitGroup
	stop := make(chan struct{})
	for i := range 3 {
		readers.Go(func() {
			v := sight(grades[i])
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				s := tw.View(v)
				if s.Len() != 5*(i+1) {
					t.Errorf("class %d sees %d", i, s.Len())
					return
				}
				for rec := range s.All {
					if rec.Secrecy() > grades[i] || !strings.HasPrefix(rec.ID(), "JS-") {
						t.Errorf("class %d sees %s of grade %s", i, rec.ID(), rec.Secrecy())
						return
					}
				}
			}
		})
	}
	for n := range 200 {
		if err := put(n + 1); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	readers.Wait()
}
