// Package store keeps a twin on disk: the current state, its whole history, and the feature tables that other programs read, in one
// GeoPackage that QGIS opens.
//
// A small revision writes a row for each asset: the current state into undercity_asset, where it stays until it is replaced and moves to
// undercity_asset_version. A large one writes its creates and updates in packs of some hundred records (undercity_pack), which never change: what is
// replaced or removed later is noted in undercity_pack_gone, so that a pack is at once the current state of the rest and the history of these. Every
// asset is in one of the two; what reads them merges both in order of ID. The feature tables have a row for each asset either way.
//
// A DB is written by one process at a time, which holds the lock of its folder; others may open it ReadOnly beside it. Positions are metres in
// the installation's frame.
package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
)

//go:embed migrations/sqlite/*.sql
var migrations embed.FS

// FileName is the name of the GeoPackage in an installation's folder.
const FileName = "twin.gpkg"

// LockName is the name of the file that the writing process locks.
const LockName = "lock"

// StartFileName is the name of the file that makes a start quick.
const StartFileName = "twin.start"

// Options are the settings of a DB; the zero value is the default.
type Options struct {
	ReadOnly bool          // beside a process that writes
	Quick    bool          // tests: no waiting for the disk
	PackFrom int           // a commit of at least so many changes is written in packs; default 5000
	PackOf   int           // records in a pack; default 256
	Catalog  *twin.Catalog // default twin.Standard()
}

// DB is a Store on SQLite.
type DB struct {
	sql  *sql.DB
	dir  string
	lock *os.File // nil when read only
	cat  *twin.Catalog

	packFrom, packOf int
}

var _ twin.RecordStore = (*DB)(nil)

// Open opens the installation in the folder dir, making it unless ReadOnly. It fails with Unavailable while another process writes there.
func Open(ctx context.Context, dir string, o Options) (*DB, error) {
	if o.Catalog == nil {
		o.Catalog = twin.Standard()
	}
	s := &DB{dir: dir, cat: o.Catalog, packFrom: cmp.Or(o.PackFrom, 5000), packOf: min(cmp.Or(o.PackOf, 256), maxPackRecords)}
	if o.ReadOnly {
		if _, err := os.Stat(filepath.Join(dir, FileName)); err != nil {
			return nil, twin.Errorf(twin.NotFound, "there is no twin in %s", dir).WithHint("import a survey into it first, or name another folder with --data")
		}
	} else if err := s.takeLock(); err != nil {
		return nil, err
	}
	var err error
	if s.sql, err = db.Open(ctx, filepath.Join(dir, FileName), db.Options{ReadOnly: o.ReadOnly, Quick: o.Quick}); err != nil {
		return nil, errors.Join(err, s.release())
	}
	if !o.ReadOnly {
		if err := s.prepare(ctx); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// Foreign is the store in an open data base that others wrote, for reading only. Closing the data base is the caller's.
func Foreign(d *sql.DB, c *twin.Catalog) *DB { return &DB{sql: d, cat: c} }

// takeLock takes the folder for writing. The lock goes with the process, however it ends.
func (s *DB) takeLock() error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("folder of the twin: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(s.dir, LockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("lock of the twin: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		e := twin.Errorf(twin.Unavailable, "a running server or another command is writing to %s", s.dir).
			WithHint("send the files to the server with POST /imports, or stop it first")
		e.Err = errors.Join(err, f.Close())
		return e
	}
	s.lock = f
	return nil
}

func (s *DB) release() error {
	if s.lock == nil {
		return nil
	}
	return s.lock.Close()
}

// Close closes the file and gives the folder free.
func (s *DB) Close() error {
	var err error
	if s.sql != nil {
		if s.lock != nil {
			// Leave one whole file behind, as other programs expect it.
			_, err = s.sql.Exec("pragma wal_checkpoint(truncate)")
		}
		err = errors.Join(err, s.sql.Close())
	}
	return errors.Join(err, s.release())
}

func (s *DB) prepare(ctx context.Context) error {
	dir, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if err := db.Migrate(ctx, s.sql, "twin", dir); errors.Is(err, db.ErrNewer) {
		return isNewer(err)
	} else if err != nil {
		return err
	}
	if err := addColumns(ctx, s.sql); err != nil {
		return err
	}
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		return fmt.Errorf("id of the store: %w", err)
	}
	_, err = s.sql.ExecContext(ctx, "insert into undercity_meta (key, value) values ('id', $1) on conflict do nothing", hex.EncodeToString(id))
	if err != nil {
		return fmt.Errorf("id of the store: %w", err)
	}
	return nil
}

// refuseNewer fails when a newer program has changed the tables: this one would show less than there is.
func (s *DB) refuseNewer(ctx context.Context) error {
	dir, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	name, err := db.Newer(ctx, s.sql, "twin", dir)
	if err == nil && name != "" {
		err = isNewer(fmt.Errorf("%w: it has the migration %s", db.ErrNewer, name))
	}
	return err
}

func isNewer(err error) error {
	e := twin.Errorf(twin.Unavailable, "the twin was written by a newer version of this program").WithHint("use that version or a newer one")
	e.Err = err
	return e
}

// meta is what undercity_meta holds of the frame, under the key "frame".
type meta struct {
	CRS           string      `json:"crs"`
	VerticalDatum string      `json:"verticalDatum"`
	Separation    float64     `json:"separation"`
	Square        twin.Square `json:"square"`
	Shift         string      `json:"shift,omitempty"` // the installation's own, as crs.ParseShift reads it
}

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func get(ctx context.Context, q querier, key string) (string, error) {
	var v string
	err := q.QueryRowContext(ctx, "select value from undercity_meta where key = $1", key).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return v, err
}

func set(ctx context.Context, q querier, key, value string) error {
	_, err := q.ExecContext(ctx, "insert into undercity_meta (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value", key, value)
	return err
}

// Head returns the state of the store.
func (s *DB) Head(ctx context.Context) (twin.Head, error) {
	var h twin.Head
	err := s.refuseNewer(ctx)
	if err != nil {
		return h, err
	}
	if h.ID, err = get(ctx, s.sql, "id"); err != nil {
		return h, fmt.Errorf("id: %w", err)
	}
	var ms int64
	err = s.sql.QueryRowContext(ctx, "select number, time from undercity_revision order by number desc limit 1").Scan(&h.Revision, &ms)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return h, fmt.Errorf("revision: %w", err)
	}
	if err == nil {
		h.Time = time.UnixMilli(ms).UTC()
	}
	text, err := get(ctx, s.sql, "base_version")
	if err != nil {
		return h, fmt.Errorf("base data: %w", err)
	}
	if h.BaseVersion, err = strconv.ParseUint(cmp.Or(text, "0"), 10, 64); err != nil {
		return h, fmt.Errorf("version of the base data: %w", err)
	}
	text, err = get(ctx, s.sql, "frame")
	if err != nil || text == "" {
		return h, err
	}
	var m meta
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return h, fmt.Errorf("frame: %w", err)
	}
	c, err := crs.Parse(m.CRS)
	if err != nil {
		return h, fmt.Errorf("frame: %w", err)
	}
	if m.Shift != "" {
		own, err := crs.ParseShift(m.Shift)
		if err != nil {
			return h, fmt.Errorf("frame: %w", err)
		}
		c = c.WithShift(own)
	}
	if h.Frame, err = crs.NewFrame(c, m.VerticalDatum, m.Separation); err != nil {
		return h, fmt.Errorf("frame: %w", err)
	}
	h.Square = m.Square
	return h, nil
}

func setFrame(ctx context.Context, q querier, f *crs.Frame, square twin.Square) error {
	m := meta{CRS: f.CRS.Code(), VerticalDatum: f.VerticalDatum, Separation: f.Separation, Square: square}
	if own, ok := f.CRS.Given(); ok {
		m.Shift = own.String()
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := set(ctx, q, "frame", string(text)); err != nil {
		return err
	}
	return registerTables(ctx, q, f)
}

// srsID is the number of a CRS in the GeoPackage: its EPSG code.
func srsID(f *crs.Frame) int {
	_, n, _ := strings.Cut(f.CRS.Code(), ":")
	id, err := strconv.Atoi(n)
	if err != nil {
		return -1
	}
	return id
}
