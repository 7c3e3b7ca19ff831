package twin

import (
	"bytes"
	"embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/undercity/undercity/geometry"
)

//go:embed tables/*.csv
var tableFiles embed.FS

// Catalog is the tables of the domain as data: networks, materials, words of survey points, pipe sizes, depth rules. It is immutable
// and may be used from any goroutine.
type Catalog struct {
	networks  []Network
	byCode    map[string]int
	byWord    map[string]string
	materials []Material
	matByWord map[string]int
	matByCode map[string]int
	features  []PointFeature
	byTerm    map[string][]int
	pipes     map[string][]Pipe
	covers    map[string]Rule
	columns   []SurveyColumn
	layers    []Network
	layerOf   []string // by index of the network
}

// Standard returns the catalog of the tables that are built in.
var Standard = sync.OnceValue(func() *Catalog {
	c, err := readCatalog()
	if err != nil {
		// A broken table is a broken promise inside the program: a test reads every row.
		panic(err)
	}
	return c
})

// UnknownNetwork is the code of lines whose trade nobody knows (不明管线).
const UnknownNetwork = "BM"

func readCatalog() (*Catalog, error) {
	c := &Catalog{byCode: map[string]int{}, byWord: map[string]string{}, matByWord: map[string]int{}, matByCode: map[string]int{},
		byTerm: map[string][]int{}, pipes: map[string][]Pipe{}, covers: map[string]Rule{}}
	steps := []struct {
		file string
		row  func(get func(string) string)
	}{
		{"networks", c.addNetwork}, {"materials", c.addMaterial}, {"point_features", c.addFeature},
		{"sections", c.addPipe}, {"cover_minimum", c.addCover}, {"survey_columns", c.addColumn},
	}
	for _, s := range steps {
		if err := eachRow(s.file, s.row); err != nil {
			return nil, err
		}
	}
	for _, n := range c.networks {
		c.layerOf = append(c.layerOf, c.Layer(n.Code))
		if c.layerOf[len(c.layerOf)-1] == n.Code {
			c.layers = append(c.layers, n)
		}
	}
	return c, nil
}

// drainage is the class whose sub-classes are layers of their own (tables/README: YS, WS and HS each for itself).
const drainage = "PS"

func eachRow(name string, row func(get func(string) string)) error {
	raw, err := tableFiles.ReadFile("tables/" + name + ".csv")
	if err != nil {
		return fmt.Errorf("table %s: %w", name, err)
	}
	recs, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		return fmt.Errorf("table %s: %w", name, err)
	}
	col := map[string]int{}
	for i, h := range recs[0] {
		col[h] = i
	}
	for _, r := range recs[1:] {
		row(func(h string) string {
			i, ok := col[h]
			if !ok {
				panic(fmt.Errorf("table %s has no column %s", name, h))
			}
			return strings.TrimSpace(r[i])
		})
	}
	return nil
}

func (c *Catalog) addNetwork(get func(string) string) {
	n := Network{
		Code: get("code"), Parent: get("parent"), NameZH: get("name_zh"), NameEN: get("name_en"), Industry: get("industry"),
		Flow: Flow(get("gravity_or_pressure")), Clearance: get("clearance_class"), ColourDark: get("screen_dark"),
		ColourLite: get("screen_light"), Materials: split(get("default_materials")), KnownAs: get("known_as"),
	}
	if n.Flow == "" {
		n.Flow = FlowNone
	}
	n.SurveyedTo = RefCrown
	if strings.HasPrefix(get("surveyed_depth_to"), "inner_bottom") {
		n.SurveyedTo = RefInvert
	}
	for i, s := range strings.SplitN(get("rgb_rendering_of_word"), ";", 3) {
		if v, err := strconv.ParseUint(s, 10, 8); err == nil {
			n.RGB[i] = uint8(v)
		}
	}
	if v, err := strconv.Atoi(get("aci_rendering_of_word")); err == nil {
		n.ACI = v
	}
	code := n.Code
	if code == "" {
		// A row without a code is a name within its parent.
		code = n.Parent
	} else {
		c.byCode[n.Code] = len(c.networks)
		c.networks = append(c.networks, n)
		c.addWord(n.Code, code)
	}
	for _, w := range append(strings.Split(n.NameZH, "/"), n.NameEN, n.Industry) {
		c.addWord(w, code)
	}
}

func (c *Catalog) addWord(word, code string) {
	if w := foldWord(word); w != "" {
		if _, taken := c.byWord[w]; !taken {
			c.byWord[w] = code
		}
	}
}

// foldWord makes spellings of one word equal: no blanks, lower case, full-width letters and brackets narrowed.
func foldWord(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == ' ' || r == '\t' || r == '\u3000' || r == '_' || r == '-' || r == '\ufeff':
		case r >= '\uff01' && r <= '\uff5e':
			b.WriteRune(r - 0xfee0)
		default:
			b.WriteRune(r)
		}
	}
	return strings.ToLower(b.String())
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	parts := strings.Split(s, "|")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

func metresOf(mm string) float64 {
	v, err := strconv.ParseFloat(mm, 64)
	if err != nil {
		return 0
	}
	return v / 1000
}

func (c *Catalog) addMaterial(get func(string) string) {
	m := Material{Code: get("code"), NameZH: get("name_zh"), NameEN: get("name_en"), NamedBy: get("diameter_named_by"), KnownAs: get("known_as")}
	i := len(c.materials)
	c.materials = append(c.materials, m)
	c.matByCode[m.Code] = i
	// The row's own code and names win over another row's alias (CON's alias list holds "PC").
	for _, w := range append([]string{m.Code, m.NameZH, m.NameEN}, split(get("aliases"))...) {
		w = foldWord(w)
		if _, taken := c.matByWord[w]; !taken && w != "" {
			c.matByWord[w] = i
		}
	}
}

func (c *Catalog) addFeature(get func(string) string) {
	k, ok := ParseKind(get("kind"))
	if !ok {
		k = KindNode
	}
	f := PointFeature{Networks: split(get("networks")), Term: get("term_zh"), IsPart: get("term_kind") == "附属物", NameEN: get("name_en"),
		Kind: k, DrawnAs: get("drawn_as"), KnownAs: get("known_as")}
	i := len(c.features)
	c.features = append(c.features, f)
	c.byTerm[f.Term] = append(c.byTerm[f.Term], i)
}

func (c *Catalog) addPipe(get func(string) string) {
	if get("nominal_mm") == "" {
		return // a shape or a note, not a pipe
	}
	p := Pipe{Material: get("type"), Name: get("name"), Nominal: metresOf(get("nominal_mm")), Outer: metresOf(get("outer_mm")),
		Wall: metresOf(get("wall_mm")), Inner: metresOf(get("inner_mm")), Standard: get("standard"), KnownAs: get("known_as")}
	if p.Nominal > 0 {
		c.pipes[p.Material] = append(c.pipes[p.Material], p)
	}
}

func (c *Catalog) addCover(get func(string) string) {
	v, err := strconv.ParseFloat(get("under_footpath_or_non_motor_lane_m"), 64)
	key := get("network")
	if err != nil || v <= 0 || strings.Contains(get("clause"), "superseded") {
		return
	}
	if _, taken := c.covers[key]; taken {
		return // the first row of a class is its plain case
	}
	c.covers[key] = Rule{ID: "cover." + key, Value: v, Source: get("clause"), KnownAs: get("known_as")}
}

func (c *Catalog) addColumn(get func(string) string) {
	table := get("table")
	if table == "rule" {
		return
	}
	if strings.HasPrefix(table, "line (") {
		table = "census"
	}
	col := SurveyColumn{Table: table, Field: get("field"), NameZH: get("name_zh"), Unit: get("unit"), Type: get("type"), Required: get("required") == "yes"}
	col.Aliases = append(append([]string{col.NameZH}, split(get("aliases_seen"))...), split(get("aliases_from_memory"))...)
	c.columns = append(c.columns, col)
}

// Network returns the network with the code.
func (c *Catalog) Network(code string) (Network, bool) {
	i, ok := c.byCode[code]
	if !ok {
		return Network{}, false
	}
	return c.networks[i], true
}

func (c *Catalog) networkIndex(code string) (int, bool) { i, ok := c.byCode[code]; return i, ok }

// NetworkByWord returns the network that a file calls by code, by Chinese or English name, or by a longer word that begins with one
// ("污水管线", "gasPipeline").
func (c *Catalog) NetworkByWord(word string) (Network, bool) {
	w := foldWord(word)
	if code, ok := c.byWord[w]; ok {
		return c.Network(code)
	}
	for _, end := range []string{"管线", "管道", "管网", "管", "线", "pipeline", "pipes", "pipe", "network", "line"} {
		if s, ok := strings.CutSuffix(w, end); ok && s != "" {
			if code, ok := c.byWord[s]; ok {
				return c.Network(code)
			}
		}
	}
	return Network{}, false
}

// Layer is the code of the layer (and tileset) that a network belongs to: its top class, but YS, WS and HS each for themselves. A
// code nobody knows belongs to BM.
func (c *Catalog) Layer(code string) string {
	for range 8 {
		n, ok := c.Network(code)
		if !ok {
			return UnknownNetwork
		}
		if n.Parent == "" || n.Parent == drainage {
			return n.Code
		}
		code = n.Parent
	}
	return UnknownNetwork
}

// Layers lists the networks that are layers, in the order of the table.
func (c *Catalog) Layers() []Network { return c.layers }

// Networks lists all networks in the order of the table.
func (c *Catalog) Networks() []Network { return c.networks }

// Material returns the material that a file calls by code or alias, without regard to case.
func (c *Catalog) Material(word string) (Material, bool) {
	i, ok := c.matByWord[foldWord(word)]
	if !ok {
		return Material{}, false
	}
	return c.materials[i], true
}

// Materials lists all materials in the order of the table.
func (c *Catalog) Materials() []Material { return c.materials }

// PointFeatures lists the words for what stands at nodes and chambers, in the order of the table; the list is not to be changed.
func (c *Catalog) PointFeatures() []PointFeature { return c.features }

// PointFeature returns what a word for a survey point means in a network; a row for the network itself wins over one for its parent,
// and that over one for any.
func (c *Catalog) PointFeature(network, word string) (PointFeature, bool) {
	best, found, rank := PointFeature{}, false, 0
	for _, i := range c.byTerm[strings.TrimSpace(word)] {
		for _, n := range c.features[i].Networks {
			if r := c.featureRank(n, network); r > rank {
				best, found, rank = c.features[i], true, r
			}
		}
	}
	return best, found
}

func (c *Catalog) featureRank(row, network string) int {
	if row == "any" {
		return 1
	}
	for r := 9; network != "" && r > 1; r-- {
		if row == network {
			return r
		}
		n, _ := c.Network(network)
		network = n.Parent
	}
	return 0
}

// StandardCover is the minimum cover under a footpath that the network's class has in GB 50289 table 4.1.1 (tables/cover_minimum.csv): what
// an unknown depth is drawn at. Classes without a row of their own take that of a trench.
func (c *Catalog) StandardCover(network string) Rule {
	for code := network; code != ""; {
		n, ok := c.Network(code)
		if !ok {
			break
		}
		if r, ok := c.covers[n.Clearance]; ok {
			return r
		}
		code = n.Parent
	}
	return Rule{ID: "cover.other", Value: 0.7, Source: "Undercity: no table gives a cover for this class", KnownAs: "project assumption"}
}

// Pipe returns the row of the pipe table for a material and a nominal size, metres. Of several classes the first is taken, which is the
// usual one; the caller marks what it takes from it as assumed.
func (c *Catalog) Pipe(material string, nominal float64) (Pipe, bool) {
	for _, p := range c.pipes[material] {
		if d := p.Nominal - nominal; d < 5e-4 && d > -5e-4 {
			return p, true
		}
	}
	return Pipe{}, false
}

// SurveyColumns lists the columns of survey tables with their aliases.
func (c *Catalog) SurveyColumns() []SurveyColumn { return c.columns }

// DrawnSection is the section that a is drawn with, and whether its size is assumed.
func (c *Catalog) DrawnSection(a *Asset) (geometry.Section, bool) {
	return c.drawnSection(a.Kind, a.Network, a.Section)
}

// drawnSection is the same for the parts of an asset. Sizes of unknown lines are the project's own choice, small enough not to hide others.
func (c *Catalog) drawnSection(k Kind, network string, s geometry.Section) (geometry.Section, bool) {
	if s.Known() {
		return s, false
	}
	switch k {
	case KindNode:
		return geometry.Round(0.15, 0), true
	case KindChamber:
		return geometry.Round(0.8, 0), true
	case KindGallery:
		return geometry.Section{Shape: geometry.Rectangle, Width: 3, Height: 2.8, Wall: 0.3}, true
	case KindTunnel:
		return geometry.Round(6, 0.35), true
	case KindBridge:
		return geometry.Section{Shape: geometry.Rectangle, Width: 8, Height: 1}, true
	}
	n, _ := c.Network(network)
	d := 0.2
	switch n.Flow {
	case FlowGravity:
		d = 0.3
	case FlowCable:
		d = 0.1
	}
	if s.Shape == geometry.ShapeUnknown || s.Shape == geometry.Circle || s.Shape == geometry.Cable {
		return geometry.Round(d, 0), true
	}
	s.Width, s.Height, s.Wall = d, d, 0
	return s, true
}

// DrawnAs is how what stands at a node or chamber is drawn ("valve", "hydrant"), "" for nothing special: by the appurtenance, or the feature where that says
// nothing.
func (c *Catalog) DrawnAs(network, feature, appurtenance string) string {
	for _, w := range [...]string{appurtenance, feature} {
		if f, ok := c.PointFeature(network, w); ok && w != "" {
			return f.DrawnAs
		}
	}
	return ""
}
