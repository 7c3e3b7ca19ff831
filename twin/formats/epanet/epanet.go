// Package epanet reads water networks from models of EPANET 2. A model knows no depth of its pipes: it stays unknown.
package epanet

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

// Reader reads EPANET models (EPANET 2.2 user's manual, appendix C).
type Reader struct{}

var _ formats.Reader = Reader{}

// Name is what --format calls it.
func (Reader) Name() string { return "epanet" }

// Detect looks for sections that SWMM has not.
func (Reader) Detect(_ string, head []byte) int {
	up := bytes.ToUpper(head)
	for _, s := range [...]string{"[CONDUITS]", "[XSECTIONS]", "FLOW_UNITS", "[SUBCATCHMENTS]"} {
		if bytes.Contains(up, []byte(s)) {
			return 0
		}
	}
	n := 0
	for _, s := range [...]string{"[PIPES]", "[JUNCTIONS]", "[RESERVOIRS]", "[TANKS]", "[DEMANDS]", "[EMITTERS]", "[ENERGY]"} {
		if bytes.Contains(up, []byte(s)) {
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return min(95, 50+10*n)
}

var sections = []string{"OPTIONS", "JUNCTIONS", "RESERVOIRS", "TANKS", "PIPES", "PUMPS", "VALVES", "STATUS", "COORDINATES", "VERTICES", "TAGS"}

// Read reads each file as a model of its own.
func (Reader) Read(ctx context.Context, files []formats.File, o formats.Options, sink formats.Sink) error {
	for i, f := range files {
		file, err := inp.Read(ctx, f, sections...)
		if err != nil {
			return err
		}
		if err := read(file, o, sink, float64(i+1)/float64(len(files))); err != nil {
			return err
		}
	}
	return nil
}

type model struct {
	*inp.Builder
	length float64 // metres a unit of length and height
	size   float64 // metres a unit of diameter
	status map[string]string
	tags   map[string]string
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
	m := &model{Builder: &inp.Builder{File: f, Layout: layout, Transform: t, Sink: sink, Network: o.Network, Nodes: map[string]inp.Node{}}, status: map[string]string{}, tags: map[string]string{}}
	if m.Network == "" {
		m.Network = "JS"
	}
	if m.length, m.size, err = units(f); err != nil {
		return err
	}
	for _, r := range f.Sections["STATUS"] {
		m.status[r.At(0)] = r.At(1)
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
	sink.Rows(len(m.Nodes)+len(f.Sections["PIPES"]), done)
	return nil
}

// units are feet and inches for the flow units of US custom, metres and millimetres for the others; GPM where the file does not say.
func units(f *inp.File) (length, size float64, err error) {
	const foot, inch, mm = 0.3048, 0.0254, 0.001
	for _, r := range f.Sections["OPTIONS"] {
		if !strings.EqualFold(r.At(0), "UNITS") {
			continue
		}
		switch strings.ToUpper(r.At(1)) {
		case "CFS", "GPM", "MGD", "IMGD", "AFD":
			return foot, inch, nil
		case "LPS", "LPM", "MLD", "CMH", "CMD", "CMS", "SI":
			return 1, mm, nil
		}
		return 0, 0, twin.Errorf(twin.Invalid, "%s, line %d, UNITS %q: not a flow unit of EPANET", f.Name, r.Line, r.At(1))
	}
	return foot, inch, nil
}

func (m *model) nodes() error {
	for _, s := range [...]struct{ section, word, kind string }{{"JUNCTIONS", "", "junction"}, {"TANKS", "水池", "tank"}, {"RESERVOIRS", "水池", "reservoir"}} {
		for _, r := range m.File.Sections[s.section] {
			h, err := inp.Number(r.At(1))
			if err != nil {
				if err := m.Refuse(r, s.section+" Elevation", r.At(1), err.Error()); err != nil {
					return err
				}
				continue
			}
			ground := h * m.length
			if s.kind == "reservoir" {
				ground = twin.Unknown() // its number is a head, not a place
			}
			if err := m.Put(r, twin.KindNode, ground, twin.Unknown(), func(a *twin.Asset) { m.fillNode(a, r, s.kind, s.word, h*m.length) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// fillNode keeps the elevation as an attribute. It is taken for the ground only as an assumption: EPANET asks for the height of the node.
func (m *model) fillNode(a *twin.Asset, r inp.Row, kind, word string, elevation float64) {
	a.Appurtenance = word
	if !twin.IsUnknown(a.Ground[0]) {
		a.Assumed |= twin.AssumedGround
	}
	a.Attributes = append(a.Attributes, twin.Attr{Key: "type", Value: kind}, twin.Attr{Key: "elevation", Value: Metres(elevation)})
	m.tag(a, "NODE", r.At(0))
}

// Metres writes a length of a model as an attribute.
func Metres(v float64) string { return fmt.Sprintf("%g", math.Round(v*1e4)/1e4) }

func (m *model) tag(a *twin.Asset, what, number string) {
	if t := m.tags[what+" "+number]; t != "" {
		a.Attributes = append(a.Attributes, twin.Attr{Key: "tag", Value: t})
	}
}

func (m *model) links() error {
	for _, s := range [...]struct {
		section string
		size    int // field of the diameter, 0 for none
	}{{"PIPES", 4}, {"PUMPS", 0}, {"VALVES", 3}} {
		for _, r := range m.File.Sections[s.section] {
			if err := m.link(r, s.section, s.size); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *model) link(r inp.Row, section string, field int) error {
	var sec geometry.Section
	if field > 0 {
		d, err := inp.Number(r.At(field))
		if err != nil || d < 0 {
			return m.Refuse(r, section+" Diameter", r.At(field), fmt.Sprintf("%.60q is not a diameter", r.At(field)))
		}
		if d > 0 {
			sec = geometry.Round(d*m.size, 0)
		} else {
			m.Note(r, section+" Diameter", r.At(field), "0 is no size: unknown")
		}
	}
	return m.Link(r, twin.Unknown(), twin.Unknown(), func(a *twin.Asset) {
		a.Section, a.Reference = sec, twin.RefCrown
		if !twin.IsUnknown(a.Ground[0]) || !twin.IsUnknown(a.Ground[len(a.Ground)-1]) {
			a.Assumed |= twin.AssumedGround
		}
		m.fillLink(a, r, section)
	})
}

func (m *model) fillLink(a *twin.Asset, r inp.Row, section string) {
	add := func(k, v string) { a.Attributes = append(a.Attributes, twin.Attr{Key: k, Value: v}) }
	status := m.status[r.At(0)]
	switch section {
	case "PIPES":
		add("type", "pipe")
		if l, err := inp.Number(r.At(3)); err == nil {
			add("length", Metres(l*m.length))
		}
		if v, err := inp.Number(r.At(5)); err == nil {
			add("roughness", fmt.Sprintf("%g", v))
		}
		if status == "" {
			status = r.At(7)
		}
	case "PUMPS":
		a.Appurtenance = "泵站"
		add("type", "pump")
		add("pump", strings.Join(r.Fields[min(3, len(r.Fields)):], " "))
	case "VALVES":
		a.Appurtenance = "阀门"
		add("type", "valve")
		add("valve", r.At(4))
		add("setting", r.At(5))
	}
	if status != "" {
		add("status", strings.ToLower(status))
	}
	m.tag(a, "LINK", r.At(0))
}
