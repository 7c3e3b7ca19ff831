package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
	"github.com/undercity/undercity/twin/store"
)

func openStore(t *testing.T, dir string, o store.Options) *store.DB {
	t.Helper()
	s, err := store.Open(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// versions is what a store holds as of a revision.
func versions(t *testing.T, s *store.DB, revision uint64) map[twin.ID]uint32 {
	t.Helper()
	m := map[twin.ID]uint32{}
	for a, err := range s.Assets(t.Context(), revision) {
		if err != nil {
			t.Fatal(err)
		}
		m[a.ID] = a.Version
	}
	return m
}

// revise commits the assets from..to-1 as the next revision: creates at version 1, else updates.
func revise(t *testing.T, s *store.DB, from, to int, v uint32) {
	t.Helper()
	h, err := s.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := &twin.Commit{Revision: h.Revision + 1, Time: time.UnixMilli(int64(h.Revision)), Count: to - from, Changes: func(yield func(twin.Op, *twin.Asset) bool) {
		op := twin.OpCreate
		if v > 1 {
			op = twin.OpUpdate
		}
		for i := from; i < to; i++ {
			if !yield(op, someAsset(i, twin.KindNode, v)) {
				return
			}
		}
	}}
	if h.Frame == nil {
		c.Frame, c.Square = wellKnown(t), twin.Square{MinE: 499000, MinN: 4149000, Size: 4000}
	}
	if err := s.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

// TestStoreOfBefore reads, opens and goes on with a file from before there were packs and a table of base data.
func TestStoreOfBefore(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, store.Options{Quick: true})
	revise(t, s, 0, 10, 1)
	revise(t, s, 2, 5, 2)
	want := versions(t, s, 0)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), filepath.Join(dir, store.FileName), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"drop table undercity_pack", "drop table undercity_pack_run", "drop table undercity_pack_gone", "drop table undercity_base",
		"delete from undercity_migration where name > '0002'",
		`insert into undercity_meta values ('base', '{"Streets": [{"Name": "海滨路", "Line": [{"E": 1, "N": 2, "H": 3}]}], "Terrain": {"StepE": 1, "StepN": 1, "Cols": 2, "Rows": 1, "Heights": [4.5, -32768]}, "Title": "城"}')`} {
		if _, err := d.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	base := &twin.Base{Title: "城", Streets: []twin.Street{{Name: "海滨路", Line: []geometry.Point{{E: 1, N: 2, H: 3}}}},
		Terrain: &twin.Terrain{StepE: 1, StepN: 1, Cols: 2, Rows: 1, Heights: []float32{4.5, float32(twin.Unknown())}}}
	for _, o := range []store.Options{{ReadOnly: true}, {Quick: true, PackFrom: 1}} {
		s := openStore(t, dir, o)
		if got, err := s.Base(t.Context()); err != nil || !cmp.Equal(got, base, cmpopts.EquateNaNs()) {
			t.Errorf("%+v: base data %+v, %v", o, got, err)
		}
		if diff := cmp.Diff(want, versions(t, s, 0)); diff != "" {
			t.Errorf("%+v: -want +got\n%s", o, diff)
		}
		if vs, err := s.History(t.Context(), "WS-00003"); err != nil || len(vs) != 2 {
			t.Errorf("%+v: history %v, %v", o, vs, err)
		}
		if !o.ReadOnly {
			base.Title = "新城"
			if err := s.SetBase(t.Context(), base); err != nil {
				t.Error(err)
			}
			if got, err := s.Base(t.Context()); err != nil || !cmp.Equal(got, base, cmpopts.EquateNaNs()) {
				t.Errorf("base data set again: %+v, %v", got, err)
			}
			revise(t, s, 3, 8, 3)
			if got := versions(t, s, 0); got["WS-00003"] != 3 || got["WS-00002"] != 2 || got["WS-00009"] != 1 || len(got) != 10 {
				t.Errorf("after packs on top: %v", got)
			}
			if diff := cmp.Diff(want, versions(t, s, 2)); diff != "" {
				t.Errorf("as of before: -want +got\n%s", diff)
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestParts reads a city that lies in packs, with some rows and some of a second large revision between, in several parts: they are the whole.
func TestParts(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, store.Options{Quick: true})
	defer s.Close()
	revise(t, s, 0, 20_000, 1)
	revise(t, s, 4_000, 4_100, 2)
	revise(t, s, 8_000, 14_000, 2)
	revise(t, s, 10_000, 10_010, 3)
	for revision := range uint64(5) {
		var want, got [][]byte
		for _, list := range []struct {
			parts int
			to    *[][]byte
		}{{1, &want}, {4, &got}} {
			parts, err := s.Records(context.Background(), revision, list.parts)
			if err != nil || (len(parts) > 1) != (list.parts > 1) {
				t.Fatalf("%d parts of %d, %v", len(parts), list.parts, err)
			}
			for _, p := range parts {
				for rec, err := range p {
					if err != nil {
						t.Fatal(err)
					}
					*list.to = append(*list.to, bytes.Clone(rec))
				}
			}
		}
		if len(want) != 20_000 {
			t.Errorf("revision %d: %d records", revision, len(want))
		}
		if !slices.EqualFunc(want, got, bytes.Equal) {
			t.Errorf("revision %d: the parts together are not the whole", revision)
		}
	}
	for i, want := range map[int]string{4_050: "1 create 2 update", 9_000: "1 create 3 update", 10_005: "1 create 3 update 4 update", 15_000: "1 create"} {
		vs, err := s.History(t.Context(), someAsset(i, twin.KindNode, 1).ID)
		if err != nil {
			t.Fatal(err)
		}
		if got := told(vs); got != want {
			t.Errorf("history of %d: %s, want %s", i, got, want)
		}
	}
}

func told(vs []twin.Version) string {
	var words []string
	for _, v := range vs {
		words = append(words, fmt.Sprintf("%d %s", v.Revision, v.Op))
	}
	return strings.Join(words, " ")
}

// FuzzPack reads packs of any bytes: an error or entries that stand in order, never more.
func FuzzPack(f *testing.F) {
	rec, err := twin.NewCodec(twin.Standard()).Marshal(someAsset(3, twin.KindNode, 1))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(store.PackOf(rec))
	f.Add(store.PackOf(rec, rec))
	f.Add([]byte{0xff, 0xff, 0x03, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		ids, err := store.IDsOfPack(b)
		if err == nil && (len(ids) == 0 || !slices.IsSorted(ids) || len(slices.Compact(ids)) != len(ids)) {
			t.Errorf("a pack with the assets %q was taken", ids)
		}
	})
}

// TestNewerStore holds that a file which a newer program has changed is refused, for writing and for reading, instead of shown in part.
func TestNewerStore(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, store.Options{Quick: true})
	revise(t, s, 0, 10, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), filepath.Join(dir, store.FileName), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.ExecContext(t.Context(), "insert into undercity_migration values ('twin', '9999_future.sql', '')"); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	for _, o := range []store.Options{{ReadOnly: true}, {Quick: true}} {
		s, err := store.Open(t.Context(), dir, o)
		if err == nil {
			_, err = twin.Open(t.Context(), s, twin.Options{ReadOnly: true})
		}
		if e := (*twin.Error)(nil); !errors.As(err, &e) || e.Kind != twin.Unavailable || !strings.Contains(e.Msg, "newer version") || !strings.Contains(fmt.Sprint(e.Err), "9999_future.sql") {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// TestGreatRecords writes the largest assets that the twin takes in packs, and reads them again.
func TestGreatRecords(t *testing.T) {
	s := openStore(t, t.TempDir(), store.Options{Quick: true, PackFrom: 1})
	defer s.Close()
	var list []*twin.Asset
	for i := range 3 {
		a := someAsset(i, twin.KindSegment, 1)
		a.Attributes = nil
		for k := range twin.MaxAttributes {
			a.Attributes = append(a.Attributes, twin.Attr{Key: fmt.Sprintf("%d %0*d", i, twin.MaxText-5, k), Value: strings.Repeat("v", 150)})
		}
		list = append(list, a)
	}
	if err := s.Commit(t.Context(), &twin.Commit{Revision: 1, Time: time.UnixMilli(1), Count: len(list), Frame: wellKnown(t), Square: twin.Square{MinE: 499000, MinN: 4149000, Size: 4000},
		Changes: func(yield func(twin.Op, *twin.Asset) bool) {
			for _, a := range list {
				if !yield(twin.OpCreate, a) {
					return
				}
			}
		}}); err != nil {
		t.Fatal(err)
	}
	n := 0
	for a, err := range s.Assets(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if !cmp.Equal(a.Attributes, list[n].Attributes) {
			t.Errorf("%s comes back with other attributes", a.ID)
		}
		n++
	}
	if n != len(list) {
		t.Errorf("%d assets of %d", n, len(list))
	}
}
