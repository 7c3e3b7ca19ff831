package trail

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/undercity/undercity/twin"
)

// Filter says which entries are wanted; the zero value is all.
type Filter struct {
	User   string
	Action string
	Target string
	Status int       // 0: any
	From   time.Time // at or after
	To     time.Time // before
	// Whole also has the entries that say that an action began, where another says how it ended.
	Whole bool
}

// Find returns at most limit entries before the given number (0: the latest), latest first. What was noted before is among them.
func (l *Log) Find(ctx context.Context, f Filter, before int64, limit int) (list []Entry, err error) {
	if err := l.Flush(ctx); err != nil && l.stuck.Load() == nil {
		return nil, err
	}
	var where []string
	var args []any
	add := func(clause string, v any) {
		args = append(args, v)
		where = append(where, strings.ReplaceAll(clause, "?", fmt.Sprintf("$%d", len(args))))
	}
	if before > 0 {
		add("t.number < ?", before)
	}
	if f.User != "" {
		add("t.user = ?", f.User)
	}
	if f.Action != "" {
		add("t.action = ?", f.Action)
	}
	if f.Target != "" {
		add("t.number in (select number from trail_target where target = ?)", f.Target)
	}
	if f.Status != 0 {
		add("t.status = ?", f.Status)
	}
	if !f.From.IsZero() {
		add("t.time >= ?", f.From.UnixMilli())
	}
	if !f.To.IsZero() {
		add("t.time < ?", f.To.UnixMilli())
	}
	if !f.Whole {
		where = append(where, "(t.status <> 0 or not exists (select 1 from trail e where e.begun = t.number))")
	}
	query := "select t.number, t.time, t.user, t.role, t.address, t.action, t.route, t.targets, t.more, t.status, t.begun, t.detail, t.hash from trail t"
	if len(where) > 0 {
		query += " where " + strings.Join(where, " and ")
	}
	args = append(args, limit)
	return l.entries(ctx, query+fmt.Sprintf(" order by t.number desc limit $%d", len(args)), args...)
}

// Get returns the entry of a number. It fails with NotFound where there is none.
func (l *Log) Get(ctx context.Context, number int64) (Entry, error) {
	list, err := l.entries(ctx, "select number, time, user, role, address, action, route, targets, more, status, begun, detail, hash from trail where number = $1", number)
	if err == nil && len(list) == 0 {
		err = twin.Errorf(twin.NotFound, "the audit log has no entry %d", number)
	}
	if err != nil {
		return Entry{}, err
	}
	return list[0], nil
}

func (l *Log) entries(ctx context.Context, query string, args ...any) (list []Entry, err error) {
	rows, err := l.sql.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("audit log: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var r row
		var hash []byte
		if err := rows.Scan(&r.number, &r.time, &r.user, &r.role, &r.address, &r.action, &r.route, &r.targets, &r.more, &r.status, &r.begun, &r.detail, &hash); err != nil {
			return nil, fmt.Errorf("audit log: %w", err)
		}
		copy(r.hash[:], hash)
		list = append(list, r.entry())
	}
	return list, rows.Err()
}

// Verify looks at every entry.
func (l *Log) Verify(ctx context.Context, o VerifyOptions) (*Report, error) {
	return Verify(ctx, l.sql, l.anchor.dir(), o)
}
