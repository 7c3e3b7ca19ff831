package archive

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"crypto/md5" //nolint:gosec // the format asks for it, as a key and not as a secret
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/klauspost/compress/flate"

	"github.com/undercity/undercity/tiles/compress"
)

// Method is how the entries of an archive are compressed, by its name on the command line.
type Method string

// The methods that a 3D Tiles archive may use. Deflate is what every reader of ZIP knows; many do not know zstd.
const (
	Deflate Method = "deflate"
	Zstd    Method = "zstd"
	Store   Method = "none"
)

// zipZstd is the number of Zstandard in ZIP (APPNOTE 6.3.9, 4.4.5).
const zipZstd = 93

// indexName is the last entry of a 3D Tiles archive.
const indexName = "@3dtilesIndex1@"

// Writer writes a 3D Tiles archive (.3tz), version 1.3 of Maxar's specification: a ZIP with sizes and checksums in every local header, whose last entry
// is an index of 24 bytes a file, the MD5 of its path and the offset of its local header, in ascending order of the former.
type Writer struct {
	method Method
	zip    *zip.Writer
	count  *counter
	index  []indexEntry
	time   time.Time
}

var _ Output = (*Writer)(nil)

type indexEntry struct {
	hash   [md5.Size]byte
	offset uint64
}

// packed is a body as it stands in an archive.
type packed struct {
	method uint16
	data   []byte
	crc    uint32
}

// counter counts what goes through a buffer to a file.
type counter struct {
	w *bufio.Writer
	n uint64
}

// Write writes and counts.
func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += uint64(n)
	return n, err
}

// New begins an archive; Close ends it, and leaves w open.
func New(w io.Writer, m Method) *Writer {
	c := &counter{w: bufio.NewWriterSize(w, 1<<20)}
	return &Writer{method: m, zip: zip.NewWriter(c), count: c}
}

// deflaters are at the level that costs less than the contents themselves; the higher ones gain a few per cent.
var deflaters = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, deflateLevel)
	if err != nil {
		panic(err) // the level is a constant
	}
	return w
}}

const deflateLevel = 3

// Pack compresses a file.
func (a *Writer) Pack(f *File) (err error) {
	p := packed{method: zip.Store, data: f.Body, crc: crc32.ChecksumIEEE(f.Body)}
	switch a.method {
	case Deflate:
		var out bytes.Buffer
		w := deflaters.Get().(*flate.Writer)
		defer deflaters.Put(w)
		w.Reset(&out)
		if _, err = w.Write(f.Body); err == nil {
			err = w.Close()
		}
		p.method, p.data = zip.Deflate, out.Bytes()
	case Zstd:
		p.method = zipZstd
		p.data, err = compress.Body(f.Body, compress.Zstd)
	}
	if len(p.data) >= len(f.Body) {
		p.method, p.data = zip.Store, f.Body
	}
	f.packed = p
	return err
}

// Put writes a file that was packed.
func (a *Writer) Put(f *File) error {
	offset, err := a.entry(f.Name, f.packed, len(f.Body), f.Time)
	a.index = append(a.index, indexEntry{md5.Sum([]byte(f.Name)), offset}) //nolint:gosec // see above
	a.time = f.Time
	return err
}

// entry writes one entry and returns the offset of its local header.
func (a *Writer) entry(name string, p packed, size int, at time.Time) (offset uint64, err error) {
	if err := a.zip.Flush(); err != nil {
		return 0, err
	}
	offset = a.count.n
	h := &zip.FileHeader{Name: name, Method: p.method, CRC32: p.crc, CompressedSize64: uint64(len(p.data)), UncompressedSize64: uint64(size)}
	h.ModifiedDate, h.ModifiedTime = dosTime(at) //nolint:staticcheck // Modified would add a field of its own to each of a million files
	h.SetMode(0o644)
	w, err := a.zip.CreateRaw(h)
	if err != nil {
		return 0, fmt.Errorf("archive: %w", err)
	}
	_, err = w.Write(p.data)
	return offset, err
}

// dosTime is a time as ZIP counts it. It cannot be before 1980.
func dosTime(t time.Time) (date, clock uint16) {
	if t.Year() < 1980 || t.Year() > 2107 {
		t = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return uint16(t.Year()-1980)<<9 | uint16(t.Month())<<5 | uint16(t.Day()), uint16(t.Hour())<<11 | uint16(t.Minute())<<5 | uint16(t.Second()/2)
}

// Close writes the index and the end of the archive.
func (a *Writer) Close() error {
	slices.SortFunc(a.index, func(p, q indexEntry) int {
		le := binary.LittleEndian.Uint64
		return cmp.Or(cmp.Compare(le(p.hash[:8]), le(q.hash[:8])), cmp.Compare(le(p.hash[8:]), le(q.hash[8:])), cmp.Compare(p.offset, q.offset))
	})
	b := make([]byte, 0, 24*len(a.index))
	for _, e := range a.index {
		b = binary.LittleEndian.AppendUint64(append(b, e.hash[:]...), e.offset)
	}
	if _, err := a.entry(indexName, packed{zip.Store, b, crc32.ChecksumIEEE(b)}, len(b), a.time); err != nil {
		return err
	}
	if err := a.zip.Close(); err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	return a.count.w.Flush()
}
