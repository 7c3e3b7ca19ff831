package twin

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"os"
	"slices"
	"unsafe"

	"github.com/undercity/undercity/geometry"
)

// The start file is the packed memory of a twin as it was closed, so that a start is reading one file instead of a data base. It is used only when it
// is of the store's revision and of this program's tables, and its checksum is right; otherwise the store is read.
const startMagic = "undercity start 1\n"

type startWriter struct {
	w   *bufio.Writer
	sum uint32
	err error
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (s *startWriter) bytes(b []byte) {
	s.uint(uint64(len(b)))
	s.raw(b)
}

func (s *startWriter) raw(b []byte) {
	if s.err == nil {
		s.sum = crc32.Update(s.sum, castagnoli, b)
		_, s.err = s.w.Write(b)
	}
}

func (s *startWriter) uint(v uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], v)
	s.raw(b[:])
}

// asBytes views a slice of numbers as its bytes, in the order of this machine; the file says which order that was.
func asBytes[T uint32 | float32 | Handle](v []T) []byte {
	if len(v) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), 4*len(v))
}

// writeStartFile packs the current state and writes it beside the store; the old file stays until the new one is whole.
func (t *Twin) writeStartFile() error {
	s := t.compact()
	tmp := t.opts.StartFile + ".tmp"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("start file: %w", err)
	}
	w := &startWriter{w: bufio.NewWriterSize(f, 1<<20)}
	w.raw([]byte(startMagic))
	w.state(s, t.head)
	sum := w.sum
	w.uint(uint64(sum))
	if w.err == nil {
		w.err = w.w.Flush()
	}
	if err := errors.Join(w.err, f.Close()); err != nil {
		return errors.Join(fmt.Errorf("start file: %w", err), os.Remove(tmp))
	}
	if err := os.Rename(tmp, t.opts.StartFile); err != nil {
		return fmt.Errorf("start file: %w", err)
	}
	return nil
}

// compact copies the current assets into an arena without those that were replaced.
func (t *Twin) compact() *Snapshot {
	old := t.snap.Load()
	if old.index.edits.Len() == 0 && len(old.arena.loc) == len(old.index.base.sorted) {
		return old
	}
	s := &Snapshot{dict: old.dict, cat: old.cat, counts: old.counts}
	var sorted []Handle
	for r := range old.All {
		sorted = append(sorted, s.arena.add(r.rec[:r.size()]))
	}
	b, extent := packBase(s, sorted)
	s.index, s.extent = newIndex(b), extent
	return s
}

func (w *startWriter) state(s *Snapshot, head Head) {
	w.uint(1) // reads as 1 only in the byte order that wrote the arrays
	w.raw(asBytes([]uint32{1}))
	w.bytes([]byte(head.ID))
	w.uint(head.Revision)
	w.uint(s.cat.fingerprint())
	texts := s.dict.all()
	w.uint(uint64(len(texts)))
	for _, x := range texts {
		w.bytes([]byte(x))
	}
	w.uint(uint64(len(s.arena.chunks)))
	for i, c := range s.arena.chunks {
		if i == len(s.arena.chunks)-1 {
			c = c[:s.arena.fill]
		}
		w.bytes(c)
	}
	w.bytes(asBytes(s.arena.loc))
	b := s.index.base
	w.bytes(asBytes(b.sorted))
	w.bytes(asBytes(b.tree.handles))
	w.bytes(asBytes(b.tree.boxes))
	w.uint(uint64(len(b.tree.levels)))
	for _, l := range b.tree.levels {
		w.uint(uint64(l))
	}
	for _, v := range [...]float64{b.tree.originE, b.tree.originN, s.extent.Min.E, s.extent.Min.N, s.extent.Min.H, s.extent.Max.E, s.extent.Max.N, s.extent.Max.H} {
		w.raw(binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)))
	}
}

// fingerprint changes when the tables that packed assets refer to by index change.
func (c *Catalog) fingerprint() uint64 {
	h := uint64(0)
	for _, n := range c.networks {
		h = hashID(fmt.Sprintf("%x %s %s", h, n.Code, n.Parent))
	}
	return h
}

type startReader struct {
	r   io.Reader
	sum uint32
	err error
}

func (s *startReader) raw(b []byte) {
	if s.err == nil {
		if _, s.err = io.ReadFull(s.r, b); s.err == nil {
			s.sum = crc32.Update(s.sum, castagnoli, b)
		}
	}
}

func (s *startReader) uint() uint64 {
	var b [8]byte
	s.raw(b[:])
	return binary.LittleEndian.Uint64(b[:])
}

func (s *startReader) length(unit uint64, left int64) int {
	n := s.uint()
	if s.err == nil && (n%unit != 0 || n > uint64(left)) {
		s.err = errors.New("start file: a length is broken")
	}
	if s.err != nil {
		return 0
	}
	return int(n / unit)
}

func numbers[T uint32 | float32 | Handle](s *startReader, left int64) []T {
	v := make([]T, s.length(4, left))
	s.raw(asBytes(v))
	return v
}

// readStartFile returns the snapshot of the start file, or why it cannot be used.
func (t *Twin) readStartFile() (*Snapshot, error) {
	if t.opts.StartFile == "" {
		return nil, errors.New("none is named")
	}
	f, err := os.Open(t.opts.StartFile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	r := &startReader{r: bufio.NewReaderSize(f, 1<<20)}
	magic := make([]byte, len(startMagic))
	r.raw(magic)
	one := make([]uint32, 1)
	head := r.uint()
	r.raw(asBytes(one))
	id := make([]byte, r.length(1, min(info.Size(), 4096)))
	r.raw(id)
	revision, tables := r.uint(), r.uint()
	switch {
	case r.err != nil:
		return nil, r.err
	case string(magic) != startMagic || head != 1 || one[0] != 1:
		return nil, errors.New("it was written by another program or machine")
	case string(id) != t.head.ID || revision != t.head.Revision || tables != t.opts.Catalog.fingerprint():
		return nil, errors.New("it is of another state")
	}
	d := newDict()
	s := r.state(d, t.opts.Catalog, info.Size())
	sum := r.sum
	if want := r.uint(); r.err != nil || want != uint64(sum) {
		return nil, errors.Join(r.err, errors.New("its checksum is wrong"))
	}
	t.dict = d
	for h := range s.arena.loc {
		s.counts[s.keyOf(Handle(h+1))]++
	}
	return s, nil
}

func (r *startReader) state(d *dict, cat *Catalog, size int64) *Snapshot {
	s := &Snapshot{dict: d, cat: cat, counts: map[countKey]int{}}
	n := r.uint()
	texts := make([]string, 0, min(n, uint64(size/8)))
	for range n {
		b := make([]byte, r.length(1, size))
		r.raw(b)
		if r.err != nil {
			return s
		}
		texts = append(texts, string(b))
	}
	if len(texts) == 0 {
		r.err = errors.New("start file: no texts")
		return s
	}
	d.load(texts)
	for range r.uint() {
		b := make([]byte, r.length(1, size))
		r.raw(b)
		if r.err != nil {
			return s
		}
		s.arena.chunks = append(s.arena.chunks, b)
		s.arena.bytes, s.arena.fill = s.arena.bytes+len(b), len(b)
	}
	s.arena.loc = numbers[uint32](r, size)
	b := &base{sorted: numbers[Handle](r, size), tree: &packedTree{handles: numbers[Handle](r, size), boxes: numbers[float32](r, size)}}
	for range min(r.uint(), 64) {
		b.tree.levels = append(b.tree.levels, int(r.uint()))
	}
	var v [8]float64
	for i := range v {
		v[i] = math.Float64frombits(r.uint())
	}
	b.tree.originE, b.tree.originN = v[0], v[1]
	s.extent = geometry.Box{Min: geometry.Point{E: v[2], N: v[3], H: v[4]}, Max: geometry.Point{E: v[5], N: v[6], H: v[7]}}
	b.sorted = slices.Clip(b.sorted)
	s.index = newIndex(b)
	return s
}
