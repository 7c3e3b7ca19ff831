package draw

import (
	"sync"

	"github.com/undercity/undercity/tiles/local"
)

// builders are used again for content after content: what they gather is of about the same size each time.
var builders = sync.Pool{New: func() any { return &builder{} }}

// reset makes a builder ready for a content, and keeps the memory of the one before.
func (b *builder) reset(p *local.Place, axes bool) {
	b.place, b.axes = p, axes
	b.turn = b.turning(p.Origin)
	b.table.Reset()
	for u := range b.units {
		for hatch := range b.units[u] {
			for stance := range b.units[u][hatch] {
				b.units[u][hatch][stance].Reset()
			}
		}
	}
	b.profiles = nil
	for _, l := range b.likenesses {
		l.in[0].Reset()
		l.in[1].Reset()
	}
	b.spareLikenesses, b.likenesses = append(b.spareLikenesses, b.likenesses...), b.likenesses[:0]
	for _, u := range b.repeatOrder {
		u.list = u.list[:0]
	}
	b.spareUses, b.repeatOrder = append(b.spareUses, b.repeatOrder...), b.repeatOrder[:0]
	for _, r := range b.repeated {
		for hatch := range r.in {
			for stance := range r.in[hatch] {
				r.in[hatch][stance].Reset()
			}
		}
	}
	b.spareRepeated, b.repeated = append(b.spareRepeated, b.repeated...), b.repeated[:0]
	clear(b.repeats)
	clear(b.runs)
	clear(b.forms)
	for hatch := range b.surfaces {
		b.surfaces[hatch].Reset()
	}
	b.lines.Reset()
}

// spare takes one from a list, or makes one.
func spare[T any](list *[]*T) *T {
	n := len(*list)
	if n == 0 {
		return new(T)
	}
	x := (*list)[n-1]
	*list = (*list)[:n-1]
	return x
}
