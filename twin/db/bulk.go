package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"modernc.org/sqlite"
)

// Arg is one argument of a statement of a Bulk: nil, int64, float64, string or []byte, under its place from 1.
type Arg = driver.NamedValue

// BulkTx is a transaction that can also write rows in bulk.
type BulkTx struct {
	*sql.Tx
	conn *sql.Conn
}

// InBulk runs f in a transaction: all of it or nothing.
func InBulk(ctx context.Context, d *sql.DB, f func(*BulkTx) error) (err error) {
	conn, err := d.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connection: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := f(&BulkTx{Tx: tx, conn: conn}); err != nil {
		if back := tx.Rollback(); back != nil && !errors.Is(back, sql.ErrTxDone) {
			return errors.Join(err, fmt.Errorf("roll back: %w", back))
		}
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// Bulk has f write rows in bulk, within the transaction. f must not use the transaction itself.
func (t *BulkTx) Bulk(f func(*Bulk) error) error {
	return t.conn.Raw(func(c any) error { return bulk(c, f) })
}

// Read has f run statements on a connection of its own, outside any transaction.
func Read(ctx context.Context, d *sql.DB, f func(*Bulk) error) (err error) {
	conn, err := d.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connection: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return conn.Raw(func(c any) error { return bulk(c, f) })
}

func bulk(c any, f func(*Bulk) error) error {
	conn, ok := c.(driver.Conn)
	if !ok {
		return errors.New("the driver of the data base cannot write in bulk")
	}
	b := &Bulk{conn: conn}
	err := f(b)
	for _, s := range b.stmts {
		err = errors.Join(err, s.st.Close())
	}
	return err
}

// Bulk runs prepared statements on the driver itself: database/sql costs more than the rows do where there are millions of them. It is for
// one goroutine and cannot be interrupted within a statement, so its user looks at the context between rows.
type Bulk struct {
	conn  driver.Conn
	stmts []*Stmt
}

// Stmt is a prepared statement of a Bulk.
type Stmt struct {
	st   driver.Stmt
	cols int
	row  []driver.Value
}

// Prepare prepares a statement whose parameters $1, $2 … each stand in it once and in this order.
func (b *Bulk) Prepare(text string) (*Stmt, error) {
	// The driver looks named parameters up by name for each value, unnamed ones by place.
	for i := 1; strings.Contains(text, "$"); i++ {
		mark := "$" + strconv.Itoa(i)
		if strings.Index(text, "$") != strings.Index(text, mark) {
			return nil, fmt.Errorf("prepare %q: parameter %s is not in its place", text, mark)
		}
		text = strings.Replace(text, mark, "?", 1)
	}
	st, err := b.conn.Prepare(text)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	s := &Stmt{st: st}
	b.stmts = append(b.stmts, s)
	return s, nil
}

// Close closes a statement that is no longer needed; those that are left are closed with b.
func (b *Bulk) Close(s *Stmt) error {
	b.stmts = slices.DeleteFunc(b.stmts, func(o *Stmt) bool { return o == s })
	return s.st.Close()
}

// Exec runs the statement and returns how many rows it touched.
func (s *Stmt) Exec(args []Arg) (int64, error) {
	st, ok := s.st.(driver.StmtExecContext)
	if !ok {
		return 0, errors.New("the driver of the data base cannot write in bulk")
	}
	res, err := st.ExecContext(context.Background(), args)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Each calls f with each row of the result until f says false. The row is valid until f returns; its texts and blobs may be kept.
func (s *Stmt) Each(args []Arg, f func(row []driver.Value) bool) (err error) {
	st, ok := s.st.(driver.StmtQueryContext)
	if !ok {
		return errors.New("the driver of the data base cannot read in bulk")
	}
	rows, err := st.QueryContext(context.Background(), args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if s.cols == 0 {
		s.cols = len(rows.Columns())
		s.row = make([]driver.Value, s.cols)
	}
	for {
		switch err := rows.Next(s.row); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case !f(s.row):
			return nil
		}
	}
}

// Args returns the values as arguments.
func Args(values ...driver.Value) []Arg {
	args := make([]Arg, len(values))
	for i, v := range values {
		args[i] = Arg{Ordinal: i + 1, Value: v}
	}
	return args
}

// IsConstraint reports whether err says that a row breaks a constraint, such as a key that is there already.
func IsConstraint(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == constraintCode
}

// constraintCode is SQLITE_CONSTRAINT, the low byte of its extended codes.
const constraintCode = 19
