// Package inp reads the section files of EPA's models: [SECTION] lines, rows of words, comments behind semicolons. What the sections mean
// is known by packages swmm and epanet.
package inp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// Bounds on one file, whatever it says of itself.
const (
	maxRows   = 5_000_000
	maxFields = 200
)

// Row is one row of a section.
type Row struct {
	Line   int
	Fields []string
}

// At returns field i, "" where the row is shorter.
func (r Row) At(i int) string {
	if i < len(r.Fields) {
		return r.Fields[i]
	}
	return ""
}

// File is the sections of a model file by their names in capitals.
type File struct {
	Name     string
	Sections map[string][]Row
	Title    []string
	First    int // line of the first section
}

// Read reads a file, keeping the sections that want names; others are only checked.
func Read(ctx context.Context, f formats.File, want ...string) (_ *File, err error) {
	r, err := f.Open()
	if err != nil {
		return nil, twin.Errorf(twin.Invalid, "%s cannot be opened: %v", f.Name, err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	lines, err := formats.NewLines(f.Name, r, formats.Latin1)
	if err != nil {
		return nil, err
	}
	keep := map[string]bool{}
	for _, w := range want {
		keep[w] = true
	}
	out := &File{Name: f.Name, Sections: map[string][]Row{}}
	section, rows := "", 0
	for {
		line, n, err := lines.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		text := strings.TrimSpace(string(line))
		if strings.HasPrefix(text, "[") {
			section = sectionName(text)
			if out.First == 0 {
				out.First = n
			}
			continue
		}
		if section == "TITLE" {
			out.Title = append(out.Title, text)
			continue
		}
		if i := strings.IndexByte(text, ';'); i >= 0 {
			text = text[:i]
		}
		if text == "" || !keep[section] {
			continue
		}
		if rows++; rows > maxRows {
			return nil, twin.Errorf(twin.Invalid, "%s, line %d: more than %d rows", f.Name, n, maxRows)
		}
		if rows%10000 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		out.Sections[section] = append(out.Sections[section], Row{n, words(text)})
	}
	if out.First == 0 {
		return nil, twin.Errorf(twin.Invalid, "%s has no [SECTION]", f.Name).WithHint("check that it is a model file of EPANET or SWMM")
	}
	return out, nil
}

// sectionName is the name in [NAME], in capitals. Both programs take names that are cut short or run long.
func sectionName(s string) string {
	s = strings.ToUpper(strings.Trim(s, "[] \t"))
	if i := strings.IndexByte(s, ']'); i >= 0 {
		s = s[:i]
	}
	return s
}

// words splits a row at blanks; quotes hold words together.
func words(s string) []string {
	var list []string
	for s = strings.TrimLeft(s, " \t"); s != "" && len(list) < maxFields; s = strings.TrimLeft(s, " \t") {
		if s[0] == '"' {
			if end := strings.IndexByte(s[1:], '"'); end >= 0 {
				list = append(list, s[1:1+end])
				s = s[2+end:]
				continue
			}
		}
		end := strings.IndexAny(s, " \t")
		if end < 0 {
			end = len(s)
		}
		list = append(list, s[:end])
		s = s[end:]
	}
	return list
}

// Number reads a finite number.
func Number(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, fmt.Errorf("%.60q is not a number", s)
	}
	return v, nil
}

// Place is a position in the file's coordinates, and the line that gives it.
type Place struct {
	X, Y float64
	Line int
}

// Layout is where nodes are and which way links run.
type Layout struct {
	Nodes    map[string]Place
	Vertices map[string][]Place
}

// Layout reads COORDINATES and VERTICES. Rows that are no positions are refused.
func (f *File) Layout(sink formats.Sink) (*Layout, error) {
	l := &Layout{Nodes: map[string]Place{}, Vertices: map[string][]Place{}}
	read := func(section string, take func(id string, p Place)) error {
		for _, r := range f.Sections[section] {
			x, err := Number(r.At(1))
			field, value := "X", r.At(1)
			var y float64
			if err == nil {
				field, value = "Y", r.At(2)
				y, err = Number(r.At(2))
			}
			if err != nil {
				if err := sink.Refuse(formats.Row{File: f.Name, Line: r.Line, Field: section + " " + field, Value: value, Reason: err.Error()}); err != nil {
					return err
				}
				continue
			}
			take(r.At(0), Place{x, y, r.Line})
		}
		return nil
	}
	if err := read("COORDINATES", func(id string, p Place) { l.Nodes[id] = p }); err != nil {
		return nil, err
	}
	return l, read("VERTICES", func(id string, p Place) { l.Vertices[id] = append(l.Vertices[id], p) })
}

// Sample is the positions of the nodes.
func (l *Layout) Sample() [][2]float64 {
	s := make([][2]float64, 0, len(l.Nodes))
	for _, p := range l.Nodes {
		s = append(s, [2]float64{p.X, p.Y})
	}
	return s
}

// DeclaredCRS finds a CRS that is named in the title ("init=EPSG:2817"), nil where none is.
func (f *File) DeclaredCRS() *crs.CRS {
	for _, t := range f.Title {
		up := strings.ToUpper(t)
		i := strings.Index(up, "EPSG:")
		if i < 0 {
			continue
		}
		end := i + 5
		for end < len(up) && up[end] >= '0' && up[end] <= '9' {
			end++
		}
		if c, err := crs.Parse(up[i:end]); err == nil {
			return c
		}
	}
	return nil
}
