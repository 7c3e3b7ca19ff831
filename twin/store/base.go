package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
)

// baseVersion is the first byte of stored base data.
const baseVersion = 1

// baseMoved stands where a file of before has its base data as JSON, so that a program of before says that it cannot read them instead of having none.
const baseMoved = "in undercity_base, for newer programs"

// Base returns the base data.
func (s *DB) Base(ctx context.Context) (*twin.Base, error) {
	data, text, err := s.baseData(ctx)
	if err != nil {
		return nil, fmt.Errorf("base data: %w", err)
	}
	b := &twin.Base{}
	switch {
	case len(data) > 0 && data[0] != baseVersion:
		err = errors.New("they are of an unknown version")
	case len(data) > 0:
		b, err = twin.ReadBase(data[1:])
	case text != "":
		err = readOldBase(b, text)
	}
	if err != nil {
		return nil, fmt.Errorf("base data: %w", err)
	}
	return b, nil
}

func readOldBase(b *twin.Base, text string) error {
	if err := json.Unmarshal([]byte(text), b); err != nil {
		return err
	}
	if t := b.Terrain; t != nil {
		for i, h := range t.Heights {
			if h == noHeight {
				t.Heights[i] = float32(twin.Unknown())
			}
		}
	}
	return nil
}

// baseData reads the stored base data, which may be long, and gives back the memory of its pages. It is text in a file of before.
func (s *DB) baseData(ctx context.Context) (data []byte, text string, err error) {
	conn, err := s.sql.Conn(ctx)
	if err != nil {
		return nil, "", err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	var n int
	if err := conn.QueryRowContext(ctx, "select count(*) from sqlite_schema where type = 'table' and name = 'undercity_base'").Scan(&n); err != nil {
		return nil, "", err
	}
	if n > 0 {
		err = conn.QueryRowContext(ctx, "select data from undercity_base").Scan(&data)
	}
	if n == 0 || errors.Is(err, sql.ErrNoRows) {
		text, err = get(ctx, conn, "base")
	}
	if err != nil {
		return nil, "", err
	}
	_, err = conn.ExecContext(ctx, "pragma shrink_memory")
	return data, text, err
}

// noHeight stands for an unknown height in a terrain that is stored as JSON, which has no NaN.
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
	data := append([]byte{baseVersion}, b.Marshal()...)
	return db.Tx(ctx, s.sql, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "insert or replace into undercity_base (number, data) values (1, $1)", data)
		err = errors.Join(err, set(ctx, tx, "base", baseMoved), set(ctx, tx, "base_version", strconv.FormatUint(head.BaseVersion+1, 10)))
		if err != nil {
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
