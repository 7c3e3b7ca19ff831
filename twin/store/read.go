package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
)

// assetsNow and assetsAt read the state now and as of a revision.
const (
	assetsNow = "select record from undercity_asset order by id"
	// The two parts are merged in order of id, so that a whole city is not sorted.
	assetsAt = `select record, id from undercity_asset where revision <= $1
		union all
		select record, id from undercity_asset_version where revision <= $2 and until > $3
		order by id`
)

// readBatch is how many records are handed from the goroutine that reads to the one that decodes at once.
const readBatch = 2000

// Assets yields every asset at the revision, 0 for the current one, in order of ID. One goroutine reads while the caller decodes.
func (s *DB) Assets(ctx context.Context, revision uint64) iter.Seq2[*twin.Asset, error] {
	return func(yield func(*twin.Asset, error) bool) {
		codec := twin.NewCodec(s.cat)
		for rec, err := range s.Records(ctx, revision) {
			if err != nil {
				yield(nil, err)
				return
			}
			a, err := codec.Unmarshal(rec)
			if !yield(a, err) || err != nil {
				return
			}
		}
	}
}

// Records is as Assets, with the records as they are stored.
func (s *DB) Records(ctx context.Context, revision uint64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		batches := make(chan [][]byte, 4)
		failed := make(chan error, 1)
		go func() {
			defer close(batches)
			failed <- s.readRecords(ctx, revision, batches)
		}()
		defer func() {
			cancel()
			for range batches { // the reader ends before we do
			}
		}()
		for batch := range batches {
			for _, rec := range batch {
				if !yield(rec, nil) {
					return
				}
			}
		}
		if err := <-failed; err != nil {
			yield(nil, fmt.Errorf("assets: %w", err))
		}
	}
}

func (s *DB) readRecords(ctx context.Context, revision uint64, out chan<- [][]byte) error {
	text, args := assetsNow, []db.Arg(nil)
	if revision != 0 {
		text, args = assetsAt, db.Args(int64(revision), int64(revision), int64(revision))
	}
	batch := make([][]byte, 0, readBatch)
	hand := func() bool {
		select {
		case out <- batch:
			batch = make([][]byte, 0, readBatch)
			return true
		case <-ctx.Done():
			return false
		}
	}
	err := db.Read(ctx, s.sql, func(b *db.Bulk) error {
		st, err := b.Prepare(text)
		if err != nil {
			return err
		}
		return st.Each(args, func(row []driver.Value) bool {
			rec, _ := row[0].([]byte)
			batch = append(batch, rec)
			return len(batch) < readBatch || hand()
		})
	})
	if err == nil {
		hand()
		err = ctx.Err()
	}
	return err
}

const historyOf = `select v.revision, v.op, v.removed, v.until, v.record from (
	select revision, op, removed, until, record from undercity_asset_version where id = $1
	union all
	select revision, op, 0, 0, record from undercity_asset where id = $1) v order by v.revision`

// History returns the versions of one asset, oldest first.
func (s *DB) History(ctx context.Context, id twin.ID) (vs []twin.Version, err error) {
	rows, err := s.sql.QueryContext(ctx, historyOf, id)
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	codec := twin.NewCodec(s.cat)
	for rows.Next() {
		var v twin.Version
		var removed bool
		var until uint64
		var rec []byte
		if err := rows.Scan(&v.Revision, &v.Op, &removed, &until, &rec); err != nil {
			return nil, fmt.Errorf("history: %w", err)
		}
		if v.Asset, err = codec.Unmarshal(rec); err != nil {
			return nil, err
		}
		vs = append(vs, v)
		if removed {
			vs = append(vs, twin.Version{Revision: until, Op: twin.OpRemove, Asset: v.Asset})
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	slices.SortStableFunc(vs, func(a, b twin.Version) int { return int(a.Revision) - int(b.Revision) })
	for i := range vs {
		infos, err := s.Revisions(ctx, vs[i].Revision-1, 1)
		if err != nil {
			return nil, err
		}
		if len(infos) == 1 {
			vs[i].Time, vs[i].Author, vs[i].Note = infos[0].Time, infos[0].Author, infos[0].Note
		}
	}
	return vs, nil
}

// RevisionAt returns the last revision recorded at or before t, 0 when there was none.
func (s *DB) RevisionAt(ctx context.Context, t time.Time) (uint64, error) {
	var n sql.NullInt64
	if err := s.sql.QueryRowContext(ctx, "select max(number) from undercity_revision where time <= $1", t.UnixMilli()).Scan(&n); err != nil {
		return 0, fmt.Errorf("revision: %w", err)
	}
	return uint64(n.Int64), nil
}

// Revisions returns at most limit revisions after the given one, oldest first.
func (s *DB) Revisions(ctx context.Context, after uint64, limit int) (list []twin.RevisionInfo, err error) {
	rows, err := s.sql.QueryContext(ctx, "select number, time, author, note, changes from undercity_revision where number > $1 order by number limit $2", int64(after), limit)
	if err != nil {
		return nil, fmt.Errorf("revisions: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var r twin.RevisionInfo
		var ms int64
		if err := rows.Scan(&r.Revision, &ms, &r.Author, &r.Note, &r.Changes); err != nil {
			return nil, fmt.Errorf("revisions: %w", err)
		}
		r.Time = time.UnixMilli(ms).UTC()
		list = append(list, r)
	}
	return list, rows.Err()
}

// Base returns the base data.
func (s *DB) Base(ctx context.Context) (*twin.Base, error) {
	text, err := get(ctx, s.sql, "base")
	if err != nil {
		return nil, fmt.Errorf("base data: %w", err)
	}
	b := &twin.Base{}
	if text == "" {
		return b, nil
	}
	if err := json.Unmarshal([]byte(text), b); err != nil {
		return nil, fmt.Errorf("base data: %w", err)
	}
	if t := b.Terrain; t != nil {
		for i, h := range t.Heights {
			if h == noHeight {
				t.Heights[i] = float32(twin.Unknown())
			}
		}
	}
	return b, nil
}

// noHeight stands for an unknown height in the stored terrain, since JSON has no NaN.
const noHeight = -32768

// SetBase replaces the base data, and the streets and places that other programs see.
func (s *DB) SetBase(ctx context.Context, b *twin.Base) error {
	if s.lock == nil {
		return twin.Errorf(twin.Denied, "the store was opened for reading only")
	}
	head, err := s.Head(ctx)
	if err != nil {
		return err
	}
	kept := *b
	if b.Terrain != nil {
		t := *b.Terrain
		t.Heights = slices.Clone(t.Heights)
		for i, h := range t.Heights {
			if twin.IsUnknown(float64(h)) {
				t.Heights[i] = noHeight
			}
		}
		kept.Terrain = &t
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("base data: %w", err)
	}
	return db.Tx(ctx, s.sql, func(tx *sql.Tx) error {
		if err := set(ctx, tx, "base", string(text)); err != nil {
			return fmt.Errorf("base data: %w", err)
		}
		if head.Frame == nil {
			return nil // the tables come with the frame
		}
		return writeBase(ctx, tx, b, srsID(head.Frame))
	})
}

func writeBase(ctx context.Context, tx *sql.Tx, b *twin.Base, srs int) error {
	for _, table := range []string{"street", "place"} {
		if _, err := tx.ExecContext(ctx, "delete from "+table); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	streets, places := geometry.EmptyBox(), geometry.EmptyBox()
	for _, st := range b.Streets {
		for _, p := range st.Line {
			streets = streets.Add(p)
		}
		if _, err := tx.ExecContext(ctx, "insert into street (geom, name, name_en, class, width_m) values ($1, $2, $3, $4, $5)",
			appendGeometry(nil, srs, twin.KindSegment, st.Line), text(st.Name), text(st.NameEN), text(st.Class), size(st.Width)); err != nil {
			return fmt.Errorf("street: %w", err)
		}
	}
	for _, p := range b.Places {
		places = places.Add(p.At)
		if _, err := tx.ExecContext(ctx, "insert into place (geom, name, name_en, class) values ($1, $2, $3, $4)",
			appendGeometry(nil, srs, twin.KindNode, []geometry.Point{p.At}), text(p.Name), text(p.NameEN), text(p.Class)); err != nil {
			return fmt.Errorf("place: %w", err)
		}
	}
	now := time.Now()
	return errors.Join(touch(ctx, tx, "street", streets, now), touch(ctx, tx, "place", places, now))
}
