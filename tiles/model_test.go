package tiles_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/qmuntal/gltf"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/twin"
)

// plainNode is a node of a model with what is drawn in and below it, in metres of the model.
type plainNode struct {
	name     string
	extras   map[string]any
	mesh     geometry.Mesh // X, Y, Z as E, N, H
	children []*plainNode
	material gltf.Material
}

// plainModel reads a model by the core of glTF 2.0 alone.
func plainModel(t *testing.T, b []byte) *plainNode {
	t.Helper()
	doc := new(gltf.Document)
	if err := gltf.NewDecoder(bytes.NewReader(b)).Decode(doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.ExtensionsUsed)+len(doc.ExtensionsRequired)+len(doc.Extensions) > 0 {
		t.Errorf("a plain model has extensions: %v", doc.ExtensionsUsed)
	}
	var read func(i int, at geometry.Point) *plainNode
	read = func(i int, at geometry.Point) *plainNode {
		n := doc.Nodes[i]
		p := &plainNode{name: n.Name, extras: map[string]any{}}
		if raw, err := json.Marshal(n.Extras); err != nil || json.Unmarshal(raw, &p.extras) != nil {
			t.Fatalf("extras of %s: %v", n.Name, err)
		}
		at = at.Add(geometry.Point{E: n.Translation[0], N: n.Translation[1], H: n.Translation[2]})
		if n.Mesh != nil {
			p.mesh, p.material = plainMesh(t, doc, *n.Mesh, at)
		}
		for _, c := range n.Children {
			child := read(c, at)
			p.children = append(p.children, child)
		}
		return p
	}
	return read(doc.Scenes[0].Nodes[0], geometry.Point{})
}

func plainMesh(t *testing.T, doc *gltf.Document, i int, at geometry.Point) (geometry.Mesh, gltf.Material) {
	t.Helper()
	p := doc.Meshes[i].Primitives[0]
	var m geometry.Mesh
	bytesOf := func(i int) ([]byte, *gltf.Accessor) {
		a := doc.Accessors[i]
		v := doc.BufferViews[*a.BufferView]
		return doc.Buffers[0].Data[v.ByteOffset+a.ByteOffset : v.ByteOffset+v.ByteLength], a
	}
	points := func(i int, from geometry.Point) (ps []geometry.Point) {
		b, a := bytesOf(i)
		f := func(k int) float64 { return float64(math.Float32frombits(binary.LittleEndian.Uint32(b[4*k:]))) }
		for k := range a.Count {
			ps = append(ps, from.Add(geometry.Point{E: f(3 * k), N: f(3*k + 1), H: f(3*k + 2)}))
		}
		return ps
	}
	m.Positions, m.Normals = points(p.Attributes[gltf.POSITION], at), points(p.Attributes[gltf.NORMAL], geometry.Point{})
	b, a := bytesOf(*p.Indices)
	for k := range a.Count {
		if a.ComponentType == gltf.ComponentUshort {
			m.Indices = append(m.Indices, uint32(binary.LittleEndian.Uint16(b[2*k:])))
		} else {
			m.Indices = append(m.Indices, binary.LittleEndian.Uint32(b[4*k:]))
		}
	}
	return m, *doc.Materials[*p.Material]
}

// all are the nodes from n down.
func (n *plainNode) all() []*plainNode {
	list := []*plainNode{n}
	for _, c := range n.children {
		list = append(list, c.all()...)
	}
	return list
}

// put puts a point of a model back to geocentric coordinates by the extras of its root.
func (n *plainNode) put(t *testing.T, p geometry.Point) (at [3]float64) {
	t.Helper()
	g, ok := n.extras["georeference"].(map[string]any)
	if !ok {
		t.Fatalf("%s is not georeferenced: %v", n.name, n.extras)
	}
	m := g["toGeocentric"].([]any)
	for i := range 3 {
		at[i] = m[i].(float64)*p.E + m[4+i].(float64)*p.N + m[8+i].(float64)*p.H + m[12+i].(float64)
	}
	return at
}

// checkClosed wants every edge run along as often one way as the other, normals that fit the triangles, and an inside.
func checkClosed(t *testing.T, name string, m geometry.Mesh) {
	t.Helper()
	key := func(p geometry.Point) [3]int64 {
		return [3]int64{int64(math.Round(p.E * 1e4)), int64(math.Round(p.N * 1e4)), int64(math.Round(p.H * 1e4))}
	}
	edges := map[[2][3]int64]int{}
	for i := 0; i < len(m.Indices); i += 3 {
		var v [3]geometry.Point
		var n geometry.Point
		for k := range v {
			v[k] = m.Positions[m.Indices[i+k]]
			n = n.Add(m.Normals[m.Indices[i+k]])
		}
		for k := range v {
			a, b := key(v[k]), key(v[(k+1)%3])
			if a != b {
				edges[[2][3]int64{a, b}]++
				edges[[2][3]int64{b, a}]--
			}
		}
		face := v[1].Sub(v[0]).Cross(v[2].Sub(v[0]))
		if face.Len() > 1e-6 && face.Dot(n) <= 0 {
			t.Errorf("%s: triangle %d looks inwards", name, i/3)
			return
		}
	}
	for _, n := range edges {
		if n != 0 {
			t.Errorf("%s is not closed", name)
			return
		}
	}
	if m.Volume() <= 0 {
		t.Errorf("%s has a volume of %g", name, m.Volume())
	}
}

// TestModelsOfSections puts the vertices of models back and holds each against the section swept along the axis.
func TestModelsOfSections(t *testing.T) {
	sections := []geometry.Section{
		geometry.Round(0.8, 0.05),
		{Shape: geometry.Rectangle, Width: 3, Height: 2, Wall: 0.25},
		{Shape: geometry.Egg, Width: 1, Height: 1.5, Wall: 0.15},
		{Shape: geometry.Arch, Width: 2.4, Height: 1.8, Wall: 0.3},
		{Shape: geometry.Horseshoe, Width: 2, Height: 2, Wall: 0.2},
	}
	tw := lines(t, sections)
	s := tw.Snapshot()
	g, v := tiles.New(tw, tiles.Options{}), tiles.View{Snapshot: s}
	for i, sec := range sections {
		id := fmt.Sprintf("YS-%d", i)
		r, err := g.Model(t.Context(), v, id)
		if err != nil {
			t.Fatal(err)
		}
		root := plainModel(t, r.Body)
		if root.name != id || root.extras["id"] != id || root.extras["network"] != "YS" || root.extras["kind"] != "segment" || root.extras["shape"] != sec.Shape.String() {
			t.Errorf("%s: the root is %s with %v", id, root.name, root.extras)
		}
		rec, _ := s.Find(id)
		checkClosed(t, id, root.mesh)
		want := geometry.SweepProfile(rec.Axis(nil), sec.Profile(32), nil)
		if d := root.mesh.Volume()/want.Volume() - 1; math.Abs(d) > 1e-3 {
			t.Errorf("%s has %.4g times too much volume", id, d)
		}
		for _, p := range root.mesh.Positions {
			at := root.put(t, p)
			best := math.Inf(1)
			for _, q := range want.Positions {
				w := s.Frame().ECEF(q)
				best = min(best, math.Sqrt(sq(w[0]-at[0])+sq(w[1]-at[1])+sq(w[2]-at[2])))
			}
			if best > 0.001 {
				t.Errorf("%s: a vertex lies %.4f m from the section", id, best)
				break
			}
		}
	}
	if _, err := g.Model(t.Context(), v, "YS-99"); twin.KindOf(err) != twin.NotFound {
		t.Errorf("an asset that is not there: %v", err)
	}
}

// TestModelsOfEverything makes a model of each kind of thing in a city: closed, upright, in the network's colour, see-through where it is assumed.
func TestModelsOfEverything(t *testing.T) {
	tw := city(t, 2000)
	s := tw.Snapshot()
	g, v := tiles.New(tw, tiles.Options{}), tiles.View{Snapshot: s}
	seen := map[string]int{}
	for r := range s.All {
		feature, part := r.Term()
		what := fmt.Sprint(r.Kind(), r.Network(), feature, part, r.Section().Shape, r.Assumed() == 0)
		if seen[what]++; seen[what] > 1 {
			continue
		}
		res, err := g.Model(t.Context(), v, r.ID())
		if err != nil {
			t.Errorf("%s (%s): %v", r.ID(), what, err)
			continue
		}
		root := plainModel(t, res.Body)
		box := geometry.EmptyBox()
		assumed := r.Assumed()&(twin.AssumedGeometry|twin.AssumedDiameter|twin.AssumedPosition|twin.AssumedLength) != 0
		for _, n := range root.all() {
			if len(n.mesh.Indices) == 0 {
				continue
			}
			checkClosed(t, r.ID()+" "+n.name, n.mesh)
			for _, p := range n.mesh.Positions {
				box = box.Add(p)
			}
			if (n.material.AlphaMode == gltf.AlphaBlend) != assumed || strings.HasSuffix(n.material.Name, " assumed") != assumed {
				t.Errorf("%s: material %s", r.ID(), n.material.Name)
			}
		}
		// Y is up: as high as the twin's box, but for lids and signs.
		least, most := geometry.BoxOf(r.Axis(nil)...).Size().H, r.Box().Size().H
		if high := box.Size().N; high < least || high > most+1.5 && r.Kind() != twin.KindNode {
			t.Errorf("%s (%s) is %.2f m high, want %.2f", r.ID(), what, high, most)
		}
	}
	if len(seen) < 20 {
		t.Errorf("only %d sorts of things", len(seen))
	}
}

// insideDegrees reports whether a place is in a box of degrees, by the frame's inverse alone.
func insideDegrees(f *crs.Frame, d crs.Box, p geometry.Point) bool {
	lon, lat := f.LonLat(p.E, p.N)
	return lon >= d.West && lon <= d.East && lat >= d.South && lat <= d.North && p.H >= d.Low && p.H <= d.High
}

// lengthInside is how much of an axis lies in a box, found by steps of two centimetres.
func lengthInside(f *crs.Frame, d crs.Box, axis []geometry.Point) float64 {
	l := 0.0
	for i := 1; i < len(axis); i++ {
		n := int(math.Ceil(axis[i].Dist(axis[i-1]) / 0.02))
		for k := range n {
			if insideDegrees(f, d, axis[i-1].Lerp(axis[i], (float64(k)+0.5)/float64(n))) {
				l += axis[i].Dist(axis[i-1]) / float64(n)
			}
		}
	}
	return l
}

// TestCutOut compares a cut-out with every asset of a city, sampled against the box: which are in it, and how much of each round pipe.
func TestCutOut(t *testing.T) {
	tw := city(t, 2000)
	s := tw.Snapshot()
	f := s.Frame()
	g, v := tiles.New(tw, tiles.Options{}), tiles.View{Snapshot: s}
	middle := s.Nearest(s.Extent().Center(), 500, 300)[299].Middle() // on a street
	lon, lat := f.LonLat(middle.E, middle.N)
	inf := math.Inf(1)
	first := crs.Box{West: lon - 0.0008, South: lat - 0.0006, East: lon + 0.0008, North: lat + 0.0006, Low: -inf, High: inf}
	here, err := f.PlaneBox(first)
	if err != nil {
		t.Fatal(err)
	}
	var heights []float64
	s.In(here, func(r twin.Record) bool {
		heights = append(heights, r.Middle().H)
		return true
	})
	slices.Sort(heights)
	for _, d := range []crs.Box{
		first,
		{West: lon - 0.0011, South: lat - 0.0011, East: lon + 0.0003, North: lat + 0.0002, Low: heights[len(heights)/4], High: heights[len(heights)/2]},
	} {
		r, err := g.CutOut(t.Context(), v, d)
		if err != nil {
			t.Fatal(err)
		}
		root := plainModel(t, r.Body)
		found := map[string]*plainNode{}
		for _, network := range root.children {
			for _, n := range network.children {
				if found[n.name] != nil || s.Catalog().Layer(n.extras["network"].(string)) != network.name {
					t.Errorf("%s is in %s, or twice", n.name, network.name)
				}
				found[n.name] = n
			}
		}
		lines, cut := 0, 0
		near, err := f.PlaneBox(d)
		if err != nil {
			t.Fatal(err)
		}
		for rec := range s.All {
			n := found[rec.ID()]
			if n == nil && !rec.Box().IntersectsPlan(near.Grow(20)) {
				continue // far off
			}
			delete(found, rec.ID())
			axis := rec.Axis(nil)
			switch {
			case rec.Kind() == twin.KindNode:
				if insideDegrees(f, d, axis[0]) != (n != nil) {
					t.Errorf("node %s: in the model: %t", rec.ID(), n != nil)
				}
			case rec.Kind() != twin.KindSegment || !rec.Drawn().IsRound():
			default:
				want := lengthInside(f, d, axis)
				got := 0.0
				if n != nil {
					checkClosed(t, n.name, n.mesh)
					got = n.mesh.Volume() / rec.Drawn().Profile(32).Area()
					whole := 0.0
					for i := 1; i < len(axis); i++ {
						whole += axis[i].Dist(axis[i-1])
					}
					if isCut := n.extras["cut"] == true; isCut != (want < whole-0.02) && math.Abs(want-whole) > 0.03 {
						t.Errorf("%s: cut is %t, and %.2f m of %.2f are inside", n.name, isCut, want, whole)
					}
					if n.extras["cut"] == true {
						cut++
					}
					lines++
				}
				if math.Abs(got-want) > 0.03+0.002*want {
					t.Errorf("%s: %.3f m are in the model, and %.3f m in the box", rec.ID(), got, want)
				}
			}
		}
		for id := range found {
			t.Errorf("%s is in the model and not in the twin", id)
		}
		if lines < 20 || cut < 5 {
			t.Errorf("only %d pipes were compared, %d of them cut", lines, cut)
		}
	}
}

// TestCutOutTwice has one line leave the box and come back.
func TestCutOutTwice(t *testing.T) {
	tw := lines(t, []geometry.Section{geometry.Round(0.5, 0)})
	f := tw.Snapshot().Frame()
	cs := tw.NewChangeSet("t", "")
	var line []geometry.Point
	for i := range 9 {
		line = append(line, geometry.Point{E: 500100 + 10*float64(i/2), N: 4150000 + 40*float64((i+1)/2%2), H: 2})
	}
	if err := cs.Create(&twin.Asset{ID: "YS-W", Kind: twin.KindSegment, Network: "YS", Section: geometry.Round(0.4, 0), Line: line, Bottom: twin.Unknown()}); err != nil {
		t.Fatal(err)
	}
	if _, err := tw.Apply(t.Context(), cs); err != nil {
		t.Fatal(err)
	}
	w, so := f.LonLat(500095, 4150005)
	e, n := f.LonLat(500195, 4150025)
	r, err := tiles.New(tw, tiles.Options{}).CutOut(t.Context(), tiles.View{Snapshot: tw.Snapshot()}, crs.Box{West: w, South: so, East: e, North: n, Low: math.Inf(-1), High: math.Inf(1)})
	if err != nil {
		t.Fatal(err)
	}
	root := plainModel(t, r.Body)
	m := root.children[0].children[0].mesh
	checkClosed(t, "YS-W", m)
	want := 4 * 20 * 16 * math.Sin(2*math.Pi/32) * 0.04
	if root.children[0].children[0].name != "YS-W" || math.Abs(m.Volume()/want-1) > 0.002 {
		t.Errorf("%s has %.4f m³, want %.4f", root.children[0].children[0].name, m.Volume(), want)
	}
}

// TestCutOutBounds asks for too much, and for nothing.
func TestCutOutBounds(t *testing.T) {
	tw := city(t, 6000)
	s := tw.Snapshot()
	g, v := tiles.New(tw, tiles.Options{}), tiles.View{Snapshot: s}
	e := s.Frame().Degrees(s.Extent())
	inf := math.Inf(1)
	for want, d := range map[string]crs.Box{
		"km² large":         {West: e[0] - 1, South: e[1] - 1, East: e[2], North: e[3], Low: -inf, High: inf},
		"5000 assets":       {West: e[0], South: e[1], East: e[2], North: e[3], Low: -inf, High: inf},
		"nothing lies":      {West: e[0], South: e[1], East: e[0], North: e[1], Low: -inf, High: inf},
		"nothing lies in":   {West: e[0], South: e[1], East: e[0] + 0.001, North: e[1] + 0.001, Low: 900, High: 1000},
		"far outside":       {West: e[0] + 90, South: 89.999, East: e[0] + 90, North: 90, Low: -inf, High: inf},
		"nothing lies in t": {West: -10, South: -10, East: -10, North: -10, Low: -inf, High: inf},
	} {
		r, err := g.CutOut(t.Context(), v, d)
		if twin.KindOf(err) != twin.Invalid || !strings.Contains(err.Error(), want) && want != "far outside" {
			t.Errorf("want %q, got %v and %d bytes", want, err, len(r.Body))
		}
	}
}

// TestOthersReadModels has Khronos' validator and another's reader look at models: names, places, sizes and colours are those of the twin.
func TestOthersReadModels(t *testing.T) {
	if !exists("testdata/validator/node_modules/@gltf-transform") {
		t.Skip("the readers of others are not installed: run make test, or npm ci in tiles/testdata/validator")
	}
	tw := city(t, 2000)
	s := tw.Snapshot()
	g, v := tiles.New(tw, tiles.Options{}), tiles.View{Snapshot: s}
	e := s.Frame().Degrees(s.Extent())
	lon, lat := (e[0]+e[2])/2, (e[1]+e[3])/2
	dir := t.TempDir()
	write := func(name string, r tiles.Result, err error) {
		t.Helper()
		writeModel(t, dir, name, r, err)
	}
	cut, err := g.CutOut(t.Context(), v, crs.Box{West: lon - 0.0015, South: lat - 0.0015, East: lon + 0.0015, North: lat + 0.0015, Low: math.Inf(-1), High: math.Inf(1)})
	write("cut.glb", cut, err)
	kinds := map[twin.Kind]bool{}
	for r := range s.All {
		if !kinds[r.Kind()] {
			kinds[r.Kind()] = true
			m, err := g.Model(t.Context(), v, r.ID())
			write(r.Kind().String()+".glb", m, err)
		}
	}
	out, err := exec.CommandContext(t.Context(), "node", "testdata/validator/validate.js", dir).CombinedOutput()
	if want := fmt.Sprintf("%d files\n", len(kinds)+1); err != nil || string(out) != want {
		t.Errorf("want %q, got %v\n%.3000s", want, err, out)
	}
	out, err = exec.CommandContext(t.Context(), "node", "testdata/validator/read.js", filepath.Join(dir, "cut.glb")).Output()
	if err != nil {
		t.Fatal(err)
	}
	checkRead(t, s, plainModel(t, cut.Body), out)
}

// writeModel puts a model that was just made into a folder for the readers of others.
func writeModel(t *testing.T, dir, name string, r tiles.Result, err error) {
	t.Helper()
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name), r.Body, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// checkRead holds what another's reader found in a cut-out against the twin.
func checkRead(t *testing.T, s *twin.Snapshot, root *plainNode, out []byte) {
	t.Helper()
	var doc struct {
		Nodes []struct {
			Name, Parent string
			Extras       map[string]any
			Bounds       struct{ Min, Max [3]float64 }
			Materials    []string
		}
		Materials []struct {
			Name   string
			Colour [4]float64
		}
		Extensions []string
	}
	if err := json.Unmarshal(out, &doc); err != nil || len(doc.Extensions) > 0 {
		t.Fatal(err, doc.Extensions)
	}
	n := 0
	for _, node := range doc.Nodes {
		r, ok := s.Find(node.Name)
		if !ok || r.Kind() != twin.KindSegment || node.Extras["cut"] == true || !r.Drawn().IsRound() {
			continue
		}
		n++
		if node.Parent != r.Layer() || node.Extras["id"] != r.ID() || !slices.ContainsFunc(node.Materials, func(m string) bool { return strings.HasPrefix(m, r.Layer()) }) {
			t.Errorf("%s stands under %s with %v in %v", node.Name, node.Parent, node.Extras, node.Materials)
		}
		// The middle of the box in the world is the middle of the pipe on earth.
		b := node.Bounds
		c := root.put(t, geometry.Point{E: (b.Min[0] + b.Max[0]) / 2, N: (b.Min[1] + b.Max[1]) / 2, H: (b.Min[2] + b.Max[2]) / 2})
		axis := r.Axis(nil)
		want := s.Frame().ECEF(geometry.BoxOf(axis...).Center())
		if d := math.Sqrt(sq(c[0]-want[0]) + sq(c[1]-want[1]) + sq(c[2]-want[2])); d > 0.06 {
			t.Errorf("%s lies %.3f m off", node.Name, d)
		}
		// The box of the twin takes every end for upright.
		if high := b.Max[1] - b.Min[1]; high > r.Box().Size().H+0.002 || high < geometry.BoxOf(axis...).Size().H {
			t.Errorf("%s is %.3f m high, in the twin %.3f", node.Name, high, r.Box().Size().H)
		}
	}
	if n < 100 || len(doc.Materials) < 5 {
		t.Errorf("%d pipes and %d materials", n, len(doc.Materials))
	}
}
