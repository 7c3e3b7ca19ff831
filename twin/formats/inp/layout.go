package inp

import (
	"fmt"
	"math"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// Place is a position in the file's coordinates, and the line that gives it.
type Place struct {
	X, Y float64
	Line int
}

// Node is a node of a model as its links need it.
type Node struct {
	e, n   float64
	Ground float64 // Unknown() where it is not known
	Base   float64 // invert of a sewer node; Unknown() else
}

// Layout is where nodes are, in the coordinates of the file until Put has made them nodes of the plane. A node takes some 45 bytes, however
// long its name.
type Layout struct {
	names *formats.Index
	nodes []spot // by the number of the name
}

// spot is a node in 32 bytes; heights are in hundredths of a millimetre.
type spot struct {
	e, n         float64 // X and Y of the file until the node has been put
	ground, base int32
	line         int32 // of its coordinates; less than 0 when it has been put
}

const (
	noHeight   = math.MinInt32
	hundredths = 1e5
)

// pack keeps a height that a node may have, or an unknown one.
func pack(h float64) int32 {
	if twin.IsUnknown(h) {
		return noHeight
	}
	return int32(math.Round(h * hundredths))
}

func unpack(h int32) float64 {
	if h == noHeight {
		return twin.Unknown()
	}
	return float64(h) / hundredths
}

func (s *spot) placed() bool { return s.line < 0 }

func (s *spot) node() Node { return Node{s.e, s.n, unpack(s.ground), unpack(s.base)} }

// Layout reads COORDINATES, and lets go of their rows. Rows that are no positions are refused.
func (f *File) Layout(sink formats.Sink) (*Layout, error) {
	if f.sections["COORDINATES"] == nil {
		return nil, twin.Errorf(twin.Invalid, "%s has no [COORDINATES], so nothing in it has a place", f.Name).WithHint("export the model with its map, or check that the file is whole")
	}
	n := f.sections["COORDINATES"].n
	l := &Layout{names: formats.NewIndex(n), nodes: make([]spot, 0, n)}
	for r := range f.Take("COORDINATES") {
		p, bad := place(r)
		if bad != nil {
			if err := sink.Refuse(bad.in(f.Name, "COORDINATES", r.Line)); err != nil {
				return nil, err
			}
			continue
		}
		at := spot{e: p.X, n: p.Y, line: int32(p.Line)}
		if i, twice := l.names.Add(r.At(0)); twice {
			l.nodes[i] = at // the last one counts, as for the programs
			continue
		}
		l.nodes = append(l.nodes, at)
	}
	return l, nil
}

// find is the node of a name, nil where it has no place.
func (l *Layout) find(name string) *spot {
	i, ok := l.names.Find(name)
	if !ok {
		return nil
	}
	return &l.nodes[i]
}

// wrong is a field that is no number.
type wrong struct{ field, value, reason string }

func (w *wrong) in(file, section string, line int) formats.Row {
	return formats.Row{File: file, Line: line, Field: section + " " + w.field, Value: w.value, Reason: w.reason}
}

// place reads a row of COORDINATES or VERTICES.
func place(r Row) (Place, *wrong) {
	x, err := Number(r.At(1))
	if err != nil {
		return Place{}, &wrong{"X", r.At(1), err.Error()}
	}
	y, err := Number(r.At(2))
	if err != nil {
		return Place{}, &wrong{"Y", r.At(2), err.Error()}
	}
	return Place{x, y, r.Line}, nil
}

// maxSample is how many positions are checked against the CRS.
const maxSample = 5000

// Sample is the positions of nodes, spread over the model.
func (l *Layout) Sample() [][2]float64 {
	var s [][2]float64
	for i := 0; i < len(l.nodes); i += len(l.nodes)/maxSample + 1 {
		s = append(s, [2]float64{l.nodes[i].e, l.nodes[i].n})
	}
	return s
}

// String says a place as the file has it.
func (p Place) String() string { return fmt.Sprintf("%.12g %.12g", p.X, p.Y) }
