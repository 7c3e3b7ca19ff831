package gpkg

import (
	"context"
	"fmt"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/store"
)

// isOwn reports whether the file is a twin's own, by its tables.
func (g *file) isOwn(ctx context.Context) (bool, error) {
	for _, t := range [...]string{"undercity_meta", "undercity_asset", "undercity_revision"} {
		if there, err := g.has(ctx, t); err != nil || !there {
			return false, err
		}
	}
	return true, nil
}

// takeOwn hands over the current state of a twin's own file: its frame, its assets with all that is known of them, streets and places.
func (g *file) takeOwn(ctx context.Context, sink formats.Sink) error {
	own := store.Foreign(g.sql, sink.Catalog())
	head, err := own.Head(ctx)
	if err != nil {
		return g.fail(err)
	}
	if head.Frame == nil {
		return twin.Errorf(twin.Invalid, "%s is a twin without assets", g.Name).WithHint("check that it is the right file")
	}
	if err := sink.Adopt(g.Name, head.Frame); err != nil {
		return err
	}
	var sample [][2]float64
	for a, err := range own.Assets(ctx, 0) {
		if err != nil {
			return g.fail(err)
		}
		for _, p := range a.Line {
			sample = append(sample, [2]float64{p.E, p.N})
		}
		if len(sample) >= 5000 {
			break
		}
	}
	t, err := sink.Transform(g.Name, head.Frame.CRS, nil, sample)
	if err != nil {
		return err
	}
	n := 0
	for a, err := range own.Assets(ctx, 0) {
		if err != nil {
			return g.fail(err)
		}
		n++
		at := formats.Row{File: g.Name, Line: n, Value: a.ID}
		if err := move(t, a.Line); err != nil {
			at.Field, at.Reason = "geometry", err.Error()
			if err := sink.Refuse(at); err != nil {
				return err
			}
			continue
		}
		if err := sink.Asset(a, at); err != nil {
			return err
		}
		if n%1000 == 0 {
			sink.Rows(1000, 0.5)
		}
	}
	sink.Rows(n%1000, 1)
	return g.takeBase(ctx, own, t, sink)
}

// move brings points from the file's plane into the installation's.
func move(t *crs.Transform, line []geometry.Point) (err error) {
	for i, p := range line {
		if line[i].E, line[i].N, err = t.Point(p.E, p.N); err != nil {
			return err
		}
	}
	return nil
}

func (g *file) takeBase(ctx context.Context, own *store.DB, t *crs.Transform, sink formats.Sink) error {
	b, err := own.Base(ctx)
	if err != nil {
		return g.fail(err)
	}
	if corner := []geometry.Point{{}}; b.Terrain != nil {
		corner[0] = geometry.Point{E: b.Terrain.MinE, N: b.Terrain.MinN}
		if err := move(t, corner); err != nil || corner[0].E != b.Terrain.MinE || corner[0].N != b.Terrain.MinN {
			b.Terrain = nil // a grid of another plane is no grid here; the ground is made from the heights of the survey
		}
	}
	for i := range b.Streets {
		if err := move(t, b.Streets[i].Line); err != nil {
			return g.fail(fmt.Errorf("street %s: %w", b.Streets[i].Name, err))
		}
	}
	for i := range b.Places {
		at := []geometry.Point{b.Places[i].At}
		if err := move(t, at); err != nil {
			return g.fail(fmt.Errorf("place %s: %w", b.Places[i].Name, err))
		}
		b.Places[i].At = at[0]
	}
	if len(b.Streets)+len(b.Places) > 0 || b.Terrain != nil {
		sink.Base(b)
	}
	return nil
}
