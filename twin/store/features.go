package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// features writes the rows of the feature tables within one transaction.
type features struct {
	tx     *sql.Tx
	cat    *twin.Catalog
	srs    int
	put    map[twin.Kind]*sql.Stmt
	del    map[twin.Kind]*sql.Stmt
	geom   []byte
	extent map[twin.Kind]*geometry.Box
}

func newFeatures(tx *sql.Tx, cat *twin.Catalog, srs int) *features {
	return &features{tx: tx, cat: cat, srs: srs, put: map[twin.Kind]*sql.Stmt{}, del: map[twin.Kind]*sql.Stmt{}, extent: map[twin.Kind]*geometry.Box{}}
}

func upsertText(table string) string {
	var names, marks, sets []string
	names, marks = append(names, "geom"), append(marks, "$1")
	sets = append(sets, "geom = excluded.geom")
	for i, c := range columns {
		names, marks = append(names, c.name), append(marks, fmt.Sprintf("$%d", i+2))
		if c.name != "id" {
			sets = append(sets, c.name+" = excluded."+c.name)
		}
	}
	return "insert into " + table + " (" + strings.Join(names, ", ") + ") values (" + strings.Join(marks, ", ") + ") on conflict (id) do update set " + strings.Join(sets, ", ")
}

func (f *features) write(ctx context.Context, a *twin.Asset) error {
	if a.Kind == twin.KindSolid {
		return nil
	}
	st := f.put[a.Kind]
	if st == nil {
		table, _ := tableOf(a.Kind)
		var err error
		if st, err = f.tx.PrepareContext(ctx, upsertText(table)); err != nil {
			return fmt.Errorf("feature table %s: %w", table, err)
		}
		f.put[a.Kind] = st
		b := geometry.EmptyBox()
		f.extent[a.Kind] = &b
	}
	sec, _ := f.cat.DrawnSection(a)
	line := a.Axis(sec)
	if a.Kind.IsPoint() {
		line = a.Line
	}
	for _, p := range line {
		*f.extent[a.Kind] = f.extent[a.Kind].Add(p)
	}
	f.geom = appendGeometry(f.geom[:0], f.srs, a.Kind, line)
	if _, err := st.ExecContext(ctx, append([]any{f.geom}, f.values(a)...)...); err != nil {
		return fmt.Errorf("feature of %s: %w", a.ID, err)
	}
	return nil
}

func (f *features) values(a *twin.Asset) []any {
	last := len(a.Line) - 1
	var attrs any
	if len(a.Attributes) > 0 {
		m := make(map[string]string, len(a.Attributes))
		for _, t := range a.Attributes {
			m[t.Key] = t.Value
		}
		if text, err := json.Marshal(m); err == nil {
			attrs = string(text)
		}
	}
	s := a.Section
	return []any{a.ID, a.Network, text(a.Name), text(a.Owner), text(a.Material), a.Status.String(),
		shape(s), size(s.Width), size(s.Height), size(outer(s)), text(a.From), text(a.To), text(a.In),
		height(a.GroundAt(0)), height(a.GroundAt(last)), height(a.Invert(0)), height(a.Invert(last)), height(a.Cover(0)), height(a.Cover(last)), height(a.Bottom),
		text(a.Quality.Level.String()), size(a.Quality.Horizontal), size(a.Quality.Vertical), text(strings.Join(a.Assumed.Names(), " ")),
		text(a.Installed), text(a.Road), text(a.Feature), text(a.Appurtenance), text(a.SourceNumber), a.Version, a.Recorded.Format(time.RFC3339Nano), attrs}
}

func outer(s geometry.Section) float64 {
	if !s.Known() {
		return 0
	}
	return s.OuterWidth()
}

func shape(s geometry.Section) any {
	if s.Shape == geometry.ShapeUnknown {
		return nil
	}
	return s.Shape.String()
}

// text, size and height make what is not known null.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func size(v float64) any {
	if v == 0 {
		return nil
	}
	return v
}

func height(h float64) any {
	if twin.IsUnknown(h) {
		return nil
	}
	return h
}

func (f *features) remove(ctx context.Context, k twin.Kind, id twin.ID) error {
	if k == twin.KindSolid {
		return nil
	}
	st := f.del[k]
	if st == nil {
		table, _ := tableOf(k)
		var err error
		if st, err = f.tx.PrepareContext(ctx, "delete from "+table+" where id = $1"); err != nil {
			return fmt.Errorf("feature table %s: %w", table, err)
		}
		f.del[k] = st
	}
	if _, err := st.ExecContext(ctx, id); err != nil {
		return fmt.Errorf("feature of %s: %w", id, err)
	}
	return nil
}

// finish writes extents and times of change into the GeoPackage's contents.
func (f *features) finish(ctx context.Context, at time.Time) error {
	for k, b := range f.extent {
		table, _ := tableOf(k)
		if err := touch(ctx, f.tx, table, *b, at); err != nil {
			return err
		}
	}
	return nil
}

func touch(ctx context.Context, q querier, table string, b geometry.Box, at time.Time) error {
	if b.IsEmpty() {
		return nil
	}
	_, err := q.ExecContext(ctx, `update gpkg_contents set last_change = $2, min_x = min(coalesce(min_x, $3), $3), min_y = min(coalesce(min_y, $4), $4),
		max_x = max(coalesce(max_x, $5), $5), max_y = max(coalesce(max_y, $6), $6) where table_name = $1`,
		table, at.UTC().Format("2006-01-02T15:04:05.000Z"), b.Min.E, b.Min.N, b.Max.E, b.Max.N)
	if err != nil {
		return fmt.Errorf("contents of %s: %w", table, err)
	}
	return nil
}

// appendGeometry appends a GeoPackage geometry (OGC 12-128, 2.1.3): header without envelope, then WKB with Z, little-endian.
func appendGeometry(b []byte, srs int, k twin.Kind, line []geometry.Point) []byte {
	b = append(b, 'G', 'P', 0, 1)
	b = binary.LittleEndian.AppendUint32(b, uint32(int32(srs)))
	b = append(b, 1)
	switch {
	case k.IsPoint():
		b = binary.LittleEndian.AppendUint32(b, 1001)
		return appendPoint(b, line[0])
	case k == twin.KindZone:
		b = binary.LittleEndian.AppendUint32(b, 1003)
		b = binary.LittleEndian.AppendUint32(b, 1)
	default:
		b = binary.LittleEndian.AppendUint32(b, 1002)
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(len(line)))
	for _, p := range line {
		b = appendPoint(b, p)
	}
	return b
}

func appendPoint(b []byte, p geometry.Point) []byte {
	for _, v := range [...]float64{p.E, p.N, p.H} {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return b
}
