package twin

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// codecVersion is the first byte of a marshalled asset. Older versions stay readable.
const codecVersion = 1

// Codec turns assets into bytes that stand for themselves and back, for stores. It loses nothing of an asset beyond the 0.1 mm and 0.01 mm that the
// twin keeps. A Codec reuses its buffer and is for one goroutine.
type Codec struct {
	pack packer
	out  []byte
}

// NewCodec returns a codec for the networks of a catalog.
func NewCodec(c *Catalog) *Codec { return &Codec{pack: packer{cat: c}} }

// Marshal returns the bytes of a, valid until the next call.
func (c *Codec) Marshal(a *Asset) ([]byte, error) {
	if err := c.pack.cat.checkAsset(a); err != nil {
		return nil, err
	}
	rec := c.pack.pack(a)
	c.out = append(c.out[:0], codecVersion)
	c.out = binary.AppendUvarint(c.out, uint64(len(a.Network)))
	c.out = append(c.out, a.Network...)
	c.out = append(c.out, rec...)
	return c.out, nil
}

// Unmarshal returns the asset of the bytes that Marshal made. Broken bytes give an error.
func (c *Codec) Unmarshal(b []byte) (a *Asset, err error) {
	if len(b) < 2 || b[0] != codecVersion {
		return nil, errors.New("the record of an asset has an unknown version")
	}
	n, w := binary.Uvarint(b[1:])
	if w <= 0 || n > 64 || len(b) < 1+w+int(n)+offStream {
		return nil, errors.New("the record of an asset is cut off")
	}
	network := string(b[1+w : 1+w+int(n)])
	i, ok := c.pack.cat.networkIndex(network)
	if !ok {
		return nil, fmt.Errorf("the record of an asset names the network %q, which the tables do not have", network)
	}
	// Reading a packed record trusts it; a broken one from a damaged file shows as an index out of range.
	defer func() {
		if r := recover(); r != nil {
			a, err = nil, fmt.Errorf("the record of an asset is damaged: %v", r)
		}
	}()
	r := Record{rec: b[1+w+int(n):], cat: c.pack.cat}
	a = &Asset{Bottom: Unknown()}
	r.decodeAs(a, i)
	if err := c.pack.cat.checkAsset(a); err != nil {
		return nil, fmt.Errorf("the record of an asset is damaged: %w", err)
	}
	return a, nil
}
