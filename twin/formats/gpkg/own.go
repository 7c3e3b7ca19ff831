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
func (g *file) isOwn(ctx context.Context) (is bool, err error) {
	err = g.ask(ctx, func(ctx context.Context) error {
		for _, t := range [...]string{"undercity_meta", "undercity_asset", "undercity_revision"} {
			if is, _, err = g.has(ctx, t); err != nil || !is {
				return err
			}
		}
		return nil
	})
	return is, err
}

// takeOwn hands over the current state of a twin's own file: its frame, its assets with all that is known of them, streets and places.
func (g *file) takeOwn(ctx context.Context, o formats.Options, sink formats.Sink) error {
	own := store.Foreign(g.sql, sink.Catalog())
	var head twin.Head
	err := g.ask(ctx, func(ctx context.Context) (err error) {
		head, err = own.Head(ctx)
		return err
	})
	if err != nil {
		return g.fail(err)
	}
	if head.Frame == nil {
		return twin.Errorf(twin.Invalid, "%s is a twin without assets", g.Name).WithHint("check that it is the right file")
	}
	if o.CRS != nil && o.CRS.Code() != head.Frame.CRS.Code() || o.Unit != nil {
		return twin.Errorf(twin.Invalid, "%s is a twin's own file, in metres of %s, which --crs and --crs-unit cannot change", g.Name, head.Frame.CRS.Code()).
			WithHint("leave them out, or import the file by itself")
	}
	if err := sink.Adopt(g.Name, head.Frame); err != nil {
		return err
	}
	sample, err := g.sample(ctx, own)
	if err != nil {
		return g.fail(err)
	}
	t, err := sink.Transform(g.Name, head.Frame.CRS, nil, sample)
	if err != nil {
		return err
	}
	if err := g.takeAssets(ctx, own, t, sink); err != nil {
		return err
	}
	return g.takeBase(ctx, own, t, sink)
}

// maxSample is how many positions are checked against the CRS.
const maxSample = 5000

func (g *file) sample(ctx context.Context, own *store.DB) (sample [][2]float64, err error) {
	for a, err := range own.Assets(ctx, 0) {
		if err != nil {
			return nil, err
		}
		for _, p := range a.Line {
			sample = append(sample, [2]float64{p.E, p.N})
		}
		if len(sample) >= maxSample {
			break
		}
	}
	return sample, nil
}

func (g *file) takeAssets(ctx context.Context, own *store.DB, t *crs.Transform, sink formats.Sink) error {
	const batch = 1000
	n := 0
	for a, err := range own.Assets(ctx, 0) {
		if err != nil {
			return g.fail(err)
		}
		if n++; int64(n) > g.size {
			return twin.Errorf(twin.Invalid, "%s gives more than %d assets, which is more than a file of its size has", g.Name, g.size)
		}
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
		if n%batch == 0 {
			sink.Rows(batch, -1)
		}
	}
	sink.Rows(n%batch, 1)
	return nil
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
	var b *twin.Base
	err := g.ask(ctx, func(ctx context.Context) (err error) {
		b, err = own.Base(ctx)
		return err
	})
	if err == nil {
		err = sound(b)
	}
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

// sound says what is wrong with base data that no twin of ours would write.
func sound(b *twin.Base) error {
	const most = 1_000_000 // streets, and places; they are written by the city
	if len(b.Streets) > most || len(b.Places) > most {
		return fmt.Errorf("it has more than %d streets or places", most)
	}
	for _, s := range b.Streets {
		if len(s.Line) < 2 || len(s.Name) > twin.MaxText || !isFinite(s.Line...) {
			return fmt.Errorf("street %.80q has no line", s.Name)
		}
	}
	for _, p := range b.Places {
		if len(p.Name) > twin.MaxText || !isFinite(p.At) {
			return fmt.Errorf("place %.80q is nowhere", p.Name)
		}
	}
	t := b.Terrain
	if t == nil {
		return nil
	}
	if t.Cols < 1 || t.Rows < 1 || len(t.Heights)%t.Cols != 0 || len(t.Heights)/t.Cols != t.Rows || !(t.StepE > 0) || !(t.StepN > 0) || !isFinite(geometry.Point{E: t.MinE, N: t.MinN}) {
		return fmt.Errorf("its terrain of %d by %d heights has %d", t.Cols, t.Rows, len(t.Heights))
	}
	return nil
}

func isFinite(points ...geometry.Point) bool {
	for _, p := range points {
		p.H = 0 // may be unknown
		if !p.IsFinite() {
			return false
		}
	}
	return true
}
