package auth

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Event is one entry of the audit log.
type Event struct {
	ID     int64
	Time   time.Time
	User   string
	Action string
	Target string
	Status int
}

// Record appends to the audit log.
func (o *Office) Record(ctx context.Context, e Event) error {
	_, err := o.sql.ExecContext(ctx, "insert into audit (time, user, action, target, status) values ($1, $2, $3, $4, $5)", o.now().UnixMilli(), e.User, e.Action, e.Target, e.Status)
	if err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	return nil
}

// Events returns at most limit entries before the given one (0: the latest), latest first.
func (o *Office) Events(ctx context.Context, before int64, limit int) (list []Event, err error) {
	rows, err := o.sql.QueryContext(ctx, "select id, time, user, action, target, status from audit where $1 = 0 or id < $1 order by id desc limit $2", before, limit)
	if err != nil {
		return nil, fmt.Errorf("audit log: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var e Event
		var ms int64
		if err := rows.Scan(&e.ID, &ms, &e.User, &e.Action, &e.Target, &e.Status); err != nil {
			return nil, fmt.Errorf("audit log: %w", err)
		}
		e.Time = time.UnixMilli(ms).UTC()
		list = append(list, e)
	}
	return list, rows.Err()
}
