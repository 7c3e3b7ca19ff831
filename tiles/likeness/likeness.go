// Package likeness draws what stands at nodes of a network, from the words of the catalog: a valve, a hydrant, a cabinet. The shapes are of usual sizes, not
// measured ones, in metres from where they stand, upright, their front to the north.
package likeness

import (
	"math"
	"sync"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/glb"
	"github.com/undercity/undercity/twin"
)

// Shape is the shape of what stands at a node: a valve, a hydrant, a cabinet. It is of a usual size, not a measured one, and is drawn many times.
type Shape struct {
	mesh   geometry.Mesh // metres from where it stands, upright, its front to the north
	Unit   *glb.Unit     // the same, as large as 1
	Size   float64       // metres that 1 of the unit stands for
	ground bool          // it stands on the ground, where that is known, with a stem up to it from the line
	Reach  geometry.Box  // around the mesh
}

// StemRadius is that of the stem from a line to what stands above it on the ground, metres.
const StemRadius = 0.05

// Of is the likeness of what stands at a node, nil where that is a plain point, and where it stands: on the ground or on the line.
func Of(cat *twin.Catalog, r twin.Record, line geometry.Point) (m *Shape, at geometry.Point) {
	m = likenesses()[drawnAs(cat, r)]
	if m == nil || !m.ground {
		return m, line
	}
	var few [1]float64
	if g := r.Ground(few[:0]); len(g) == 1 && !twin.IsUnknown(g[0]) {
		line.H = g[0]
	}
	return m, line
}

// Standing remembers what stands at the nodes of a network by their words.
type Standing map[[3]string]*Shape

// At is as Of, of an asset that DrawingOf has decoded.
func (s Standing) At(cat *twin.Catalog, a *twin.Asset, line geometry.Point) (m *Shape, at geometry.Point) {
	if a.Feature == "" && a.Appurtenance == "" {
		return nil, line
	}
	key := [...]string{a.Network, a.Feature, a.Appurtenance}
	m, ok := s[key]
	if !ok {
		m = likenesses()[cat.DrawnAs(a.Network, a.Feature, a.Appurtenance)]
		s[key] = m
	}
	if g := a.GroundAt(0); m != nil && m.ground && !twin.IsUnknown(g) {
		line.H = g
	}
	return m, line
}

// put is the mesh of the likeness where it stands, with its stem down to the line.
func (m *Shape) put(at, line geometry.Point) geometry.Mesh {
	out := geometry.Mesh{Normals: m.mesh.Normals, Indices: m.mesh.Indices}
	for _, p := range m.mesh.Positions {
		out.Positions = append(out.Positions, p.Add(at))
	}
	if at.H-line.H > StemRadius {
		out.Normals, out.Indices = out.Normals[:len(out.Normals):len(out.Normals)], out.Indices[:len(out.Indices):len(out.Indices)]
		out.Add(Post(line, line.H, at.H, geometry.Round(2*StemRadius, 0)))
	}
	return out
}

func newShape(ground bool, parts ...geometry.Mesh) *Shape {
	m := &Shape{ground: ground, Reach: geometry.EmptyBox()}
	for _, p := range parts {
		m.mesh.Add(p)
	}
	for _, p := range m.mesh.Positions {
		m.Size = max(m.Size, math.Abs(p.E), math.Abs(p.N), math.Abs(p.H))
		m.Reach = m.Reach.Add(p)
	}
	one := geometry.Mesh{Normals: m.mesh.Normals, Indices: m.mesh.Indices}
	for _, p := range m.mesh.Positions {
		one.Positions = append(one.Positions, p.Scale(1/m.Size))
	}
	m.Unit = glb.UnitOf(one)
	return m
}

// The directions that likenesses are turned about.
var (
	east  = geometry.Point{E: 1}
	north = geometry.Point{N: 1}
	up    = geometry.Point{H: 1}
)

// likenessSides is how many sides the round parts of a likeness have.
const likenessSides = 8

// upright is a round part along the upward axis: stations of height and radius.
func upright(e, n float64, stations ...[2]float64) geometry.Mesh {
	return turned(geometry.Point{E: e, N: n}, up, east, closed(stations), likenessSides)
}

// level is a round part along the east.
func level(h float64, stations ...[2]float64) geometry.Mesh {
	return turned(geometry.Point{H: h}, east, north, closed(stations), likenessSides)
}

// facing is a round part along the north.
func facing(e, h float64, stations ...[2]float64) geometry.Mesh {
	return turned(geometry.Point{E: e, H: h}, north, up, closed(stations), likenessSides)
}

// closed gives the stations a radius of 0 at both ends.
func closed(st [][2]float64) [][2]float64 {
	if first := st[0]; first[1] > 0 {
		st = append([][2]float64{{first[0], 0}}, st...)
	}
	if last := st[len(st)-1]; last[1] > 0 {
		st = append(st, [2]float64{last[0], 0})
	}
	return st
}

// brick is a box around a point, so large.
func brick(e, n, h, width, depth, height float64) geometry.Mesh {
	return roof(e, n, h, width, depth, height, 1)
}

// roof is a box whose top is drawn in to a share of its width and depth.
func roof(e, n, h, width, depth, height, share float64) geometry.Mesh {
	return taper(geometry.Point{E: e, N: n, H: h}, [2]float64{width, depth}, [2]float64{width * share, depth * share}, height)
}

// ridge is a box whose top is drawn in to a line along its width.
func ridge(e, n, h, width, depth, height float64) geometry.Mesh {
	return taper(geometry.Point{E: e, N: n, H: h}, [2]float64{width, depth}, [2]float64{width, 0}, height)
}

// taper stands on the middle of its foot; the sizes of foot and top are across and deep.
func taper(foot geometry.Point, low, high [2]float64, height float64) geometry.Mesh {
	var m geometry.Mesh
	corner := func(i int) geometry.Point {
		size, h := low, 0.0
		if i >= 4 {
			size, h = high, height
		}
		se, sn := [4]float64{-1, 1, 1, -1}[i%4], [4]float64{-1, -1, 1, 1}[i%4]
		return foot.Add(geometry.Point{E: se * size[0] / 2, N: sn * size[1] / 2, H: h})
	}
	for _, f := range [...][4]int{{0, 3, 2, 1}, {4, 5, 6, 7}, {0, 1, 5, 4}, {1, 2, 6, 5}, {2, 3, 7, 6}, {3, 0, 4, 7}} {
		var p [4]geometry.Point
		for k, i := range f {
			p[k] = corner(i)
		}
		normal := p[2].Sub(p[0]).Cross(p[3].Sub(p[1]))
		if normal.Len() < 1e-9 {
			continue // a side that is drawn in to a line
		}
		normal = normal.Scale(1 / normal.Len())
		base := uint32(len(m.Positions))
		m.Positions = append(m.Positions, p[:]...)
		m.Normals = append(m.Normals, normal, normal, normal, normal)
		for _, t := range [...][3]int{{0, 1, 2}, {0, 2, 3}} {
			if p[t[1]].Sub(p[t[0]]).Cross(p[t[2]].Sub(p[t[0]])).Len() > 1e-9 {
				m.Indices = append(m.Indices, base+uint32(t[0]), base+uint32(t[1]), base+uint32(t[2]))
			}
		}
	}
	return m
}

// likenesses are drawn once, and found by the words of the column drawn_as of point_features.csv.
var likenesses = sync.OnceValue(func() map[string]*Shape {
	list := map[string]*Shape{}
	onLine := func(parts ...geometry.Mesh) *Shape { return newShape(false, parts...) }
	onGround := func(parts ...geometry.Mesh) *Shape { return newShape(true, parts...) }
	waterModels(list, onLine, onGround)
	gasAndHeatModels(list, onLine, onGround)
	cableModels(list, onGround)
	buildingModels(list, onLine, onGround)
	return list
})

// PlainRadius is the radius of a node without a section at which nothing stands, metres.
const PlainRadius = 0.06

// drawnAs is how the catalog draws what stands at a node or chamber ("valve", "hydrant"), "" for nothing special.
func drawnAs(cat *twin.Catalog, r twin.Record) string {
	feature, part := r.Term()
	return cat.DrawnAs(r.Network(), feature, part)
}

// Mesh is what stands at a node, as contents draw it.
func Mesh(cat *twin.Catalog, r twin.Record, line geometry.Point) geometry.Mesh {
	if m, at := Of(cat, r, line); m != nil {
		return m.put(at, line)
	}
	size := PlainRadius
	if s := r.Section(); s.Known() {
		size = s.OuterWidth() / 2
	}
	return ball(line, size)
}

// Post stands upright between two heights.
func Post(at geometry.Point, low, high float64, s geometry.Section) geometry.Mesh {
	top, bottom := at, at
	top.H, bottom.H = high, low
	return geometry.Sweep([]geometry.Point{bottom, top}, s.Outline(postSides, true))
}

// postSides is how many sides a post has.
const postSides = 32
