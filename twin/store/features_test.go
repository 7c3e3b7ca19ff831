package store_test

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
	"github.com/undercity/undercity/twin/store"
)

// kinds are those that have a feature table.
var kinds = slices.DeleteFunc(slices.Clone(twin.Kinds()), func(k twin.Kind) bool { return k == twin.KindSolid })

func wellKnown(t testing.TB) *crs.Frame {
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

// someAsset is asset i as a kind: with many columns, or with few.
func someAsset(i int, k twin.Kind, v uint32) *twin.Asset {
	at := geometry.Point{E: 500000 + float64(i), N: 4150000, H: 3}
	a := &twin.Asset{ID: fmt.Sprintf("WS-%05d", i), SourceNumber: fmt.Sprintf("%05d", i), Network: "WS", Kind: k, Version: v, Bottom: twin.Unknown(), Line: []geometry.Point{at}}
	if i%3 == 0 {
		a.Owner, a.Road, a.Material, a.Attributes = "排水'公司", "海滨路", "PVC", []twin.Attr{{Key: "备注", Value: "x\"y"}}
	}
	switch {
	case k.IsLine():
		a.Section, a.Reference = geometry.Round(0.4, 0.03), twin.RefInvert
		a.Line = append(a.Line, geometry.Point{E: at.E, N: at.N + 20, H: 2.9})
		a.Ground = []float64{5, twin.Unknown()}
	case k == twin.KindZone:
		a.Line = append(a.Line, geometry.Point{E: at.E + 5, N: at.N, H: 3}, geometry.Point{E: at.E, N: at.N + 5, H: 3}, at)
	}
	return a
}

// TestFeaturesFollow moves assets through kinds, updates and removals, and holds the feature tables against the current state.
func TestFeaturesFollow(t *testing.T) {
	for name, o := range map[string]store.Options{"rows": {}, "packs": {PackFrom: 1, PackOf: 5}, "both": {PackFrom: 25, PackOf: 10}} {
		o.Quick = true
		t.Run(name, func(t *testing.T) { featuresFollow(t, o) })
	}
}

func featuresFollow(t *testing.T, o store.Options) {
	dir := t.TempDir()
	s, err := store.Open(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	alive := map[int]*twin.Asset{}
	all := append(slices.Clone(kinds), twin.KindSolid)
	for r := 1; r <= 12; r++ {
		c := &twin.Commit{Revision: uint64(r), Time: time.UnixMilli(int64(r) * 1000).UTC()}
		if r == 1 {
			c.Frame, c.Square = wellKnown(t), twin.Square{MinE: 499000, MinN: 4149000, Size: 4000}
		}
		type change struct {
			op twin.Op
			a  *twin.Asset
		}
		var cs []change
		for i := range 60 {
			old, k := alive[i], all[(i+r/2)%len(all)]
			switch {
			case old == nil && (i+r)%2 == 0:
				alive[i] = someAsset(i, k, 1)
				cs = append(cs, change{twin.OpCreate, alive[i]})
			case old != nil && (i*r)%5 == 1:
				cs = append(cs, change{twin.OpRemove, old})
				delete(alive, i)
			case old != nil && (i+r)%3 == 0:
				alive[i] = someAsset(i, k, old.Version+1)
				cs = append(cs, change{twin.OpUpdate, alive[i]})
			}
		}
		c.Count = len(cs)
		c.Changes = func(yield func(twin.Op, *twin.Asset) bool) {
			for _, ch := range cs {
				if !yield(ch.op, ch.a) {
					return
				}
			}
		}
		if err := s.Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, a := range alive {
		if a.Kind != twin.KindSolid {
			want[a.ID] = fmt.Sprintf("%s version %d of %q in %q", a.Kind, a.Version, a.Owner, a.Road)
		}
	}
	d := openFile(t, dir)
	got, fids := map[string]string{}, map[int64]string{}
	for _, k := range kinds {
		rows, err := d.QueryContext(t.Context(), "select fid, id, version, coalesce(owner, ''), coalesce(road, ''), geom from "+k.String())
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var fid int64
			var id, owner, road string
			var v int
			var geom []byte
			if err := rows.Scan(&fid, &id, &v, &owner, &road, &geom); err != nil {
				t.Fatal(err)
			}
			if other := fids[fid]; other != "" {
				t.Errorf("%s and %s share the number %d", id, other, fid)
			}
			fids[fid] = id
			got[id] = fmt.Sprintf("%s version %d of %q in %q", k, v, owner, road)
			checkGeometry(t, k, id, geom)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("features: -want +got\n%s", diff)
	}
}

func checkGeometry(t *testing.T, k twin.Kind, id string, g []byte) {
	t.Helper()
	types := map[bool]uint32{true: 1001, false: 1002}
	want := types[k.IsPoint()]
	if k == twin.KindZone {
		want = 1003
	}
	if len(g) < 13+24 || string(g[:2]) != "GP" || g[2] != 0 || g[3] != 1 || binary.LittleEndian.Uint32(g[4:]) != 4549 || g[8] != 1 || binary.LittleEndian.Uint32(g[9:]) != want {
		t.Errorf("geometry of %s: % x", id, g[:min(len(g), 16)])
	}
}

func openFile(t *testing.T, dir string) *sql.DB {
	t.Helper()
	d, err := db.Open(t.Context(), filepath.Join(dir, store.FileName), db.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// TestGeoPackage checks what OGC 12-128r17 asks of a file, on one as a city leaves it.
func TestGeoPackage(t *testing.T) {
	dir := t.TempDir()
	fill(t.Context(), t, dir, 300, twin.Options{})
	d := openFile(t, dir)
	text := func(q string, args ...any) string {
		t.Helper()
		var v sql.NullString
		if err := d.QueryRowContext(t.Context(), q, args...).Scan(&v); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		return v.String
	}
	for q, want := range map[string]string{
		"pragma application_id":                         "1196444487", // requirement 2
		"pragma user_version":                           "10300",
		"pragma integrity_check":                        "ok", // requirement 6
		"select count(*) from pragma_foreign_key_check": "0",  // requirement 7
		"select count(*) from gpkg_spatial_ref_sys where srs_id in (-1, 0, 4326)":                                                                  "3", // requirement 11
		"select count(*) from gpkg_contents where table_name not in (select name from sqlite_schema)":                                              "0",
		"select count(*) from gpkg_contents where last_change not glob '????-??-??T??:??:??.???Z'":                                                 "0", // requirement 15
		"select count(*) from gpkg_contents c left join gpkg_geometry_columns g using (table_name) where g.srs_id is null or g.srs_id <> c.srs_id": "0",
	} {
		if got := text(q); got != want {
			t.Errorf("%s: %s, want %s", q, got, want)
		}
	}
	rows, err := d.QueryContext(t.Context(), "select c.table_name, g.column_name, c.min_x, c.max_x from gpkg_contents c join gpkg_geometry_columns g using (table_name)")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var table, column string
		var low, high sql.NullFloat64
		if err := rows.Scan(&table, &column, &low, &high); err != nil {
			t.Fatal(err)
		}
		n++
		if key := text("select name from pragma_table_info($1) where pk = 1 and type = 'integer' collate nocase", table); key != "fid" { // requirement 29
			t.Errorf("%s has the key %q", table, key)
		}
		full := text("select count(*) from "+table) != "0"
		if full != (low.Valid && high.Float64 > low.Float64) {
			t.Errorf("%s: extent %v to %v", table, low, high)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if n != len(kinds)+2 {
		t.Errorf("%d tables with geometry, want %d", n, len(kinds)+2)
	}
}

// streamsAlone says that TestCommitStreams runs in a process of its own.
const streamsAlone = "UNDERCITY_STREAMS_ALONE"

// TestCommitStreams commits few assets and many: memory does not grow with them. It measures a process of its own, since other tests leave memory behind that
// is given back at any time.
func TestCommitStreams(t *testing.T) {
	if testing.Short() {
		t.Skip("commits 200,000 assets")
	}
	if os.Getenv(streamsAlone) == "" {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestCommitStreams$", "-test.v")
		cmd.Env = append(os.Environ(), streamsAlone+"=1")
		out, err := cmd.CombinedOutput()
		if t.Logf("%s", out); err != nil {
			t.Error(err)
		}
		return
	}
	resident(t)
	s, err := store.Open(t.Context(), t.TempDir(), store.Options{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const n = 200_000
	var early, peak int
	c := &twin.Commit{Revision: 1, Time: time.UnixMilli(1), Count: n, Frame: wellKnown(t), Square: twin.Square{MinE: 499000, MinN: 4149000, Size: 400000},
		Progress: func(done int) {
			m := resident(t)
			if done <= 60_000 {
				early = m // by now SQLite's page cache is full
			}
			peak = max(peak, m)
		},
		Changes: func(yield func(twin.Op, *twin.Asset) bool) {
			for i := range n {
				a := someAsset(i%100_000, twin.KindSegment, 1)
				a.SourceNumber = fmt.Sprintf("%06d", i)
				a.ID = "WS-" + a.SourceNumber
				if !yield(twin.OpCreate, a) {
					return
				}
			}
		}}
	if err := s.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	t.Logf("resident after 60,000 assets %d MB, most in %d assets %d MB", early>>20, n, peak>>20)
	if peak-early > 48<<20 {
		t.Errorf("memory grew from %d to %d MB within one commit", early>>20, peak>>20)
	}
}

// resident is the memory that the process holds, bytes.
func resident(t *testing.T) int {
	t.Helper()
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip("this system does not tell how much memory a process holds")
	}
	pages, err := strconv.Atoi(strings.Fields(string(b))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}
