package tiles

import (
	"math"

	"github.com/undercity/undercity/geometry"
)

// unit is a mesh of unit size that is drawn many times: positions and normals as signed bytes, 127 is 1.
type unit struct {
	positions, normals []int8  // 4 a vertex, the last is padding
	fine               []int16 // positions where bytes are too coarse, 32767 is 1
	indices            []uint16
}

func (u *unit) vertex(p, n geometry.Point) uint16 {
	i := uint16(len(u.positions) / 4)
	n = n.Scale(1 / n.Len())
	u.positions = append(u.positions, int8(math.Round(127*p.E)), int8(math.Round(127*p.N)), int8(math.Round(127*p.H)), 0)
	u.normals = append(u.normals, int8(math.Round(127*n.E)), int8(math.Round(127*n.N)), int8(math.Round(127*n.H)), 0)
	return i
}

// The units that contents are built of.
const (
	unitCylinder = iota // radius 1 about Z, from −1 to 1
	unitBox             // from −1 to 1
	unitSphere          // radius 1
	unitValve           // two cones tip to tip on a spindle, as valves are drawn
	unitCount
)

var units = [unitCount]*unit{newCylinder(12), newBox(), newSphere(8, 5), newValve(10)}

func newCylinder(n int) *unit {
	u := &unit{}
	at := func(i int, z float64) geometry.Point {
		s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		return geometry.Point{E: c, N: s, H: z}
	}
	for i := range n + 1 {
		normal := at(i, 0)
		u.vertex(at(i, -1), normal)
		u.vertex(at(i, 1), normal)
	}
	for i := range uint16(n) {
		a := 2 * i
		u.indices = append(u.indices, a, a+2, a+3, a, a+3, a+1)
	}
	for _, z := range [...]float64{-1, 1} {
		normal := geometry.Point{H: z}
		c := u.vertex(normal, normal)
		for i := range n {
			u.vertex(at(i, z), normal)
		}
		for i := range uint16(n) {
			j := (i + 1) % uint16(n)
			if z > 0 {
				u.indices = append(u.indices, c, c+1+i, c+1+j)
			} else {
				u.indices = append(u.indices, c, c+1+j, c+1+i)
			}
		}
	}
	return u
}

func newBox() *unit {
	u := &unit{}
	for axis := range 3 {
		for _, side := range [...]float64{-1, 1} {
			turn := func(a, b float64) geometry.Point {
				v := [3]float64{}
				v[axis], v[(axis+1)%3], v[(axis+2)%3] = side, a, b
				return geometry.Point{E: v[0], N: v[1], H: v[2]}
			}
			var normal [3]float64
			normal[axis] = side
			n := geometry.Point{E: normal[0], N: normal[1], H: normal[2]}
			a := u.vertex(turn(-side, -1), n)
			u.vertex(turn(side, -1), n)
			u.vertex(turn(side, 1), n)
			u.vertex(turn(-side, 1), n)
			u.indices = append(u.indices, a, a+1, a+2, a, a+2, a+3)
		}
	}
	return u
}

func newSphere(n, rings int) *unit {
	u := &unit{}
	for j := range rings + 1 {
		sf, cf := math.Sincos(math.Pi * (float64(j)/float64(rings) - 0.5))
		for i := range n + 1 {
			s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			p := geometry.Point{E: cf * c, N: cf * s, H: sf}
			u.vertex(p, p)
		}
	}
	w := uint16(n + 1)
	for j := range uint16(rings) {
		for i := range uint16(n) {
			a := j*w + i
			if j > 0 {
				u.indices = append(u.indices, a, a+1, a+w+1)
			}
			if j < uint16(rings)-1 {
				u.indices = append(u.indices, a, a+w+1, a+w)
			}
		}
	}
	return u
}

func newValve(n int) *unit {
	u := &unit{}
	for _, side := range [...]float64{-1, 1} {
		for i := range n {
			s1, c1 := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			s2, c2 := math.Sincos(2 * math.Pi * float64(i+1) / float64(n))
			a, b := geometry.Point{E: side, N: 0.6 * c1, H: 0.6 * s1}, geometry.Point{E: side, N: 0.6 * c2, H: 0.6 * s2}
			slope := geometry.Point{E: -side * 0.5, N: (c1 + c2) / 2 * 0.85, H: (s1 + s2) / 2 * 0.85}
			end := geometry.Point{E: side}
			k := u.vertex(geometry.Point{}, slope)
			u.vertex(a, slope)
			u.vertex(b, slope)
			e := u.vertex(end, end)
			u.vertex(a, end)
			u.vertex(b, end)
			if side > 0 {
				u.indices = append(u.indices, k, k+2, k+1, e, e+1, e+2)
			} else {
				u.indices = append(u.indices, k, k+1, k+2, e, e+2, e+1)
			}
		}
	}
	post := newCylinder(6)
	base := uint16(len(u.positions) / 4)
	for i := 0; i < len(post.positions); i += 4 {
		u.positions = append(u.positions, post.positions[i]/8, post.positions[i+1]/8, post.positions[i+2]/2+63, 0)
	}
	u.normals = append(u.normals, post.normals...)
	for _, i := range post.indices {
		u.indices = append(u.indices, base+i)
	}
	return u
}
