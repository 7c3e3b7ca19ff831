package auth

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/undercity/undercity/twin/db"
)

// flushEvery is how often it is written down when secrets were last used; a server that is killed forgets the uses since then.
const flushEvery = time.Minute

// use is when a secret was last used, and what of that the data base knows, Unix milliseconds.
type use struct{ last, written atomic.Int64 }

// touch notes a use, to the second: most requests then write nothing that other cores read.
func (u *use) touch(now int64) {
	if now-u.last.Load() >= 1000 {
		u.last.Store(now)
	}
}

// uses are those of the secrets in use.
type uses struct {
	mu      sync.Mutex
	of      map[[32]byte]*use
	flushed atomic.Int64 // Unix milliseconds
	busy    sync.WaitGroup
	ended   bool
}

func newUses() *uses { return &uses{of: map[[32]byte]*use{}} }

// get returns the use of a secret, given what the data base knows of it.
func (s *uses) get(hash [32]byte, written int64) *use {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.of[hash]
	if u == nil {
		u = &use{}
		s.of[hash] = u
	}
	if u.written.Load() < written {
		u.written.Store(written)
	}
	if u.last.Load() < written {
		u.last.Store(written)
	}
	return u
}

// last is when a secret was last used, as far as is known here.
func (s *uses) last(hash []byte, written int64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.of[[32]byte(hash)]; u != nil {
		return max(u.last.Load(), written)
	}
	return written
}

// end waits for what is being written, and calls last.
func (s *uses) end(last func() error) error {
	s.mu.Lock()
	s.ended = true
	s.mu.Unlock()
	s.busy.Wait()
	return last()
}

// used notes that a guest was here; now and then all such notes are written down beside the requests.
func (o *Office) used(g guest, now int64) {
	g.use.touch(now)
	s := o.uses
	last := s.flushed.Load()
	if now-last < flushEvery.Milliseconds() || !s.flushed.CompareAndSwap(last, now) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return
	}
	s.busy.Add(1)
	go func() {
		defer s.busy.Done()
		// What could not be written now is written with the next.
		_ = o.flush(context.Background())
	}()
}

// flush writes down when secrets were last used. It shuts nobody out.
func (o *Office) flush(ctx context.Context) error {
	type row struct {
		hash [32]byte
		use  *use
		last int64
	}
	s := o.uses
	var list []row
	s.mu.Lock()
	for h, u := range s.of {
		if last := u.last.Load(); last > u.written.Load() {
			list = append(list, row{h, u, last})
		}
	}
	s.mu.Unlock()
	if len(list) == 0 {
		return nil
	}
	err := db.Tx(ctx, o.sql, func(tx *sql.Tx) error {
		for _, r := range list {
			if _, err := tx.ExecContext(ctx, "update secret set used = $1 where hash = $2 and used < $1", r.last, r.hash[:]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("last uses: %w", err)
	}
	for _, r := range list {
		r.use.written.Store(r.last)
	}
	return nil
}

// sweep forgets the uses that were long ago and written down, and with them the guests whose they are. It is called at sign-ins.
func (o *Office) sweep() {
	old := o.now().Add(-time.Hour).UnixMilli()
	gone := false
	s := o.uses
	s.mu.Lock()
	for h, u := range s.of {
		if last := u.last.Load(); last < old && last <= u.written.Load() {
			delete(s.of, h)
			gone = true
		}
	}
	s.mu.Unlock()
	if gone {
		o.door.forget()
	}
}
