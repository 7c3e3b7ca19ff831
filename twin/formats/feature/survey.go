package feature

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// survey is the files of one command on their way into the twin.
type survey struct {
	ctx    context.Context
	o      formats.Options
	sink   formats.Sink
	source string
	each   Each
	fields fields
	nodes  nodes
	metres bool // diameters are in metres
	model  bool // the properties are those of a water model
	flatZ  bool // every Z is 0, or most are: unknown
	keys   map[string]bool
	told   map[string]bool           // layers and words whose network was noted as unknown
	t      map[string]*crs.Transform // by label of the layer
}

// Read looks through all files first, so that links find their ends whatever the order, and then takes the features. source is the name
// of the format, which the quality of the assets names as its source.
func Read(ctx context.Context, source string, each Each, files []formats.File, o formats.Options, sink formats.Sink) error {
	s := &survey{ctx: ctx, o: o, sink: sink, source: source, each: each, fields: newFields(sink.Catalog(), o.Mapping), nodes: newNodes(), keys: map[string]bool{}, told: map[string]bool{}, t: map[string]*crs.Transform{}}
	if err := s.look(files); err != nil {
		return err
	}
	for _, f := range files {
		n := 0
		err := each(ctx, f, func(l *Layer, ft *Feature) error {
			if n++; n%1000 == 0 {
				sink.Rows(1000, -1)
			}
			return s.take(l, ft)
		})
		if err != nil {
			return err
		}
		sink.Rows(n%1000, -1)
	}
	return nil
}

// maxSample is how many positions of a layer are checked against its CRS.
const maxSample = 5000

// seen is what a first look at a layer finds.
type seen struct {
	layer  *Layer
	sample [][2]float64
}

// look finds the nodes, the unit of the diameters, whether heights mean anything, and each layer's CRS.
func (s *survey) look(files []formats.File) error {
	var z formats.Zeros
	biggest := 0.0
	for _, f := range files {
		var layers []*seen
		err := s.each(s.ctx, f, func(l *Layer, ft *Feature) error {
			if len(layers) == 0 || layers[len(layers)-1].layer.label() != l.label() {
				layers = append(layers, &seen{layer: l})
			}
			layers[len(layers)-1].layer = l
			layers[len(layers)-1].positions(ft, &z)
			for k := range ft.Props {
				if len(s.keys) < 5000 {
					s.keys[k] = true
				}
			}
			p := s.fields.of(ft)
			// A tank's diameter says nothing about those of pipes.
			if v, err := strconv.ParseFloat(p.get("size"), 64); err == nil && (ft.Geom.Kind == "LineString" || p.get("from") != "") {
				biggest = max(biggest, v)
			}
			z.Ground(s.ground(p))
			s.lookAtNode(l, ft, p)
			return nil
		})
		if err != nil {
			return err
		}
		for _, l := range layers {
			if l.layer.Stranger != "" && s.o.CRS == nil {
				return twin.Errorf(twin.Invalid, "%s: %s", l.layer.label(), l.layer.Stranger).WithHint("say which CRS it is with --crs EPSG:n, or save the layer in another")
			}
			if s.t[l.layer.label()], err = s.sink.Transform(l.layer.label(), l.layer.CRS, nil, l.sample); err != nil {
				return err
			}
		}
	}
	if s.flatZ = z.Filled(); s.flatZ {
		s.sink.Note(z.Note(files[0].Name, "Z"))
	}
	s.metres = biggest > 0 && biggest < 5
	s.model = s.keys["base_demand"] || s.keys["start_node_name"] || s.keys["base_head"] || s.keys["roughness"]
	return nil
}

// positions counts heights and keeps some places to check the CRS with.
func (l *seen) positions(ft *Feature, z *formats.Zeros) {
	for _, part := range ft.Geom.Parts {
		for _, p := range part {
			if len(l.sample) < maxSample {
				l.sample = append(l.sample, [2]float64{p.X, p.Y})
			}
			if p.HasZ {
				z.Height(p.Z)
			}
		}
	}
}

func (s *survey) lookAtNode(l *Layer, ft *Feature, p props) {
	num := p.get("number")
	if ft.Geom.Kind != "Point" || p.get("from") != "" || num == "" || len(ft.Geom.Parts) == 0 {
		return
	}
	code := s.ownNetwork(l, p)
	for i, part := range ft.Geom.Parts {
		if len(part) > 0 {
			s.nodes.add(numberOf(num, i), code, node{layer: l, x: part[0].X, y: part[0].Y, ground: s.ground(p)})
		}
	}
}

// ground is the ground at a point: a ground height, or the elevation of a model's node, which is only taken for it.
func (s *survey) ground(p props) float64 {
	for _, f := range [...]string{"ground", "elevation"} {
		if v, err := strconv.ParseFloat(p.get(f), 64); err == nil && !math.IsInf(v, 0) && !math.IsNaN(v) {
			return v
		}
	}
	return twin.Unknown()
}

func (s *survey) row(l *Layer, ft *Feature, field, value, reason string) formats.Row {
	file := l.label()
	if ft.Place != "" {
		file += " [" + ft.Place + "]"
	}
	return formats.Row{File: file, Line: ft.Line, Field: field, Value: value, Reason: reason}
}

// take hands over one feature.
func (s *survey) take(l *Layer, ft *Feature) error {
	p := s.fields.of(ft)
	if ft.Fault != nil {
		return s.sink.Refuse(s.row(l, ft, "geometry", "", ft.Fault.Error()))
	}
	if ft.Geom.Kind == "" || !slices.ContainsFunc(ft.Geom.Parts, func(part []Position) bool { return len(part) > 0 }) {
		return s.sink.Refuse(s.row(l, ft, "geometry", "", "the feature has no point, line or polygon"))
	}
	n, known := s.network(l, p)
	if !known {
		s.noteNetwork(l, ft, p)
	}
	point := ft.Geom.Kind == "Point" && p.get("from") == ""
	num := p.get("number")
	if num == "" && !point {
		num = p.get("segmentId")
	}
	for i, part := range ft.Geom.Parts {
		if len(part) == 0 {
			continue // an empty part of several
		}
		k := link{number: numberOf(num, i), part: i, positions: part}
		put := s.line
		switch {
		case point:
			put = s.point
		case ft.Geom.Kind == "Polygon":
			put = s.zone
		}
		if err := put(l, ft, p, n, k); err != nil {
			return err
		}
	}
	return nil
}

// numberOf is the number of a part of a feature: the first has the feature's own.
func numberOf(num string, part int) string {
	if part == 0 || num == "" {
		return num
	}
	return fmt.Sprintf("%s.%d", num, part+1)
}

// noteNetwork says once of each layer, and of each word that means nothing, that a network is missing.
func (s *survey) noteNetwork(l *Layer, ft *Feature, p props) {
	const most = 1000 // words
	word := p.get("network")
	told := l.label() + "\x00" + word
	if s.told[told] || len(s.told) >= most {
		return
	}
	s.told[told] = true
	reason := "nothing says which network the layer belongs to: it is taken as unknown lines; say which with --network, or name the layer or a column network after it"
	if word != "" {
		reason = "not a network of the catalog: what has this word is taken as unknown lines; say which with --network"
	}
	s.sink.Note(s.row(l, ft, p.name("network"), word, reason))
}

// ownNetwork is the code of the network that a feature's own word, the command, or the name of its layer or file says; "" for none.
func (s *survey) ownNetwork(l *Layer, p props) string {
	c := s.sink.Catalog()
	if n, ok := c.NetworkByWord(p.get("network")); ok && p.get("network") != "" {
		return n.Code
	}
	if n, ok := c.Network(s.o.Network); ok {
		return n.Code
	}
	return networkIn(c, l.title())
}

// everyday are English words for networks that layers are named after, beside the names of the catalog.
var everyday = map[string]string{
	"water": "JS", "watermain": "JS", "watermains": "JS", "potable": "JS", "sewer": "WS", "sewers": "WS", "sewerage": "WS", "sewage": "WS", "wastewater": "WS", "foul": "WS", "sanitary": "WS",
	"storm": "YS", "stormwater": "YS", "rainwater": "YS", "gas": "RQ", "power": "DL", "electric": "DL", "electricity": "DL", "telecom": "TX", "telecoms": "TX", "heat": "RL", "heating": "RL",
}

// networkIn is the code of the network that the name of a layer or file says ("JS_LINE", "water mains", "污水管线"), "" for none. Storm water is no water
// main, so water gives way to any other word.
func networkIn(c *twin.Catalog, title string) string {
	words := append([]string{title}, strings.FieldsFunc(title, func(r rune) bool { return strings.ContainsRune("_-. ()（）", r) })...)
	for _, w := range words {
		if n, ok := c.NetworkByWord(w); ok {
			return n.Code
		}
	}
	code := ""
	for _, w := range words {
		switch found := everyday[strings.ToLower(w)]; {
		case found == "":
		case code == "" || code == "JS":
			code = found
		case found != "JS" && found != code:
			return "" // it names two
		}
	}
	if _, ok := c.Network(code); !ok {
		return ""
	}
	return code
}

// otherNetwork is the network of what does not say its own: water in a water model.
func (s *survey) otherNetwork() string {
	if s.model {
		return "JS"
	}
	return twin.UnknownNetwork
}

func (s *survey) network(l *Layer, p props) (twin.Network, bool) {
	code := s.ownNetwork(l, p)
	known := code != "" || s.model
	if code == "" {
		code = s.otherNetwork()
	}
	n, _ := s.sink.Catalog().Network(code)
	return n, known
}

var errPlace = errors.New("place")

// places turns positions into the plane; a height that means nothing is unknown.
func (s *survey) places(l *Layer, ft *Feature, part []Position) ([]geometry.Point, error) {
	t := s.t[l.label()]
	line := make([]geometry.Point, 0, len(part))
	for _, q := range part {
		e, n, err := t.Point(q.X, q.Y)
		if err != nil {
			return nil, errors.Join(errPlace, s.sink.Refuse(s.row(l, ft, "coordinates", fmt.Sprintf("%.12g, %.12g", q.X, q.Y), err.Error())))
		}
		h := twin.Unknown()
		if q.HasZ && !(s.flatZ && q.Z == 0) {
			h = q.Z
		}
		line = append(line, geometry.Point{E: e, N: n, H: h})
	}
	return line, nil
}

// placeError passes on only what must stop the reading: the refusal itself has been recorded.
func placeError(err error) error {
	var stop *twin.Error
	if errors.As(err, &stop) {
		return stop
	}
	return nil
}

func (s *survey) asset(l *Layer, p props, n twin.Network, kind twin.Kind) *twin.Asset {
	a := &twin.Asset{Kind: kind, Network: n.Code, Name: p.get("title"), Owner: p.get("owner"), Road: p.get("road"), Feature: p.get("feature"), Appurtenance: p.get("appurtenance"),
		Status: twin.StatusInService, Installed: p.get("builtYear"), Bottom: twin.Unknown(), Quality: twin.Quality{Source: s.source}, Attributes: p.others()}
	if st, ok := twin.ParseStatus(p.get("state")); ok {
		a.Status = st
	}
	a.Secrecy = formats.Secrecy(p.get("secrecy"))
	if lv, ok := twin.ParseLevel(p.get("quality")); ok {
		a.Quality.Level = lv
	}
	if w := p.get("material"); w != "" {
		if m, ok := s.sink.Catalog().Material(w); !ok {
			a.Material = w
		} else if m.Code != "UNK" {
			a.Material = m.Code
		}
	}
	if s.t[l.label()].Schematic() {
		a.Assumed |= twin.AssumedPosition
	}
	return a
}

func (s *survey) point(l *Layer, ft *Feature, p props, n twin.Network, k link) error {
	num := k.number
	if num != "" {
		if !s.nodes.take(num, s.ownNetwork(l, p)) {
			return s.sink.Refuse(s.row(l, ft, p.name("number"), num, "the number stands twice; keep one of the two"))
		}
	}
	line, err := s.places(l, ft, k.positions)
	if err != nil {
		return placeError(err)
	}
	a := s.asset(l, p, n, twin.KindNode)
	a.SourceNumber = num
	if a.ID = twin.NewID(n.Code, num); num == "" {
		a.ID = twin.NewID(n.Code, numberOf(ft.Row, k.part))
	}
	a.Line, a.Ground = line, []float64{s.ground(p)}
	if p.get("ground") == "" && !twin.IsUnknown(a.Ground[0]) {
		a.Assumed |= twin.AssumedGround
	}
	if v := p.get("ground"); v != "" && twin.IsUnknown(a.Ground[0]) {
		s.sink.Note(s.row(l, ft, p.name("ground"), v, "not a height in metres: the ground is unknown"))
	}
	for _, w := range [...]string{a.Appurtenance, a.Feature} {
		if fe, ok := s.sink.Catalog().PointFeature(n.Code, w); ok && fe.Kind == twin.KindChamber {
			a.Kind, a.Line[0].H = twin.KindChamber, a.Ground[0]
		}
	}
	return s.sink.Asset(a, s.row(l, ft, "", num, ""))
}

func (s *survey) zone(l *Layer, ft *Feature, p props, n twin.Network, k link) error {
	line, err := s.places(l, ft, k.positions)
	if err != nil {
		return placeError(err)
	}
	a := s.asset(l, p, n, twin.KindZone)
	a.SourceNumber = k.number
	if a.ID = twin.NewID(n.Code, k.number); k.number == "" {
		a.ID = twin.NewID(n.Code, numberOf(ft.Row, k.part))
	}
	a.Line = line
	return s.sink.Asset(a, s.row(l, ft, "", a.SourceNumber, ""))
}
