package likeness

import (
	"math"

	"github.com/undercity/undercity/geometry"
)

// turned is the solid that a half outline makes when it is turned about an axis: at each station along it a radius, 0 at both ends. Edges are flat-shaded
// along the axis and smooth about it.
func turned(at, axis, side geometry.Point, stations [][2]float64, sides int) geometry.Mesh {
	var m geometry.Mesh
	across := axis.Cross(side)
	for k := 1; k < len(stations); k++ {
		a, b := stations[k-1], stations[k]
		// Normals stand upright on the slope.
		dx, dr := b[0]-a[0], b[1]-a[1]
		l := math.Hypot(dx, dr)
		base := uint32(len(m.Positions))
		for i := range sides + 1 {
			s, c := math.Sincos(2 * math.Pi * float64(i%sides) / float64(sides))
			out := side.Scale(c).Add(across.Scale(s))
			normal := out.Scale(dx / l).Sub(axis.Scale(dr / l))
			for _, v := range [...][2]float64{a, b} {
				m.Positions = append(m.Positions, at.Add(axis.Scale(v[0])).Add(out.Scale(v[1])))
				m.Normals = append(m.Normals, normal)
			}
		}
		for i := range uint32(sides) {
			p := base + 2*i
			if a[1] > 0 {
				m.Indices = append(m.Indices, p, p+2, p+1)
			}
			if b[1] > 0 {
				m.Indices = append(m.Indices, p+1, p+2, p+3)
			}
		}
	}
	return m
}

// ball is a sphere.
func ball(at geometry.Point, radius float64) geometry.Mesh {
	const rings = 10
	var st [][2]float64
	for i := range rings + 1 {
		s, c := math.Sincos(math.Pi * float64(i) / rings)
		if i == 0 || i == rings {
			s = 0
		}
		st = append(st, [2]float64{-radius * c, radius * s})
	}
	m := turned(at, geometry.Point{H: 1}, geometry.Point{E: 1}, st, 2*rings)
	for i, p := range m.Positions { // smooth
		m.Normals[i] = p.Sub(at).Scale(1 / radius)
	}
	return m
}
