// Package cjj61 reads the point and line tables of Chinese pipeline surveys (CJJ 61-2017) and of the urban facility census, from CSV in UTF-8 or
// GB 18030 and from spreadsheets.
//
// In these tables X is northing and Y is easting. Depths go to the inner bottom of gravity pipes, the outer top of pressure pipes and cables and
// the top of duct blocks; heights are kept at the surface they were measured to, so that none moves.
package cjj61

import (
	"bytes"
	"context"
	"errors"
	"math"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// Reader reads survey tables.
type Reader struct{}

var _ formats.Reader = Reader{}

// Name is what --format calls it.
func (Reader) Name() string { return "cjj61" }

// Detect looks for a book, or for a header among the first lines.
func (Reader) Detect(name string, head []byte) int {
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		if bytes.Contains(head, []byte("xl/")) || bytes.Contains(head, []byte("[Content_Types].xml")) {
			return 90
		}
		if bytes.Contains(head, []byte("opendocument.spreadsheet")) {
			return 30 // refused, with what to do about it
		}
		return 0
	}
	if bytes.HasPrefix(head, oldBook) {
		return 30 // refused, with what to do about it
	}
	if bytes.HasPrefix(bytes.TrimSpace(head), []byte("{")) || bytes.HasPrefix(bytes.TrimSpace(head), []byte("<")) {
		return 0
	}
	if i := bytes.IndexByte(head, 0); i >= 0 && !bytes.HasPrefix(head, []byte{0xff, 0xfe}) && !bytes.HasPrefix(head, []byte{0xfe, 0xff}) {
		head, name = head[:i], "" // refused later, with the place
	}
	a := newAliases(twin.Standard())
	_, h, err := headerOf(context.Background(), a, formats.File{}, bytes.NewReader(head))
	switch {
	case h.layout != nil:
		return 90
	case err == nil && strings.EqualFold(filepath.Ext(name), ".csv"):
		return 5 // refused, with the header that is wanted
	}
	return 0
}

// headerRows is how many rows may stand before a header: titles, dates, units.
const headerRows = 12

// survey is the tables of one command on their way into the twin.
type survey struct {
	ctx     context.Context
	o       formats.Options
	sink    formats.Sink
	cat     *twin.Catalog
	aliases aliases
	tables  []found
	points  points
	filled  map[string]bool  // columns that were filled with 0, by table, NUL, field
	halves  map[string]half  // of result tables, by point, NUL, number at the other end
	told    map[twin.ID]bool // lines of result tables
	lost    map[string]int   // points that were refused, by network, NUL, number, and their lines
	fault   formats.Row      // what cannot be meant in the row that is read; no reason: nothing
	taken   int              // rows handed to the passes
	t       *crs.Transform
	lonlat  *crs.Transform
	seen    int64 // length of the cells read so far
	total   int64
}

// found is a table whose header was found.
type found struct {
	table
	layout  *layout
	network string // from the title, "" where that says none
	end     int    // line of the next table's header in the same file, 0 for none
}

// rows calls f with each row below the header; nothing of an empty one.
func (t found) rows(ctx context.Context, f func(line int, cells []string) error) error {
	return t.table.rows(ctx, func(line int, cells []string) error {
		if t.end > 0 && line >= t.end {
			return errStop
		}
		if line <= t.layout.header || blank(cells) {
			return nil
		}
		if t.layout.commas {
			pointed(cells)
		}
		return f(line, cells)
	})
}

// point is what lines need of a survey point.
type point struct {
	id           twin.ID
	e, n, ground float64
	depth        float64 // Unknown() where the point table has none
	height       float64
	found        bool
}

// Read reads all tables: points first, then lines, whatever their order.
func (Reader) Read(ctx context.Context, files []formats.File, o formats.Options, sink formats.Sink) error {
	s := &survey{ctx: ctx, o: o, sink: sink, cat: sink.Catalog(), aliases: newAliases(sink.Catalog()).with(o.Mapping), points: newPoints(), halves: map[string]half{}, lost: map[string]int{}, told: map[twin.ID]bool{}}
	sink.Rows(0, 0) // how far it is says the reader, which looks through the files before it reads them
	for _, f := range files {
		s.total += f.Size
		if strings.EqualFold(filepath.Ext(f.Name), ".xlsx") {
			s.total += (bookRatio - 1) * f.Size
		}
		if err := s.open(f); err != nil {
			return err
		}
	}
	if err := s.place(); err != nil {
		return err
	}
	for _, pass := range [...]struct {
		kind string
		take func(found, row) error
	}{{"point", s.point}, {"result", s.resultPoint}, {"line", s.line}, {"result", s.resultLine}, {"census", s.census}} {
		for _, t := range s.tables {
			if t.layout.kind == pass.kind {
				if err := s.read(t, pass.take); err != nil {
					return err
				}
			}
		}
	}
	if s.taken == 0 {
		return twin.Errorf(twin.Invalid, "%s has a header, but no rows below it", files[0].Name).WithHint("check that the file was written to the end")
	}
	return nil
}

// open lists a file's tables and finds their headers. A sheet without one is passed over, a file without any is refused.
func (s *survey) open(f formats.File) error {
	tables, err := tablesOf(f)
	if err != nil {
		return err
	}
	n, hidden := 0, ""
	for _, t := range tables {
		headers, err := s.headers(&t)
		if err != nil {
			return err
		}
		var l *layout
		if len(headers) > 0 {
			l = headers[0]
		}
		if l != nil && t.sheet.hidden {
			hidden = t.sheet.name
			s.sink.Note(formats.Row{File: t.name(), Reason: "the sheet is hidden and was passed over; show it if it is to be imported"})
			continue
		}
		if l == nil {
			if t.book != nil && !t.sheet.hidden {
				s.sink.Note(formats.Row{File: t.name(), Reason: "the sheet has no header of a point or line table and was passed over"})
			}
			continue
		}
		n++
		for i, l := range headers {
			next := 0
			if i+1 < len(headers) {
				next = headers[i+1].header
			}
			f := found{t, l, s.networkOfTitle(t.title()), next}
			if l.commas, err = f.hasCommas(s.ctx); err != nil {
				return err
			}
			s.tables = append(s.tables, f)
		}
	}
	if n == 0 && hidden != "" {
		return twin.Errorf(twin.Invalid, "%s: the only sheets with survey tables are hidden, such as %q", f.Name, hidden).WithHint("show them and save the book again")
	}
	if n == 0 {
		return twin.Errorf(twin.Invalid, "%s has no header of a point table (物探点号, X, Y) or a line table (起点点号, 终点点号) in its first %d rows", f.Name, headerRows).
			WithHint("check that it is a survey table and not renamed")
	}
	return nil
}

// oldBook begins an .xls book, and an .xlsx book behind a password.
var oldBook = []byte{0xd0, 0xcf, 0x11, 0xe0}

func tablesOf(f formats.File) (list []table, err error) {
	r, err := f.Open()
	if err != nil {
		return nil, twin.Errorf(twin.Invalid, "%s cannot be opened: %v", f.Name, err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	head := make([]byte, 4)
	if _, err := r.ReadAt(head, 0); err != nil {
		return []table{{file: f}}, nil
	}
	switch {
	case bytes.Equal(head, oldBook):
		return nil, twin.Errorf(twin.Invalid, "%s is an .xls book of before 2007, or is locked with a password", f.Name).WithHint("save it as .xlsx without a password, or as CSV")
	case !bytes.Equal(head, []byte("PK\x03\x04")):
		return []table{{file: f}}, nil
	}
	b, err := openBook(f, r)
	if err != nil {
		return nil, err
	}
	for _, s := range b.sheets {
		list = append(list, table{file: f, book: b, sheet: s})
	}
	return list, nil
}

// sampleRows is how many rows of a table are looked at to check its coordinates.
const sampleRows = 3000

// place checks the coordinates of the tables against the CRS before anything is taken.
func (s *survey) place() error {
	var metres, degrees [][2]float64
	name := ""
	for _, t := range s.tables {
		x, y := "easting", "northing"
		switch t.layout.kind {
		case "census":
			x, y = "fromX", "fromY"
		case "line":
			x, y = "fromEasting", "fromNorthing"
			if _, own := t.layout.columns[x]; !own {
				continue
			}
		}
		name = t.file.Name
		n := 0
		err := t.rows(s.ctx, func(line int, cells []string) error {
			r := row{t.layout, line, cells}
			if e, n, ok := numbers(r.get(x), r.get(y)); ok {
				if t.layout.kind == "census" {
					degrees = append(degrees, [2]float64{e, n})
				} else {
					metres = append(metres, [2]float64{e, n})
				}
			}
			if n++; n >= sampleRows {
				return errStop
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	var err error
	if len(metres) > 0 {
		if s.t, err = s.sink.Transform(name, nil, nil, metres); err != nil {
			return err
		}
	}
	if len(degrees) > 0 {
		// The census layout is in longitude and latitude; CGCS2000 by the state's rules for surveys.
		c, err := crs.Parse("EPSG:4490")
		if err != nil {
			return err
		}
		if s.o.CRS == nil {
			s.sink.Note(formats.Row{File: name, Reason: "the layout of the census gives longitude and latitude: taken in CGCS2000 (EPSG:4490); say another CRS with --crs"})
		}
		if s.lonlat, err = s.sink.Transform(name, c, nil, degrees); err != nil {
			return err
		}
	}
	return nil
}

func numbers(a, b string) (x, y float64, ok bool) {
	x, err1 := number(a)
	y, err2 := number(b)
	return x, y, err1 == nil && err2 == nil
}

// thousands are numbers whose commas cannot be decimal ones.
var thousands = regexp.MustCompile(`^[+-]?\d{1,3}((,\d{3})+\.\d*|(,\d{3}){2,})$`)

var errNumber = errors.New("not a number")

// notNumber says why a value is no number.
func notNumber(v string) string {
	if isUnknown(v) {
		return "the number is missing"
	}
	return errNumber.Error()
}

// number reads a finite number; full-width digits are taken too.
func number(s string) (float64, error) {
	if s = strings.TrimSpace(s); s == "" {
		return 0, errNumber
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		var b strings.Builder
		for _, r := range s {
			if r >= '\uff01' && r <= '\uff5e' {
				r -= 0xfee0
			}
			b.WriteRune(r)
		}
		t := b.String()
		if thousands.MatchString(t) {
			t = strings.ReplaceAll(t, ",", "")
		}
		v, err = strconv.ParseFloat(t, 64)
	}
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, errNumber
	}
	return v, nil
}

// read hands the rows of one table to take.
func (s *survey) read(t found, take func(found, row) error) error {
	if err := s.lookForZeros(t); err != nil {
		return err
	}
	n := 0
	err := t.rows(s.ctx, func(line int, cells []string) error {
		for _, c := range cells {
			s.seen += int64(len(c)) + 1
		}
		if n++; n%2000 == 0 {
			s.progress(2000)
		}
		s.taken++
		r := row{t.layout, line, cells}
		if s.remark(t, r) {
			return nil
		}
		if s.fault = (formats.Row{}); s.unreadable(t, r) {
			return nil
		}
		return take(t, r)
	})
	s.progress(n % 2000)
	return err
}

func blank(cells []string) bool {
	for _, c := range cells {
		if c != "" {
			return false
		}
	}
	return true
}

// bookRatio is about how much longer the cells of a book are than the book.
const bookRatio = 3

// progress says how far the reading is, by the length of the cells. What a result table is read for twice counts once.
func (s *survey) progress(n int) {
	s.sink.Rows(n, float64(s.seen)/float64(max(s.total, 1)))
}

func (t found) at(r row, field, value string) formats.Row {
	if field != "" {
		field = r.header(field)
	}
	return formats.Row{File: t.name(), Line: r.line, Field: field, Value: value}
}

// refuse refuses a row, for what its cells were found to hold before anything else.
func (s *survey) refuse(t found, r row, field, value, reason string) error {
	if s.fault.Reason != "" {
		return s.sink.Refuse(s.fault)
	}
	at := t.at(r, field, value)
	at.Reason = reason
	return s.sink.Refuse(at)
}

func (s *survey) note(t found, r row, field, value, reason string) {
	at := t.at(r, field, value)
	at.Reason = reason
	s.sink.Note(at)
}

// network is the network of a row: its own column, the table's name, the letters of its number, or what the command says.
func (s *survey) network(t found, r row, number string) (twin.Network, bool) {
	if w := r.get("network"); w != "" {
		if n, ok := s.cat.NetworkByWord(w); ok {
			return n, true
		}
		s.note(t, r, "network", w, "the word for a network is not in the tables; the name of the table, the number or --network decides")
	}
	if t.network != "" {
		return s.cat.Network(t.network)
	}
	if code, ok := codeBefore(s.cat, number); ok {
		return s.cat.Network(code)
	}
	return s.cat.Network(s.o.Network)
}
