package formats

import "hash/maphash"

// Index numbers the names it is given from 0 on, in 13 bytes each however long they are: they are kept by hashes of 64 bits, of which two are
// not to be expected to be equal by chance in any model.
type Index struct {
	seed  maphash.Seed
	keys  []uint64 // of the names in their order
	slots []int32  // number + 1 of the name at its place or after it, 0 for none
}

// NewIndex makes room for n names; there may be more.
func NewIndex(n int) *Index {
	return &Index{seed: maphash.MakeSeed(), keys: make([]uint64, 0, n), slots: make([]int32, n+n/4+8)}
}

// Find is the number of a name.
func (t *Index) Find(name string) (int, bool) {
	_, i := t.look(maphash.String(t.seed, name))
	return i, i >= 0
}

// look is the slot where a key stands or would stand, and its number, -1 where it is not there.
func (t *Index) look(key uint64) (slot, number int) {
	slot = int(key % uint64(len(t.slots)))
	for t.slots[slot] != 0 {
		if n := int(t.slots[slot]) - 1; t.keys[n] == key {
			return slot, n
		}
		if slot++; slot == len(t.slots) {
			slot = 0
		}
	}
	return slot, -1
}

// Add is the number of a name, and whether it was there before.
func (t *Index) Add(name string) (number int, was bool) {
	key := maphash.String(t.seed, name)
	slot, number := t.look(key)
	if number >= 0 {
		return number, true
	}
	t.keys = append(t.keys, key)
	if len(t.keys)*8 > len(t.slots)*7 {
		t.slots = make([]int32, 2*len(t.slots))
		for i, k := range t.keys {
			slot, _ = t.look(k)
			t.slots[slot] = int32(i) + 1
		}
		return len(t.keys) - 1, false
	}
	t.slots[slot] = int32(len(t.keys))
	return len(t.keys) - 1, false
}
