package tiles

import (
	"context"
	"slices"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/tiles/vector"
	"github.com/undercity/undercity/twin"
)

// VectorAddress names a vector tile.
type VectorAddress = vector.Address

// vectorLayer is the group of vector tiles in the cache.
const vectorLayer = "v"

// Vector is a Mapbox Vector Tile 2.1; one with nothing in it has an empty body.
func (g *Generator) Vector(ctx context.Context, v View, t VectorAddress, enc compress.Encoding) (Result, error) {
	if !t.Valid() {
		return Result{}, twin.Errorf(twin.NotFound, "there is no vector tile %d/%d/%d", t.Z, t.X, t.Y).WithHint("zooms go to 22, x and y to 2^z − 1")
	}
	streets := g.streetsNow()
	return g.cached(ctx, v, cacheGroup{vectorLayer, cell{t.Z, t.X, t.Y}}, "", "application/vnd.mapbox-vector-tile", enc, func(x *index) ([]byte, []twin.Handle, error) {
		var held []twin.Handle
		sized := func(b geometry.Box, least float64) []twin.Handle {
			list := x.sized(b, least)
			held = slices.Clone(list)
			return list
		}
		body := g.vectors.Tile(vector.Query{Snapshot: x.snap, Past: v.Past, Streets: streets, Sized: sized}, t)
		if b, ok := t.Box(x.snap); ok && len(body) > 0 && v.Grades != nil {
			held = v.restrictedIn(x.snap, held, b)
		}
		return body, held, nil
	})
}

// sized lists what lies in tiles that meet a box and may hold something that counts at least so much.
func (x *index) sized(b geometry.Box, least float64) []twin.Handle {
	var list []twin.Handle
	for _, l := range x.layers {
		for _, t := range l.tiles {
			if len(t.handles) > 0 && 2*t.ownSize >= least && t.ownBox.Min.E <= b.Max.E && t.ownBox.Max.E >= b.Min.E && t.ownBox.Min.N <= b.Max.N && t.ownBox.Max.N >= b.Min.N {
				list = append(list, t.handles...)
			}
		}
	}
	return list
}

// streetsNow returns the streets of the base data as it is now. When that has been replaced, vector tiles made before are dropped.
func (g *Generator) streetsNow() *vector.Streets {
	base := g.twin.Base()
	old := g.roads.Load()
	if old != nil && old.Same(base) {
		return old
	}
	s := vector.NewStreets(base)
	if g.roads.CompareAndSwap(old, s) && old != nil {
		g.cache.dropLayer(vectorLayer)
	}
	return s
}

// dropVector drops the vector tiles that a change touched.
func (g *Generator) dropVector(ch *twin.Change) {
	var spans []span
	for _, s := range vector.Touched(ch) {
		spans = append(spans, span{s.Z, s.MinX, s.MinY, s.MaxX, s.MaxY})
	}
	g.cache.dropSpans(vectorLayer, spans)
}

// TileJSON describes the vector tiles; address is the template of theirs.
func (g *Generator) TileJSON(_ context.Context, v View, address string, enc compress.Encoding) (Result, error) {
	body, err := vector.TileJSON(g.twin.Base(), v.Snapshot, address)
	if err != nil {
		return Result{}, err
	}
	return small(body, "application/json", enc)
}
