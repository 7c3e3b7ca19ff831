package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"sort"
	"sync"

	"github.com/klauspost/compress/zstd"

	"github.com/undercity/undercity/twin"
)

// Bounds of a pack. One that is longer was not written by us.
const (
	packBytes      = 128 << 10 // a pack with more is full; one record more may go beyond
	maxPackBytes   = 16 << 20  // the greatest record, with its shared texts in full, has about half as much
	maxPackRecords = 4096
	maxPackRecord  = maxPackBytes - packBytes - 2*binary.MaxVarintLen64
)

var errPack = errors.New("a pack of records is damaged")

// entry is a record in a pack.
type entry struct {
	op     twin.Op
	fid    int64
	head   twin.Marshalled
	record []byte
}

// appendEntry appends a record to the bytes of a pack: its length and operation, the distance of its feature from the one that follows the feature
// before, and what the codec made.
func appendEntry(b []byte, op twin.Op, step int64, record []byte) []byte {
	length := uint64(len(record)) << 1
	if op == twin.OpUpdate {
		length |= 1
	}
	b = binary.AppendUvarint(b, length)
	b = binary.AppendVarint(b, step)
	return append(b, record...)
}

// pack is a pack that was read.
type pack struct {
	number, revision int64
	bytes            []byte
	entries          []entry
}

// readEntries takes the compressed records of a pack, which may be anything.
func (p *pack) readEntries(compressed []byte) (err error) {
	if p.bytes, err = decoder().DecodeAll(compressed, p.bytes[:0]); err != nil {
		return fmt.Errorf("%w: %w", errPack, err)
	}
	p.entries = p.entries[:0]
	fid := int64(0)
	for b := p.bytes; len(b) > 0; {
		length, n := binary.Uvarint(b)
		if n <= 0 || len(p.entries) == maxPackRecords {
			return errPack
		}
		step, m := binary.Varint(b[n:])
		if m <= 0 || length>>1 > uint64(len(b)-n-m) {
			return errPack
		}
		fid += step + 1
		e := entry{op: twin.OpCreate, fid: fid, record: b[n+m : n+m+int(length>>1)]}
		if length&1 != 0 {
			e.op = twin.OpUpdate
		}
		if e.head, err = twin.ReadMarshalled(e.record); err != nil {
			return err
		}
		if i := len(p.entries); i > 0 && bytes.Compare(p.entries[i-1].head.ID, e.head.ID) >= 0 {
			return errPack
		}
		p.entries = append(p.entries, e)
		b = b[n+m+len(e.record):]
	}
	if len(p.entries) == 0 {
		return errPack
	}
	return nil
}

// find returns the place of an asset in the pack, -1 when it is not there.
func (p *pack) find(id twin.ID) int {
	i := sort.Search(len(p.entries), func(i int) bool { return string(p.entries[i].head.ID) >= id })
	if i == len(p.entries) || string(p.entries[i].head.ID) != id {
		return -1
	}
	return i
}

// decoder is for every goroutine.
var decoder = sync.OnceValue(func() *zstd.Decoder {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxPackBytes))
	if err != nil {
		panic(err) // the options are constant
	}
	return d
})
