package crs_test

import (
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
)

func BenchmarkForward(b *testing.B) {
	for _, x := range []struct {
		name, code string
		lon, lat   float64
	}{
		{"transverse Mercator", "EPSG:4547", 114.3, 30.6}, {"Lambert", "EPSG:2154", 2.35, 48.85}, {"oblique stereographic", "EPSG:28992", 5.9, 53.1},
	} {
		c := parse(b, x.code)
		b.Run(x.name, func(b *testing.B) {
			for b.Loop() {
				if _, _, err := c.Forward(x.lon, x.lat); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkInverse(b *testing.B) {
	for _, x := range []struct {
		name, code string
		e, n       float64
	}{
		{"transverse Mercator", "EPSG:4547", 517052, 3384000}, {"Lambert", "EPSG:2154", 652301, 6861302}, {"oblique stereographic", "EPSG:28992", 189313, 568132},
	} {
		c := parse(b, x.code)
		b.Run(x.name, func(b *testing.B) {
			for b.Loop() {
				if _, _, err := c.Inverse(x.e, x.n); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkTransform(b *testing.B) {
	for _, x := range []struct {
		name, crs string
		x, y      float64
	}{
		{"same plane", "EPSG:4547", 517052, 3384000}, {"other zone form", "EPSG:4526", 38517052, 3384000}, {"degrees with shift", "EPSG:4326", 114.3, 30.6},
	} {
		tr, err := crs.NewTransform(source(b, x.crs, ""), frame(b, "EPSG:4547"))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(x.name, func(b *testing.B) {
			for b.Loop() {
				if _, _, err := tr.Point(x.x, x.y); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkFrame(b *testing.B) {
	f := frame(b, "EPSG:4547")
	p := geometry.Point{E: 517052, N: 3384000, H: 20}
	b.Run("ECEF", func(b *testing.B) {
		for b.Loop() {
			f.ECEF(p)
		}
	})
	b.Run("LocalToECEF", func(b *testing.B) {
		for b.Loop() {
			f.LocalToECEF(p)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := crs.Parse("EPSG:4547"); err != nil {
			b.Fatal(err)
		}
	}
}
