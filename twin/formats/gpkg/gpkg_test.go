package gpkg_test

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/formatstest"
	"github.com/undercity/undercity/twin/formats/geojson"
	"github.com/undercity/undercity/twin/formats/gpkg"
	"github.com/undercity/undercity/twin/generate"
	"github.com/undercity/undercity/twin/store"
)

var readers = []formats.Reader{geojson.Reader{}, gpkg.Reader{}}

func open(t testing.TB, dir string) *twin.Twin {
	t.Helper()
	s, err := store.Open(t.Context(), dir, store.Options{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	tw, err := twin.Open(t.Context(), s, twin.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return tw
}

// ogr2ogr writes a GeoPackage of GeoJSON text with GDAL, which is another hand than ours.
func ogr2ogr(t testing.TB, out, text string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("ogr2ogr (Debian's gdal-bin) is not installed: what others write is not tried")
	}
	in := filepath.Join(t.TempDir(), "in.geojson")
	if err := os.WriteFile(in, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if b, err := exec.Command("ogr2ogr", append([]string{"-f", "GPKG", out, in}, args...)...).CombinedOutput(); err != nil {
		t.Fatalf("ogr2ogr: %v\n%s", err, b)
	}
}

const sewers = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"管线段号":"17","管径":"300","材质":"砼","权属单位":"水务集团","坡度":"3‰"},"geometry":{"type":"LineString","coordinates":[[122.12,37.51,3.25],[122.121,37.511,3.125]]}},
{"type":"Feature","properties":{"管线段号":"18","管径":"600X400"},"geometry":{"type":"MultiLineString","coordinates":[[[122.12,37.52,3.2],[122.121,37.521,3.1]],[[122.122,37.52,3.2],[122.123,37.521,3.1]]]}},
{"type":"Feature","properties":{"管线段号":"19"},"geometry":null}]}`

const manholes = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"点号":"W1","地面高程":5.5,"附属物":"检查井"},"geometry":{"type":"Point","coordinates":[122.12,37.51,5.5]}}]}`

// TestOtherHands reads layers that GDAL wrote, in a projected CRS, with Chinese names of layers and columns.
func TestOtherHands(t *testing.T) {
	path := filepath.Join(t.TempDir(), "排水.gpkg")
	ogr2ogr(t, path, sewers, "-nln", "污水管线", "-t_srs", "EPSG:4549", "-dim", "XYZ", "-nlt", "GEOMETRY")
	ogr2ogr(t, path, manholes, "-nln", "WS_POINT", "-update")
	tw := formatstest.Twin(t)
	rep, err := formats.Import(t.Context(), tw, readers, formatstest.OnDisk(t, path), formats.Options{SkipBadRows: true})
	if err != nil {
		t.Fatal(err)
	}
	if rep.Created != 4 || rep.RefusedCount != 1 {
		t.Errorf("%d created, %d refused: %v", rep.Created, rep.RefusedCount, rep.Refused)
	}
	if r := rep.Refused[0]; r.File != "排水.gpkg [污水管线]" || r.Line != 3 || r.Field != "geometry" {
		t.Errorf("refused %v", r)
	}
	a, ok := tw.Snapshot().Get("WS-17")
	if !ok {
		t.Fatal("WS-17 is missing")
	}
	if a.Material != "CON" || a.Owner != "水务集团" || a.Section.Width != 0.3 || len(a.Attributes) != 1 || a.Attributes[0] != (twin.Attr{Key: "坡度", Value: "3‰"}) {
		t.Errorf("%+v", a)
	}
	lon, lat := tw.Snapshot().Frame().LonLat(a.Line[0].E, a.Line[0].N)
	if math.Abs(lon-122.12) > 1e-8 || math.Abs(lat-37.51) > 1e-8 || math.Abs(a.Line[0].H-3.25) > 1e-4 || math.Abs(a.Line[1].H-3.125) > 1e-4 {
		t.Errorf("%.9f, %.9f, %v", lon, lat, a.Line)
	}
	if m, ok := tw.Snapshot().Get("WS-W1"); !ok || m.Kind != twin.KindChamber || m.Ground[0] != 5.5 {
		t.Errorf("manhole %+v", m)
	}
	if _, ok := tw.Snapshot().Get("WS-18.2"); !ok {
		t.Error("the second part of a MultiLineString is missing")
	}
}

// TestSameAsGeoJSON imports a real network from GeoJSON and from GDAL's GeoPackage of it.
func TestSameAsGeoJSON(t *testing.T) {
	names, err := filepath.Glob("../../../../shared/data/02_epanet/ky4_*.geojson")
	if err != nil || len(names) == 0 {
		t.Skip("../shared/data/02_epanet is not here: the comparison of real files is left out")
	}
	path := filepath.Join(t.TempDir(), "ky4.gpkg")
	for i, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		args := []string{"-nln", strings.TrimSuffix(filepath.Base(n), ".geojson")}
		if i > 0 {
			args = append(args, "-update")
		}
		ogr2ogr(t, path, string(b), args...)
	}
	one, two := formatstest.Twin(t), formatstest.Twin(t)
	for tw, files := range map[*twin.Twin][]formats.File{one: formatstest.OnDisk(t, names...), two: formatstest.OnDisk(t, path)} {
		if _, err := formats.Import(t.Context(), tw, readers, files, formats.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	if one.Snapshot().Len() != 964+1158 {
		t.Fatalf("%d assets", one.Snapshot().Len())
	}
	for r := range one.Snapshot().All {
		want := r.Asset()
		got, ok := two.Snapshot().Get(want.ID)
		if !ok {
			t.Fatalf("%s is not in the GeoPackage", want.ID)
		}
		if d := gocmp.Diff(want, got, cmpopts.EquateNaNs(), cmpopts.EquateApprox(0, 2e-4), cmpopts.IgnoreFields(twin.Asset{}, "Recorded", "Quality", "Attributes")); d != "" {
			t.Fatalf("%s: -GeoJSON +GeoPackage\n%s", want.ID, d)
		}
	}
}

// TestOwnFile imports a twin's own file into another: every asset, the frame, streets and places are the same.
func TestOwnFile(t *testing.T) {
	dir := t.TempDir()
	from := open(t, dir)
	city, err := generate.New(generate.Options{Segments: 300, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := generate.Load(t.Context(), from, city); err != nil {
		t.Fatal(err)
	}
	want := from.Snapshot()
	base := from.Base()
	if err := from.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	to := formatstest.Twin(t)
	rep, err := formats.Import(t.Context(), to, readers, []formats.File{formatstest.File("city.gpkg", string(whole))}, formats.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if rep.Created != want.Len() || rep.RefusedCount != 0 {
		t.Errorf("%d of %d created, %d refused", rep.Created, want.Len(), rep.RefusedCount)
	}
	f, g := want.Frame(), to.Snapshot().Frame()
	if f.CRS.Code() != g.CRS.Code() || f.VerticalDatum != g.VerticalDatum || f.Separation != g.Separation {
		t.Errorf("frame %v, want %v", g, f)
	}
	for r := range want.All {
		a := r.Asset()
		b, _ := to.Snapshot().Get(a.ID)
		if d := gocmp.Diff(a, b, cmpopts.EquateNaNs(), cmpopts.IgnoreFields(twin.Asset{}, "Recorded", "Version", "Revision")); d != "" {
			t.Fatalf("%s: -before +after\n%s", a.ID, d)
		}
	}
	if d := gocmp.Diff(base, to.Base(), cmpopts.EquateNaNs()); d != "" || len(base.Streets) == 0 {
		t.Errorf("base: -before +after\n%s", d)
	}
	again, err := formats.Import(t.Context(), to, readers, []formats.File{formatstest.File("city.gpkg", string(whole))}, formats.Options{})
	if err != nil || again.Unchanged != want.Len() {
		t.Errorf("again: %v, %d of %d unchanged", err, again.Unchanged, want.Len())
	}
	if len(to.Base().Streets) != len(base.Streets) {
		t.Error("streets are doubled by the second import")
	}
}

// TestOpenElsewhere reads what another program has written and not yet folded into the file.
func TestOpenElsewhere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ws.gpkg")
	ogr2ogr(t, path, manholes, "-nln", "WS_POINT")
	d, err := db.Open(t.Context(), path, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}()
	exec1(t, d, "create table x(y)") // the journal is now a log beside the file
	var cols string
	if err := d.QueryRow("select group_concat(name) from pragma_table_info('WS_POINT') where pk = 0").Scan(&cols); err != nil {
		t.Fatal(err)
	}
	exec1(t, d, "drop trigger if exists rtree_WS_POINT_geom_insert")
	exec1(t, d, "insert into WS_POINT ("+cols+") select "+strings.Replace(cols, "点号", "'W2'", 1)+" from WS_POINT")
	tw := formatstest.Twin(t)
	if _, err := formats.Import(t.Context(), tw, readers, formatstest.OnDisk(t, path), formats.Options{}); err != nil {
		t.Fatal(err)
	}
	if _, ok := tw.Snapshot().Get("WS-W2"); !ok {
		t.Error("what stands in the log is missing")
	}
}

func exec1(t testing.TB, d *sql.DB, text string) {
	t.Helper()
	if _, err := d.Exec(text); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// made is a GeoPackage with one layer of points made by the statements.
func made(t testing.TB, statements ...string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made.gpkg")
	d, err := db.Open(t.Context(), path, db.Options{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range append([]string{
		"create table gpkg_spatial_ref_sys (srs_name text, srs_id integer primary key, organization text, organization_coordsys_id integer, definition text)",
		"insert into gpkg_spatial_ref_sys values ('x', 4326, 'EPSG', 4326, ''), ('none', -1, 'NONE', -1, 'undefined'), ('by text', 100001, 'NONE', 100001, 'COMPD_CS[\"both\",PROJCS[\"p\",GEOGCS[\"g\",AUTHORITY[\"EPSG\",\"4490\"]],UNIT[\"metre\",1,AUTHORITY[\"EPSG\",\"9001\"]],AUTHORITY[\"EPSG\",\"4549\"]],VERT_CS[\"v\",AUTHORITY[\"EPSG\",\"5737\"]]]')",
		"create table gpkg_contents (table_name text primary key, data_type text, identifier text, srs_id integer)",
		"create table gpkg_geometry_columns (table_name text, column_name text, geometry_type_name text, srs_id integer, z integer, m integer)",
	}, statements...) {
		exec1(t, d, s)
	}
	exec1(t, d, "pragma wal_checkpoint(truncate)")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func layerOf(name, srs string) string {
	return "insert into gpkg_contents values ('" + name + "', 'features', '" + name + "', " + srs + "); insert into gpkg_geometry_columns values ('" + name + "', 'geom', 'POINT', " + srs + ", 1, 0)"
}

// TestCRSByText finds the code of a compound CRS in its definition.
func TestCRSByText(t *testing.T) {
	const at = "x'47500001a18601000101000000" + "0000000000f8254100000000d4b34f41'" // 4549: about 719,872 E
	tw := formatstest.Twin(t)
	b := made(t, "create table JS_POINT (fid integer primary key, geom blob, 点号 text)", "insert into JS_POINT values (1, "+at+", 'J1')", layerOf("JS_POINT", "100001"))
	if _, err := formats.Import(t.Context(), tw, readers, []formats.File{formatstest.File("a.gpkg", string(b))}, formats.Options{}); err != nil {
		t.Fatal(err)
	}
	if c := tw.Snapshot().Frame().CRS.Code(); c != "EPSG:4549" {
		t.Errorf("the frame is %s", c)
	}
}

// TestBadFiles wants one sentence with the place for each, and an unchanged twin.
func TestBadFiles(t *testing.T) {
	points := "create table JS_POINT (fid integer primary key, geom blob, 点号 text)"
	good := made(t, points, "insert into JS_POINT values (1, x'4750000110e6000001010000004800000000805e400000000000c04240', 'J1')", layerOf("JS_POINT", "4326"))
	for name, c := range map[string]struct {
		bytes []byte
		want  string
	}{
		"empty":      {nil, "bad.gpkg is empty"},
		"text":       {[]byte("SQLite format 3, or is it"), "no format that is known"},
		"head only":  {good[:100], "cannot be read"},
		"half":       {good[:len(good)/2], "bad.gpkg: the data base cannot be read: database disk image is malformed"},
		"no tables":  {made(t, "drop table gpkg_geometry_columns"), "no table gpkg_geometry_columns"},
		"no layers":  {made(t), "no layer of features"},
		"no rows":    {made(t, points, layerOf("JS_POINT", "4326")), "nothing in it can be imported"},
		"lost table": {made(t, layerOf("JS_POINT", "4326")), "nothing in it can be imported"},
		"no CRS":     {made(t, points, "insert into JS_POINT values (1, x'47500001ffffffff01010000004800000000805e400000000000c04240', 'J1')", layerOf("JS_POINT", "-1")), "--crs"},
		"curve":      {made(t, points, "insert into JS_POINT values (1, x'4750000110e60000010a00000000000000', 'J1')", layerOf("JS_POINT", "4326")), "CurvePolygon"},
		"extended":   {made(t, points, "insert into JS_POINT values (1, x'4750002110e60000', 'J1')", layerOf("JS_POINT", "4326")), "extended"},
		"liar":       {made(t, points, "insert into JS_POINT values (1, x'4750000110e600000102000000ffffff7f', 'J1')", layerOf("JS_POINT", "4326")), "ends too early"},
		"NaN":        {made(t, points, "insert into JS_POINT values (1, x'4750000110e600000101000000000000000000f87f0000000000c04240', 'J1')", layerOf("JS_POINT", "4326")), "JS_POINT"},
	} {
		t.Run(name, func(t *testing.T) {
			tw := formatstest.Twin(t)
			_, err := formats.Import(t.Context(), tw, readers, []formats.File{formatstest.File("bad.gpkg", string(c.bytes))}, formats.Options{})
			if err == nil || twin.KindOf(err) != twin.Invalid || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "bad.gpkg") {
				t.Errorf("want %q, got %v", c.want, err)
			}
			if s := tw.Snapshot(); s.Len() != 0 || s.Revision() != 0 {
				t.Error("the twin changed")
			}
		})
	}
	tw := formatstest.Twin(t)
	if _, err := formats.Import(t.Context(), tw, readers, []formats.File{formatstest.File("good.gpkg", string(good))}, formats.Options{}); err != nil || tw.Snapshot().Len() != 1 {
		t.Errorf("the good file: %v", err)
	}
}

// TestEndlessView ends with the caller's patience, not with the view's rows.
func TestEndlessView(t *testing.T) {
	b := made(t, "create view JS_POINT as with recursive n(i) as (select 1 union all select i + 1 from n where i > 0) select i as fid, null as geom from n where i < 0", layerOf("JS_POINT", "4326"))
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		_, err := formats.Import(ctx, formatstest.Twin(t), readers, []formats.File{formatstest.File("a.gpkg", string(b))}, formats.Options{})
		done <- err
	}()
	select {
	case err := <-done:
		if err == nil {
			t.Error("an endless view was read to its end")
		}
	case <-time.After(30 * time.Second):
		t.Fatal("the import does not end")
	}
}

func TestGeometry(t *testing.T) {
	const head = "GP\x00\x01\x10\xe6\x00\x00"
	le := func(s string, fs ...float64) string {
		for _, f := range fs {
			b := math.Float64bits(f)
			for i := range 8 {
				s += string([]byte{byte(b >> (8 * i))})
			}
		}
		return s
	}
	line := le("\x01\xea\x03\x00\x00\x02\x00\x00\x00", 1, 2, 3, 4, 5, 6) // LineString Z
	for name, c := range map[string]struct {
		blob  string
		kind  string
		parts int
		z     float64
	}{
		"point":         {head + le("\x01\x01\x00\x00\x00", 1, 2), "Point", 1, 0},
		"point ZM":      {head + le("\x01\xb9\x0b\x00\x00", 1, 2, 9, 7), "Point", 1, 9},
		"point M":       {head + le("\x01\xd1\x07\x00\x00", 1, 2, 7), "Point", 1, 0},
		"point of GIS":  {head + le("\x01\x01\x00\x00\x80", 1, 2, 9), "Point", 1, 9},
		"line":          {head + line, "LineString", 1, 3},
		"lines":         {head + "\x01\xed\x03\x00\x00\x02\x00\x00\x00" + line + line, "LineString", 2, 3},
		"envelope":      {"GP\x00\x05\x10\xe6\x00\x00" + strings.Repeat("\x00", 48) + line, "LineString", 1, 3},
		"empty":         {"GP\x00\x11\x10\xe6\x00\x00" + le("\x01\x01\x00\x00\x00", math.NaN(), math.NaN()), "", 0, 0},
		"empty by NaN":  {head + le("\x01\x01\x00\x00\x00", math.NaN(), math.NaN()), "", 0, 0},
		"polygon":       {head + le("\x01\x03\x00\x00\x00\x01\x00\x00\x00\x04\x00\x00\x00", 0, 0, 1, 0, 1, 1, 0, 0), "Polygon", 1, 0},
		"big end first": {head + "\x00\x00\x00\x00\x01\x3f\xf0\x00\x00\x00\x00\x00\x00\x40\x00\x00\x00\x00\x00\x00\x00", "Point", 1, 0},
	} {
		g, err := gpkg.Geometry([]byte(c.blob))
		if err != nil || g.Kind != c.kind || len(g.Parts) != c.parts {
			t.Errorf("%s: %+v, %v", name, g, err)
			continue
		}
		if c.parts > 0 && c.kind != "Polygon" {
			if p := g.Parts[c.parts-1][0]; p.X != 1 || p.Y != 2 || p.HasZ != (c.z != 0) || cmp.Compare(p.Z, c.z) != 0 {
				t.Errorf("%s: %+v", name, p)
			}
		}
		if _, err := gpkg.Geometry([]byte(c.blob[:len(c.blob)-1])); err == nil && c.kind != "" {
			t.Errorf("%s: read although its last byte is missing", name)
		}
	}
}

func FuzzGeometry(f *testing.F) {
	f.Add([]byte("GP\x00\x01\x10\xe6\x00\x00\x01\xed\x03\x00\x00\x01\x00\x00\x00\x01\xea\x03\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("GP\x00\x09\x10\xe6\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		g, err := gpkg.Geometry(b)
		n := 0
		for _, p := range g.Parts {
			n += len(p)
		}
		if err == nil && n*16 > len(b) || g.Kind != "" && len(g.Parts) == 0 {
			t.Errorf("%d positions from %d bytes, kind %q", n, len(b), g.Kind)
		}
	})
}

// FuzzFile changes bytes of a whole file: an import or a sentence, never a crash or an endless run.
func FuzzFile(f *testing.F) {
	f.Add(made(f, "create table JS_POINT (fid integer primary key, geom blob, 点号 text)", "insert into JS_POINT values (1, x'4750000110e6000001010000004800000000805e400000000000c04240', 'J1')", layerOf("JS_POINT", "4326")))
	c, err := crs.Parse("EPSG:4326")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		_, err := formats.Import(t.Context(), formatstest.Twin(t), readers, []formats.File{formatstest.File("a.gpkg", string(b))}, formats.Options{Format: "gpkg", CRS: c, SkipBadRows: true})
		if err != nil && twin.KindOf(err) == twin.Internal {
			t.Errorf("not a sentence for people: %v", err)
		}
	})
}
