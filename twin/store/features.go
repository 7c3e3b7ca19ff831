package store

import (
	"context"
	"database/sql/driver"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
)

// mask says which of columns a row has: bit i stands for columns[i]. Most rows leave many of them null, and what is not named costs nothing.
type mask uint64

// common is what many features have the same of few values; it stands in the statement itself, since binding values is a third of writing them. What is
// empty is null or bound.
type common struct{ network, status, shape, level, recorded, version string }

// of returns the value for a column, "" when the column is none of them.
func (c *common) of(column string) string {
	switch column {
	case "network":
		return c.network
	case "status":
		return c.status
	case "shape":
		return c.shape
	case "quality":
		return c.level
	case "recorded":
		return c.recorded
	case "version":
		return c.version
	}
	return ""
}

// literal is a text within a statement.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// insertText is the statement that writes a feature: its number, its geometry, the columns of the mask and what is common; the others are null.
func insertText(verb, table string, has mask, c common) string {
	names, marks, bound := []string{"fid", "geom"}, []string{"$1", "$2"}, 2
	for i, col := range columns {
		if v := c.of(col.name); v != "" {
			names, marks = append(names, col.name), append(marks, literal(v))
		} else if has&(1<<i) != 0 {
			bound++
			names, marks = append(names, col.name), append(marks, fmt.Sprintf("$%d", bound))
		}
	}
	return verb + " into " + table + " (" + strings.Join(names, ", ") + ") values (" + strings.Join(marks, ", ") + ")"
}

// rowValues makes the values of features; it keeps what follows rows have in common.
type rowValues struct {
	recorded     time.Time
	recordedText string
	assumed      map[twin.Assumed]driver.Value
}

// append appends a's values of columns that are neither null nor common, in their order, and says which those are.
func (r *rowValues) append(args []db.Arg, a *twin.Asset) ([]db.Arg, mask, common) {
	var has mask
	last := len(a.Line) - 1
	s := a.Section
	c := common{network: a.Network, status: a.Status.String(), level: a.Quality.Level.String()}
	if s.Shape != geometry.ShapeUnknown {
		c.shape = s.Shape.String()
	}
	if r.recordedText == "" {
		r.recorded, r.recordedText = a.Recorded, a.Recorded.Format(time.RFC3339Nano)
	}
	// The first of a commit are the ones of most.
	var version, recorded driver.Value
	if c.version = "1"; a.Version != 1 {
		c.version, version = "", int64(a.Version)
	}
	if c.recorded = r.recordedText; !r.recorded.Equal(a.Recorded) {
		c.recorded, recorded = "", a.Recorded.Format(time.RFC3339Nano)
	}
	for i, v := range [...]driver.Value{a.ID, nil, text(a.Name), text(a.Owner), text(a.Material), nil,
		nil, size(s.Width), size(s.Height), size(outer(s)), text(a.From), text(a.To), text(a.In),
		height(a.GroundAt(0)), height(a.GroundAt(last)), height(a.Invert(0)), height(a.Invert(last)), height(a.Cover(0)), height(a.Cover(last)), height(a.Bottom),
		nil, size(a.Quality.Horizontal), size(a.Quality.Vertical), r.names(a.Assumed),
		text(a.Installed), text(a.Road), text(a.Feature), text(a.Appurtenance), text(a.SourceNumber), version, recorded, attributes(a), text(a.Secrecy.String())} {
		if v != nil {
			args = append(args, db.Arg{Value: v})
			has |= 1 << i
		}
	}
	return args, has, c
}

// names is the list of what is assumed, null when nothing is.
func (r *rowValues) names(a twin.Assumed) driver.Value {
	v, ok := r.assumed[a]
	if !ok {
		if r.assumed == nil {
			r.assumed = map[twin.Assumed]driver.Value{}
		}
		v = text(strings.Join(a.Names(), " "))
		r.assumed[a] = v
	}
	return v
}

// attributes is the asset's further attributes as a JSON object, null when it has none.
func attributes(a *twin.Asset) driver.Value {
	if len(a.Attributes) == 0 {
		return nil
	}
	m := make(map[string]string, len(a.Attributes))
	for _, t := range a.Attributes {
		m[t.Key] = t.Value
	}
	b, err := json.Marshal(m)
	if err != nil {
		return nil // a map of strings always marshals
	}
	return string(b)
}

func outer(s geometry.Section) float64 {
	if !s.Known() {
		return 0
	}
	return s.OuterWidth()
}

// text, size and height make what is not known null.
func text(s string) driver.Value {
	if s == "" {
		return nil
	}
	return s
}

func size(v float64) driver.Value {
	if v == 0 {
		return nil
	}
	return v
}

func height(h float64) driver.Value {
	if twin.IsUnknown(h) {
		return nil
	}
	return h
}

// touch widens the extent of a table in the GeoPackage's contents and sets its time of change.
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
