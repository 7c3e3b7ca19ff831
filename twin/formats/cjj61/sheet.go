package cjj61

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// maxRows is how many rows a sheet can have.
const maxRows = 1 << 20

// span is a cell of the row that is being read: a part of its buffer, or a shared text.
type span struct {
	from, to int
	shared   string
}

// sheetReader reads a sheet row by row.
type sheetReader struct {
	b     *book
	m     *markup
	row   int
	at    int // the row that is being read, or comes next
	col   int
	kind  string // of the cell, its attribute t
	date  bool
	asks  bool   // the cell holds a formula
	told  bool   // and a value
	asked []byte // the formula
	buf   []byte // texts of the row's cells
	from  int    // where the cell begins in buf
	spans []span
	cells []string
	inner int // inside inline text
	rPh   int
}

// sheetRows calls f with each row of the sheet.
func sheetRows(ctx context.Context, t table, r formats.Content, f func(int, []string) error) (err error) {
	p, err := unzip(t.file, r)
	if err != nil {
		return err
	}
	part, err := p.part(t.file, t.sheet.part)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, part.Close()) }()
	s := &sheetReader{b: t.book, m: newMarkup(part), at: 1}
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		cells, err := s.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var e *twin.Error
		if err != nil && !errors.As(err, &e) {
			return twin.Errorf(twin.Invalid, "%s, row %d: the sheet cannot be read: %v", t.name(), s.at, err).WithHint("save the book again, or as CSV")
		}
		if err != nil {
			return err
		}
		if err := f(s.row, cells); err != nil {
			return err
		}
	}
}

// next reads the cells of the next row that is there. They are valid until the next call.
func (s *sheetReader) next() ([]string, error) {
	for {
		if err := s.m.next(); err != nil {
			return nil, err
		}
		var err error
		switch string(s.m.name) {
		case "row":
			if s.m.begin {
				if err = s.open(); err != nil {
					return nil, err
				}
			}
			if s.m.end {
				s.at = s.row + 1
				return s.made(), nil
			}
		case "c":
			err = s.cell()
		case "is":
			s.inner = step(s.inner, s.m)
		case "rPh":
			s.rPh = step(s.rPh, s.m)
		case "f":
			s.asks = true
			if s.m.end && !s.m.begin {
				s.asked = plain(s.asked[:0], s.m.text)
			}
		case "t", "v":
			s.told = s.told || s.m.name[0] == 'v'
			if s.m.end && !s.m.begin && (s.m.name[0] == 'v' || s.inner > 0 && s.rPh == 0) && len(s.spans) > 0 {
				s.buf = plain(s.buf, s.m.text)
			}
		}
		if err != nil {
			return nil, err
		}
	}
}

// open begins a row.
func (s *sheetReader) open() error {
	n := s.row + 1
	if v := s.m.attr("r"); len(v) > 0 {
		var err error
		if n, err = strconv.Atoi(string(v)); err != nil || n < 1 || n > maxRows {
			return fmt.Errorf("%.20q is not the number of a row", v)
		}
	}
	s.row, s.at, s.col = n, n, -1
	s.buf, s.spans, s.from = s.buf[:0], s.spans[:0], 0
	s.inner, s.rPh = 0, 0
	return nil
}

// cell begins or ends a cell.
func (s *sheetReader) cell() error {
	if s.m.begin {
		col := s.col + 1
		if ref := s.m.attr("r"); len(ref) > 0 {
			var ok bool
			if col, ok = columnOf(ref); !ok {
				return fmt.Errorf("%.20q is not the name of a cell", ref)
			}
		}
		s.col, s.from = col, len(s.buf)
		s.kind, s.asks, s.told, s.asked = string(s.m.attr("t")), false, false, s.asked[:0]
		s.date = len(s.b.dates) > 0 && s.b.dates[string(s.m.attr("s"))]
		if col < maxCells {
			for len(s.spans) <= col {
				s.spans = append(s.spans, span{})
			}
		}
	}
	if !s.m.end || s.col < 0 {
		return nil
	}
	if s.col < maxCells && s.col >= len(s.spans) {
		return errors.New("a cell ends that has not begun")
	}
	sp, err := s.value()
	if err != nil {
		return err
	}
	if s.col < maxCells {
		s.spans[s.col] = sp
	} else if sp.to > sp.from || sp.shared != "" {
		return fmt.Errorf("more than %d cells", maxCells)
	}
	return nil
}

// columnOf is the column of a cell's name: 0 of A1, 26 of AA9.
func columnOf(ref []byte) (int, bool) {
	col := 0
	for _, c := range ref {
		switch {
		case c >= 'a' && c <= 'z':
			c -= 'a' - 'A'
		case c >= '0' && c <= '9' && col > 0:
			return col - 1, true
		case c < 'A' || c > 'Z':
			return 0, false
		}
		if col = col*26 + int(c-'A') + 1; col > 1<<14 {
			return 0, false
		}
	}
	return 0, false
}

// value is what stands in the cell that has just ended, as a person sees it.
func (s *sheetReader) value() (span, error) {
	raw := s.buf[s.from:]
	if s.asks && len(raw) == 0 && (!s.told || s.kind == "" || s.kind == "n") {
		s.buf = append(append(s.buf, unsolved+"="...), s.asked[:min(len(s.asked), maxShown)]...)
		return span{from: s.from, to: len(s.buf)}, nil
	}
	switch s.kind {
	case "s":
		if len(raw) == 0 {
			return span{}, nil
		}
		i, err := strconv.Atoi(strings.TrimSpace(string(raw)))
		text, ok := s.b.text(i)
		if err != nil || !ok {
			return span{}, fmt.Errorf("a cell names the shared text %.20q, which is not there", raw)
		}
		s.buf = s.buf[:s.from]
		return span{shared: text}, nil
	case "b":
		switch string(raw) {
		case "1":
			s.buf = append(s.buf[:s.from], "TRUE"...)
		case "0":
			s.buf = append(s.buf[:s.from], "FALSE"...)
		}
	case "", "n":
		s.buf = s.shown(s.buf[:s.from], raw)
	}
	return span{from: s.from, to: len(s.buf)}, nil
}

// unsolved begins a cell whose formula the book holds without its result, as programs write it that do not reckon. No text of a book has it.
const unsolved = "\x00"

// maxShown is how much of a formula is shown, bytes.
const maxShown = 60

// shown appends a number as a person sees it: 1001 and not 1001.0 or 1.001E3, 38.12 and not 38.119999999999997, a day as a date.
func (s *sheetReader) shown(b, raw []byte) []byte {
	if !s.date && brief(raw) {
		return append(b, raw...)
	}
	v, err := strconv.ParseFloat(string(raw), 64)
	if err != nil {
		return append(b, raw...)
	}
	if s.date && v >= 1 && v < 2958466 {
		day := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
		if s.b.from1904 {
			day = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		return day.AddDate(0, 0, int(v)).AppendFormat(b, time.DateOnly)
	}
	// A spreadsheet keeps 15 digits; what stands behind them is the binary number's.
	if w, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 14, 64), 64); err == nil {
		v = w
	}
	return strconv.AppendFloat(b, v, 'f', -1, 64)
}

// brief reports whether a number is written as a person would: at most 15 digits, no exponent, no 0 that says nothing.
func brief(raw []byte) bool {
	if len(raw) > 15 {
		return false
	}
	point := false
	for _, c := range raw {
		switch {
		case c == '.':
			point = true
		case (c < '0' || c > '9') && c != '-':
			return false
		}
	}
	return !point || raw[len(raw)-1] != '0' && raw[len(raw)-1] != '.'
}

// made returns the cells of the row, without the empty ones at its end.
func (s *sheetReader) made() []string {
	text := string(s.buf)
	s.cells = s.cells[:0]
	last := 0
	for i, sp := range s.spans {
		v := sp.shared
		if v == "" {
			v = text[sp.from:sp.to]
		}
		if v = tidy(v); v != "" {
			last = i + 1
		}
		s.cells = append(s.cells, v)
	}
	return s.cells[:last]
}

// tidy takes blanks off a cell's ends, and the apostrophe that marks text.
func tidy(v string) string {
	return formats.Uncalm(strings.TrimSpace(v))
}
