package twin

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// codecVersion is the first byte of a marshalled asset. Older versions stay readable.
const codecVersion = 1

// codecHead is the length of the fixed fields of a marshalled asset: those of a record, with revision u32 and time i64 (Unix, ms) in place of the
// stamp.
const codecHead = offStream - 4 + 12

// Codec turns assets into bytes that stand for themselves and back, for stores. It loses nothing of an asset beyond the 0.1 mm and 0.01 mm that the
// twin keeps. A Codec reuses its buffer and is for one goroutine.
type Codec struct {
	pack packer
	read *transcoder
	out  []byte
}

// NewCodec returns a codec for the networks of a catalog.
func NewCodec(c *Catalog) *Codec { return &Codec{pack: packer{cat: c}, read: newTranscoder(nil, c)} }

// Marshal returns the bytes of a, valid until the next call.
func (c *Codec) Marshal(a *Asset) ([]byte, error) {
	if err := c.pack.cat.checkAsset(a); err != nil {
		return nil, err
	}
	rec := c.pack.pack(a)
	c.out = append(c.out[:0], codecVersion)
	c.out = binary.AppendUvarint(c.out, uint64(len(a.Network)))
	c.out = append(c.out, a.Network...)
	c.out = append(c.out, rec[:offVersion]...)
	c.out = binary.LittleEndian.AppendUint32(c.out, a.Version)
	c.out = binary.LittleEndian.AppendUint32(c.out, uint32(a.Revision))
	c.out = binary.LittleEndian.AppendUint64(c.out, uint64(a.Recorded.UnixMilli()))
	c.out = append(c.out, rec[offLow:]...)
	return c.out, nil
}

// Unmarshal returns the asset of the bytes that Marshal made. Broken bytes give an error.
func (c *Codec) Unmarshal(b []byte) (*Asset, error) {
	rec, err := c.read.record(b)
	if err != nil {
		return nil, err
	}
	a := Record{rec: rec, cat: c.pack.cat}.Asset()
	a.Revision, a.Recorded = c.read.made.revision, time.UnixMilli(c.read.made.ms).UTC()
	if err := c.pack.cat.checkAsset(a); err != nil {
		return nil, fmt.Errorf("the record of an asset is damaged: %w", err)
	}
	return a, nil
}

// Marshalled is what stands at the front of a marshalled asset.
type Marshalled struct {
	Kind    Kind
	Version uint32
	ID      []byte // within the bytes that were read
}

// ReadMarshalled reads the front of what Codec.Marshal made and looks at nothing behind it. Broken bytes give an error.
func ReadMarshalled(b []byte) (Marshalled, error) {
	rec, err := behindNetwork(b)
	if err != nil {
		return Marshalled{}, err
	}
	c := cursor{b: rec, i: codecHead}
	id := c.bytes(c.uint())
	if c.err == nil && len(id) == 0 {
		c.fail(errDamaged)
	}
	return Marshalled{Kind: kindOf(rec[0]), Version: binary.LittleEndian.Uint32(rec[offVersion:]), ID: id}, c.err
}

// behindNetwork checks the version of a marshalled asset and returns what follows the code of its network: at least codecHead bytes.
func behindNetwork(b []byte) ([]byte, error) {
	if len(b) < 2 || b[0] != codecVersion {
		return nil, errors.New("the record of an asset has an unknown version")
	}
	n, w := binary.Uvarint(b[1:])
	if w <= 0 || n > 64 || len(b) < 1+w+int(n)+codecHead {
		return nil, errCutOff
	}
	return b[1+w+int(n):], nil
}
