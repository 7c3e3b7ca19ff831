package geometry

import "math"

// Point is a position in the plane of an installation's frame: E east, N north, H height, metres.
type Point struct{ E, N, H float64 }

// Add returns p moved by v.
func (p Point) Add(v Point) Point { return Point{p.E + v.E, p.N + v.N, p.H + v.H} }

// Sub returns the vector from q to p.
func (p Point) Sub(q Point) Point { return Point{p.E - q.E, p.N - q.N, p.H - q.H} }

// Scale returns p multiplied by k.
func (p Point) Scale(k float64) Point { return Point{p.E * k, p.N * k, p.H * k} }

// Dot is the scalar product.
func (p Point) Dot(q Point) float64 { return p.E*q.E + p.N*q.N + p.H*q.H }

// Cross is the vector product p × q.
func (p Point) Cross(q Point) Point {
	return Point{p.N*q.H - p.H*q.N, p.H*q.E - p.E*q.H, p.E*q.N - p.N*q.E}
}

// Len is the length of p as a vector, metres.
func (p Point) Len() float64 { return math.Sqrt(p.Dot(p)) }

// Dist is the distance from p to q in space, metres.
func (p Point) Dist(q Point) float64 { return p.Sub(q).Len() }

// PlanDist is the distance from p to q in plan, metres.
func (p Point) PlanDist(q Point) float64 { return math.Hypot(p.E-q.E, p.N-q.N) }

// Lerp returns the point at fraction t of the way from p to q.
func (p Point) Lerp(q Point, t float64) Point {
	return Point{p.E + t*(q.E-p.E), p.N + t*(q.N-p.N), p.H + t*(q.H-p.H)}
}

// IsFinite reports whether no coordinate is NaN or infinite.
func (p Point) IsFinite() bool {
	return !math.IsNaN(p.E+p.N+p.H) && !math.IsInf(p.E, 0) && !math.IsInf(p.N, 0) && !math.IsInf(p.H, 0)
}
