package cjj61

import (
	"strings"

	"github.com/undercity/undercity/twin/formats"
)

// unreadable looks for cells whose value is not to be had, and keeps the first as the fault of the row: an empty one would be taken for unknown. It
// reports whether the row has nothing else.
func (s *survey) unreadable(t found, r row) bool {
	others := 0
	for i, c := range r.cells {
		formula, broken := strings.CutPrefix(c, unsolved)
		reason := "the book holds a formula here without its result; open it in a spreadsheet program and save it again"
		if !broken {
			if others += min(len(c), 1); t.book != nil || !strings.Contains(c, "\ufffd") {
				continue
			}
			formula, reason = c, "a character is broken: the file is not in one encoding throughout, or is cut off; save it again as UTF-8"
		}
		if known := i < len(r.l.known) && r.l.known[i]; t.book != nil && !known {
			r.cells[i] = ""
			continue
		}
		if s.fault.Reason == "" {
			s.fault = formats.Row{File: t.name(), Line: r.line, Value: strings.ToValidUTF8(formula, ""), Reason: reason}
			if i < len(r.l.names) {
				s.fault.Field = r.l.names[i]
			}
		}
	}
	return others == 0
}
