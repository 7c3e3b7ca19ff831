package vector

import (
	"sync"
	"sync/atomic"

	"github.com/undercity/undercity/twin"
)

// store keeps prepared blocks up to a number of bytes: what is decoded and projected need not be again for the next tile. A block holds versions of assets,
// which never change; those that are no longer current are left out when it is drawn.
type store struct {
	of     twin.Blocks
	blocks []atomic.Pointer[kept]
	words  *words
	limit  int

	mu   sync.Mutex
	used int // bytes
	hand int // of the clock that looks for what nobody has used lately
}

type kept struct {
	block
	recent atomic.Bool
}

func newStore(of twin.Blocks, limit int) *store {
	return &store{of: of, blocks: make([]atomic.Pointer[kept], of.Len()), words: newWords(), limit: limit}
}

// block returns a block, prepared now where it is not kept.
func (s *store) block(snap *twin.Snapshot, i int) *block {
	if k := s.blocks[i].Load(); k != nil {
		if !k.recent.Load() { // only then written to: other processors read it
			k.recent.Store(true)
		}
		return &k.block
	}
	k := &kept{block: *prepare(snap, s.words, s.of, i)}
	s.mu.Lock()
	defer s.mu.Unlock()
	if other := s.blocks[i].Load(); other != nil {
		return &other.block
	}
	s.blocks[i].Store(k)
	s.used += k.size()
	s.shrink(i)
	return &k.block
}

// shrink drops blocks beyond the limit: the clock's hand goes round, and takes what has not been used since it was there last. The block at keep stays.
func (s *store) shrink(keep int) {
	for range 2 * len(s.blocks) {
		if s.used <= s.limit {
			return
		}
		s.hand = (s.hand + 1) % len(s.blocks)
		if k := s.blocks[s.hand].Load(); k != nil && s.hand != keep && !k.recent.Swap(false) {
			s.blocks[s.hand].Store(nil)
			s.used -= k.size()
		}
	}
}
