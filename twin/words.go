package twin

import (
	"slices"
	"strings"
	"sync"
)

// Words finds assets whose ID, number, name or road holds some words, whatever their case. It may be used from any goroutine.
type Words struct {
	q     string   // lower case
	roads sync.Map // reference of a road → whether it holds the words
}

// NewWords looks for q.
func NewWords(q string) *Words { return &Words{q: strings.ToLower(q)} }

// In reports whether an asset holds the words, as far as its reader sees it.
func (w *Words) In(r Record) bool {
	if holdsFolded(r.idBytes(), w.q) {
		return true
	}
	p := r.presence()
	s := r.afterHeights()
	for range 3 { // owner, material, installed
		r.skipText(&s)
	}
	if w.road(r, &s) {
		return true
	}
	if p&hasName != 0 && !r.veil.Hides("name") {
		if p&hasWords != 0 {
			r.skipText(&s)
			r.skipText(&s)
		}
		if strings.Contains(strings.ToLower(s.str()), w.q) {
			return true
		}
	}
	// A number that the record holds is other than the end of its ID.
	return p&hasNumber != 0 && strings.Contains(strings.ToLower(r.SourceNumber()), w.q)
}

// road reads the road at s and looks into it. Roads are few, so each is looked at once.
func (w *Words) road(r Record, s *stream) bool {
	if r.dict == nil || r.veil.Hides("road") {
		road := r.text(s)
		return !r.veil.Hides("road") && strings.Contains(strings.ToLower(road), w.q)
	}
	ref := uint32(s.uint())
	if ref == 0 {
		return false
	}
	if found, ok := w.roads.Load(ref); ok {
		return found.(bool)
	}
	found := strings.Contains(strings.ToLower(r.dict.text(ref)), w.q)
	w.roads.Store(ref, found)
	return found
}

// holdsFolded reports whether an ID holds q, which is in lower case: IDs are ASCII and Han, which has no cases.
func holdsFolded(id []byte, q string) bool {
	for i := 0; i+len(q) <= len(id); i++ {
		k := 0
		for k < len(q) && lowered(id[i+k]) == q[k] {
			k++
		}
		if k == len(q) {
			return true
		}
	}
	return false
}

func lowered(b byte) byte {
	if b >= 'A' && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// Holding returns the first assets in order of ID that hold the words, at most limit. Where there are fewer it looks at every asset, on every core.
func (s *Snapshot) Holding(w *Words, limit int) []Record {
	var parts [maxParts][]Record
	b := s.index.base.sorted
	edited := s.index.dead.Len() > 0
	n := inParts(len(b), func(part, from, to int) {
		for _, h := range b[from:to] {
			if !s.Shows(h) || edited && s.index.dead.Contains(h) {
				continue
			}
			if r := s.Record(h); w.In(r) {
				if parts[part] = append(parts[part], r); len(parts[part]) == limit {
					break // those of later parts come after these
				}
			}
		}
	})
	var list []Record
	for _, p := range parts[:n] {
		list = append(list, p...)
	}
	s.index.edits.Scan(func(_ ID, h Handle) bool {
		if h != 0 && s.Shows(h) {
			if r := s.Record(h); w.In(r) {
				list = append(list, r)
			}
		}
		return true
	})
	slices.SortFunc(list, Record.CompareID)
	return list[:min(limit, len(list))]
}
