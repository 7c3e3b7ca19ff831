package inp

import (
	"fmt"
	"hash/maphash"

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

// Layout is where nodes are, in the coordinates of the file until Put has made them nodes of the plane. A node takes some 60 bytes, however
// long its name: names are kept by hashes of 64 bits, of which two are not to be expected to be equal by chance in any model.
type Layout struct {
	seed  maphash.Seed
	index map[uint64]int32 // in nodes
	nodes []spot
}

type spot struct {
	Node
	line   int32
	placed bool // its node has been put; until then e and n are X and Y of the file
}

// Layout reads COORDINATES, and lets go of their rows. Rows that are no positions are refused.
func (f *File) Layout(sink formats.Sink) (*Layout, error) {
	if f.sections["COORDINATES"] == nil {
		return nil, twin.Errorf(twin.Invalid, "%s has no [COORDINATES], so nothing in it has a place", f.Name).WithHint("export the model with its map, or check that the file is whole")
	}
	n := f.sections["COORDINATES"].n
	l := &Layout{seed: maphash.MakeSeed(), index: make(map[uint64]int32, n), nodes: make([]spot, 0, n)}
	for r := range f.Take("COORDINATES") {
		p, bad := place(r)
		if bad != nil {
			if err := sink.Refuse(bad.in(f.Name, "COORDINATES", r.Line)); err != nil {
				return nil, err
			}
			continue
		}
		at := spot{Node: Node{e: p.X, n: p.Y}, line: int32(p.Line)}
		key := l.key(r.At(0))
		if i, twice := l.index[key]; twice {
			l.nodes[i] = at // the last one counts, as for the programs
			continue
		}
		l.index[key] = int32(len(l.nodes))
		l.nodes = append(l.nodes, at)
	}
	return l, nil
}

func (l *Layout) key(name string) uint64 { return maphash.String(l.seed, name) }

// find is the node of a name, nil where it has no place.
func (l *Layout) find(name string) *spot {
	i, ok := l.index[l.key(name)]
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
func (p Place) String() string { return fmt.Sprintf("%g %g", p.X, p.Y) }
