package twin_test

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
)

var sameAsset = cmp.Options{cmpopts.EquateNaNs(), cmpopts.EquateEmpty(), cmpopts.EquateApprox(0, 1e-6)}

func frame(t testing.TB) *crs.Frame {
	t.Helper()
	c, err := crs.Parse("EPSG:4549")
	if err != nil {
		t.Fatal(err)
	}
	f, err := crs.NewFrame(c, "1985国家高程基准", 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func open(t testing.TB, s twin.Store, o twin.Options) *twin.Twin {
	t.Helper()
	tw, err := twin.Open(t.Context(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	return tw
}

// apply applies what fill puts into a change set.
func apply(t testing.TB, tw *twin.Twin, fill func(cs *twin.ChangeSet) error) (*twin.Change, error) {
	t.Helper()
	cs := tw.NewChangeSet("test", "")
	cs.SetFrame(frame(t))
	if err := fill(cs); err != nil {
		return nil, err
	}
	return tw.Apply(t.Context(), cs)
}

func pipe(id string, e, n float64) *twin.Asset {
	return &twin.Asset{
		ID: "JS-" + id, Kind: twin.KindSegment, Network: "JS", Status: twin.StatusInService, Material: "DI",
		Section: geometry.Round(0.3, 0.0072), Reference: twin.RefCrown, Bottom: twin.Unknown(),
		Line:   []geometry.Point{{E: e, N: n, H: 3.5}, {E: e + 30, N: n + 4, H: 3.4}},
		Ground: []float64{4.9, 5.0}, SourceNumber: id,
	}
}

func TestAssetRoundTrip(t *testing.T) {
	full := &twin.Asset{
		ID: "WS-井~2F7", Kind: twin.KindChamber, Network: "WS", Name: "跌水井", Owner: "市水务集团", Material: "CON", Status: twin.StatusAbandoned, Secrecy: twin.SecrecySecret,
		Section: geometry.Section{Shape: geometry.Rectangle, Width: 1.2, Height: 0.9, Wall: 0.24},
		Line:    []geometry.Point{{E: 500123.4567, N: 4153210.9876, H: 38.123}}, Ground: []float64{38.123}, Bottom: 34.001,
		Quality:   twin.Quality{Level: twin.LevelB, Horizontal: 0.2, Vertical: 0.3, Source: "隐蔽管线点"},
		Installed: "1998-05-02", ValidFrom: time.Date(1998, 5, 2, 0, 0, 0, 0, time.UTC),
		SourceNumber: "井/7", Road: "海滨路", Feature: "三通", Appurtenance: "跌水井", In: "ZH-1",
		Attributes: []twin.Attr{{Key: "探测单位", Value: "测绘院"}, {Key: "empty", Value: ""}},
	}
	bank := &twin.Asset{
		ID: "DL-1", Kind: twin.KindSegment, Network: "DL", Status: twin.StatusPlanned, Bottom: twin.Unknown(), SourceNumber: "1",
		Section: geometry.Section{Shape: geometry.DuctBank, Width: 0.6, Height: 0.4, Cols: 3, Rows: 2}, Reference: twin.RefCrown,
		Line: []geometry.Point{{E: 1, N: 2, H: -1.25}, {E: 3, N: 4, H: twin.Unknown()}, {E: 9, N: 4, H: -1.75}}, Ground: []float64{0, twin.Unknown(), 0.5},
	}
	gallery := &twin.Asset{ID: "ZH-1", Kind: twin.KindGallery, Network: "ZH", Bottom: twin.Unknown(), SourceNumber: "1",
		Line: []geometry.Point{{E: 500000, N: 4153000, H: 1}, {E: 500100, N: 4153000, H: 1}}, Ground: []float64{7, 7}}
	tw := open(t, newMemory(), twin.Options{})
	bank.Line = []geometry.Point{{E: 500001, N: 4153002, H: -1.25}, {E: 500003, N: 4153004, H: twin.Unknown()}, {E: 500009, N: 4153004, H: -1.75}}
	want := []*twin.Asset{full, bank, gallery}
	if _, err := apply(t, tw, func(cs *twin.ChangeSet) error {
		return errors.Join(cs.Create(full), cs.Create(bank), cs.Create(gallery))
	}); err != nil {
		t.Fatal(err)
	}
	// What Apply adds: versions, and for the unknown height the one between its neighbours, marked.
	bank.Line[1].H = -1.25 - 0.5*math.Hypot(2, 2)/(math.Hypot(2, 2)+6)
	bank.HeightAssumed = []bool{false, true, false}
	bank.Assumed = twin.AssumedGeometry
	gallery.Assumed = twin.AssumedDiameter
	for _, w := range want {
		got, ok := tw.Snapshot().Get(w.ID)
		if !ok {
			t.Fatalf("%s is missing", w.ID)
		}
		if got.Version != 1 || got.Revision != 1 || got.Recorded.IsZero() {
			t.Errorf("%s: version %d, revision %d, recorded %v", w.ID, got.Version, got.Revision, got.Recorded)
		}
		w.Version, w.Revision, w.Recorded = got.Version, got.Revision, got.Recorded
		w.Line, got.Line = rounded(w.Line), rounded(got.Line)
		if d := cmp.Diff(w, got, sameAsset); d != "" {
			t.Errorf("%s: -want +got\n%s", w.ID, d)
		}
	}
}

func rounded(ps []geometry.Point) []geometry.Point {
	for i := range ps {
		for _, v := range []*float64{&ps[i].E, &ps[i].N, &ps[i].H} {
			*v = math.Round(*v*1e4) / 1e4
		}
	}
	return ps
}

func TestUnknownIsAssumedAndSaysSo(t *testing.T) {
	tests := []struct {
		name    string
		edit    func(a *twin.Asset)
		height  float64 // of the first vertex
		assumed []string
		cover   float64
	}{
		{"all known", func(*twin.Asset) {}, 3.5, nil, 1.4},
		{"no heights", func(a *twin.Asset) { a.Line[0].H, a.Line[1].H = twin.Unknown(), twin.Unknown() }, 4.3, []string{"geometry", "cover"}, twin.Unknown()},
		{"one height", func(a *twin.Asset) { a.Line[0].H = twin.Unknown() }, 3.4, []string{"geometry"}, 1.6},
		{"no diameter", func(a *twin.Asset) { a.Section = geometry.Section{} }, 3.5, []string{"diameter"}, 1.4},
		{"no wall", func(a *twin.Asset) { a.Section.Wall = 0 }, 3.5, []string{"outerDiameter"}, 1.4},
		{"no ground", func(a *twin.Asset) { a.Ground = nil }, 3.5, []string{"cover"}, twin.Unknown()},
		{"nothing", func(a *twin.Asset) {
			a.Ground, a.Section = nil, geometry.Section{}
			a.Line[0].H, a.Line[1].H = twin.Unknown(), twin.Unknown()
		}, -0.6, []string{"geometry", "diameter", "cover"}, twin.Unknown()},
		{"gravity, no diameter", func(a *twin.Asset) {
			a.ID, a.Network, a.Reference, a.Section = "WS-1", "WS", twin.RefInvert, geometry.Section{}
		}, 3.5, []string{"diameter", "cover"}, twin.Unknown()},
		{"bridge without a section", func(a *twin.Asset) {
			a.ID, a.Network, a.Kind, a.Reference, a.Section = "QL-1", "QL", twin.KindBridge, twin.RefAxis, geometry.Section{}
			a.Structure = &geometry.Structure{Bridge: &geometry.Bridge{Deck: geometry.Deck{Width: 9, Thickness: 0.3}}}
		}, 3.5, nil, twin.Unknown()},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := pipe("1", 500000, 4150000)
			test.edit(a)
			tw := open(t, newMemory(), twin.Options{})
			if _, err := apply(t, tw, func(cs *twin.ChangeSet) error { return cs.Create(a) }); err != nil {
				t.Fatal(err)
			}
			got, _ := tw.Snapshot().Get(a.ID)
			if math.Abs(got.Line[0].H-test.height) > 1e-9 {
				t.Errorf("height %v, want %v", got.Line[0].H, test.height)
			}
			if d := cmp.Diff(test.assumed, got.Assumed.Names(), cmpopts.EquateEmpty()); d != "" {
				t.Errorf("assumed: -want +got\n%s", d)
			}
			if d := cmp.Diff(test.cover, got.MinCover(), sameAsset); d != "" {
				t.Errorf("cover: -want +got\n%s", d)
			}
			// Reading it and writing it back must not turn an assumed height into a known one.
			c, err := apply(t, tw, func(cs *twin.ChangeSet) error { return cs.Put(got) })
			if err != nil || c.Unchanged != 1 {
				t.Errorf("writing back what was read changes it: %+v, %v", c, err)
			}
		})
	}
}

func TestApplyRefuses(t *testing.T) {
	tests := []struct {
		name string
		kind twin.ErrorKind
		fill func(cs *twin.ChangeSet) error
		want string
	}{
		{"a second create", twin.Conflict, func(cs *twin.ChangeSet) error { return cs.Create(pipe("1", 500000, 4150000)) }, "JS-1 exists already, at version 1; read it again and repeat the change"},
		{"an old version", twin.Conflict, func(cs *twin.ChangeSet) error { return cs.Update(pipe("1", 500000, 4150000), 7) }, "JS-1 moved on from version 7 to 1; read it again and repeat the change"},
		{"one that is gone", twin.Conflict, func(cs *twin.ChangeSet) error { return cs.Remove("JS-9", 1) }, "JS-9 does not exist any more; read it again and repeat the change"},
		{"twice the same", twin.Invalid, func(cs *twin.ChangeSet) error {
			return errors.Join(cs.Create(pipe("2", 500000, 4150000)), cs.Create(pipe("2", 500000, 4150000)))
		}, "JS-2 stands twice in one change set; keep one of the two"},
		{"a missing end", twin.Invalid, func(cs *twin.ChangeSet) error {
			a := pipe("2", 500000, 4150000)
			a.From = "JS-N7"
			return cs.Create(a)
		}, `JS-2 names JS-N7 in "from", which does not exist; change both in one change set`},
		{"a removed end", twin.Invalid, func(cs *twin.ChangeSet) error { return cs.Remove("JS-N1", 1) }, "JS-N1 cannot be removed, because JS-1 ends at it; change both in one change set"},
		{"far away", twin.Invalid, func(cs *twin.ChangeSet) error { return cs.Create(pipe("2", 600000, 4150000)) }, "JS-2 lies at 600000.0, 4150000.0, outside the installation's square of 2500 m from 499015, 4149002; check the coordinates and the CRS, or set the installation up anew with a larger extent"},
		{"not a number", twin.Invalid, func(cs *twin.ChangeSet) error { return cs.Create(pipe("2", math.NaN(), 4150000)) }, "JS-2: the position of vertex 1 is not a number"},
		{"a height of 9999", twin.Invalid, func(cs *twin.ChangeSet) error {
			a := pipe("2", 500000, 4150000)
			a.Line[0].H = 9999
			return cs.Create(a)
		}, "JS-2: a height of 9999 m is not between -500 and 9000 m; check the unit and the column"},
		{"no such network", twin.Invalid, func(cs *twin.ChangeSet) error {
			a := pipe("2", 500000, 4150000)
			a.Network = "??"
			return cs.Create(a)
		}, `JS-2: "??" is not the code of a network; use a code of the catalog, such as JS, WS or RQ`},
		{"an id with a slash", twin.Invalid, func(cs *twin.ChangeSet) error { return cs.Create(pipe("a/b", 500000, 4150000)) }, `the id "JS-a/b" holds '/'; use letters, digits, . _ ~ - and Han characters only`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tw := open(t, newMemory(), twin.Options{})
			node := &twin.Asset{ID: "JS-N1", Kind: twin.KindNode, Network: "JS", Line: []geometry.Point{{E: 500000, N: 4150000, H: 3.5}}, Bottom: twin.Unknown()}
			first := pipe("1", 500000, 4150000)
			first.From = node.ID
			if _, err := apply(t, tw, func(cs *twin.ChangeSet) error { return errors.Join(cs.Create(node), cs.Create(first)) }); err != nil {
				t.Fatal(err)
			}
			before := tw.Snapshot()
			_, err := apply(t, tw, test.fill)
			if err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
			var e *twin.Error
			if errors.As(err, &e) && len(e.Fields) == 1 && !strings.HasPrefix(err.Error(), e.Fields[0].Pointer+" "+e.Fields[0].Reason+";") && !strings.HasPrefix(err.Error(), e.Fields[0].Pointer+": "+e.Fields[0].Reason+";") {
				t.Errorf("the field says less than the sentence: %+v", e.Fields[0])
			}
			if k := twin.KindOf(errors.Unwrap(fmt.Errorf("%w", err))); k != test.kind {
				t.Errorf("kind %d, want %d", k, test.kind)
			}
			if tw.Snapshot() != before {
				t.Error("a refused change published a snapshot")
			}
		})
	}
}

func TestFailedCommitChangesNothing(t *testing.T) {
	m := newMemory()
	tw := open(t, m, twin.Options{})
	m.fail = errors.New("disk full")
	if _, err := apply(t, tw, func(cs *twin.ChangeSet) error { return cs.Create(pipe("1", 500000, 4150000)) }); !errors.Is(err, m.fail) && err == nil {
		t.Fatal("the commit's failure was not returned")
	}
	if s := tw.Snapshot(); s.Revision() != 0 || s.Len() != 0 {
		t.Errorf("revision %d with %d assets after a failed commit", s.Revision(), s.Len())
	}
	if _, err := apply(t, tw, func(cs *twin.ChangeSet) error { return cs.Create(pipe("1", 500000, 4150000)) }); err != nil {
		t.Errorf("the twin does not go on: %v", err)
	}
}

// TestAgainstReference applies random changes and holds every answer of every revision against the maps of the store.
func TestAgainstReference(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m := newMemory()
		file := filepath.Join(t.TempDir(), "start")
		tw, err := twin.Open(t.Context(), m, twin.Options{StartFile: file})
		if err != nil {
			r.Fatal(err)
		}
		for range rapid.IntRange(1, 6).Draw(r, "revisions") {
			cs := tw.NewChangeSet("", "")
			cs.SetFrame(frame(t))
			randomChanges(r, tw.Snapshot(), cs)
			if _, err := tw.Apply(t.Context(), cs); err != nil {
				r.Fatal(err)
			}
			if rapid.Bool().Draw(r, "reopen") {
				if err := tw.Close(); err != nil {
					r.Fatal(err)
				}
				if tw, err = twin.Open(t.Context(), m, twin.Options{StartFile: file}); err != nil {
					r.Fatal(err)
				}
			}
			compare(r, tw.Snapshot(), m)
		}
		for rev := range uint64(len(m.states)) {
			s, err := tw.AsOf(t.Context(), rev)
			if err != nil {
				r.Fatal(err)
			}
			if s.Len() != len(m.states[rev]) {
				r.Fatalf("as of %d: %d assets, want %d", rev, s.Len(), len(m.states[rev]))
			}
		}
	})
}

func randomChanges(r *rapid.T, s *twin.Snapshot, cs *twin.ChangeSet) {
	for range rapid.IntRange(1, 40).Draw(r, "changes") {
		a := pipe(fmt.Sprint(rapid.IntRange(0, 60).Draw(r, "id")), 500000+rapid.Float64Range(0, 900).Draw(r, "e"), 4150000+rapid.Float64Range(0, 900).Draw(r, "n"))
		a.Line[0].H = rapid.Float64Range(-20, 20).Draw(r, "h")
		if cs.Has(a.ID) {
			continue
		}
		var err error
		if old, ok := s.Find(a.ID); ok && rapid.IntRange(0, 3).Draw(r, "op") == 0 {
			err = cs.Remove(a.ID, old.Version())
		} else {
			err = cs.Put(a)
		}
		if err != nil {
			r.Fatal(err)
		}
	}
}

func compare(r *rapid.T, s *twin.Snapshot, m *memory) {
	want := m.states[m.head.Revision]
	var ids []string
	for rec := range s.All {
		ids = append(ids, rec.ID())
		if d := cmp.Diff(want[rec.ID()], rec.Asset(), cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); d != "" {
			r.Fatalf("%s: -want +got\n%s", rec.ID(), d)
		}
	}
	if !slices.IsSorted(ids) || len(ids) != len(want) || s.Len() != len(want) {
		r.Fatalf("%d assets in order %t, Len %d, want %d", len(ids), slices.IsSorted(ids), s.Len(), len(want))
	}
	e, n := 500000+rapid.Float64Range(-50, 950).Draw(r, "qe"), 4150000+rapid.Float64Range(-50, 950).Draw(r, "qn")
	box := geometry.Box{Min: geometry.Point{E: e, N: n, H: -5}, Max: geometry.Point{E: e + 200, N: n + 200, H: rapid.Float64Range(-5, 20).Draw(r, "qh")}}
	found := map[string]bool{}
	s.In(box, func(rec twin.Record) bool {
		if found[rec.ID()] {
			r.Fatalf("%s was found twice", rec.ID())
		}
		found[rec.ID()] = true
		return true
	})
	for rec := range s.All {
		if b := rec.Box(); b.Intersects(box) != found[rec.ID()] && b.Grow(-0.01).Intersects(box) == b.Grow(0.01).Intersects(box) {
			r.Fatalf("%s with box %v found %t in %v", rec.ID(), b, found[rec.ID()], box)
		}
	}
	var paged []string
	for after, more := "", true; more; {
		page, next := s.Page(after, 7, nil)
		for _, rec := range page {
			paged = append(paged, rec.ID())
		}
		after, more = next, next != ""
	}
	if d := cmp.Diff(ids, paged); d != "" {
		r.Fatalf("pages: -want +got\n%s", d)
	}
}

// TestGroundOfSmallSurvey asks for the ground before and after a small first import.
func TestGroundOfSmallSurvey(t *testing.T) {
	tw := open(t, newMemory(), twin.Options{})
	if s := tw.Snapshot().Ground().Source(); s != "none" {
		t.Errorf("the ground of nothing is from %q", s)
	}
	if _, err := apply(t, tw, func(cs *twin.ChangeSet) error {
		for i := range 5 {
			a := pipe(fmt.Sprint(i), 500000+10*float64(i), 4150000)
			a.Ground = []float64{12, 12}
			if err := cs.Create(a); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	m := tw.Snapshot().Extent().Center()
	if h := tw.Snapshot().Ground().Height(m.E, m.N); h != 12 {
		t.Errorf("the ground is at %v, want 12", h)
	}
}
