// Package geojson reads networks from GeoJSON: points and lines with heights where they have them, properties under the names of surveys,
// of water models or in English.
package geojson

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/feature"
)

// Reader reads GeoJSON (RFC 7946, and the crs member of the 2008 edition).
type Reader struct{}

var _ formats.Reader = Reader{}

// Name is what --format calls it.
func (Reader) Name() string { return "geojson" }

// Detect looks for the words of GeoJSON in an object.
func (Reader) Detect(_ string, head []byte) int {
	t := bytes.TrimLeft(bytes.TrimPrefix(head, []byte{0xef, 0xbb, 0xbf}), " \t\r\n\x1e")
	if bytes.HasPrefix(t, []byte{0xff, 0xfe, '{', 0}) || bytes.HasPrefix(t, []byte{0xfe, 0xff, 0, '{'}) {
		return 30 // UTF-16: refused, with what to do about it
	}
	if !bytes.HasPrefix(t, []byte("{")) {
		return 0
	}
	for _, w := range [...]string{`"FeatureCollection"`, `"Feature"`, `"coordinates"`} {
		if bytes.Contains(t, []byte(w)) {
			return 85
		}
	}
	return 10
}

// Read reads the files as one survey.
func (Reader) Read(ctx context.Context, files []formats.File, o formats.Options, sink formats.Sink) error {
	return feature.Read(ctx, "GeoJSON", layer, files, o, sink)
}

// layer calls f with every feature of a file, which is one layer: in WGS 84 unless it says otherwise.
func layer(ctx context.Context, file formats.File, f func(*feature.Layer, *feature.Feature) error) error {
	wgs84, err := crs.Parse("OGC:CRS84") // RFC 7946, 4
	if err != nil {
		return err
	}
	l := &feature.Layer{File: file, CRS: wgs84}
	ft, title := &feature.Feature{}, strings.TrimSuffix(file.Name, filepath.Ext(file.Name))
	var whole *reading
	err = each(ctx, file, func(r *reading, raw *item) error {
		whole = r
		*ft = feature.Feature{Line: raw.line, Row: fmt.Sprintf("%s.%d", title, raw.index), Geom: raw.geom, Fault: raw.fault, Props: make(map[string]string, len(raw.props))}
		if raw.beside {
			ft.Place = place(raw.index)
		}
		for k, v := range raw.props {
			ft.Props[k] = text(v)
		}
		return f(l, ft)
	})
	if whole != nil { // the member may stand behind the features
		if whole.crs != nil {
			l.CRS = whole.crs
		}
		l.Stranger = whole.stranger
	}
	return err
}

// text is a property's value as text: strings as they are, numbers as written, null as nothing.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return strings.TrimSpace(s)
	}
	if t := string(raw); t != "null" {
		return t
	}
	return ""
}
