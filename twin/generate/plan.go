package generate

import (
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// class is the rank of a street.
type class uint8

const (
	mainStreet class = iota
	secondary
	branch
)

func (k class) String() string { return [...]string{"main", "secondary", "branch"}[k] }

// half is the distance from the centreline to the property line, metres.
func (k class) half() float64 { return [...]float64{20, 13, 8}[k] }

// street is one line of the grid: u is fixed for one that runs inland, v for one along the coast.
type street struct {
	at    float64
	class class
	top   int  // last row it reaches, inland streets only
	old   bool // with sewers of brick
	works bool // an industrial line runs along it
	name  string
	en    string
}

// plan is the grid of streets on straight coordinates and the map that bends it.
type plan struct {
	seed     uint64
	us, vs   []street // inland streets by u, coastal streets by v
	phase    [8]float64
	diagonal street  // at is not used
	fan      float64 // how far the rows slant
	middle   [2]float64
	depthV   float64
	sin      float64
	cos      float64
	e, n     float64
	layout
}

// hash mixes the seed with what is drawn; the same question has the same answer in any order.
func (p *plan) hash(kind, a, b uint64) uint64 {
	x := p.seed*0x9e3779b97f4a7c15 ^ (kind+1)*0xd1342543de82ef95 ^ (a+0x1234567)*0xbf58476d1ce4e5b9 ^ (b+0x89abcd)*0x94d049bb133111eb
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// chance is a number from 0 to 1.
func (p *plan) chance(kind, a, b uint64) float64 { return float64(p.hash(kind, a, b)>>11) / (1 << 53) }

const (
	drawWidth = iota
	drawClass
	drawTop
	drawOld
	drawWorks
	drawEdge
	drawPhase
	drawSide
	drawAge
	drawMaterial
	drawGap
	drawQuality
	drawStatus
	drawName
	drawOwner
	drawUse
	drawViaduct
	drawShape
)

// The middle of the coastal avenue lies this far from the shore, metres.
const shore = 60

func newPlan(seed uint64, nu, nv int) plan {
	p := plan{seed: seed}
	for i := range p.phase {
		p.phase[i] = 2 * math.Pi * p.chance(drawPhase, uint64(i), 0)
	}
	p.us, p.vs = p.lines(1, nu), p.lines(2, nv)
	for j := range p.vs {
		p.vs[j].at += shore
	}
	p.vs[0].class = mainStreet
	names := newNamer(&p)
	p.diagonal.name, p.diagonal.en = names.name(mainStreet)
	for j := range p.vs {
		p.vs[j].name, p.vs[j].en = names.name(p.vs[j].class)
	}
	for i := range p.us {
		s := &p.us[i]
		s.top = nv - 1
		if k := uint64(i); s.class == branch && nv > 3 && p.chance(drawTop, k, 0) < 0.4 {
			s.top = 1 + int(p.chance(drawTop, k, 1)*float64(nv-2))
		}
		s.name, s.en = names.name(s.class)
		s.old = p.chance(drawOld, uint64(i), 0) < 0.3
		s.works = s.class == mainStreet && p.chance(drawWorks, uint64(i), 0) < 0.5
	}
	if p.depthV = p.vs[nv-1].at; p.depthV < 1 {
		p.depthV = 1
	}
	p.middle = [2]float64{p.us[nu-1].at / 2, p.depthV / 2}
	// In a small city the rows slant less, so that they do not bend too sharply.
	p.fan = (0.10 + 0.03*p.chance(drawPhase, 100, 0)) * min(1, p.depthV/1500)
	p.layout = newLayout(&p)
	return p
}

// lines spaces n parallel streets of mixed rank.
func (p *plan) lines(family uint64, n int) []street {
	s := make([]street, n)
	at, least, spread := 0.0, 128.0, 120.0
	if n <= 3 {
		least, spread = 142, 20
	}
	for i := range s {
		k := uint64(i)
		switch x := p.chance(drawClass, family, k); {
		case n <= 3:
			s[i].class = branch // a city of few blocks must be able to be small
		case (i+2)%5 == 0:
			s[i].class = mainStreet
		case x < 0.42:
			s[i].class = secondary
		default:
			s[i].class = branch
		}
		s[i].at = at
		at += least + spread*p.chance(drawWidth, family, k)
	}
	return s
}

// coastal reports whether the coastal street j has its part from inland street i to the next.
func (p *plan) coastal(i, j int) bool {
	if i < 0 || i+1 >= len(p.us) {
		return false
	}
	return p.vs[j].class != branch || p.chance(drawEdge, uint64(i), uint64(j)) > 0.22
}

// inland reports whether the inland street i reaches row j.
func (p *plan) inland(i, j int) bool { return j <= p.us[i].top }

// settle puts the middle of the plan at a point of the frame; the land rises to the south-west, as behind Weihai bay.
func (p *plan) settle(e, n float64) {
	p.sin, p.cos = math.Sincos((150 + 30*p.chance(drawPhase, 101, 0)) * math.Pi / 180)
	p.e, p.n = e, n
}

// bend is the smooth map from the straight plan to the ground, before turning. Its radii of curvature stay above 1.5 km.
func (p *plan) bend(u, v float64) (x, y float64) {
	x = u + 34*math.Sin(v/255+p.phase[0]) + 11*math.Sin(v/150+p.phase[1])
	y = v + 30*math.Sin(u/265+p.phase[2]) + 10*math.Sin(u/155+p.phase[3])
	s := math.Sin(math.Pi * max(0, min(1, v/p.depthV)))
	return x, y + p.fan*s*s*(u-p.middle[0])
}

// unbend is the inverse of bend.
func (p *plan) unbend(x, y float64) (u, v float64) {
	u, v = x, y
	for range 60 {
		bx, by := p.bend(u, v)
		du, dv := x-bx, y-by
		u, v = u+0.8*du, v+0.8*dv
		if math.Abs(du)+math.Abs(dv) < 1e-3 {
			break
		}
	}
	return u, v
}

// ground is the height of the surface at a point of the plan: the land with what was dug away and filled up.
func (p *plan) ground(u, v float64) float64 {
	return p.tunnel.cut(u, v, p.island(u, v, p.land(u, v)))
}

// land is the height of the land as nature left it: it falls to the shore along every inland street, with hills between.
func (p *plan) land(u, v float64) float64 {
	h := 4.5 + 0.0055*v + 16*(1-math.Exp(-v/4000))
	if v < 20 {
		return h - min(14, 0.0015*(20-v)*(20-v)) // the sea bed
	}
	g := v * v / (v*v + 490000)
	return h + g*(3*math.Sin(u/302+p.phase[4])*math.Cos(v/1270+p.phase[5])+0.5*math.Sin(u/127+p.phase[6])*math.Cos(v/480+p.phase[7]))
}

// plane turns a bent point into the frame.
func (p *plan) plane(x, y float64) (e, n float64) {
	x, y = x-p.middle[0], y-p.middle[1]
	return p.e + x*p.cos - y*p.sin, p.n + x*p.sin + y*p.cos
}

func (p *plan) unplane(e, n float64) (x, y float64) {
	e, n = e-p.e, n-p.n
	return e*p.cos + n*p.sin + p.middle[0], n*p.cos - e*p.sin + p.middle[1]
}

// place is the position in the frame of a point of the plan, at height 0.
func (p *plan) place(u, v float64) geometry.Point {
	e, n := p.plane(p.bend(u, v))
	return geometry.Point{E: e, N: n}
}

// makeTerrain samples the ground over the whole city and a margin around it.
func (p *plan) makeTerrain() *twin.Terrain {
	const margin, most = 150, 900
	b := geometry.EmptyBox()
	lastU, lastV := p.us[len(p.us)-1].at, p.depthV
	r := lot{-60, -60, lastU + 60, lastV + 60}
	if p.tunnel.there {
		r.u0, r.u1 = p.tunnel.from-p.tunnel.approach()-60, p.tunnel.to+p.tunnel.approach()+60
	}
	if p.harbour >= 0 {
		r.v0 = islandFar - 60
	}
	for i := range 41 {
		for j := range 41 {
			b = b.Add(p.place(r.u0+(r.u1-r.u0)*float64(i)/40, r.v0+(r.v1-r.v0)*float64(j)/40))
		}
	}
	b = b.Grow(margin)
	size := b.Size()
	step := math.Ceil(max(12, max(size.E, size.N)/most))
	t := &twin.Terrain{MinE: math.Floor(b.Min.E), MinN: math.Floor(b.Min.N), StepE: step, StepN: step,
		Cols: int(size.E/step) + 2, Rows: int(size.N/step) + 2, Source: "generate"}
	t.Heights = make([]float32, t.Cols*t.Rows)
	for r := range t.Rows {
		for k := range t.Cols {
			u, v := p.unbend(p.unplane(t.MinE+float64(k)*step, t.MinN+float64(r)*step))
			t.Heights[r*t.Cols+k] = float32(p.ground(u, v))
		}
	}
	return t
}
