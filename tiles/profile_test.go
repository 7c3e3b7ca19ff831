package tiles_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/qmuntal/gltf"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/store"
)

// place is one instance: where, how turned, how large.
type place struct {
	at, scale [3]float64
	turn      [4]float64 // x y z w
}

// apply takes a point of the unit to where the instance has it.
func (p place) apply(v [3]float64) [3]float64 {
	x, y, z := v[0]*p.scale[0], v[1]*p.scale[1], v[2]*p.scale[2]
	q := p.turn
	// v + 2w(q×v) + 2q×(q×v)
	cx, cy, cz := q[1]*z-q[2]*y, q[2]*x-q[0]*z, q[0]*y-q[1]*x
	dx, dy, dz := q[1]*cz-q[2]*cy, q[2]*cx-q[0]*cz, q[0]*cy-q[1]*cx
	return [3]float64{x + 2*(q[3]*cx+dx) + p.at[0], y + 2*(q[3]*cy+dy) + p.at[1], z + 2*(q[3]*cz+dz) + p.at[2]}
}

// instancesOf lists the instances of a node.
func (d glb) instancesOf(t testing.TB, node *gltf.Node) []place {
	t.Helper()
	var in struct{ Attributes map[string]int }
	if err := json.Unmarshal(node.Extensions["EXT_mesh_gpu_instancing"].(json.RawMessage), &in); err != nil {
		t.Fatal(err)
	}
	at, scale := d.floats(in.Attributes["TRANSLATION"]), d.floats(in.Attributes["SCALE"])
	list := make([]place, len(at)/3)
	for i := range list {
		p := &list[i]
		p.turn[3] = 1
		for k := range 3 {
			p.at[k], p.scale[k] = float64(at[3*i+k]), float64(scale[3*i+k])
		}
		if a, ok := in.Attributes["ROTATION"]; ok {
			raw := d.view(*d.doc.Accessors[a].BufferView)[8*i:]
			for k := range 4 {
				p.turn[k] = float64(int16(binary.LittleEndian.Uint16(raw[2*k:]))) / 32767
			}
		}
	}
	return list
}

// unitOf reads the positions of a mesh of bytes or shorts.
func (d glb) unitOf(mesh int) (vs [][3]float64) {
	a := d.doc.Accessors[d.doc.Meshes[mesh].Primitives[0].Attributes[gltf.POSITION]]
	raw := d.view(*a.BufferView)
	for i := range a.Count {
		var v [3]float64
		for k := range v {
			if a.ComponentType == gltf.ComponentShort {
				v[k] = float64(int16(binary.LittleEndian.Uint16(raw[8*i+2*k:]))) / 32767
			} else {
				v[k] = float64(int8(raw[4*i+k])) / 127
			}
		}
		vs = append(vs, v)
	}
	return vs
}

// TestSectionsHaveTheirShape draws sloping runs of every kind of section and holds each vertex against the section swept along the axis.
func TestSectionsHaveTheirShape(t *testing.T) {
	sections := []geometry.Section{
		geometry.Round(0.8, 0.05),
		{Shape: geometry.Rectangle, Width: 3, Height: 2, Wall: 0.25},
		{Shape: geometry.Egg, Width: 1, Height: 1.5, Wall: 0.15},
		{Shape: geometry.Arch, Width: 2.4, Height: 1.8, Wall: 0.3},
		{Shape: geometry.Horseshoe, Width: 2, Height: 2, Wall: 0.2},
	}
	tw := lines(t, sections)
	s := tw.Snapshot()
	for i, sec := range sections {
		t.Run(sec.Shape.String(), func(t *testing.T) {
			id := fmt.Sprintf("YS-%d", i)
			body, err := tiles.ContentOf(s, id)
			if err != nil {
				t.Fatal(err)
			}
			d := decode(t, body)
			rec, _ := s.Find(id)
			n := 0
			for _, node := range d.doc.Nodes[1:] {
				for _, p := range d.instancesOf(t, node) {
					for _, u := range d.unitOf(*node.Mesh) {
						w := p.apply(u)
						checkVertex(t, s, rec, d.ecef(float32(w[0]), float32(w[1]), float32(w[2])), sec)
						n++
					}
				}
			}
			if n < 8 {
				t.Errorf("%d vertices", n)
			}
		})
	}
}

// lines makes a twin of one sloping run of each section.
func lines(t *testing.T, sections []geometry.Section) *twin.Twin {
	t.Helper()
	st, err := store.Open(t.Context(), t.TempDir(), store.Options{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	tw, err := twin.Open(t.Context(), st, twin.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tw.Close(); err != nil {
			t.Error(err)
		}
	})
	c, err := crs.Parse("EPSG:4549")
	if err != nil {
		t.Fatal(err)
	}
	f, err := crs.NewFrame(c, "1985国家高程基准", 0)
	if err != nil {
		t.Fatal(err)
	}
	cs := tw.NewChangeSet("t", "")
	cs.SetFrame(f)
	for i, sec := range sections {
		turn := 0.7 * float64(i)
		at := geometry.Point{E: 500000 + 40*float64(i), N: 4150000, H: 3}
		end := at.Add(geometry.Point{E: 30 * math.Cos(turn), N: 30 * math.Sin(turn), H: 4})
		if err := cs.Create(&twin.Asset{ID: fmt.Sprintf("YS-%d", i), Kind: twin.KindSegment, Network: "YS", Section: sec, Line: []geometry.Point{at, end}, Bottom: twin.Unknown()}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := tw.Apply(t.Context(), cs); err != nil {
		t.Fatal(err)
	}
	return tw
}

// checkVertex holds one drawn vertex against the nearest of the section swept along the axis in the plane of the frame, which differs from space by
// less than a millimetre over 30 m.
func checkVertex(t *testing.T, s *twin.Snapshot, r twin.Record, at [3]float64, sec geometry.Section) {
	t.Helper()
	axis := r.Axis(nil)
	best := math.Inf(1)
	frame := s.Frame()
	for _, p := range geometry.Sweep(axis, sec.Outline(24, true)).Positions {
		w := frame.ECEF(p)
		best = min(best, math.Sqrt(sq(w[0]-at[0])+sq(w[1]-at[1])+sq(w[2]-at[2])))
	}
	limit := 0.02 // units of bytes
	if sec.IsRound() {
		limit = 0.12 // twelve points a turn instead of twenty-four
	}
	if best > limit && !onAxis(frame, axis, at) {
		t.Errorf("a vertex lies %.3f m from the section", best)
	}
}

// onAxis reports whether a vertex is the middle of a cap.
func onAxis(f *crs.Frame, axis []geometry.Point, at [3]float64) bool {
	for _, p := range axis {
		w := f.ECEF(p)
		if math.Sqrt(sq(w[0]-at[0])+sq(w[1]-at[1])+sq(w[2]-at[2])) < 0.01 {
			return true
		}
	}
	return false
}
