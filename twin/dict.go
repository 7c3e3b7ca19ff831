package twin

import (
	"strings"
	"sync"
	"sync/atomic"
)

// dict interns what many assets share: strings (owners, roads, attribute names) and stamps. It only grows. Looking a reference up takes no lock.
type dict struct {
	mu        sync.Mutex
	refs      map[string]uint32
	texts     atomic.Pointer[[]string]
	stampRefs map[stamp]uint32
	stamps    atomic.Pointer[[]stamp]

	structures sync.Map // uint32 → *geometry.Structure, of the texts that are one
}

// stamp is when a version was made.
type stamp struct {
	revision uint64
	ms       int64 // Unix time, milliseconds
}

func newDict() *dict {
	d := &dict{}
	d.load([]string{""}, []stamp{{}})
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
	return intern(d.refs, &d.texts, s)
}

// stamp returns the reference of a stamp, which is 0 for the zero one.
func (d *dict) stamp(s stamp) uint32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	if r, ok := d.stampRefs[s]; ok {
		return r
	}
	return intern(d.stampRefs, &d.stamps, s)
}

// intern appends v under the next reference. Readers hold the old slice header and never look past its length, so the shared backing array may take
// one more.
func intern[T comparable](refs map[T]uint32, list *atomic.Pointer[[]T], v T) uint32 {
	old := *list.Load()
	r := uint32(len(old))
	next := append(old, v)
	list.Store(&next)
	refs[v] = r
	return r
}

// text returns the string with the reference r.
func (d *dict) text(r uint32) string { return at(&d.texts, r) }

// stampOf returns the stamp with the reference r.
func (d *dict) stampOf(r uint32) stamp { return at(&d.stamps, r) }

func at[T any](list *atomic.Pointer[[]T], r uint32) (v T) {
	if t := *list.Load(); int(r) < len(t) {
		return t[r]
	}
	return v
}

// load replaces the contents by texts, whose first element is "", and stamps, whose first is zero.
func (d *dict) load(texts []string, stamps []stamp) {
	d.refs, d.stampRefs = make(map[string]uint32, len(texts)), make(map[stamp]uint32, len(stamps))
	for i, s := range texts {
		d.refs[s] = uint32(i)
	}
	for i, s := range stamps {
		d.stampRefs[s] = uint32(i)
	}
	d.texts.Store(&texts)
	d.stamps.Store(&stamps)
}
