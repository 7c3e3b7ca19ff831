package feature

import (
	"maps"
	"slices"
	"strings"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// english are the names that properties have outside Chinese surveys: common English ones, and those of water models.
var english = map[string][]string{
	"number": {"id", "name", "number", "num", "asset_id", "assetid", "pipe_id", "node_id", "facilityid", "ref", "fid"}, "title": {"title", "label", "street_name"},
	"from": {"from", "start_node", "start_node_name", "startnode", "from_node", "fromnode", "us_node", "upstream", "node1"}, "to": {"to", "end_node", "end_node_name", "endnode", "to_node", "tonode", "ds_node", "downstream", "node2"},
	"size": {"diameter", "dn", "diam", "size", "nominaldiameter", "nominal_diameter", "pipe_size"}, "wallThickness": {"wall", "wall_thickness", "thickness"}, "material": {"material", "mat", "pipe_material"},
	"network": {"network", "system", "utility", "layer", "type_of_network", "medium"}, "owner": {"owner", "operator", "ownedby"}, "road": {"road", "street"}, "builtYear": {"installed", "install_year", "installdate", "year", "built", "constr_year"},
	"ground": {"ground", "surface", "rim", "rim_elev", "ground_level", "rimelev"}, "elevation": {"elevation", "elev"}, "fromDepth": {"from_depth", "depth_start", "us_depth", "depth"}, "toDepth": {"to_depth", "depth_end", "ds_depth", "depth"},
	"fromHeight": {"invert_start", "us_invert", "upinvert", "upstream_invert", "from_invert", "invert_up"}, "toHeight": {"invert_end", "ds_invert", "dninvert", "downstream_invert", "to_invert", "invert_down"},
	"state": {"status", "state", "lifecycle"}, "secrecy": {"secrecy", "secrecy_grade"}, "quality": {"quality", "locate_quality", "ql"}, "holes": {"holes", "ducts"}, "feature": {"feature", "node_type"}, "appurtenance": {"appurtenance", "fitting", "asset_type"}, "segmentId": {"segment_id", "link_id"},
}

// Fields are what a property can be, in order.
func Fields() []string { return slices.Sorted(maps.Keys(english)) }

// fields finds fields by the folded names of properties; what somebody has said by the whole name goes first.
type fields struct {
	folded map[string][]string
	said   formats.Mapping
}

func newFields(c *twin.Catalog, said formats.Mapping) fields {
	f := map[string][]string{}
	add := func(name, field string) {
		k := fold(name)
		if !slices.Contains(f[k], field) {
			f[k] = append(f[k], field)
		}
	}
	for field, names := range english {
		for _, n := range names {
			add(n, field)
		}
	}
	for _, col := range c.SurveyColumns() {
		// What the model has no place for stays an attribute under its own name.
		if _, used := english[col.Field]; !used || col.Table != "point" && col.Table != "line" {
			continue
		}
		for _, n := range col.Aliases {
			if fold(n) != "id" && !isASCIIWord(n) {
				add(n, col.Field)
			}
		}
	}
	return fields{f, said}
}

// find is the fields that a property may be.
func (f fields) find(name string) []string {
	if field, ok := f.said[name]; ok {
		return []string{field}
	}
	return f.folded[fold(name)]
}

// isASCIIWord reports whether an alias of a survey column is one short Latin word, which means something else elsewhere (X, Y, TYPE).
func isASCIIWord(s string) bool {
	for _, r := range s {
		if r > 127 {
			return false
		}
	}
	return !strings.Contains(s, "_") || len(s) < 4
}

// signs are written in some names of properties and left out in others.
var signs = strings.NewReplacer(" ", "", "_", "", "-", "", "（", "(", "）", ")")

func fold(s string) string { return strings.ToLower(signs.Replace(s)) }

// props is the properties of one feature by field.
type props struct {
	values map[string]string
	names  map[string]string // as the file calls them
	rest   []twin.Attr
}

// rank of names for one field: "id" before "name" would take a database's row number where there is a name.
var rank = []string{"name", "number", "id"}

// of sorts a feature's properties by field; what no field takes is kept as attributes, in order of name.
func (f fields) of(ft *Feature) props {
	p := props{values: map[string]string{}, names: map[string]string{}}
	keys := make([]string, 0, len(ft.Props))
	for k := range ft.Props {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		if d := f.rankOf(a) - f.rankOf(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	for _, k := range keys {
		v := ft.Props[k]
		if v == "" {
			continue
		}
		used := false
		may := f.find(k)
		for _, field := range may {
			if _, taken := p.values[field]; !taken {
				p.values[field], p.names[field], used = v, k, true
			}
		}
		if !used || keeps[may[0]] {
			p.rest = append(p.rest, twin.Attr{Key: k, Value: clip(v)})
		}
	}
	slices.SortFunc(p.rest, func(a, b twin.Attr) int { return strings.Compare(a.Key, b.Key) })
	return p
}

// keeps are fields whose value is kept as an attribute too, because the model takes it for something else.
var keeps = map[string]bool{"elevation": true, "state": true}

func (f fields) rankOf(k string) int {
	if _, said := f.said[k]; said {
		return -1
	}
	if strings.EqualFold(k, "fid") {
		return len(rank) + 1 // a row number only where nothing else names the feature
	}
	if i := slices.Index(rank, strings.ToLower(k)); i >= 0 {
		return i
	}
	return len(rank)
}

// clip keeps a value to what an attribute may hold.
func clip(s string) string {
	if len(s) <= twin.MaxText {
		return s
	}
	return strings.ToValidUTF8(s[:twin.MaxText], "")
}

// get returns the value of a field, "" where there is none.
func (p props) get(field string) string { return p.values[field] }

// name is what the file calls a field.
func (p props) name(field string) string {
	if n, ok := p.names[field]; ok {
		return n
	}
	return field
}

// others are the properties that no field takes.
func (p props) others() []twin.Attr { return p.rest }
