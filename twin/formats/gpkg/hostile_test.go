package gpkg_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/formatstest"
	"github.com/undercity/undercity/twin/store"
)

const (
	pointTable = "create table JS_POINT (fid integer primary key, geom blob, 点号 text)"
	onePoint   = "insert into JS_POINT values (1, x'4750000110e6000001010000004800000000805e400000000000c04240', 'J1')"
)

// refused imports the files and wants one sentence of kind Invalid with the words, and an unchanged twin.
func refused(t *testing.T, files []formats.File, o formats.Options, words string) {
	t.Helper()
	tw := formatstest.Twin(t)
	_, err := formats.Import(t.Context(), tw, readers, files, o)
	if err == nil || twin.KindOf(err) != twin.Invalid || !strings.Contains(err.Error(), words) {
		t.Errorf("want %q, got %v", words, err)
	}
	if tw.Snapshot().Len() != 0 {
		t.Error("the twin changed")
	}
}

// TestHostile wants a sentence for files that are made to ask for too much.
func TestHostile(t *testing.T) {
	endless := "with recursive n(i) as (select 1 union all select i + 1 from n) "
	own := []string{"create table undercity_meta (key text primary key, value text)", "create table undercity_revision (number integer primary key, time integer)", "insert into undercity_revision values (1, 1)",
		"create table undercity_asset (id text primary key, record blob)"}
	frame := func(base string) []string {
		return append(own, `insert into undercity_meta values ('frame', '{"crs":"EPSG:4549","verticalDatum":"1985"}'), ('base', '`+base+`')`)
	}
	packed := func(packs string) []string {
		return append(frame("{}"), "create table undercity_pack (number integer primary key, revision integer, first_id text, last_id text, count integer, records blob)",
			"create table undercity_pack_gone (pack integer, position integer, until integer, removed integer)", packs)
	}
	bomb, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		statements []string
		want       string
	}{
		"own with a broken pack":       {packed("insert into undercity_pack values (1, 1, 'a', 'b', 1, x'ff')"), "cannot be read"},
		"own with an empty pack":       {packed("insert into undercity_pack values (1, 1, 'a', 'b', 1, null)"), "cannot be read"},
		"own with a pack that is huge": {packed(fmt.Sprintf("insert into undercity_pack values (1, 1, 'a', 'b', 1, x'%x')", bomb.EncodeAll(make([]byte, 64<<20), nil))), "cannot be read"},
		"contents as a view":           {[]string{"drop table gpkg_contents", "create view gpkg_contents as " + endless + "select 'JS_POINT' as table_name, 'features' as data_type from n"}, "no table gpkg_contents"},
		"more rows than bytes":         {[]string{"create view JS_POINT as " + endless + "select i as fid, 'J' || i as 点号, x'4750000110e6000001010000004800000000805e400000000000c04240' as geom from n", layerOf("JS_POINT", "4326")}, "more than a file of its size has"},
		"long value of a view":         {[]string{"create view JS_POINT as select 1 as fid, zeroblob(30000000) as geom", layerOf("JS_POINT", "4326")}, "too big"},
		"virtual table":                {[]string{"create virtual table JS_POINT using fts5(点号, geom)", layerOf("JS_POINT", "4326")}, "nothing in it can be imported"},
		"CRS that is not known":        {[]string{pointTable, onePoint, "insert into gpkg_spatial_ref_sys values ('moon', 9, 'EPSG', 99999999, 'undefined')", layerOf("JS_POINT", "9")}, "99999999"},
		"CRS without a code":           {[]string{pointTable, onePoint, "insert into gpkg_spatial_ref_sys values ('city grid', 9, 'NONE', 9, 'PROJCS[\"city grid\"]')", layerOf("JS_POINT", "9")}, `"city grid" has no EPSG code`},
		"own without a frame":          {own, "a twin without assets"},
		"own with a made-up frame":     {append(own, `insert into undercity_meta values ('frame', '{"crs":"EPSG:1"}')`), "cannot be read"},
		"own with a lying terrain":     {frame(`{"Terrain":{"Cols":100000,"Rows":100000,"StepE":1,"StepN":1}}`), "terrain of 100000 by 100000"},
		"own with a broken record":     {append(frame("{}"), "insert into undercity_asset values ('JS-1', x'ff')"), "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, []formats.File{formatstest.File("bad.gpkg", string(made(t, c.statements...)))}, formats.Options{SkipBadRows: true}, c.want)
		})
	}
}

// TestHalfWritten refuses a file beside which another program has left what is to be undone.
func TestHalfWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "half.gpkg")
	if err := os.WriteFile(path, made(t, pointTable, onePoint, layerOf("JS_POINT", "4326")), 0o600); err != nil {
		t.Fatal(err)
	}
	journal := []byte("\xd9\xd5\x05\xf9\x20\xa1\x63\xd7\x00\x00\x00\x01")
	if err := os.WriteFile(path+"-journal", journal, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, formatstest.OnDisk(t, path), formats.Options{}, "half.gpkg-journal lies beside it")
	// One whose head is struck out is done with.
	if err := os.WriteFile(path+"-journal", make([]byte, 512), 0o600); err != nil {
		t.Fatal(err)
	}
	tw := formatstest.Twin(t)
	if _, err := formats.Import(t.Context(), tw, readers, formatstest.OnDisk(t, path), formats.Options{}); err != nil || tw.Snapshot().Len() != 1 {
		t.Errorf("a journal that is done with: %v", err)
	}
}

// TestOwnFileStaysWhereItIs refuses flags that would move a twin's own file.
func TestOwnFileStaysWhereItIs(t *testing.T) {
	dir := t.TempDir()
	if err := open(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, store.FileName)
	d, err := db.Open(t.Context(), path, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	exec1(t, d, `insert into undercity_meta values ('frame', '{"crs":"EPSG:4549","verticalDatum":"1985"}')`)
	exec1(t, d, "pragma wal_checkpoint(truncate)")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	c, err := crs.Parse("EPSG:4550")
	if err != nil {
		t.Fatal(err)
	}
	refused(t, formatstest.OnDisk(t, path), formats.Options{CRS: c}, "--crs")
}

// TestMoreThanOne takes each point of a MultiPoint, files of one name, and layers by name.
func TestMoreThanOne(t *testing.T) {
	a, b := filepath.Join(t.TempDir(), "net.gpkg"), filepath.Join(t.TempDir(), "net.gpkg")
	ogr2ogr(t, a, `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"V1"},"geometry":{"type":"MultiPoint","coordinates":[[122.12,37.51],[122.13,37.52]]}}]}`, "-nln", "water", "-t_srs", "EPSG:4549")
	ogr2ogr(t, b, manholes, "-nln", "pipes", "-t_srs", "EPSG:32651")
	tw := formatstest.Twin(t)
	rep, err := formats.Import(t.Context(), tw, readers, formatstest.OnDisk(t, a, b), formats.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []twin.ID{"JS-V1", "JS-V1.2", "BM-W1"} {
		if _, ok := tw.Snapshot().Get(id); !ok {
			t.Errorf("%s is missing", id)
		}
	}
	if rep.NoteCount != 1 || rep.Notes[0].File != "net (2).gpkg [pipes]" || !strings.Contains(rep.Notes[0].Reason, "--network") {
		t.Errorf("notes %v", rep.Notes)
	}
}
