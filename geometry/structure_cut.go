package geometry

// Cut returns what of a structure lies between two chainages of its axis, and the section at the first of them: chainages count from there, and what
// stands elsewhere is left out. whole is the length of the axis in plan.
func (s *Structure) Cut(sec Section, from, to, whole float64) (*Structure, Section) {
	c := cutter{from: from, to: to, whole: whole, last: to}
	if to >= whole-cutSlack {
		c.last += fitSlack // what is said to stand just beyond the end stands at it
	}
	o := *s
	switch {
	case s.Pipe != nil:
		return c.pipe(s.Pipe, sec)
	case s.Gallery != nil:
		g := *s.Gallery
		g.Shafts = c.shafts(g.Shafts)
		g.FireDoors = nil
		for _, d := range s.Gallery.FireDoors {
			if c.has(d) {
				g.FireDoors = append(g.FireDoors, d-from)
			}
		}
		o.Gallery = &g
	case s.Tunnel != nil:
		t := *s.Tunnel
		t.Shafts = c.shafts(t.Shafts)
		t.Passages, t.Portals = nil, nil
		for _, p := range s.Tunnel.Passages {
			if c.has(p.Chainage) {
				p.Chainage -= from
				t.Passages = append(t.Passages, p)
			}
		}
		for _, p := range s.Tunnel.Portals {
			if p.AtEnd && to >= whole-cutSlack || !p.AtEnd && from <= cutSlack {
				t.Portals = append(t.Portals, p)
			}
		}
		o.Tunnel = &t
	case s.Bridge != nil:
		b := *s.Bridge
		b.Supports = nil
		for _, p := range s.Bridge.Supports {
			if c.has(p.Chainage) {
				p.Chainage -= from
				b.Supports = append(b.Supports, p)
			}
		}
		o.Bridge = &b
	}
	return &o, sec
}

// cutSlack is how near an end counts as the end, metres.
const cutSlack = 1e-3

type cutter struct {
	from, to, whole float64
	last            float64 // chainage of what belongs to it
}

func (c cutter) has(chainage float64) bool { return chainage >= c.from && chainage <= c.last }

func (c cutter) shafts(list []Shaft) (out []Shaft) {
	for _, s := range list {
		if c.has(s.Chainage) {
			s.Chainage -= c.from
			out = append(out, s)
		}
	}
	return out
}

// pipe gives a taper the sizes that it has at both cuts.
func (c cutter) pipe(p *Pipe, sec Section) (*Structure, Section) {
	o := *p
	if c.whole > 0 && (p.EndWidth > 0 || p.EndWall > 0) {
		mix := func(a, b, t float64) float64 {
			if b <= 0 {
				return a
			}
			return a + t*(b-a)
		}
		t, u := c.from/c.whole, c.to/c.whole
		if p.EndWidth > 0 {
			o.EndWidth, o.EndHeight = mix(sec.Width, p.EndWidth, u), mix(sec.Height, p.EndHeight, u)
		}
		if p.EndWall > 0 {
			o.EndWall = mix(sec.Wall, p.EndWall, u)
		}
		sec.Width, sec.Height, sec.Wall = mix(sec.Width, p.EndWidth, t), mix(sec.Height, p.EndHeight, t), mix(sec.Wall, p.EndWall, t)
	}
	return &Structure{Pipe: &o}, sec
}
