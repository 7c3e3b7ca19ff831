package local

import (
	"math"

	"github.com/undercity/undercity/geometry"
)

// TurnAlong is the rotation that lays X along d and keeps Y level.
func TurnAlong(d geometry.Point) [4]float64 {
	left, up := CrossAxes(d)
	return Quaternion(d, left, up)
}

// RoundTurn is the shortest rotation that lays X along d or against it: what is round about X looks the same either way. The first number is 0, the second
// says how it slopes alone, and the others where it leads, so that pipes of a street have these alike.
func RoundTurn(d geometry.Point) [4]float64 {
	if d.E < 0 {
		d = d.Scale(-1)
	}
	w := math.Sqrt((1 + d.E) / 2)
	return [4]float64{0, -d.H / (2 * w), d.N / (2 * w), w}
}

// CrossAxes are level to the left of t, and up from it.
func CrossAxes(t geometry.Point) (left, up geometry.Point) {
	left = geometry.Point{H: 1}.Cross(t)
	if l := left.Len(); l > 1e-6 {
		left = left.Scale(1 / l)
	} else {
		left = geometry.Point{N: 1}
	}
	return left, t.Cross(left)
}

// Quaternion is the rotation that takes X, Y and Z to x, y and z.
func Quaternion(x, y, z geometry.Point) [4]float64 {
	m00, m11, m22 := x.E, y.N, z.H
	switch trace := m00 + m11 + m22; {
	case trace > 0:
		s := 2 * math.Sqrt(1+trace)
		return [4]float64{(y.H - z.N) / s, (z.E - x.H) / s, (x.N - y.E) / s, s / 4}
	case m00 > m11 && m00 > m22:
		s := 2 * math.Sqrt(1+m00-m11-m22)
		return [4]float64{s / 4, (y.E + x.N) / s, (z.E + x.H) / s, (y.H - z.N) / s}
	case m11 > m22:
		s := 2 * math.Sqrt(1+m11-m00-m22)
		return [4]float64{(y.E + x.N) / s, s / 4, (z.N + y.H) / s, (z.E - x.H) / s}
	default:
		s := 2 * math.Sqrt(1+m22-m00-m11)
		return [4]float64{(z.E + x.H) / s, (z.N + y.H) / s, s / 4, (x.N - y.E) / s}
	}
}
