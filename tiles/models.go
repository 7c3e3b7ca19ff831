package tiles

import (
	"context"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/tiles/model"
	"github.com/undercity/undercity/twin"
)

const glbType = "model/gltf-binary"

// Model is one asset as a plain glTF model that any program opens: metres, Y up and −Z north about its middle, no extension, nodes named by the asset's ID
// and those of its parts by their names. The extras of the root say where it belongs.
func (g *Generator) Model(ctx context.Context, v View, id twin.ID) (Result, error) {
	m, err := model.Of(v.Snapshot, id)
	if err != nil {
		return Result{}, err
	}
	return g.build(ctx, m, id)
}

// CutOut is what lies in a box as one plain model, an asset a node under that of its network. Lines are cut where their axis leaves the box, and closed
// there, and pipes end at the openings of their chambers; nodes are in it when their place is, and other assets are whole when they reach into it. Invalid when it holds nothing, or too much.
func (g *Generator) CutOut(ctx context.Context, v View, d crs.Box) (Result, error) {
	m, err := model.CutOut(v.Snapshot, d)
	if err != nil {
		return Result{}, err
	}
	return g.build(ctx, m, "cut-out")
}

// build writes a model when a maker is free.
func (g *Generator) build(ctx context.Context, m *model.Model, name string) (Result, error) {
	select {
	case g.makers <- struct{}{}:
		defer func() { <-g.makers }()
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
	body, err := m.GLB(name)
	if err != nil {
		return Result{}, err
	}
	return small(body, glbType, compress.Identity)
}
