package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
)

// progressEvery is how many changes lie between two calls of Progress.
const progressEvery = 5000

// Commit stores a whole commit or nothing. It holds a few thousand changes at a time, however many there are.
func (s *DB) Commit(ctx context.Context, c *twin.Commit) error {
	if s.lock == nil {
		return twin.Errorf(twin.Denied, "the store was opened for reading only")
	}
	head, err := s.Head(ctx)
	if err != nil {
		return err
	}
	if head.Revision+1 != c.Revision {
		return twin.Errorf(twin.Conflict, "the store is at revision %d, so revision %d cannot follow", head.Revision, c.Revision)
	}
	frame := head.Frame
	if c.Frame != nil {
		frame = c.Frame
	}
	if frame == nil {
		return twin.Errorf(twin.Invalid, "the store has no coordinate frame yet")
	}
	return db.InBulk(ctx, s.sql, func(tx *db.BulkTx) error {
		if c.Frame != nil {
			if err := setFrame(ctx, tx, c.Frame, c.Square); err != nil {
				return fmt.Errorf("frame: %w", err)
			}
		}
		if _, err := tx.ExecContext(ctx, "insert into undercity_revision (number, time, author, note, changes) values ($1, $2, $3, $4, $5)",
			c.Revision, c.Time.UnixMilli(), c.Author, c.Note, c.Count); err != nil {
			return fmt.Errorf("revision %d: %w", c.Revision, err)
		}
		return s.writeChanges(ctx, tx, c, newEncoder(s.cat, srsID(frame)))
	})
}

// writeChanges has one goroutine make the rows ready while this one writes them.
func (s *DB) writeChanges(ctx context.Context, tx *db.BulkTx, c *twin.Commit, e *encoder) error {
	last, err := get(ctx, tx, "fid")
	if err != nil {
		return fmt.Errorf("number of the last feature: %w", err)
	}
	w := &writer{revision: int64(c.Revision), features: map[featureKey]*db.Stmt{}}
	if last != "" {
		if w.fid, err = strconv.ParseInt(last, 10, 64); err != nil {
			return fmt.Errorf("number of the last feature: %w", err)
		}
	}
	stop := make(chan struct{})
	go e.run(c, stop)
	err = tx.Bulk(func(b *db.Bulk) error {
		w.bulk = b
		if err := w.prepare(); err != nil {
			return err
		}
		return w.all(ctx, c, e)
	})
	close(stop)
	for range e.full { // the encoder ends before we do: the changes are the caller's
	}
	if err := errors.Join(err, e.err); err != nil {
		return err
	}
	if w.done != c.Count {
		return fmt.Errorf("revision %d has %d changes, not %d", c.Revision, w.done, c.Count)
	}
	if err := set(ctx, tx, "fid", strconv.FormatInt(w.fid, 10)); err != nil {
		return fmt.Errorf("number of the last feature: %w", err)
	}
	for k, box := range e.extent {
		table, _ := tableOf(k)
		if err := touch(ctx, tx, table, *box, c.Time); err != nil {
			return err
		}
	}
	return nil
}

// featureKey names a statement that writes features.
type featureKey struct {
	kind    twin.Kind
	replace bool
	has     mask
}

// maxStatements is how many statements are kept for rows with different columns; a city has a few dozen.
const maxStatements = 400

// writer writes the changes of one commit within its transaction.
type writer struct {
	bulk     *db.Bulk
	revision int64
	fid      int64 // of the last new feature; one sequence for all tables
	done     int

	find, keep, create, update, remove *db.Stmt

	features map[featureKey]*db.Stmt
	drop     [twin.KindSolid + 1]*db.Stmt // by kind, prepared when first used

	args [8]db.Arg
}

func (w *writer) prepare() error {
	for _, s := range []struct {
		st   **db.Stmt
		text string
	}{
		{&w.find, "select kind, fid from undercity_asset where id = $1"},
		{&w.keep, `insert into undercity_asset_version (id, revision, until, version, op, removed, record)
			select id, revision, $1, version, op, $2, record from undercity_asset where id = $3`},
		{&w.create, "insert into undercity_asset (id, kind, fid, version, revision, op, record) values ($1, $2, $3, $4, $5, $6, $7)"},
		{&w.update, "update undercity_asset set kind = $1, version = $2, revision = $3, op = $4, record = $5 where id = $6"},
		{&w.remove, "delete from undercity_asset where id = $1"},
	} {
		var err error
		if *s.st, err = w.bulk.Prepare(s.text); err != nil {
			return err
		}
	}
	return nil
}

// row puts values into the reused arguments.
func (w *writer) row(values ...driver.Value) []db.Arg {
	for i, v := range values {
		w.args[i] = db.Arg{Ordinal: i + 1, Value: v}
	}
	return w.args[:len(values)]
}

func (w *writer) all(ctx context.Context, c *twin.Commit, e *encoder) error {
	for b := range e.full {
		for i := range b.changes {
			if err := w.one(&b.changes[i]); err != nil {
				return err
			}
			if w.done++; w.done%progressEvery == 0 && c.Progress != nil {
				c.Progress(w.done)
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		e.free <- b
	}
	return ctx.Err()
}

func (w *writer) one(c *change) error {
	if c.op == twin.OpCreate {
		w.fid++
		_, err := w.create.Exec(w.row(c.id, int64(c.kind), w.fid, int64(c.version), w.revision, int64(c.op), c.record))
		if db.IsConstraint(err) {
			return twin.Errorf(twin.Conflict, "%s exists already", c.id)
		}
		if err != nil {
			return fmt.Errorf("asset %s: %w", c.id, err)
		}
		return w.feature(c, w.fid, false)
	}
	kind, fid, err := w.current(c.id)
	if err != nil {
		return err
	}
	gone := int64(0)
	if c.op == twin.OpRemove {
		gone = 1
	}
	if _, err := w.keep.Exec(w.row(w.revision, gone, c.id)); err != nil {
		return fmt.Errorf("history of %s: %w", c.id, err)
	}
	if c.op == twin.OpRemove {
		if _, err := w.remove.Exec(w.row(c.id)); err != nil {
			return fmt.Errorf("removal of %s: %w", c.id, err)
		}
		return w.leave(kind, fid, c.id)
	}
	if _, err := w.update.Exec(w.row(int64(c.kind), int64(c.version), w.revision, int64(c.op), c.record, c.id)); err != nil {
		return fmt.Errorf("asset %s: %w", c.id, err)
	}
	if kind != c.kind {
		if err := w.leave(kind, fid, c.id); err != nil {
			return err
		}
	}
	return w.feature(c, fid, true)
}

// current returns the kind and the feature of an asset as it is stored.
func (w *writer) current(id twin.ID) (k twin.Kind, fid int64, err error) {
	found := false
	err = w.find.Each(w.row(id), func(row []driver.Value) bool {
		n, _ := row[0].(int64)
		fid, found = row[1].(int64)
		k = twin.Kind(n)
		return false
	})
	switch {
	case err != nil:
		return 0, 0, fmt.Errorf("asset %s: %w", id, err)
	case !found || k > twin.KindSolid:
		return 0, 0, twin.Errorf(twin.Conflict, "%s does not exist any more", id)
	}
	return k, fid, nil
}

// feature writes the row of an asset into the table of its kind.
func (w *writer) feature(c *change, fid int64, replace bool) error {
	if c.feature == nil {
		return nil
	}
	st, err := w.statement(featureKey{c.kind, replace, c.has})
	if err != nil {
		return err
	}
	c.feature[0].Value = fid
	if _, err := st.Exec(c.feature); err != nil {
		return fmt.Errorf("feature of %s: %w", c.id, err)
	}
	return nil
}

func (w *writer) statement(key featureKey) (*db.Stmt, error) {
	if st := w.features[key]; st != nil {
		return st, nil
	}
	if len(w.features) >= maxStatements {
		for k, st := range w.features {
			delete(w.features, k)
			if err := w.bulk.Close(st); err != nil {
				return nil, err
			}
		}
	}
	verb := "insert"
	if key.replace {
		verb = "insert or replace"
	}
	table, _ := tableOf(key.kind)
	st, err := w.bulk.Prepare(insertText(verb, table, key.has))
	if err != nil {
		return nil, err
	}
	w.features[key] = st
	return st, nil
}

// leave takes an asset out of the table of a kind.
func (w *writer) leave(k twin.Kind, fid int64, id twin.ID) error {
	if k == twin.KindSolid {
		return nil
	}
	if w.drop[k] == nil {
		table, _ := tableOf(k)
		var err error
		if w.drop[k], err = w.bulk.Prepare("delete from " + table + " where fid = $1"); err != nil {
			return err
		}
	}
	if _, err := w.drop[k].Exec(w.row(fid)); err != nil {
		return fmt.Errorf("feature of %s: %w", id, err)
	}
	return nil
}
