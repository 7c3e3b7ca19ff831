package twin

import (
	"maps"

	"github.com/undercity/undercity/geometry"
)

// see returns the whole snapshot s as a reader with the sight sees it. hidden are handles that are not shown whatever the sight says.
func (s *Snapshot) see(v *Sight, hidden map[Handle]bool) *Snapshot {
	if v.Sees == nil {
		return s.as(&seen{sight: v, whole: s}, s.counts, s.extent)
	}
	m := &marks{}
	m.grow(len(s.arena.chunks))
	list := make([]Handle, 0, s.Len())
	for r := range s.All {
		list = append(list, r.handle)
	}
	var parts [maxParts]tally
	n := inParts(len(list), func(part, from, to int) {
		t := newTally()
		for _, h := range list[from:to] {
			if r := s.Record(h); v.Sees(r) && !hidden[h] {
				m.set(h)
				t.add(s, r, 1)
			}
		}
		parts[part] = t
	})
	total := newTally()
	for _, t := range parts[:n] {
		total.merge(t)
	}
	return s.as(&seen{v, m, s}, total.counts, total.extent)
}

// as is the snapshot in another's eyes.
func (s *Snapshot) as(by *seen, counts map[countKey]int, extent geometry.Box) *Snapshot {
	next := *s
	next.seen, next.counts, next.extent = by, counts, extent
	return &next
}

// tally counts what is seen.
type tally struct {
	counts map[countKey]int
	extent geometry.Box
}

func newTally() tally { return tally{map[countKey]int{}, geometry.EmptyBox()} }

func (t *tally) add(s *Snapshot, r Record, n int) {
	t.counts[s.keyOf(r.handle)] += n
	if n > 0 {
		t.extent = t.extent.Union(r.Box())
	}
}

func (t *tally) merge(o tally) {
	for k, n := range o.counts {
		t.counts[k] += n
	}
	t.extent = t.extent.Union(o.extent)
}

// follow returns the snapshot after a change as the reader of s sees it, who saw the one before.
func (s *Snapshot) follow(c *Change) *Snapshot {
	v, whole := s.seen.sight, c.Snapshot
	if v.Sees == nil {
		return whole.as(&seen{sight: v, whole: whole}, whole.counts, whole.extent)
	}
	t := tally{maps.Clone(s.counts), s.extent}
	var more []Handle
	for _, it := range c.Items {
		if it.Before != 0 && s.seen.marks.has(it.Before) {
			t.add(whole, whole.Record(it.Before), -1)
		}
		if it.After == 0 {
			continue
		}
		if r := whole.Record(it.After); v.Sees(r) {
			more = append(more, it.After)
			t.add(whole, r, 1)
		}
	}
	return whole.as(&seen{v, s.seen.marks.with(more, len(whole.arena.chunks)), whole}, t.counts, t.extent)
}
