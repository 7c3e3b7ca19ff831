package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
)

// tableOf is the feature table of each kind and its geometry type.
func tableOf(k twin.Kind) (name, geometry string) {
	switch {
	case k.IsLine():
		return k.String(), "LINESTRING"
	case k.IsPoint():
		return k.String(), "POINT"
	case k == twin.KindZone:
		return k.String(), "POLYGON"
	}
	return k.String(), "GEOMETRY"
}

// columns of a feature table, after fid and geom. They are for people and other programs; the twin reads undercity_asset,
// which also knows each asset's fid, so that a table needs no index of its own.
var columns = []struct{ name, kind string }{
	{"id", "text not null"}, {"network", "text"}, {"name", "text"}, {"owner", "text"}, {"material", "text"}, {"status", "text"},
	{"shape", "text"}, {"width_m", "double"}, {"height_m", "double"}, {"outer_m", "double"}, {"from_id", "text"}, {"to_id", "text"}, {"in_id", "text"},
	{"ground_start", "double"}, {"ground_end", "double"}, {"invert_start", "double"}, {"invert_end", "double"},
	{"cover_start", "double"}, {"cover_end", "double"}, {"bottom", "double"},
	{"quality", "text"}, {"accuracy_h_m", "double"}, {"accuracy_v_m", "double"}, {"assumed", "text"}, {"installed", "text"}, {"road", "text"},
	{"feature", "text"}, {"appurtenance", "text"}, {"source_number", "text"}, {"version", "integer"}, {"recorded", "text"}, {"attributes", "text"},
	{"secrecy", "text"},
}

// registerTables makes the feature tables in the CRS of the frame and lists them in the GeoPackage's contents.
func registerTables(ctx context.Context, q querier, f *crs.Frame) error {
	id := srsID(f)
	if _, err := q.ExecContext(ctx, `insert into gpkg_spatial_ref_sys (srs_name, srs_id, organization, organization_coordsys_id, definition, description)
		values ($1, $2, 'EPSG', $2, $3, $4) on conflict do nothing`, f.CRS.Name(), id, f.CRS.WKT(), "heights: "+f.VerticalDatum); err != nil {
		return fmt.Errorf("CRS of the GeoPackage: %w", err)
	}
	for _, k := range twin.Kinds() {
		if k == twin.KindSolid {
			continue
		}
		name, geometry := tableOf(k)
		if err := registerTable(ctx, q, name, geometry, columnList(), id); err != nil {
			return err
		}
	}
	for name, cols := range map[string]string{"street": "name text, name_en text, class text, width_m double", "place": "name text, name_en text, class text"} {
		geometry := "LINESTRING"
		if name == "place" {
			geometry = "POINT"
		}
		if err := registerTable(ctx, q, name, geometry, cols, id); err != nil {
			return err
		}
	}
	return nil
}

// addColumns gives the feature tables of a store that an earlier version made the columns that have come since.
func addColumns(ctx context.Context, q querier) error {
	for _, k := range twin.Kinds() {
		table, _ := tableOf(k)
		var all, graded int
		err := q.QueryRowContext(ctx, "select count(*), count(*) filter (where name = 'secrecy') from pragma_table_info($1)", table).Scan(&all, &graded)
		if err != nil {
			return fmt.Errorf("feature table %s: %w", table, err)
		}
		if all == 0 || graded > 0 {
			continue
		}
		if _, err := q.ExecContext(ctx, "alter table "+table+" add column secrecy text"); err != nil {
			return fmt.Errorf("feature table %s: %w", table, err)
		}
	}
	return nil
}

func columnList() string {
	var b strings.Builder
	for i, c := range columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(c.name + " " + c.kind)
	}
	return b.String()
}

func registerTable(ctx context.Context, q querier, name, geometry, cols string, srs int) error {
	for _, s := range []struct {
		text string
		args []any
	}{
		{"create table if not exists " + name + " (fid integer primary key not null, geom blob, " + cols + ")", nil},
		{"insert into gpkg_contents (table_name, data_type, identifier, srs_id) values ($1, 'features', $1, $2) on conflict do nothing", []any{name, srs}},
		{"insert into gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) values ($1, 'geom', $2, $3, 1, 0) on conflict do nothing", []any{name, geometry, srs}},
	} {
		if _, err := q.ExecContext(ctx, s.text, s.args...); err != nil {
			return fmt.Errorf("feature table %s: %w", name, err)
		}
	}
	return nil
}
