package inp

import (
	"encoding/binary"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/undercity/undercity/twin/formats"
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
	c := f.cursor(name)
	return func(yield func(Row) bool) {
		for r, ok := c.next(); ok && yield(r); r, ok = c.next() {
		}
	}
}

// cursor goes through the rows of a section and lets go of the chunks that are behind it.
type cursor struct {
	chunks []*strings.Builder
	rest   string
}

func (f *File) cursor(name string) *cursor {
	s := f.sections[name]
	delete(f.sections, name)
	if s == nil {
		return &cursor{}
	}
	return &cursor{chunks: s.chunks}
}

func (c *cursor) next() (Row, bool) {
	for c.rest == "" {
		if len(c.chunks) == 0 {
			return Row{}, false
		}
		c.rest = c.chunks[0].String()
		c.chunks[0] = nil
		c.chunks = c.chunks[1:]
	}
	var line, size uint64
	line, c.rest = uvarint(c.rest)
	size, c.rest = uvarint(c.rest)
	r := Row{int(line), c.rest[:size]}
	c.rest = c.rest[size:]
	return r, true
}

// Join finds the rows of a section by their first word, for a caller that asks in about the order they stand in, as programs write them:
// then it keeps next to nothing. What it meets before it is asked for, it keeps.
type Join struct {
	rows  *cursor
	ahead Row
	more  bool
	kept  map[string][]Row
	names *formats.Index // of the rows that lay ahead when a name was first not the next; nil before
}

// Join begins with a section, whose rows it takes.
func (f *File) Join(name string) *Join {
	j := &Join{rows: f.cursor(name), kept: map[string][]Row{}}
	j.ahead, j.more = j.rows.next()
	return j
}

// Rows are the rows of a name that stand together, in their order; nil where there are none. They are given once.
func (j *Join) Rows(name string) []Row {
	if rows, ok := j.kept[name]; ok {
		delete(j.kept, name)
		return rows
	}
	if j.more && j.ahead.At(0) != name && !j.comes(name) {
		return nil // nothing is read ahead for what is not there
	}
	for j.more {
		id, rows := j.group()
		if id == name {
			return rows
		}
		j.kept[id] = append(j.kept[id], rows...)
	}
	return nil
}

// comes reports whether rows of a name lie ahead, or lay there.
func (j *Join) comes(name string) bool {
	if j.names == nil {
		j.names = formats.NewIndex(0)
		j.names.Add(j.ahead.At(0))
		rows := &cursor{chunks: slices.Clone(j.rows.chunks), rest: j.rows.rest}
		for r, ok := rows.next(); ok; r, ok = rows.next() {
			j.names.Add(r.At(0))
		}
	}
	_, ok := j.names.Find(name)
	return ok
}

// group takes the next rows that have the same first word.
func (j *Join) group() (id string, rows []Row) {
	for id = j.ahead.At(0); j.more && j.ahead.At(0) == id; j.ahead, j.more = j.rows.next() {
		rows = append(rows, j.ahead)
	}
	return id, rows
}

// Rest are the rows nobody has asked for, as they stand, those first that were kept.
func (j *Join) Rest() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for _, id := range slices.Sorted(maps.Keys(j.kept)) {
			for _, r := range j.kept[id] {
				if !yield(r) {
					return
				}
			}
		}
		for ; j.more; j.ahead, j.more = j.rows.next() {
			if !yield(j.ahead) {
				return
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
