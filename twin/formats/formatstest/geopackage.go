package formatstest

import (
	"database/sql"
	"encoding/binary"
	"math"
	"testing"
)

// GeoPackage is a GeoPackage that a test writes as other programs do, in one transaction.
type GeoPackage struct {
	t   testing.TB
	sql *sql.DB
}

// NewGeoPackage begins a GeoPackage in an empty data base, which Close closes.
func NewGeoPackage(t testing.TB, d *sql.DB) *GeoPackage {
	t.Helper()
	d.SetMaxOpenConns(1) // so that one transaction holds all
	g := &GeoPackage{t, d}
	g.Run("begin")
	g.Run("create table gpkg_spatial_ref_sys (srs_name text, srs_id integer primary key, organization text, organization_coordsys_id integer, definition text)")
	g.Run("create table gpkg_contents (table_name text primary key, data_type text, identifier text, srs_id integer)")
	g.Run("create table gpkg_geometry_columns (table_name text, column_name text, geometry_type_name text, srs_id integer, z integer, m integer)")
	return g
}

// Run executes a statement.
func (g *GeoPackage) Run(text string, args ...any) {
	g.t.Helper()
	if _, err := g.sql.Exec(text, args...); err != nil {
		g.t.Fatalf("%s: %v", text, err)
	}
}

// System describes a spatial reference system.
func (g *GeoPackage) System(id int, name, organization string, code int, definition string) {
	g.t.Helper()
	g.Run("insert into gpkg_spatial_ref_sys values ($1, $2, $3, $4, $5)", name, id, organization, code, definition)
}

// Layer makes a layer with the columns fid, geom and others, which stand as in a table definition.
func (g *GeoPackage) Layer(name string, system int, columns string) {
	g.t.Helper()
	g.Run(`create table "` + name + `" (fid integer primary key, geom blob, ` + columns + `)`)
	g.Run("insert into gpkg_contents values ($1, 'features', $1, $2)", name, system)
	g.Run("insert into gpkg_geometry_columns values ($1, 'geom', 'GEOMETRY', $2, 0, 0)", name, system)
}

// Close ends the writing.
func (g *GeoPackage) Close() {
	g.t.Helper()
	g.Run("commit")
	g.Run("pragma wal_checkpoint(truncate)")
	if err := g.sql.Close(); err != nil {
		g.t.Fatal(err)
	}
}

// Blob is a geometry as GeoPackages keep it: a point (kind 1) or a sequence of positions (2 a line, 8 a circular string).
func Blob(kind uint32, xy ...float64) []byte {
	return append([]byte("GP\x00\x01\x00\x00\x00\x00"), WKB(kind, xy...)...)
}

// WKB is the well-known binary of a point or of a sequence of positions.
func WKB(kind uint32, xy ...float64) []byte {
	b := binary.LittleEndian.AppendUint32([]byte{1}, kind)
	if kind != 1 {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(xy)/2))
	}
	for _, v := range xy {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return b
}
