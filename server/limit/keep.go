package limit

import (
	"context"
	"database/sql"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/bits"
	"path/filepath"
	"time"

	"github.com/undercity/undercity/twin/db"
)

//go:embed migrations/*.sql
var migrations embed.FS

// FileName is the name of the data base in an installation's folder. It is not the one of users and sign-ins, since that is asked anew for everybody
// whenever it is written to.
const FileName = "area.db"

// areaStore keeps what users have been shown.
type areaStore struct{ sql *sql.DB }

// OpenAreas opens the areas of the installation in the folder dir, with what was shown earlier today.
func OpenAreas(ctx context.Context, dir string, o AreaOptions) (*Areas, error) {
	d, err := db.Open(ctx, filepath.Join(dir, FileName), db.Options{})
	if err != nil {
		return nil, fmt.Errorf("areas: %w", err)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err == nil {
		err = db.Migrate(ctx, d, "limit", files)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("areas: %w", err), d.Close())
	}
	a := NewAreas(o)
	a.store = &areaStore{d}
	return a, nil
}

// Run writes what was shown each so often (as much is forgotten when the machine fails) until ctx ends; what is written last, Close writes. A disk that takes nothing is
// logged, and tried again.
func (a *Areas) Run(ctx context.Context, every time.Duration, log *slog.Logger) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := errors.Join(a.turn(a.now()), a.flush()); err != nil {
				log.Error("what was shown is not written", "err", err)
			}
		}
	}
}

// Close writes what was shown and closes the data base.
func (a *Areas) Close() error {
	if a.store == nil {
		return nil
	}
	return errors.Join(a.flush(), a.store.sql.Close())
}

// flush writes what has changed.
func (a *Areas) flush() error {
	if a.store == nil {
		return nil
	}
	a.mu.RLock()
	day, ends := a.day, a.ends
	unkept := map[string][]byte{}
	for name, s := range a.users {
		s.mu.Lock()
		if s.unkept {
			unkept[name], s.unkept = s.union.encode(), false
		}
		s.mu.Unlock()
	}
	a.mu.RUnlock()
	if len(unkept) == 0 {
		return nil
	}
	err := a.store.write(day, ends.AddDate(0, 0, -keptDays).Format(time.DateOnly), unkept)
	if err != nil { // once more the next time
		a.mu.RLock()
		defer a.mu.RUnlock()
		for name := range unkept {
			if s := a.users[name]; s != nil && day == a.day {
				s.mu.Lock()
				s.unkept = true
				s.mu.Unlock()
			}
		}
	}
	return err
}

// keptDays is how long it is kept what was shown to whom.
const keptDays = 31

func (s *areaStore) write(day, oldest string, users map[string][]byte) error {
	// What was shown is written whatever becomes of the request that was its reason.
	ctx := context.Background()
	err := db.Tx(ctx, s.sql, func(tx *sql.Tx) error {
		for name, cells := range users {
			if _, err := tx.ExecContext(ctx, "insert into area (user, day, cells) values ($1, $2, $3) on conflict (user, day) do update set cells = excluded.cells", name, day, cells); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, "delete from area where day < $1", oldest)
		return err
	})
	if err != nil {
		return fmt.Errorf("areas: %w", err)
	}
	return nil
}

func (s *areaStore) read(name, day string) (covered, error) {
	var cells []byte
	err := s.sql.QueryRowContext(context.Background(), "select cells from area where user = $1 and day = $2", name, day).Scan(&cells)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return covered{}, fmt.Errorf("areas: %w", err)
	}
	return decodeCovered(cells), nil
}

// encode writes the cells, 16 bytes a block: east and north of the block, then its cells.
func (c *covered) encode() []byte {
	b := make([]byte, 0, 16*len(c.cells))
	for at, cells := range c.cells {
		b = binary.LittleEndian.AppendUint32(b, uint32(at.e))
		b = binary.LittleEndian.AppendUint32(b, uint32(at.n))
		b = binary.LittleEndian.AppendUint64(b, cells)
	}
	return b
}

func decodeCovered(b []byte) covered {
	c := covered{cells: map[block]uint64{}}
	for ; len(b) >= 16; b = b[16:] {
		at := block{int32(binary.LittleEndian.Uint32(b)), int32(binary.LittleEndian.Uint32(b[4:]))}
		cells := binary.LittleEndian.Uint64(b[8:])
		c.count += bits.OnesCount64(cells &^ c.cells[at])
		c.cells[at] |= cells
	}
	return c
}
