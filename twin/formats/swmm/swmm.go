// Package swmm reads storm and sewage networks from models of EPA SWMM 5, with their inverts, offsets and shapes.
package swmm

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/inp"
)

// Reader reads SWMM models (EPA SWMM 5 user's manual, appendix D).
type Reader struct{}

var _ formats.Reader = Reader{}

// Name is what --format calls it.
func (Reader) Name() string { return "swmm" }

// Detect looks for sections that EPANET has not.
func (Reader) Detect(_ string, head []byte) int {
	up := bytes.ToUpper(head)
	n := 0
	for _, s := range [...]string{"[COND", "[XSECT", "[OUTF", "[SUBCATCH", "[RAINGAGE", "[EVAP", "FLOW_UNITS"} {
		if bytes.Contains(up, []byte(s)) {
			n++
		}
	}
	if n == 0 || !bytes.Contains(up, []byte("[")) {
		return 0
	}
	return min(95, 60+10*n)
}

// sections that are read.
var sections = []string{"OPTIONS", "JUNCTIONS", "OUTFALLS", "DIVIDERS", "STORAGE", "CONDUITS", "PUMPS", "ORIFICES", "WEIRS", "OUTLETS", "XSECTIONS", "COORDINATES", "VERTICES", "TAGS",
	"TRANSECTS", "CURVES", "STREETS"}

// Read reads each file as a model of its own.
func (Reader) Read(ctx context.Context, files []formats.File, o formats.Options, sink formats.Sink) error {
	return inp.ReadAll(ctx, files, sink, sections, func(f *inp.File, done func(rows int)) error { return read(f, o, sink, done) })
}

const foot = 0.3048

// model is one file on its way into the twin.
type model struct {
	*inp.Builder
	unit       float64 // metres a unit of height and length
	elevations bool    // LINK_OFFSETS ELEVATION
	done       func(rows int)
	shapes     *inp.Join
	shape      inp.Row // row of [XSECTIONS] of the link at hand; without words where it has none
	streets    map[string]inp.Row
	transects  map[string]profile
	curves     map[string]profile
	tags       map[string]string
}

func read(f *inp.File, o formats.Options, sink formats.Sink, done func(rows int)) error {
	layout, err := f.Layout(sink)
	if err != nil {
		return err
	}
	t, err := f.Transform(sink, o, layout)
	if err != nil {
		return err
	}
	m := &model{Builder: inp.NewBuilder(f, layout, t, sink, "CONDUITS", "PUMPS", "ORIFICES", "WEIRS", "OUTLETS"), unit: foot, done: done, shapes: f.Join("XSECTIONS"), streets: map[string]inp.Row{}, tags: map[string]string{},
		transects: transects(f.Take("TRANSECTS")), curves: curves(f.Take("CURVES"))}
	m.Network = o.Network
	if m.Network == "" {
		m.Network = "PS"
		sink.Note(formats.Row{File: f.Name, Reason: "the model does not say whether it carries rain, sewage or both: taken as drainage (PS); say which with --network YS, WS or HS"})
	}
	if err := m.options(); err != nil {
		return err
	}
	for r := range f.Take("STREETS") {
		m.streets[r.At(0)] = r
	}
	for r := range f.Take("TAGS") {
		m.tags[strings.ToUpper(r.At(0))+" "+r.At(1)] = r.At(2)
	}
	if err := m.nodes(); err != nil {
		return err
	}
	if err := m.links(); err != nil {
		return err
	}
	return m.End()
}

// options reads the units: US customary for CFS, GPM and MGD, SI for CMS, LPS and MLD.
func (m *model) options() error {
	for r := range m.File.Take("OPTIONS") {
		switch strings.ToUpper(r.At(0)) {
		case "FLOW_UNITS":
			switch strings.ToUpper(r.At(1)) {
			case "CFS", "GPM", "MGD":
				m.unit = foot
			case "CMS", "LPS", "MLD":
				m.unit = 1
			default:
				return twin.Errorf(twin.Invalid, "%s, line %d, FLOW_UNITS %q: not one of CFS, GPM, MGD, CMS, LPS, MLD", m.File.Name, r.Line, r.At(1))
			}
		case "LINK_OFFSETS":
			m.elevations = strings.EqualFold(r.At(1), "ELEVATION")
		}
	}
	return nil
}

// nodes reads every kind of node: name, invert, depth.
func (m *model) nodes() error {
	for _, s := range [...]struct {
		section string
		kind    twin.Kind
		word    string
	}{{"JUNCTIONS", twin.KindChamber, "检查井"}, {"DIVIDERS", twin.KindChamber, "截流井"}, {"STORAGE", twin.KindChamber, ""}, {"OUTFALLS", twin.KindNode, "排水口"}} {
		for r := range m.File.Take(s.section) {
			if err := m.node(r, s.section, s.kind, s.word); err != nil {
				return err
			}
			m.done(1)
		}
	}
	return nil
}

// depthField is where a node's row has its depth, 0 for nowhere. A divider's stands after the parameters of its type.
func depthField(r inp.Row, section string) int {
	switch section {
	case "JUNCTIONS", "STORAGE":
		return 2
	case "DIVIDERS":
		return map[string]int{"OVERFLOW": 4, "CUTOFF": 5, "TABULAR": 5, "WEIR": 7}[strings.ToUpper(r.At(3))]
	}
	return 0
}

func (m *model) node(r inp.Row, section string, kind twin.Kind, word string) error {
	invert, err := inp.Number(r.At(1))
	if err != nil {
		return m.Lose(r, section+" Elevation", r.At(1), "not a number; write the height of the node's invert")
	}
	invert *= m.unit
	ground := twin.Unknown()
	if v := r.At(depthField(r, section)); depthField(r, section) > 0 && v != "" {
		d, err := inp.Number(v)
		if err != nil || d < 0 {
			return m.Lose(r, section+" MaxDepth", v, "not a depth of 0 or more")
		}
		if d > 0 { // 0 lets the model find the depth from its conduits
			ground = invert + d*m.unit
		}
	}
	return m.Put(r, kind, ground, invert, func(a *twin.Asset) {
		a.Appurtenance = word
		a.Attributes = append(a.Attributes, twin.Attr{Key: "swmm", Value: strings.ToLower(strings.TrimSuffix(section, "S"))})
		m.tag(a, "NODE", r.At(0))
	})
}

func (m *model) tag(a *twin.Asset, what, number string) {
	if t := m.tags[what+" "+number]; t != "" {
		a.Attributes = append(a.Attributes, twin.Attr{Key: "tag", Value: t})
	}
}

// links reads every kind of link. Fields 3 and later differ.
func (m *model) links() error {
	for r := range m.File.Take("CONDUITS") {
		if err := m.conduit(r); err != nil {
			return err
		}
		m.done(1)
	}
	for _, d := range [...]device{{"PUMPS", 0, 3, "curve", false}, {"ORIFICES", 4, 3, "type", true}, {"WEIRS", 4, 3, "type", true}, {"OUTLETS", 3, 4, "type", false}} {
		for r := range m.File.Take(d.section) {
			if err := m.device(r, d); err != nil {
				return err
			}
			m.done(1)
		}
	}
	return nil
}

func (m *model) conduit(r inp.Row) error {
	heights := [2]float64{twin.Unknown(), twin.Unknown()}
	for i, field := range [...]string{"CONDUITS InOffset", "CONDUITS OutOffset"} {
		n, ok := m.Node(r.At(1 + i))
		if !ok {
			continue // Link refuses it
		}
		var err error
		if heights[i], err = m.height(r, n, field, r.At(5+i)); err != nil {
			return m.Refuse(r, field, r.At(5+i), "not a number; write an offset or * for none")
		}
	}
	m.shapeFor(r)
	sec, c := m.section(r.At(0))
	if c.note != "" {
		m.Note(m.rowOf(r), "XSECTIONS", c.value, c.note)
	}
	barrels := m.shape.At(6)
	if n, err := inp.Number(barrels); err == nil && n > 1 {
		m.Note(m.rowOf(r), "XSECTIONS Barrels", barrels, "the barrels lie side by side; one of them is drawn")
	} else {
		barrels = ""
	}
	return m.Link(r, heights[0], heights[1], func(a *twin.Asset) {
		a.Reference, a.Section, a.Structure = twin.RefInvert, sec.Section, sec.structure
		m.attribute(a, "length", r.At(3), m.unit)
		m.attribute(a, "roughness", r.At(4), 1)
		m.shapeOf(a, barrels)
		m.tag(a, "LINK", r.At(0))
	})
}

// shapeFor finds the row of a link in [XSECTIONS]; of several the last counts, as for SWMM.
func (m *model) shapeFor(link inp.Row) {
	m.shape = inp.Row{}
	if rows := m.shapes.Rows(link.At(0)); len(rows) > 0 {
		m.shape = rows[len(rows)-1]
	}
}

// rowOf is the row of a link's section, or the link's own where it has none.
func (m *model) rowOf(link inp.Row) inp.Row {
	if m.shape.Line > 0 {
		return m.shape
	}
	return link
}

// shapeOf keeps the shape as the model has it, where the drawn one does not say all of it.
func (m *model) shapeOf(a *twin.Asset, barrels string) {
	if name := strings.ToUpper(m.shape.At(1)); m.shape.Line > 0 && name != "CIRCULAR" {
		a.Attributes = append(a.Attributes, twin.Attr{Key: "xsection", Value: m.shape.From(1)})
	}
	if barrels != "" {
		a.Attributes = append(a.Attributes, twin.Attr{Key: "barrels", Value: barrels})
	}
}

// height is the invert of a link at a node: an offset above the node's invert, or a height of its own. Like SWMM (warning 03) it takes one
// that lies below the node's invert for the node's.
func (m *model) height(r inp.Row, n inp.Node, field, offset string) (float64, error) {
	if offset == "" || offset == "*" {
		return n.Base, nil
	}
	v, err := inp.Number(offset)
	if err != nil {
		return 0, err
	}
	h := v * m.unit
	if !m.elevations {
		h += n.Base
	}
	if h < n.Base-0.001 {
		m.Note(r, field, offset, "a link cannot begin below its node: taken at the node's invert")
		return n.Base, nil
	}
	return h, nil
}

func (m *model) attribute(a *twin.Asset, key, value string, unit float64) {
	if v, err := inp.Number(value); err == nil {
		a.Attributes = append(a.Attributes, twin.Attr{Key: key, Value: trim(v * unit)})
	}
}

func trim(v float64) string { return fmt.Sprintf("%g", math.Round(v*1e6)/1e6) }

// device says what stands where in the rows of a kind of link that is no conduit.
type device struct {
	section string
	offset  int // field of the height at the upper node, 0 for none
	extra   int // field that is kept as an attribute
	key     string
	shaped  bool
}

func (m *model) device(r inp.Row, d device) error {
	h := twin.Unknown()
	if n, ok := m.Node(r.At(1)); ok && d.offset > 0 {
		var err error
		if h, err = m.height(r, n, d.section+" Offset", r.At(d.offset)); err != nil {
			return m.Refuse(r, d.section+" Offset", r.At(d.offset), "not a number; write an offset or * for none")
		}
	}
	var sec form
	if d.shaped {
		m.shapeFor(r)
		sec, _ = m.section(r.At(0))
	}
	return m.Link(r, h, h, func(a *twin.Asset) {
		a.Reference, a.Section, a.Structure = twin.RefInvert, sec.Section, sec.structure
		a.Attributes = append(a.Attributes, twin.Attr{Key: "swmm", Value: strings.ToLower(strings.TrimSuffix(d.section, "S"))})
		if v := r.At(d.extra); v != "" {
			a.Attributes = append(a.Attributes, twin.Attr{Key: d.key, Value: v})
		}
		if d.shaped {
			m.shapeOf(a, "")
		}
		m.tag(a, "LINK", r.At(0))
	})
}
