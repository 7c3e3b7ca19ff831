package cjj61

import (
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// heightFields are the columns of heights, which many surveys fill with 0 where nothing is known.
var heightFields = [...]string{"ground", "pipeHeight", "bottomHeight", "fromHeight", "toHeight", "fromGround", "toGround"}

// zeroRows is how many rows of a table decide whether a column was filled with 0.
const zeroRows = 20_000

// lookForZeros finds the columns of heights of a table that were filled with 0, and says so once.
func (s *survey) lookForZeros(t found) error {
	if s.filled == nil {
		s.filled = map[string]bool{}
	}
	if _, done := s.filled[t.key()]; done {
		return nil
	}
	s.filled[t.key()] = false
	var fields []string
	for _, f := range heightFields {
		if _, ok := t.layout.columns[f]; ok {
			fields = append(fields, f)
		}
	}
	if len(fields) == 0 {
		return nil
	}
	zeros, n := make([]formats.Zeros, len(fields)), 0
	err := t.rows(s.ctx, func(line int, cells []string) error {
		r := row{t.layout, line, cells}
		ground := s.groundOf(r)
		for i, f := range fields {
			if h, ok := s.height(t, r, f); ok {
				zeros[i].Height(h)
			}
			if f != "ground" && f != "fromGround" && f != "toGround" {
				zeros[i].Ground(ground)
			}
		}
		if n++; n >= zeroRows {
			return errStop
		}
		return nil
	})
	for i, f := range fields {
		if zeros[i].Filled() {
			s.filled[t.key()+"\x00"+f] = true
			s.sink.Note(zeros[i].Note(t.name(), row{l: t.layout}.header(f)))
		}
	}
	return err
}

// groundOf is the ground of a row: its own, or that of the point where its line begins.
func (s *survey) groundOf(r row) float64 {
	if v := r.get("ground"); v != "" {
		if h, err := number(v); err == nil {
			return h
		}
	}
	if from := r.get("from"); from != "" {
		if p, ok := s.points.find("", from); ok {
			return p.ground
		}
	}
	return twin.Unknown()
}
