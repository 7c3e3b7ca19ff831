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
		if c.Count >= s.packFrom {
			var err error
			if w.packs, err = newPackWriter(b, w.revision, s.packOf); err != nil {
				return err
			}
		}
		if err := w.all(ctx, c, e); err != nil || w.packs == nil {
			return err
		}
		return w.packs.finish()
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
	common  common
}

// maxStatements is how many statements are kept for rows with different columns; a city has a few dozen.
const maxStatements = 400

// writer writes the changes of one commit within its transaction.
type writer struct {
	bulk     *db.Bulk
	revision int64
	fid      int64 // of the last new feature; one sequence for all tables
	done     int

	packs  *packWriter // nil: a row for each asset
	packed *packFinder
	next   nextRow

	find, keep, create, remove, gone *db.Stmt

	features    map[featureKey]*db.Stmt
	lastKey     featureKey // and its statement: the next feature is often of the same kind
	lastFeature *db.Stmt
	drop        [twin.KindSolid + 1]*db.Stmt // by kind, prepared when first used

	args [8]db.Arg
}

func (w *writer) prepare() error {
	for _, s := range []struct {
		st   **db.Stmt
		text string
	}{
		{&w.find, "select id, kind, fid from undercity_asset where id >= $1 order by id limit 1"},
		{&w.keep, `insert into undercity_asset_version (id, revision, until, version, op, removed, record)
			select id, revision, $1, version, op, $2, record from undercity_asset where id = $3`},
		{&w.create, "insert into undercity_asset (id, kind, fid, version, revision, op, record) values ($1, $2, $3, $4, $5, $6, $7)"},
		{&w.remove, "delete from undercity_asset where id = $1"},
		{&w.gone, "insert into undercity_pack_gone (pack, position, until, removed) values ($1, $2, $3, $4)"},
	} {
		var err error
		if *s.st, err = w.bulk.Prepare(s.text); err != nil {
			return err
		}
	}
	var err error
	w.packed, err = newPackFinder(w.bulk)
	return err
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
	was, err := w.current(c.id)
	if err != nil {
		return fmt.Errorf("asset %s: %w", c.id, err)
	}
	if c.op == twin.OpCreate {
		if was.exists {
			return twin.Errorf(twin.Conflict, "%s exists already", c.id)
		}
		w.fid++
		if err := w.put(c, w.fid); err != nil {
			return err
		}
		return w.feature(c, w.fid, false)
	}
	if !was.exists {
		return twin.Errorf(twin.Conflict, "%s does not exist any more", c.id)
	}
	if err := w.retire(c, was); err != nil {
		return fmt.Errorf("history of %s: %w", c.id, err)
	}
	if c.op == twin.OpRemove {
		return w.leave(was.kind, was.fid, c.id)
	}
	if err := w.put(c, was.fid); err != nil {
		return err
	}
	if was.kind != c.kind {
		if err := w.leave(was.kind, was.fid, c.id); err != nil {
			return err
		}
	}
	return w.feature(c, was.fid, true)
}

// put stores the new state of an asset, which has no current one.
func (w *writer) put(c *change, fid int64) error {
	if w.packs != nil {
		return w.packs.add(c, fid)
	}
	_, err := w.create.Exec(w.row(c.id, int64(c.kind), fid, int64(c.version), w.revision, int64(c.op), c.record))
	if db.IsConstraint(err) {
		return twin.Errorf(twin.Conflict, "%s exists already", c.id)
	}
	if err != nil {
		return fmt.Errorf("asset %s: %w", c.id, err)
	}
	return nil
}

// retire makes the current state of an asset its history.
func (w *writer) retire(c *change, was place) error {
	removed := int64(0)
	if c.op == twin.OpRemove {
		removed = 1
	}
	if was.pack != 0 {
		_, err := w.gone.Exec(w.row(was.pack, int64(was.position), w.revision, removed))
		return err
	}
	if _, err := w.keep.Exec(w.row(w.revision, removed, c.id)); err != nil {
		return err
	}
	_, err := w.remove.Exec(w.row(c.id))
	return err
}

// place is where the current state of an asset is, and its feature.
type place struct {
	exists   bool
	kind     twin.Kind
	fid      int64
	pack     int64 // 0: in a row of its own
	position int
}

// nextRow is the first row of undercity_asset from an ID on. Changes come in order of ID, so that most need no question of their own.
type nextRow struct {
	asked, id twin.ID
	known     bool
	end       bool // there is none
	kind      twin.Kind
	fid       int64
}

func (w *writer) current(id twin.ID) (place, error) {
	if n := &w.next; !n.known || id < n.asked || !n.end && id > n.id {
		*n = nextRow{asked: id, known: true, end: true}
		err := w.find.Each(w.row(id), func(row []driver.Value) bool {
			k, _ := row[1].(int64)
			n.id, _ = row[0].(string)
			n.fid, _ = row[2].(int64)
			n.kind, n.end = twin.Kind(k), false
			return false
		})
		if err != nil {
			return place{}, err
		}
	}
	if n := w.next; !n.end && n.id == id {
		return place{exists: n.kind <= twin.KindSolid, kind: n.kind, fid: n.fid}, nil
	}
	p, ok, err := w.packed.find(id)
	if err != nil || !ok {
		return place{}, err
	}
	return place{p.entry.head.Kind <= twin.KindSolid, p.entry.head.Kind, p.entry.fid, p.number, p.position}, nil
}

// feature writes the row of an asset into the table of its kind.
func (w *writer) feature(c *change, fid int64, replace bool) error {
	if c.feature == nil {
		return nil
	}
	st, err := w.statement(featureKey{c.kind, replace, c.has, c.common})
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
	if key == w.lastKey && w.lastFeature != nil {
		return w.lastFeature, nil
	}
	st, err := w.prepared(key)
	w.lastKey, w.lastFeature = key, st
	return st, err
}

func (w *writer) prepared(key featureKey) (*db.Stmt, error) {
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
	st, err := w.bulk.Prepare(insertText(verb, table, key.has, key.common))
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
