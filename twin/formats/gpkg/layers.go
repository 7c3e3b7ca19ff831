package gpkg

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/feature"
)

// layer is one feature table.
type layer struct {
	feature.Layer
	geom string // column of the geometry
	key  string // column of the row number; "" where the table has none
	view bool
}

const (
	maxLayers  = 500
	maxRows    = 50_000_000
	maxColumns = 400 // of a view, which could fill each with what is not in the file
	// maxComputed is the longest value that a view may give, bytes.
	maxComputed = 1 << 20
)

const layersOf = `select c.table_name, g.column_name, s.srs_name, s.organization, s.organization_coordsys_id, s.definition
	from gpkg_contents c
	join gpkg_geometry_columns g on lower(g.table_name) = lower(c.table_name)
	left join gpkg_spatial_ref_sys s on s.srs_id = g.srs_id
	where c.data_type = 'features' order by c.table_name limit $1`

// list finds the feature layers.
func (g *file) list(ctx context.Context, sink formats.Sink) error {
	for _, t := range [...]string{"gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"} {
		if there, _, err := g.has(ctx, t); err != nil {
			return err
		} else if !there {
			return twin.Errorf(twin.Invalid, "%s is a SQLite data base but no GeoPackage: it has no table %s", g.Name, t).WithHint("save the layers as GeoPackage, e.g. with QGIS or ogr2ogr")
		}
	}
	named, err := g.named(ctx)
	if err != nil {
		return g.fail(err)
	}
	switch n := len(named); {
	case n == 0:
		return twin.Errorf(twin.Invalid, "%s has no layer of features: gpkg_contents names none", g.Name).WithHint("check that it is the right file")
	case n > maxLayers:
		return twin.Errorf(twin.Invalid, "%s has more than %d layers", g.Name, maxLayers)
	}
	for _, l := range named {
		why, err := g.complete(ctx, l)
		if err != nil {
			return err
		}
		if why != "" {
			sink.Note(formats.Row{File: g.Name + " [" + l.Name + "]", Reason: why + ": it was passed over"})
			continue
		}
		g.layers = append(g.layers, l)
	}
	return nil
}

// named is the layers that the tables of the GeoPackage name.
func (g *file) named(ctx context.Context) (list []*layer, err error) {
	rows, err := g.sql.QueryContext(ctx, layersOf, maxLayers+1)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var name, geom string
		var srs, org, def sql.NullString
		var code sql.NullInt64
		if err := rows.Scan(&name, &geom, &srs, &org, &code, &def); err != nil {
			return nil, err
		}
		l := &layer{Layer: feature.Layer{File: g.File, Name: name}, geom: geom}
		l.CRS, l.Stranger = crsOf(srs.String, org.String, code.Int64, def.String)
		list = append(list, l)
	}
	return list, rows.Err()
}

// complete finds a layer's column of row numbers, or says why the layer cannot be read.
func (g *file) complete(ctx context.Context, l *layer) (why string, err error) {
	table, view, err := g.has(ctx, l.Name)
	if err != nil {
		return "", err
	}
	if !table && !view {
		return "gpkg_contents names the layer, but its table is missing", nil
	}
	l.view = !table
	var key sql.NullString
	var columns int
	const keyOf = "select max(case when pk = 1 and upper(type) = 'INTEGER' then name end), count(*) from pragma_table_info($1)"
	if err := g.sql.QueryRowContext(ctx, keyOf, l.Name).Scan(&key, &columns); err != nil {
		return "", g.fail(fmt.Errorf("layer %s: %w", l.Name, err))
	}
	if l.view && columns > maxColumns {
		return fmt.Sprintf("it is a view of %d columns, and %d is the most that is read", columns, maxColumns), nil
	}
	l.key = key.String
	return "", nil
}

// crsOf is the CRS of an entry in gpkg_spatial_ref_sys: by its EPSG code, or the one that its definition names. Where it is none that is known,
// the stranger says which it is; "" where the entry means none.
func crsOf(name, org string, code int64, definition string) (c *crs.CRS, stranger string) {
	if strings.EqualFold(org, "EPSG") {
		c, err := crs.Parse("EPSG:" + strconv.FormatInt(code, 10))
		if err == nil {
			return c, ""
		}
		stranger = err.Error()
	}
	if within := codeIn(definition); within != "" {
		c, err := crs.Parse(within)
		if err == nil {
			return c, ""
		}
		stranger = err.Error()
	}
	if c := named(definition); c != nil {
		return c, ""
	}
	if stranger == "" && strings.Contains(definition, "[") {
		stranger = fmt.Sprintf("its CRS %.80q has no EPSG code", strings.ToValidUTF8(cmp.Or(name, org), "�"))
	}
	return nil, stranger
}

var authority = regexp.MustCompile(`(?i)\b(?:AUTHORITY|ID)\s*\[\s*"EPSG"\s*,\s*"?(\d+)"?\s*[\],]`)

// codeIn is the EPSG code that well-known text gives its horizontal CRS, e.g. of a compound one; "" for none.
func codeIn(wkt string) string {
	const maxWKT = 20_000
	if len(wkt) > maxWKT {
		return ""
	}
	up := strings.ToUpper(wkt)
	for _, word := range [...]string{"PROJCS[", "PROJCRS[", "PROJECTEDCRS[", "GEOGCS[", "GEOGCRS[", "GEODCRS["} {
		i := strings.Index(up, word)
		if i < 0 {
			continue
		}
		body, ok := bracketed(wkt[i+len(word):])
		if !ok {
			return ""
		}
		all := authority.FindAllStringSubmatchIndex(body, -1)
		if len(all) == 0 {
			return ""
		}
		last := all[len(all)-1]
		// The CRS's own code stands last and in no bracket within; without one the last is that of a part.
		if strings.Count(body[:last[0]], "[") != strings.Count(body[:last[0]], "]") {
			return ""
		}
		return "EPSG:" + body[last[2]:last[3]]
	}
	return ""
}

// bracketed is what stands before the bracket that closes the one before s.
func bracketed(s string) (string, bool) {
	depth := 1
	for i, r := range s {
		switch r {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return s[:i], true
			}
		}
	}
	return "", false
}

// each calls f with every feature of every layer.
func (g *file) each(ctx context.Context, f func(*feature.Layer, *feature.Feature) error) error {
	for _, l := range g.layers {
		if err := g.eachOf(ctx, l, f); err != nil {
			return err
		}
	}
	return nil
}

// eachOf reads one layer. A view gives at most as many rows as the file has bytes: it can make them up.
func (g *file) eachOf(ctx context.Context, l *layer, f func(*feature.Layer, *feature.Feature) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watch := time.AfterFunc(maxStall, func() { cancel(errStalled) })
	defer watch.Stop()
	most, n := min(maxRows, int(g.size)), 0
	take := func(ft *feature.Feature) error {
		if n++; n%256 == 0 {
			watch.Reset(maxStall)
		}
		if n > most {
			return twin.Errorf(twin.Invalid, "%s [%s] gives more than %d rows, which is more than a file of its size has", g.Name, l.Name, most).WithHint("save what is a view as a table")
		}
		return f(&l.Layer, ft)
	}
	if l.view {
		was, err := db.BoundValues(ctx, g.sql, maxComputed)
		if err != nil {
			return g.fail(err)
		}
		defer func() { _, _ = db.BoundValues(context.WithoutCancel(ctx), g.sql, was) }() // tighter than it need be where this fails
	}
	err := g.rows(ctx, l, take)
	if cause := context.Cause(ctx); errors.Is(cause, errStalled) {
		return g.fail(fmt.Errorf("layer %s: %w", l.Name, cause))
	}
	return err
}

// fromCaller marks an error that the caller's function gave.
type fromCaller struct{ error }

// rows reads one layer.
func (g *file) rows(ctx context.Context, l *layer, f func(*feature.Feature) error) error {
	err := g.scan(ctx, l, f)
	var c fromCaller
	switch {
	case errors.As(err, &c):
		return c.error
	case err != nil:
		return g.fail(fmt.Errorf("layer %s: %w", l.Name, err))
	}
	return nil
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func (g *file) scan(ctx context.Context, l *layer, f func(*feature.Feature) error) (err error) {
	conn, err := g.sql.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	// What is read once from one end to the other needs no memory of its pages.
	if _, err := conn.ExecContext(ctx, "pragma cache_size(-512)"); err != nil {
		return err
	}
	rows, err := conn.QueryContext(ctx, "select * from "+quoted(l.Name))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	values := make([]any, len(names))
	targets := make([]any, len(names))
	for i := range values {
		targets[i] = &values[i]
	}
	for n := 1; rows.Next(); n++ {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		if err := f(l.feature(names, values, n)); err != nil {
			return fromCaller{err}
		}
	}
	return rows.Err()
}

// feature is the row n of a layer.
func (l *layer) feature(names []string, values []any, n int) *feature.Feature {
	ft := &feature.Feature{Line: n, Props: make(map[string]string, len(names))}
	for i, name := range names {
		switch v := values[i].(type) {
		case []byte:
			if strings.EqualFold(name, l.geom) {
				ft.Geom, ft.Fault = Geometry(v)
			}
		case int64:
			if name == l.key {
				ft.Line = int(v)
				continue
			}
			ft.Props[name] = strconv.FormatInt(v, 10)
		default:
			if s := text(v); s != "" {
				ft.Props[name] = s
			}
		}
	}
	ft.Row = fmt.Sprintf("%s.%d", l.Name, ft.Line)
	return ft
}

// text is a value as people write it, "" for none.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(strings.ToValidUTF8(v, "�"))
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		if v.Equal(v.Truncate(24 * time.Hour)) {
			return v.Format(time.DateOnly)
		}
		return v.UTC().Format(time.RFC3339)
	}
	return ""
}
