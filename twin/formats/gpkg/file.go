package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
	"github.com/undercity/undercity/twin/formats"
)

// file is one open GeoPackage.
type file struct {
	formats.File
	path   string
	dir    string // what to remove afterwards; "" for nothing
	sql    *sql.DB
	conn   *sql.Conn
	layers []*layer
}

// maxFile bounds what is copied to disk, bytes.
const maxFile = 16 << 30

// openFile opens a file where it lies, or a copy of it where it has no place of its own or another program has it open.
func openFile(ctx context.Context, f formats.File) (*file, error) {
	c, err := f.Open()
	if err != nil {
		return nil, twin.Errorf(twin.Invalid, "%s cannot be opened: %v", f.Name, err)
	}
	g := &file{File: f}
	if err := errors.Join(g.locate(c), c.Close()); err != nil {
		return nil, errors.Join(err, g.close())
	}
	if g.sql, err = db.Open(ctx, g.path, db.Options{Foreign: true, Recover: g.dir != ""}); err == nil {
		g.conn, err = db.Bounded(ctx, g.sql)
	}
	if err != nil {
		return nil, errors.Join(g.fail(err), g.close())
	}
	return g, nil
}

// locate finds the file on the disk, or puts a copy there.
func (g *file) locate(c formats.Content) error {
	if named, ok := c.(interface{ Name() string }); ok {
		if info, err := os.Stat(named.Name()); err == nil && info.Mode().IsRegular() {
			g.path = named.Name()
		}
	}
	log := g.path + "-wal"
	info, err := os.Stat(log)
	open := g.path != "" && err == nil && info.Size() > 0
	if g.path != "" && !open {
		return nil
	}
	if g.dir, err = os.MkdirTemp("", "undercity-gpkg-"); err != nil {
		return fmt.Errorf("folder for a copy: %w", err)
	}
	g.path = filepath.Join(g.dir, "copy.gpkg")
	if err := spool(c, g.path); err != nil {
		return err
	}
	if !open {
		return nil
	}
	// What another program has written but not yet folded in stands in the log beside the file.
	l, err := os.Open(log)
	if err != nil {
		return fmt.Errorf("log of %s: %w", g.Name, err)
	}
	return errors.Join(spool(l, g.path+"-wal"), l.Close())
}

func spool(r io.Reader, path string) error {
	w, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	n, err := io.Copy(w, io.LimitReader(r, maxFile+1))
	if err == nil && n > maxFile {
		err = twin.Errorf(twin.Invalid, "the file is longer than %d bytes", int64(maxFile))
	}
	if err := errors.Join(err, w.Close()); err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	return nil
}

func (g *file) close() error {
	var err error
	if g.conn != nil {
		err = g.conn.Close()
	}
	if g.sql != nil {
		err = errors.Join(err, g.sql.Close())
	}
	if g.dir != "" {
		err = errors.Join(err, os.RemoveAll(g.dir))
	}
	return err
}

// has reports whether the data base has a table or view of that name.
func (g *file) has(ctx context.Context, table string) (bool, error) {
	var n int
	err := g.conn.QueryRowContext(ctx, "select count(*) from sqlite_master where name = $1 and type in ('table', 'view')", table).Scan(&n)
	if err != nil {
		return false, g.fail(err)
	}
	return n > 0, nil
}
