package geometry

import "math"

// Sizes of what a gallery has that its description does not give, metres (GB 50838-2015 5.4: doors; project assumption for the rest).
const (
	doorWidth   = 1.0
	doorHeight  = 2.0
	fireWall    = 0.2
	bracketHigh = 0.06
)

func (b *builder) gallery(g *Gallery) {
	a, ok := b.along()
	if !ok {
		return
	}
	outer, bores := g.shell(b.sec)
	if bores == nil {
		for i, c := range g.Compartments { // no wall between them is known
			if b.full() {
				return
			}
			b.add("compartment", i, SweepProfile(a.path, Profile{Outer: c.rect()}, nil))
		}
		if len(g.Compartments) == 0 {
			b.add("shell", 0, SweepProfile(a.path, b.sec.Profile(8), nil))
		}
	} else {
		b.add("shell", 0, SweepProfile(a.stopped(b.openings(g.Shafts, nil)), Profile{Outer: outer, Bores: bores}, nil))
	}
	for _, s := range g.Shafts {
		for _, c := range g.Compartments {
			if bores != nil {
				b.openRoof(0, s, a, vault{c.Left, c.Left + c.Width, c.Floor + c.Height/2})
			}
		}
	}
	for i, k := range g.Brackets {
		if b.full() {
			return
		}
		b.brackets(i, k, g.Compartments[k.Compartment], a)
	}
	roof := outerTop(outer)
	b.shafts(g.Shafts, a, func(float64, float64) (func(float64) float64, int) { return func(float64) float64 { return roof }, 0 })
	for i, d := range g.FireDoors {
		for _, c := range g.Compartments {
			if b.full() {
				return
			}
			b.fireDoor(i, c, a, d)
		}
	}
}

func (c Compartment) rect() []Flat { return rect(c.Left, c.Floor, c.Left+c.Width, c.Floor+c.Height) }

// shell is the outside of a gallery, and its compartments where there are walls around all of them.
func (g *Gallery) shell(sec Section) (outer []Flat, bores [][]Flat) {
	w, h := sec.Width/2, sec.Height/2
	low, high := Flat{-w, -h}, Flat{w, h}
	for i, c := range g.Compartments {
		if r := c.rect(); i == 0 && !sec.Known() {
			low, high = r[0], r[2]
		} else {
			low, high = Flat{min(low.X, r[0].X), min(low.Y, r[0].Y)}, Flat{max(high.X, r[2].X), max(high.Y, r[2].Y)}
		}
	}
	outer = rect(low.X-sec.Wall, low.Y-sec.Wall, high.X+sec.Wall, high.Y+sec.Wall)
	if len(g.Compartments) > maxBores {
		return outer, nil
	}
	for _, c := range g.Compartments {
		if !within(c.rect(), outer, bores) {
			return outer, nil
		}
		bores = append(bores, c.rect())
	}
	return outer, bores
}

func outerTop(o []Flat) float64 { _, high := bounds(o); return high.Y }

// brackets are arms on a wall, every so many metres.
func (b *builder) brackets(i int, k Bracket, c Compartment, a alignment) {
	reach := min(k.Reach, c.Width)
	if k.Up+bracketHigh > c.Height {
		return
	}
	x := c.Left + reach/2
	if k.Right {
		x = c.Left + c.Width - reach/2
	}
	every := max(k.Every, a.length()/maxElements)
	var list []Element
	for ch := every / 2; ch < a.length(); ch += every {
		s := a.at(ch)
		top := s.at.Add(s.right.Scale(x)).Add(Point{H: c.Floor + k.Up + bracketHigh})
		list = append(list, s.box(top, reach, bracketHigh, bracketHigh))
	}
	b.addElements("brackets", i, list)
}

// fireDoor is a wall across a compartment with a door in it.
func (b *builder) fireDoor(i int, c Compartment, a alignment, chainage float64) {
	if chainage > a.length()+fitSlack {
		return
	}
	s := a.at(min(max(chainage, fireWall/2), max(fireWall/2, a.length()-fireWall/2)))
	w, h := min(doorWidth, 0.6*c.Width), min(doorHeight, 0.8*c.Height)
	x, foot := c.Left+c.Width/2, c.Floor+0.05*c.Height
	door := rect(x-w/2, foot, x+w/2, foot+h)
	b.add("fireDoor", i, s.wall(Profile{Outer: c.rect(), Bores: [][]Flat{door}}, fireWall))
	b.add("fireDoorLeaf", i, s.wall(Profile{Outer: door}, fireWall/4))
}

// halfAt is half the width of an outline at a height, 0 where it does not reach it.
func halfAt(o []Flat, y float64) float64 {
	var x float64
	for i, p := range o {
		q := o[(i+1)%len(o)]
		if (p.Y > y) == (q.Y > y) {
			continue
		}
		x = max(x, math.Abs(p.X+(y-p.Y)/(q.Y-p.Y)*(q.X-p.X)))
	}
	return x
}
