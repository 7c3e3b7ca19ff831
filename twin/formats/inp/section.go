package inp

import (
	"encoding/binary"
	"iter"
	"strings"
)

// section is the rows of a section, packed one after another: the number of the line, the length of the text, the text. A string for each row
// would take three times as much.
type section struct {
	chunks []*strings.Builder
	n      int
}

// chunkLength is about how long the chunks are, bytes.
const chunkLength = 32 << 10

func (s *section) add(line int, text []byte) {
	var head [2 * binary.MaxVarintLen64]byte
	n := binary.PutUvarint(head[:], uint64(line))
	n += binary.PutUvarint(head[n:], uint64(len(text)))
	last := len(s.chunks) - 1
	if last < 0 || s.chunks[last].Len()+n+len(text) > s.chunks[last].Cap() {
		b := &strings.Builder{}
		b.Grow(max(chunkLength, n+len(text)))
		s.chunks = append(s.chunks, b)
		last++
	}
	s.chunks[last].Write(head[:n])
	s.chunks[last].Write(text)
	s.n++
}

// Take gives the rows of a section, once: they are let go of as they are given.
func (f *File) Take(name string) iter.Seq[Row] {
	s := f.sections[name]
	delete(f.sections, name)
	return func(yield func(Row) bool) {
		if s == nil {
			return
		}
		for i, b := range s.chunks {
			s.chunks[i] = nil
			for rest := b.String(); rest != ""; {
				var line, size uint64
				line, rest = uvarint(rest)
				size, rest = uvarint(rest)
				if !yield(Row{int(line), rest[:size]}) {
					return
				}
				rest = rest[size:]
			}
		}
	}
}

// uvarint takes a number off a packed string.
func uvarint(s string) (v uint64, rest string) {
	for i, shift := 0, 0; i < len(s); i, shift = i+1, shift+7 {
		v |= uint64(s[i]&0x7f) << shift
		if s[i] < 0x80 {
			return v, s[i+1:]
		}
	}
	return v, ""
}
