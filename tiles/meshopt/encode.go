package meshopt

import (
	"encoding/binary"
	"math/bits"
)

// The numbers of the format: blocks of at most 8192 bytes and 256 vertices, whose bytes are written a group of 16 at a time, and a tail that lets a
// decoder read ahead.
const (
	header       = 0xa0
	blockBytes   = 8192
	blockMost    = 256
	groupSize    = 16
	tailLeast    = 32
	maxStride    = 256
	strideFactor = 4
)

// blockSize is how many vertices a block has.
func blockSize(stride int) int { return min(blockBytes/stride&^(groupSize-1), blockMost) }

// AppendAttributes appends data, whose rows have stride bytes, as mode ATTRIBUTES has it: each byte of a row as its difference to that of the row
// before, in as many bits as the largest of sixteen needs. stride is a multiple of 4 from 4 to 256, and the length of data one of stride.
func AppendAttributes(dst, data []byte, stride int) []byte {
	if len(data) == 0 {
		data = make([]byte, 0, stride)
	}
	dst = append(dst, header)
	var first, last [maxStride]byte
	copy(first[:stride], data)
	copy(last[:stride], data)
	n, block := len(data)/stride, blockSize(stride)
	var deltas [blockMost]byte
	for from := 0; from < n; from += block {
		count := min(block, n-from)
		rows := data[from*stride : (from+count)*stride]
		padded := (count + groupSize - 1) &^ (groupSize - 1)
		clear(deltas[count:padded])
		for k := range stride {
			before := last[k]
			for i, at := 0, k; i < count; i, at = i+1, at+stride {
				v := rows[at]
				d := v - before
				deltas[i] = d<<1 ^ uint8(int8(d)>>7)
				before = v
			}
			last[k] = before
			dst = appendGroups(dst, deltas[:padded])
		}
	}
	for range max(0, tailLeast-stride) {
		dst = append(dst, 0)
	}
	return append(dst, first[:stride]...)
}

// appendGroups writes groups of sixteen bytes, each in the number of bits that needs least: two bits a group say which.
func appendGroups(dst, b []byte) []byte {
	head := len(dst)
	for range (len(b)/groupSize + 3) / 4 {
		dst = append(dst, 0)
	}
	for i := 0; i < len(b); i += groupSize {
		g := (*[groupSize]byte)(b[i:])
		code, n := fewest(g)
		dst[head+i/groupSize/4] |= code << (i / groupSize % 4 * 2)
		switch n {
		case 0:
		case 8:
			dst = append(dst, g[:]...)
		default:
			dst = appendPacked(dst, g, n)
		}
	}
	return dst
}

// fewest is how a group is written: all zero, in 2 bits, in 4 bits, or as it is. A value that does not fit costs a byte more.
func fewest(g *[groupSize]byte) (code byte, n uint) {
	a, b := binary.LittleEndian.Uint64(g[:]), binary.LittleEndian.Uint64(g[8:])
	if a|b == 0 {
		return 0, 0
	}
	two, four := groupSize/4+reaching(a, 3)+reaching(b, 3), groupSize/2+reaching(a, 15)+reaching(b, 15)
	switch {
	case two < groupSize && two <= four:
		return 1, 2
	case four < groupSize:
		return 2, 4
	}
	return 3, 8
}

// reaching is how many of eight bytes are at least limit, which is not above 128: those whose lower seven bits carry into the eighth, or that have it.
func reaching(v uint64, limit uint64) int {
	const each, high = 0x0101010101010101, 0x8080808080808080
	return bits.OnesCount64((v&^high + (128-limit)*each | v) & high)
}

// appendPacked writes a group in 2 or 4 bits a value, first value highest, and after it those that do not fit.
func appendPacked(dst []byte, g *[groupSize]byte, wide uint) []byte {
	most := byte(1)<<wide - 1
	each := int(8 / wide)
	for i := 0; i < groupSize; i += each {
		var b byte
		for _, v := range g[i : i+each] {
			b = b<<wide | min(v, most)
		}
		dst = append(dst, b)
	}
	for _, v := range g {
		if v >= most {
			dst = append(dst, v)
		}
	}
	return dst
}
