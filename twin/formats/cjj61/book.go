package cjj61

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// Bounds on a book, whatever it says of itself.
const (
	maxSheets    = 500
	maxUnpacked  = 8 << 30
	maxRatio     = 400       // unpacked to packed: a table of figures packs to a tenth
	maxSmallPart = 64 << 20  // of the list of sheets and of the styles
	maxShared    = 512 << 20 // of the texts that cells share
	maxSharedN   = 20_000_000
	maxParts     = 100_000
)

// book is a spreadsheet (.xlsx): its sheets, and what their cells share.
type book struct {
	sheets   []sheet
	shared   string   // all shared texts one after the other
	ends     []uint32 // where each ends
	dates    map[string]bool
	merged   map[string][]merged // areas by the part of their sheet, of those that have been looked at
	from1904 bool                // days are counted from 1904
}

// sheet is one sheet of a book.
type sheet struct {
	name   string
	part   string // its name in the archive, folded
	hidden bool
}

// parts are the files of a book by their folded names. None is ever written to a disk, so their names can lead nowhere.
type parts map[string]*zip.File

func foldPart(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}

// unzip lists the parts of a book and refuses one that would unpack to something absurd.
func unzip(f formats.File, r formats.Content) (parts, error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, twin.Errorf(twin.Invalid, "%s is not a whole .xlsx book: %v", f.Name, err).WithHint("save it again, or as CSV")
	}
	if len(z.File) > maxParts {
		return nil, twin.Errorf(twin.Invalid, "%s has %d parts, more than %d", f.Name, len(z.File), maxParts)
	}
	list := parts{}
	var total uint64
	for _, e := range z.File {
		total += e.UncompressedSize64
		if e.UncompressedSize64 > 1<<20 && e.UncompressedSize64/maxRatio > e.CompressedSize64 || total > maxUnpacked {
			return nil, bomb(f, e)
		}
		if key := foldPart(e.Name); list[key] == nil {
			list[key] = e
		}
	}
	return list, nil
}

func bomb(f formats.File, e *zip.File) error {
	return twin.Errorf(twin.Invalid, "%s: its part %.80q unpacks to more than %d times its size or %d bytes, which no table does", f.Name, e.Name, maxRatio, int64(maxUnpacked)).WithHint("save the tables as CSV")
}

// part opens a part, whose bytes are counted whatever the archive says of its size.
func (p parts) part(f formats.File, name string) (io.ReadCloser, error) {
	e := p[name]
	if e == nil {
		return nil, twin.Errorf(twin.Invalid, "%s is not a whole .xlsx book: its part %.80q is missing", f.Name, name).WithHint("save it again, or as CSV")
	}
	r, err := e.Open()
	if err != nil {
		return nil, twin.Errorf(twin.Invalid, "%s: its part %.80q cannot be unpacked: %v", f.Name, e.Name, err).WithHint("save it again, or as CSV")
	}
	return &counted{ReadCloser: r, left: int64(max(1<<20, min(maxUnpacked, maxRatio*e.CompressedSize64))), err: bomb(f, e)}, nil
}

// counted fails when more comes out of a part than may.
type counted struct {
	io.ReadCloser
	left int64
	err  error
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return n, c.err
	}
	return n, err
}

// unmarshal reads a small part.
func (p parts) unmarshal(f formats.File, name string, to any) (err error) {
	r, err := p.part(f, name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	text, err := io.ReadAll(io.LimitReader(r, maxSmallPart+1))
	if err == nil && len(text) > maxSmallPart {
		err = fmt.Errorf("it is longer than %d bytes", maxSmallPart)
	}
	if err == nil && bytes.Contains(text, []byte("<!DOCTYPE")) {
		err = errType
	}
	if err == nil {
		err = xml.Unmarshal(text, to)
	}
	return wrong(f, name, err)
}

// wrong says what is wrong with a part in one sentence.
func wrong(f formats.File, name string, err error) error {
	var e *twin.Error
	if err == nil || errors.As(err, &e) {
		return err
	}
	return twin.Errorf(twin.Invalid, "%s is not a whole .xlsx book: its part %.80q cannot be read: %v", f.Name, name, err).WithHint("save it again, or as CSV")
}

type relations struct {
	List []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
		Mode   string `xml:"TargetMode,attr"`
	} `xml:"Relationship"`
}

// openBook reads what the sheets of a book share.
func openBook(f formats.File, r formats.Content) (*book, error) {
	p, err := unzip(f, r)
	if err != nil {
		return nil, err
	}
	main := "xl/workbook.xml"
	if p["_rels/.rels"] != nil {
		var rels relations
		if err := p.unmarshal(f, "_rels/.rels", &rels); err != nil {
			return nil, err
		}
		for _, l := range rels.List {
			if strings.HasSuffix(l.Type, "/officeDocument") {
				main = foldPart(l.Target)
			}
		}
	}
	if p[main] == nil {
		return nil, twin.Errorf(twin.Invalid, "%s is an archive, but no .xlsx book", f.Name).WithHint("save the tables as .xlsx or CSV; take files out of an archive first")
	}
	b := &book{dates: map[string]bool{}, merged: map[string][]merged{}}
	rels, err := b.list(f, p, main)
	if err != nil {
		return nil, err
	}
	for _, l := range rels.List {
		name := target(main, l.Target)
		switch {
		case p[name] == nil || l.Mode == "External":
		case strings.HasSuffix(l.Type, "/sharedStrings"):
			err = b.readShared(f, p, name)
		case strings.HasSuffix(l.Type, "/styles"):
			err = b.readStyles(f, p, name)
		}
		if err != nil {
			return nil, err
		}
	}
	return b, nil
}

// target is the part that a relation of the part at base leads to.
func target(base, to string) string {
	if !strings.HasPrefix(to, "/") {
		to = path.Dir(base) + "/" + to
	}
	return foldPart(to)
}

// list reads which sheets the book has.
func (b *book) list(f formats.File, p parts, main string) (relations, error) {
	var rels relations
	if err := p.unmarshal(f, path.Dir(main)+"/_rels/"+path.Base(main)+".rels", &rels); err != nil {
		return rels, err
	}
	var w struct {
		Pr struct {
			From1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			State string     `xml:"state,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := p.unmarshal(f, main, &w); err != nil {
		return rels, err
	}
	if len(w.Sheets) > maxSheets {
		return rels, twin.Errorf(twin.Invalid, "%s has %d sheets, more than %d", f.Name, len(w.Sheets), maxSheets)
	}
	b.from1904 = w.Pr.From1904 == "1" || w.Pr.From1904 == "true"
	for _, s := range w.Sheets {
		var id string
		for _, a := range s.Attrs {
			if a.Name.Local == "id" && a.Name.Space != "" {
				id = a.Value
			}
		}
		for _, l := range rels.List {
			if l.ID == id && strings.HasSuffix(l.Type, "/worksheet") && l.Mode != "External" {
				b.sheets = append(b.sheets, sheet{name: s.Name, part: target(main, l.Target), hidden: s.State == "hidden" || s.State == "veryHidden"})
				break
			}
		}
	}
	return rels, nil
}

// notInFormat are the parts of a number format that are no sign of a date: colours, conditions, escaped and quoted text.
var notInFormat = regexp.MustCompile(`\[[^\]]*\]|\\.|"[^"]*"|_.|\*.`)

// readStyles finds the styles that show a number as a date.
func (b *book) readStyles(f formats.File, p parts, name string) error {
	var s struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			ID int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := p.unmarshal(f, name, &s); err != nil {
		return err
	}
	dates := map[int]bool{}
	for _, n := range s.Formats {
		code := strings.ToLower(notInFormat.ReplaceAllString(n.Code, ""))
		dates[n.ID] = strings.ContainsAny(code, "yd") || strings.Contains(code, "mmm")
	}
	for i, c := range s.Cells {
		// 14–17, 22 and, in East Asia, 27–31, 36, 50–54, 57, 58 are dates without being listed (ECMA-376 18.8.30).
		own, listed := dates[c.ID]
		builtIn := c.ID >= 14 && c.ID <= 17 || c.ID == 22 || c.ID >= 27 && c.ID <= 31 || c.ID == 36 || c.ID >= 50 && c.ID <= 54 || c.ID == 57 || c.ID == 58
		if own || !listed && builtIn {
			b.dates[fmt.Sprint(i)] = true
		}
	}
	return nil
}

// readShared reads the texts that cells share.
func (b *book) readShared(f formats.File, p parts, name string) (err error) {
	r, err := p.part(f, name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	m := newMarkup(r)
	var all strings.Builder
	var buf []byte
	phonetic := 0
	for {
		if err := m.next(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return wrong(f, name, err)
		}
		switch string(m.name) {
		case "rPh":
			phonetic = step(phonetic, m)
		case "t":
			if m.end && !m.begin && phonetic == 0 {
				buf = plain(buf[:0], m.text)
				all.Write(buf)
			}
		case "si":
			if m.end {
				b.ends = append(b.ends, uint32(all.Len()))
			}
		}
		if all.Len() > maxShared || len(b.ends) > maxSharedN {
			return twin.Errorf(twin.Invalid, "%s holds more than %d bytes or %d texts", f.Name, maxShared, maxSharedN).WithHint("save the tables as CSV")
		}
	}
	b.shared = all.String()
	return nil
}

// step counts how deep in an element the reading is.
func step(n int, m *markup) int {
	if m.begin {
		n++
	}
	if m.end {
		n--
	}
	return n
}

// text is a shared text.
func (b *book) text(i int) (string, bool) {
	if i < 0 || i >= len(b.ends) {
		return "", false
	}
	from := uint32(0)
	if i > 0 {
		from = b.ends[i-1]
	}
	return b.shared[from:b.ends[i]], true
}
