package trail

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/undercity/undercity/twin/db"
)

// takeOver chains the entries that a version before the chain kept in the table audit, once. They are as true as that table was.
func takeOver(ctx context.Context, d *sql.DB) error {
	return db.InBulk(ctx, d, func(tx *db.BulkTx) error {
		var n int
		if err := tx.QueryRowContext(ctx, "select count(*) from sqlite_schema where type = 'table' and name = 'audit'").Scan(&n); err != nil || n == 0 {
			return err
		}
		head, err := headOf(ctx, tx.Tx)
		if err != nil {
			return err
		}
		rows, err := earlier(ctx, tx)
		if err != nil {
			return fmt.Errorf("entries of before the chain: %w", err)
		}
		if _, err := put(tx, head, rows); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "drop table audit")
		return err
	})
}

func earlier(ctx context.Context, tx *db.BulkTx) (list []*row, err error) {
	rows, err := tx.QueryContext(ctx, "select time, user, action, target, status from audit order by id")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var ms int64
		var target string
		e := Entry{Detail: Told(map[string]any{"chained": "later"})}
		if err := rows.Scan(&ms, &e.User, &e.Route, &target, &e.Status); err != nil {
			return nil, err
		}
		method, path, _ := strings.Cut(e.Route, " ")
		if e.Action = ActionOf(method, path); target != "" {
			e.Targets = []string{target}
		}
		r := rowOf(&e)
		r.time = ms
		list = append(list, &r)
	}
	return list, rows.Err()
}
