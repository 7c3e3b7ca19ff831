package cjj61

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode"

	"github.com/undercity/undercity/twin/formats"
)

// separators are what may stand between the cells of a CSV file.
const separators = ",\t;|"

// headers finds where the tables of a file or a sheet begin, and what stands between the cells of a CSV file. A file of text may hold
// several tables one below the other, a sheet one.
func (s *survey) headers(t *table) ([]*layout, error) {
	if t.book == nil {
		return s.textHeaders(t)
	}
	h := headers{a: s.aliases}
	err := t.rows(s.ctx, func(line int, cells []string) error {
		if h.seen >= headerRows+1 || h.look(line, cells) {
			return errStop
		}
		return nil
	})
	l := h.best
	if err != nil || l == nil {
		return nil, err
	}
	return []*layout{l}, nil
}

// headers looks for a header in the first rows of a sheet: in one row, or in two of which the upper one names groups of columns.
type headers struct {
	a     aliases
	best  *layout
	above []string // the row above
	seen  int
}

// look takes a row, and reports whether the header is known.
func (h *headers) look(line int, cells []string) bool {
	h.seen++
	if h.best != nil {
		// A header of two rows whose upper one would do alone goes on in the next.
		if l, ok := h.a.matchBelow(line, h.above, cells); ok && len(l.columns) >= len(h.best.columns) {
			h.best = l
		}
		return true
	}
	l, ok := h.a.match(line, cells)
	if !ok && h.above != nil {
		l, ok = h.a.matchBelow(line, h.above, cells)
	}
	if ok {
		h.best = l
	}
	h.above = append([]string{}, cells...)
	return false
}

func (s *survey) textHeaders(t *table) (list []*layout, err error) {
	r, err := t.file.Open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	lines, comma, err := headerOf(s.ctx, t.file, r, func(line int, cells []string) bool {
		m, ok := s.aliases.match(line, cells)
		if ok {
			list = append(list, m)
		}
		return ok
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	t.comma = comma
	var cells []string
	for n := 0; ; n++ {
		line, no, err := lines.Next()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		if n%4096 == 0 && s.ctx.Err() != nil {
			return nil, s.ctx.Err()
		}
		// A row of figures is no header.
		if len(line) == 0 || bytes.IndexByte(line, comma) < 0 || bytes.ContainsAny(line, "0123456789") {
			continue
		}
		cells = split(cells[:0], string(line), comma)
		if len(cells) > maxCells {
			continue
		}
		if m, ok := s.aliases.match(no, cells); ok {
			list = append(list, m)
		}
	}
}

// headerOf hands the first rows of a text to is, cut at each separator that stands in them, until it takes one for a header. A quoted cell
// may go on over the end of a line.
func headerOf(ctx context.Context, file formats.File, r io.Reader, is func(line int, cells []string) bool) (*formats.Lines, byte, error) {
	lines, err := formats.NewLines(file.Name, r, formats.GB18030)
	if err != nil {
		return nil, 0, err
	}
	for range headerRows {
		line, no, err := lines.Next()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return lines, 0, err
		}
		text := string(line)
		for strings.Count(text, `"`)%2 == 1 && len(text) < formats.MaxLine {
			more, _, err := lines.Next()
			if err != nil {
				break
			}
			text += "\n" + string(more)
		}
		if ctx.Err() != nil {
			return nil, 0, ctx.Err()
		}
		for _, c := range []byte(separators) {
			if n := strings.Count(text, string(c)); n > 0 && n < maxCells && is(no, split(nil, text, c)) {
				return lines, c, nil
			}
		}
	}
	return lines, 0, nil
}

// remark reports whether a row is none of the table's: the units below its header, or a sentence below its last row, which is noted.
func (s *survey) remark(t found, r row) bool {
	if r.line <= t.layout.header+2 && r.counts() {
		return true
	}
	filled, digits, text := 0, false, ""
	for _, c := range r.cells {
		if c == "" {
			continue
		}
		filled++
		text = c
		digits = digits || strings.ContainsFunc(c, unicode.IsDigit)
		if filled > 1 && digits {
			return false
		}
	}
	if r.line <= t.layout.header+2 && !digits && r.units() {
		return true
	}
	if r.repeats() {
		return true
	}
	if filled == 1 && (!digits || strings.ContainsAny(text, ":：")) {
		s.sink.Note(formats.Row{File: t.name(), Line: r.line, Value: text, Reason: "a row with one cell of words is taken for a remark and passed over"})
		return true
	}
	return false
}

// repeats reports whether a row is the header again, as on each page of a printed book.
func (r row) repeats() bool {
	same := 0
	for _, i := range r.l.columns {
		switch {
		case i >= len(r.cells) || r.cells[i] == "":
		case fold(r.cells[i]) == fold(r.l.names[i]) || strings.HasSuffix(fold(r.l.names[i]), fold(r.cells[i])):
			same++
		default:
			return false
		}
	}
	return same >= 2
}

// counts reports whether the cells of a row are 1, 2, 3 …: the numbers of the columns, which some books have below their header.
func (r row) counts() bool {
	n := 0
	for i, c := range r.cells {
		if c == "" {
			continue
		}
		if c != strconv.Itoa(i+1) {
			return false
		}
		n++
	}
	return n >= 3 && n >= len(r.l.names)-1
}

// units reports whether the cells of a row are units, or empty.
func (r row) units() bool {
	for _, c := range r.cells {
		switch fold(strings.Trim(c, "()（） ")) {
		case "", "m", "mm", "米", "毫米", "kv", "mpa", "°", "%", "‰", "根", "孔", "条", "个", "年", "km":
		default:
			return false
		}
	}
	return true
}

// key is one for each table of a command.
func (t found) key() string { return t.name() + "\x00" + strconv.Itoa(t.layout.header) }
