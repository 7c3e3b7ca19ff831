package geojson

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/feature"
)

// item is one feature as the file has it, and the number of the line it begins on.
type item struct {
	line   int
	index  int  // from 1
	beside bool // the feature before it stands on the same line
	props  map[string]json.RawMessage
	geom   feature.Geometry
	fault  error // why there is no geometry that could be taken
}

// recordSign stands before each text of a GeoJSON text sequence (RFC 8142).
const recordSign = 0x1e

// maxFeature bounds one feature, bytes, whatever the file says.
const maxFeature = 32 << 20

// source reads a file, counts its lines and bounds what is read between two features.
type source struct {
	r      io.Reader
	budget int
	seen   []int64 // offsets of the line ends since the last feature
	offset int64
	lines  int
	cut    []byte // a character that the last part began
	broken bool
}

var (
	errLong = errors.New("a feature is too long")
	errUTF8 = errors.New("not UTF-8")
)

func (s *source) Read(p []byte) (int, error) {
	if s.budget <= 0 {
		return 0, errLong
	}
	if s.broken {
		return 0, errUTF8
	}
	n, err := s.r.Read(p[:min(len(p), s.budget)])
	s.budget -= n
	for i, b := range p[:n] {
		switch b {
		case '\n':
			s.seen = append(s.seen, s.offset+int64(i))
		case recordSign:
			p[i] = ' '
		}
	}
	s.offset += int64(n)
	if !s.utf8(p[:n]) {
		s.broken = true
		return 0, errUTF8
	}
	return n, err
}

// utf8 reports whether what has been read so far is UTF-8, which JSON must be: the decoder would put marks in the place of other bytes.
func (s *source) utf8(b []byte) bool {
	for len(s.cut) > 0 && len(b) > 0 {
		s.cut, b = append(s.cut, b[0]), b[1:]
		if utf8.FullRune(s.cut) {
			if r, n := utf8.DecodeRune(s.cut); r == utf8.RuneError && n == 1 {
				return false
			}
			s.cut = s.cut[:0]
		}
	}
	if utf8.Valid(b) {
		return true
	}
	for i := max(0, len(b)-utf8.UTFMax+1); i < len(b); i++ {
		if utf8.RuneStart(b[i]) && b[i] >= utf8.RuneSelf && !utf8.FullRune(b[i:]) && utf8.Valid(b[:i]) {
			s.cut = append(s.cut[:0], b[i:]...)
			return true
		}
	}
	return false
}

// lineAt is the line of an offset, which must not go backwards.
func (s *source) lineAt(offset int64) int {
	k := 0
	for k < len(s.seen) && s.seen[k] < offset {
		k++
	}
	s.lines += k
	s.seen = append(s.seen[:0], s.seen[k:]...)
	return s.lines + 1
}

// reading is a file while its features are read.
type reading struct {
	file formats.File
	src  *source
	dec  *json.Decoder
	crs  *crs.CRS // declared by a crs member
	// stranger says which CRS the member names where it is none that is known, in half a sentence.
	stranger string
	empty    bool // a collection ended without a feature
	features int  // so far
	last     int  // line of the last one
}

// upcoming is the offset of what the decoder would read next, behind what stands between two values.
func (r *reading) upcoming() int64 {
	at := r.dec.InputOffset()
	b := bufio.NewReader(r.dec.Buffered())
	for {
		c, err := b.ReadByte()
		if err != nil || !bytes.ContainsRune([]byte(" \t\r\n,:"), rune(c)) {
			return at
		}
		at++
	}
}

// placed is the file, and the feature where its line does not say which it is.
func (r *reading) placed(line int) string {
	if r.features > 0 && line == r.last {
		return r.file.Name + " [" + place(r.features+1) + "]"
	}
	return r.file.Name
}

// place says which feature of the file one is.
func place(index int) string { return fmt.Sprintf("feature %d", index) }

func (r *reading) fail(err error) error {
	var e *twin.Error
	if errors.As(err, &e) {
		return err
	}
	var wrong *json.UnmarshalTypeError
	at := r.dec.InputOffset()
	if !errors.As(err, &wrong) { // the decoder is still before what it cannot read
		at = r.upcoming()
	}
	line := r.src.lineAt(at)
	name := r.placed(line)
	switch {
	case errors.Is(err, errUTF8):
		return twin.Errorf(twin.Invalid, "%s, line %d or soon after: the file is not UTF-8, as JSON must be", name, line).WithHint("save it as UTF-8")
	case errors.Is(err, errLong):
		return twin.Errorf(twin.Invalid, "%s, line %d: a feature is longer than %d bytes", name, line, maxFeature).WithHint("check that the file is GeoJSON")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return twin.Errorf(twin.Invalid, "%s, line %d: the file ends in the middle of a feature", name, line).WithHint("check that it was written to the end")
	}
	if wrong != nil && wrong.Type.Kind() == reflect.Float64 && strings.HasPrefix(wrong.Value, "number") {
		return twin.Errorf(twin.Invalid, "%s, line %d: not GeoJSON: the %s is too great for a coordinate", name, line, wrong.Value)
	}
	if wrong != nil {
		return twin.Errorf(twin.Invalid, "%s, line %d: not GeoJSON: a %s stands where %s is wanted", name, line, wrong.Value, wanted(wrong.Type)).WithHint("write coordinates as numbers without quotation marks, and properties as an object")
	}
	return twin.Errorf(twin.Invalid, "%s, line %d: not GeoJSON: %v", name, line, err)
}

// wanted says what JSON has for a Go type.
func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "a list"
	case reflect.String:
		return "a string"
	}
	return "an object"
}

// each calls f with every feature of a file: a FeatureCollection, features one after another, or one geometry.
func each(ctx context.Context, file formats.File, f func(r *reading, ft *item) error) (err error) {
	c, err := file.Open()
	if err != nil {
		return twin.Errorf(twin.Invalid, "%s cannot be opened: %v", file.Name, err)
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	buffered := bufio.NewReaderSize(c, 1<<16)
	if head, err := buffered.Peek(3); err == nil && bytes.Equal(head, []byte{0xef, 0xbb, 0xbf}) {
		if _, err := buffered.Discard(3); err != nil {
			return err
		}
	}
	r := &reading{file: file, src: &source{r: buffered, budget: maxFeature}}
	r.dec = json.NewDecoder(r.src)
	next := func(ft *item) error {
		if r.features++; r.features%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		r.src.budget = maxFeature
		ft.index, ft.beside, r.last = r.features, r.features > 1 && ft.line == r.last, ft.line
		return f(r, ft)
	}
	for {
		err := r.value(next)
		if errors.Is(err, io.EOF) && r.features > 0 {
			return nil
		}
		if errors.Is(err, io.EOF) && r.empty {
			return twin.Errorf(twin.Invalid, "%s holds a collection without features", file.Name).WithHint("check that it was written to the end")
		}
		if err != nil {
			return r.failOutside(err)
		}
	}
}

// stopped marks an error that comes from the caller of each, not from the file.
type stopped struct{ error }

func (s stopped) Unwrap() error { return s.error }

func (r *reading) failOutside(err error) error {
	var s stopped
	if errors.As(err, &s) {
		return s.error
	}
	return r.fail(err)
}

// value reads one top-level object. Its members come in any order: a collection's features are handed on as they come.
func (r *reading) value(next func(*item) error) error {
	t, err := r.dec.Token()
	if err != nil {
		return err
	}
	if t != json.Delim('{') {
		return errors.New("an object is wanted")
	}
	line := r.src.lineAt(r.dec.InputOffset())
	members := map[string]json.RawMessage{}
	collection := false
	for r.dec.More() {
		t, err := r.dec.Token()
		if err != nil {
			return err
		}
		key, _ := t.(string)
		if key == "features" {
			collection = true
			if err := r.list(next); err != nil {
				return err
			}
			continue
		}
		var raw json.RawMessage
		if err := r.dec.Decode(&raw); err != nil {
			return err
		}
		if key == "crs" {
			if r.crs, err = declared(raw); err != nil {
				r.stranger = err.Error()
			}
		}
		if len(members) < 100 {
			members[key] = raw
		}
	}
	if _, err := r.dec.Token(); err != nil {
		return err
	}
	if collection {
		r.empty = true // unless features have come
		return nil
	}
	return r.single(members, line, next)
}

// isGeometry has the types of geometry (RFC 7946, 3.1).
var isGeometry = map[string]bool{"Point": true, "MultiPoint": true, "LineString": true, "MultiLineString": true, "Polygon": true, "MultiPolygon": true, "GeometryCollection": true}

// single hands on a feature or a bare geometry that stands by itself.
func (r *reading) single(members map[string]json.RawMessage, line int, next func(*item) error) error {
	whole, err := json.Marshal(members)
	if err != nil {
		return err
	}
	var kind string
	if err := json.Unmarshal(members["type"], &kind); err != nil {
		return errors.New(`the object has no "type"`)
	}
	if kind != "Feature" && !isGeometry[kind] {
		return fmt.Errorf("its type is %.40q, which is none of GeoJSON", kind)
	}
	if kind != "Feature" {
		whole, err = json.Marshal(map[string]json.RawMessage{"type": json.RawMessage(`"Feature"`), "geometry": whole})
		if err != nil {
			return err
		}
	}
	ft, err := decode(whole)
	if err != nil {
		return err
	}
	ft.line = line
	if err := next(ft); err != nil {
		return stopped{err}
	}
	return nil
}

// list hands on the features of a collection.
func (r *reading) list(next func(*item) error) error {
	t, err := r.dec.Token()
	if err != nil {
		return err
	}
	if t != json.Delim('[') {
		return errors.New(`"features" is not a list`)
	}
	for r.dec.More() {
		var raw json.RawMessage
		if err := r.dec.Decode(&raw); err != nil {
			return err
		}
		ft, err := decode(raw)
		if err != nil {
			return err
		}
		ft.line = r.src.lineAt(r.dec.InputOffset() - int64(len(raw)))
		if err := next(ft); err != nil {
			return stopped{err}
		}
	}
	_, err = r.dec.Token()
	return err
}

// declared reads a crs member of the old GeoJSON (2008, 3). null is WGS 84.
func declared(raw json.RawMessage) (*crs.CRS, error) {
	var m *struct {
		Type       string
		Properties struct {
			Name, Href string
			Code       json.Number
		}
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, errors.New(`its member "crs" is not one of GeoJSON`)
	}
	if m == nil {
		return nil, nil
	}
	name := m.Properties.Name
	if name == "" && m.Properties.Code != "" {
		name = "EPSG:" + m.Properties.Code.String()
	}
	if name == "" {
		return nil, fmt.Errorf(`its member "crs" only points to %.80q`, m.Properties.Href)
	}
	if c, ok := crs.ByName(name); ok {
		return c, nil
	}
	c, err := crs.Parse(name)
	if err != nil {
		return nil, fmt.Errorf(`its member "crs" names %.80q, which is no CRS that is known`, name)
	}
	return c, nil
}

// decode reads a feature.
func decode(raw json.RawMessage) (*item, error) {
	var w struct {
		ID         json.RawMessage
		Properties map[string]json.RawMessage
		Geometry   *rawGeometry
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		return nil, err
	}
	ft := &item{props: w.Properties}
	if ft.props == nil {
		ft.props = map[string]json.RawMessage{}
	}
	if _, has := ft.props["id"]; !has && len(w.ID) > 0 && string(w.ID) != "null" {
		ft.props["id"] = w.ID
	}
	if w.Geometry == nil {
		return ft, nil
	}
	var err error
	if ft.geom, err = w.Geometry.shape(); errors.Is(err, errMixed) {
		ft.fault, err = err, nil
	}
	return ft, err
}

type rawGeometry struct {
	Type        string
	Coordinates json.RawMessage
	Geometries  []*rawGeometry
}

var errMixed = errors.New("its GeometryCollection holds points and lines together, or further collections; make a feature of each of its parts")

// collection takes a GeometryCollection as several parts of one kind.
func (g *rawGeometry) collection() (s feature.Geometry, err error) {
	for _, part := range g.Geometries {
		if part == nil {
			continue
		}
		if part.Type == "GeometryCollection" {
			return feature.Geometry{}, errMixed
		}
		p, err := part.shape()
		if err != nil {
			return feature.Geometry{}, err
		}
		if s.Kind != "" && p.Kind != s.Kind {
			return feature.Geometry{}, errMixed
		}
		s.Kind, s.Parts = p.Kind, append(s.Parts, p.Parts...)
	}
	return s, nil
}

// shape reads a geometry. Of unknown types nothing is taken.
func (g *rawGeometry) shape() (s feature.Geometry, err error) {
	if bytes.Contains(g.Coordinates, []byte("null")) {
		// The decoder would put 0 in its place.
		g.Coordinates = bytes.ReplaceAll(g.Coordinates, []byte("null"), []byte(missing))
	}
	switch g.Type {
	case "GeometryCollection":
		return g.collection()
	case "Point":
		p := make([]coordinates, 1)
		err = json.Unmarshal(g.Coordinates, &p[0])
		return one("Point", p), err
	case "MultiPoint", "LineString":
		var p []coordinates
		err = json.Unmarshal(g.Coordinates, &p)
		if g.Type == "MultiPoint" {
			for _, q := range p {
				s.Parts = append(s.Parts, one("Point", []coordinates{q}).Parts...)
			}
			s.Kind = "Point"
			return s, err
		}
		return one("LineString", p), err
	case "MultiLineString", "Polygon":
		var p [][]coordinates
		if err = json.Unmarshal(g.Coordinates, &p); err != nil {
			return s, err
		}
		s.Kind = "LineString"
		if g.Type == "Polygon" {
			s.Kind = "Polygon"
			p = p[:min(1, len(p))]
		}
		for _, part := range p {
			s.Parts = append(s.Parts, one(s.Kind, part).Parts...)
		}
	case "MultiPolygon":
		var p [][][]coordinates
		if err = json.Unmarshal(g.Coordinates, &p); err != nil {
			return s, err
		}
		s.Kind = "Polygon"
		for _, poly := range p {
			if len(poly) > 0 {
				s.Parts = append(s.Parts, one("Polygon", poly[0]).Parts...)
			}
		}
	}
	return s, nil
}

// coordinates is one position: x, y and perhaps z.
type coordinates []float64

// missing stands for a null among coordinates, as some programs write a height that they do not have.
const missing = "-1e308"

// known is a coordinate, NaN where it is missing.
func known(v float64) float64 {
	if v == -1e308 {
		return math.NaN()
	}
	return v
}

func one(kind string, ps []coordinates) feature.Geometry {
	part := make([]feature.Position, 0, len(ps))
	for _, p := range ps {
		if len(p) < 2 {
			return feature.Geometry{}
		}
		q := feature.Position{X: known(p[0]), Y: known(p[1])}
		if len(p) > 2 && !math.IsNaN(known(p[2])) {
			q.Z, q.HasZ = p[2], true
		}
		part = append(part, q)
	}
	return feature.Geometry{Kind: kind, Parts: [][]feature.Position{part}}
}
