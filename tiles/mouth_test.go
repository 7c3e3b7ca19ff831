package tiles_test

import (
	"math"
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/twin"
)

// TestCutOutsShowPipesFromInside: a pipe does not run on to the middle of the chamber that it enters, where its opening is known.
func TestCutOutsShowPipesFromInside(t *testing.T) {
	at := func(e, n, h float64) geometry.Point { return geometry.Point{E: 500000 + e, N: 4150000 + n, H: h} }
	round := geometry.Plan{Round: true, Width: 1.5}
	tw := open(t, []*twin.Asset{
		{ID: "C", Kind: twin.KindChamber, Network: "WS", Section: geometry.Round(1.5, 0.2), Line: []geometry.Point{at(0, 0, 5)}, Bottom: 1,
			Structure: &geometry.Structure{Chamber: &geometry.Chamber{Lid: geometry.Plan{Round: true, Width: 0.7}, Wall: 0.2, Layers: []geometry.Layer{{Plan: round}}, Openings: []geometry.Opening{
				{Bearing: 90, Invert: 1.1, Diameter: 0.6, Asset: "P"}, {Bearing: 270, Invert: 1.1, Diameter: 0.6, Asset: "nobody"}}}}},
		{ID: "P", Kind: twin.KindSegment, Network: "WS", Section: geometry.Round(0.6, 0.06), Line: []geometry.Point{at(0, 0, 1.4), at(40, 0, 1.4)}, From: "C"},
		{ID: "Q", Kind: twin.KindSegment, Network: "WS", Section: geometry.Round(0.6, 0.06), Line: []geometry.Point{at(0, 0, 1.4), at(0, 40, 1.4)}, From: "C"},
	})
	s := tw.Snapshot()
	g, v := tiles.New(tw, tiles.Options{}), tiles.View{Snapshot: s}
	lon, lat := s.Frame().LonLat(500000, 4150000)
	r, err := g.CutOut(t.Context(), v, crs.Box{West: lon - 0.001, South: lat - 0.001, East: lon + 0.001, North: lat + 0.001, Low: math.Inf(-1), High: math.Inf(1)})
	if err != nil {
		t.Fatal(err)
	}
	root := plainModel(t, r.Body)
	var lid, pipe, other geometry.Box
	for _, n := range root.all() {
		b := geometry.BoxOf(n.mesh.Positions...)
		switch n.name {
		case "lid":
			lid = b
		case "P":
			pipe = b
			if n.extras["cut"] == true {
				t.Error("the pipe is said to be cut")
			}
			checkClosed(t, "P", n.mesh)
		case "Q":
			other = b
		}
	}
	// The hole with its collar takes a chord of the outer wall: there the pipe begins.
	want := math.Sqrt(0.95*0.95 - 0.348*0.348)
	if d := pipe.Min.E - lid.Center().E; math.Abs(d-want) > 0.01 {
		t.Errorf("the pipe begins %.3f m from the middle of the chamber, want %.3f", d, want)
	}
	if d := -other.Max.H + lid.Center().H; math.Abs(d) > 0.05 {
		t.Errorf("a pipe without an opening begins %.3f m from the middle of the chamber", d)
	}
	// Alone it is as long as its axis.
	m, err := g.Model(t.Context(), v, "P")
	if err != nil {
		t.Fatal(err)
	}
	if l := geometry.BoxOf(plainModel(t, m.Body).mesh.Positions...).Size().E; math.Abs(l-40) > 0.02 {
		t.Errorf("alone the pipe is %.3f m long", l)
	}
}
