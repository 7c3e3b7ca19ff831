// Package geojson reads networks from GeoJSON: points and lines with heights where they have them, properties under the names of surveys,
// of water models or in English.
package geojson

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// Reader reads GeoJSON (RFC 7946, and the crs member of the 2008 edition).
type Reader struct{}

var _ formats.Reader = Reader{}

// Name is what --format calls it.
func (Reader) Name() string { return "geojson" }

// Detect looks for the words of GeoJSON in an object.
func (Reader) Detect(_ string, head []byte) int {
	t := bytes.TrimSpace(bytes.TrimPrefix(head, []byte{0xef, 0xbb, 0xbf}))
	if !bytes.HasPrefix(t, []byte("{")) {
		return 0
	}
	for _, w := range [...]string{`"FeatureCollection"`, `"Feature"`, `"coordinates"`} {
		if bytes.Contains(t, []byte(w)) {
			return 85
		}
	}
	return 10
}

// survey is the files of one command on their way into the twin.
type survey struct {
	ctx    context.Context
	o      formats.Options
	sink   formats.Sink
	fields fields
	nodes  map[string]node // by number
	metres bool            // diameters are in metres
	model  bool            // the properties are those of a water model
	flatZ  bool            // every Z is 0, or most are: unknown
	anyZ   bool
	keys   map[string]bool
	t      map[string]*crs.Transform // by file
}

// node is what links need of a point.
type node struct {
	x, y   float64
	file   string
	ground float64
	taken  bool // handed over
}

// Read looks through all files first, so that links find their ends whatever the order, and then takes the features.
func (Reader) Read(ctx context.Context, files []formats.File, o formats.Options, sink formats.Sink) error {
	s := &survey{ctx: ctx, o: o, sink: sink, fields: newFields(sink.Catalog()), nodes: map[string]node{}, keys: map[string]bool{}, t: map[string]*crs.Transform{}}
	if err := s.look(files); err != nil {
		return err
	}
	for i, f := range files {
		n := 0
		err := each(ctx, f, func(_ *reading, ft *feature) error {
			if n++; n%1000 == 0 {
				sink.Rows(1000, (float64(i)+0.5)/float64(len(files)))
			}
			return s.take(f, ft)
		})
		if err != nil {
			return err
		}
		sink.Rows(n%1000, float64(i+1)/float64(len(files)))
	}
	return nil
}

// maxSample is how many positions of a file are checked against its CRS.
const maxSample = 5000

// look finds the nodes, the unit of the diameters, whether heights mean anything, and each file's CRS.
func (s *survey) look(files []formats.File) error {
	zeros, heights := 0, 0
	biggest := 0.0
	for _, f := range files {
		var sample [][2]float64
		var declared *crs.CRS
		err := each(s.ctx, f, func(r *reading, ft *feature) error {
			declared = r.crs
			for _, part := range ft.geom.parts {
				for _, p := range part {
					if len(sample) < maxSample {
						sample = append(sample, [2]float64{p.x, p.y})
					}
					if p.hasZ && p.z == 0 {
						zeros++
					} else if p.hasZ {
						heights++
					}
				}
			}
			for k := range ft.props {
				if len(s.keys) < 5000 {
					s.keys[k] = true
				}
			}
			p := s.fields.of(ft)
			// A tank's diameter says nothing about those of pipes.
			if v, err := strconv.ParseFloat(p.get("size"), 64); err == nil && (ft.geom.kind == "LineString" || p.get("from") != "") {
				biggest = max(biggest, v)
			}
			if ft.geom.kind == "Point" && p.get("from") == "" {
				if num := p.get("number"); num != "" {
					q := ft.geom.parts[0][0]
					s.nodes[num] = node{x: q.x, y: q.y, file: f.Name, ground: s.ground(p)}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if declared == nil {
			if declared, err = crs.Parse("OGC:CRS84"); err != nil { // RFC 7946, 4
				return err
			}
		}
		if s.t[f.Name], err = s.sink.Transform(f.Name, declared, nil, sample); err != nil {
			return err
		}
	}
	s.anyZ = zeros+heights > 0
	s.flatZ = zeros > heights
	if s.flatZ && zeros > 0 {
		s.sink.Note(formats.Row{File: files[0].Name, Field: "Z", Value: "0", Reason: fmt.Sprintf("%d of %d heights are exactly 0, which cannot be meant: they are taken as unknown", zeros, zeros+heights)})
	}
	s.metres = biggest > 0 && biggest < 5
	s.model = s.keys["base_demand"] || s.keys["start_node_name"] || s.keys["base_head"] || s.keys["roughness"]
	return nil
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

func (s *survey) row(f formats.File, ft *feature, field, value, reason string) formats.Row {
	return formats.Row{File: f.Name, Line: ft.line, Field: field, Value: value, Reason: reason}
}

// take hands over one feature.
func (s *survey) take(f formats.File, ft *feature) error {
	p := s.fields.of(ft)
	num := p.get("number")
	if ft.geom.kind == "" {
		return s.sink.Refuse(s.row(f, ft, "geometry", "", "the feature has no point, line or polygon"))
	}
	n, known := s.network(f, p)
	if !known {
		s.sink.Note(s.row(f, ft, "network", p.get("network"), "nothing says which network it belongs to: taken as an unknown line; say which with --network"))
	}
	switch {
	case ft.geom.kind == "Point" && p.get("from") == "":
		return s.point(f, ft, p, n, num)
	case ft.geom.kind == "Polygon":
		return s.zone(f, ft, p, n, num)
	}
	for i, part := range ft.geom.parts {
		number := num
		if i > 0 {
			number = fmt.Sprintf("%s.%d", num, i+1)
		}
		if err := s.line(f, ft, p, n, number, part); err != nil {
			return err
		}
	}
	return nil
}

// network is the network of a feature: its own word, what the command says, the file's name, water for a water model.
func (s *survey) network(f formats.File, p props) (twin.Network, bool) {
	c := s.sink.Catalog()
	if n, ok := c.NetworkByWord(p.get("network")); ok && p.get("network") != "" {
		return n, true
	}
	if n, ok := c.Network(s.o.Network); ok {
		return n, true
	}
	if n, ok := c.NetworkByWord(strings.TrimSuffix(f.Name, filepath.Ext(f.Name))); ok {
		return n, true
	}
	if s.model {
		n, _ := c.Network("JS")
		return n, true
	}
	n, _ := c.Network(twin.UnknownNetwork)
	return n, false
}

var errPlace = errors.New("place")

// places turns positions into the plane; a height that means nothing is unknown.
func (s *survey) places(f formats.File, ft *feature, part []position) ([]geometry.Point, error) {
	t := s.t[f.Name]
	line := make([]geometry.Point, 0, len(part))
	for _, q := range part {
		e, n, err := t.Point(q.x, q.y)
		if err != nil {
			return nil, errors.Join(errPlace, s.sink.Refuse(s.row(f, ft, "coordinates", fmt.Sprintf("%g, %g", q.x, q.y), err.Error())))
		}
		h := twin.Unknown()
		if q.hasZ && !(s.flatZ && q.z == 0) {
			h = q.z
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

func (s *survey) asset(f formats.File, p props, n twin.Network, id, num string, kind twin.Kind) *twin.Asset {
	a := &twin.Asset{ID: id, SourceNumber: num, Kind: kind, Network: n.Code, Name: p.get("title"), Owner: p.get("owner"), Road: p.get("road"), Feature: p.get("feature"), Appurtenance: p.get("appurtenance"),
		Status: twin.StatusInService, Installed: p.get("builtYear"), Bottom: twin.Unknown(), Quality: twin.Quality{Source: "GeoJSON"}, Attributes: p.others()}
	if st, ok := twin.ParseStatus(p.get("state")); ok {
		a.Status = st
	}
	if l, ok := twin.ParseLevel(p.get("quality")); ok {
		a.Quality.Level = l
	}
	if w := p.get("material"); w != "" {
		if m, ok := s.sink.Catalog().Material(w); !ok {
			a.Material = w
		} else if m.Code != "UNK" {
			a.Material = m.Code
		}
	}
	if s.t[f.Name].Schematic() {
		a.Assumed |= twin.AssumedPosition
	}
	return a
}

func (s *survey) point(f formats.File, ft *feature, p props, n twin.Network, num string) error {
	if num == "" {
		return s.sink.Refuse(s.row(f, ft, "id", "", "the point has no id, name or number"))
	}
	if nd := s.nodes[num]; nd.taken {
		return s.sink.Refuse(s.row(f, ft, "id", num, "the number stands twice; keep one of the two"))
	} else {
		nd.taken = true
		s.nodes[num] = nd
	}
	line, err := s.places(f, ft, ft.geom.parts[0])
	if err != nil {
		return placeError(err)
	}
	a := s.asset(f, p, n, twin.NewID(n.Code, num), num, twin.KindNode)
	a.Line, a.Ground = line, []float64{s.ground(p)}
	if p.get("ground") == "" && !twin.IsUnknown(a.Ground[0]) {
		a.Assumed |= twin.AssumedGround
	}
	for _, w := range [...]string{a.Appurtenance, a.Feature} {
		if fe, ok := s.sink.Catalog().PointFeature(n.Code, w); ok && fe.Kind == twin.KindChamber {
			a.Kind, a.Line[0].H = twin.KindChamber, a.Ground[0]
		}
	}
	return s.sink.Asset(a, s.row(f, ft, "", num, ""))
}

func (s *survey) zone(f formats.File, ft *feature, p props, n twin.Network, num string) error {
	line, err := s.places(f, ft, ft.geom.parts[0])
	if err != nil {
		return placeError(err)
	}
	if num == "" {
		num = fmt.Sprintf("%s.%d", strings.TrimSuffix(f.Name, filepath.Ext(f.Name)), ft.line)
	}
	a := s.asset(f, p, n, twin.NewID(n.Code, num), num, twin.KindZone)
	a.Line = line
	return s.sink.Asset(a, s.row(f, ft, "", num, ""))
}

// line takes a line, or a link that is only a point between two nodes (a pump of a water model).
func (s *survey) line(f formats.File, ft *feature, p props, n twin.Network, num string, part []position) error {
	from, to := p.get("from"), p.get("to")
	var ends [2]node
	var ids [2]twin.ID
	for i, e := range [...]struct{ field, num string }{{"from", from}, {"to", to}} {
		if e.num == "" {
			continue
		}
		nd, ok := s.nodes[e.num]
		if !ok {
			if _, there := s.sink.Find(twin.NewID(n.Code, e.num)); !there {
				return s.sink.Refuse(s.row(f, ft, p.name(e.field), e.num, "there is no such node in the files or in the installation; add it, or correct the name"))
			}
			nd.ground = twin.Unknown()
		}
		ends[i], ids[i] = nd, twin.NewID(n.Code, e.num)
	}
	if ft.geom.kind == "Point" {
		if ids[0] == "" || ids[1] == "" || ends[0].file == "" || ends[1].file == "" {
			return s.sink.Refuse(s.row(f, ft, "geometry", "Point", "a link without a line needs both its nodes in the files"))
		}
		part = []position{{x: ends[0].x, y: ends[0].y}, {x: ends[1].x, y: ends[1].y}}
	}
	line, err := s.places(f, ft, part)
	if err != nil {
		return placeError(err)
	}
	id, err := s.lineID(n, num, from, to, f, ft)
	if err != nil {
		return s.sink.Refuse(s.row(f, ft, "id", "", err.Error()))
	}
	a := s.asset(f, p, n, id, num, twin.KindSegment)
	a.From, a.To, a.Line, a.Reference = ids[0], ids[1], line, twin.RefAxis
	a.Ground = make([]float64, len(line))
	for i := range a.Ground {
		a.Ground[i] = twin.Unknown()
	}
	if k := len(line) - 1; k > 0 {
		for i, e := range [...]int{0, k} {
			if ids[i] != "" {
				a.Ground[e] = ends[i].ground
			}
			if !twin.IsUnknown(a.Ground[e]) && s.model {
				a.Assumed |= twin.AssumedGround
			}
		}
	}
	s.heights(p, n, a)
	s.size(f, ft, p, a)
	return s.sink.Asset(a, s.row(f, ft, "", num, ""))
}

// lineID names a line by its number, or by its ends where it has none or a node has the same.
func (s *survey) lineID(n twin.Network, num, from, to string, f formats.File, ft *feature) (twin.ID, error) {
	_, taken := s.nodes[num]
	switch {
	case num != "" && !taken:
		return twin.NewID(n.Code, num), nil
	case from != "" && to != "":
		return twin.NewSegmentID(n.Code, from, to), nil
	case num == "":
		return twin.NewID(n.Code, fmt.Sprintf("%s.%d", strings.TrimSuffix(f.Name, filepath.Ext(f.Name)), ft.line)), nil
	}
	return "", errors.New("a point has the same number, and the line does not name its ends")
}

// heights takes inverts and depths from the properties where the line itself has no heights.
func (s *survey) heights(p props, n twin.Network, a *twin.Asset) {
	last := len(a.Line) - 1
	for i, f := range [...][2]string{{"fromHeight", "fromDepth"}, {"toHeight", "toDepth"}} {
		at := i * last
		if !twin.IsUnknown(a.Line[at].H) {
			return
		}
		if h, err := strconv.ParseFloat(p.get(f[0]), 64); err == nil {
			a.Line[at].H, a.Reference = h, n.SurveyedTo
		} else if d, err := strconv.ParseFloat(p.get(f[1]), 64); err == nil && d > 0 {
			a.Line[at].H, a.Reference = a.Ground[at]-d, n.SurveyedTo
		}
	}
}

// size reads the diameter: metres where every number of the files is below 5, millimetres else.
func (s *survey) size(f formats.File, ft *feature, p props, a *twin.Asset) {
	text := p.get("size")
	if text == "" {
		return
	}
	if v, err := strconv.ParseFloat(text, 64); err == nil && s.metres {
		if v > 0 {
			a.Section = geometry.Round(v, 0)
			a.Assumed |= twin.AssumedOuterDiameter
		}
		return
	}
	holes, _ := strconv.Atoi(p.get("holes"))
	z, err := formats.ParseSize(text, holes)
	if err != nil {
		if !formats.IsUnknownSize(err) {
			s.sink.Note(s.row(f, ft, p.name("size"), text, err.Error()+": the size is unknown"))
		}
		return
	}
	var wall float64
	if w, err := strconv.ParseFloat(p.get("wallThickness"), 64); err == nil && w > 0 && w < 1000 {
		wall = w / 1000
	}
	var assumed twin.Assumed
	a.Section, assumed = z.Section(s.sink.Catalog(), a.Material, wall)
	a.Assumed |= assumed
}

// text is a property's value as text: strings as they are, numbers as written, null as nothing.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return strings.TrimSpace(s)
	}
	if t := string(raw); t != "null" {
		return t
	}
	return ""
}
