package rest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
)

// Bounds of an answer: how many edges a part has at most on the wire, and all parts of an asset together.
const (
	maxPartEdges = 400
	maxEdges     = 12_000
	maxParts     = 2000
	maxOutline   = 20_000 // points of a drawn cross-section
)

// partJSON is a part of an asset: lengths in metres, heights in the vertical datum. What does not apply or is not known is not there.
type partJSON struct {
	Name      string          `json:"name"`
	Index     int             `json:"index"`
	Label     string          `json:"label,omitempty"`
	Use       string          `json:"use,omitempty"`
	Asset     string          `json:"asset,omitempty"`
	Container bool            `json:"container,omitempty"` // other parts lie within it
	Count     int             `json:"count,omitempty"`     // of alike pieces
	Width     *float64        `json:"width,omitempty"`
	Height    *float64        `json:"height,omitempty"`
	Length    *float64        `json:"length,omitempty"`
	Diameter  *float64        `json:"diameter,omitempty"`
	Area      *float64        `json:"area,omitempty"`
	Invert    *float64        `json:"invert,omitempty"`
	Chainage  *float64        `json:"chainage,omitempty"`
	Low       number          `json:"low"`
	High      number          `json:"high"`
	Volume    number          `json:"volume"`
	Distance  *number         `json:"distance,omitempty"`
	Middle    json.RawMessage `json:"middle"`
	Edges     json.RawMessage `json:"edges,omitempty"`
}

// connectionJSON is the end of a segment at a chamber or node.
type connectionJSON struct {
	Asset    string       `json:"asset"`
	Network  string       `json:"network"`
	End      string       `json:"end"` // of the segment, which lies here: "from" or "to"
	Invert   number       `json:"invert"`
	Crown    number       `json:"crown"`
	Drawn    number       `json:"drawn"` // height of its axis as it is drawn, known or not
	Bearing  number       `json:"bearing"`
	Section  *sectionJSON `json:"section"`
	Assumed  bool         `json:"assumed"`
	Material *string      `json:"material"`
}

type partsJSON struct {
	Items       []partJSON       `json:"items"`
	Next        string           `json:"next,omitempty"`
	Connections []connectionJSON `json:"connections,omitempty"` // these two on the first page alone
	Section     []profileJSON    `json:"section,omitempty"`
	LeftOut     *leftOutJSON     `json:"leftOut,omitempty"`
}

// leftOutJSON counts what an asset has beyond the bounds of an answer, and the openings that are not drawn as holes in a wall.
type leftOutJSON struct {
	Parts    int `json:"parts,omitempty"`
	Profiles int `json:"profiles,omitempty"`
	Openings int `json:"openings,omitempty"`
}

// profileJSON is a cross-section: metres to the right of the axis and up from it, of the solid between an outside and the clear spaces in it.
type profileJSON struct {
	Outer []geometry.Flat   `json:"outer"`
	Bores [][]geometry.Flat `json:"bores"`
}

// Parts answers GET /assets/{id}/parts: what an asset consists of, or with at the part nearest to a point.
func (a *API) Parts(c *gin.Context) error {
	s, asset, err := a.find(c)
	if err != nil {
		return err
	}
	if err := a.showLines(c, asset); err != nil {
		return err
	}
	if err := a.reads(c, s, shownWith(s, asset.ID)...); err != nil {
		return err
	}
	limit, err := limitOf(c, 200, 1000)
	if err != nil {
		return err
	}
	from := 0
	if cur := c.Query("cursor"); cur != "" {
		if from, err = strconv.Atoi(cur); err != nil || from < 0 || from > maxParts {
			return badQuery("cursor", cur, "a cursor that a page gave")
		}
	}
	near, err := pointOf(c, s.Frame())
	if err != nil {
		return err
	}
	list, left := partsOf(s, asset)
	if near != nil {
		if list = nearestPart(list, *near); len(list) > 0 {
			d := number(list[0].distance)
			list[0].json.Distance = &d
		}
		from = 0
	}
	out := partsJSON{Items: []partJSON{}}
	if near == nil && from == 0 {
		if asset.Kind.IsPoint() {
			out.Connections = connectionsOf(s, asset)
		}
		if asset.Kind.IsLine() {
			out.Section, left.Profiles = profilesOf(s, asset)
		}
		if left != (leftOutJSON{}) {
			out.LeftOut = &left
		}
	}
	room := maxEdges
	for i := from; i < len(list); i++ {
		if len(out.Items) == limit {
			out.Next = strconv.Itoa(i)
			break
		}
		out.Items = append(out.Items, list[i].encode(s.Frame(), &room))
	}
	c.JSON(http.StatusOK, out)
	return nil
}

// shownWith is an asset with what is connected to it, which its parts name.
func shownWith(s *twin.Snapshot, id twin.ID) (list []twin.Record) {
	for _, one := range append([]twin.ID{id}, s.Ends(id)...) {
		if r, ok := s.Find(one); ok {
			list = append(list, r)
		}
	}
	return list
}

// pointOf reads at=lon,lat,height; nil where it is not given.
func pointOf(c *gin.Context, f *crs.Frame) (*geometry.Point, error) {
	text := c.Query("at")
	if text == "" {
		return nil, nil
	}
	const want = "longitude, latitude and height within the area of the installation, as 122.12,37.51,-3"
	var v [3]float64
	fields := strings.Split(text, ",")
	if len(fields) != len(v) {
		return nil, badQuery("at", text, want)
	}
	for i, w := range fields {
		x, err := strconv.ParseFloat(strings.TrimSpace(w), 64)
		if err != nil || !(math.Abs(x) <= [...]float64{180, 90, 1e5}[i]) {
			return nil, badQuery("at", text, want)
		}
		v[i] = x
	}
	e, n, err := f.Plane(v[0], v[1])
	if err != nil {
		return nil, badQuery("at", text, want)
	}
	return &geometry.Point{E: e, N: n, H: v[2]}, nil
}

// sectionPoints is how many points a full turn of a drawn cross-section has.
const sectionPoints = 48

// profilesOf is the cross-section that an asset is drawn with, as many of its profiles as an answer may have, and how many it has more.
func profilesOf(s *twin.Snapshot, a *twin.Asset) (out []profileJSON, more int) {
	drawn, _ := s.Catalog().DrawnSection(a)
	out = []profileJSON{}
	points := 0
	ducts := drawn.Shape == geometry.DuctBank || a.Structure != nil && a.Structure.Pipe != nil && len(a.Structure.Pipe.Holes) > 0
	profiles := a.Structure.CrossSections(drawn, sectionPoints)
	for i, p := range profiles {
		if points += outlinePoints(p, ducts); points > maxOutline {
			return out, len(profiles) - i
		}
		j := profileJSON{Outer: p.Outer, Bores: append([][]geometry.Flat{}, p.Bores...)}
		for i := 0; ducts && i < len(j.Bores); i++ {
			j.Bores[i] = roundDuct(j.Bores[i])
		}
		out = append(out, j)
	}
	if st := a.Structure; len(out) > 0 && st != nil && st.Pipe != nil { // of very many ducts none is drawn
		more = max(0, len(st.Pipe.Holes)-len(out[0].Bores))
	}
	return out, more
}

// outlinePoints is how many points a profile is sent with.
func outlinePoints(p geometry.Profile, ducts bool) int {
	if ducts {
		return len(p.Outer) + sectionPoints*len(p.Bores)
	}
	n := len(p.Outer)
	for _, b := range p.Bores {
		n += len(b)
	}
	return n
}

// roundDuct is a duct as round as it is: bodies have it with few sides and the area of its circle.
func roundDuct(bore []geometry.Flat) []geometry.Flat {
	var c geometry.Flat
	for _, p := range bore {
		c.X += p.X / float64(len(bore))
		c.Y += p.Y / float64(len(bore))
	}
	r := math.Sqrt(math.Abs(geometry.Area(bore)) / math.Pi)
	out := make([]geometry.Flat, sectionPoints)
	for i := range out {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / sectionPoints)
		out[i] = geometry.Flat{X: c.X + r*cos, Y: c.Y + r*sin}
	}
	return out
}

// nearestPart is the one part that lies nearest to a point: of those that contain others only where there is nothing else.
func nearestPart(list []part, p geometry.Point) []part {
	best := -1
	for i := range list {
		list[i].distance = list[i].mesh.Distance(p)
		if b := best; b < 0 || cmp.Or(compareBool(list[i].json.Container, list[b].json.Container), cmp.Compare(list[i].distance, list[b].distance)) < 0 {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	return list[best : best+1]
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// connectionsOf are the segments that begin or end at a chamber or node, in order of their IDs.
func connectionsOf(s *twin.Snapshot, at *twin.Asset) []connectionJSON {
	var out []connectionJSON
	for _, id := range s.Ends(at.ID) {
		r, ok := s.Find(id)
		if !ok || len(out) == maxParts {
			continue
		}
		x := r.Asset()
		for _, end := range [...]string{"from", "to"} {
			if end == "from" && x.From != at.ID || end == "to" && x.To != at.ID {
				continue
			}
			out = append(out, connectionOf(s, r, x, end))
		}
	}
	return out
}

func connectionOf(s *twin.Snapshot, r twin.Record, x *twin.Asset, end string) connectionJSON {
	axis, _, _ := r.Drawing(nil)
	i, next := 0, min(1, len(axis)-1)
	if end == "to" {
		i, next = len(axis)-1, max(0, len(axis)-2)
	}
	d := axis[next].Sub(axis[i])
	bearing := number(twin.Unknown())
	if math.Hypot(d.E, d.N) > 1e-6 {
		bearing = number(math.Mod(math.Atan2(d.E, d.N)*180/math.Pi+360, 360))
	}
	return connectionJSON{Asset: x.ID, Network: x.Network, End: end, Invert: number(x.Invert(i)), Crown: number(x.Crown(i)), Drawn: number(axis[i].H), Bearing: bearing,
		Section: encodeSection(x.Section), Assumed: !x.HeightKnown(i), Material: some(x.Material)}
}

// encode writes a part; room is how many edges the answer still takes.
func (p *part) encode(f *crs.Frame, room *int) partJSON {
	j := p.json
	b := geometry.BoxOf(p.mesh.Positions...)
	m := b.Center()
	j.Low, j.High, j.Volume = number(b.Min.H), number(b.Max.H), number(p.volume)
	j.Middle = appendPlace(nil, f, m)
	edges := p.edges()
	if len(edges) > *room {
		return j
	}
	*room -= len(edges)
	out := []byte{'['}
	for i, e := range edges {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendPlace(append(out, '['), f, e[0])
		out = append(appendPlace(append(out, ','), f, e[1]), ']')
	}
	j.Edges = append(out, ']')
	return j
}

// appendPlace writes a place with its degrees to 9 decimals (0.1 mm).
func appendPlace(b []byte, f *crs.Frame, p geometry.Point) []byte {
	lon, lat := f.LonLat(p.E, p.N)
	return fmt.Appendf(b, "[%.9f,%.9f,%.3f]", lon, lat, p.H)
}

// edges are what a part is outlined with: its sharp edges, the longest of them where there are too many.
func (p *part) edges() [][2]geometry.Point {
	edges := p.mesh.Edges()
	if len(edges) > maxPartEdges {
		slices.SortStableFunc(edges, func(x, y [2]geometry.Point) int { return cmp.Compare(y[0].Dist(y[1]), x[0].Dist(x[1])) })
		edges = edges[:maxPartEdges]
	}
	return edges
}
