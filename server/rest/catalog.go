package rest

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
)

type ruleJSON struct {
	Value     float64 `json:"value"`
	Source    string  `json:"source"`
	KnownAs   string  `json:"knownAs"`
	Confirmed bool    `json:"confirmed"`
}

type networkJSON struct {
	Code   string  `json:"code"`
	Parent *string `json:"parent"`
	NameZH string  `json:"nameZh"`
	NameEN string  `json:"nameEn"`
	// Members are the codes of the networks that are drawn, coloured and switched with this one, itself among them.
	Members       []string       `json:"members"`
	ColorDark     string         `json:"colorDark"`
	ColorLight    string         `json:"colorLight"`
	Flow          string         `json:"flow"`
	SurveyedTo    string         `json:"surveyedTo"`
	Count         int            `json:"count"`
	Kinds         map[string]int `json:"kinds"`
	Withheld      int            `json:"withheld"` // assets that the reader may not see
	StandardCover ruleJSON       `json:"standardCover"`
}

// subnetJSON is a network that is drawn within the layer of another.
type subnetJSON struct {
	Code   string `json:"code"`
	Layer  string `json:"layer"`
	NameZH string `json:"nameZh"`
	NameEN string `json:"nameEn"`
}

type wordJSON struct {
	Code   string `json:"code"`
	NameZH string `json:"nameZh"`
	NameEN string `json:"nameEn"`
	Count  int    `json:"count,omitempty"`
}

// shiftJSON is the installation's own datum shift.
type shiftJSON struct {
	Parameters string  `json:"parameters"`
	Accuracy   float64 `json:"accuracy"`
}

type frameJSON struct {
	CRS           string      `json:"crs"`
	Name          string      `json:"name"`
	VerticalDatum string      `json:"verticalDatum"`
	Separation    float64     `json:"separation"`
	Shift         *shiftJSON  `json:"shift,omitempty"`
	Extent        *[4]float64 `json:"extent"`
	Center        *[3]float64 `json:"center"`
	HeightRange   *[2]float64 `json:"heightRange"`
}

type catalogJSON struct {
	Revision    uint64        `json:"revision"`
	Title       string        `json:"title"`
	Schematic   bool          `json:"schematic"`
	Frame       *frameJSON    `json:"frame"`
	Networks    []networkJSON `json:"networks"`
	Subnetworks []subnetJSON  `json:"subnetworks"`
	Kinds       []wordJSON    `json:"kinds"`
	Materials   []wordJSON    `json:"materials"`
	Shapes      []wordJSON    `json:"shapes"`
	Statuses    []wordJSON    `json:"statuses"`
	Qualities   []wordJSON    `json:"qualities"`
	Attribution []string      `json:"attribution"`
	Withheld    int           `json:"withheld"` // assets of all networks that the reader may not see
}

// Names of the model's own words in both languages; trades and materials have theirs in the tables.
var (
	kindNames = map[string][2]string{"segment": {"管段", "segment"}, "node": {"管点", "node"}, "chamber": {"检查井", "chamber"}, "gallery": {"综合管廊", "gallery"},
		"tunnel": {"隧道", "tunnel"}, "bridge": {"桥梁", "bridge"}, "zone": {"区域", "zone"}, "solid": {"实体", "solid"}}
	statusNames = map[string][2]string{"planned": {"规划", "planned"}, "designed": {"设计", "designed"}, "building": {"在建", "under construction"}, "inService": {"在用", "in service"},
		"outOfUse": {"停用", "out of use"}, "abandoned": {"废弃", "abandoned"}, "removed": {"拆除", "removed"}}
	shapeNames = map[string][2]string{"unknown": {"不明", "unknown"}, "circle": {"圆形", "circle"}, "rectangle": {"矩形", "rectangle"}, "egg": {"蛋形", "egg"}, "invertedEgg": {"倒蛋形", "inverted egg"},
		"arch": {"拱形", "arch"}, "horseshoe": {"马蹄形", "horseshoe"}, "ellipse": {"椭圆形", "ellipse"}, "trapezoid": {"梯形", "trapezoid"}, "triangle": {"三角形", "triangle"}, "parabola": {"抛物线形", "parabola"},
		"rectRound": {"圆底矩形", "round-bottomed rectangle"}, "rectTriangle": {"三角底矩形", "triangular-bottomed rectangle"}, "basketHandle": {"三心拱形", "basket handle"}, "semicircle": {"半圆形", "semicircle"},
		"ductBank": {"管块", "duct bank"}, "openRectangle": {"矩形明渠", "open rectangle"}, "cable": {"直埋电缆", "direct-buried cable"}, "uChannel": {"U 形槽", "U-channel"}, "gothic": {"尖拱形", "gothic"},
		"catenary": {"悬链线形", "catenary"}, "semiElliptical": {"半椭圆形", "semi-elliptical"}, "modBasketHandle": {"弧顶矩形", "arc-topped rectangle"}, "pipeArch": {"管拱形", "pipe arch"},
		"custom": {"自定义", "own outline"}}
	levelNames = map[string][2]string{"A": {"实测（开挖或明显点）", "exposed or visible, surveyed"}, "B": {"物探定位", "located by geophysics"}, "C": {"由地面设施推断", "inferred from surface features"}, "D": {"仅有资料", "from records only"}}
)

// Catalog answers GET /catalog.
func (a *API) Catalog(c *gin.Context) error {
	s, _, err := a.Snapshot(c)
	if err != nil {
		return err
	}
	harmless(c)
	base := a.o.Twin.Base()
	j := catalogJSON{Revision: s.Revision(), Title: base.Title, Attribution: append([]string{}, base.Credit...), Frame: frameOf(s), Withheld: s.Withheld()}
	cat := s.Catalog()
	byLayer := map[string]map[string]int{}
	byKind := map[string]int{}
	for _, n := range s.Counts() {
		l := cat.Layer(n.Network)
		if byLayer[l] == nil {
			byLayer[l] = map[string]int{}
		}
		byLayer[l][n.Kind.String()] += n.N
		byKind[n.Kind.String()] += n.N
	}
	whole := map[string]int{}
	for _, n := range s.Whole().Counts() {
		whole[cat.Layer(n.Network)] += n.N
	}
	members := map[string][]string{}
	for _, n := range cat.Networks() {
		if n.Code != "" {
			members[cat.Layer(n.Code)] = append(members[cat.Layer(n.Code)], n.Code)
		}
	}
	for _, n := range cat.Layers() {
		cover := cat.StandardCover(n.Code)
		w := networkJSON{Code: n.Code, Parent: some(n.Parent), NameZH: n.NameZH, NameEN: n.NameEN, Members: append([]string{}, members[n.Code]...), ColorDark: n.ColourDark, ColorLight: n.ColourLite, Flow: string(n.Flow), SurveyedTo: n.SurveyedTo.String(),
			Kinds: map[string]int{}, StandardCover: ruleJSON{cover.Value, cover.Source, cover.KnownAs, cover.Confirmed}}
		for k, count := range byLayer[n.Code] {
			w.Kinds[k] = count
			w.Count += count
		}
		w.Withheld = whole[n.Code] - w.Count
		j.Networks = append(j.Networks, w)
	}
	j.Subnetworks = []subnetJSON{}
	for _, n := range cat.Networks() {
		if l := cat.Layer(n.Code); l != n.Code {
			j.Subnetworks = append(j.Subnetworks, subnetJSON{n.Code, l, n.NameZH, n.NameEN})
		}
	}
	for _, k := range twin.Kinds() {
		w := named(k.String(), kindNames)
		w.Count = byKind[k.String()]
		j.Kinds = append(j.Kinds, w)
	}
	for _, m := range cat.Materials() {
		j.Materials = append(j.Materials, wordJSON{Code: m.Code, NameZH: m.NameZH, NameEN: m.NameEN})
	}
	for i := geometry.ShapeUnknown; i.String() != "unknown" || i == geometry.ShapeUnknown; i++ {
		j.Shapes = append(j.Shapes, named(i.String(), shapeNames))
	}
	for _, st := range twin.Statuses() {
		j.Statuses = append(j.Statuses, named(st.String(), statusNames))
	}
	for _, l := range [...]string{"A", "B", "C", "D"} {
		j.Qualities = append(j.Qualities, named(l, levelNames))
	}
	if r, ok := anyAssumedPosition(s); ok {
		j.Schematic = r
	}
	c.JSON(http.StatusOK, j)
	return nil
}

func named(code string, names map[string][2]string) wordJSON {
	n, ok := names[code]
	if !ok {
		n = [2]string{code, code}
	}
	return wordJSON{Code: code, NameZH: n[0], NameEN: n[1]}
}

// anyAssumedPosition looks at the first assets: a schematic drawing marks every one.
func anyAssumedPosition(s *twin.Snapshot) (schematic, ok bool) {
	n := 0
	for r := range s.All {
		if r.Assumed()&twin.AssumedPosition != 0 {
			return true, true
		}
		if n++; n == 50 {
			break
		}
	}
	return false, n > 0
}

func frameOf(s *twin.Snapshot) *frameJSON {
	f := s.Frame()
	if f == nil {
		return nil
	}
	j := &frameJSON{CRS: f.CRS.Code(), Name: f.CRS.Name(), VerticalDatum: f.VerticalDatum, Separation: f.Separation}
	if own, ok := f.CRS.Given(); ok {
		j.Shift = &shiftJSON{own.String(), own.Accuracy}
	}
	if b := s.Extent(); !b.IsEmpty() {
		e := f.Degrees(b)
		j.Extent = &e
		m := b.Center()
		lon, lat := f.LonLat(m.E, m.N)
		h := s.Ground().Height(m.E, m.N)
		if twin.IsUnknown(h) {
			h = b.Max.H
		}
		j.Center, j.HeightRange = &[3]float64{lon, lat, h}, &[2]float64{b.Min.H, b.Max.H}
	}
	return j
}

// groundCells is how many heights a side the ground has at most on the wire.
const groundCells = 200

type groundJSON struct {
	Source   string   `json:"source"`
	West     float64  `json:"west"`
	South    float64  `json:"south"`
	East     float64  `json:"east"`
	North    float64  `json:"north"`
	Cols     int      `json:"cols"`
	Rows     int      `json:"rows"`
	Heights  []number `json:"heights"`
	Revision uint64   `json:"revision"`
}

// Ground answers GET /base/ground: the surface on a grid of longitude and latitude over the installation.
func (a *API) Ground(c *gin.Context) error {
	s := a.o.Twin.Snapshot()
	body, err := a.ground.Get(fmt.Sprintf("%d %p", s.Revision(), s.Ground()), func() ([]byte, error) { return json.Marshal(groundOf(s)) })
	if err != nil {
		return err
	}
	return a.sendJSON(c, body)
}

func groundOf(s *twin.Snapshot) groundJSON {
	g := s.Ground()
	j := groundJSON{Source: g.Source(), Heights: []number{}, Revision: s.Revision()}
	grid := g.Grid()
	if grid == nil || s.Frame() == nil {
		j.Source = "none"
		return j
	}
	b := geometry.Box{Min: geometry.Point{E: grid.MinE, N: grid.MinN}, Max: geometry.Point{E: grid.MinE + float64(grid.Cols-1)*grid.StepE, N: grid.MinN + float64(grid.Rows-1)*grid.StepN}}
	d := s.Frame().Degrees(b)
	j.West, j.South, j.East, j.North = d[0], d[1], d[2], d[3]
	j.Cols, j.Rows = min(groundCells, max(2, grid.Cols)), min(groundCells, max(2, grid.Rows))
	for r := range j.Rows {
		for k := range j.Cols {
			lon := d[0] + (d[2]-d[0])*float64(k)/float64(j.Cols-1)
			lat := d[1] + (d[3]-d[1])*float64(r)/float64(j.Rows-1)
			h := twin.Unknown()
			if e, n, err := s.Frame().Plane(lon, lat); err == nil {
				// The grid of degrees stands a little askew over that of the plane: its rim takes the nearest height.
				h = g.Height(max(b.Min.E, min(b.Max.E, e)), max(b.Min.N, min(b.Max.N, n)))
			}
			j.Heights = append(j.Heights, number(math.Round(h*100)/100))
		}
	}
	return j
}

// Streets answers GET /base/streets as GeoJSON.
func (a *API) Streets(c *gin.Context) error {
	base, f := a.o.Twin.Base(), a.o.Twin.Snapshot().Frame()
	body, err := a.streets.Get(fmt.Sprintf("%p %p", base, f), func() ([]byte, error) {
		features := []any{}
		if f != nil {
			for _, s := range base.Streets {
				features = append(features, map[string]any{"type": "Feature", "geometry": streetLine(s.Line, f), "properties": map[string]any{"name": s.Name, "nameEn": s.NameEN, "class": s.Class, "width": sized(s.Width)}})
			}
		}
		return json.Marshal(map[string]any{"type": "FeatureCollection", "features": features})
	})
	if err != nil {
		return err
	}
	return a.sendJSON(c, body)
}

// streetLine is the middle of a street as GeoJSON, to a centimetre and without heights: it is drawn on the ground, and comes before the first picture.
func streetLine(line []geometry.Point, f *crs.Frame) geometryJSON {
	b := []byte{'['}
	for i, p := range line {
		if i > 0 {
			b = append(b, ',')
		}
		lon, lat := f.LonLat(p.E, p.N)
		b = fmt.Appendf(b, "[%.7f,%.7f]", lon, lat)
	}
	return geometryJSON{Type: "LineString", Coordinates: append(b, ']')}
}
