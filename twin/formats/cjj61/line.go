package cjj61

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// line reads one row of a line table.
func (s *survey) line(t found, r row) error {
	from, to := r.get("from"), r.get("to")
	if from == "" {
		return s.refuse(t, r, "from", "", "the row has no start point")
	}
	if to == "" {
		return nil // a row that says that nothing leaves the point
	}
	n, ok := s.network(t, r, from)
	if !ok {
		if n, ok = s.networkOfEnds(from, to); !ok {
			return s.refuse(t, r, "from", from, noNetwork)
		}
	}
	p, err := s.lineEnd(t, r, n, "from")
	if err != nil || !p.found {
		return err
	}
	q, err := s.lineEnd(t, r, n, "to")
	if err != nil || !q.found {
		return err
	}
	if from == to || p.id == q.id && p.id != "" {
		return s.refuse(t, r, "to", to, "the line ends where it begins")
	}
	h1, h2 := s.end(t, r, "from", p), s.end(t, r, "to", q)
	a := &twin.Asset{ID: twin.NewSegmentID(n.Code, from, to), SourceNumber: s.ownNumber(n, r), Kind: twin.KindSegment, Network: n.Code, From: p.id, To: q.id, Reference: n.SurveyedTo, Bottom: twin.Unknown(),
		Line: []geometry.Point{{E: p.e, N: p.n, H: h1}, {E: q.e, N: q.n, H: h2}}, Ground: []float64{p.ground, q.ground}}
	if a.SourceNumber != "" {
		a.ID = twin.NewID(n.Code, a.SourceNumber)
	}
	s.fill(t, r, n, a)
	return s.asset(a, t.at(r, "from", from))
}

// asset hands an asset over, unless its row holds what cannot be meant.
func (s *survey) asset(a *twin.Asset, at formats.Row) error {
	if s.fault.Reason != "" {
		return s.sink.Refuse(s.fault)
	}
	return s.sink.Asset(a, at)
}

// networkOfEnds is the network of the points that a line ends at, where both are of the same and no other point has their numbers.
func (s *survey) networkOfEnds(from, to string) (twin.Network, bool) {
	a, one := s.points.only(from)
	b, two := s.points.only(to)
	if !one || !two || a != b {
		return twin.Network{}, false
	}
	return s.cat.Network(a)
}

// ownNumber is a line's own number, "" where the row has none or a point has the same.
func (s *survey) ownNumber(n twin.Network, r row) string {
	num := r.get("segmentId")
	if num == "" {
		return ""
	}
	switch strings.ToUpper(r.header("segmentId")) {
	case "OBJECTID", "MSLINK":
		return "" // a data base's own row number: another export gives another
	}
	if _, taken := s.points.get(n.Code, num); taken {
		return ""
	}
	return num
}

// lineEnd is the point that a line ends at: one of the tables or the installation, else the place that the row itself tells. A row
// whose end is not to be had is refused, and found is false.
func (s *survey) lineEnd(t found, r row, n twin.Network, which string) (point, error) {
	num := r.get(which)
	if p, ok := s.find(n.Code, num); ok {
		p.found = true
		return p, nil
	}
	x, y := r.get(which+"Easting"), r.get(which+"Northing")
	if line, ok := s.lost[n.Code+"\x00"+num]; ok {
		return point{}, s.refuse(t, r, which, num, fmt.Sprintf("the point was refused (line %d); mend it first", line))
	}
	if x == "" && y == "" || s.t == nil {
		return point{}, s.refuse(t, r, which, num, "there is no such point in the files or in the installation; add it, or correct the number")
	}
	vx, vy, ok := numbers(x, y)
	if !ok {
		return point{}, s.refuse(t, r, which+"Easting", x+" "+y, "not the numbers of a place")
	}
	p := point{found: true, ground: twin.Unknown(), depth: twin.Unknown(), height: twin.Unknown()}
	var err error
	if p.e, p.n, err = s.t.Point(vx, vy); err != nil {
		return point{}, s.refuse(t, r, which+"Easting", x, err.Error())
	}
	if h, ok := s.height(t, r, which+"Height"); ok && !twin.IsUnknown(h) {
		p.ground = h + s.depth(t, r, which+"Depth")
	}
	return p, nil
}

// find looks a point up: in its network, in another (a gully of a rain network ends at a sewer's), in the installation.
func (s *survey) find(network, num string) (point, bool) {
	if p, ok := s.points.find(network, num); ok {
		return p, true
	}
	a, ok := s.sink.Find(twin.NewID(network, num))
	if !ok || len(a.Line) == 0 {
		return point{}, false
	}
	return point{id: a.ID, e: a.Line[0].E, n: a.Line[0].N, ground: a.GroundAt(0), depth: twin.Unknown(), height: twin.Unknown()}, true
}

// fail marks the row as one that cannot be taken.
func (s *survey) fail(t found, r row, field, reason string) {
	s.fault = t.at(r, field, r.get(field))
	s.fault.Reason = reason
}

// notFinite reports whether a value is NaN or infinite, which no survey means.
func notFinite(v string) bool {
	f, err := strconv.ParseFloat(v, 64)
	return err == nil && (math.IsNaN(f) || math.IsInf(f, 0))
}

// agree is how far ground − depth and the height may differ, metres (tables/survey_columns.csv, rule heights).
const agree = 0.02

// end is the height of the reference at one end: the height where the row has one, else ground − depth, else what the point says.
func (s *survey) end(t found, r row, which string, p point) float64 {
	field := which + "Height"
	h, ok := s.height(t, r, field)
	if !ok {
		if v, err := number(r.get(field)); err == nil && (v < lowest || v > highest) || notFinite(r.get(field)) {
			s.fail(t, r, field, notHeight(r.get(field)))
			return twin.Unknown()
		}
		s.note(t, r, field, r.get(field), "not a height in metres: unknown")
		h = twin.Unknown()
	}
	if h == 0 && p.ground > 3 {
		h = twin.Unknown() // a column filled with 0
	}
	d := s.depth(t, r, which+"Depth")
	if twin.IsUnknown(h) {
		if twin.IsUnknown(d) {
			if !twin.IsUnknown(p.height) {
				return p.height
			}
			d = p.depth
		}
		return p.ground - d
	}
	if diff := p.ground - d - h; math.Abs(diff) > agree {
		s.note(t, r, field, r.get(field), fmt.Sprintf("ground − depth is %.3f m, %.3f m from the height; the height is taken", p.ground-d, diff))
	}
	return h
}

// fill sets what a line's row says beside its place.
func (s *survey) fill(t found, r row, n twin.Network, a *twin.Asset) {
	s.common(t, r, a)
	if w := r.get("material"); !isUnknown(w) {
		m, ok := s.cat.Material(w)
		switch {
		case ok && m.Code == "UNK":
		case ok:
			a.Material = m.Code
		default:
			a.Material = w
			s.note(t, r, "material", w, "the material is not in the tables; the word is kept")
		}
	}
	refused := !s.size(t, r, n, a)
	a.Installed = r.get("builtYear")
	a.ValidFrom = date(a.Installed)
	if a.Attributes = r.keep(lineUses); refused {
		a.Attributes = append(a.Attributes, twin.Attr{Key: r.header("size"), Value: r.get("size")})
	}
}

// size sets the section; false for a value that is refused, which leaves the size unknown.
func (s *survey) size(t found, r row, n twin.Network, a *twin.Asset) bool {
	text := r.get("size")
	var holes int
	if v := r.get("holes"); v != "" {
		holes, _ = strconv.Atoi(v)
	}
	if _, all, ok := strings.Cut(r.get("holesBoth"), "/"); ok {
		holes, _ = strconv.Atoi(strings.TrimSpace(all))
	}
	z, err := formats.ParseSize(text, holes)
	if err != nil {
		if formats.IsUnknownSize(err) {
			return true
		}
		s.note(t, r, "size", text, err.Error()+": the size is unknown")
		return false
	}
	wall := 0.0
	if w, err := number(r.get("wallThickness")); err == nil && w > 0 && w < 1000 {
		wall = w / 1000
	}
	var assumed twin.Assumed
	a.Section, assumed = z.Section(s.cat, a.Material, wall)
	a.Assumed |= assumed
	if n.Flow == twin.FlowCable {
		switch laying := r.get("laying"); {
		case z.Shape == geometry.Rectangle && (holes > 0 || strings.Contains(laying, "管")):
			a.Section.Shape = geometry.DuctBank
		case z.Shape == geometry.Circle && strings.Contains(laying, "直埋"):
			a.Section = geometry.Section{Shape: geometry.Cable, Width: z.Width, Height: z.Height}
			a.Assumed &^= twin.AssumedOuterDiameter
		}
	}
	return true
}

// dateSigns makes the notations of dates one.
var dateSigns = strings.NewReplacer("/", "-", ".", "-", "年", "-", "月", "-", "日", "")

// date reads a year or a date in the notations of surveys; the zero time is unknown.
func date(s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	s = strings.TrimSuffix(strings.TrimSpace(dateSigns.Replace(s)), "-")
	for _, f := range [...]string{"2006", "200601", "20060102", "2006-1-2", "2006-1", "2006-1-2 15:04:05"} {
		if len(f) < 9 && !strings.Contains(f, "-") && len(f) != len(s) {
			continue
		}
		if t, err := time.Parse(f, s); err == nil && t.Year() > 1850 && t.Year() < 2200 {
			return t
		}
	}
	return time.Time{}
}

// census reads one row of the facility census: a line with both its ends in longitude and latitude.
func (s *survey) census(t found, r row) error {
	var ends [2]geometry.Point
	for i, f := range [...][2]string{{"fromX", "fromY"}, {"toX", "toY"}} {
		lon, lat, ok := numbers(r.get(f[0]), r.get(f[1]))
		if !ok {
			return s.refuse(t, r, f[0], r.get(f[0])+" "+r.get(f[1]), "not a longitude and latitude")
		}
		e, n, err := s.lonlat.Point(lon, lat)
		if err != nil {
			return s.refuse(t, r, f[0], r.get(f[0]), err.Error())
		}
		ends[i] = geometry.Point{E: e, N: n}
	}
	n, ok := s.censusNetwork(t, r)
	if !ok {
		return s.refuse(t, r, "laying", r.get("laying"), noNetwork)
	}
	num := r.others()
	id := strconv.Itoa(r.line)
	for _, c := range num {
		if strings.Contains(c.Key, "主键") || strings.Contains(c.Key, "编号") {
			id = c.Value
			break
		}
	}
	a := &twin.Asset{ID: twin.NewID(n.Code, id), SourceNumber: id, Kind: twin.KindSegment, Network: n.Code, Reference: n.SurveyedTo, Bottom: twin.Unknown(), Ground: []float64{twin.Unknown(), twin.Unknown()}}
	for i, which := range [...]string{"from", "to"} {
		g, ok := s.height(t, r, which+"Ground")
		if !ok {
			return s.refuse(t, r, which+"Ground", r.get(which+"Ground"), notHeight(r.get(which+"Ground")))
		}
		a.Ground[i] = g
		d := s.depth(t, r, which+"Depth")
		if twin.IsUnknown(d) {
			d = s.depth(t, r, "depth")
		}
		ends[i].H = g - d
		if c := s.depth(t, r, which+"Cover"); !twin.IsUnknown(c) {
			// The cover goes to the outer top, whatever the depth goes to.
			a.Reference = twin.RefCrown
			ends[i].H = g - c
		}
	}
	a.Line = ends[:]
	s.fill(t, r, n, a)
	if z, err := formats.ParseSize(r.sizeCell(), 0); err == nil && !a.Section.Known() {
		var assumed twin.Assumed
		a.Section, assumed = z.Section(s.cat, a.Material, 0)
		a.Assumed |= assumed
	}
	return s.asset(a, t.at(r, "fromX", id))
}

// sizeCell is the size of a census row, whose header the tables know as that of a line.
func (r row) sizeCell() string { return r.get("size") }

// censusNetwork reads the network from the column that names the class of the asset (gasPipeline).
func (s *survey) censusNetwork(t found, r row) (twin.Network, bool) {
	if n, ok := s.cat.NetworkByWord(r.get("laying")); ok {
		return n, true
	}
	return s.network(t, r, "")
}
