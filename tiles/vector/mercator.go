package vector

import (
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/tiles/mvt"
	"github.com/undercity/undercity/twin"
)

// Address names a vector tile as maps on the web do: Z 0 is the world, X counts from 180° west, Y from the north.
type Address struct {
	Z    uint8
	X, Y uint32
}

// world is a rectangle of the web's Mercator projection, whose world is 1 wide and high, y to the south.
type world struct{ minX, minY, maxX, maxY float64 }

// worldOf projects degrees (EPSG:1024, spherical formulas on WGS 84 degrees).
func worldOf(lon, lat float64) (x, y float64) {
	s := math.Sin(lat * math.Pi / 180)
	return (lon + 180) / 360, 0.5 - math.Log((1+s)/(1-s))/(4*math.Pi)
}

func degreesOf(x, y float64) (lon, lat float64) {
	return 360*x - 180, math.Atan(math.Sinh(math.Pi*(1-2*y))) * 180 / math.Pi
}

func (w world) meets(o world) bool {
	return w.minX <= o.maxX && w.maxX >= o.minX && w.minY <= o.maxY && w.maxY >= o.minY
}

// worldAround is the rectangle around a box of the plane, sampled in some parts each way, ok being false where the projection has none.
func worldAround(f *crs.Frame, b geometry.Box, parts int) (w world, ok bool) {
	w = nowhere
	for i := range parts + 1 {
		for j := range parts + 1 {
			x, y := worldOf(f.LonLat(b.Min.E+float64(i)/float64(parts)*(b.Max.E-b.Min.E), b.Min.N+float64(j)/float64(parts)*(b.Max.N-b.Min.N)))
			if math.IsNaN(x) || math.IsNaN(y) || math.IsInf(y, 0) {
				return w, false
			}
			w = world{min(w.minX, x), min(w.minY, y), max(w.maxX, x), max(w.maxY, y)}
		}
	}
	// Between the samples a side may bulge a little.
	dx, dy := (w.maxX-w.minX)/200, (w.maxY-w.minY)/200
	return world{w.minX - dx, w.minY - dy, w.maxX + dx, w.maxY + dy}, true
}

// nowhere is a rectangle that meets none.
var nowhere = world{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}

// wholeOf is the rectangle around the square of a snapshot.
func wholeOf(s *twin.Snapshot) world {
	q := s.Square()
	if s.Frame() == nil || q.Size <= 0 {
		return nowhere
	}
	if w, ok := worldAround(s.Frame(), geometry.Box{Min: geometry.Point{E: q.MinE, N: q.MinN}, Max: geometry.Point{E: q.MinE + q.Size, N: q.MinN + q.Size}}, 8); ok {
		return w
	}
	return nowhere
}

// area is the rectangle of a tile with a margin in units of the tile.
func (t Address) area(around float64) world {
	n := math.Ldexp(1, int(t.Z))
	m := around / mvt.Extent
	return world{(float64(t.X) - m) / n, (float64(t.Y) - m) / n, (float64(t.X) + 1 + m) / n, (float64(t.Y) + 1 + m) / n}
}

// sheet takes points of the plane into units of one vector tile: by polynomials of second degree through nine points of the part of the tile that lies in
// the installation's square, checked against the exact way beyond it; by the exact way where they do not do.
type sheet struct {
	frame         *crs.Frame
	tile          Address
	box           geometry.Box // of the plane, around the tile's part with its margin
	e0, n0        float64
	perE, perN    float64
	cx, cy        [9]float64 // coefficients of tⁱuʲ at 3j+i
	unitsPerMeter float64
	exact         bool
	tried, serves bool
}

// How far the polynomials serve, in half widths from their middle, and how much they may be off there, in units of the tile.
const (
	sheetReach = 3.0
	sheetError = 0.05
)

// newSheet returns the sheet of a tile, ok being false where the tile lies outside the installation's square, whose rectangle is whole.
func newSheet(f *crs.Frame, t Address, whole world) (s *sheet, ok bool) {
	a := t.area(margin)
	if !a.meets(whole) {
		return nil, false
	}
	a = world{max(a.minX, whole.minX), max(a.minY, whole.minY), min(a.maxX, whole.maxX), min(a.maxY, whole.maxY)}
	box := geometry.EmptyBox()
	for i := range 9 {
		lon, lat := degreesOf(a.minX+float64(i%3)/2*(a.maxX-a.minX), a.minY+float64(i/3)/2*(a.maxY-a.minY))
		e, n, err := f.Plane(lon, lat)
		if err != nil {
			return nil, false
		}
		box = box.Add(geometry.Point{E: e, N: n})
	}
	box = box.Grow(0.01*max(box.Size().E, box.Size().N) + 0.5)
	box.Min.H, box.Max.H = math.Inf(-1), math.Inf(1)
	return &sheet{frame: f, tile: t, box: box}, true
}

// ready reports whether the sheet serves, and fits it the first time: most tiles of prepared assets do without.
func (s *sheet) ready() bool {
	if !s.tried {
		s.tried, s.serves = true, s.fit()
	}
	return s.serves
}

func (s *sheet) fit() bool {
	c, size := s.box.Center(), s.box.Size()
	s.e0, s.n0, s.perE, s.perN = c.E, c.N, 2/size.E, 2/size.N
	var x, y [9]float64
	for k := range 9 {
		v := s.exactly(c.E+float64(k%3-1)*size.E/2, c.N+float64(k/3-1)*size.N/2)
		if x[k], y[k] = v.X, v.Y; math.IsNaN(v.X) || math.IsNaN(v.Y) {
			return false
		}
	}
	s.unitsPerMeter = math.Hypot(x[5]-x[3], y[5]-y[3]) / size.E
	s.cx, s.cy = quadratic(x), quadratic(y)
	corner := geometry.Point{E: c.E + sheetReach*size.E/2, N: c.N + sheetReach*size.N/2}
	want, got := s.exactly(corner.E, corner.N), s.at(corner)
	s.exact = !(math.Abs(want.X-got.X) < sheetError && math.Abs(want.Y-got.Y) < sheetError)
	return true
}

// quadratic turns values at −1, 0 and 1 both ways into coefficients.
func quadratic(v [9]float64) (c [9]float64) {
	turn := func(a, b, d float64) (float64, float64, float64) { return b, (d - a) / 2, (a+d)/2 - b }
	for j := range 3 {
		v[3*j], v[3*j+1], v[3*j+2] = turn(v[3*j], v[3*j+1], v[3*j+2])
	}
	for i := range 3 {
		c[i], c[3+i], c[6+i] = turn(v[i], v[3+i], v[6+i])
	}
	return c
}

func (s *sheet) exactly(e, n float64) mvt.Vec {
	x, y := worldOf(s.frame.LonLat(e, n))
	k := math.Ldexp(1, int(s.tile.Z))
	return mvt.Vec{X: (x*k - float64(s.tile.X)) * mvt.Extent, Y: (y*k - float64(s.tile.Y)) * mvt.Extent}
}

// near reports whether all points lie where the polynomials serve.
func (s *sheet) near(line []geometry.Point) bool {
	for _, p := range line {
		if math.Abs((p.E-s.e0)*s.perE) > sheetReach || math.Abs((p.N-s.n0)*s.perN) > sheetReach {
			return false
		}
	}
	return true
}

// cutTo is the part of a straight of the plane within a box (Liang and Barsky).
func cutTo(box geometry.Box, a, b geometry.Point) (s, e geometry.Point, ok bool) {
	t0, t1 := 0.0, 1.0
	d := b.Sub(a)
	for _, q := range [...][2]float64{{-d.E, a.E - box.Min.E}, {d.E, box.Max.E - a.E}, {-d.N, a.N - box.Min.N}, {d.N, box.Max.N - a.N}} {
		switch {
		case q[0] == 0 && q[1] < 0:
			return a, b, false
		case q[0] < 0:
			t0 = max(t0, q[1]/q[0])
		case q[0] > 0:
			t1 = min(t1, q[1]/q[0])
		}
	}
	if t0 > t1 {
		return a, b, false
	}
	s, e = a, b
	if t0 > 0 {
		s = a.Lerp(b, t0)
	}
	if t1 < 1 {
		e = a.Lerp(b, t1)
	}
	return s, e, true
}

// at takes a point of the plane into units of the tile.
func (s *sheet) at(p geometry.Point) mvt.Vec {
	t, u := (p.E-s.e0)*s.perE, (p.N-s.n0)*s.perN
	if s.exact || math.Abs(t) > sheetReach || math.Abs(u) > sheetReach {
		return s.exactly(p.E, p.N)
	}
	x, y := &s.cx, &s.cy
	return mvt.Vec{
		X: x[0] + t*(x[1]+t*x[2]) + u*(x[3]+t*(x[4]+t*x[5])+u*(x[6]+t*(x[7]+t*x[8]))),
		Y: y[0] + t*(y[1]+t*y[2]) + u*(y[3]+t*(y[4]+t*y[5])+u*(y[6]+t*(y[7]+t*y[8]))),
	}
}
