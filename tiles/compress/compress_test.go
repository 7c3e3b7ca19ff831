package compress

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// TestEncodingsUnpack compresses texts before columns of every size and character, and unpacks them with decoders that others wrote.
func TestEncodingsUnpack(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 60 {
		body := anyContent(r)
		for _, e := range []Encoding{Gzip, Brotli, Zstd} {
			b, err := Body(body, e)
			if err != nil {
				t.Fatal(err)
			}
			got, err := unpack(b, e)
			if err != nil || !bytes.Equal(got, body) {
				t.Fatalf("%s: %d bytes do not come back: %v", e, len(body), err)
			}
		}
	}
}

// anyContent looks like a content: a text that says how many rows its table has, columns that are still, skewed or noise, and offsets at the end.
func anyContent(r *rand.Rand) []byte {
	var columns []byte
	for range 1 + r.IntN(5) {
		n, wide := r.IntN(1+r.IntN(200_000)), r.IntN(256)
		for range n {
			columns = append(columns, byte(r.IntN(1+r.IntN(1+wide))))
		}
	}
	rows := r.IntN(1 + r.IntN(40_000))
	text := fmt.Appendf(nil, `"propertyTables":[{"class":"asset","count":%d,`, rows)
	b := append([]byte("glTF12345678"), binary.LittleEndian.AppendUint32(nil, uint32(len(text)))...)
	b = append(append(append(b, "JSON"...), text...), "length.."...)
	b = append(b, columns...)
	at, step := uint32(0), r.IntN(30)
	for range rows + 1 {
		b = binary.LittleEndian.AppendUint32(b, at)
		at += uint32(step + r.IntN(3))
	}
	if rows%2 == 0 {
		b = append(b, 0, 0, 0, 0)
	}
	return b
}

func unpack(b []byte, e Encoding) ([]byte, error) {
	var r io.Reader = bytes.NewReader(b)
	var err error
	switch e {
	case Gzip:
		r, err = gzip.NewReader(r)
	case Brotli:
		r = brotli.NewReader(r)
	case Zstd:
		r, err = zstd.NewReader(r)
	}
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
