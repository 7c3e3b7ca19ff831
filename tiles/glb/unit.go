package glb

import (
	"math"

	"github.com/undercity/undercity/geometry"
)

// Unit is a mesh of unit size that is drawn many times: positions and normals as signed bytes, 127 is 1.
type Unit struct {
	positions, normals []int8  // 4 a vertex, the last is padding
	fine               []int16 // positions where bytes are too coarse, 32767 is 1
	indices            []uint16
}

func (u *Unit) vertex(p, n geometry.Point) uint16 {
	i := uint16(len(u.positions) / 4)
	n = n.Scale(1 / n.Len())
	u.positions = append(u.positions, int8(math.Round(127*p.E)), int8(math.Round(127*p.N)), int8(math.Round(127*p.H)), 0)
	if u.fine != nil {
		u.fine = append(u.fine, fine(p.E), fine(p.N), fine(p.H), 0)
	}
	u.normals = append(u.normals, int8(math.Round(127*n.E)), int8(math.Round(127*n.N)), int8(math.Round(127*n.H)), 0)
	return i
}

// fineSteps are those of a fine unit from the middle to the side. More would be noise to send: a bracket of 1 m is drawn within a quarter of a millimetre.
const fineSteps = 2048

// fine is a number of at most 1 in the steps of a fine unit, in shorts that are read as fractions of the largest.
func fine(v float64) int16 {
	return int16(max(-math.MaxInt16, min(math.MaxInt16, math.Round(v*fineSteps)*((math.MaxInt16+1)/fineSteps))))
}

// The units that contents are built of.
const (
	UnitPipe     = iota // radius 1 about X, from −1 to 1
	UnitPost            // radius 1 about Z, from −1 to 1
	UnitBox             // from −1 to 1
	UnitSphere          // radius 1
	UnitValve           // two cones tip to tip on a spindle, as valves are drawn
	UnitShaft           // radius 1 about Z, from its top at 0 down to −1, with a lid
	UnitShaftBox        // likewise, and square
	UnitCount
)

// IsShaft reports whether a unit is a shaft, above which a lid is laid.
func IsShaft(u int) bool { return u == UnitShaft || u == UnitShaftBox }

// sides are how many a round unit may have, coarsest first.
var sides = [...]int{6, 8, 12, 16, 24}

// roundError is how far the sides of a round unit may lie within its circle, metres: below what a screen shows when a client has come so near that it asked
// for the content.
const roundError = 0.015

// sidesFor is the place in sides of those that a radius, metres, asks for.
func sidesFor(radius float64) int {
	for i, n := range sides {
		if radius*(1-math.Cos(math.Pi/float64(n))) <= roundError {
			return i
		}
	}
	return len(sides) - 1
}

// units are the meshes, by unit and number of sides.
var units = func() (list [UnitCount][len(sides)]*Unit) {
	box, valve, shaft := newBox(), newValve(8), newBox().hung()
	for i, n := range sides {
		post := newCylinder(n)
		list[UnitPipe][i], list[UnitPost][i], list[UnitShaft][i] = post.lying(), post, post.hung()
		list[UnitBox][i], list[UnitSphere][i], list[UnitValve][i], list[UnitShaftBox][i] = box, newSphere(min(n, 12), min(n, 12)/2+1), valve, shaft
	}
	return list
}()

// lid is that of a shaft, in metres: it stands a little out of the ground, so that a manhole is seen from above.
var lid = newCylinder(8).fitted(func(p geometry.Point) geometry.Point {
	return geometry.Point{E: 0.35 * p.E, N: 0.35 * p.N, H: 0.03 + 0.04*p.H}
})

// UnitFor chooses the mesh of some instances by their radius.
func UnitFor(u int, in *Instances) *Unit {
	k := 0
	if u == UnitPipe {
		k = 1 // the first number of its size is the length
	}
	most, sum := 0.0, 0.0
	for i := k; i < len(in.scale); i += 3 {
		most, sum = max(most, float64(in.scale[i])), sum+float64(in.scale[i])
	}
	// One thick pipe does not make a thousand thin ones finer.
	return units[u][sidesFor(min(most, 3*sum/float64(max(1, in.Len()))))]
}

// newCylinder is about Z, from −1 to 1. More than twelve sides are too fine for positions of bytes.
func newCylinder(n int) *Unit {
	u := &Unit{}
	if n > 12 {
		u.fine = []int16{}
	}
	at := func(i int, z float64) geometry.Point {
		s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		return geometry.Point{E: c, N: s, H: z}
	}
	for i := range n {
		normal := at(i, 0)
		u.vertex(at(i, -1), normal)
		u.vertex(at(i, 1), normal)
	}
	for i := range uint16(n) {
		a, b := 2*i, 2*((i+1)%uint16(n))
		u.indices = append(u.indices, a, b, b+1, a, b+1, a+1)
	}
	for _, z := range [...]float64{-1, 1} {
		first := u.vertex(at(0, z), geometry.Point{H: z})
		for i := 1; i < n; i++ {
			k := u.vertex(at(i, z), geometry.Point{H: z})
			if i == 1 {
				continue
			}
			if z > 0 {
				u.indices = append(u.indices, first, k-1, k)
			} else {
				u.indices = append(u.indices, first, k, k-1)
			}
		}
	}
	return u
}

// fitted is a unit with other positions and the same normals.
func (u *Unit) fitted(f func(geometry.Point) geometry.Point) *Unit {
	v := &Unit{normals: u.normals, indices: u.indices}
	one := func(k int) float64 {
		if u.fine != nil {
			return float64(u.fine[k]) / 32767
		}
		return float64(u.positions[k]) / 127
	}
	for k := 0; k < len(u.positions); k += 4 {
		p := f(geometry.Point{E: one(k), N: one(k + 1), H: one(k + 2)})
		v.positions = append(v.positions, int8(math.Round(127*p.E)), int8(math.Round(127*p.N)), int8(math.Round(127*p.H)), 0)
		if u.fine != nil {
			v.fine = append(v.fine, int16(math.Round(32767*p.E)), int16(math.Round(32767*p.N)), int16(math.Round(32767*p.H)), 0)
		}
	}
	return v
}

// hung is a unit whose top is at 0 and whose bottom is at −1.
func (u *Unit) hung() *Unit {
	return u.fitted(func(p geometry.Point) geometry.Point { p.H = (p.H - 1) / 2; return p })
}

// lying is a unit about Z turned to lie about X.
func (u *Unit) lying() *Unit {
	v := u.fitted(func(p geometry.Point) geometry.Point { return geometry.Point{E: p.H, N: p.N, H: -p.E} })
	v.normals = nil
	for k := 0; k < len(u.normals); k += 4 {
		v.normals = append(v.normals, u.normals[k+2], u.normals[k+1], -u.normals[k], 0)
	}
	return v
}

func newBox() *Unit {
	u := &Unit{}
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

// newSphere has n meridians and one vertex at each pole.
func newSphere(n, rings int) *Unit {
	u := &Unit{}
	south := u.vertex(geometry.Point{H: -1}, geometry.Point{H: -1})
	for j := 1; j < rings; j++ {
		sf, cf := math.Sincos(math.Pi * (float64(j)/float64(rings) - 0.5))
		for i := range n {
			s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			p := geometry.Point{E: cf * c, N: cf * s, H: sf}
			u.vertex(p, p)
		}
	}
	north := u.vertex(geometry.Point{H: 1}, geometry.Point{H: 1})
	w := uint16(n)
	for i := range w {
		j := (i + 1) % w
		u.indices = append(u.indices, south, 1+j, 1+i, north, north-w+i, north-w+j)
		for a := uint16(1); a+w < north; a += w {
			u.indices = append(u.indices, a+i, a+j, a+w+j, a+i, a+w+j, a+w+i)
		}
	}
	return u
}

// newValve is two cones of n sides tip to tip along X, with a spindle up from where they meet.
func newValve(n int) *Unit {
	u := &Unit{}
	for _, side := range [...]float64{-1, 1} {
		first := uint16(len(u.positions) / 4)
		for i := range n {
			s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			rim, slope := geometry.Point{E: side, N: 0.6 * c, H: 0.6 * s}, geometry.Point{E: -side * 0.5, N: 0.85 * c, H: 0.85 * s}
			u.vertex(geometry.Point{}, slope)
			u.vertex(rim, slope)
			u.vertex(rim, geometry.Point{E: side})
		}
		for i := range uint16(n) {
			a, b := first+3*i, first+3*((i+1)%uint16(n))
			triangles := []uint16{a, b + 1, a + 1}
			if i > 0 && i+1 < uint16(n) {
				triangles = append(triangles, first+2, a+2, b+2)
			}
			if side < 0 {
				for k := 0; k < len(triangles); k += 3 {
					triangles[k+1], triangles[k+2] = triangles[k+2], triangles[k+1]
				}
			}
			u.indices = append(u.indices, triangles...)
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

// UnitOf is a mesh from −1 to 1 as a unit, vertex for vertex.
func UnitOf(m geometry.Mesh) *Unit {
	u := &Unit{fine: []int16{}}
	for i, p := range m.Positions {
		u.vertex(p, m.Normals[i])
	}
	for _, i := range m.Indices {
		u.indices = append(u.indices, uint16(i))
	}
	return u
}

// NewUnit is a mesh from −1 to 1 as a unit, in which vertices that look alike are one.
func NewUnit(m geometry.Mesh) *Unit {
	u := &Unit{}
	m = welded(m, 1.0/math.MaxInt16)
	for i, v := range m.Positions {
		u.fine = append(u.fine, fine(v.E), fine(v.N), fine(v.H), 0)
		n := m.Normals[i]
		u.normals = append(u.normals, int8(math.Round(127*n.E)), int8(math.Round(127*n.N)), int8(math.Round(127*n.H)), 0)
	}
	for _, i := range m.Indices {
		u.indices = append(u.indices, uint16(i))
	}
	return u
}
