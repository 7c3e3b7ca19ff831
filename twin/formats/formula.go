package formats

import (
	"encoding/csv"
	"io"
	"regexp"
	"strings"
)

// Calm keeps a spreadsheet from taking a cell for a formula: an apostrophe goes before what would begin one (OWASP, CSV Injection: = + - @, tab, carriage
// return, line feed, and the full-width forms of the signs), blanks before it notwithstanding. Numbers such as -3.5 stay numbers. What begins with an apostrophe
// of its own gets another, so that Uncalm gives back what was there, whatever it was.
func Calm(s string) string {
	if strings.HasPrefix(s, "'") || beginsFormula(s) && !number.MatchString(s) {
		return "'" + s
	}
	return s
}

// Uncalm takes off the apostrophe that Calm put before a cell, or a person who wanted it taken as a text.
func Uncalm(s string) string {
	if len(s) > 1 && s[0] == '\'' {
		return s[1:]
	}
	return s
}

// number is what every spreadsheet takes for one.
var number = regexp.MustCompile(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$`)

func beginsFormula(s string) bool {
	if s == "" || s[0] > '@' && s[0] < 0x80 { // most cells
		return false
	}
	t := strings.TrimLeft(s, " \u00a0\u3000\ufeff")
	for _, sign := range [...]string{"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(t, sign) {
			return true
		}
	}
	return false
}

// Sheet writes rows of CSV that a spreadsheet may open: every cell is calm.
type Sheet struct {
	csv *csv.Writer
	row []string
}

// NewSheet returns a writer of rows.
func NewSheet(w io.Writer) *Sheet { return &Sheet{csv: csv.NewWriter(w)} }

// Write writes a row.
func (s *Sheet) Write(cells []string) error {
	s.row = s.row[:0]
	for _, c := range cells {
		s.row = append(s.row, Calm(c))
	}
	return s.csv.Write(s.row)
}

// Flush writes what is held back, and returns what went wrong so far.
func (s *Sheet) Flush() error {
	s.csv.Flush()
	return s.csv.Error()
}
