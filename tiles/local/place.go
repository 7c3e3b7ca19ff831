// Package local takes what lies in the plane of a frame to the local system in which a content or a model draws it: metres east, north and up about an
// origin of its own, which a matrix of double precision puts on the globe. It knows no twin.
package local

import (
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
)

// Place takes points of the frame's plane into the local east-north-up system of a content, following the curve of the earth, the
// convergence and the scale of the projection: exact transforms at nine points of the content's square, twice over in height, and
// Lagrange's polynomials between them. Within 4 km it is below 1 mm of the exact transform.
type Place struct {
	Origin     geometry.Point
	Matrix     [16]float64 // column-major: local to geocentric
	e0, n0     float64     // middle of the square
	half       float64
	base, rise [3]biquadratic // of each local axis: at the origin's height, and for each metre above it
}

// riseStep is how far apart in height the two levels of samples are, metres.
const riseStep = 100

// NewPlace is the place of what lies in a box of the plane.
func NewPlace(f *crs.Frame, b geometry.Box) *Place {
	c := b.Center()
	p := &Place{Origin: c, e0: c.E, n0: c.N, half: max(b.Size().E, b.Size().N, 20) / 2}
	lon, lat := f.LonLat(c.E, c.N)
	sl, cl := math.Sincos(lon * math.Pi / 180)
	sf, cf := math.Sincos(lat * math.Pi / 180)
	axes := [3][3]float64{{-sl, cl, 0}, {-sf * cl, -sf * sl, cf}, {cf * cl, cf * sl, sf}}
	o := f.ECEF(c)
	for i, a := range axes {
		copy(p.Matrix[4*i:], a[:])
	}
	copy(p.Matrix[12:], o[:])
	p.Matrix[15] = 1
	local := func(q geometry.Point) (v [3]float64) {
		x := f.ECEF(q)
		for i, a := range axes {
			v[i] = a[0]*(x[0]-o[0]) + a[1]*(x[1]-o[1]) + a[2]*(x[2]-o[2])
		}
		return v
	}
	for k := range 9 {
		q := geometry.Point{E: c.E + float64(k%3-1)*p.half, N: c.N + float64(k/3-1)*p.half, H: c.H}
		low := local(q)
		q.H += riseStep
		high := local(q)
		for i := range 3 {
			p.base[i][k] = low[i]
			p.rise[i][k] = (high[i] - low[i]) / riseStep
		}
	}
	for i := range 3 {
		p.base[i], p.rise[i] = p.base[i].interpolated(), p.rise[i].interpolated()
	}
	return p
}

// At returns the local coordinates of q: east, north, up in metres.
func (p *Place) At(q geometry.Point) geometry.Point {
	x, y, h := (q.E-p.e0)/p.half, (q.N-p.n0)/p.half, q.H-p.Origin.H
	return geometry.Point{
		E: p.base[0].at(x, y) + h*p.rise[0].at(x, y),
		N: p.base[1].at(x, y) + h*p.rise[1].at(x, y),
		H: p.base[2].at(x, y) + h*p.rise[2].at(x, y),
	}
}

// biquadratic is a polynomial of the second degree in x and in y: its coefficients in rows of y, each of x from the absolute one up.
type biquadratic [9]float64

func (c *biquadratic) at(x, y float64) float64 {
	return c[0] + x*(c[1]+x*c[2]) + y*(c[3]+x*(c[4]+x*c[5])+y*(c[6]+x*(c[7]+x*c[8])))
}

// interpolated takes values at −1, 0 and 1 along both axes to the polynomial through them.
func (c biquadratic) interpolated() biquadratic {
	along := func(from, step int) {
		low, mid, high := c[from], c[from+step], c[from+2*step]
		c[from], c[from+step], c[from+2*step] = mid, (high-low)/2, (high+low)/2-mid
	}
	for i := range 3 {
		along(3*i, 1)
	}
	for i := range 3 {
		along(i, 3)
	}
	return c
}

// YUp is the rotation and translation of the node above everything, for glTF, whose Y is up where 3D Tiles' Z is: the client turns it back.
// The rotation is rounded to what moves nothing by a hundredth of a millimetre, and the translation to a tenth of one.
func (p *Place) YUp() (turn [4]float64, at [3]float64) {
	m := p.Matrix
	axis := func(c int) geometry.Point { return geometry.Point{E: m[4*c], N: m[4*c+2], H: -m[4*c+1]} }
	turn = Quaternion(axis(0), axis(1), axis(2))
	for i, v := range turn {
		turn[i] = math.Round(v*1e10) / 1e10
	}
	for i, v := range [...]float64{m[12], m[14], -m[13]} {
		at[i] = math.Round(v*1e4) / 1e4
	}
	return turn, at
}

// OrientedBox is a box of 3D Tiles around a box of the plane, in geocentric coordinates: middle and three half axes.
func OrientedBox(f *crs.Frame, b geometry.Box) [12]float64 {
	p := NewPlace(f, b)
	local := geometry.EmptyBox()
	for i := range 27 {
		q := geometry.Point{
			E: b.Min.E + float64(i%3)/2*(b.Max.E-b.Min.E),
			N: b.Min.N + float64(i/3%3)/2*(b.Max.N-b.Min.N),
			H: b.Min.H + float64(i/9)/2*(b.Max.H-b.Min.H),
		}
		local = local.Add(p.At(q))
	}
	local = local.Grow(0.05)
	c, s := local.Center(), local.Size().Scale(0.5)
	m := p.Matrix
	var out [12]float64
	for i := range 3 {
		out[i] = m[12+i] + m[i]*c.E + m[4+i]*c.N + m[8+i]*c.H
		out[3+i] = m[i] * s.E
		out[6+i] = m[4+i] * s.N
		out[9+i] = m[8+i] * s.H
	}
	return out
}
