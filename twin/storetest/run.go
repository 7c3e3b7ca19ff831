// Package storetest says what every twin.Store must do, so that a city can move from one to another and nobody notices.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
)

// Open opens the store in a folder, which may hold one from before.
type Open func(t *testing.T, dir string) twin.Store

// Run runs every test against stores that open makes.
func Run(t *testing.T, open Open) {
	for name, test := range map[string]func(*testing.T, Open){
		"empty": empty, "states of every revision": states, "conflict": conflict, "failed commit": failed, "reopen": reopen, "base": base, "unknown stays unknown": unknown,
		"model": model, "create of what exists": createTwice, "iterator that fails": brokenOff, "readers beside a writer": readers, "progress and count": progress, "records": records,
	} {
		t.Run(name, func(t *testing.T) { test(t, open) })
	}
}

var same = cmp.Options{cmpopts.EquateNaNs(), cmpopts.EquateEmpty(), cmpopts.EquateApprox(0, 1e-9)}

var somewhere = geometry.Point{E: 500100, N: 4150100, H: 3}

func frame(t *testing.T) *crs.Frame {
	t.Helper()
	c, err := crs.Parse("EPSG:4549")
	if err != nil {
		t.Fatal(err)
	}
	// A city's own datum shift and separation are part of its frame.
	own, err := crs.ParseShift("helmert:1.5,-2.25,0.75,0.1,-0.2,0.3,1.5@0.05")
	if err != nil {
		t.Fatal(err)
	}
	f, err := crs.NewFrame(c.WithShift(own), "1985国家高程基准", 12.5)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func asset(id string, h float64) *twin.Asset {
	return &twin.Asset{ID: "JS-" + id, SourceNumber: id, Kind: twin.KindSegment, Network: "JS", Name: "供水 · 主管", Status: twin.StatusInService, Secrecy: twin.SecrecyRestricted, Material: "DI", Bottom: twin.Unknown(),
		Section: geometry.Round(0.3, 0.0072), Reference: twin.RefCrown, Line: []geometry.Point{{E: 500000, N: 4150000, H: h}, {E: 500030, N: 4150004, H: h}},
		Ground: []float64{h + 1.5, twin.Unknown()}, Attributes: []twin.Attr{{Key: "备注", Value: "a\"b'c"}}}
}

type change struct {
	op twin.Op
	a  *twin.Asset
}

// commit commits changes as the next revision.
func commit(t *testing.T, s twin.Store, changes ...change) error {
	t.Helper()
	head, err := s.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := &twin.Commit{Revision: head.Revision + 1, Time: time.UnixMilli(1_700_000_000_000 + int64(head.Revision)*60_000).UTC(), Author: "某人", Note: "n", Count: len(changes)}
	if head.Frame == nil {
		c.Frame, c.Square = frame(t), twin.Square{MinE: 499000, MinN: 4149000, Size: 2000}
	}
	slices.SortFunc(changes, func(a, b change) int {
		if a.a.ID < b.a.ID {
			return -1
		}
		return 1
	})
	c.Changes = func(yield func(twin.Op, *twin.Asset) bool) {
		for _, ch := range changes {
			a := *ch.a
			a.Revision, a.Recorded = c.Revision, c.Time
			if !yield(ch.op, &a) {
				return
			}
		}
	}
	return s.Commit(t.Context(), c)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func state(t *testing.T, s twin.Store, revision uint64) map[string]*twin.Asset {
	t.Helper()
	m := map[string]*twin.Asset{}
	last := ""
	for a, err := range s.Assets(t.Context(), revision) {
		must(t, err)
		if a.ID <= last {
			t.Errorf("%s comes after %s", a.ID, last)
		}
		last = a.ID
		m[a.ID] = a
	}
	return m
}

func version(a *twin.Asset, v uint32) *twin.Asset { a.Version = v; return a }

func empty(t *testing.T, open Open) {
	s := open(t, t.TempDir())
	h, err := s.Head(t.Context())
	must(t, err)
	if h.Revision != 0 || h.Frame != nil || h.ID == "" {
		t.Errorf("head of a new store: %+v", h)
	}
	if n := len(state(t, s, 0)); n != 0 {
		t.Errorf("%d assets in a new store", n)
	}
	vs, err := s.History(t.Context(), "JS-1")
	if err != nil || len(vs) != 0 {
		t.Errorf("history of nothing: %v, %v", vs, err)
	}
	must(t, s.Close())
}

// states commits creates, updates, removals and a second life, and reads every revision back.
func states(t *testing.T, open Open) {
	s := open(t, t.TempDir())
	defer func() { must(t, s.Close()) }()
	want := []map[string]*twin.Asset{{}}
	next := func(changes ...change) {
		t.Helper()
		must(t, commit(t, s, changes...))
		m := maps.Clone(want[len(want)-1])
		for _, c := range changes {
			if c.op == twin.OpRemove {
				delete(m, c.a.ID)
			} else {
				m[c.a.ID] = c.a
			}
		}
		want = append(want, m)
	}
	next(change{twin.OpCreate, version(asset("1", 3), 1)}, change{twin.OpCreate, version(asset("2", 4), 1)})
	next(change{twin.OpUpdate, version(asset("1", 3.5), 2)})
	next(change{twin.OpRemove, version(asset("2", 0), 2)}, change{twin.OpCreate, version(asset("3", 5), 1)})
	next(change{twin.OpCreate, version(asset("2", 6), 1)}, change{twin.OpUpdate, version(asset("1", 3.6), 3)})
	moved := version(asset("3", 5), 2)
	moved.Kind, moved.Line, moved.Ground = twin.KindNode, moved.Line[:1], moved.Ground[:1]
	next(change{twin.OpUpdate, moved})
	for rev := 1; rev < len(want); rev++ {
		got := state(t, s, uint64(rev))
		for _, a := range got {
			a.Revision, a.Recorded = 0, time.Time{}
		}
		if d := cmp.Diff(want[rev], got, same); d != "" {
			t.Errorf("revision %d: -want +got\n%s", rev, d)
		}
	}
	vs, err := s.History(t.Context(), "JS-2")
	must(t, err)
	var told []string
	for _, v := range vs {
		told = append(told, fmt.Sprintf("%d %s %s %s %.1f", v.Revision, v.Op, v.Author, v.Time.Format("15:04"), v.Asset.Line[0].H))
	}
	if d := cmp.Diff([]string{"1 create 某人 22:13 4.0", "3 remove 某人 22:15 4.0", "4 create 某人 22:16 6.0"}, told); d != "" {
		t.Errorf("history: -want +got\n%s", d)
	}
	rev, err := s.RevisionAt(t.Context(), time.UnixMilli(1_700_000_000_000+90_000))
	if err != nil || rev != 2 {
		t.Errorf("revision at 90 s: %d, %v", rev, err)
	}
	infos, err := s.Revisions(t.Context(), 1, 2)
	if err != nil || len(infos) != 2 || infos[0].Revision != 2 || infos[1].Changes != 2 {
		t.Errorf("revisions after 1: %+v, %v", infos, err)
	}
}

func conflict(t *testing.T, open Open) {
	s := open(t, t.TempDir())
	defer func() { must(t, s.Close()) }()
	must(t, commit(t, s, change{twin.OpCreate, version(asset("1", 3), 1)}))
	err := s.Commit(t.Context(), &twin.Commit{Revision: 1, Changes: func(func(twin.Op, *twin.Asset) bool) {}})
	if twin.KindOf(err) != twin.Conflict {
		t.Errorf("a second revision 1: %v", err)
	}
	if err := commit(t, s, change{twin.OpUpdate, version(asset("9", 3), 2)}); twin.KindOf(err) != twin.Conflict {
		t.Errorf("an update of nothing: %v", err)
	}
	if h, _ := s.Head(t.Context()); h.Revision != 1 {
		t.Errorf("revision %d after refused commits", h.Revision)
	}
}

// failed breaks a commit off in its middle and finds nothing of it.
func failed(t *testing.T, open Open) {
	s := open(t, t.TempDir())
	defer func() { must(t, s.Close()) }()
	must(t, commit(t, s, change{twin.OpCreate, version(asset("1", 3), 1)}))
	before := state(t, s, 0)
	broken := version(asset("3", 3), 1)
	broken.Network = "no such network"
	if err := commit(t, s, change{twin.OpUpdate, version(asset("1", 9), 2)}, change{twin.OpCreate, version(asset("2", 3), 1)}, change{twin.OpCreate, broken}); err == nil {
		t.Fatal("a broken asset was stored")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Commit(ctx, &twin.Commit{Revision: 2, Count: 1, Changes: func(func(twin.Op, *twin.Asset) bool) {}}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled commit: %v", err)
	}
	if d := cmp.Diff(before, state(t, s, 0), same); d != "" {
		t.Errorf("after failed commits: -want +got\n%s", d)
	}
	must(t, commit(t, s, change{twin.OpCreate, version(asset("2", 3), 1)}))
}

func reopen(t *testing.T, open Open) {
	dir := t.TempDir()
	s := open(t, dir)
	must(t, commit(t, s, change{twin.OpCreate, version(asset("1", 3), 1)}))
	want, err := s.Head(t.Context())
	must(t, err)
	before := state(t, s, 0)
	must(t, s.Close())
	s = open(t, dir)
	defer func() { must(t, s.Close()) }()
	got, err := s.Head(t.Context())
	must(t, err)
	if got.ID != want.ID || got.Revision != 1 || !got.Time.Equal(want.Time) || got.Square != want.Square || got.Frame.CRS.Code() != "EPSG:4549" || got.Frame.VerticalDatum != "1985国家高程基准" || got.Frame.ECEF(somewhere) != frame(t).ECEF(somewhere) {
		t.Errorf("head %+v, want %+v", got, want)
	}
	if d := cmp.Diff(before, state(t, s, 0), same); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

func base(t *testing.T, open Open) {
	dir := t.TempDir()
	s := open(t, dir)
	must(t, commit(t, s, change{twin.OpCreate, version(asset("1", 3), 1)}))
	want := &twin.Base{Title: "城", Streets: []twin.Street{{Name: "海滨路", NameEN: "Haibin Road", Class: "main", Width: 24, Line: []geometry.Point{{E: 1, N: 2, H: 3}, {E: 4, N: 5, H: 6}}}},
		Places:  []twin.Place{{Name: "广场", Class: "place", At: geometry.Point{E: 7, N: 8}}},
		Terrain: &twin.Terrain{StepE: 1, StepN: 1, Cols: 2, Rows: 1, Heights: []float32{4.5, float32(twin.Unknown())}, Source: "x"}}
	versions := map[uint64]bool{}
	for range 3 {
		h, err := s.Head(t.Context())
		must(t, err)
		versions[h.BaseVersion] = true
		must(t, s.SetBase(t.Context(), want))
	}
	must(t, s.Close())
	s = open(t, dir)
	defer func() { must(t, s.Close()) }()
	got, err := s.Base(t.Context())
	must(t, err)
	if d := cmp.Diff(want, got, same); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if len(versions) != 3 {
		t.Errorf("three states of the base data have %d versions", len(versions))
	}
}

// unknown keeps 0 and unknown apart in every field that can be either.
func unknown(t *testing.T, open Open) {
	s := open(t, t.TempDir())
	defer func() { must(t, s.Close()) }()
	zero := version(asset("0", 0), 1)
	zero.Ground = []float64{0, 0}
	none := version(asset("1", 0), 1)
	none.Ground, none.Section, none.HeightAssumed, none.Assumed = nil, geometry.Section{}, []bool{true, false}, twin.AssumedGeometry|twin.AssumedDiameter
	pit := version(&twin.Asset{ID: "WS-1", SourceNumber: "1", Kind: twin.KindChamber, Network: "WS", Line: []geometry.Point{{E: 500000, N: 4150000, H: 0}}, Bottom: 0}, 1)
	open1 := version(&twin.Asset{ID: "WS-2", SourceNumber: "2", Kind: twin.KindChamber, Network: "WS", Line: []geometry.Point{{E: 500000, N: 4150000, H: 0}}, Bottom: twin.Unknown()}, 1)
	must(t, commit(t, s, change{twin.OpCreate, zero}, change{twin.OpCreate, none}, change{twin.OpCreate, pit}, change{twin.OpCreate, open1}))
	got := state(t, s, 0)
	for _, w := range []*twin.Asset{zero, none, pit, open1} {
		g := got[w.ID]
		w.Revision, w.Recorded = g.Revision, g.Recorded
		if d := cmp.Diff(w, g, same); d != "" {
			t.Errorf("%s: -want +got\n%s", w.ID, d)
		}
	}
}
