package cjj61

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/thedatashed/xlsxreader"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// table is one table of a file: a CSV file, or a sheet of a book.
type table struct {
	file  formats.File
	sheet string // "" of a CSV file
}

// name says which table it is in a report.
func (t table) name() string {
	if t.sheet == "" {
		return t.file.Name
	}
	return t.file.Name + " [" + t.sheet + "]"
}

// title is what may name the network: the sheet, or the file without its ending.
func (t table) title() string {
	if t.sheet != "" {
		return t.sheet
	}
	return strings.TrimSuffix(t.file.Name, filepath.Ext(t.file.Name))
}

// errStop ends the reading of a table early.
var errStop = errors.New("enough")

// rows calls f with each row of the table until f fails; errStop from f is no failure.
func (t table) rows(ctx context.Context, f func(line int, cells []string) error) error {
	r, err := t.file.Open()
	if err != nil {
		return twin.Errorf(twin.Invalid, "%s cannot be opened: %v", t.file.Name, err)
	}
	if t.sheet == "" {
		err = csvRows(ctx, t.file, r, f)
	} else {
		err = sheetRows(ctx, t, r, f)
	}
	if errors.Is(err, errStop) {
		err = nil
	}
	return errors.Join(err, r.Close())
}

// maxCells bounds a row.
const maxCells = 500

func csvRows(ctx context.Context, file formats.File, r io.Reader, f func(int, []string) error) error {
	lines, err := formats.NewLines(file.Name, r, formats.GB18030)
	if err != nil {
		return err
	}
	var cells []string
	var comma byte
	width, even := 0, true // of the rows so far, and whether all have it
	for n := 0; ; n++ {
		line, no, err := lines.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		text := string(line)
		if comma == 0 && strings.TrimSpace(text) != "" {
			comma = separator(text)
		}
		// A quoted cell may go on over the end of the line.
		for open := strings.Count(text, `"`)%2 == 1; open; open = strings.Count(text, `"`)%2 == 1 {
			more, _, err := lines.Next()
			if err != nil || len(text)+len(more) > formats.MaxLine {
				return twin.Errorf(twin.Invalid, "%s, line %d: a quotation mark is opened and never closed", file.Name, no)
			}
			text += "\n" + string(more)
		}
		cells = split(cells[:0], text, comma)
		if len(cells) > maxCells {
			return twin.Errorf(twin.Invalid, "%s, line %d: %d cells are more than %d", file.Name, no, len(cells), maxCells)
		}
		if lines.Open() && even && n > 1 && len(cells) < width {
			return twin.Errorf(twin.Invalid, "%s, line %d: the file ends in the middle of a row, after %d of %d cells", file.Name, no, len(cells), width).WithHint("check that it was written to the end")
		}
		if even = even && (width == 0 || len(cells) == width); width == 0 {
			width = len(cells)
		}
		if err := f(no, cells); err != nil {
			return err
		}
	}
}

// separator is what stands most often in the first line.
func separator(line string) byte {
	best, n := byte(','), 0
	for _, c := range []byte(",\t;|") {
		if k := strings.Count(line, string(c)); k > n {
			best, n = c, k
		}
	}
	return best
}

// split cuts a line into cells; quotes hold a cell together and are doubled inside.
func split(cells []string, s string, comma byte) []string {
	for {
		if strings.HasPrefix(s, `"`) {
			var b strings.Builder
			s = s[1:]
			for {
				i := strings.IndexByte(s, '"')
				if i < 0 {
					b.WriteString(s)
					s = ""
					break
				}
				b.WriteString(s[:i])
				if s = s[i+1:]; !strings.HasPrefix(s, `"`) {
					break
				}
				b.WriteByte('"')
				s = s[1:]
			}
			i := strings.IndexByte(s, comma)
			if i < 0 {
				return append(cells, strings.TrimSpace(b.String()+s))
			}
			cells = append(cells, strings.TrimSpace(b.String()+s[:i]))
			s = s[i+1:]
			continue
		}
		i := strings.IndexByte(s, comma)
		if i < 0 {
			return append(cells, strings.TrimSpace(s))
		}
		cells = append(cells, strings.TrimSpace(s[:i]))
		s = s[i+1:]
	}
}

// Bounds on a book, whatever it says of itself.
const (
	maxSheets   = 500
	maxUnpacked = 8 << 30
	maxRatio    = 400 // unpacked to packed: a table of figures packs to a tenth
)

// book opens a spreadsheet and refuses one that would unpack to something absurd.
func book(f formats.File, r formats.Content) (*xlsxreader.XlsxFile, error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, twin.Errorf(twin.Invalid, "%s is not a whole .xlsx book: %v", f.Name, err).WithHint("save it again, or as CSV")
	}
	var total uint64
	for _, e := range z.File {
		total += e.UncompressedSize64
		if e.UncompressedSize64 > 1<<20 && e.UncompressedSize64 > maxRatio*max(e.CompressedSize64, 1) {
			return nil, twin.Errorf(twin.Invalid, "%s: its part %.80q unpacks to %d times its size, which no table does", f.Name, e.Name, e.UncompressedSize64/max(e.CompressedSize64, 1))
		}
	}
	if total > maxUnpacked {
		return nil, twin.Errorf(twin.Invalid, "%s unpacks to more than %d bytes", f.Name, int64(maxUnpacked)).WithHint("save the tables as CSV")
	}
	x, err := xlsxreader.NewReaderZip(z)
	if err != nil {
		return nil, twin.Errorf(twin.Invalid, "%s is not an .xlsx book: %v", f.Name, err).WithHint("save it again, or as CSV")
	}
	if len(x.Sheets) > maxSheets {
		return nil, twin.Errorf(twin.Invalid, "%s has %d sheets, more than %d", f.Name, len(x.Sheets), maxSheets)
	}
	return x, nil
}

func sheetRows(ctx context.Context, t table, r formats.Content, f func(int, []string) error) (err error) {
	x, err := book(t.file, r)
	if err != nil {
		return err
	}
	rows := x.ReadRows(t.sheet)
	defer func() {
		for range rows { // the reader's goroutine ends when its channel has been emptied
		}
	}()
	var cells []string
	n := 0
	for row := range rows {
		if row.Error != nil {
			return twin.Errorf(twin.Invalid, "%s, row %d: %v", t.name(), row.Index, row.Error)
		}
		if n++; n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		cells = cells[:0]
		for _, c := range row.Cells {
			i := c.ColumnIndex()
			if i >= maxCells {
				return twin.Errorf(twin.Invalid, "%s, row %d: more than %d cells", t.name(), row.Index, maxCells)
			}
			for len(cells) <= i {
				cells = append(cells, "")
			}
			cells[i] = strings.TrimSpace(c.Value)
		}
		if err := f(row.Index, cells); err != nil {
			return err
		}
	}
	return nil
}
