package cjj61

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// table is one table of a file: a CSV file, or a sheet of a book.
type table struct {
	file  formats.File
	comma byte  // between the cells of a CSV file
	book  *book // nil of a CSV file
	sheet sheet
}

// name says which table it is in a report.
func (t table) name() string {
	if t.book == nil {
		return t.file.Name
	}
	return t.file.Name + " [" + t.sheet.name + "]"
}

// title is what may name the network: the sheet, or the file without its ending.
func (t table) title() string {
	if t.book != nil {
		return t.sheet.name
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
	if t.book == nil {
		err = csvRows(ctx, t.file, r, t.comma, f)
	} else {
		err = t.sheetRows(ctx, r, f)
	}
	if errors.Is(err, errStop) {
		err = nil
	}
	return errors.Join(err, r.Close())
}

// sheetRows calls f with each row of a sheet, as a person sees it: with the values of merged cells in all their rows.
func (t table) sheetRows(ctx context.Context, r formats.Content, f func(line int, cells []string) error) error {
	list, known := t.book.merged[t.sheet.part]
	if !known {
		var err error
		if list, err = mergedIn(ctx, t, r); err != nil {
			return err
		}
		t.book.merged[t.sheet.part] = list
	}
	fill := newFiller(list)
	return sheetRows(ctx, t, r, func(line int, cells []string) error { return f(line, fill.fill(line, cells)) })
}

// maxCells bounds a row.
const maxCells = 500

func csvRows(ctx context.Context, file formats.File, r io.Reader, comma byte, f func(int, []string) error) error {
	lines, err := formats.NewLines(file.Name, r, formats.GB18030)
	if err != nil {
		return err
	}
	var cells []string
	width, even := 0, true // of the rows so far, and whether all have it
	shortest := 0          // of their last cells
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
		last := cells[len(cells)-1]
		if lines.Open() && even && n > 1 && len(cells) < width {
			return twin.Errorf(twin.Invalid, "%s, line %d: the file ends in the middle of a row, after %d of %d cells", file.Name, no, len(cells), width).WithHint("check that it was written to the end")
		}
		if lines.Open() && even && n > 3 && len(last) < shortest {
			return twin.Errorf(twin.Invalid, "%s, line %d: the file seems to end in the middle of the cell %.40q, which is shorter than all above it", file.Name, no, last).
				WithHint("check that it was written to the end; if it is whole, end its last line with a line break")
		}
		if even = even && (width == 0 || len(cells) == width); width == 0 {
			width, shortest = len(cells), len(last)
		}
		shortest = min(shortest, len(last))
		if err := f(no, cells); err != nil {
			return err
		}
	}
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
				return append(cells, tidy(b.String()+s))
			}
			cells = append(cells, tidy(b.String()+s[:i]))
			s = s[i+1:]
			continue
		}
		i := strings.IndexByte(s, comma)
		if i < 0 {
			return append(cells, tidy(s))
		}
		cells = append(cells, tidy(s[:i]))
		s = s[i+1:]
	}
}
