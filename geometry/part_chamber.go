package geometry

import "math"

// Sizes of what a chamber has that its description does not give, metres.
const (
	lidThickness = 0.1  // GB/T 23858 covers are 50 to 150 mm high with their frame
	lidStandsOut = 0.03 // so that it is seen from above
	rungStep     = 0.3  // GB/T 17888.4: 225 to 300 mm apart
	rungWidth    = 0.3
	collarReach  = 0.08 // how far the collar of an opening stands into the chamber
	insideSize   = 0.4  // of the sign of a pump or weir
	defaultDepth = 1.5  // of a chamber of which no height is known
	leastDepth   = 0.05 // of a chamber whose floor is said to lie above its lid
)

// tier is a layer in place: its plan at its top and bottom, about an axis of its own.
type tier struct {
	name         string
	index        int
	upper, lower Plan
	high, low    float64
	cx, cy       float64 // of its middle from the lid: across the bearing and along it
	cone         bool
}

// chamber makes a chamber from the lid down, upright, its along axis on the bearing.
type chamberMaker struct {
	*builder
	m           *Chamber
	tiers       []tier
	across, way Point
	top         Point
	slab        float64
	walls       []int // the part of each tier's wall
}

func newChamberMaker(b *builder, m *Chamber) *chamberMaker {
	s, c := math.Sincos(m.Bearing * math.Pi / 180)
	k := &chamberMaker{builder: b, m: m, across: Point{E: c, N: -s}, way: Point{E: s, N: c}, top: b.axis[0], slab: m.Slab}
	if k.slab == 0 {
		k.slab = m.Wall
	}
	k.place()
	return k
}

func (b *builder) chamber(m *Chamber) {
	k := newChamberMaker(b, m)
	if len(k.tiers) == 0 {
		return
	}
	if !b.detail.Fittings {
		k.body()
	}
	for i, o := range m.Openings {
		k.opening(i, o)
	}
	if m.Rungs && !b.detail.Fittings {
		k.rungs()
	}
	k.inside()
}

// body is what a chamber is built of.
func (k *chamberMaker) body() {
	k.lid()
	for i := range k.tiers {
		k.shell(i)
	}
	k.floor()
}

// place gives each layer its heights. The last reaches the floor; where the floor is not known, the layers say how deep it is.
func (k *chamberMaker) place() {
	layers := k.m.Layers
	if len(layers) == 0 {
		layers = []Layer{{Plan: k.planOf()}}
	}
	bottom := k.detail.Bottom
	if math.IsNaN(bottom) {
		deep := 0.0
		for _, l := range layers {
			deep += l.Height
		}
		if layers[len(layers)-1].Height == 0 {
			deep += defaultDepth
		}
		bottom = k.top.H - deep
	}
	bottom = min(bottom, k.top.H-leastDepth) - k.m.Sump
	high := k.top.H
	for i, l := range layers {
		low := high - l.Height
		if i == len(layers)-1 || low < bottom {
			low = bottom
		}
		if high-low < 1e-3 {
			continue
		}
		t := tier{name: l.Name, index: i, upper: l.Plan, lower: l.Plan, high: high, low: low, cone: l.Cone}
		if t.name == "" {
			t.name = "chamber"
		}
		if l.Cone {
			t.upper = k.m.Lid
			if i > 0 {
				t.upper = layers[i-1].Plan
			}
			if i+1 < len(layers) {
				t.lower = layers[i+1].Plan
			}
		}
		k.tiers = append(k.tiers, t)
		high = low
	}
	k.center()
}

// planOf is the plan of a chamber without layers: its section.
func (k *chamberMaker) planOf() Plan {
	if s := k.sec; s.Known() {
		return Plan{Round: s.IsRound(), Width: s.Width, Length: s.Height}
	}
	return k.m.Lid
}

// center puts what is wider than the lid about the middle of the chamber, from which the lid is offset.
func (k *chamberMaker) center() {
	wide := false
	for i := range k.tiers {
		t := &k.tiers[i]
		wide = wide || t.lower.half() > k.m.Lid.half()*1.2+1e-6
		if wide {
			t.cx, t.cy = -k.m.LidOffsetX, -k.m.LidOffsetY
		}
	}
}

// level is the plane of a tier's plan at a height.
func (k *chamberMaker) level(cx, cy, height float64) frame {
	at := k.top.Add(k.across.Scale(cx)).Add(k.way.Scale(cy))
	at.H = height
	return frame{at, k.across, k.way}
}

func (k *chamberMaker) plate(cx, cy float64, p Profile, low, high float64) Mesh {
	return loft(k.level(cx, cy, high), k.level(cx, cy, low), p, p)
}

func (k *chamberMaker) lid() {
	n := k.detail.sides(k.m.Lid.half())
	k.add("lid", 0, k.plate(0, 0, Profile{Outer: k.m.Lid.loop(n)}, k.top.H-lidThickness, k.top.H+lidStandsOut))
}

// shell is the wall of a tier, and the slab at its top where the one above it is narrower or wider, or where the lid is.
func (k *chamberMaker) shell(i int) {
	t := k.tiers[i]
	above, ax, ay := k.m.Lid, 0.0, 0.0
	if i > 0 {
		above, ax, ay = k.tiers[i-1].lower, k.tiers[i-1].cx, k.tiers[i-1].cy
	}
	high := t.high
	if i == 0 || !samePlan(above, t.upper) || !t.cone && (ax != t.cx || ay != t.cy) {
		thick := min(max(k.slab, 0), (t.high-t.low)/2)
		if thick > 1e-3 && k.step(i, above, ax-t.cx, ay-t.cy, t.high-thick) {
			high = t.high - thick
		}
	}
	n := k.detail.sides(t.lower.half())
	k.walls = append(k.walls, len(k.parts))
	if !t.cone {
		k.add(t.name, t.index, k.plate(t.cx, t.cy, t.lower.tube(k.m.Wall, n), t.low, high))
		return
	}
	m := max(1, n/8)
	up, down := t.upper.even(m), t.lower.even(m)
	a, b := Profile{Outer: up}, Profile{Outer: down}
	if w := k.m.Wall; w > 0 {
		a, b = Profile{Outer: t.upper.grown(w).even(m), Bores: [][]Flat{up}}, Profile{Outer: t.lower.grown(w).even(m), Bores: [][]Flat{down}}
	}
	k.add(t.name, t.index, loft(k.level(ax, ay, high), k.level(t.cx, t.cy, t.low), a, b))
}

// step is the slab over a tier with the hole to what is above it; false where the wall goes straight on.
func (k *chamberMaker) step(i int, above Plan, dx, dy, low float64) bool {
	t := k.tiers[i]
	n := k.detail.sides(max(above.half(), t.upper.half()))
	clear := t.upper
	if above.half() > clear.half() { // narrower below: a bench
		clear = above
		above, dx, dy = t.upper, 0, 0
	}
	outer := clear.tube(k.m.Wall, n).Outer
	hole := at(above.loop(n), dx, dy)
	p := Profile{Outer: outer}
	if within(hole, outer, nil) {
		p.Bores = [][]Flat{hole}
	} else if k.m.Wall <= 0 {
		return false
	}
	k.add("slab", i, k.plate(t.cx, t.cy, p, low, t.high))
	return true
}

func samePlan(a, b Plan) bool {
	return a.Round == b.Round && math.Abs(a.Width-b.Width) < 1e-6 && (a.Round || math.Abs(a.LengthOr()-b.LengthOr()) < 1e-6)
}

// grown is the plan with a wall around it.
func (p Plan) grown(by float64) Plan {
	return Plan{Round: p.Round, Width: p.Width + 2*by, Length: p.LengthOr() + 2*by}
}

func (k *chamberMaker) floor() {
	if k.slab <= 0 {
		return
	}
	t := k.tiers[len(k.tiers)-1]
	k.add("floor", 0, k.plate(t.cx, t.cy, Profile{Outer: t.lower.tube(k.m.Wall, k.detail.sides(t.lower.half())).Outer}, t.low-k.slab, t.low))
}

// tierAt is the tier at a height.
func (k *chamberMaker) tierAt(h float64) *tier {
	for i := range k.tiers {
		if t := &k.tiers[i]; h <= t.high && h >= t.low {
			return t
		}
	}
	return nil
}

// collar is how thick the collar of an opening is.
func collar(diameter float64) float64 { return max(0.03, 0.08*diameter) }

// mouth is where a pipe goes through the wall of a tier: the middle of the tier at the height of its axis, the way out, and how far along that the collar
// begins and ends.
type mouth struct {
	mid, out  Point
	near, far float64
}

// mouth is that of an opening; there is none of one of unknown size, or that does not lie within the height of the chamber.
func (k *chamberMaker) mouth(o Opening) (m mouth, ok bool) {
	r := o.Diameter / 2
	thick := collar(o.Diameter)
	t := k.tierAt(o.Invert + r)
	if r <= 0 || t == nil || o.Invert+2*r+thick > k.top.H || o.Invert-thick < k.tiers[len(k.tiers)-1].low-max(k.slab, thick) {
		return m, false
	}
	s, c := math.Sincos(o.Bearing * math.Pi / 180)
	m.out = Point{E: s, N: c}
	edge := t.lower.edge(m.out.Dot(k.across), m.out.Dot(k.way))
	m.far = min(edge+k.m.Wall, math.Sqrt(max(0, (t.lower.half()+k.m.Wall)*(t.lower.half()+k.m.Wall)-(r+thick)*(r+thick))))
	m.near = min(edge, m.far) - collarReach
	if t.lower.Round {
		m.near = math.Sqrt(max(0, edge*edge-(r+thick)*(r+thick))) - collarReach
	}
	m.mid = k.level(t.cx, t.cy, o.Invert+r).at
	return m, m.near >= 0 && m.far-m.near >= 0.01
}

// opening is the collar of a pipe in the wall, and the hole that it stands in.
func (k *chamberMaker) opening(i int, o Opening) {
	m, ok := k.mouth(o)
	if !ok {
		if o.Diameter > 0 { // else nothing is known to draw
			k.uncut++
		}
		return
	}
	r, thick := o.Diameter/2, collar(o.Diameter)
	n := k.detail.sides(r)
	p := Profile{Outer: full(r+thick, r+thick, n), Bores: [][]Flat{full(r, r, n)}}
	k.pierce(m.mid, m.out, full(r+thick/2, r+thick/2, n))
	k.add("opening", i, SweepProfile([]Point{m.mid.Add(m.out.Scale(m.near)), m.mid.Add(m.out.Scale(m.far))}, p, nil))
}

// Mouth is where the pipe of an ID comes out of the wall of a chamber whose lid is given: a point on the axis of the pipe at the outer end of its collar, and
// the level direction away from the chamber. bottom is the height of the floor, NaN where it is not known. ok is false for what has no such opening.
func (s *Structure) Mouth(lid Point, sec Section, bottom float64, pipe string) (at, out Point, ok bool) {
	if s.Chamber == nil || s.Chamber.Wall <= 0 || pipe == "" {
		return at, out, false
	}
	b := builder{axis: []Point{lid}, sec: sec, detail: Detail{Bottom: bottom}}
	k := newChamberMaker(&b, s.Chamber)
	for _, o := range s.Chamber.Openings {
		if o.Asset != pipe || len(k.tiers) == 0 {
			continue
		}
		if m, ok := k.mouth(o); ok {
			return m.mid.Add(m.out.Scale(m.far)), m.out, true
		}
	}
	return at, out, false
}

// webLeft is what of a wall stays above its foot and below its top where an opening reaches beyond, metres: the floor and the wall above are bodies of
// their own, and the collar hides it.
const webLeft = 0.002

// pierce takes an opening out of the walls that it goes through: in the middle of its collar, so that the collar is the reveal that is seen.
func (k *chamberMaker) pierce(mid, out Point, hole []Flat) {
	if k.detail.Fittings || k.detail.Closed || k.m.Wall <= 0 {
		return
	}
	up := Point{H: 1}
	cut := true
	for i, w := range k.walls {
		t := k.tiers[i]
		if lowest, highest := bounds(hole); t.high < mid.H+lowest.Y || t.low > mid.H+highest.Y {
			continue
		}
		if k.work > maxWork {
			cut = false
			break
		}
		o := clipped(hole, t.low-mid.H+webLeft, t.high-mid.H-webLeft)
		if len(o) < 3 || w >= len(k.parts) || k.parts[w].Name != t.name || k.parts[w].Index != t.index {
			continue
		}
		d := drill{frame: frame{mid, out.Cross(up), up}, hole: o, length: 2*t.lower.half() + 2*k.m.Wall}
		cut = k.drill(w, d) && cut
	}
	if !cut {
		k.uncut++
	}
}

// edge is how far the clear side of a plan lies from its middle in a direction.
func (p Plan) edge(across, way float64) float64 {
	if p.Round {
		return p.Width / 2
	}
	return min(p.LengthOr()/2/max(1e-9, math.Abs(across)), p.Width/2/max(1e-9, math.Abs(way)))
}

// rungs go down the wall that the bearing points away from.
func (k *chamberMaker) rungs() {
	var list []Element
	for h := k.top.H - 0.4; h > k.tiers[len(k.tiers)-1].low+0.2 && len(list) < maxElements; h -= rungStep {
		t := k.tierAt(h)
		if t == nil {
			continue
		}
		f, cy := 0.0, t.cy
		if t.cone {
			f = (t.high - h) / (t.high - t.low)
			cy = t.cy * f
		}
		half, room := t.lower.Width/2, t.lower.across()
		if t.cone {
			room = min(room, t.upper.across())
			half = (t.upper.Width + f*(t.lower.Width-t.upper.Width)) / 2
		}
		width := min(rungWidth, half, room)
		if t.lower.Round {
			half = math.Sqrt(half*half - width*width/4)
		}
		at := k.level(t.cx*(1-f)+t.cx*f, cy-half+0.07, h).at
		list = append(list, Element{At: at, X: k.across.Scale(width / 2), Y: k.way.Scale(0.07), Z: Point{H: 0.012}})
	}
	k.addElements("rungs", 0, list)
}

// inside puts a sign where a pump or weir stands.
func (k *chamberMaker) inside() {
	for i, p := range k.m.Inside {
		t := k.tierAt(p.Height + insideSize/2)
		if t == nil || p.Height < k.tiers[len(k.tiers)-1].low || p.Height+insideSize > k.top.H || math.Abs(p.X-t.cx)+insideSize/2 > t.lower.across()/2 || math.Abs(p.Y-t.cy)+insideSize/2 > t.lower.Width/2 {
			continue
		}
		at := k.level(p.X, p.Y, p.Height+insideSize/2).at
		h := insideSize / 2
		k.addElements("inside", i, []Element{{At: at, X: k.across.Scale(h), Y: k.way.Scale(h), Z: Point{H: h}}})
	}
}
