package geometry

import (
	"math"
	"slices"
)

// shaftSink is how far the foot of a shaft stands in a round roof, metres: its sides are chords.
const shaftSink = 0.05

// roofOf gives the roof between two distances across: how far it is above the axis at one of them, and how much work it is to say so.
type roofOf func(from, to float64) (roof func(across float64) float64, work int)

// shafts go from the roof up to the ground. Where the roof falls to the sides, the foot of the shaft follows it.
func (b *builder) shafts(list []Shaft, a alignment, over roofOf) {
	spent := 0 // beside the work of holes: a shaft whose hole is not made stands there still
	for i, s := range list {
		reach := s.Plan.half() + s.Wall
		roof, work := over(s.Across-reach, s.Across+reach)
		if spent += work; b.full() || spent > maxWork {
			b.uncut += len(list) - i
			return
		}
		st := a.at(s.Chainage)
		low := st.at.H + roof(s.Across)
		if s.Top-low < 1e-3 {
			continue // it would end below the roof
		}
		p := s.Plan.tube(s.Wall, b.detail.sides(s.Plan.half()))
		side := s.Plan.across()/2 + s.Wall
		falls := math.Abs(roof(s.Across-side)-roof(s.Across)) > shaftSink || math.Abs(roof(s.Across+side)-roof(s.Across)) > shaftSink
		if falls && s.Wall > 0 {
			m := max(2, b.detail.sides(s.Plan.half())/8)
			p = Profile{Outer: s.Plan.grown(s.Wall).even(m), Bores: [][]Flat{s.Plan.even(m)}}
		}
		at := st.at.Add(st.right.Scale(s.Across))
		f := frame{Point{at.E, at.N, s.Top}, st.right, st.ahead}
		g := f
		g.at.H = low
		m := loft(f, g, p, p)
		if falls && s.Wall > 0 {
			for k, v := range m.Positions {
				if v.H == low {
					x := v.Sub(at).Dot(st.right)
					m.Positions[k].H = min(low, st.at.H+roof(s.Across+x)-shaftSink)
				}
			}
			m.reflat()
		}
		b.add("shaft", i, m)
	}
}

// reflat gives triangles that have been bent a normal of their own where the one of a vertex is far from it.
func (m *Mesh) reflat() {
	for i := 0; i+2 < len(m.Indices); i += 3 {
		t := m.flattened([3]uint32(m.Indices[i : i+3]))
		copy(m.Indices[i:], t[:])
	}
}

// vault is a clear space below a roof: from left to right across, and a height above the axis that lies within it.
type vault struct{ left, right, up float64 }

// roofEdge is what of a roof stays at the sides of a clear space where a shaft is wider, metres.
const roofEdge = 0.05

// openRoof takes the clear plan of a shaft out of the roof of a space below it, which is part of the walls. A shaft of unknown wall is no hollow one.
func (b *builder) openRoof(part int, s Shaft, a alignment, v vault) {
	if half := s.Plan.half(); s.Wall <= 0 || s.Across+half < v.left || s.Across-half > v.right {
		return
	}
	if b.work > maxWork { // what is asked of the hole costs too
		b.uncut++
		return
	}
	st := a.at(s.Chainage)
	hole := at(s.Plan.loop(b.detail.sides(s.Plan.half())), s.Across, 0)
	for i, p := range hole { // clipped cuts between heights
		hole[i] = Flat{-p.Y, p.X}
	}
	hole = clipped(hole, v.left+roofEdge, v.right-roofEdge)
	for i, p := range hole {
		hole[i] = Flat{p.Y, -p.X}
	}
	up := Point{H: 1}
	d := drill{frame: frame{st.at.Add(up.Scale(v.up)), st.right, st.ahead.Scale(-1)}, hole: hole, length: s.Top - st.at.H - v.up}
	b.open(part, d)
}

// open takes a hole out of a part that is walls.
func (b *builder) open(part int, d drill) {
	if part >= len(b.parts) || b.full() || b.detail.Closed {
		return
	}
	if n := b.parts[part].Name; (n == "tube" || n == "shell") && !b.drill(part, d) {
		b.uncut++
	}
}

// holeRoom is how far from a hole the rings of a wall stand that are put there for it, metres: triangles from one end of a tunnel to the other would have
// the hole in them as a sliver.
const holeRoom = 0.5

// openings are the chainages between which the shafts and passages of a tunnel or gallery open its wall.
func (b *builder) openings(shafts []Shaft, passages []CrossPassage) (list []float64) {
	if b.detail.Closed {
		return nil
	}
	put := func(at, width float64) {
		list = append(list, at-width/2-holeRoom, at+width/2+holeRoom)
	}
	for _, s := range shafts {
		if s.Wall > 0 {
			put(s.Chainage, s.Plan.Width)
		}
	}
	for _, p := range passages {
		put(p.Chainage, p.Width+2*passageWall)
	}
	slices.Sort(list)
	return list
}

// stopped is the path with a point at each of some chainages in order, where none is near.
func (a alignment) stopped(at []float64) []Point {
	if len(at) == 0 || len(at) > maxElements {
		return a.path
	}
	out := []Point{a.path[0]}
	last := 0.0
	k := 0
	for i := 1; i < len(a.path); i++ {
		for ; k < len(at) && at[k] < a.chain[i]-holeRoom/4; k++ {
			if at[k] > max(last, a.chain[i-1])+holeRoom/4 {
				last = at[k]
				out = append(out, a.path[i-1].Lerp(a.path[i], (last-a.chain[i-1])/(a.chain[i]-a.chain[i-1])))
			}
		}
		out = append(out, a.path[i])
	}
	return out
}
