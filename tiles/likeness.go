package tiles

import (
	"math"
	"sync"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/glb"
	"github.com/undercity/undercity/twin"
)

// likeness is the shape of what stands at a node: a valve, a hydrant, a cabinet. It is of a usual size, not a measured one, and is drawn many times.
type likeness struct {
	mesh   geometry.Mesh // metres from where it stands, upright, its front to the north
	unit   *glb.Unit     // the same, as large as 1
	size   float64       // metres that 1 of the unit stands for
	ground bool          // it stands on the ground, where that is known, with a stem up to it from the line
	reach  geometry.Box  // around the mesh
}

// stemRadius is that of the stem from a line to what stands above it on the ground, metres.
const stemRadius = 0.05

// likenessOf is the likeness of what stands at a node, nil where that is a plain point, and where it stands: on the ground or on the line.
func likenessOf(cat *twin.Catalog, r twin.Record, line geometry.Point) (m *likeness, at geometry.Point) {
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

// standing remembers what stands at the nodes of a network by their words.
type standing map[[3]string]*likeness

// at is as likenessOf, of an asset that DrawingOf has decoded.
func (s standing) at(cat *twin.Catalog, a *twin.Asset, line geometry.Point) (m *likeness, at geometry.Point) {
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
func (m *likeness) put(at, line geometry.Point) geometry.Mesh {
	out := geometry.Mesh{Normals: m.mesh.Normals, Indices: m.mesh.Indices}
	for _, p := range m.mesh.Positions {
		out.Positions = append(out.Positions, p.Add(at))
	}
	if at.H-line.H > stemRadius {
		out.Normals, out.Indices = out.Normals[:len(out.Normals):len(out.Normals)], out.Indices[:len(out.Indices):len(out.Indices)]
		out.Add(post(line, line.H, at.H, geometry.Round(2*stemRadius, 0)))
	}
	return out
}

// liken draws what stands at a node.
func (b *builder) liken(m *likeness, at, line geometry.Point, hatch int, id uint32) {
	b.likened(m, hatch).Put(at, [3]float64{m.size, m.size, m.size}, id)
	if at.H-line.H > stemRadius {
		b.stand(glb.UnitPost, hatch, line.Lerp(at, 0.5), [3]float64{stemRadius, stemRadius, (at.H - line.H) / 2}, id)
	}
}

// likened are the instances of a likeness.
func (b *builder) likened(m *likeness, hatch int) *glb.Instances {
	for _, have := range b.likenesses {
		if have.likeness == m {
			return &have.in[hatch]
		}
	}
	in := spare(&b.spareLikenesses)
	in.likeness = m
	b.likenesses = append(b.likenesses, in)
	return &in.in[hatch]
}

// likenessInstances are those of one likeness, without and with a hatch.
type likenessInstances struct {
	*likeness
	in [2]glb.Instances
}

func newLikeness(ground bool, parts ...geometry.Mesh) *likeness {
	m := &likeness{ground: ground, reach: geometry.EmptyBox()}
	for _, p := range parts {
		m.mesh.Add(p)
	}
	for _, p := range m.mesh.Positions {
		m.size = max(m.size, math.Abs(p.E), math.Abs(p.N), math.Abs(p.H))
		m.reach = m.reach.Add(p)
	}
	one := geometry.Mesh{Normals: m.mesh.Normals, Indices: m.mesh.Indices}
	for _, p := range m.mesh.Positions {
		one.Positions = append(one.Positions, p.Scale(1/m.size))
	}
	m.unit = glb.UnitOf(one)
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
var likenesses = sync.OnceValue(func() map[string]*likeness {
	list := map[string]*likeness{}
	onLine := func(parts ...geometry.Mesh) *likeness { return newLikeness(false, parts...) }
	onGround := func(parts ...geometry.Mesh) *likeness { return newLikeness(true, parts...) }
	waterModels(list, onLine, onGround)
	gasAndHeatModels(list, onLine, onGround)
	cableModels(list, onGround)
	buildingModels(list, onLine, onGround)
	return list
})
