package cjj61

import (
	"regexp"
	"strings"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// layout is which columns a table has: what it is, and where each field stands.
type layout struct {
	kind    string // point, line or census
	columns map[string]int
	names   []string // headers as the file has them
	known   []bool   // columns that are fields
	fields  []string // field of each column, "" for none
	header  int      // line of the header
	commas  bool     // numbers have a comma before their decimals
}

// aliases finds fields by folded header, one map a kind of table.
type aliases map[string]map[string]string

func newAliases(c *twin.Catalog) aliases {
	a := aliases{}
	for _, col := range c.SurveyColumns() {
		kinds := []string{col.Table}
		if col.Table == "line" {
			kinds = append(kinds, "census") // the census layout has the line's other columns too
		}
		for _, k := range kinds {
			if a[k] == nil {
				a[k] = map[string]string{}
			}
			for _, name := range col.Aliases {
				key := fold(name)
				if _, taken := a[k][key]; !taken || k == "census" && col.Table == "census" {
					a[k][key] = col.Field
				}
			}
		}
	}
	// The class of the network may stand in a point table too, where the word means nothing else there.
	for key, field := range a["line"] {
		if _, taken := a["point"][key]; field == "network" && !taken {
			a["point"][key] = field
		}
	}
	// A result table (成果表) is a point table whose rows also tell the lines: a word of both means the point's, but for the ends.
	a["result"] = map[string]string{}
	for key, field := range a["line"] {
		if field != "from" {
			a["result"][key] = field
		}
	}
	for key, field := range a["point"] {
		a["result"][key] = field
	}
	return a
}

// with has some names be fields in every kind of table that has these.
func (a aliases) with(m formats.Mapping) aliases {
	for _, known := range a {
		has := map[string]bool{}
		for _, field := range known {
			has[field] = true
		}
		for name, field := range m {
			if has[field] {
				known[fold(name)] = field
			}
		}
	}
	return a
}

var (
	unitEnd  = regexp.MustCompile(`[(\[]\s*(?:m|mm|cm|米|毫米|km|kv|根|孔|个)\s*[)\]]$`)
	trailing = regexp.MustCompile(`(\p{Han})(?:mm|m)$`)
)

// fold makes spellings of a header equal: no blanks, half-width, lower case, no unit in brackets or behind a Chinese word.
func fold(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == ' ' || r == '\t' || r == '\u3000' || r == '\ufeff' || r == '\u00a0' || r == '\n' || r == '\r' || r == '*':
		case r >= '\uff01' && r <= '\uff5e':
			b.WriteRune(r - 0xfee0)
		case r == '【':
			b.WriteRune('[')
		case r == '】':
			b.WriteRune(']')
		default:
			b.WriteRune(r)
		}
	}
	t := strings.ToLower(b.String())
	t = unitEnd.ReplaceAllString(t, "")
	return trailing.ReplaceAllString(t, "$1")
}

// required fields of each kind of table; a header has all of one of the sets.
var required = []struct {
	kind string
	all  []string
}{
	{"census", []string{"fromX", "fromY", "toX", "toY"}},
	{"result", []string{"number", "to", "northing", "easting"}},
	{"result", []string{"mapNumber", "to", "northing", "easting"}},
	{"line", []string{"from", "to"}},
	{"point", []string{"number", "northing", "easting"}},
}

// match tries to read a row as a header.
func (a aliases) match(line int, cells []string) (*layout, bool) {
	return a.matchBelow(line, nil, cells)
}

// matchEither tries to read a row as a header by itself and with the row above it, and takes what finds more columns: the cells of a column that
// is merged over both rows stand in the lower one too, those of others may hold only a unit there.
func (a aliases) matchEither(line int, above, cells []string) (*layout, bool) {
	alone, ok := a.match(line, cells)
	if above == nil {
		return alone, ok
	}
	if both, too := a.matchBelow(line, above, cells); too && (!ok || len(both.columns) > len(alone.columns)) {
		return both, true
	}
	return alone, ok
}

// matchBelow tries to read a row as a header whose columns may be told apart by the row above it: 起点 over 点号 and 埋深, 坐标 over X and Y.
func (a aliases) matchBelow(line int, above, cells []string) (*layout, bool) {
	for _, r := range required {
		l := &layout{kind: r.kind, columns: map[string]int{}, names: append([]string(nil), cells...), header: line}
		for len(l.names) < len(above) {
			l.names = append(l.names, "")
		}
		l.known, l.fields = make([]bool, len(l.names)), make([]string, len(l.names))
		group := ""
		for i, c := range l.names {
			own := ""
			if i < len(above) {
				if own = above[i]; own != "" {
					group = own
				}
			}
			for _, name := range spellings(own, group, c) {
				field, ok := a[r.kind][fold(name)]
				if _, twice := l.columns[field]; ok && !twice {
					l.columns[field] = i
					l.known[i], l.fields[i], l.names[i] = true, field, name
					break
				}
			}
			if l.names[i] == "" {
				l.names[i] = own
			}
		}
		ok := true
		for _, f := range r.all {
			if _, has := l.columns[f]; !has {
				ok = false
			}
		}
		if ok {
			return l, true
		}
	}
	return nil, false
}

// spellings are what a column may be called that has a cell in the header's row, one of its own above that, and a group above several.
func spellings(own, group, cell string) []string {
	switch {
	case cell == "" && own == "":
		return nil
	case cell == "" || cell == own:
		return []string{own}
	case group == "":
		return []string{cell}
	}
	return []string{group + cell, cell}
}

// row is one row of a table, by fields.
type row struct {
	l     *layout
	line  int
	cells []string
}

// get returns the cell of a field, "" where there is none.
func (r row) get(field string) string {
	if i, ok := r.l.columns[field]; ok && i < len(r.cells) {
		return r.cells[i]
	}
	return ""
}

// header is what the file calls a field.
func (r row) header(field string) string {
	if i, ok := r.l.columns[field]; ok && i < len(r.l.names) {
		return r.l.names[i]
	}
	return field
}

// others are the cells that no field takes.
func (r row) others() []twin.Attr {
	var list []twin.Attr
	for i, c := range r.cells {
		if c == "" || i >= len(r.l.names) || r.l.known[i] || r.l.names[i] == "" {
			continue
		}
		list = append(list, twin.Attr{Key: r.l.names[i], Value: c})
	}
	return list
}

// keep returns what the model has no place for, under the names the file has for it: the fields that are not used, and cells that no field
// takes.
func (r row) keep(used map[string]bool) []twin.Attr {
	var list []twin.Attr
	for i, c := range r.cells {
		if c == "" || i >= len(r.l.names) || r.l.names[i] == "" || r.l.known[i] && used[r.l.fields[i]] {
			continue
		}
		list = append(list, twin.Attr{Key: r.l.names[i], Value: c})
	}
	return list
}
