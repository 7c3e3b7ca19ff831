package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
)

// Assets yields every asset at the revision, 0 for the current one, in order of ID.
func (s *DB) Assets(ctx context.Context, revision uint64) iter.Seq2[*twin.Asset, error] {
	return func(yield func(*twin.Asset, error) bool) {
		codec := twin.NewCodec(s.cat)
		for rec, err := range s.records(ctx, revision, between{}) {
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

const historyOf = `select v.revision, v.op, v.removed, v.until, v.record from (
	select revision, op, removed, until, record from undercity_asset_version where id = $1
	union all
	select revision, op, 0, 0, record from undercity_asset where id = $2) v`

// History returns the versions of one asset, oldest first.
func (s *DB) History(ctx context.Context, id twin.ID) ([]twin.Version, error) {
	var vs []twin.Version
	err := readAtOnce(ctx, s.sql, func(b *db.Bulk) (err error) {
		codec := twin.NewCodec(s.cat)
		if vs, err = packedVersions(b, codec, id); err != nil {
			return err
		}
		rows, err := rowVersions(b, codec, id)
		vs = append(vs, rows...)
		return err
	})
	if err != nil {
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

// rowVersions returns the versions of an asset that have rows of their own.
func rowVersions(b *db.Bulk, codec *twin.Codec, id twin.ID) ([]twin.Version, error) {
	st, err := b.Prepare(historyOf)
	if err != nil {
		return nil, err
	}
	var vs []twin.Version
	var broken error
	err = st.Each(db.Args(id, id), func(row []driver.Value) bool {
		revision, _ := row[0].(int64)
		op, _ := row[1].(int64)
		removed, _ := row[2].(int64)
		until, _ := row[3].(int64)
		rec, _ := row[4].([]byte)
		v := twin.Version{Revision: uint64(revision), Op: twin.Op(op)}
		if v.Asset, broken = codec.Unmarshal(rec); broken != nil {
			return false
		}
		vs = append(vs, v)
		if removed != 0 {
			vs = append(vs, twin.Version{Revision: uint64(until), Op: twin.OpRemove, Asset: v.Asset})
		}
		return true
	})
	return vs, errors.Join(err, broken)
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
