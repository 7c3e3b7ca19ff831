package twin

// idTable finds records of one arena by ID: open addressing over handles, 4 B a slot. It is for one goroutine.
type idTable struct {
	slots []Handle
	used  int
}

func hashID[T ~string | ~[]byte](id T) uint64 {
	h := uint64(14695981039346656037) // FNV-1a
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * 1099511628211
	}
	return h ^ h>>29
}

// find returns the handle of the record with the ID, 0 when there is none.
func (t *idTable) find(id ID, idOf func(Handle) []byte) Handle {
	if len(t.slots) == 0 {
		return 0
	}
	mask := uint64(len(t.slots) - 1)
	for i := hashID(id) & mask; ; i = (i + 1) & mask {
		h := t.slots[i]
		if h == 0 {
			return 0
		}
		if string(idOf(h)) == id {
			return h
		}
	}
}

// add puts in a handle whose ID is not there yet.
func (t *idTable) add(h Handle, idOf func(Handle) []byte) {
	if (t.used+1)*4 > len(t.slots)*3 {
		old := t.slots
		t.slots = make([]Handle, max(64, 2*len(old)))
		for _, o := range old {
			if o != 0 {
				t.place(o, idOf)
			}
		}
	}
	t.place(h, idOf)
	t.used++
}

// replace puts a handle in the place of another with the same ID.
func (t *idTable) replace(old, h Handle, idOf func(Handle) []byte) {
	mask := uint64(len(t.slots) - 1)
	i := hashID(idOf(old)) & mask
	for t.slots[i] != old {
		i = (i + 1) & mask
	}
	t.slots[i] = h
}

func (t *idTable) place(h Handle, idOf func(Handle) []byte) {
	mask := uint64(len(t.slots) - 1)
	i := hashID(idOf(h)) & mask
	for t.slots[i] != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = h
}
