// Package inp reads the section files of EPA's models: [SECTION] lines, rows of words, comments behind semicolons. What the sections mean
// is known by packages swmm and epanet.
package inp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
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

// Row is one row of a section. It keeps the text rather than its words, which would take five times the memory.
type Row struct {
	Line int
	text string
}

// At returns word i, "" where the row is shorter.
func (r Row) At(i int) string {
	rest := r.text
	for n := 0; n < maxFields; n++ {
		var w string
		var ok bool
		if w, rest, ok = cut(rest); !ok {
			return ""
		}
		if n == i {
			return w
		}
	}
	return ""
}

// From returns word i and those after it, with one blank between them.
func (r Row) From(i int) string {
	list := words(r.text)
	return strings.Join(list[min(i, len(list)):], " ")
}

// Len is how many words the row has.
func (r Row) Len() int { return len(words(r.text)) }

// File is the sections of a model file by their names in capitals.
type File struct {
	Name     string
	sections map[string]*section
	Title    []string // lines of the title, the map and the backdrop, comments too: a CRS may stand there
	First    int      // line of the first section
}

// Read reads a file, keeping the sections that want names; others are only checked. progress is told how many bytes have been read.
func Read(ctx context.Context, f formats.File, progress func(bytes int64), want ...string) (_ *File, err error) {
	r, err := f.Open()
	if err != nil {
		return nil, twin.Errorf(twin.Invalid, "%s cannot be opened: %v", f.Name, err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	lines, err := formats.NewLines(f.Name, r, formats.Latin1)
	if err != nil {
		return nil, err
	}
	out := &File{Name: f.Name, sections: map[string]*section{}}
	name, rows := "", 0
	for {
		line, n, err := lines.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if n%10000 == 0 {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			progress(lines.Read())
		}
		text := bytes.TrimSpace(line)
		if bytes.HasPrefix(text, []byte("[")) {
			name = sectionName(string(text), want)
			if out.First == 0 {
				out.First = n
			}
			continue
		}
		if describes[name] && len(out.Title) < maxTitle {
			out.Title = append(out.Title, string(text))
		}
		if i := bytes.IndexByte(text, ';'); i >= 0 {
			text = bytes.TrimSpace(text[:i])
		}
		if len(text) == 0 || !slices.Contains(want, name) {
			continue
		}
		if rows++; rows > maxRows {
			return nil, twin.Errorf(twin.Invalid, "%s, line %d: more than %d rows", f.Name, n, maxRows)
		}
		if out.sections[name] == nil {
			out.sections[name] = &section{}
		}
		out.sections[name].add(n, text)
	}
	progress(lines.Read())
	if out.First == 0 {
		return nil, twin.Errorf(twin.Invalid, "%s has no [SECTION]", f.Name).WithHint("check that it is a model file of EPANET or SWMM")
	}
	return out, nil
}

// ReadAll reads each file as a model of its own and hands it to use, which calls done for each row it has dealt with. The progress of sink
// goes by bytes while a file is read, which is half the work, and by rows after that.
func ReadAll(ctx context.Context, files []formats.File, sink formats.Sink, want []string, use func(f *File, done func(rows int)) error) error {
	for i, f := range files {
		progress := func(part float64) float64 { return (float64(i) + part) / float64(len(files)) }
		file, err := Read(ctx, f, func(bytes int64) { sink.Rows(0, progress(0.5*share(bytes, f.Size))) }, want...)
		if err != nil {
			return err
		}
		total, seen := int64(0), int64(0)
		for _, s := range file.sections {
			total += int64(s.n)
		}
		err = use(file, func(rows int) {
			if seen += int64(rows); seen%1000 == 0 {
				sink.Rows(1000, progress(0.5+0.5*share(seen, total)))
			}
		})
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		sink.Rows(int(seen%1000), progress(1))
	}
	return nil
}

// share is part of total, 0 to 1; of a total that is not known it is 0.
func share(part, total int64) float64 {
	if total <= 0 {
		return 0
	}
	return min(1, float64(part)/float64(total))
}

// Transform finds where the model lies. A unit that stands at the map says how large a drawing without a CRS is; where there is a CRS it
// only warns, because exporters write it whatever the numbers are.
func (f *File) Transform(sink formats.Sink, o formats.Options, l *Layout) (*crs.Transform, error) {
	declared, unit := f.DeclaredCRS(), f.MapUnit()
	if unit == nil || o.Unit != nil {
		return sink.Transform(f.Name, declared, nil, l.Sample())
	}
	src := o.CRS
	if src == nil {
		src = declared
	}
	if src != nil && src.IsSchematic() {
		sink.Note(formats.Row{File: f.Name, Field: "UNITS", Value: unit.Name, Reason: "the drawing's numbers were taken in the unit of its map; say another one with --crs-unit"})
		return sink.Transform(f.Name, declared, unit, l.Sample())
	}
	t, err := sink.Transform(f.Name, declared, nil, l.Sample())
	if err == nil && !src.Unit().Degrees() && math.Abs(src.Unit().Metres-unit.Metres) > 1e-3 {
		sink.Note(formats.Row{File: f.Name, Field: "UNITS", Value: unit.Name, Reason: "the map is said to be in another unit than the CRS, whose unit was taken; if that is wrong pass --crs-unit"})
	}
	return t, err
}

// describes are the sections whose lines may name the CRS.
var describes = map[string]bool{"TITLE": true, "MAP": true, "BACKDROP": true}

// maxTitle is how many of their lines are kept.
const maxTitle = 1000

// sectionName is the name in [NAME], in capitals. Both programs go by the first letters ([JUNC] is [JUNCTIONS]), of which four tell all apart.
func sectionName(s string, want []string) string {
	s = strings.ToUpper(strings.Trim(s, "[] \t"))
	if i := strings.IndexByte(s, ']'); i >= 0 {
		s = s[:i]
	}
	for _, w := range append(want, "TITLE", "MAP", "BACKDROP") {
		if s == w || (len(s) >= 4 && len(w) >= 4 && s[:4] == w[:4]) {
			return w
		}
	}
	return s
}

// words splits a row at blanks; quotes hold words together.
func words(s string) []string {
	var list []string
	for len(list) < maxFields {
		w, rest, ok := cut(s)
		if !ok {
			break
		}
		list, s = append(list, w), rest
	}
	return list
}

// cut takes the first word off a row.
func cut(s string) (word, rest string, ok bool) {
	s = strings.TrimLeft(s, " \t")
	if s == "" {
		return "", "", false
	}
	if s[0] == '"' {
		if end := strings.IndexByte(s[1:], '"'); end >= 0 {
			return s[1 : 1+end], s[2+end:], true
		}
	}
	end := strings.IndexAny(s, " \t")
	if end < 0 {
		end = len(s)
	}
	return s[:end], s[end:], true
}

// Number reads a finite number.
func Number(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, fmt.Errorf("%.60q is not a number", s)
	}
	return v, nil
}

var epsgCode = regexp.MustCompile(`(?i)\bEPSG[:= ]+(\d{3,6})\b`)

// DeclaredCRS finds a CRS that is named in the title or at the map ("init=EPSG:2817"); nil where none is, or where several are.
func (f *File) DeclaredCRS() *crs.CRS {
	var found *crs.CRS
	for _, t := range f.Title {
		for _, m := range epsgCode.FindAllStringSubmatch(t, 4) {
			c, err := crs.Parse("EPSG:" + m[1])
			if err != nil {
				continue
			}
			if found != nil && found.Code() != c.Code() {
				return nil
			}
			found = c
		}
	}
	return found
}

// MapUnit is the unit of the coordinates that [MAP] or [BACKDROP] states; nil where it states none.
func (f *File) MapUnit() *crs.Unit {
	for _, t := range f.Title {
		w := words(t)
		if len(w) < 2 || !strings.EqualFold(w[0], "UNITS") {
			continue
		}
		switch strings.ToUpper(w[1]) {
		case "FEET":
			return &crs.Foot
		case "METERS", "METRES":
			return &crs.Metre
		}
	}
	return nil
}
