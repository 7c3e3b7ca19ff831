package store

import "github.com/klauspost/compress/zstd"

// PackOf is the bytes of a pack of the records before they are compressed.
func PackOf(records ...[]byte) (b []byte) {
	for _, r := range records {
		b = appendEntry(b, 1, 0, r)
	}
	return b
}

// IDsOfPack compresses the bytes and reads them as a pack.
func IDsOfPack(b []byte) (ids []string, err error) {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		return nil, err
	}
	var p pack
	if err := p.readEntries(w.EncodeAll(b, nil)); err != nil {
		return nil, err
	}
	for _, e := range p.entries {
		ids = append(ids, string(e.head.ID))
	}
	return ids, nil
}
