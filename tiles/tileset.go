package tiles

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/local"
	"github.com/undercity/undercity/twin"
)

type tileset struct {
	Asset          map[string]any `json:"asset"`
	Extras         *extras        `json:"extras,omitempty"`
	Schema         any            `json:"schema,omitempty"`
	GeometricError float64        `json:"geometricError"`
	Root           *tileJSON      `json:"root"`
}

// extras says what a tileset lacks for its reader.
type extras struct {
	Withheld int `json:"withheld"` // assets that the reader may not see
}

// extras of a layer, or of all of them where code is "".
func (x *index) extras(code string) *extras {
	s := x.snap
	if s.Sight() == nil {
		return nil
	}
	if code == "" {
		return &extras{s.Withheld()}
	}
	count := func(s *twin.Snapshot) (n int) {
		for _, c := range s.Counts() {
			if s.Catalog().Layer(c.Network) == code {
				n += c.N
			}
		}
		return n
	}
	return &extras{count(s.Whole()) - count(s)}
}

type tileJSON struct {
	BoundingVolume map[string]any `json:"boundingVolume"`
	GeometricError float64        `json:"geometricError"`
	Refine         string         `json:"refine,omitempty"`
	Content        map[string]any `json:"content,omitempty"`
	Implicit       map[string]any `json:"implicitTiling,omitempty"`
	Children       []*tileJSON    `json:"children,omitempty"`
}

// tileSchema describes what subtrees say of each tile.
var tileSchema = map[string]any{"id": "undercityTile", "classes": map[string]any{"tile": map[string]any{"properties": map[string]any{
	"boundingBox":    map[string]any{"type": "SCALAR", "componentType": "FLOAT64", "array": true, "count": 12, "semantic": "TILE_BOUNDING_BOX"},
	"geometricError": map[string]any{"type": "SCALAR", "componentType": "FLOAT64", "semantic": "TILE_GEOMETRIC_ERROR"},
}}}}

// rootError is the geometric error above the roots, metres: more than anything is wide, so that a client looks into every layer.
const rootError = 100

func volume(b [12]float64) map[string]any { return map[string]any{"box": b} }

var about = map[string]any{"version": "1.1", "generator": "undercity"}

// root is the tileset above all layers: one external tileset a layer, so that a client can load one alone. query is added to the links to them.
func (x *index) root(asset map[string]any, query string) ([]byte, error) {
	// CesiumJS knows subtrees' metadata by the schema of the tileset it was given alone, and not by those of the tilesets in it.
	t := tileset{Asset: asset, Extras: x.extras(""), Schema: tileSchema, GeometricError: rootError, Root: &tileJSON{GeometricError: rootError, Refine: "ADD"}}
	all := geometry.EmptyBox()
	for _, code := range slices.Sorted(maps.Keys(x.layers)) {
		l := x.layers[code]
		top := l.tiles[cell{}]
		if top == nil {
			continue
		}
		all = all.Union(top.box)
		t.Root.Children = append(t.Root.Children, &tileJSON{BoundingVolume: volume(local.OrientedBox(x.snap.Frame(), top.box)), GeometricError: rootError,
			Content: map[string]any{"uri": code + "/tileset.json" + query}})
	}
	if all.IsEmpty() {
		t.Root.BoundingVolume = volume([12]float64{0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1})
	} else {
		t.Root.BoundingVolume = volume(local.OrientedBox(x.snap.Frame(), all))
	}
	return json.Marshal(t)
}

// layerTileset is the tileset of one layer: an implicit quadtree over the frame's square.
func (x *index) layerTileset(l *layer, query string) ([]byte, error) {
	q := x.square
	top := l.tiles[cell{}]
	b := geometry.Box{Min: geometry.Point{E: q.MinE, N: q.MinN, H: top.box.Min.H}, Max: geometry.Point{E: q.MinE + q.Size, N: q.MinN + q.Size, H: top.box.Max.H}}
	return json.Marshal(tileset{Asset: about, Extras: x.extras(l.code), Schema: tileSchema, GeometricError: rootError, Root: &tileJSON{
		BoundingVolume: volume(local.OrientedBox(x.snap.Frame(), b)), GeometricError: rootError, Refine: "ADD",
		Content: map[string]any{"uri": "content/{level}/{x}/{y}.glb" + query},
		Implicit: map[string]any{"subdivisionScheme": "QUADTREE", "subtreeLevels": l.subtreeLevels(), "availableLevels": l.levelCount(),
			"subtrees": map[string]any{"uri": "subtrees/{level}/{x}/{y}.subtree" + query}},
	}})
}
