package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
)

// PolicyVersion is one state of the policy as it is kept; version 0 is of an installation that has none.
type PolicyVersion struct {
	Version  int64
	Document string // JSON
	Author   string
	Time     time.Time
}

// Policy returns the policy that holds.
func (o *Office) Policy(ctx context.Context) (PolicyVersion, error) {
	var p PolicyVersion
	var ms int64
	err := o.sql.QueryRowContext(ctx, "select version, document, author, time from policy order by version desc limit 1").Scan(&p.Version, &p.Document, &p.Author, &ms)
	if errors.Is(err, sql.ErrNoRows) {
		return PolicyVersion{}, nil
	}
	if err != nil {
		return PolicyVersion{}, fmt.Errorf("policy: %w", err)
	}
	p.Time = time.UnixMilli(ms).UTC()
	return p, nil
}

// SetPolicy keeps a new policy in the place of the version that was read; every version is kept. It fails with Conflict when another came meanwhile.
func (o *Office) SetPolicy(ctx context.Context, read int64, document, author string) (int64, error) {
	err := db.Tx(ctx, o.sql, func(tx *sql.Tx) error {
		var now int64
		if err := tx.QueryRowContext(ctx, "select coalesce(max(version), 0) from policy").Scan(&now); err != nil {
			return fmt.Errorf("policy: %w", err)
		}
		if now != read {
			return twin.Errorf(twin.Conflict, "the policy moved on from version %d to %d", read, now).WithHint("read it again and repeat the change")
		}
		_, err := tx.ExecContext(ctx, "insert into policy (version, document, author, time) values ($1, $2, $3, $4)", read+1, document, author, o.now().UnixMilli())
		return err
	})
	return read + 1, err
}
