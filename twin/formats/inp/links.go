package inp

import (
	"fmt"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// Builder turns the nodes and links of one model into assets.
type Builder struct {
	File      *File
	Transform *crs.Transform
	Sink      formats.Sink
	Network   string
	layout    *Layout
	vertices  *Join
	links     *formats.Index // links so far
	lines     []int32        // of theirs, by the number of the name
	lost      map[string]int // nodes that were refused, and their lines
	ids       map[twin.ID]bool
}

// NewBuilder begins with one model, whose nodes come before its links. sections are those of its links.
func NewBuilder(f *File, l *Layout, t *crs.Transform, sink formats.Sink, sections ...string) *Builder {
	links := 0
	for _, name := range sections {
		if s := f.sections[name]; s != nil {
			links += s.n
		}
	}
	return &Builder{File: f, Transform: t, Sink: sink, layout: l, vertices: f.Join("VERTICES"), links: formats.NewIndex(links), lines: make([]int32, 0, links), lost: map[string]int{}, ids: map[twin.ID]bool{}}
}

// Node is the node of a name, when it has been put.
func (b *Builder) Node(name string) (Node, bool) {
	if s := b.layout.find(name); s != nil && s.placed() {
		return s.node(), true
	}
	return Node{}, false
}

// Lose refuses the row of a node, so that its links can say why they have no end.
func (b *Builder) Lose(r Row, field, value, reason string) error {
	b.lost[r.At(0)] = r.Line
	return b.Refuse(r, field, value, reason)
}

// Point is where a place lies in the plane; a place outside the CRS is refused.
func (b *Builder) Point(p Place) (geometry.Point, error) {
	e, n, err := b.Transform.Point(p.X, p.Y)
	return geometry.Point{E: e, N: n, H: twin.Unknown()}, err
}

// At says where a row stands.
func (b *Builder) At(r Row, field, value string) formats.Row {
	return formats.Row{File: b.File.Name, Line: r.Line, Field: field, Value: value}
}

// Refuse refuses a row.
func (b *Builder) Refuse(r Row, field, value, reason string) error {
	at := b.At(r, field, value)
	at.Reason = reason
	return b.Sink.Refuse(at)
}

// Note notes something about a row that was kept.
func (b *Builder) Note(r Row, field, value, reason string) {
	at := b.At(r, field, value)
	at.Reason = reason
	b.Sink.Note(at)
}

// Put hands over a node and keeps it for the links. fill sets what the model knows; base is the invert or Unknown().
func (b *Builder) Put(r Row, kind twin.Kind, ground, base float64, fill func(a *twin.Asset)) error {
	number := r.At(0)
	if number == "" {
		return b.Refuse(r, "ID", "", "the row has no name")
	}
	node := b.layout.find(number)
	if node == nil {
		return b.Lose(r, "ID", number, "the node has no coordinates; add it to [COORDINATES]")
	}
	if node.placed() {
		return b.Refuse(r, "ID", number, "the name stands twice; keep one of the two")
	}
	place := Place{node.e, node.n, int(node.line)}
	for _, h := range [...]float64{base, ground} {
		if h < twin.MinHeight || h > twin.MaxHeight {
			return b.Lose(r, "Elevation", r.At(1), fmt.Sprintf("a height of %.10g m is not between %d and %d m; check the unit and the column", h, twin.MinHeight, twin.MaxHeight))
		}
	}
	p, err := b.Point(place)
	if err != nil {
		b.lost[number] = place.Line
		return b.Refuse(Row{Line: place.Line}, "COORDINATES", place.String(), err.Error())
	}
	a := &twin.Asset{ID: twin.NewID(b.Network, number), SourceNumber: number, Kind: kind, Network: b.Network, Status: twin.StatusInService, Bottom: twin.Unknown(), Quality: twin.Quality{Source: "network model"}}
	if b.Transform.Schematic() {
		a.Assumed |= twin.AssumedPosition
	}
	at := p
	switch kind {
	case twin.KindChamber:
		at.H, a.Bottom = ground, base
	default:
		at.H = base
	}
	a.Line, a.Ground = []geometry.Point{at}, []float64{ground}
	fill(a)
	*node = spot{p.E, p.N, pack(ground), pack(base), -1}
	return b.Sink.Asset(a, b.At(r, "", number))
}

// Link hands over a link between two nodes. from and to are the heights of its reference at the ends, Unknown() where not known; between
// two that are known the line falls evenly, as the model has it.
func (b *Builder) Link(r Row, from, to float64, fill func(a *twin.Asset)) error {
	number := r.At(0)
	if i, twice := b.links.Find(number); twice {
		return b.Refuse(r, "ID", number, fmt.Sprintf("a link of this name stands in line %d; keep one of the two", b.lines[i]))
	}
	var ends [2]Node
	for i, field := range [...]string{"from", "to"} {
		n, ok := b.Node(r.At(1 + i))
		if !ok {
			return b.Refuse(r, field, r.At(1+i), b.missing(r.At(1+i)))
		}
		ends[i] = n
	}
	if r.At(1) == r.At(2) {
		return b.Refuse(r, "to", r.At(2), "the link ends where it begins; correct one of its nodes")
	}
	b.links.Add(number)
	b.lines = append(b.lines, int32(r.Line))
	a := &twin.Asset{ID: b.linkID(number, r.At(1), r.At(2)), SourceNumber: number, Kind: twin.KindSegment, Network: b.Network, Status: twin.StatusInService, Bottom: twin.Unknown(),
		From: twin.NewID(b.Network, r.At(1)), To: twin.NewID(b.Network, r.At(2)), Quality: twin.Quality{Source: "network model"}}
	if b.Transform.Schematic() {
		a.Assumed |= twin.AssumedPosition
	}
	a.Line = append(a.Line, geometry.Point{E: ends[0].e, N: ends[0].n, H: from})
	for _, row := range b.vertices.Rows(number) {
		v, bad := place(row)
		if bad != nil {
			if err := b.Sink.Refuse(bad.in(b.File.Name, "VERTICES", row.Line)); err != nil {
				return err
			}
			continue
		}
		p, err := b.Point(v)
		if err != nil {
			return b.Refuse(row, "VERTICES", v.String(), err.Error())
		}
		a.Line = append(a.Line, p)
	}
	a.Line = append(a.Line, geometry.Point{E: ends[1].e, N: ends[1].n, H: to})
	heights := make([]float64, len(a.Line))
	for i := range heights {
		heights[i] = twin.Unknown()
	}
	heights[0], heights[len(heights)-1] = from, to
	formats.Even(a.Line, heights)
	for i, h := range heights {
		a.Line[i].H = h
	}
	a.Ground = make([]float64, len(a.Line))
	for i := range a.Ground {
		a.Ground[i] = twin.Unknown()
	}
	a.Ground[0], a.Ground[len(a.Line)-1] = ends[0].Ground, ends[1].Ground
	fill(a)
	return b.Sink.Asset(a, b.At(r, "", number))
}

// End refuses what stood apart from the rest of its link, when all links have been handed over.
func (b *Builder) End() error {
	for r := range b.vertices.Rest() {
		if _, ok := b.links.Find(r.At(0)); !ok {
			continue
		}
		if err := b.Refuse(r, "VERTICES", r.At(0), "the vertices of a link must stand together; put this row to the others of its link"); err != nil {
			return err
		}
	}
	return nil
}

// missing says why a link finds no node.
func (b *Builder) missing(number string) string {
	if line, ok := b.lost[number]; ok {
		return fmt.Sprintf("the node was refused, see line %d", line)
	}
	return "there is no such node; add it, or correct the name"
}

// linkID names a link by its own number, or by its ends where a node has that number: models number both from 1. Of several such links
// between two nodes the later ones add their number.
func (b *Builder) linkID(number, from, to string) twin.ID {
	if _, taken := b.Node(number); !taken && number != "" {
		return twin.NewID(b.Network, number)
	}
	id := twin.NewSegmentID(b.Network, from, to)
	if b.ids[id] {
		id = twin.NewSegmentID(b.Network, from, to+"."+number)
	}
	b.ids[id] = true
	return id
}
