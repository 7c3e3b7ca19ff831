// Package gpkg reads networks from GeoPackages: the lines and points of any layer, whoever wrote it, and the twin's own files with
// nothing lost.
package gpkg

import (
	"bytes"
	"context"
	"errors"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/feature"
)

// Reader reads GeoPackages 1.0 to 1.4 (OGC 12-128).
type Reader struct{}

var _ formats.Reader = Reader{}

// Name is what --format calls it.
func (Reader) Name() string { return "gpkg" }

var magic = []byte("SQLite format 3\x00")

// Detect looks for a SQLite data base.
func (Reader) Detect(_ string, head []byte) int {
	if !bytes.HasPrefix(head, magic) {
		return 0
	}
	return 95
}

// Read reads the files as one survey; the twin's own files are taken asset by asset as they are.
func (Reader) Read(ctx context.Context, files []formats.File, o formats.Options, sink formats.Sink) (err error) {
	var open []*file
	byName := map[string]*file{}
	defer func() {
		for _, f := range open {
			err = errors.Join(err, f.close())
		}
	}()
	var others []formats.File
	for _, f := range files {
		g, err := openFile(ctx, f)
		if err != nil {
			return err
		}
		open = append(open, g)
		switch own, err := g.isOwn(ctx); {
		case err != nil:
			return err
		case !own:
			others = append(others, f)
			byName[f.Name] = g
			if err := g.ask(ctx, func(ctx context.Context) error { return g.list(ctx, sink) }); err != nil {
				return err
			}
		default:
			if err := g.takeOwn(ctx, o, sink); err != nil {
				return err
			}
		}
	}
	each := func(ctx context.Context, f formats.File, take func(*feature.Layer, *feature.Feature) error) error {
		return byName[f.Name].each(ctx, take)
	}
	if len(others) > 0 {
		if err := feature.Read(ctx, "GeoPackage", each, others, o, sink); err != nil {
			return err
		}
	}
	for _, g := range open {
		if err := g.unchanged(); err != nil {
			return err
		}
	}
	return nil
}

// fail is the sentence for a data base that cannot be read to the end.
func (g *file) fail(err error) error {
	var e *twin.Error
	if errors.As(err, &e) || errors.Is(err, context.Canceled) {
		return err
	}
	return twin.Errorf(twin.Invalid, "%s: the data base cannot be read: %v", g.Name, err).WithHint("check that the file is whole: ogrinfo or QGIS should open it")
}
