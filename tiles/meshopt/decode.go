package meshopt

import "errors"

// errFormat is what every fault of the bytes comes out as: they are either read whole or not at all.
var errFormat = errors.New("meshopt: the bytes are not attributes in version 0")

// DecodeAttributes reads count rows of stride bytes that AppendAttributes, or another encoder of version 0, has written.
func DecodeAttributes(b []byte, count, stride int) ([]byte, error) {
	if stride < strideFactor || stride > maxStride || stride%strideFactor != 0 || count < 0 {
		return nil, errors.New("meshopt: the stride is not a multiple of 4 up to 256")
	}
	tail := max(tailLeast, stride)
	// Each byte of sixteen rows costs two bits at least, so that a short text cannot ask for much memory.
	if len(b) < 1+tail || b[0] != header || count/groupSize/4 > len(b)/stride {
		return nil, errFormat
	}
	var last [maxStride]byte
	copy(last[:], b[len(b)-stride:])
	out := make([]byte, count*stride)
	r := &reader{b: b[1 : len(b)-tail]}
	block := blockSize(stride)
	var deltas [blockMost]byte
	for from := 0; from < count; from += block {
		n := min(block, count-from)
		padded := (n + groupSize - 1) &^ (groupSize - 1)
		for k := range stride {
			if !r.groups(deltas[:padded]) {
				return nil, errFormat
			}
			v := last[k]
			for i := range n {
				d := deltas[i]
				v += d>>1 ^ -(d & 1)
				out[(from+i)*stride+k] = v
			}
			last[k] = v
		}
	}
	if len(r.b) != 0 {
		return nil, errFormat
	}
	return out, nil
}

type reader struct{ b []byte }

func (r *reader) take(n int) ([]byte, bool) {
	if n > len(r.b) {
		return nil, false
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b, true
}

func (r *reader) groups(out []byte) bool {
	head, ok := r.take((len(out)/groupSize + 3) / 4)
	if !ok {
		return false
	}
	for i := 0; i < len(out); i += groupSize {
		if !r.group(out[i:i+groupSize], head[i/groupSize/4]>>(i/groupSize%4*2)&3) {
			return false
		}
	}
	return true
}

func (r *reader) group(out []byte, code byte) bool {
	if code == 0 {
		clear(out)
		return true
	}
	bits := uint(1) << code
	packed, ok := r.take(groupSize * int(bits) / 8)
	if !ok {
		return false
	}
	if bits == 8 {
		copy(out, packed)
		return true
	}
	most, each := byte(1)<<bits-1, int(8/bits)
	for i := range out {
		v := packed[i/each] >> (uint(each-1-i%each) * bits) & most
		if v == most {
			more, ok := r.take(1)
			if !ok {
				return false
			}
			v = more[0]
		}
		out[i] = v
	}
	return true
}
