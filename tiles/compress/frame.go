package compress

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strconv"
	"sync"

	"github.com/klauspost/compress/huff0"
	"github.com/klauspost/compress/zstd"
)

// zstd finds what repeats, and then codes what is left. In the offsets of the property table, numbers that only grow, nothing repeats, and the encoder leaves
// them as they are although most of their bytes are 0. Here they are blocks of their own with Huffman codes, behind those that the encoder makes of the
// rest: a tenth of a content less. Every decoder reads such a frame (RFC 8878, 3.1.1).

const (
	frameMagic = 0xFD2FB528
	// One segment as large as the content, whose size is given in four bytes: no dictionary, no checksum.
	frameDescriptor = 2<<6 | 1<<5
	blockRaw        = 0
	blockRepeated   = 1
	blockCompressed = 2
	blockMost       = 64 << 10
)

// offsetsOf is where the offsets of the property table of a content begin, which are the last of it; 0 where there is none.
func offsetsOf(body []byte) int {
	if len(body) < 28 || string(body[:4]) != "glTF" {
		return 0
	}
	text := int(binary.LittleEndian.Uint32(body[12:]))
	if text > len(body)-28 {
		return 0
	}
	rest := body[20 : 20+text]
	mark := []byte(`"propertyTables":[{"class":"asset","count":`)
	i := bytes.LastIndex(rest, mark)
	if i < 0 {
		return 0
	}
	rest = rest[i+len(mark):]
	n, err := strconv.Atoi(string(rest[:max(0, bytes.IndexByte(rest, ','))]))
	from := len(body) - (4*(n+1)+7)&^7
	if err != nil || n < 0 || from < 28+text {
		return 0
	}
	return from
}

// zstdFrame returns body as one frame, with blocks of their own for what ends a content.
func zstdFrame(body []byte) []byte {
	if from := offsetsOf(body); from > 0 {
		if b := inTwo(body, from); b != nil {
			return b
		}
	}
	return zstdEncoder().EncodeAll(body, nil)
}

// inTwo is a frame of what is before a place, and a block or more without references for what comes from there on; nil where there is no such frame.
func inTwo(body []byte, from int) []byte {
	out := make([]byte, 0, len(body)/2+64)
	out = binary.LittleEndian.AppendUint32(out, frameMagic)
	out = binary.LittleEndian.AppendUint32(append(out, frameDescriptor), uint32(len(body)))
	head := len(out)
	out = zstdEncoder().EncodeAll(body[:from], out)
	var h zstd.Header
	if h.Decode(out[head:]) != nil || h.HasCheckSum {
		return nil
	}
	out = append(out[:head], out[head+h.HeaderSize:]...)
	last := lastBlock(out, head)
	out[last] &^= 1
	huff, _ := huffPool.Get().(*huff0.Scratch)
	defer huffPool.Put(huff)
	for ; from < len(body); from += min(blockMost, len(body)-from) {
		last = len(out)
		out = appendColumn(out, body[from:min(len(body), from+blockMost)], huff)
	}
	out[last] |= 1
	return out
}

var huffPool = sync.Pool{New: func() any { return &huff0.Scratch{Reuse: huff0.ReusePolicyNone} }}

// lastBlock is where the header of the last block of those from a place on lies.
func lastBlock(b []byte, from int) int {
	for {
		h := int(b[from]) | int(b[from+1])<<8 | int(b[from+2])<<16
		if h&1 != 0 {
			return from
		}
		if h>>1&3 == blockRepeated {
			from += 4
		} else {
			from += 3 + h>>3
		}
	}
}

func appendBlockHeader(out []byte, kind, size int) []byte {
	h := kind<<1 | size<<3
	return append(out, byte(h), byte(h>>8), byte(h>>16))
}

// appendColumn appends bytes as a block without references, in Huffman codes where these are shorter.
func appendColumn(out, b []byte, huff *huff0.Scratch) []byte {
	compress, streams := huff0.Compress4X, uint64(4)
	if len(b) < 1024 {
		compress, streams = huff0.Compress1X, 1
	}
	packed, _, err := compress(b, huff)
	if errors.Is(err, huff0.ErrUseRLE) {
		return append(appendBlockHeader(out, blockRepeated, len(b)), b[0])
	}
	if err != nil || len(packed)+8 >= len(b) {
		return append(appendBlockHeader(out, blockRaw, len(b)), b...)
	}
	// The header of literals (3.1.1.3.1.1): kind, form, and both sizes in as many bits as the form says.
	const compressedLiterals = 2
	plain, size := uint64(len(b)), uint64(len(packed))
	h := uint64(compressedLiterals)
	var n int
	switch {
	case streams == 1:
		h, n = h|plain<<4|size<<14, 3
	case plain < 1<<10:
		h, n = h|1<<2|plain<<4|size<<14, 3
	case plain < 1<<14:
		h, n = h|2<<2|plain<<4|size<<18, 4
	default:
		h, n = h|3<<2|plain<<4|size<<22, 5
	}
	out = appendBlockHeader(out, blockCompressed, n+len(packed)+1)
	for range n {
		out = append(out, byte(h))
		h >>= 8
	}
	return append(append(out, packed...), 0) // no sequences
}
