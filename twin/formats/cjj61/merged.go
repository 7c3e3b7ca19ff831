package cjj61

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"

	"github.com/undercity/undercity/twin/formats"
)

// merged is an area of merged cells that is more than one row high: its value stands in its first cell and is meant for all rows.
type merged struct {
	from, to int // rows, from 1
	col      int // the first column, from 0
}

// maxMerged bounds the areas of one sheet.
const maxMerged = 200_000

// mergedIn lists the merged areas of a sheet, which stand behind all its rows.
func mergedIn(ctx context.Context, t table, r formats.Content) (list []merged, err error) {
	p, err := unzip(t.file, r)
	if err != nil {
		return nil, err
	}
	part, err := p.part(t.file, t.sheet.part)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, part.Close()) }()
	rest, err := behindRows(ctx, part)
	if err != nil || rest == nil {
		return nil, nil // what is wrong with the sheet is said where its rows are read
	}
	for m := newMarkup(rest); len(list) < maxMerged; {
		if err := m.next(); err != nil {
			break
		}
		if string(m.name) != "mergeCell" || !m.begin {
			continue
		}
		if a, ok := areaOf(m.attr("ref")); ok && a.to > a.from && a.to-a.from < maxRows {
			list = append(list, a)
		}
	}
	return list, nil
}

// behindRows is what follows the end of the rows, nil where a sheet does not come to it.
func behindRows(ctx context.Context, r io.Reader) (io.Reader, error) {
	end := []byte("sheetData>")
	buf := make([]byte, 0, 64<<10)
	for ctx.Err() == nil {
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		for i := bytes.Index(buf, end); i >= 0; {
			if open := bytes.LastIndexByte(buf[:i], '<'); open >= 0 && open+1 < i && buf[open+1] == '/' {
				return io.MultiReader(bytes.NewReader(append([]byte("<worksheet>"), buf[i+len(end):]...)), r), nil
			}
			next := bytes.Index(buf[i+len(end):], end)
			if next < 0 {
				break
			}
			i += len(end) + next
		}
		if err != nil {
			return nil, nil
		}
		if keep := min(len(buf), 40); len(buf) > cap(buf)/2 {
			buf = buf[:copy(buf, buf[len(buf)-keep:])] // a tag may be cut in two
		}
	}
	return nil, ctx.Err()
}

// areaOf reads the name of an area, such as A5:C8.
func areaOf(ref []byte) (a merged, ok bool) {
	first, last, found := bytes.Cut(ref, []byte(":"))
	if !found {
		return a, false
	}
	row := func(cell []byte) (int, bool) {
		n, err := strconv.Atoi(string(bytes.TrimLeft(cell, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")))
		return n, err == nil && n > 0 && n <= maxRows
	}
	var fine [2]bool
	if a.col, ok = columnOf(first); !ok {
		return a, false
	}
	a.from, fine[0] = row(first)
	a.to, fine[1] = row(last)
	return a, fine[0] && fine[1]
}

// filler gives the rows of a sheet the values of merged cells above them.
type filler struct {
	byRow  map[int][]merged // by their first row
	open   []filled         // that reach the row at hand or beyond
	cells  []string
	merges bool
}

type filled struct {
	merged
	value string
}

func newFiller(list []merged) *filler {
	f := &filler{byRow: map[int][]merged{}, merges: len(list) > 0}
	for _, m := range list {
		if m.col < maxCells {
			f.byRow[m.from] = append(f.byRow[m.from], m)
		}
	}
	return f
}

// fill is the row with the values of the merged cells that reach it. A row that has nothing of its own stays as it is: it may be the
// empty end of an area.
func (f *filler) fill(line int, cells []string) []string {
	if !f.merges {
		return cells
	}
	open := f.open[:0]
	for _, o := range f.open {
		if o.to >= line {
			open = append(open, o)
		}
	}
	f.open = open
	if len(f.open) > 0 && !blank(cells) {
		f.cells = append(f.cells[:0], cells...)
		for _, o := range f.open {
			for len(f.cells) <= o.col {
				f.cells = append(f.cells, "")
			}
			if f.cells[o.col] == "" {
				f.cells[o.col] = o.value
			}
		}
		cells = f.cells
	}
	for _, m := range f.byRow[line] {
		if m.col < len(cells) && cells[m.col] != "" {
			f.open = append(f.open, filled{m, cells[m.col]})
		}
	}
	return cells
}
