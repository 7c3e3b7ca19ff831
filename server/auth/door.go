package auth

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// door remembers whom a secret let in, so that a request need not ask the data base. What it remembers holds until somebody may have been shut out, by this
// process or another: each writer that does so adds a byte to the stamp file, whose size every request looks at; rows of the audit log do not. Should a
// writer die between its commit and the byte, the number that the data base's triggers keep says so within checkEvery.
type door struct {
	stamp string // path
	begun time.Time
	asked atomic.Int64 // ns since begun: when the number was last compared

	mu     sync.RWMutex
	state  state
	number int64
	known  map[pass]guest
}

// pass is the hash of a secret and its kind.
type pass struct {
	hash [32]byte
	kind string
}

// guest is who holds a pass.
type guest struct {
	user  User
	until int64 // Unix, milliseconds; 0 is without end
	use   *use
}

// state is what the file system says of the stamp file: each byte that is added changes its size.
type state struct {
	size    int64
	changed time.Time
}

const (
	stampName  = "office.stamp"
	maxGuests  = 10_000  // bounds what is remembered
	maxStamp   = 1 << 20 // bounds the stamp file, bytes: it begins anew when it is opened longer
	checkEvery = time.Second
)

func newDoor(stamp string) *door {
	if info, err := os.Stat(stamp); err == nil && info.Size() > maxStamp {
		_ = os.Remove(stamp) // another state, so that nothing is remembered past it
	}
	return &door{stamp: stamp, begun: time.Now(), known: map[pass]guest{}}
}

// stampNow tells the other processes that somebody may have been shut out. Where it cannot, the number tells them a little later.
func (d *door) stampNow() {
	f, err := os.OpenFile(d.stamp, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = f.Write([]byte{'.'})
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}
	if err != nil {
		d.forget() // in this process at least at once
	}
}

// forget has everybody looked up anew.
func (d *door) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.known = map[pass]guest{}
}

// look returns the state of the stamp file.
func (d *door) look() (s state) {
	if info, err := os.Stat(d.stamp); err == nil {
		s = state{info.Size(), info.ModTime()}
	}
	return s
}

// check compares the data base's number with the one remembered, once in checkEvery.
func (d *door) check(ctx context.Context, base *sql.DB) error {
	now, last := int64(time.Since(d.begun)), d.asked.Load()
	if last != 0 && now-last < int64(checkEvery) || !d.asked.CompareAndSwap(last, now) {
		return nil
	}
	var n int64
	if err := base.QueryRowContext(context.WithoutCancel(ctx), "select n from door").Scan(&n); err != nil {
		d.asked.Store(last)
		return fmt.Errorf("sign-in: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.number != n {
		d.number, d.known = n, map[pass]guest{}
	}
	return nil
}

// find returns the guest of a pass, as of a state of the stamp file.
func (d *door) find(p pass, s state) (guest, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.state != s {
		return guest{}, false
	}
	g, ok := d.known[p]
	return g, ok
}

// keep remembers a guest who was looked up when the data base had a number, and after the stamp file had a state.
func (d *door) keep(p pass, g guest, s state, number int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.state != s || d.number != number || len(d.known) >= maxGuests {
		d.state, d.number, d.known = s, number, map[pass]guest{}
	}
	d.known[p] = g
}
