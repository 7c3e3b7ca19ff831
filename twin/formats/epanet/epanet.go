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
	for _, s := range [...]string{"[COND", "[XSECT", "FLOW_UNITS", "[SUBCATCH", "[RAINGAGE"} {
		if bytes.Contains(up, []byte(s)) {
			return 0
		}
	}
	n := 0
	for _, s := range [...]string{"[PIPE", "[RESE", "[TANK", "[DEMA", "[EMIT", "[ENER", "[VALV"} {
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
	return inp.ReadAll(ctx, files, sink, sections, func(f *inp.File, done func(rows int)) error { return read(f, o, sink, done) })
}

type model struct {
	*inp.Builder
	done   func(rows int)
	length float64 // metres a unit of length and height
	size   float64 // metres a unit of diameter
	status map[string]string
	tags   map[string]string
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
	m := &model{Builder: inp.NewBuilder(f, layout, t, sink, "PIPES", "PUMPS", "VALVES"), done: done, status: map[string]string{}, tags: map[string]string{}}
	if m.Network = o.Network; m.Network == "" {
		m.Network = "JS"
	}
	if m.length, m.size, err = units(f); err != nil {
		return err
	}
	for r := range f.Take("STATUS") {
		m.status[r.At(0)] = r.At(1)
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

// units are feet and inches for the flow units of US custom, metres and millimetres for the others; GPM where the file does not say.
func units(f *inp.File) (length, size float64, err error) {
	const foot, inch, mm = 0.3048, 0.0254, 0.001
	for r := range f.Take("OPTIONS") {
		if !strings.EqualFold(r.At(0), "UNITS") {
			continue
		}
		switch strings.ToUpper(r.At(1)) {
		case "CFS", "GPM", "MGD", "IMGD", "AFD":
			return foot, inch, nil
		case "LPS", "LPM", "MLD", "CMH", "CMD", "CMS", "SI":
			return 1, mm, nil
		}
		return 0, 0, twin.Errorf(twin.Invalid, "%s, line %d, UNITS %q: not a flow unit of EPANET", f.Name, r.Line, r.At(1)).WithHint("write one of CFS, GPM, MGD, IMGD, AFD, LPS, LPM, MLD, CMH, CMD, CMS")
	}
	return foot, inch, nil
}

func (m *model) nodes() error {
	for _, s := range [...]struct{ section, word, kind string }{{"JUNCTIONS", "", "junction"}, {"TANKS", "水池", "tank"}, {"RESERVOIRS", "水池", "reservoir"}} {
		for r := range m.File.Take(s.section) {
			if err := m.node(r, s.section, s.kind, s.word); err != nil {
				return err
			}
			m.done(1)
		}
	}
	return nil
}

// node reads name and elevation. EPANET takes a junction without an elevation to lie at 0, a map has it unknown.
func (m *model) node(r inp.Row, section, kind, word string) error {
	h := twin.Unknown()
	if v := r.At(1); v != "" {
		n, err := inp.Number(v)
		if err != nil {
			return m.Lose(r, section+" Elevation", v, "not a number; write the height of the node")
		}
		h = n * m.length
	}
	ground := h
	if kind == "reservoir" {
		ground = twin.Unknown() // its number is a head, not a place
	}
	return m.Put(r, twin.KindNode, ground, twin.Unknown(), func(a *twin.Asset) { m.fillNode(a, r, kind, word, h) })
}

// fillNode keeps the elevation as an attribute. It is taken for the ground only as an assumption: EPANET asks for the height of the node.
func (m *model) fillNode(a *twin.Asset, r inp.Row, kind, word string, elevation float64) {
	a.Appurtenance = word
	if !twin.IsUnknown(a.Ground[0]) {
		a.Assumed |= twin.AssumedGround
	}
	a.Attributes = append(a.Attributes, twin.Attr{Key: "type", Value: kind})
	if !twin.IsUnknown(elevation) {
		a.Attributes = append(a.Attributes, twin.Attr{Key: "elevation", Value: Metres(elevation)})
	}
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
		for r := range m.File.Take(s.section) {
			if err := m.link(r, s.section, s.size); err != nil {
				return err
			}
			m.done(1)
		}
	}
	return nil
}

func (m *model) link(r inp.Row, section string, field int) error {
	var sec geometry.Section
	if field > 0 {
		d, err := inp.Number(r.At(field))
		if err != nil || d < 0 {
			return m.Refuse(r, section+" Diameter", r.At(field), "not a diameter of 0 or more")
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
		formats.Even(a.Line, a.Ground)
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
		add("pump", r.From(3))
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
