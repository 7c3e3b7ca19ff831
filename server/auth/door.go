package auth

import (
	"os"
	"sync"
	"time"
)

// door remembers whom a secret let in, so that a request need not ask the data base. What it remembers holds as long as nobody has written to the data
// base, this process or another: a user who is disabled by a command beside the server is out with the next request.
type door struct {
	files []string // of the data base

	mu    sync.RWMutex
	state state
	known map[pass]guest
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
}

// state is what the file system says of the data base's files: a write changes it.
type state [2]struct {
	size    int64
	changed time.Time
}

// maxGuests bounds what is remembered.
const maxGuests = 10_000

// tick is longer than file systems take to tell two writes apart by their times.
const tick = 20 * time.Millisecond

func newDoor(path string) *door {
	return &door{files: []string{path, path + "-wal"}, known: map[pass]guest{}}
}

// look returns the state of the files; settled is false when they may have been written to just now.
func (d *door) look() (s state, settled bool) {
	settled = true
	for i, name := range d.files {
		info, err := os.Stat(name)
		if err != nil {
			continue // without a log there is none
		}
		s[i].size, s[i].changed = info.Size(), info.ModTime()
		settled = settled && time.Since(s[i].changed) > tick
	}
	return s, settled
}

// find returns the guest of a pass, as of a state of the files.
func (d *door) find(p pass, s state) (guest, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.state != s {
		return guest{}, false
	}
	g, ok := d.known[p]
	return g, ok
}

// keep remembers a guest who was looked up while the files were in a state.
func (d *door) keep(p pass, g guest, s state) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.state != s || len(d.known) >= maxGuests {
		d.state, d.known = s, map[pass]guest{}
	}
	d.known[p] = g
}
