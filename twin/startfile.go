package twin

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"runtime"
	"slices"
	"sync"
	"unsafe"

	"github.com/undercity/undercity/geometry"
)

// The start file is the packed memory of a twin as it was closed, so that a start is reading one file instead of a data base. It is used only when it
// is of the store's revision and of this program's tables, and every checksum is right; otherwise the store is read and the file written anew.
//
//	magic  mark u32 in the byte order of the machine  length u32 and CRC-32C u32 of the header, little-endian  header, JSON  pieces
//
// A piece is a chunk of packed assets, or at most as much of an array in the byte order of the machine; each has its checksum in the header.
const (
	startMagic = "undercity start 2\n"
	startMark  = 0x01020304
	startFixed = len(startMagic) + 12
	maxHeader  = 16 << 20
)

// startHeader says what the pieces are.
type startHeader struct {
	Store    string
	Revision uint64
	Base     uint64 // Head.BaseVersion of the base data among the pieces
	Tables   uint64 // fingerprint of the catalog
	Records  int
	Bytes    int
	Counts   []Count
	Extent   *geometry.Box // nil: empty
	Origin   [2]float64    // of the tree
	Levels   []int         // of the tree
	Chunks   []int         // lengths of the chunks, bytes
	Arrays   []array       // that follow the chunks
	Sums     []uint32      // of the pieces
}

// array is one array of the file. Names that begin with keptPrefix are of Keep.
type array struct {
	Name string
	Size int // bytes
}

const keptPrefix = "kept "

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// asBytes views a slice of numbers as its bytes, in the order of this machine; the file says which order that was.
func asBytes[T uint16 | uint32 | int64 | float32 | Handle](v []T) []byte {
	if len(v) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), int(unsafe.Sizeof(v[0]))*len(v))
}

// pieces cuts an array.
func pieces(b []byte) [][]byte { return slices.Collect(slices.Chunk(b, chunkSize)) }

// keeper is what is derived from a snapshot and kept beside it.
type keeper struct {
	name string
	make func(*Snapshot) []byte
}

// Keep has data that somebody derives from snapshots kept in the start file: make is called when that is written, with the snapshot it will hold. Keep
// returns the current snapshot and what the start file had for it under the name, nil when there is none.
func (t *Twin) Keep(name string, make func(*Snapshot) []byte) ([]byte, *Snapshot) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.keepers = append(t.keepers, keeper{name, make})
	b, ok := t.kept[name]
	delete(t.kept, name)
	if !ok {
		t.dirty = true // the file is to be written with it
	}
	return b, t.snap.Load()
}

// Kept returns what the start file had under a name, and the snapshot that it is of, for who only reads: nil when there is none, or after Keep.
func (t *Twin) Kept(name string) ([]byte, *Snapshot) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.kept[name], t.snap.Load()
}

// writeWhole writes a file that is there whole or as it was.
func writeWhole(name string, parts [][]byte) error {
	tmp := name + ".tmp"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("start file: %w", err)
	}
	for _, p := range parts {
		if _, err = f.Write(p); err != nil {
			break
		}
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return errors.Join(fmt.Errorf("start file: %w", err), os.Remove(tmp))
	}
	if err := os.Rename(tmp, name); err != nil {
		return fmt.Errorf("start file: %w", err)
	}
	return nil
}

// gather lists the pieces of a snapshot.
func (h *startHeader) gather(s *Snapshot, b *Base, keepers []keeper) (parts [][]byte) {
	for i, c := range s.arena.chunks {
		if i == len(s.arena.chunks)-1 {
			c = c[:s.arena.fill]
		}
		h.Chunks = append(h.Chunks, len(c))
		parts = append(parts, c)
	}
	add := func(name string, b []byte) {
		h.Arrays = append(h.Arrays, array{name, len(b)})
		parts = append(parts, pieces(b)...)
	}
	base := s.index.base
	h.Origin, h.Levels = [2]float64{base.tree.originE, base.tree.originN}, base.tree.levels
	add("sorted", asBytes(base.sorted))
	add("handles", asBytes(base.tree.handles))
	add("leaves", asBytes(base.tree.leaves))
	add("boxes", asBytes(base.tree.boxes))
	add("dictionary", s.dict.marshal())
	if b != nil {
		add("base", b.Marshal())
	}
	for _, k := range keepers {
		if kept := k.make(s); kept != nil {
			add(keptPrefix+k.name, kept)
		}
	}
	return parts
}

// compact copies the current assets into an arena without those that were replaced.
func (t *Twin) compact() *Snapshot {
	old := t.snap.Load()
	if old.compacted() {
		return old
	}
	s := *old
	s.arena = arena{}
	var sorted []Handle
	for r := range old.All {
		sorted = append(sorted, s.arena.add(r.rec[:r.size()]))
	}
	b, extent := packBase(&s, sorted)
	s.index, s.extent = newIndex(b), extent
	return &s
}

// fingerprint changes when the tables that packed assets refer to by index change.
func (c *Catalog) fingerprint() uint64 {
	h := uint64(0)
	for _, n := range c.networks {
		h = hashID(fmt.Sprintf("%x %s %s", h, n.Code, n.Parent))
	}
	return h
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
	h, at, err := readHeader(f)
	if err != nil {
		return nil, err
	}
	if h.Store != t.head.ID || h.Revision != t.head.Revision || h.Tables != t.opts.Catalog.fingerprint() {
		return nil, errors.New("it is of another state")
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	l, err := h.room(info.Size() - at)
	if err != nil {
		return nil, err
	}
	if err := readPieces(f, at, l.parts, h.Sums); err != nil {
		return nil, err
	}
	return l.finish(t, h)
}

func readHeader(f *os.File) (*startHeader, int64, error) {
	fixed := make([]byte, startFixed)
	if _, err := f.ReadAt(fixed, 0); err != nil {
		return nil, 0, err
	}
	rest := fixed[len(startMagic):]
	n := binary.LittleEndian.Uint32(rest[4:])
	if string(fixed[:len(startMagic)]) != startMagic || binary.NativeEndian.Uint32(rest) != startMark || n > maxHeader {
		return nil, 0, errors.New("it was written by another program or machine")
	}
	head := make([]byte, n)
	if _, err := f.ReadAt(head, int64(startFixed)); err != nil {
		return nil, 0, err
	}
	if crc32.Checksum(head, castagnoli) != binary.LittleEndian.Uint32(rest[8:]) {
		return nil, 0, errSum
	}
	h := &startHeader{}
	if err := json.Unmarshal(head, h); err != nil {
		return nil, 0, err
	}
	return h, int64(startFixed) + int64(n), nil
}

var errSum = errors.New("a checksum is wrong")

// startLayout is the memory that the pieces are read into.
type startLayout struct {
	parts  [][]byte
	chunks [][]byte
	base   base
	dict   []byte
	data   []byte // base data
	kept   map[string][]byte
}

// room makes the memory for what the header says, which must fit the length of the file.
func (h *startHeader) room(left int64) (*startLayout, error) {
	for _, n := range h.Chunks {
		left -= int64(n)
		if n < 0 || n > chunkSize || left < 0 {
			return nil, errCutOff
		}
	}
	for _, a := range h.Arrays {
		left -= int64(a.Size)
		if a.Size < 0 || left < 0 {
			return nil, errCutOff
		}
	}
	if left != 0 {
		return nil, errors.New("it is longer than it should be")
	}
	l := &startLayout{kept: map[string][]byte{}}
	for _, n := range h.Chunks {
		l.chunks = append(l.chunks, make([]byte, n))
	}
	l.parts = append(l.parts, l.chunks...)
	tree := &packedTree{originE: h.Origin[0], originN: h.Origin[1], levels: h.Levels}
	l.base.tree = tree
	for _, a := range h.Arrays {
		l.parts = append(l.parts, pieces(l.array(a, tree))...)
	}
	if len(l.parts) != len(h.Sums) || len(tree.leaves) != 4*len(tree.handles) || len(tree.handles) != len(l.base.sorted) || len(tree.handles) > 0 && len(tree.levels) == 0 {
		return nil, errors.New("its parts do not fit together")
	}
	return l, nil
}

// array makes the memory of one array.
func (l *startLayout) array(a array, tree *packedTree) []byte {
	switch a.Name {
	case "sorted":
		l.base.sorted = make([]Handle, a.Size/4)
		return asBytes(l.base.sorted)
	case "handles":
		tree.handles = make([]Handle, a.Size/4)
		return asBytes(tree.handles)
	case "leaves":
		tree.leaves = make([]uint16, a.Size/2)
		return asBytes(tree.leaves)
	case "boxes":
		tree.boxes = make([]float32, a.Size/4)
		return asBytes(tree.boxes)
	}
	b := make([]byte, a.Size)
	switch {
	case a.Name == "dictionary":
		l.dict = b
	case a.Name == "base":
		l.data = b
	case len(a.Name) > len(keptPrefix):
		l.kept[a.Name[len(keptPrefix):]] = b
	}
	return b
}

// readPieces fills the pieces from the file on every core and checks their sums.
func readPieces(f *os.File, at int64, parts [][]byte, sums []uint32) error {
	offsets := make([]int64, len(parts))
	for i, p := range parts {
		offsets[i] = at
		at += int64(len(p))
	}
	errs := make([]error, min(runtime.GOMAXPROCS(0), maxParts))
	var done sync.WaitGroup
	for w := range errs {
		done.Go(func() {
			for i := w; i < len(parts) && errs[w] == nil; i += len(errs) {
				if _, err := f.ReadAt(parts[i], offsets[i]); err != nil {
					errs[w] = err
				} else if crc32.Checksum(parts[i], castagnoli) != sums[i] {
					errs[w] = errSum
				}
			}
		})
	}
	done.Wait()
	return errors.Join(errs...)
}

// finish makes the snapshot of what was read.
func (l *startLayout) finish(t *Twin, h *startHeader) (*Snapshot, error) {
	d := &dict{}
	if err := d.unmarshal(l.dict); err != nil {
		return nil, err
	}
	if l.data != nil && h.Base == t.head.BaseVersion {
		b, err := ReadBase(l.data)
		if err != nil {
			return nil, err
		}
		t.base.Store(b)
	}
	s := &Snapshot{dict: d, cat: t.opts.Catalog, counts: map[countKey]int{}, extent: geometry.EmptyBox()}
	if h.Extent != nil {
		s.extent = *h.Extent
	}
	for _, c := range h.Counts {
		i, ok := s.cat.networkIndex(c.Network)
		if !ok {
			return nil, errors.New("it names an unknown network")
		}
		s.counts[countKey{uint8(i), c.Kind}] = c.N
	}
	s.arena = arena{chunks: l.chunks, bytes: h.Bytes, count: h.Records}
	if n := len(l.chunks); n > 0 {
		s.arena.fill = len(l.chunks[n-1])
	}
	s.index = newIndex(&l.base)
	t.dict, t.kept = d, l.kept
	return s, nil
}
