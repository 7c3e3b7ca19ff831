package tiles

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
			b, err := compress(body, e)
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

// anyContent looks like a content: a text that names columns, and columns that are still, skewed or noise.
func anyContent(r *rand.Rand) []byte {
	var text, columns []byte
	for range 1 + r.IntN(5) {
		text = fmt.Appendf(text, `"EXT_meshopt_compression":{"buffer":0,"byteOffset":%d,`, len(columns))
		n, wide := r.IntN(1+r.IntN(200_000)), r.IntN(256)
		for range n {
			columns = append(columns, byte(r.IntN(1+r.IntN(1+wide))))
		}
	}
	b := append([]byte("glTF12345678"), binary.LittleEndian.AppendUint32(nil, uint32(len(text)))...)
	b = append(append(append(b, "JSON"...), text...), "length.."...)
	return append(b, columns...)
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
