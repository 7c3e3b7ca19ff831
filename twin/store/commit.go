package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
)

// progressEvery is how many changes lie between two calls of Progress and two looks at the context.
const progressEvery = 5000

// Commit stores a whole commit or nothing.
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
	return db.Tx(ctx, s.sql, func(tx *sql.Tx) error {
		if c.Frame != nil {
			frame = c.Frame
			if err := setFrame(ctx, tx, c.Frame, c.Square); err != nil {
				return fmt.Errorf("frame: %w", err)
			}
		}
		if frame == nil {
			return twin.Errorf(twin.Invalid, "the store has no coordinate frame yet")
		}
		w, err := newWriter(ctx, tx, c, newFeatures(tx, s.cat, srsID(frame)), twin.NewCodec(s.cat))
		if err != nil {
			return err
		}
		return w.all()
	})
}

// writer writes the changes of one commit within its transaction.
type writer struct {
	ctx      context.Context
	tx       *sql.Tx
	c        *twin.Commit
	features *features
	codec    *twin.Codec
	get, put *sql.Stmt
	keep     *sql.Stmt
	del      *sql.Stmt
}

func newWriter(ctx context.Context, tx *sql.Tx, c *twin.Commit, f *features, codec *twin.Codec) (*writer, error) {
	w := &writer{ctx: ctx, tx: tx, c: c, features: f, codec: codec}
	for _, s := range []struct {
		st   **sql.Stmt
		text string
	}{
		{&w.get, "select version, record from undercity_asset where id = $1"},
		{&w.put, `insert into undercity_asset (id, version, revision, op, record) values ($1, $2, $3, $4, $5)
			on conflict (id) do update set version = excluded.version, revision = excluded.revision, op = excluded.op, record = excluded.record`},
		{&w.keep, `insert into undercity_asset_version (id, revision, until, version, op, removed, record)
			select id, revision, $2, version, op, $3, record from undercity_asset where id = $1`},
		{&w.del, "delete from undercity_asset where id = $1"},
	} {
		var err error
		if *s.st, err = tx.PrepareContext(ctx, s.text); err != nil {
			return nil, fmt.Errorf("statements: %w", err)
		}
	}
	return w, nil
}

func (w *writer) all() error {
	if _, err := w.tx.ExecContext(w.ctx, "insert into undercity_revision (number, time, author, note, changes) values ($1, $2, $3, $4, $5)",
		w.c.Revision, w.c.Time.UnixMilli(), w.c.Author, w.c.Note, w.c.Count); err != nil {
		return fmt.Errorf("revision %d: %w", w.c.Revision, err)
	}
	n := 0
	for op, a := range w.c.Changes {
		if err := w.one(op, a); err != nil {
			return err
		}
		if n++; n%progressEvery == 0 {
			if err := w.ctx.Err(); err != nil {
				return err
			}
			if w.c.Progress != nil {
				w.c.Progress(n)
			}
		}
	}
	if n != w.c.Count {
		return fmt.Errorf("revision %d has %d changes, not %d", w.c.Revision, n, w.c.Count)
	}
	return w.features.finish(w.ctx, w.c.Time)
}

func (w *writer) one(op twin.Op, a *twin.Asset) error {
	if op != twin.OpCreate {
		res, err := w.keep.ExecContext(w.ctx, a.ID, w.c.Revision, op == twin.OpRemove)
		if err != nil {
			return fmt.Errorf("history of %s: %w", a.ID, err)
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return errors.Join(twin.Errorf(twin.Conflict, "%s does not exist any more", a.ID), err)
		}
	}
	if op == twin.OpRemove {
		if _, err := w.del.ExecContext(w.ctx, a.ID); err != nil {
			return fmt.Errorf("removal of %s: %w", a.ID, err)
		}
		return w.features.remove(w.ctx, a.Kind, a.ID)
	}
	rec, err := w.codec.Marshal(a)
	if err != nil {
		return fmt.Errorf("record of %s: %w", a.ID, err)
	}
	if op == twin.OpUpdate {
		if err := w.leaveTable(a); err != nil {
			return err
		}
	}
	if _, err := w.put.ExecContext(w.ctx, a.ID, a.Version, w.c.Revision, op, rec); err != nil {
		return fmt.Errorf("asset %s: %w", a.ID, err)
	}
	return w.features.write(w.ctx, a)
}

// leaveTable takes an asset out of the feature table of the kind it was before, when that changes.
func (w *writer) leaveTable(a *twin.Asset) error {
	var version uint32
	var rec []byte
	if err := w.get.QueryRowContext(w.ctx, a.ID).Scan(&version, &rec); err != nil {
		return fmt.Errorf("asset %s: %w", a.ID, err)
	}
	old, err := twin.NewCodec(w.features.cat).Unmarshal(rec)
	if err != nil {
		return fmt.Errorf("asset %s: %w", a.ID, err)
	}
	if old.Kind != a.Kind {
		return w.features.remove(w.ctx, old.Kind, a.ID)
	}
	return nil
}
