package gpkg

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
	"github.com/undercity/undercity/twin/formats"
)

// file is one open GeoPackage.
type file struct {
	formats.File
	path   string
	dir    string  // of a copy, which is removed afterwards; "" where the file is read as it lies
	state  []stamp // of the file read as it lies
	size   int64   // bytes
	sql    *sql.DB
	layers []*layer
}

const (
	// maxFile bounds what is copied to disk, bytes.
	maxFile = 16 << 30
	// copies is how often a copy is tried of a file that another program is writing to.
	copies = 5
)

// openFile opens a file where it lies, or a copy of it where it has no place of its own or another program has it open.
func openFile(ctx context.Context, f formats.File) (*file, error) {
	c, err := f.Open()
	if err != nil {
		return nil, twin.Errorf(twin.Invalid, "%s cannot be opened: %v", f.Name, err)
	}
	g := &file{File: f}
	if err := errors.Join(g.locate(ctx, c), c.Close()); err != nil {
		return nil, errors.Join(err, g.close())
	}
	if g.sql, err = db.Open(ctx, g.path, db.Options{Foreign: true, Recover: g.dir != ""}); err != nil {
		return nil, errors.Join(g.fail(err), g.close())
	}
	return g, nil
}

// locate finds the file on the disk, or puts a copy there.
func (g *file) locate(ctx context.Context, c formats.Content) error {
	path := ""
	if named, ok := c.(interface{ Name() string }); ok {
		if info, err := os.Stat(named.Name()); err == nil && info.Mode().IsRegular() {
			path = named.Name()
		}
	}
	if path == "" {
		return g.copy(c)
	}
	switch left, err := isLeft(path + "-journal"); {
	case err != nil:
		return fmt.Errorf("journal of %s: %w", g.Name, err)
	case left:
		return twin.Errorf(twin.Invalid, "%s is just being written by another program, or was left half-written by one: %s-journal lies beside it", g.Name, g.Name).
			WithHint("let that program finish and close the file, or open and save the file with it once more")
	}
	if log := stampOf(path + "-wal"); log.size > 0 {
		return g.copyOpen(ctx, path)
	}
	g.path, g.state = path, []stamp{stampOf(path), stampOf(path + "-wal")}
	g.size = g.state[0].size
	return nil
}

// stamp is by what a changed file is known.
type stamp struct {
	size int64
	time time.Time
}

func stampOf(path string) stamp {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{}
	}
	return stamp{size: info.Size(), time: info.ModTime()}
}

// isLeft reports whether a journal tells how to undo what was half-written.
func isLeft(journal string) (bool, error) {
	head, err := headOf(journal)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return bytes.HasPrefix(head[:], []byte{0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7}), err
}

func headOf(path string) (head [32]byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return head, err
	}
	if _, err = io.ReadFull(f, head[:]); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return head, errors.Join(err, f.Close())
}

// copyOpen copies a file that another program has open, with the log beside it, where what is not yet folded in stands. The copy is whole
// where the file stayed as it was meanwhile and the log only grew.
func (g *file) copyOpen(ctx context.Context, path string) error {
	for range copies {
		main := stampOf(path)
		// A log that begins anew has another head.
		log, err := headOf(path + "-wal")
		if err == nil {
			err = g.copyBoth(path)
		}
		after, again := headOf(path + "-wal")
		if err == nil && again == nil && main == stampOf(path) && log == after {
			return nil
		}
		var told *twin.Error
		if errors.As(err, &told) || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		if err := g.drop(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
	return twin.Errorf(twin.Invalid, "%s is being written by another program all the time and cannot be read meanwhile", g.Name).
		WithHint("close the file in that program, or import a copy that was saved with it")
}

func (g *file) copyBoth(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	if err := errors.Join(g.copy(f), f.Close()); err != nil {
		return err
	}
	l, err := os.Open(path + "-wal")
	if err != nil {
		return err
	}
	return errors.Join(g.spool(l, g.path+"-wal"), l.Close())
}

// copy puts a copy on the disk.
func (g *file) copy(r io.Reader) (err error) {
	if g.dir, err = os.MkdirTemp("", "undercity-gpkg-"); err != nil {
		return fmt.Errorf("folder for a copy: %w", err)
	}
	g.path = filepath.Join(g.dir, "copy.gpkg")
	err = g.spool(r, g.path)
	g.size = stampOf(g.path).size
	return err
}

func (g *file) spool(r io.Reader, path string) error {
	w, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	n, err := io.Copy(w, io.LimitReader(r, maxFile+1))
	if err == nil && n > maxFile {
		err = twin.Errorf(twin.Invalid, "%s is longer than %d GiB, which is the most that is taken", g.Name, maxFile>>30)
	}
	if err := errors.Join(err, w.Close()); err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	return nil
}

// unchanged fails where another program has written to the file while it was read as it lies.
func (g *file) unchanged() error {
	if g.dir != "" || g.state[0] == stampOf(g.path) && g.state[1].size == stampOf(g.path+"-wal").size {
		return nil
	}
	return twin.Errorf(twin.Invalid, "%s was changed by another program while it was read, so nothing of it was imported", g.Name).
		WithHint("import it again when that program has finished")
}

func (g *file) drop() error {
	if g.dir == "" {
		return nil
	}
	dir := g.dir
	g.dir = ""
	return os.RemoveAll(dir)
}

func (g *file) close() error {
	var err error
	if g.sql != nil {
		err = g.sql.Close()
	}
	return errors.Join(err, g.drop())
}

// isTable reports whether the data base has a real table of that name, and isView whether it has a view. A virtual table is neither:
// its contents are another program's affair.
func (g *file) has(ctx context.Context, name string) (isTable, isView bool, err error) {
	const kind = "select count(case when type = 'table' and rootpage > 0 then 1 end), count(case when type = 'view' then 1 end) from sqlite_master where lower(name) = lower($1)"
	var tables, views int
	if err := g.sql.QueryRowContext(ctx, kind, name).Scan(&tables, &views); err != nil {
		return false, false, g.fail(err)
	}
	return tables > 0, views > 0, nil
}

var errStalled = errors.New("it gives no rows for too long; save what is a view as a table")

// maxStall is how long a file may take to give its next rows: a view can compute for ever.
const maxStall = 30 * time.Second

// ask runs a few short queries.
func (g *file) ask(ctx context.Context, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, maxStall, errStalled)
	defer cancel()
	err := f(ctx)
	if err != nil && errors.Is(context.Cause(ctx), errStalled) {
		return g.fail(errStalled)
	}
	return err
}
