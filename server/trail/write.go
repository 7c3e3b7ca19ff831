package trail

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/undercity/undercity/twin/db"
)

// write is the one writer of a process: it takes what has come together and writes it in one transaction, so that many pay for one wait for the disk.
func (l *Log) write() {
	defer close(l.ended)
	var list []*waiting
	for open := true; open || len(list) > 0; {
		list, open = l.gather(list)
		head, err := l.commit(context.Background(), list)
		if err == nil {
			l.stuck.Store(nil)
			list = answered(list, nil)
			l.mark(head)
			continue
		}
		l.log.Error("the audit log cannot be written", "err", err)
		// Who waits is told, and does not do it; what has been shown already stays until it is written.
		if list = answered(list, err); len(list) > 0 {
			l.stuck.Store(&err)
		}
		if !open {
			return
		}
	}
}

// answered tells those who wait, and returns the rest where the entries could not be written.
func answered(list []*waiting, err error) (rest []*waiting) {
	for _, w := range list {
		switch {
		case w.done != nil:
			w.done <- err
		case err != nil:
			rest = append(rest, w)
		}
	}
	return rest
}

// gather waits for an entry and takes what comes with it: at once where somebody waits for one, else what comes in a short time. open is false when the queue
// is closed and empty.
func (l *Log) gather(list []*waiting) (_ []*waiting, open bool) {
	patience := l.o.Gather
	if len(list) > 0 {
		patience = retryAfter
	} else {
		w, ok := <-l.queue
		if !ok {
			return nil, false
		}
		list = append(list, w)
		if w.done != nil {
			patience = 0
		}
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for most := len(list) + batch; len(list) < most; {
		var w *waiting
		var ok bool
		if patience == 0 {
			select {
			case w, ok = <-l.queue:
			default:
				return list, true
			}
		} else {
			select {
			case w, ok = <-l.queue:
			case <-timer.C:
				return list, true
			}
		}
		if !ok {
			return list, false
		}
		list = append(list, w)
		if w.done != nil {
			patience = 0
		}
	}
	return list, true
}

// commit writes entries in one transaction behind the last one of the log, whoever wrote that, and returns the new head; the zero Head where there was nothing.
func (l *Log) commit(ctx context.Context, list []*waiting) (head Head, err error) {
	rows := make([]*row, 0, len(list))
	for _, w := range list {
		if !w.only {
			rows = append(rows, &w.row)
		}
	}
	if len(rows) == 0 {
		return head, nil
	}
	err = db.InBulk(ctx, l.sql, func(tx *db.BulkTx) (err error) {
		if head, err = headOf(ctx, tx.Tx); err != nil {
			return err
		}
		head, err = put(tx, head, rows)
		return err
	})
	return head, err
}

const (
	insertRow = `insert into trail (number, time, user, role, address, action, route, targets, more, status, begun, detail, previous, hash)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`
	insertTargets = "insert or ignore into trail_target (target, number) select value, $1 from json_each($2)"
)

// put chains rows to a head and inserts them; the new head is that of the last.
func put(tx *db.BulkTx, head Head, rows []*row) (Head, error) {
	err := tx.Bulk(func(b *db.Bulk) error {
		into, err := b.Prepare(insertRow)
		if err != nil {
			return err
		}
		naming, err := b.Prepare(insertTargets)
		if err != nil {
			return err
		}
		var buf []byte
		for _, r := range rows {
			r.number, r.previous = head.Number+1, head.Hash
			r.hash, buf = r.sum(buf)
			head = Head{r.number, r.hash}
			if _, err := into.Exec(db.Args(r.number, r.time, r.user, r.role, r.address, r.action, r.route, r.targets, r.more, r.status, r.begun, r.detail, r.previous[:], r.hash[:])); err != nil {
				return fmt.Errorf("entry: %w", err)
			}
			if r.targets == "[]" {
				continue
			}
			if _, err := naming.Exec(db.Args(r.number, r.targets)); err != nil {
				return fmt.Errorf("targets: %w", err)
			}
		}
		return nil
	})
	return head, err
}

// querier is a data base or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// headOf is the last entry of the log.
func headOf(ctx context.Context, q querier) (h Head, err error) {
	var hash []byte
	err = q.QueryRowContext(ctx, "select number, hash from trail order by number desc limit 1").Scan(&h.Number, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return Head{}, nil
	}
	if err != nil {
		return Head{}, fmt.Errorf("head: %w", err)
	}
	copy(h.Hash[:], hash)
	return h, nil
}
