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
	if l, ok := h.a.matchEither(line, h.above, cells); ok {
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
	lines, h, err := headerOf(s.ctx, s.aliases, t.file, r)
	if err != nil || h.layout == nil {
		return nil, err
	}
	list, t.comma = []*layout{h.layout}, h.comma
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
		if len(line) == 0 || bytes.IndexByte(line, h.comma) < 0 || bytes.ContainsAny(line, "0123456789") {
			continue
		}
		cells = split(cells[:0], string(line), h.comma)
		if len(cells) > maxCells {
			continue
		}
		if n == 0 {
			// A header of two rows whose upper one would do alone goes on in the next.
			if m, ok := s.aliases.matchBelow(no, h.cells, cells); ok && m.kind == h.layout.kind && len(m.columns) >= len(h.layout.columns) {
				list[0] = m
				continue
			}
		}
		if m, ok := s.aliases.match(no, cells); ok {
			list = append(list, m)
		}
	}
}

// textHeader is where the first table of a text begins, and what stands between its cells.
type textHeader struct {
	layout *layout // nil where there is none
	comma  byte
	cells  []string // of the header's row
}

// headerOf finds the first header of a text, in one row or in two, cutting its rows at each separator that stands in them. A quoted cell may go
// on over the end of a line.
func headerOf(ctx context.Context, a aliases, file formats.File, r io.Reader) (*formats.Lines, textHeader, error) {
	lines, err := formats.NewLines(file.Name, r, formats.GB18030)
	if err != nil {
		return nil, textHeader{}, err
	}
	above := map[byte][]string{}
	for range headerRows {
		line, no, err := lines.Next()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return lines, textHeader{}, err
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
			return nil, textHeader{}, ctx.Err()
		}
		for _, c := range []byte(separators) {
			n := strings.Count(text, string(c))
			if n == 0 || n >= maxCells {
				delete(above, c)
				continue
			}
			cells := split(nil, text, c)
			if l, ok := a.matchEither(no, above[c], cells); ok {
				return lines, textHeader{l, c, cells}, nil
			}
			above[c] = cells
		}
	}
	return lines, textHeader{}, nil
}

// remark reports whether a row is none of the table's: the units below its header, or a sentence below its last row, which is noted.
func (s *survey) remark(t found, r row) bool {
	if r.line <= t.layout.header+2 && r.counts() {
		return true
	}
	if r.totals() {
		s.sink.Note(formats.Row{File: t.name(), Line: r.line, Reason: "a row of totals is passed over"})
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

// totals reports whether a row sums up those above it: its first cell says so, and it has no place and no end of a line.
func (r row) totals() bool {
	for _, c := range r.cells {
		if c == "" {
			continue
		}
		if !strings.Contains(c, "计") {
			return false // nearly all
		}
		switch fold(strings.TrimRight(c, ":：")) {
		case "合计", "小计", "总计", "共计", "累计", "本页合计", "本页小计":
			return (r.get("northing") == "" || r.get("easting") == "") && r.get("to") == "" && r.get("fromX") == ""
		}
		return false
	}
	return false
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
