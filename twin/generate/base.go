package generate

import (
	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// Base is the ground, the streets and the places of the city.
func (c *City) Base() *twin.Base {
	p := &c.plan
	b := &twin.Base{Title: "威海示范城 · Undercity", Credit: []string{"synthetic city"}, Terrain: c.terrain}
	for i := range p.us {
		s := &p.us[i]
		b.Streets = append(b.Streets, c.streetLine(s, func(x float64) (u, v float64) { return s.at, x }, p.vs[0].at, p.vs[s.top].at))
	}
	for j := range p.vs {
		b.Streets = append(b.Streets, c.coastalLines(j)...)
	}
	b.Streets = append(b.Streets, c.streetLine(&p.diagonal, p.diagonalAt, 0, 1))
	b.Streets = append(b.Streets, c.worksStreets()...)
	for k, n := range placeNames {
		i, j := int(p.hash(drawName, uint64(k), 5)%uint64(len(p.us)-1)), int(p.hash(drawName, uint64(k), 6)%uint64(len(p.vs)-1))
		at := c.onGround((p.us[i].at+p.us[i+1].at)/2, (p.vs[j].at+p.vs[j+1].at)/2)
		if n[2] == "square" {
			at = c.square(at)
		}
		if n[2] == "shore" {
			at = c.onGround((p.us[i].at+p.us[i+1].at)/2, shore/4)
		}
		b.Places = append(b.Places, twin.Place{Name: n[0], NameEN: n[1], Class: n[2], At: at})
	}
	return b
}

var placeNames = [...][3]string{{"市民广场", "Civic Square", "square"}, {"滨海公园", "Seaside Park", "shore"}, {"火车站", "Railway Station", "station"},
	{"第一人民医院", "First People's Hospital", "hospital"}, {"体育中心", "Sports Centre", "sports"}, {"海港客运码头", "Ferry Terminal", "shore"}, {"大学城", "University", "school"}}

func (c *City) onGround(u, v float64) geometry.Point {
	p := c.plan.place(u, v)
	p.H = c.terrain.Height(p.E, p.N)
	return p
}

// coastalLines are the parts of a coastal street that exist, each as long as it goes without a gap.
func (c *City) coastalLines(j int) []twin.Street {
	p := &c.plan
	s := &p.vs[j]
	var list []twin.Street
	for i := 0; i+1 < len(p.us); i++ {
		from := i
		for p.coastal(i, j) {
			i++
		}
		if i > from {
			list = append(list, c.streetLine(s, func(x float64) (u, v float64) { return x, s.at }, p.us[from].at, p.us[i].at))
		}
	}
	return list
}

// streetLine samples a centreline finely enough to follow its bends.
func (c *City) streetLine(s *street, at func(x float64) (u, v float64), from, to float64) twin.Street {
	st := twin.Street{Name: s.name, NameEN: s.en, Class: s.class.String(), Width: 2 * (s.class.half() - 4)}
	u0, v0 := at(from)
	u1, v1 := at(to)
	n := max(2, int(hypot(u1-u0, v1-v0)/30))
	for k := range n + 1 {
		st.Line = append(st.Line, c.onGround(at(from+(to-from)*float64(k)/float64(n))))
	}
	return st
}

// worksStreets are the roadways of the works: down to the portals of the tunnel, and over to the harbour island.
func (c *City) worksStreets() (list []twin.Street) {
	p := &c.plan
	road := func(name, en string, at func(x float64) (u, v float64), from, to float64) {
		list = append(list, c.streetLine(&street{class: mainStreet, name: name, en: en}, at, from, to))
	}
	if t := &p.tunnel; t.there {
		along := func(x float64) (u, v float64) { return x, t.v }
		road(tunnelName, tunnelNameEN, along, t.from-t.approach()-40, t.from)
		road(tunnelName, tunnelNameEN, along, t.to, t.to+t.approach()+40)
	}
	if p.harbour >= 0 {
		road(harbourName, harbourNameEN, func(x float64) (u, v float64) { return p.us[p.harbour].at, x }, p.vs[0].at, islandFar+20)
	}
	return list
}

// square is the middle of the square with the monument, or a place instead.
func (c *City) square(instead geometry.Point) geometry.Point {
	for k, u := range c.plan.uses {
		if r, ok := c.plan.lot(k[0], k[1]); ok && u == monument {
			return c.onGround((r.u0+r.u1)/2, (r.v0+r.v1)/2)
		}
	}
	return instead
}
