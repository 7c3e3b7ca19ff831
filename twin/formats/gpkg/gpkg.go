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
	open := map[string]*file{}
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
		open[f.Name] = g
		switch own, err := g.isOwn(ctx); {
		case err != nil:
			return err
		case !own:
			others = append(others, f)
		default:
			if err := g.takeOwn(ctx, sink); err != nil {
				return err
			}
		}
	}
	if len(others) == 0 {
		return nil
	}
	each := func(ctx context.Context, f formats.File, take func(*feature.Layer, *feature.Feature) error) error {
		return open[f.Name].each(ctx, take)
	}
	for _, f := range others {
		if err := open[f.Name].list(ctx, sink); err != nil {
			return err
		}
	}
	return feature.Read(ctx, "GeoPackage", each, others, o, sink)
}

// fail is the sentence for a data base that cannot be read to the end.
func (g *file) fail(err error) error {
	var e *twin.Error
	if errors.As(err, &e) || errors.Is(err, context.Canceled) {
		return err
	}
	return twin.Errorf(twin.Invalid, "%s: the data base cannot be read: %v", g.Name, err).WithHint("check that the file is whole: ogrinfo or QGIS should open it")
}
