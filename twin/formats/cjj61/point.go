package cjj61

import (
	"fmt"
	"strings"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

const noNetwork = "nothing says which network it belongs to; name the table so (JSPOINT), add the column 管线类型, or pass --network"

// point reads one row of a point table. Until it has been taken its number counts as refused, for the lines that name it.
func (s *survey) point(t found, r row) error {
	num := r.number()
	if num == "" {
		return s.refuse(t, r, "number", "", "the row has no number")
	}
	n, ok := s.network(t, r, num)
	if !ok {
		return s.refuse(t, r, "number", num, noNetwork)
	}
	if _, twice := s.points.get(n.Code, num); twice {
		return s.refuse(t, r, "number", num, "the number stands twice ("+twin.NewID(n.Code, num)+"); keep one of the two")
	}
	if len(s.lost) < maxLost {
		s.lost[n.Code+"\x00"+num] = r.line
	}
	x, err := number(r.get("easting"))
	if err != nil {
		return s.refuse(t, r, "easting", r.get("easting"), notNumber(r.get("easting")))
	}
	y, err := number(r.get("northing"))
	if err != nil {
		return s.refuse(t, r, "northing", r.get("northing"), notNumber(r.get("northing")))
	}
	e, no, err := s.t.Point(x, y)
	if err != nil {
		return s.refuse(t, r, "easting", r.get("easting"), err.Error())
	}
	ground, ok := s.height(t, r, "ground")
	if !ok {
		return s.refuse(t, r, "ground", r.get("ground"), notHeight(r.get("ground")))
	}
	p := point{id: twin.NewID(n.Code, num), e: e, n: no, ground: ground, depth: s.depth(t, r, "depth")}
	if p.height, ok = s.height(t, r, "pipeHeight"); !ok {
		return s.refuse(t, r, "pipeHeight", r.get("pipeHeight"), notHeight(r.get("pipeHeight")))
	}
	a := s.pointAsset(t, r, n, num, p)
	if s.fault.Reason != "" {
		return s.sink.Refuse(s.fault)
	}
	delete(s.lost, n.Code+"\x00"+num)
	s.points.add(n.Code, num, p)
	return s.sink.Asset(a, t.at(r, "number", num))
}

// maxLost bounds how many refused points are remembered.
const maxLost = 1_000_000

// pointAsset makes the node or chamber of a row.
func (s *survey) pointAsset(t found, r row, n twin.Network, num string, p point) *twin.Asset {
	a := &twin.Asset{ID: p.id, SourceNumber: num, Kind: twin.KindNode, Network: n.Code, Feature: r.get("feature"), Appurtenance: r.get("appurtenance"), Bottom: twin.Unknown(), Reference: n.SurveyedTo}
	s.common(t, r, a)
	drawn := false
	for _, w := range [...]struct{ field, word string }{{"appurtenance", a.Appurtenance}, {"feature", a.Feature}} {
		if w.word == "" {
			continue
		}
		f, ok := s.cat.PointFeature(n.Code, w.word)
		switch {
		case !ok && isChamber(w.word):
			a.Kind, drawn = twin.KindChamber, true
			s.note(t, r, w.field, w.word, "the word is not in the tables for this network; it is kept, and drawn as a chamber")
		case !ok:
			s.note(t, r, w.field, w.word, "the word is not in the tables; it is kept, and drawn as a plain point")
		case !drawn || f.Kind == twin.KindChamber:
			a.Kind, drawn = f.Kind, true
		}
	}
	h := p.height
	if twin.IsUnknown(h) {
		h = p.ground - p.depth
	}
	a.Ground = []float64{p.ground}
	a.Line = []geometry.Point{{E: p.e, N: p.n, H: h}}
	if a.Kind == twin.KindChamber {
		a.Reference = twin.RefAxis
		a.Line[0].H = p.ground
		a.Bottom = s.bottom(t, r, p.ground)
		a.Section = s.plan(t, r)
	}
	a.Attributes = r.keep(pointUses)
	return a
}

// isChamber reports whether a word that is not in the tables says that there is a chamber all the same.
func isChamber(word string) bool {
	return strings.HasSuffix(word, "井") || strings.HasSuffix(word, "人孔") || strings.HasSuffix(word, "手孔")
}

// pointUses are the fields that the asset of a point has places for; of a result table those of its line too.
var pointUses = uses("number", "northing", "easting", "ground", "feature", "appurtenance", "owner", "road", "state", "secrecy", "network", "bottomHeight", "chamberSize", "to", "size", "wallThickness", "material", "builtYear", "segmentId")

// lineUses are the fields that the asset of a line has places for; of a result table those of its point too.
var lineUses = uses("from", "to", "size", "wallThickness", "material", "owner", "road", "state", "secrecy", "network", "builtYear", "fromHeight", "toHeight", "segmentId",
	"number", "mapNumber", "northing", "easting", "ground", "feature", "appurtenance", "pipeHeight", "bottomDepth", "bottomHeight", "lidType", "lidSize", "lidMaterial", "chamberSize", "neckHeight", "neckSize", "eccentric",
	"fromX", "fromY", "toX", "toY", "fromGround", "toGround", "fromNorthing", "fromEasting", "toNorthing", "toEasting")

func uses(fields ...string) map[string]bool {
	m := map[string]bool{}
	for _, f := range fields {
		m[f] = true
	}
	return m
}

// bottom is the floor of a chamber, from its height or its depth below the lid.
func (s *survey) bottom(t found, r row, ground float64) float64 {
	if h, ok := s.height(t, r, "bottomHeight"); ok && !twin.IsUnknown(h) {
		return h
	}
	d := s.depth(t, r, "bottomDepth")
	return ground - d
}

// plan is the plan shape of a chamber.
func (s *survey) plan(t found, r row) geometry.Section {
	z, err := formats.ParseSize(r.get("chamberSize"), 0)
	if err != nil {
		if !formats.IsUnknownSize(err) {
			s.note(t, r, "chamberSize", r.get("chamberSize"), err.Error())
		}
		return geometry.Section{}
	}
	return geometry.Section{Shape: z.Shape, Width: z.Width, Height: z.Height}
}

// The heights that can be meant, metres.
const (
	lowest  = -500.0
	highest = 9000.0
)

// notHeight says why a value is no height.
func notHeight(v string) string {
	if h, err := number(v); err == nil {
		return fmt.Sprintf("a height of %g m is not between %g and %g m; check the unit and the column", h, lowest, highest)
	}
	return "not a height in metres"
}

// height reads a height; empty is unknown. ok is false for what is no number.
func (s *survey) height(t found, r row, field string) (float64, bool) {
	v := r.get(field)
	if isUnknown(v) {
		return twin.Unknown(), true
	}
	h, err := number(v)
	if err == nil && (h < lowest || h > highest) {
		return h, false
	}
	if h == 0 && s.filled[t.key()+"\x00"+field] {
		return twin.Unknown(), err == nil
	}
	return h, err == nil
}

func isUnknown(v string) bool {
	switch strings.TrimSpace(v) {
	case "", "-", "--", "—", "/", "不详", "不明", "未知", "无", "NULL", "null":
		return true
	}
	return false
}

// depth reads a depth; empty and 0 are unknown, since no pipe lies at the surface. What is no number is noted and unknown.
func (s *survey) depth(t found, r row, field string) float64 {
	v := r.get(field)
	if isUnknown(v) {
		return twin.Unknown()
	}
	d, err := number(v)
	if err != nil && !notFinite(v) {
		s.note(t, r, field, v, "not a depth in metres: unknown")
		return twin.Unknown()
	}
	if err != nil || d < -50 || d > 200 {
		s.fail(t, r, field, "a depth is between -50 and 200 m; check the unit and the column")
		return twin.Unknown()
	}
	if d == 0 {
		return twin.Unknown()
	}
	return d
}

// states are the words and codes for where a line stands in its life.
var states = []struct {
	word   string
	status twin.Status
}{{"废", twin.StatusAbandoned}, {"停", twin.StatusOutOfUse}, {"闲置", twin.StatusOutOfUse}, {"在建", twin.StatusBuilding}, {"施工", twin.StatusBuilding}, {"规划", twin.StatusPlanned}, {"设计", twin.StatusDesigned},
	{"拆", twin.StatusRemoved}, {"在用", twin.StatusInService}, {"使用", twin.StatusInService}, {"正常", twin.StatusInService}, {"运行", twin.StatusInService}}

// common reads what points and lines share.
func (s *survey) common(t found, r row, a *twin.Asset) {
	a.Status = twin.StatusInService
	a.Owner, a.Road = r.get("owner"), r.get("road")
	switch v := r.get("state"); v {
	case "", "1":
	case "0":
		a.Status = twin.StatusAbandoned
	case "2":
		a.Status = twin.StatusBuilding
	default:
		found := false
		for _, w := range states {
			if strings.Contains(v, w.word) {
				a.Status, found = w.status, true
				break
			}
		}
		if !found {
			s.note(t, r, "state", v, "the word is not known; taken as in service")
		}
	}
	a.Secrecy = formats.Secrecy(r.get("secrecy"))
	if (s.t != nil && s.t.Schematic()) || (s.lonlat != nil && s.lonlat.Schematic()) {
		a.Assumed |= twin.AssumedPosition
	}
	a.Quality.Source = "CJJ 61"
	for _, v := range r.cells {
		// 明显 and 隐蔽 points are told apart in a column whose name differs from city to city.
		switch {
		case strings.HasPrefix(v, "明显"):
			a.Quality = twin.Quality{Level: twin.LevelA, Horizontal: 0.12, Vertical: 0.08, Source: "CJJ 61 明显管线点"}
		case strings.HasPrefix(v, "隐蔽"):
			a.Quality = twin.Quality{Level: twin.LevelB, Horizontal: 0.14, Vertical: 0.16, Source: "CJJ 61 隐蔽管线点"}
		}
	}
}
