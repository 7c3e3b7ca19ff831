package feature

import (
	"errors"
	"math"
	"slices"
	"strconv"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// link is one part of a line on its way into the twin.
type link struct {
	number    string // "" where the file gives none
	part      int
	positions []Position
}

// line takes a line, or a link that is only a point between two nodes (a pump of a water model).
func (s *survey) line(l *Layer, ft *Feature, p props, n twin.Network, k link) error {
	from, to := p.get("from"), p.get("to")
	var ends [2]*node
	var ids [2]twin.ID
	for i, e := range [...]struct{ field, num string }{{"from", from}, {"to", to}} {
		if e.num == "" {
			continue
		}
		if ends[i], ids[i] = s.node(n, e.num); ends[i] != nil {
			continue
		}
		ids[i] = twin.NewID(n.Code, e.num)
		if _, there := s.sink.Find(ids[i]); !there {
			return s.sink.Refuse(s.row(l, ft, p.name(e.field), e.num, "there is no such node in the files or in the installation; add it, or correct the name"))
		}
	}
	line, err := s.course(l, ft, k, ends)
	if err != nil {
		return placeError(err)
	}
	if line == nil {
		return s.sink.Refuse(s.row(l, ft, "geometry", "Point", "a link without a line needs both its nodes in the files"))
	}
	id, err := s.lineID(n, l, ft, k, p)
	if err != nil {
		return s.sink.Refuse(s.row(l, ft, "id", "", err.Error()))
	}
	a := s.asset(l, p, n, twin.KindSegment)
	a.ID, a.SourceNumber, a.From, a.To, a.Line, a.Reference = id, k.number, ids[0], ids[1], line, twin.RefAxis
	s.grounds(p, a, ends)
	s.heights(p, n, a)
	s.size(l, ft, p, a)
	return s.sink.Asset(a, s.row(l, ft, "", k.number, ""))
}

// grounds takes the ground at the ends of a line from its nodes; where they do not know it, the line's own holds along all of it.
func (s *survey) grounds(p props, a *twin.Asset, ends [2]*node) {
	a.Ground = slices.Repeat([]float64{twin.Unknown()}, len(a.Line))
	last := len(a.Line) - 1
	known := false
	for i, e := range [...]int{0, last} {
		if ends[i] != nil && last > 0 && !twin.IsUnknown(ends[i].ground) {
			a.Ground[e], known = ends[i].ground, true
		}
	}
	switch text := p.get("ground"); {
	case known && s.model:
		a.Assumed |= twin.AssumedGround
		formats.Even(a.Line, a.Ground)
	case known || text == "":
	default:
		if v, err := strconv.ParseFloat(text, 64); err == nil && !math.IsInf(v, 0) && !math.IsNaN(v) {
			a.Ground = slices.Repeat([]float64{v}, len(a.Line))
		} else {
			a.Attributes = append(a.Attributes, twin.Attr{Key: p.name("ground"), Value: clip(text)})
		}
	}
}

// course is the line of a link in the plane: its own, or the straight one between its nodes; nil where it has neither.
func (s *survey) course(l *Layer, ft *Feature, k link, ends [2]*node) ([]geometry.Point, error) {
	if ft.Geom.Kind != "Point" {
		return s.places(l, ft, k.positions)
	}
	var line []geometry.Point
	for _, nd := range ends {
		if nd == nil {
			return nil, nil
		}
		at, err := s.places(nd.layer, ft, []Position{{X: nd.x, Y: nd.y}})
		if err != nil {
			return nil, err
		}
		line = append(line, at...)
	}
	return line, nil
}

// lineID names a line by its number, or by its ends where it has none or a node has the same.
func (s *survey) lineID(n twin.Network, l *Layer, ft *Feature, k link, p props) (twin.ID, error) {
	from, to := p.get("from"), p.get("to")
	nd, _ := s.node(n, k.number)
	switch {
	case k.number != "" && nd == nil:
		return twin.NewID(n.Code, k.number), nil
	case from != "" && to != "":
		return twin.NewSegmentID(n.Code, from, to), nil
	case k.number == "":
		return twin.NewID(n.Code, numberOf(ft.Row, k.part)), nil
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
func (s *survey) size(l *Layer, ft *Feature, p props, a *twin.Asset) {
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
			s.sink.Note(s.row(l, ft, p.name("size"), text, err.Error()+": the size is unknown"))
			a.Attributes = append(a.Attributes, twin.Attr{Key: p.name("size"), Value: clip(text)})
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
