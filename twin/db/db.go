// Package db opens the data bases that an installation keeps its city, its users and its observations in. It is the only importer of the
// drivers; its callers write one SQL text with $1 parameters and hand over their migrations.
package db

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"modernc.org/sqlite" // also the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Options say how a data base file is opened; the zero value is the default.
type Options struct {
	ReadOnly bool
	Foreign  bool // a file that others wrote: read only, unchanging, nothing in it trusted, one connection with bounds to what it may ask for
	Recover  bool // of a Foreign file that is a copy of ours: fold in the log beside it
	Quick    bool // tests: no waiting for the disk
}

// Open opens the SQLite file at path, making it unless ReadOnly.
func Open(ctx context.Context, path string, o Options) (*sql.DB, error) {
	if o.ReadOnly || o.Foreign {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("data base: %w", err)
		}
	}
	d, err := sql.Open("sqlite", dsn(path, o))
	if err != nil {
		return nil, fmt.Errorf("data base %s: %w", filepath.Base(path), err)
	}
	open := d.PingContext
	if o.Foreign {
		// The bounds are those of a connection, so there is one and it stays.
		d.SetMaxOpenConns(1)
		open = func(ctx context.Context) error { return bound(ctx, d) }
	}
	if err := open(ctx); err != nil {
		if !o.Foreign { // whose name on the disk may be a copy's: the reader says which it is
			err = fmt.Errorf("data base %s: %w", filepath.Base(path), err)
		}
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// dsn carries the pragmas, which every connection of the pool needs.
func dsn(path string, o Options) string {
	q := url.Values{}
	q.Add("_pragma", "busy_timeout(10000)")
	q.Add("_pragma", "foreign_keys(1)")
	q.Add("_pragma", "trusted_schema(0)")
	q.Add("_pragma", "cell_size_check(1)")
	// 3 MB: a city is read from snapshots, and an import writes in order of ids, so more of them only adds to the memory of an import, twice over, since the
	// driver takes 16 KiB for a page of 8.
	q.Add("_pragma", "cache_size(-3000)")
	switch {
	case o.Foreign:
		q.Set("mode", "ro")
		if !o.Recover {
			q.Set("immutable", "1")
		}
		q.Add("_pragma", "query_only(1)")
	case o.ReadOnly:
		q.Set("mode", "ro")
		q.Add("_pragma", "query_only(1)")
	default:
		// Of a new file: half as many pages to log and to check as with the usual 4096.
		q.Add("_pragma", "page_size(8192)")
		// A commit is acknowledged when it is on the disk: it survives a kill and a power cut.
		// Not as a pragma: the driver runs those by the alphabet, and behind this one it is too late for page_size.
		q.Set("_journal_mode", "WAL")
		sync := "synchronous(FULL)"
		if o.Quick {
			sync = "synchronous(OFF)"
		}
		q.Add("_pragma", sync)
		q.Set("_txlock", "immediate")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// maxValue bounds one value and one row of a foreign file, bytes.
const maxValue = 64 << 20

// bound sets limits to what a foreign file can ask for: no value longer than 64 MiB, no statement absurdly long, no other file.
func bound(ctx context.Context, d *sql.DB) error {
	c, err := d.Conn(ctx)
	if err != nil {
		return err
	}
	for limit, most := range map[int]int{sqlite3.SQLITE_LIMIT_LENGTH: maxValue, sqlite3.SQLITE_LIMIT_SQL_LENGTH: 1 << 20, sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100, sqlite3.SQLITE_LIMIT_ATTACHED: 0} {
		if _, err := sqlite.Limit(c, limit, most); err != nil {
			return errors.Join(fmt.Errorf("limits: %w", err), c.Close())
		}
	}
	return c.Close()
}

// BoundValues sets the longest value that an open foreign file may give from now on, bytes, and returns what it was: views can compute longer ones than the
// file has room for.
func BoundValues(ctx context.Context, d *sql.DB, most int) (was int, err error) {
	c, err := d.Conn(ctx)
	if err != nil {
		return 0, fmt.Errorf("connection: %w", err)
	}
	was, err = sqlite.Limit(c, sqlite3.SQLITE_LIMIT_LENGTH, most)
	return was, errors.Join(err, c.Close())
}

// Tx runs f in a transaction: all of it or nothing.
func Tx(ctx context.Context, d *sql.DB, f func(*sql.Tx) error) error {
	tx, err := d.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := f(tx); err != nil {
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

// Migrate brings a component's tables up to date with the *.sql files of dir in order of their names, each in a transaction, forward
// only. A file that has been applied must not change any more: its hash is kept.
func Migrate(ctx context.Context, d *sql.DB, component string, dir fs.FS) error {
	if _, err := d.ExecContext(ctx, "create table if not exists undercity_migration (component text not null, name text not null, hash text not null, primary key (component, name))"); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	names, err := fs.Glob(dir, "*.sql")
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	sort.Strings(names)
	if unknown, err := Newer(ctx, d, component, dir); err != nil || unknown != "" {
		return cmp.Or(err, fmt.Errorf("%w: it has the migration %s", ErrNewer, unknown))
	}
	for _, name := range names {
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
		if err := migrate(ctx, d, component, name, string(text)); err != nil {
			return fmt.Errorf("migration %s of %s: %w", name, component, err)
		}
	}
	return nil
}

// ErrNewer says that a newer program has changed the tables, so that this one would show less than there is, or break it.
var ErrNewer = errors.New("the data base was written by a newer program")

// Newer returns the first migration that was applied to a component's tables and is not among the *.sql files of dir, "" when there is none.
func Newer(ctx context.Context, d *sql.DB, component string, dir fs.FS) (name string, err error) {
	var n int
	if err := d.QueryRowContext(ctx, "select count(*) from sqlite_schema where type = 'table' and name = 'undercity_migration'").Scan(&n); err != nil || n == 0 {
		return "", err
	}
	names, err := fs.Glob(dir, "*.sql")
	if err != nil {
		return "", fmt.Errorf("migrations: %w", err)
	}
	rows, err := d.QueryContext(ctx, "select name from undercity_migration where component = $1 order by name", component)
	if err != nil {
		return "", fmt.Errorf("migrations: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := rows.Scan(&name); err != nil {
			return "", fmt.Errorf("migrations: %w", err)
		}
		if !slices.Contains(names, name) {
			return name, nil
		}
	}
	return "", rows.Err()
}

func migrate(ctx context.Context, d *sql.DB, component, name, text string) error {
	sum := sha256.Sum256([]byte(strings.ReplaceAll(text, "\r\n", "\n")))
	hash := hex.EncodeToString(sum[:])
	return Tx(ctx, d, func(tx *sql.Tx) error {
		var old string
		switch err := tx.QueryRowContext(ctx, "select hash from undercity_migration where component = $1 and name = $2", component, name).Scan(&old); {
		case err == nil && old == hash:
			return nil
		case err == nil:
			return errors.New("it was applied with another text; a migration that has been applied must not change")
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
		if _, err := tx.ExecContext(ctx, text); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "insert into undercity_migration (component, name, hash) values ($1, $2, $3)", component, name, hash)
		return err
	})
}
