package geometry

import "math"

// zip joins two chains of points on one side of the hole. Which of them goes on first follows the side of the hole, unless the triangle would be turned round:
// where one rim runs steeply, the next point of the other does not see it from the side that it should.
func (k *driller) zip(in, out []rimPoint, side float64, ends [2]Flat) {
	n := len(k.hole)
	p, q := k.hole[int(side)%n], k.hole[(int(side)+1)%n]
	long := math.Hypot(q.X-p.X, q.Y-p.Y)
	flat := func(r rimPoint) Flat { return Flat{(r.turn - side) * long, k.deep(r.at)} }
	put := func(p rimPoint) uint32 {
		t := p.turn - side
		f := Flat{ends[0].X + t*(ends[1].X-ends[0].X), ends[0].Y + t*(ends[1].Y-ends[0].Y)}
		l := -1 / math.Hypot(f.X, f.Y)
		k.out.Positions, k.out.Normals = append(k.out.Positions, p.at), append(k.out.Normals, k.direct(Flat{f.X * l, f.Y * l}))
		return uint32(len(k.out.Positions) - 1)
	}
	a, b := put(in[0]), put(out[0])
	forward := func() { // else two bodies of the wall reach into each other here
		k.turned = k.turned || k.deep(k.out.Positions[a]) >= k.deep(k.out.Positions[b])
	}
	forward()
	for i, j := 1, 1; i < len(in) || j < len(out); {
		x, y := flat(in[i-1]), flat(out[j-1])
		first, second := math.Inf(-1), math.Inf(-1) // how large the triangle of each chain is
		if i < len(in) {
			first = turn(x, flat(in[i]), y)
		}
		if j < len(out) {
			second = turn(flat(out[j]), y, x)
		}
		goIn := j == len(out) || i < len(in) && in[i].turn <= out[j].turn
		if goIn && first <= 0 && second > 0 || !goIn && second <= 0 && first > 0 {
			goIn = !goIn
		}
		if goIn {
			k.turned = k.turned || first < -turnedRound*long
			next := put(in[i])
			k.out.Indices = append(k.out.Indices, a, next, b)
			a = next
			i++
		} else {
			k.turned = k.turned || second < -turnedRound*long
			next := put(out[j])
			k.out.Indices = append(k.out.Indices, next, b, a)
			b = next
			j++
		}
		forward()
	}
}

// turnedRound is how far a triangle may be turned round by rounding, square metres for each metre of its side.
const turnedRound = 1e-9
