package generate

import (
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// terrainCells is how many heights the generated ground has along its longer side.
const terrainCells = 160

// Base is the ground, the streets and the places of the city.
func (c *City) Base() *twin.Base {
	b := &twin.Base{Title: "示范城 · Undercity demo", Credit: []string{"synthetic city"}}
	for i := range c.xs {
		s := c.streets[i]
		b.Streets = append(b.Streets, c.streetLine(s, len(c.ys), func(j int) geometry.Point { return c.crossing(i, j).at }))
	}
	for j := range c.ys {
		s := c.streets[len(c.xs)+j]
		b.Streets = append(b.Streets, c.streetLine(s, len(c.xs), func(i int) geometry.Point { return c.crossing(i, j).at }))
	}
	box := geometry.EmptyBox()
	for _, s := range b.Streets {
		for _, p := range s.Line {
			box = box.Add(p)
		}
	}
	i, j := len(c.xs)/2, len(c.ys)/2
	for k, n := range [...][2]string{{"市民广场", "Civic Square"}, {"滨海公园", "Seaside Park"}, {"火车站", "Railway Station"}, {"第一医院", "First Hospital"}} {
		p := c.crossing(min(len(c.xs)-1, max(0, i+2*(k%2)-1)), min(len(c.ys)-1, max(0, j+2*(k/2)-1))).at
		p.E, p.N = p.E+45, p.N+40
		p.H = c.height(p.E, p.N)
		b.Places = append(b.Places, twin.Place{Name: n[0], NameEN: n[1], Class: "place", At: p})
	}
	b.Terrain = c.terrain(box.Grow(150))
	return b
}

func (c *City) streetLine(s street, n int, at func(int) geometry.Point) twin.Street {
	st := twin.Street{Name: s.name, NameEN: s.en, Class: s.class.String(), Width: s.class.width()}
	for k := range n {
		p := at(k)
		p.H = c.height(p.E, p.N)
		st.Line = append(st.Line, p)
	}
	return st
}

func (c *City) terrain(b geometry.Box) *twin.Terrain {
	size := b.Size()
	step := max(size.E, size.N) / (terrainCells - 1)
	t := &twin.Terrain{MinE: b.Min.E, MinN: b.Min.N, StepE: step, StepN: step, Cols: int(math.Ceil(size.E/step)) + 1, Rows: int(math.Ceil(size.N/step)) + 1, Source: "generated"}
	t.Heights = make([]float32, 0, t.Cols*t.Rows)
	for r := range t.Rows {
		for k := range t.Cols {
			t.Heights = append(t.Heights, float32(c.height(t.MinE+float64(k)*step, t.MinN+float64(r)*step)))
		}
	}
	return t
}
