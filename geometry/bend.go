package geometry

import "math"

// Limits of a bend. A sharper one than a right angle would run out far beyond the section, and its box; one that turns back has no mitre at all.
const (
	mitreBend   = math.Pi/2 + 1e-3 // greatest bend that is mitred
	roundedStep = math.Pi / 24     // of a rounded bend: its volume is then within 0.1 % of Pappus'
	mostSteps   = 48               // of one bend
)

// Rounded replaces each inner vertex of a path by an arc of the radius, in pieces that turn by at most step (0: 7.5°). Where the pieces beside a vertex
// are too short, the radius is what fits; where the path turns back on itself, the vertex stays.
func Rounded(path []Point, radius, step float64) []Point { return rounded(path, radius, step, 0) }

// rounded leaves a vertex where the radius that fits is below the least: a section that reaches farther would run into itself on the inner side.
func rounded(path []Point, radius, step, least float64) []Point {
	path = withoutRepeats(path)
	if radius <= 0 || len(path) < 3 {
		return path
	}
	if step <= 0 {
		step = roundedStep
	}
	out := []Point{path[0]}
	for i := 1; i < len(path)-1; i++ {
		in, on := path[i].Sub(path[i-1]), path[i+1].Sub(path[i])
		room := min(half(in, i == 1), half(on, i == len(path)-2))
		out = append(out, arcAt(path[i], in.Scale(1/in.Len()), on.Scale(1/on.Len()), bend{radius, least, room, step})...)
	}
	return withoutRepeats(append(out, path[len(path)-1]))
}

// half is how much of a piece a bend may take: all but a little where no other bend is at its far end.
func half(d Point, alone bool) float64 {
	if alone {
		return d.Len() * 0.999
	}
	return d.Len() / 2
}

// bend is what an arc is to be: its radius and the least it may be, how much of the pieces it may take, and the greatest turn of its own pieces.
type bend struct{ radius, least, room, step float64 }

// arcAt is the arc at a corner, or the corner.
func arcAt(corner, in, on Point, b bend) []Point {
	angle := math.Atan2(in.Cross(on).Len(), in.Dot(on))
	if angle < 1e-4 || angle > math.Pi-0.02 {
		return []Point{corner}
	}
	t := min(b.radius*math.Tan(angle/2), b.room)
	r := t / math.Tan(angle/2)
	if r < b.least {
		return []Point{corner}
	}
	inwards := on.Sub(in.Scale(in.Dot(on))) // across the way in, towards the middle
	inwards = inwards.Scale(1 / inwards.Len())
	start := corner.Sub(in.Scale(t))
	n := max(1, min(mostSteps, int(math.Ceil(angle/b.step-1e-9))))
	var out []Point
	for k := range n + 1 {
		s, c := math.Sincos(angle * float64(k) / float64(n))
		out = append(out, start.Add(in.Scale(r*s)).Add(inwards.Scale(r*(1-c))))
	}
	return out
}

func withoutRepeats(path []Point) []Point {
	out := path[:0:0]
	for _, p := range path {
		if p.IsFinite() && (len(out) == 0 || p.Dist(out[len(out)-1]) > 1e-6) {
			out = append(out, p)
		}
	}
	return out
}

// piece is a straight part of a path with the directions to its right and above it.
type piece struct {
	from, to       Point
	along          Point
	length         float64
	right, up      Point
	before, behind float64 // how far a butt end reaches beyond the vertex
}

// level is the part of a direction in plan from which on it has a right side.
const level = 1e-6

// piecesOf gives each piece its upright frame. What runs straight up or down has the right side of the piece before it, else of the next that has one;
// with none, east.
func piecesOf(path []Point) []piece {
	ps := make([]piece, len(path)-1)
	var right Point
	known := false
	for i := range ps {
		d := path[i+1].Sub(path[i])
		l := d.Len()
		ps[i] = piece{from: path[i], to: path[i+1], along: d.Scale(1 / l), length: l}
		if r := ps[i].along.Cross(Point{H: 1}); r.Len() > level {
			right = r.Scale(1 / r.Len())
			if !known {
				for k := range i {
					ps[k].right = right
				}
			}
			known = true
		}
		ps[i].right = right
	}
	for i := range ps {
		p := &ps[i]
		if !known {
			p.right = Point{E: 1}
		}
		p.up = p.right.Cross(p.along)
		if p.up.Len() < 0.5 { // not possible but for rounding
			p.up = Point{H: 1}
		}
	}
	return ps
}

// mostTwist is the greatest angle between two frames that one surface has, radians: 10°, and for a sheet what lifts its edge by half of its thickness.
func mostTwist(p Profile, reach float64) float64 {
	return min(math.Pi/18, thickness(p.Outer)/2/reach)
}

// thickness is that of a sheet with the outline's area and circumference, metres; of a circle it is half of its diameter.
func thickness(o []Flat) float64 {
	var around float64
	for i, p := range o {
		q := o[(i+1)%len(o)]
		around += math.Hypot(q.X-p.X, q.Y-p.Y)
	}
	return 2 * Area(o) / around
}

// joins reports whether b follows a in one surface: no sharper than a right angle, long enough for the mitre, and without a twist.
func joins(a, b piece, reach, twist float64) bool {
	angle := math.Atan2(a.along.Cross(b.along).Len(), a.along.Dot(b.along))
	if angle > mitreBend || reach*math.Tan(angle/2) > 0.5*min(a.length, b.length) {
		return false
	}
	right := carried(a.right, a.along, b.along)
	return math.Atan2(right.Cross(b.right).Len(), right.Dot(b.right)) <= twist
}

// carried turns v as the shortest turn from direction a to direction b does.
func carried(v, a, b Point) Point {
	axis, c := a.Cross(b), a.Dot(b)
	if c < -0.999999 {
		return v
	}
	// Rodrigues, with sin and cos of the turn as the length of the axis and c.
	return v.Scale(c).Add(axis.Cross(v)).Add(axis.Scale(axis.Dot(v) / (1 + c)))
}
