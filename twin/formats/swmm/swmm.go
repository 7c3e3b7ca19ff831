// Package swmm reads storm and sewage networks from models of EPA SWMM 5, with their inverts, offsets and shapes.
package swmm

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/undercity/undercity/geometry"
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
	for _, s := range [...]string{"[CONDUITS]", "[XSECTIONS]", "[OUTFALLS]", "[SUBCATCHMENTS]", "[RAINGAGES]", "[EVAPORATION]", "FLOW_UNITS"} {
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
var sections = []string{"OPTIONS", "JUNCTIONS", "OUTFALLS", "DIVIDERS", "STORAGE", "CONDUITS", "PUMPS", "ORIFICES", "WEIRS", "OUTLETS", "XSECTIONS", "COORDINATES", "VERTICES", "TAGS"}

// Read reads each file as a model of its own.
func (Reader) Read(ctx context.Context, files []formats.File, o formats.Options, sink formats.Sink) error {
	for i, f := range files {
		file, err := inp.Read(ctx, f, sections...)
		if err != nil {
			return err
		}
		if err := read(file, o, sink, float64(i)/float64(len(files))); err != nil {
			return err
		}
	}
	return nil
}

const foot = 0.3048

// model is one file on its way into the twin.
type model struct {
	*inp.Builder
	unit       float64 // metres a unit of height and length
	elevations bool    // LINK_OFFSETS ELEVATION
	shapes     map[string]inp.Row
	tags       map[string]string
}

func read(f *inp.File, o formats.Options, sink formats.Sink, done float64) error {
	layout, err := f.Layout(sink)
	if err != nil {
		return err
	}
	t, err := sink.Transform(f.Name, f.DeclaredCRS(), nil, layout.Sample())
	if err != nil {
		return err
	}
	m := &model{Builder: &inp.Builder{File: f, Layout: layout, Transform: t, Sink: sink, Network: o.Network, Nodes: map[string]inp.Node{}}, unit: foot, shapes: map[string]inp.Row{}, tags: map[string]string{}}
	if m.Network == "" {
		m.Network = "PS"
		sink.Note(formats.Row{File: f.Name, Reason: "the model does not say whether it carries rain, sewage or both: taken as drainage (PS); say which with --network YS, WS or HS"})
	}
	if err := m.options(); err != nil {
		return err
	}
	for _, r := range f.Sections["XSECTIONS"] {
		m.shapes[r.At(0)] = r
	}
	for _, r := range f.Sections["TAGS"] {
		m.tags[strings.ToUpper(r.At(0))+" "+r.At(1)] = r.At(2)
	}
	if err := m.nodes(); err != nil {
		return err
	}
	if err := m.links(); err != nil {
		return err
	}
	sink.Rows(len(m.Nodes)+len(m.shapes), done+1)
	return nil
}

// options reads the units: US customary for CFS, GPM and MGD, SI for CMS, LPS and MLD.
func (m *model) options() error {
	for _, r := range m.File.Sections["OPTIONS"] {
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
		depth   int // field of the depth, 0 for none
		kind    twin.Kind
		word    string
	}{{"JUNCTIONS", 2, twin.KindChamber, "检查井"}, {"DIVIDERS", 0, twin.KindChamber, "截流井"}, {"STORAGE", 2, twin.KindChamber, ""}, {"OUTFALLS", 0, twin.KindNode, "排水口"}} {
		for _, r := range m.File.Sections[s.section] {
			if err := m.node(r, s.section, s.depth, s.kind, s.word); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *model) node(r inp.Row, section string, depthField int, kind twin.Kind, word string) error {
	invert, err := inp.Number(r.At(1))
	if err != nil {
		return m.Refuse(r, section+" Elevation", r.At(1), err.Error())
	}
	invert *= m.unit
	ground := twin.Unknown()
	if depthField > 0 && r.At(depthField) != "" {
		d, err := inp.Number(r.At(depthField))
		if err != nil || d < 0 {
			return m.Refuse(r, section+" MaxDepth", r.At(depthField), fmt.Sprintf("%.60q is not a depth", r.At(depthField)))
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
	for _, r := range m.File.Sections["CONDUITS"] {
		if err := m.conduit(r); err != nil {
			return err
		}
	}
	for _, s := range [...]struct {
		section string
		offset  int // field of the height at the upper node, 0 for none
		shaped  bool
	}{{"PUMPS", 0, false}, {"ORIFICES", 4, true}, {"WEIRS", 4, true}, {"OUTLETS", 3, false}} {
		for _, r := range m.File.Sections[s.section] {
			if err := m.device(r, s.section, s.offset, s.shaped); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *model) conduit(r inp.Row) error {
	heights := [2]float64{twin.Unknown(), twin.Unknown()}
	for i := range heights {
		n, ok := m.Nodes[r.At(1+i)]
		if !ok {
			continue // Link refuses it
		}
		var err error
		if heights[i], err = m.height(n, r.At(5+i)); err != nil {
			return m.Refuse(r, [...]string{"CONDUITS InOffset", "CONDUITS OutOffset"}[i], r.At(5+i), err.Error())
		}
	}
	sec, note := m.section(r.At(0))
	if note != "" {
		m.Note(r, "XSECTIONS", m.shapes[r.At(0)].At(1), note)
	}
	return m.Link(r, heights[0], heights[1], func(a *twin.Asset) {
		a.Reference, a.Section = twin.RefInvert, sec
		m.attribute(a, "length", r.At(3), m.unit)
		m.attribute(a, "roughness", r.At(4), 1)
		if b := m.shapes[r.At(0)].At(6); b != "" && b != "1" {
			a.Attributes = append(a.Attributes, twin.Attr{Key: "barrels", Value: b})
		}
		m.tag(a, "LINK", r.At(0))
	})
}

// height is the invert of a link at a node: an offset above the node's invert, or a height of its own.
func (m *model) height(n inp.Node, offset string) (float64, error) {
	if offset == "" || offset == "*" {
		return n.Base, nil
	}
	v, err := inp.Number(offset)
	if err != nil {
		return 0, err
	}
	// SWMM takes −999 in SI and in feet for "no height given" in files of elevations.
	if m.elevations {
		if v <= -999 {
			return n.Base, nil
		}
		return v * m.unit, nil
	}
	return n.Base + v*m.unit, nil
}

func (m *model) attribute(a *twin.Asset, key, value string, unit float64) {
	if v, err := inp.Number(value); err == nil {
		a.Attributes = append(a.Attributes, twin.Attr{Key: key, Value: trim(v * unit)})
	}
}

func trim(v float64) string { return fmt.Sprintf("%g", math.Round(v*1e6)/1e6) }

func (m *model) device(r inp.Row, section string, offset int, shaped bool) error {
	h := twin.Unknown()
	if n, ok := m.Nodes[r.At(1)]; ok && offset > 0 {
		var err error
		if h, err = m.height(n, r.At(offset)); err != nil {
			return m.Refuse(r, section+" Offset", r.At(offset), err.Error())
		}
	}
	var sec geometry.Section
	if shaped {
		sec, _ = m.section(r.At(0))
	}
	return m.Link(r, h, h, func(a *twin.Asset) {
		a.Reference, a.Section = twin.RefInvert, sec
		a.Attributes = append(a.Attributes, twin.Attr{Key: "swmm", Value: strings.ToLower(strings.TrimSuffix(section, "S"))})
		if r.At(3) != "" {
			a.Attributes = append(a.Attributes, twin.Attr{Key: "type", Value: r.At(3)})
		}
		m.tag(a, "LINK", r.At(0))
	})
}
