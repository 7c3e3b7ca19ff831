package twin

import (
	"strings"
	"sync"
	"sync/atomic"
)

// dict interns strings that many assets share (owners, roads, attribute names). It only grows. Looking a reference up takes no lock.
type dict struct {
	mu    sync.Mutex
	refs  map[string]uint32
	texts atomic.Pointer[[]string]
}

func newDict() *dict {
	d := &dict{refs: map[string]uint32{"": 0}}
	d.texts.Store(&[]string{""})
	return d
}

// ref returns the reference of s, which is 0 for "".
func (d *dict) ref(s string) uint32 {
	if s == "" {
		return 0
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if r, ok := d.refs[s]; ok {
		return r
	}
	s = strings.Clone(s) // readers hand over parts of whole lines
	old := *d.texts.Load()
	r := uint32(len(old))
	// Readers hold the old slice header and never look past its length, so the shared backing array may take one more.
	texts := append(old, s)
	d.texts.Store(&texts)
	d.refs[s] = r
	return r
}

// text returns the string with the reference r.
func (d *dict) text(r uint32) string {
	t := *d.texts.Load()
	if int(r) < len(t) {
		return t[r]
	}
	return ""
}

func (d *dict) all() []string { return *d.texts.Load() }

// load replaces the contents by texts, whose first element is "".
func (d *dict) load(texts []string) {
	for i, s := range texts {
		d.refs[s] = uint32(i)
	}
	d.texts.Store(&texts)
}
