package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
)

// between is a range of IDs: from the first on, up to but not with the second; "" is no bound.
type between struct{ from, to twin.ID }

// where is the condition on the column id, and its arguments.
func (b between) where(args []driver.Value) (string, []driver.Value) {
	text := ""
	if b.from != "" {
		args = append(args, b.from)
		text += fmt.Sprintf(" and id >= $%d", len(args))
	}
	if b.to != "" {
		args = append(args, b.to)
		text += fmt.Sprintf(" and id < $%d", len(args))
	}
	return text, args
}

// Records is as Assets, with the records as they are stored, in at most so many parts. Each part is read by whoever runs it, on a connection of its own.
func (s *DB) Records(ctx context.Context, revision uint64, parts int) ([]iter.Seq2[[]byte, error], error) {
	var seqs []iter.Seq2[[]byte, error]
	from := ""
	for _, id := range append(s.cuts(ctx, parts), "") {
		seqs = append(seqs, s.records(ctx, revision, between{from, id}))
		from = id
	}
	return seqs, nil
}

// query reads the state now, or as of a revision. There the two parts are merged in order of id, so that a whole city is not sorted.
func query(revision uint64, ids between) (string, []driver.Value) {
	if revision == 0 {
		cond, args := ids.where(nil)
		return "select record from undercity_asset where true" + cond + " order by id", args
	}
	now, args := ids.where([]driver.Value{int64(revision)})
	then, args := ids.where(append(args, int64(revision), int64(revision)))
	n := len(args) - strings.Count(then, "$")
	return fmt.Sprintf(`select record, id from undercity_asset where revision <= $1%s
		union all
		select record, id from undercity_asset_version where revision <= $%d and until > $%d%s
		order by id`, now, n-1, n, then), args
}

// recordsBetweenLooks is how many records are read between two looks at the context.
const recordsBetweenLooks = 1000

func (s *DB) records(ctx context.Context, revision uint64, ids between) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		going, n := true, 0
		out := func(rec []byte) bool {
			if n++; n%recordsBetweenLooks == 0 && ctx.Err() != nil {
				return false
			}
			going = yield(rec, nil)
			return going
		}
		err := readAtOnce(ctx, s.sql, func(b *db.Bulk) error {
			return errors.Join(merge(b, revision, ids, out), ctx.Err(), run(b, "pragma shrink_memory")) // of pages that were read once
		})
		if going && err != nil {
			yield(nil, fmt.Errorf("assets: %w", err))
		}
	}
}

// merge gives out the records of rows and packs in order of ID until out says false.
func merge(b *db.Bulk, revision uint64, ids between, out func([]byte) bool) error {
	packs, err := newPackQueue(b, revision, ids)
	if err != nil {
		return err
	}
	text, args := query(revision, ids)
	st, err := b.Prepare(text)
	if err != nil {
		return err
	}
	var broken error
	more := true
	err = st.Each(db.Args(args...), func(row []driver.Value) bool {
		rec, _ := row[0].([]byte)
		if packs != nil {
			var head twin.Marshalled
			if head, broken = twin.ReadMarshalled(rec); broken != nil {
				return false
			}
			if more, broken = packs.before(head.ID, out); broken != nil || !more {
				return false
			}
		}
		more = out(rec)
		return more
	})
	if err := errors.Join(err, broken); err != nil || !more || packs == nil {
		return err
	}
	_, err = packs.before(nil, out)
	return err
}

const (
	samplesOfPart = 32    // of which the cuts between parts are chosen
	smallPart     = 10000 // assets: not worth a goroutine
)

// cuts are the IDs at which parts of about the same number of assets begin, save the first. They come from the features at even distances: these are
// found by number, while an ID in the middle would be found only by counting. Where that fails there is one part: it is no less right.
func (s *DB) cuts(ctx context.Context, parts int) []twin.ID {
	text, err := get(ctx, s.sql, "fid")
	var last int
	if _, scan := fmt.Sscan(text, &last); err != nil || scan != nil {
		return nil
	}
	if parts = min(parts, last/smallPart); parts < 2 {
		return nil
	}
	st, err := s.sql.PrepareContext(ctx, sampleQuery())
	if err != nil {
		return nil
	}
	defer st.Close()
	ids := make([]twin.ID, 0, parts*samplesOfPart)
	for i := range parts * samplesOfPart {
		var id twin.ID
		switch err := st.QueryRowContext(ctx, last/(parts*samplesOfPart)*i).Scan(&id); {
		case errors.Is(err, sql.ErrNoRows):
		case err != nil:
			return nil
		default:
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	var cuts []twin.ID
	for i := 1; i < parts && len(ids) > 0; i++ {
		cuts = append(cuts, ids[len(ids)*i/parts])
	}
	return slices.Compact(cuts)
}

// sampleQuery finds the ID of the first feature from a number on.
func sampleQuery() string {
	var tables []string
	for _, k := range twin.Kinds() {
		if k != twin.KindSolid {
			name, _ := tableOf(k)
			tables = append(tables, "select * from (select fid, id from "+name+" where fid >= $1 order by fid limit 1)")
		}
	}
	return "select id from (" + strings.Join(tables, " union all ") + ") order by fid limit 1"
}
