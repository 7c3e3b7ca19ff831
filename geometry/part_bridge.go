package geometry

// Sizes of what a bridge has that its description does not give, metres; project assumptions.
const (
	parapetWidth  = 0.25
	girderWall    = 0.25
	abutmentThick = 1.2
)

func (b *builder) bridge(d *Bridge) {
	a, ok := b.along()
	if !ok {
		return
	}
	k := d.Deck
	w := k.Width / 2
	b.add("deck", 0, SweepProfile(a.path, Profile{Outer: rect(-w, -k.Thickness, w, 0)}, nil))
	if k.GirderWidth > 0 && k.GirderDepth > 0 {
		b.add("girder", 0, SweepProfile(a.path, girder(k), nil))
	}
	if p := min(parapetWidth, w); k.Parapet > 0 {
		b.add("parapet", 0, SweepProfile(a.path, Profile{Outer: rect(-w, 0, -w+p, k.Parapet)}, nil))
		b.add("parapet", 1, SweepProfile(a.path, Profile{Outer: rect(w-p, 0, w, k.Parapet)}, nil))
	}
	for i, s := range d.Supports {
		if b.full() {
			return
		}
		b.support(i, s, k, a)
	}
}

// girder is a box girder under the slab, hollow where it is deep enough.
func girder(k Deck) Profile {
	g, top, low := k.GirderWidth/2, -k.Thickness, -k.Thickness-k.GirderDepth
	p := Profile{Outer: rect(-g, low, g, top)}
	if k.GirderWidth > 4*girderWall && k.GirderDepth > 3*girderWall {
		p.Bores = [][]Flat{rect(-g+girderWall, low+girderWall, g-girderWall, top-girderWall/2)}
	}
	return p
}

// support is a pier or an abutment, from the deck down to the feet of its piles. The foot and what is below it stand on the level Ground; where that is
// not below the deck, only the cap is made.
func (b *builder) support(i int, s Support, k Deck, a alignment) {
	if s.Chainage > a.length()+fitSlack {
		return
	}
	st := a.at(s.Chainage)
	under := st.at
	under.H -= k.Thickness
	if k.GirderWidth > 0 {
		under.H -= k.GirderDepth
	}
	foot := st.at
	foot.H = s.Ground
	if s.Cap.Across > 0 && s.Cap.Along > 0 && s.Cap.Height > 0 {
		b.addElements("cap", i, []Element{st.box(under, s.Cap.Across, s.Cap.Along, s.Cap.Height)})
		under.H -= s.Cap.Height
	}
	switch high := under.H - s.Ground; {
	case high < 1e-3:
	case s.Abutment:
		b.addElements("abutment", i, []Element{st.box(under, max(s.Cap.Across, k.Width), max(s.Cap.Along, abutmentThick), high)})
	default:
		b.columns(i, s, st, under.H)
	}
	if f := s.Footing; f.Across > 0 && f.Along > 0 && f.Height > 0 {
		b.addElements("footing", i, []Element{st.box(foot, f.Across, f.Along, f.Height)})
	}
	b.piles(i, s, st)
}

func (b *builder) columns(i int, s Support, st station, high float64) {
	var list []Element
	for c := range s.Columns {
		at := st.at.Add(st.right.Scale((float64(c) - float64(s.Columns-1)/2) * s.Spacing))
		list = append(list, st.post(at, s.Column, s.Ground, high))
	}
	b.addElements("columns", i, list)
}

func (b *builder) piles(i int, s Support, st station) {
	p := s.Piles
	top := s.Ground - s.Footing.Height
	if p.Across <= 0 || p.Along <= 0 || top-p.Toe < 1e-3 {
		return
	}
	var list []Element
	for r := range p.Along {
		for c := range p.Across {
			at := st.at.Add(st.right.Scale((float64(c) - float64(p.Across-1)/2) * p.Spacing)).Add(st.ahead.Scale((float64(r) - float64(p.Along-1)/2) * p.Spacing))
			list = append(list, st.post(at, Plan{Round: true, Width: p.Diameter}, p.Toe, top))
		}
	}
	b.addElements("piles", i, list)
}
