package formats

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/undercity/undercity/geometry"
)

// MaxReported is how many refused rows, and how many notes, a report holds; the rest are counted.
const MaxReported = 100_000

// Report says what came of an import.
type Report struct {
	Files                       []string
	Formats                     []string // of the readers used
	Rows                        int
	Created, Updated, Unchanged int
	Refused                     []Row
	RefusedCount                int
	Notes                       []Row
	NoteCount                   int
	Revision                    uint64 // 0 for a dry run
	DryRun                      bool
	Extent                      geometry.Box // in plan
	Warnings                    []string     // of the whole import, e.g. the datum shift used
}

// anew empties the report for a second reading of the same files.
func (r *Report) anew() *Report {
	*r = Report{Files: r.Files, Formats: r.Formats, DryRun: r.DryRun, Extent: geometry.EmptyBox()}
	return r
}

func (r *Report) refuse(row Row) {
	r.RefusedCount++
	if len(r.Refused) < MaxReported {
		r.Refused = append(r.Refused, short(row))
	}
}

func (r *Report) note(row Row) {
	r.NoteCount++
	if len(r.Notes) < MaxReported {
		r.Notes = append(r.Notes, short(row))
	}
}

// short keeps a row's value to 200 characters.
func short(r Row) Row {
	const most = 200
	if len(r.Value) > most {
		v := r.Value[:most]
		for !utf8.ValidString(v) {
			v = v[:len(v)-1]
		}
		r.Value = v + "…"
	}
	r.Value = strings.Clone(r.Value)
	return r
}

// String is the row as a sentence.
func (r Row) String() string {
	var b strings.Builder
	b.WriteString(r.File)
	if r.Line > 0 {
		fmt.Fprintf(&b, ", line %d", r.Line)
	}
	if r.Field != "" {
		fmt.Fprintf(&b, ", %s", r.Field)
	}
	if r.Value != "" {
		fmt.Fprintf(&b, " %q", r.Value)
	}
	return b.String() + ": " + r.Reason
}

// WriteReport writes the refused rows as CSV with the columns file, line, field, value, reason.
func WriteReport(w io.Writer, rows []Row) error {
	c := NewSheet(w)
	err := c.Write([]string{"file", "line", "field", "value", "reason"})
	for i := 0; i < len(rows) && err == nil; i++ {
		r, line := rows[i], ""
		if r.Line > 0 {
			line = strconv.Itoa(r.Line)
		}
		err = c.Write([]string{r.File, line, r.Field, r.Value, r.Reason})
	}
	if err = errors.Join(err, c.Flush()); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}
