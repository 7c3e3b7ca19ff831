package twin

import (
	"slices"
	"sync/atomic"

	"github.com/undercity/undercity/geometry"
)

// Sight is what a class of readers may see of a twin. It never changes, and may be used from any goroutine.
type Sight struct {
	// Key names the class: sights with equal keys see the same.
	Key string
	// Sees reports whether the class may see an asset. What it answers follows from the record alone. nil sees all.
	Sees func(Record) bool
	// Grade is the secrecy of an asset that counts: its own, or the one the policy gives its like. nil: its own.
	Grade func(Record) Secrecy
	// Veil is what is hidden of the assets that are seen.
	Veil *Veil
}

// seesAll reports whether a sight hides nothing.
func (v *Sight) seesAll() bool { return v == nil || v.Sees == nil && v.Veil == nil }

// seen is what a snapshot knows of its reader's sight.
type seen struct {
	sight *Sight
	marks *marks    // of the handles that are seen
	whole *Snapshot // with everything
}

// marks is a set of handles, in pages of one chunk of the arena: one bit a word of it.
type marks struct{ pages [][]uint64 }

const pageWords = 1 << chunkBits / 64

func (m *marks) has(h Handle) bool {
	h--
	page := int(h >> chunkBits)
	return page < len(m.pages) && m.pages[page] != nil && m.pages[page][h%(1<<chunkBits)/64]>>(h%64)&1 != 0
}

// set marks a handle; from several goroutines at once once its page is there.
func (m *marks) set(h Handle) {
	h--
	atomic.OrUint64(&m.pages[h>>chunkBits][h%(1<<chunkBits)/64], 1<<(h%64))
}

// grow makes room for the chunks of an arena.
func (m *marks) grow(chunks int) {
	for len(m.pages) < chunks {
		m.pages = append(m.pages, make([]uint64, pageWords))
	}
}

// with returns the marks and some more, sharing the pages that these do not touch.
func (m *marks) with(list []Handle, chunks int) *marks {
	next := &marks{slices.Clone(m.pages)}
	own := len(next.pages)
	next.grow(chunks)
	copied := map[Handle]bool{}
	for _, h := range list {
		if p := (h - 1) >> chunkBits; int(p) < own && !copied[p] {
			copied[p] = true
			next.pages[p] = slices.Clone(next.pages[p])
		}
		next.set(h)
	}
	return next
}

// Sight is the sight that the snapshot is seen with; nil sees all.
func (s *Snapshot) Sight() *Sight {
	if s.seen == nil {
		return nil
	}
	return s.seen.sight
}

// Whole is the snapshot with everything in it. It is for those who count and follow, and not for what goes out.
func (s *Snapshot) Whole() *Snapshot {
	if s.seen == nil {
		return s
	}
	return s.seen.whole
}

// Shows reports whether the reader of the snapshot sees what a handle names.
func (s *Snapshot) Shows(h Handle) bool {
	return s.seen == nil || s.seen.marks == nil || s.seen.marks.has(h)
}

// Hides reports whether there is an asset that the reader does not see.
func (s *Snapshot) Hides(id ID) bool {
	if s.seen == nil || s.seen.marks == nil || id == "" {
		return false
	}
	h := s.seen.whole.handleOf(id)
	return h != 0 && !s.seen.marks.has(h)
}

// Withheld is how many assets there are that the reader does not see.
func (s *Snapshot) Withheld() int { return s.Whole().Len() - s.Len() }

// CountHidden counts the assets that the reader does not see, whose drawn box meets b and that keep accepts.
func (s *Snapshot) CountHidden(b geometry.Box, keep func(Record) bool) int {
	n := 0
	if s.seen != nil {
		s.seen.whole.In(b, func(r Record) bool {
			if !s.Shows(r.handle) && keep(r) {
				n++
			}
			return true
		})
	}
	return n
}

// Secrecy is the grade of an asset that counts for the reader.
func (s *Snapshot) Secrecy(r Record) Secrecy {
	if v := s.Sight(); v != nil && v.Grade != nil {
		r.veil = nil // it may lie over what the grade follows from
		return v.Grade(r)
	}
	return r.Secrecy()
}

// veil is what the reader of the snapshot does not see of its assets.
func (s *Snapshot) veil() *Veil {
	if s.seen == nil {
		return nil
	}
	return s.seen.sight.Veil
}
